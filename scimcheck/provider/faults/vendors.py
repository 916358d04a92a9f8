"""Deviations and variants that the documentation of service providers shows; profiles are put together from them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from scimcheck.core import urns
from scimcheck.core.filter.ast import Filter
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.messages import list_response
from scimcheck.core.schema import ResourceModel
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import change_schema, deviation, on_resource, on_response, variant, wrap

#: Endpoints whose lists no filter makes.
_DISCOVERY = ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas")
#: The role that a user without one is shown with.
_ROLE = "Lite Team User"


def _filtered(reply: Reply) -> Iterable[JSONObject]:
    """The resources of the answer to a filtered query, by GET or POST."""
    body = reply.body if isinstance(reply.body, dict) else {}
    found = body.get("Resources") if body.get("schemas") == [urns.LIST_RESPONSE] else None
    if not isinstance(found, list) or reply.context.endpoint in _DISCOVERY or not reply.context.query.filter:
        return []
    return [item for item in found if isinstance(item, dict)]


@deviation(
    "times-without-t",
    breaks=["RFC7643-2.3.5-01"],
    also=["RFC7643-3.1-21"],
    text="meta.created and meta.lastModified have a blank where the T belongs, and no zone.",
)
def times_without_t(provider: Provider) -> None:
    def blank(resource: JSONObject, stored: JSONObject) -> None:
        meta = resource.get("meta")
        for name in ("created", "lastModified"):
            if isinstance(meta, dict) and isinstance(meta.get(name), str):
                meta[name] = meta[name].replace("T", " ").replace("Z", "000")

    on_resource(provider, blank)


@deviation(
    "locations-outside-the-base",
    breaks=["RFC7643-3.1-25"],
    also=["RFC7643-2.3.7-05", "RFC7643-4.1.2-13", "RFC7643-4.2-06", "RFC7644-3.3-03", "RFC7643-4.3-05"],
    text="Locations lie below /v1 of the host, where nothing answers.",
)
def locations_outside_the_base(provider: Provider) -> None:
    def elsewhere(original: Any, ctx: Context, type_name: str, record_id: str) -> str:
        whole = urlsplit(original(ctx, type_name, record_id))
        below = whole.path.removeprefix(ctx.settings.base_path)
        return f"{whole.scheme}://{whole.netloc}/v1{below}"

    wrap(provider, "location", elsewhere)


@deviation(
    "ids-are-numbers-where-filtered",
    breaks=["RFC7643-3.1-03"],
    also=["RFC7643-2.3.1-01", "ENTRA-2.2-05"],
    text="In the answer to a filter id is a JSON number.",
    settings={"id_style": "integer"},
)
def ids_are_numbers_where_filtered(provider: Provider) -> None:
    def number(request: Request, reply: Reply) -> None:
        for resource in _filtered(reply):
            if str(resource.get("id")).isdigit():
                resource["id"] = int(resource["id"])

    on_response(provider, number, method=("GET", "POST"), status=200)


@deviation(
    "roles-are-plain-strings",
    breaks=["RFC7643-2.4-01"],
    also=["RFC7644-3.8-08", "ENTRA-2.2-05", "RFC7643-8.7.1-20"],
    text="roles is declared as complex, and shown as a list of strings, in answers to filters as a single string.",
)
def roles_are_plain_strings(provider: Provider) -> None:
    def declare(schema: JSONObject) -> None:
        for attribute in schema["attributes"]:
            if attribute["name"] == "roles":
                attribute["mutability"] = "readOnly"

    def role(resource: JSONObject) -> str:
        return str(resource.get("userType") or _ROLE)

    def matches(original: Any, ctx: Context, tree: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        known = {**resource, "roles": [{"value": role(resource)}]} if model.name == "User" else resource
        return bool(original(ctx, tree, known, model))

    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
        known = {**resource, "roles": [role(resource)]} if type_name == "User" else resource
        shown: JSONObject = original(ctx, known, type_name)
        return shown

    def single(request: Request, reply: Reply) -> None:
        for resource in _filtered(reply):
            if isinstance(resource.get("roles"), list):
                resource["roles"] = resource["roles"][0]

    change_schema(provider, urns.USER, declare)
    wrap(provider, "matches", matches)
    wrap(provider, "project", project)
    on_response(provider, single, method=("GET", "POST"), status=200)


@deviation(
    "patch-echoes-the-message",
    breaks=["RFC7644-3.5.2-22"],
    also=["RFC7644-3.5.2-23"],
    text="PATCH answers 200 with the PatchOp message that it was sent.",
)
def patch_echoes_the_message(provider: Provider) -> None:
    def echo(request: Request, reply: Reply) -> None:
        reply.body = json.loads(request.body)

    on_response(provider, echo, method="PATCH", status=200)


@deviation(
    "creation-answered-with-a-list",
    breaks=["ENTRA-2.1-01", "ENTRA-2.1-05", "RFC7644-3.3-02"],
    text="The body of a 201 is a ListResponse that holds the new resource.",
)
def creation_answered_with_a_list(provider: Provider) -> None:
    def wrapped(request: Request, reply: Reply) -> None:
        reply.body = list_response([reply.body], 1, 1, 1)

    on_response(provider, wrapped, method="POST", endpoint=("/Users", "/Groups"), status=201)


@deviation(
    "gateway-refuses-in-html",
    breaks=["ENTRA-1.4-02", "RFC7644-3.12-01"],
    text="A gateway answers 401 with a line of HTML and an error code that says 403.",
)
def gateway_refuses_in_html(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        reply.raw = b"<h1>Not Authorized</h1>"
        reply.headers.update(
            {
                "Content-Type": "text/html",
                "X-Error-Detail-Header": "Not Authorized",
                "X-Mashery-Error-Code": "ERR_403_NOT_AUTHORIZED",
            }
        )

    on_response(provider, refuse, status=401)


@variant(
    "active-mirrored",
    reading="RFC7644-3.3-11",
    text="User has a readOnly attribute enabled that shows what active is.",
)
def active_mirrored(provider: Provider) -> None:
    def declare(schema: JSONObject) -> None:
        schema["attributes"].append(
            {
                "name": "enabled",
                "type": "boolean",
                "multiValued": False,
                "description": "Whether the user is active.",
                "required": False,
                "mutability": "readOnly",
                "returned": "default",
            }
        )

    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
        mirrored = type_name == "User" and "active" in resource
        shown: JSONObject = original(
            ctx, {**resource, "enabled": resource["active"]} if mirrored else resource, type_name
        )
        return shown

    change_schema(provider, urns.USER, declare)
    wrap(provider, "project", project)


@variant(
    "page-size-always-told",
    reading="RFC7644-3.4.2.4-08",
    text="itemsPerPage is the size of a full page, whatever the page holds.",
)
def page_size_always_told(provider: Provider) -> None:
    def tell(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "itemsPerPage" in reply.body and "count=" not in request.query:
            reply.body["itemsPerPage"] = provider.settings.default_page_size

    on_response(provider, tell, method="GET", status=200)
