"""Deviations of pages at their edges: behind the last result, without a count (RFC 7644 §3.4.2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap
from scimcheck.provider.store import Record


@deviation(
    "total-is-nothing-beyond-the-end",
    breaks=["RFC7644-3.4.2.4-10"],
    text="A page that begins behind the last result says that there are none.",
)
def total_is_nothing_beyond_the_end(provider: Provider) -> None:
    def body(original: Any, ctx: Context, records: Sequence[Record]) -> JSONObject:
        listed: JSONObject = original(ctx, records)
        if (ctx.query.start_index or 1) > max(len(records), 1):
            listed["totalResults"] = 0
        return listed

    wrap(provider, "list_body", body)


@deviation(
    "start-index-needs-count",
    breaks=["RFC7644-3.4.2.4-01"],
    text="startIndex has no effect without count.",
)
def start_index_needs_count(provider: Provider) -> None:
    def page(
        original: Any, ctx: Context, records: Sequence[Record], start: int | None, count: int | None
    ) -> tuple[list[Record], int]:
        cut: tuple[list[Record], int] = original(ctx, records, None if count is None else start, count)
        return cut

    wrap(provider, "page", page)
