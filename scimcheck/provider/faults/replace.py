"""Deviations of PUT (RFC 7644 §3.5.1)."""

from __future__ import annotations

import dataclasses
from typing import Any

from scimcheck.core.errors import MutabilityError, ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.values import parse_datetime
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.editing import bodies_of, edit_replaced
from scimcheck.provider.faults.registry import deviation, on_request, on_response, wrap
from scimcheck.provider.store import Record
from scimcheck.provider.store.records import pack, to_milliseconds


@deviation(
    "put-keeps-nulled-attributes",
    breaks=["RFC7644-3.5.1-04", "RFC7643-2.5-02"],
    text="null in a PUT body leaves the old value.",
)
def put_keeps_nulled_attributes(provider: Provider) -> None:
    def validate(original: Any, ctx: Context, current: Any, body: Any) -> Any:
        attributes = original(ctx, current, body)
        nulled = [name for name, value in body.items() if value is None and name in current]
        return {**attributes, **{name: current[name] for name in nulled}}

    wrap(provider, "validate_replace", validate)


@deviation(
    "put-creates",
    breaks=["RFC7644-3.5.1-10"],
    also=["RFC7644-3.12-11", "RFC7644-3.6-02"],
    text="PUT to an unknown id creates a resource.",
)
def put_creates(provider: Provider) -> None:
    def create_instead(request: Request) -> Request | None:
        probe = Request("GET", request.path, "", request.headers)
        if request.method != "PUT" or provider.handle(probe).status != 404:
            return None
        collection = request.path.rstrip("/").rpartition("/")[0]
        return Request("POST", collection, request.query, request.headers, request.body)

    on_request(provider, create_instead)


@deviation(
    "put-answers-the-request",
    breaks=["RFC7644-3.5.1-12"],
    also=["RFC7644-3.1-04"],
    text="The reply to PUT shows displayName as upper case, which is not what is stored.",
)
def put_answers_the_request(provider: Provider) -> None:
    def shout(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and isinstance(reply.body.get("displayName"), str):
            reply.body["displayName"] = reply.body["displayName"].upper()

    on_response(provider, shout, method="PUT", status=200)


@deviation("put-not-offered", breaks=["RFC7644-3.5-01"], text="PUT answers 501.")
def put_not_offered(provider: Provider) -> None:
    def refuse(original: Any, ctx: Context, current: JSONObject, body: Any) -> JSONObject:
        raise ScimError("PUT is not supported", status=501)

    wrap(provider, "validate_replace", refuse)


@deviation(
    "put-answers-204",
    breaks=["RFC7644-3.5.1-01"],
    also=["RFC7644-3.7.3-02"],
    text="PUT answers 204 without the resource.",
    settings={"replace_answers": "no-content"},
)
def put_answers_204(provider: Provider) -> None:
    """The setting is all there is to it."""


@deviation(
    "put-answers-a-part",
    breaks=["RFC7644-3.5.1-01"],
    also=["RFC7644-3.9-01", "RFC7644-3.5.1-12"],
    text="The body of the reply to PUT lacks displayName and active.",
)
def put_answers_a_part(provider: Provider) -> None:
    def cut(body: JSONObject) -> None:
        for name in ("displayName", "active"):
            body.pop(name, None)

    on_response(provider, bodies_of(cut), method="PUT", status=200)


@deviation(
    "put-answers-202",
    breaks=["RFC9110-9.3.4-01", "RFC7644-3.5.1-01"],
    also=["RFC7644-3.5.1-12"],
    text="PUT answers 202.",
)
def put_answers_202(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "status", 202), method="PUT", status=200)


