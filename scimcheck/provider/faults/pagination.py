"""Deviations of sorting and paging (RFC 7644 §3.4.2.3, §3.4.2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap
from scimcheck.provider.store import Record


@deviation(
    "pages-count-from-zero",
    breaks=["RFC7644-3.4.2.4-01"],
    also=["RFC7644-3.4.2.4-09", "RFC7644-3.4.2.4-11"],
    text="startIndex counts from 0.",
)
def pages_count_from_zero(provider: Provider) -> None:
    def page(
        original: Any, ctx: Context, records: Sequence[Record], start: int | None, count: int | None
    ) -> tuple[list[Record], int]:
        shown, _ = original(ctx, records, None if start is None else start + 1, count)
        return shown, start or 0

    wrap(provider, "page", page)


@deviation(
    "total-is-page-size",
    breaks=["RFC7644-3.4.2-03"],
    also=["RFC7644-3.4.2.4-10", "RFC7644-3.4.2.4-06"],
    text="totalResults counts the resources of the page.",
)
def total_is_page_size(provider: Provider) -> None:
    def body(original: Any, ctx: Context, records: Sequence[Record]) -> JSONObject:
        listed: JSONObject = original(ctx, records)
        return {**listed, "totalResults": len(listed.get("Resources", []))}

    wrap(provider, "list_body", body)


@deviation("descending-ignored", breaks=["RFC7644-3.4.2.3-07"], text="sortOrder=descending sorts ascending.")
def descending_ignored(provider: Provider) -> None:
    wrap(provider, "sort", lambda original, ctx, resources, by, descending: original(ctx, resources, by, False))
