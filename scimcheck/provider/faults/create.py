"""Deviations of creating resources (RFC 7644 §3.3)."""

from __future__ import annotations

import json
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import InvalidSyntax, InvalidValue, ScimError, Uniqueness
from scimcheck.core.http import Request
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.editing import bodies_of, edit_created, edit_request
from scimcheck.provider.faults.registry import deviation, on_resource, on_response, wrap
from scimcheck.provider.store import Record

RESOURCES = ("/Users", "/Groups")


@deviation(
    "create-answers-200",
    breaks=["RFC7644-3.3-01"],
    also=["ENTRA-2.1-01", "ENTRA-2.1-05", "ENTRA-3.1-02"],
    text="POST answers 200 instead of 201.",
)
def create_answers_200(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "status", 200), method="POST", status=201)


@deviation(
    "create-without-location",
    breaks=["RFC7644-3.3-03"],
    also=["RFC9110-9.3.3-01"],
    text="201 comes without Location.",
)
def create_without_location(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.headers.pop("Location", None), status=201)


@deviation(
    "duplicate-answers-400",
    breaks=["RFC7644-3.3-09"],
    also=["ENTRA-2.2-12", "ENTRA-2.2-13", "ENTRA-2.2-14", "RFC7644-3.12-12"],
    text="A duplicate is refused with 400, not with 409.",
)
def duplicate_answers_400(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        try:
            original(ctx, attributes, record_id)
        except Uniqueness as error:
            raise Uniqueness(error.detail, status=400) from None

    wrap(provider, "check_uniqueness", check)


@deviation(
    "duplicate-user-names",
    breaks=["RFC7643-4.1.1-03"],
    also=[
        "ENTRA-2.1-18",
        "ENTRA-2.2-13",
        "ENTRA-2.2-14",
        "RFC7643-4.1.1-04",
        "RFC7644-3.3-09",
        "RFC7644-3.5.1-11",
        "RFC7644-3.5.2-25",
        "RFC7644-3.12-12",
        "RFC7644-3.12-19",
    ],
    text="Two users may share a userName.",
)
def duplicate_user_names(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        if ctx.endpoint != "/Users":
            original(ctx, attributes, record_id)

    wrap(provider, "check_uniqueness", check)


@deviation("refused-creation-is-kept", breaks=["RFC7644-3.3-10"], text="A resource refused for want of type is stored.")
def refused_creation_is_kept(provider: Provider) -> None:
    def validate(original: Any, ctx: Context, body: JSON) -> JSONObject:
        try:
            attributes: JSONObject = original(ctx, body)
        except Exception:
            if isinstance(body, dict) and isinstance(body.get("userName"), str) and body["userName"]:
                ctx.ops.store_create(ctx, {"schemas": [ctx.typed().model.core.id], "userName": body["userName"]})
            raise
        return attributes

    wrap(provider, "validate_create", validate)


@deviation("client-chooses-id", breaks=["RFC7643-3.1-07"], text="An id in a POST body becomes the resource's id.")
def client_chooses_id(provider: Provider) -> None:
    def validate(original: Any, ctx: Context, body: JSON) -> JSONObject:
        if isinstance(body, dict) and isinstance(body.get("id"), str) and body["id"]:
            ctx.notes["id"] = body["id"]
        attributes: JSONObject = original(ctx, body)
        return attributes

    wrap(provider, "validate_create", validate)
    wrap(provider, "new_id", lambda original, ctx: ctx.notes.pop("id", None) or original(ctx))


@deviation("external-id-invented", breaks=["RFC7643-3.1-12"], text="A resource without externalId is given one.")
def external_id_invented(provider: Provider) -> None:
    def store(original: Any, ctx: Context, attributes: JSONObject) -> Record:
        record: Record = original(ctx, {**attributes, "externalId": attributes.get("externalId", "generated-1")})
        return record

    wrap(provider, "store_create", store)


@deviation(
    "creation-without-body",
    breaks=["RFC7644-3.3-02"],
    also=["ENTRA-2.1-01", "ENTRA-2.1-05", "RFC7644-3.14-03", "RFC7644-3.9-05"],
    text="201 comes without the new resource.",
)
def creation_without_body(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "body", None), method="POST", status=201)


@deviation(
    "location-differs-from-meta",
    breaks=["RFC7644-3.3-04"],
    also=["RFC7644-3.1-04"],
    text="meta.location in the answer to POST is not the URI of the Location header.",
)
def location_differs_from_meta(provider: Provider) -> None:
    def other(body: JSONObject) -> None:
        meta = body.get("meta", {})
        if "location" in meta:
            body["meta"] = {**meta, "location": meta["location"] + "/new"}

    on_response(provider, bodies_of(other), method="POST", status=201, endpoint=RESOURCES)


@deviation(
    "location-leads-nowhere", breaks=["RFC7644-3.3-03"], also=["RFC7644-3.3-04"], text="Location is a dead link."
)
def location_leads_nowhere(provider: Provider) -> None:
    def other(request: Request, reply: Reply) -> None:
        if "Location" in reply.headers:
            reply.headers["Location"] = (
                reply.headers["Location"].replace("sers/", "sers/new-").replace("ps/", "ps/new-")
            )

    on_response(provider, other, method="POST", status=201, endpoint=RESOURCES)


@deviation("groups-in-post-refused", breaks=["RFC7644-3.3-05"], text="POST with the read-only groups is refused.")
def groups_in_post_refused(provider: Provider) -> None:
    def validate(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if "groups" in body:
            raise InvalidValue("groups is read-only")

    edit_created(provider, validate)


@deviation("null-for-default-refused", breaks=["RFC7644-3.3-08"], text="POST with active null is refused.")
def null_for_default_refused(provider: Provider) -> None:
    def validate(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if body.get("active", True) is None:
            raise InvalidValue("active may not be null")

    edit_created(provider, validate)


@deviation(
    "groups-become-users",
    breaks=["RFC7644-3.3-12"],
    also=[
        "RFC7644-3.4.2.1-02",
        "RFC7644-3.5.2-23",
        "RFC7643-3.1-32",
        "RFC7643-7-33",
        "RFC7644-3.4.2.5-04",
        "RFC7644-3.9-03",
        "RFC7644-3.9-05",
        "RFC7644-3.9-06",
        "RFC7644-3.3.1-01",
        "RFC7643-3-05",
        "RFC7643-3-10",
        "RFC7643-3.3-01",
        "RFC7643-4.2-01",
        "RFC7643-6-06",
        "RFC7643-3-07",
        "RFC7644-3.1-05",
    ],
    text="What is posted to /Groups is a User.",
)
def groups_become_users(provider: Provider) -> None:
    def turn(resource: JSONObject, stored: JSONObject) -> None:
        resource["schemas"] = [urns.USER]
        resource["meta"] = {**resource.get("meta", {}), "resourceType": "User"}

    on_resource(provider, turn, resource_type="Group")


@deviation(
    "type-taken-from-the-body",
    breaks=["RFC7644-3.3.1-01"],
    also=["RFC7643-3-10"],
    text="POST answers with the meta.resourceType that the client sent.",
)
def type_taken_from_the_body(provider: Provider) -> None:
    def echo(request: Request, reply: Reply) -> None:
        sent = json.loads(request.body).get("meta") if request.body else None
        if isinstance(sent, dict) and "resourceType" in sent and isinstance(reply.body, dict) and "meta" in reply.body:
            reply.body["meta"] = {**reply.body["meta"], "resourceType": sent["resourceType"]}

    on_response(provider, echo, method="POST", status=201, endpoint=RESOURCES)


@deviation(
    "creation-is-not-kept",
    breaks=["RFC7644-3.3-13"],
    also=[
        "ENTRA-2.1-11",
        "ENTRA-2.1-12",
        "ENTRA-2.1-18",
        "ENTRA-2.1-19",
        "ENTRA-2.1-20",
        "ENTRA-2.2-12",
        "ENTRA-2.2-13",
        "ENTRA-2.2-14",
        "ENTRA-4.3-01",
        "RFC7644-3.12-12",
        "RFC7644-3.12-19",
        "RFC7644-3.14-02",
        "RFC7644-3.4.2.1-01",
        "RFC7644-3.4.1-01",
    ],
    text="POST answers 201 and stores nothing.",
)
def creation_is_not_kept(provider: Provider) -> None:
    def forget(request: Request, reply: Reply) -> None:
        store = reply.context.store
        for record in store.snapshot(reply.context.typed().name):
            store.drop(record)

    on_response(provider, forget, method="POST", status=201, endpoint=RESOURCES)


@deviation("unknown-attributes-stored", breaks=["RFC7644-3.3-14"], text="Attributes that nobody defined are stored.")
def unknown_attributes_stored(provider: Provider) -> None:
    def keep(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        model = ctx.typed().model
        for name, value in body.items():
            if model.find(None, name) is None and ":" not in name:
                attributes[name] = value

    edit_created(provider, keep)


@deviation("creation-answers-the-request", breaks=["RFC7644-3.1-04"], text="POST answers with displayName in capitals.")
def creation_answers_the_request(provider: Provider) -> None:
    def shout(body: JSONObject) -> None:
        if isinstance(body.get("displayName"), str):
            body["displayName"] = body["displayName"].upper()

    on_response(provider, bodies_of(shout), method="POST", status=201, endpoint=RESOURCES)


@deviation("any-text-is-true", breaks=["RFC7644-3.12-27"], text="Any text for a boolean counts as true.")
def any_text_is_true(provider: Provider) -> None:
    def convert(body: JSONObject) -> None:
        if isinstance(body.get("active"), str):
            body["active"] = True

    edit_request(provider, "POST", convert, "/Users")


@deviation(
    "numbers-stored-for-texts",
    breaks=["RFC7644-3.12-27"],
    also=["RFC7643-2.3.1-01"],
    text="A number for a text is accepted and stored as a number.",
)
def numbers_stored_for_texts(provider: Provider) -> None:
    held: dict[str, Any] = {}

    def store(original: Any, ctx: Context, body: JSON) -> JSONObject:
        if isinstance(body, dict):
            held.clear()
            held.update({name: value for name, value in body.items() if type(value) is int})
            body = {name: "0" if name in held else value for name, value in body.items()}
        attributes: JSONObject = original(ctx, body)
        attributes.update({name: value for name, value in held.items() if name in attributes})
        return attributes

    wrap(provider, "validate_create", store)


@deviation(
    "broken-bodies-crash",
    breaks=["RFC7644-3.12-08", "RFC7644-3.12-21"],
    also=["RFC7644-3.12-15"],
    text="A body that is no JSON object is answered with 500.",
)
def broken_bodies_crash(provider: Provider) -> None:
    def read(original: Any, ctx: Context) -> JSON:
        try:
            body: JSON = original(ctx)
        except InvalidSyntax as error:
            raise ScimError(error.detail, status=500) from None
        if not isinstance(body, dict):
            raise ScimError("unexpected", status=500)
        return body

    wrap(provider, "read_body", read)


@deviation("schemas-have-to-come-first", breaks=["RFC7643-2.3.8-01"], text="POST demands schemas as the first member.")
def schemas_have_to_come_first(provider: Provider) -> None:
    def demand(original: Any, ctx: Context, body: JSON) -> JSONObject:
        if isinstance(body, dict) and "schemas" in body and next(iter(body)) != "schemas":
            raise InvalidSyntax("schemas has to come first")
        attributes: JSONObject = original(ctx, body)
        return attributes

    wrap(provider, "validate_create", demand)


@deviation("core-schema-has-to-come-first", breaks=["RFC7643-3-06"], text="An extension named first is not stored.")
def core_schema_has_to_come_first(provider: Provider) -> None:
    def drop(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        listed, core = body.get("schemas") or [core_of(ctx)], core_of(ctx)
        if listed[0] != core:
            for urn in [name for name in attributes if name.startswith("urn:")]:
                del attributes[urn]

    edit_created(provider, drop)


@deviation("names-are-case-exact", breaks=["RFC7643-2.1-01"], text="USERNAME in a body is not userName.")
def names_are_case_exact(provider: Provider) -> None:
    edit_request(provider, "POST", lambda body: {n: v for n, v in body.items() if not (n.isupper() and n.isalpha())})


def core_of(ctx: Context) -> str:
    """The URN of the type's own schema."""
    return ctx.typed().model.core.id