@deviation("unknown-headers-refused", breaks=["RFC9110-9.3.4-03"], text="PUT with an unknown header is refused.")
def unknown_headers_refused(provider: Provider) -> None:
    def check(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if any(name.startswith("x-") for name in ctx.request.headers):
            raise ScimError("unknown header")

    edit_replaced(provider, check)


@deviation(
    "put-merges-lists",
    breaks=["RFC7644-3.5.1-02"],
    also=["RFC7643-2.4-04", "RFC7643-2.4-03"],
    text="PUT adds to the e-mail addresses instead of replacing them.",
)
def put_merges_lists(provider: Provider) -> None:
    def merge(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if attributes.get("emails") and current.get("emails"):
            known = [item for item in current["emails"] if item not in attributes["emails"]]
            attributes["emails"] = [*known, *attributes["emails"]]

    edit_replaced(provider, merge)


@deviation(
    "put-ignores-an-attribute",
    breaks=["RFC7644-3.5.1-02", "RFC7643-7-26"],
    text="PUT accepts another title and keeps the old one.",
)
def put_ignores_an_attribute(provider: Provider) -> None:
    def keep(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if "title" in attributes and "title" in current:
            attributes["title"] = current["title"]

    edit_replaced(provider, keep)


@deviation(
    "put-keeps-what-is-left-out",
    breaks=["RFC7644-3.5.1-03"],
    also=["RFC7644-3.5.1-09"],
    text="Attributes that PUT leaves out stay.",
    settings={"left_out_of_put": "keep"},
)
def put_keeps_what_is_left_out(provider: Provider) -> None:
    """The setting is all there is to it."""


@deviation(
    "put-stores-meta",
    breaks=["RFC7644-3.5.1-08", "RFC7643-7-25"],
    also=["RFC7643-3.1-22"],
    text="PUT takes over meta.created from the request.",
)
def put_stores_meta(provider: Provider) -> None:
    def store(original: Any, ctx: Context, record: Record, attributes: JSONObject, **options: Any) -> Record:
        created = ctx.notes.pop("created", None)
        replaced: Record = original(ctx, record, attributes, **options)
        if created is not None:
            replaced = dataclasses.replace(replaced, created=created)
            ctx.store.touch(replaced)
        return replaced

    def note(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        meta = body.get("meta")
        instant = parse_datetime(str(meta.get("created"))) if isinstance(meta, dict) else None
        if instant is not None:
            ctx.notes["created"] = to_milliseconds(instant)

    edit_replaced(provider, note)
    wrap(provider, "store_replace", store)


@deviation(
    "put-refuses-read-only-attributes",
    breaks=["RFC7644-3.5.1-08", "RFC7644-3.1-05"],
    text="PUT with meta in the body is refused.",
)
def put_refuses_read_only_attributes(provider: Provider) -> None:
    def refuse(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if "meta" in body:
            raise MutabilityError("meta is read-only")

    edit_replaced(provider, refuse)


@deviation(
    "put-back-loses-values",
    breaks=["RFC7644-3.1-05"],
    text="A PUT with the groups that GET showed clears the nickName.",
)
def put_back_loses_values(provider: Provider) -> None:
    def lose(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if body.get("meta") == current.get("meta"):
            attributes.pop("nickName", None)

    edit_replaced(provider, lose)


@deviation(
    "put-without-name-accepted",
    breaks=["RFC7644-3.5.1-09"],
    also=["RFC7643-4.1.1-02", "RFC7643-7-17", "RFC7643-4.1.1-01"],
    text="PUT without userName is accepted, and the user has an empty name.",
)
def put_without_name_accepted(provider: Provider) -> None:
    def validate(original: Any, ctx: Context, current: JSONObject, body: Any) -> JSONObject:
        nameless = ctx.endpoint == "/Users" and isinstance(body, dict) and not body.keys() & {"userName", "USERNAME"}
        attributes: JSONObject = original(ctx, current, {**body, "userName": "nobody"} if nameless else body)
        if nameless:
            attributes["userName"] = ""
        return attributes

    wrap(provider, "validate_replace", validate)


@deviation(
    "put-takes-names-of-others",
    breaks=["RFC7644-3.5.1-11"],
    also=["RFC7644-3.12-12", "RFC7644-3.12-19", "RFC7644-3.14-06", "RFC7643-4.1.1-03"],
    text="PUT may give a user the userName of another.",
)
def put_takes_names_of_others(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        if ctx.method != "PUT":
            original(ctx, attributes, record_id)

    wrap(provider, "check_uniqueness", check)


@deviation(
    "refused-put-leaves-traces",
    breaks=["RFC7644-3.5.1-13"],
    text="A PUT that is refused for a wrong type has changed the displayName before.",
)
def refused_put_leaves_traces(provider: Provider) -> None:
    def validate(original: Any, ctx: Context, current: JSONObject, body: Any) -> JSONObject:
        try:
            attributes: JSONObject = original(ctx, current, body)
        except ScimError:
            record = ctx.ops.find_record(ctx, ctx.target or "")
            name = body.get("displayName") if isinstance(body, dict) else None
            if record is not None and isinstance(name, str) and name and ctx.endpoint == "/Users":
                changed = {**record.attributes(), "displayName": name}
                ctx.store.put(dataclasses.replace(record, data=pack(changed)))
            raise
        return attributes

    wrap(provider, "validate_replace", validate)
