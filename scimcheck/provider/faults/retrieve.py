"""Deviations of retrieving single resources (RFC 7644 §3.4.1) and of what every resource holds (RFC 7643 §3.1)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_resource, on_response, wrap
from scimcheck.provider.store import Record


@deviation("meta-without-created", breaks=["RFC7643-3.1-21"], also=["RFC7643-3.1-02"], text="meta has no created.")
def meta_without_created(provider: Provider) -> None:
    on_resource(provider, lambda resource, stored: resource.get("meta", {}).pop("created", None))


@deviation(
    "resource-type-in-lower-case",
    breaks=["RFC7643-3.1-20"],
    also=["RFC7644-3.4.2.1-02", "RFC7644-3.4.2.2-48", "RFC7644-3.3.1-01", "RFC7643-6-06"],
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


@deviation(
    "unknown-id-answers-400",
    breaks=["RFC7644-3.4.1-02"],
    also=[
        "ENTRA-2.1-03",
        "ENTRA-2.1-13",
        "ENTRA-2.1-15",
        "RFC7644-3.7-20",
        "RFC7644-6.1-01",
        "RFC7644-3.6-02",
        "RFC7644-3.12-11",
    ],
    text="GET of an unknown id is answered with 400.",
)
def unknown_id_answers_400(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        reply.status, reply.body = 400, ScimError("no such resource").body()

    on_response(provider, refuse, method="GET", endpoint=("/Users", "/Groups"), status=404)


@deviation(
    "groups-cannot-be-read",
    breaks=["RFC7644-3.4.1-01"],
    also=["ENTRA-2.1-06", "ENTRA-3.2-36", "ENTRA-3.2-37", "ENTRA-3.5-14", "ENTRA-3.5-15", "RFC7644-3.14-02"],
    text="GET of a group by its id answers 404.",
)
def groups_cannot_be_read(provider: Provider) -> None:
    def miss(original: Any, ctx: Context, record_id: str) -> Record | None:
        record: Record | None = original(ctx, record_id)
        return None if ctx.method == "GET" and ctx.endpoint == "/Groups" else record

    wrap(provider, "find_record", miss)


@deviation(
    "groups-cannot-be-listed",
    breaks=["RFC7644-3.2-03"],
    also=["ENTRA-1.2-05", "ENTRA-2.1-20", "ENTRA-3.2-48", "ENTRA-3.2-49", "ENTRA-4.3-05", "RFC7644-3.4.2-10"],
    text="GET of /Groups answers 501.",
)
def groups_cannot_be_listed(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        if request.path.rstrip("/").endswith("/Groups"):
            reply.status, reply.body = 501, ScimError("not implemented", status=501).body()

    on_response(provider, refuse, method="GET", endpoint="/Groups", status=200)


@deviation(
    "ids-work-below-any-endpoint",
    breaks=["RFC7644-3.4.1-02"],
    also=["RFC7643-3-10"],
    text="GET finds a resource below the endpoint of another type.",
)
def ids_work_below_any_endpoint(provider: Provider) -> None:
    def find(original: Any, ctx: Context, record_id: str) -> Record | None:
        record: Record | None = original(ctx, record_id)
        return ctx.store.find(record_id) if record is None and ctx.method == "GET" else record

    wrap(provider, "find_record", find)


@deviation(
    "odd-ids-crash",
    breaks=["RFC7644-3.4.1-02"],
    also=["RFC7644-3.12-15"],
    text="An id with an apostrophe in it is answered with 500.",
)
def odd_ids_crash(provider: Provider) -> None:
    def find(original: Any, ctx: Context, record_id: str) -> Record | None:
        if "'" in record_id:
            raise ScimError("the query failed", status=500)
        record: Record | None = original(ctx, record_id)
        return record

    wrap(provider, "find_record", find)


@deviation(
    "unknown-names-lead-to-someone",
    breaks=["RFC7644-3.4.1-03"],
    text="GET with a userName in the path answers with another user.",
)
def unknown_names_lead_to_someone(provider: Provider) -> None:
    def find(original: Any, ctx: Context, record_id: str) -> Record | None:
        record: Record | None = original(ctx, record_id)
        listed = ctx.store.snapshot("User")
        return listed[0] if record is None and "@" in record_id and ctx.method == "GET" and listed else record

    wrap(provider, "find_record", find)


@deviation(
    "default-attribute-hidden",
    breaks=["RFC7644-3.4-01", "RFC7643-2.2-05"],
    also=[
        "ENTRA-2.2-04",
        "ENTRA-2.2-05",
        "ENTRA-3.2-16",
        "ENTRA-3.3-01",
        "RFC7644-3.5.2-18",
        "RFC7644-3.5.2-22",
        "RFC7644-3.5.2.1-02",
        "RFC7644-3.5.2.3-02",
        "RFC7644-3.1-04",
        "RFC7644-3.5.1-12",
        "RFC7644-3.5.1-02",
        "RFC7643-7-26",
        "RFC7643-7-33",
    ],
    text="A plain GET leaves out title; it is shown on request.",
)
def default_attribute_hidden(provider: Provider) -> None:
    def hide(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "attributes=" not in request.query:
            reply.body.pop("title", None)

    on_response(provider, hide, method="GET", endpoint="/Users", status=200)
