"""Deviations of pages that depend on their sizes and on equal values (RFC 7644 §3.4.2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap
from scimcheck.provider.store import Record


@deviation(
    "pages-of-three-overlap",
    breaks=["RFC7644-3.4.2.4-11"],
    text="A page of three that is not the first one begins with the last resource of the page before it.",
)
def pages_of_three_overlap(provider: Provider) -> None:
    def page(
        original: Any, ctx: Context, records: Sequence[Record], start: int | None, count: int | None
    ) -> tuple[list[Record], int]:
        if count != 3 or start is None or start < 2:
            whole: tuple[list[Record], int] = original(ctx, records, start, count)
            return whole
        shown, _ = original(ctx, records, start - 1, count)
        return shown, start

    wrap(provider, "page", page)


@deviation(
    "equal-values-change-places",
    breaks=["RFC7644-3.4.2.4-11"],
    text="In a sorted list, resources with equal values come in another order on the pages after the first.",
)
def equal_values_change_places(provider: Provider) -> None:
    def sort(
        original: Any, ctx: Context, resources: list[JSONObject], sort_by: str, descending: bool
    ) -> list[JSONObject]:
        later = (ctx.query.start_index or 1) > 1
        done: list[JSONObject] = original(ctx, resources[::-1] if later else resources, sort_by, descending)
        return done

    wrap(provider, "sort", sort)
