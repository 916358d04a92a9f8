"""Deviations of creating resources (RFC 7644 §3.3)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.errors import Uniqueness
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, on_response, wrap
from scimcheck.provider.store import Record


@deviation("create-answers-200", breaks=["RFC7644-3.3-01"], text="POST answers 200 instead of 201.")
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


@deviation("duplicate-answers-400", breaks=["RFC7644-3.3-09"], text="A duplicate is refused with 400, not with 409.")
def duplicate_answers_400(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        try:
            original(ctx, attributes, record_id)
        except Uniqueness as error:
            raise Uniqueness(error.detail, status=400) from None

    wrap(provider, "check_uniqueness", check)


@deviation(
    "duplicate-user-names", breaks=["RFC7643-4.1.1-03"], also=["RFC7644-3.3-09"], text="Two users may share a userName."
)
def duplicate_user_names(provider: Provider) -> None:
    wrap(provider, "check_uniqueness", lambda original, ctx, attributes, record_id: None)


@deviation("refused-creation-is-kept", breaks=["RFC7644-3.3-10"], text="A resource refused for want of type is stored.")
def refused_creation_is_kept(provider: Provider) -> None:
    def validate(original: Any, ctx: Context, body: JSON) -> JSONObject:
        try:
            attributes: JSONObject = original(ctx, body)
        except Exception:
            if isinstance(body, dict) and isinstance(body.get("userName"), str):
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
