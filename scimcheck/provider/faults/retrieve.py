"""Deviations of retrieving single resources (RFC 7644 §3.4.1) and of what every resource holds (RFC 7643 §3.1)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_resource, on_response, wrap


@deviation("meta-without-created", breaks=["RFC7643-3.1-21"], also=["RFC7643-3.1-02"], text="meta has no created.")
def meta_without_created(provider: Provider) -> None:
    on_resource(provider, lambda resource, stored: resource.get("meta", {}).pop("created", None))


@deviation(
    "resource-type-in-lower-case",
    breaks=["RFC7643-3.1-20"],
    also=["RFC7644-3.3.1-01", "RFC7643-6-06"],
    text="meta.resourceType is the type's name in lower case.",
)
def resource_type_in_lower_case(provider: Provider) -> None:
    def lower(resource: JSONObject, stored: JSONObject) -> None:
        meta = resource.get("meta", {})
        if "resourceType" in meta:
            resource["meta"] = {**meta, "resourceType": meta["resourceType"].lower()}

    on_resource(provider, lower)


@deviation("without-schemas", breaks=["RFC7643-3-01"], text="Resources have no schemas.")
def without_schemas(provider: Provider) -> None:
    on_resource(provider, lambda resource, stored: resource.pop("schemas", None))


@deviation(
    "password-returned",
    breaks=["RFC7643-4.1.1-16"],
    also=["RFC7643-7-32", "RFC7643-7-29"],
    text="A created user is answered with the password that was sent.",
)
def password_returned(provider: Provider) -> None:
    def echo(original: Any, ctx: Context, body: Any) -> JSONObject:
        attributes: JSONObject = original(ctx, body)
        ctx.notes["password"] = attributes.get("password")
        return attributes

    def reply_with(request: Request, reply: Reply) -> None:
        password = reply.context.notes.get("password")
        if password is not None and isinstance(reply.body, dict):
            reply.body["password"] = password

    wrap(provider, "validate_create", echo)
    on_response(provider, reply_with, method="POST", status=201)


@deviation("unknown-id-answers-400", breaks=["RFC7644-3.4.1-02"], text="GET of an unknown id is answered with 400.")
def unknown_id_answers_400(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        reply.status, reply.body = 400, ScimError("no such resource").body()

    on_response(provider, refuse, method="GET", endpoint=("/Users", "/Groups"), status=404)
