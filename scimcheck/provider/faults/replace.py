"""Deviations of PUT and DELETE (RFC 7644 §3.5.1, §3.6)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.http import Request
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_request, on_response, wrap
from scimcheck.provider.store import Record


@deviation(
    "put-keeps-nulled-attributes",
    breaks=["RFC7644-3.5.1-04"],
    also=["RFC7643-2.5-02"],
    text="null in a PUT body leaves the old value.",
)
def put_keeps_nulled_attributes(provider: Provider) -> None:
    def validate(original: Any, ctx: Context, current: Any, body: Any) -> Any:
        attributes = original(ctx, current, body)
        nulled = [name for name, value in body.items() if value is None and name in current]
        return {**attributes, **{name: current[name] for name in nulled}}

    wrap(provider, "validate_replace", validate)


@deviation("delete-answers-200", breaks=["RFC7644-3.6-01"], text="DELETE answers 200.")
def delete_answers_200(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "status", 200), method="DELETE", status=204)


@deviation(
    "deleted-stays-readable",
    breaks=["RFC7644-3.6-02"],
    also=["RFC7644-3.6-03"],
    text="A deleted resource can still be read.",
)
def deleted_stays_readable(provider: Provider) -> None:
    deleted: set[str] = set()

    def forget(original: Any, ctx: Context, record: Record) -> None:
        deleted.add(record.id)

    def check(original: Any, ctx: Context, attributes: Any, record_id: str | None) -> None:
        for record in [r for r in ctx.store.snapshot(ctx.typed().name) if r.id in deleted]:
            ctx.store.drop(record)
        original(ctx, attributes, record_id)

    wrap(provider, "store_delete", forget)
    wrap(provider, "check_uniqueness", check)


@deviation("put-creates", breaks=["RFC7644-3.5.1-10"], text="PUT to an unknown id creates a resource.")
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
