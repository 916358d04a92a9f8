"""Deviations of PATCH (RFC 7644 §3.5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scimcheck.core.errors import NoTarget, ScimError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap


@deviation("patch-not-atomic", breaks=["RFC7644-3.5.2-20"], text="Operations before the failing one take effect.")
def patch_not_atomic(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done = current
        for operation in operations:
            try:
                done = original(ctx, done, [operation])
            except ScimError:
                attributes = ctx.ops.validate_patched(ctx, done)
                ctx.ops.store_replace(ctx, ctx.ops.find_record(ctx, ctx.target or ""), attributes)
                raise
        return done

    wrap(provider, "apply_patch", apply)


@deviation(
    "remove-without-path-accepted",
    breaks=["RFC7644-3.5.2.2-01"],
    also=["RFC7644-3.5.2-06", "RFC7644-3.5.2-03"],
    text="A remove without path succeeds and does nothing.",
)
def remove_without_path_accepted(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, body: JSON) -> tuple[Operation, ...]:
        if isinstance(body, dict) and isinstance(body.get("Operations"), list):
            kept = [item for item in body["Operations"] if not _bare_remove(item)]
            if not kept:
                return ()
            body = {**body, "Operations": kept}
        parsed: tuple[Operation, ...] = original(ctx, body)
        return parsed

    wrap(provider, "parse_patch", parse)


def _bare_remove(item: Any) -> bool:
    return isinstance(item, dict) and str(item.get("op")).lower() == "remove" and item.get("path") is None


@deviation(
    "replace-without-match-succeeds",
    breaks=["RFC7644-3.5.2.3-09"],
    also=["RFC7644-3.12-23"],
    text="A replace whose value filter matches nothing succeeds and changes nothing.",
)
def replace_without_match_succeeds(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done = current
        for operation in operations:
            try:
                done = original(ctx, done, [operation])
            except NoTarget:
                if operation.op != "replace":
                    raise
        return done

    wrap(provider, "apply_patch", apply)
