"""Variants of pages by cursor: what RFC 9865 leaves open beyond the settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from scimcheck.core.errors import InvalidValue
from scimcheck.provider import cursors
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import variant, wrap

_CURSORS = {"cursor_supported": True}


@variant(
    "cursor-leads-to-an-empty-page",
    reading="RFC9865-2-11",
    text="The last page with resources has a nextCursor, which leads to an empty page.",
    settings=_CURSORS,
)
def cursor_leads_to_an_empty_page(provider: Provider) -> None:
    def page(original: Any, ctx: Context, records: Sequence[Any]) -> Any:
        shown, found = original(ctx, records)
        if shown and "nextCursor" not in found:
            size = ctx.query.count or ctx.settings.default_page_size
            expires = int(ctx.ops.now(ctx).timestamp()) + ctx.settings.cursor_timeout
            found["nextCursor"] = cursors.seal(ctx, cursors.Position(len(records), max(size, 0), expires))
        return shown, found

    wrap(provider, "cursor_page", page)


@variant(
    "cursors-lead-forward-only",
    reading="RFC9865-2-15",
    text="There is no previousCursor.",
    settings=_CURSORS,
)
def cursors_lead_forward_only(provider: Provider) -> None:
    def page(original: Any, ctx: Context, records: Sequence[Any]) -> Any:
        shown, found = original(ctx, records)
        return shown, {name: value for name, value in found.items() if name != "previousCursor"}

    wrap(provider, "cursor_page", page)


@variant(
    "positions-beside-cursors-refused",
    reading="RFC9865-2-20",
    text="startIndex beside cursor is refused with 400.",
    settings=_CURSORS,
)
def positions_beside_cursors_refused(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        if query.cursor is not None and query.start_index is not None:
            raise InvalidValue("startIndex and cursor exclude each other")
        return query

    wrap(provider, "parse_query", parse)
    wrap(provider, "parse_search", parse)


@variant(
    "cursor-pages-smaller-than-announced",
    reading="RFC9865-4-05",
    text="Pages without count have fewer resources than defaultPageSize.",
    settings={"cursor_supported": True, "default_page_size": 4},
)
def cursor_pages_smaller(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        return dataclasses.replace(query, count=3) if query.count is None and query.cursor is not None else query

    wrap(provider, "parse_query", parse)


@variant(
    "cursor-tolerates-another-count",
    reading="RFC9865-2.1-04",
    text="A page may be asked for with another count than the first.",
    settings=_CURSORS,
)
def cursor_tolerates_another_count(provider: Provider) -> None:
    def page(original: Any, ctx: Context, records: Sequence[Any]) -> Any:
        count, cursor = ctx.query.count, ctx.query.cursor
        if cursor and count is not None and 0 < count <= ctx.settings.max_results:
            position = dataclasses.replace(cursors.unseal(ctx, cursor), size=count)
            ctx.search = dataclasses.replace(ctx.query, cursor=cursors.seal(ctx, position))
            ctx.__dict__["query"] = ctx.search
        return original(ctx, records)

    wrap(provider, "cursor_page", page)


variant(
    "cursors-not-announced",
    reading="RFC9865-4-08",
    text="Pages by cursor are supported, and the configuration says nothing of it.",
    settings={"cursor_supported": True, "advertise_pagination": False},
)
