"""Deviations of PATCH requests with several operations that few requests show (RFC 7644 §3.5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.json import JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap


@deviation(
    "long-requests-are-stored-in-parts",
    breaks=["RFC7644-3.5.2-20"],
    text="Of a PATCH with three operations or more, the first two are stored before the others are tried.",
)
def long_requests_are_stored_in_parts(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        try:
            done: JSONObject = original(ctx, current, operations)
        except ScimError:
            record = ctx.ops.find_record(ctx, ctx.target or "")
            if len(operations) > 2 and record is not None:
                first = original(ctx, current, operations[:2])
                ctx.ops.store_replace(ctx, record, ctx.ops.validate_patched(ctx, first))
            raise
        return done

    wrap(provider, "apply_patch", apply)


@deviation(
    "removals-come-last",
    breaks=["RFC7644-3.5.2-18"],
    text="Of a PATCH with three operations or more, removals are carried out after all others.",
)
def removals_come_last(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        if len(operations) > 2:
            operations = sorted(operations, key=lambda operation: operation.op == "remove")
        done: JSONObject = original(ctx, current, operations)
        return done

    wrap(provider, "apply_patch", apply)
