"""Deviations of reading bodies that show at few places of a body (RFC 7644 §3.12)."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, on_request, wrap


@deviation(
    "unclosed-bodies-are-completed",
    breaks=["RFC7644-3.12-21"],
    text="Brackets that are missing at the end of a PUT body are added.",
)
def unclosed_bodies_are_completed(provider: Provider) -> None:
    def complete(request: Request) -> Request | None:
        if request.method != "PUT" or not request.body.endswith((b'"', b"}", b"]")):
            return None
        for end in (b"}", b"]}", b"}]}"):
            try:
                json.loads(request.body + end)
            except (ValueError, RecursionError):
                continue
            return dataclasses.replace(request, body=request.body + end)
        return None

    on_request(provider, complete)


@deviation(
    "members-without-value-crash",
    breaks=["RFC7644-3.12-21"],
    also=["RFC7644-3.12-15"],
    text="A body that ends behind a colon is answered with 500.",
)
def members_without_value_crash(provider: Provider) -> None:
    def read(original: Any, ctx: Context) -> JSON:
        if ctx.request.body.rstrip().endswith(b":"):
            raise ScimError("unexpected end", status=500)
        body: JSON = original(ctx)
        return body

    wrap(provider, "read_body", read)


@deviation(
    "repeated-members-crash",
    breaks=["RFC7644-3.12-15"],
    text="A body with a member that stands in it twice is answered with 500.",
)
def repeated_members_crash(provider: Provider) -> None:
    def once(members: list[tuple[str, Any]]) -> JSONObject:
        if len({name for name, _ in members}) < len(members):
            raise ScimError("duplicate key", status=500)
        return dict(members)

    def read(original: Any, ctx: Context) -> JSON:
        body: JSON = original(ctx)
        json.loads(ctx.request.body, object_pairs_hook=once)
        return body

    wrap(provider, "read_body", read)


@deviation(
    "refused-replacements-are-half-done",
    breaks=["RFC7644-3.5.1-13"],
    text="When a PUT is refused for the form of schemas, the rest of it is stored all the same.",
)
def refused_replacements_are_half_done(provider: Provider) -> None:
    def validate(original: Any, ctx: Context, current: JSONObject, body: JSON) -> JSONObject:
        try:
            attributes: JSONObject = original(ctx, current, body)
        except ScimError:
            record = ctx.ops.find_record(ctx, ctx.target or "")
            if isinstance(body, dict) and not isinstance(body.get("schemas", []), list) and record is not None:
                good = {**body, "schemas": current["schemas"]}
                ctx.ops.store_replace(ctx, record, original(ctx, current, good))
            raise
        return attributes

    wrap(provider, "validate_replace", validate)
