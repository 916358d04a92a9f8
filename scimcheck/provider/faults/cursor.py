"""Deviations of pages by cursor (RFC 9865)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.cursors import InvalidCursor
from scimcheck.provider.faults.registry import deviation, on_response, wrap
from scimcheck.provider.store import Record

_ON = {"cursor_supported": True}

Page = tuple[list[Record], JSONObject]


def _pages(provider: Provider, change: Callable[[Context, list[Record], JSONObject], Page]) -> None:
    """Let ``change(ctx, shown, cursors)`` replace what a page holds."""

    def page(original: Any, ctx: Context, records: Sequence[Record]) -> Page:
        return change(ctx, *original(ctx, records))

    wrap(provider, "cursor_page", page)


def _first(ctx: Context) -> bool:
    return not ctx.query.cursor


def _answers(provider: Provider, change: Callable[[Request, JSONObject], Any]) -> None:
    """Let ``change(request, body)`` change pages in place as they are shown."""

    def show(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "cursor" in request.query:
            change(request, reply.body)

    on_response(provider, show, method="GET", status=200)


@deviation(
    "cursor-empty-refused",
    breaks=["RFC9865-2-01"],
    also=["RFC9865-2-10"],
    settings=_ON,
    text="An empty cursor is refused.",
)
def cursor_empty_refused(provider: Provider) -> None:
    def page(original: Any, ctx: Context, records: Sequence[Record]) -> Any:
        if ctx.query.cursor == "" and ctx.method == "GET":
            raise InvalidCursor("there is no such cursor")
        return original(ctx, records)

    wrap(provider, "cursor_page", page)


@deviation("cursor-with-equals-signs", breaks=["RFC9865-2-03"], settings=_ON, text="Cursors end with =.")
def cursor_with_equals_signs(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        return dataclasses.replace(query, cursor=query.cursor.rstrip("=")) if query.cursor else query

    wrap(provider, "parse_query", parse)
    wrap(provider, "parse_search", parse)
    _pages(provider, lambda ctx, shown, cursors: (shown, {name: f"{each}==" for name, each in cursors.items()}))


@deviation("cursor-is-a-number", breaks=["RFC9865-2-04"], also=["RFC9865-2-10"], settings=_ON, text="nextCursor is 2.")
def cursor_is_a_number(provider: Provider) -> None:
    _answers(provider, lambda request, body: body.update(nextCursor=2) if "nextCursor" in body else None)


@deviation("cursor-without-next", breaks=["RFC9865-2-10"], settings=_ON, text="The first page has no nextCursor.")
def cursor_without_next(provider: Provider) -> None:
    _pages(provider, lambda ctx, shown, cursors: (shown, {} if _first(ctx) and ctx.method == "GET" else cursors))


@deviation(
    "cursor-before-the-first", breaks=["RFC9865-2-14"], settings=_ON, text="The first page has a previousCursor."
)
def cursor_before_the_first(provider: Provider) -> None:
    _answers(provider, lambda request, body: body.setdefault("previousCursor", "none"))


@deviation(
    "cursor-stays-on-the-first-page",
    breaks=["RFC9865-2-02"],
    also=["RFC9865-2-19", "RFC9865-2.2-01", "RFC9865-2.1-01", "RFC9865-2.1-02", "RFC9865-5.2-05"],
    settings=_ON,
    text="nextCursor leads to the first page.",
)
def cursor_stays_on_the_first_page(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        return dataclasses.replace(query, cursor="") if query.cursor else query

    wrap(provider, "parse_query", parse)


@deviation(
    "cursor-pages-too-long",
    breaks=["RFC9865-2-07"],
    also=["RFC9865-4-05", "RFC9865-2-02", "RFC9865-2-05", "RFC9865-2-06", "RFC9865-2-12", "RFC9865-2-15"],
    settings=_ON,
    text="The first page holds one resource more than count.",
)
def cursor_pages_too_long(provider: Provider) -> None:
    def page(original: Any, ctx: Context, records: Sequence[Record]) -> Any:
        shown, cursors = original(ctx, records)
        return records[: len(shown) + 1] if _first(ctx) else shown, cursors

    wrap(provider, "cursor_page", page)


@deviation(
    "cursor-ends-early",
    breaks=["RFC9865-2-11"],
    also=["RFC9865-2-19", "RFC9865-3-01"],
    settings=_ON,
    text="The second page is said to be the last.",
)
def cursor_ends_early(provider: Provider) -> None:
    def page(ctx: Context, shown: list[Record], cursors: JSONObject) -> Page:
        return shown, cursors if _first(ctx) else {key: each for key, each in cursors.items() if key != "nextCursor"}

    _pages(provider, page)


@deviation(
    "cursor-repeats",
    breaks=["RFC9865-2-12"],
    also=["RFC9865-2.2-01"],
    settings=_ON,
    text="Every page but the first begins with the first resource of all.",
)
def cursor_repeats(provider: Provider) -> None:
    def page(original: Any, ctx: Context, records: Sequence[Record]) -> Any:
        shown, cursors = original(ctx, records)
        again = not _first(ctx) and len(shown) == 1 and records[0] not in shown and "nextCursor" not in cursors
        return [*shown, records[0]] if again and ctx.query.count != 1 else shown, cursors

    wrap(provider, "cursor_page", page)


@deviation("cursor-loses-the-way-back", breaks=["RFC9865-2-15"], settings=_ON, text="previousCursor is nextCursor.")
def cursor_loses_the_way_back(provider: Provider) -> None:
    def page(ctx: Context, shown: list[Record], cursors: JSONObject) -> Page:
        both = {"nextCursor", "previousCursor"} <= cursors.keys()
        return shown, {**cursors, "previousCursor": cursors["nextCursor"]} if both else {
            name: each if name == "nextCursor" else "lost" for name, each in cursors.items()
        }

    _pages(provider, page)


@deviation(
    "cursor-totals-differ", breaks=["RFC9865-2-16"], settings=_ON, text="totalResults counts the resources of the page."
)
def cursor_totals_differ(provider: Provider) -> None:
    _answers(provider, lambda request, body: body.update(totalResults=len(body.get("Resources", [])) + 7))


@deviation(
    "cursor-pages-without-urn",
    breaks=["RFC9865-2-18"],
    also=["RFC7644-3.4.2-01", "RFC7644-3.1-02", "RFC7644-8.2-01"],
    settings=_ON,
    text="Pages by cursor do not say that they are lists.",
)
def cursor_pages_without_urn(provider: Provider) -> None:
    _answers(provider, lambda request, body: body.update(schemas=["urn:ietf:params:scim:api:messages:2.0:Page"]))


def _counted(provider: Provider, concerned: Callable[[int], bool]) -> None:
    """Take no notice of some values of count."""

    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        known = query.cursor is not None and query.count is not None and concerned(query.count)
        return dataclasses.replace(query, count=None) if known else query

    wrap(provider, "parse_query", parse)


@deviation("cursor-ignores-negative-count", breaks=["RFC9865-2-05"], settings=_ON, text="count=-1 returns everything.")
def cursor_ignores_negative_count(provider: Provider) -> None:
    _counted(provider, lambda count: count < 0)


@deviation("cursor-ignores-count-of-zero", breaks=["RFC9865-2-06"], settings=_ON, text="count=0 returns everything.")
def cursor_ignores_count_of_zero(provider: Provider) -> None:
    _counted(provider, lambda count: count == 0)


def _paged_without(provider: Provider, **changes: None) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        return dataclasses.replace(query, **changes) if query.cursor is not None and query.attributes else query

    wrap(provider, "parse_query", parse)


@deviation("cursor-unprojected", breaks=["RFC9865-2-19"], settings=_ON, text="Pages by cursor ignore attributes.")
def cursor_unprojected(provider: Provider) -> None:
    _paged_without(provider, attributes=None)


@deviation("cursor-unsorted", breaks=["RFC9865-2.2-01"], settings=_ON, text="Pages by cursor ignore sortOrder.")
def cursor_unsorted(provider: Provider) -> None:
    _paged_without(provider, sort_order=None)


def _lenient(provider: Provider, concerned: Callable[[str], bool]) -> None:
    """Answer cursors that were never given out with the first page."""

    def page(original: Any, ctx: Context, records: Sequence[Record]) -> Any:
        try:
            return original(ctx, records)
        except InvalidCursor:
            if not concerned(ctx.query.cursor or ""):
                raise
            return list(records[:1]), {}

    wrap(provider, "cursor_page", page)


@deviation(
    "cursor-unknown-accepted",
    breaks=["RFC9865-2.1-01", "RFC9865-2.1-02"],
    settings=_ON,
    text="An unknown cursor is answered with a page.",
)
def cursor_unknown_accepted(provider: Provider) -> None:
    _lenient(provider, lambda cursor: cursor.startswith("thisIs"))


@deviation("cursor-forged-accepted", breaks=["RFC9865-5.2-05"], settings=_ON, text="A forged cursor is accepted.")
def cursor_forged_accepted(provider: Provider) -> None:
    _lenient(provider, lambda cursor: not cursor.startswith("thisIs"))


def _crashing(provider: Provider, concerned: Callable[[Context], Any]) -> None:
    def page(original: Any, ctx: Context, records: Sequence[Record]) -> Any:
        if concerned(ctx):
            raise ScimError("the page could not be found", status=500)
        return original(ctx, records)

    wrap(provider, "cursor_page", page)


@deviation(
    "cursor-with-start-index-crashes",
    breaks=["RFC9865-2-20"],
    also=["RFC7644-3.12-15"],
    settings=_ON,
    text="cursor with startIndex is answered with 500.",
)
def cursor_with_start_index_crashes(provider: Provider) -> None:
    _crashing(provider, lambda ctx: ctx.query.start_index is not None)


@deviation(
    "cursor-with-other-count-crashes",
    breaks=["RFC9865-2.1-04"],
    also=["RFC7644-3.12-15"],
    settings=_ON,
    text="A count that differs from the first page's is answered with 500.",
)
def cursor_with_other_count_crashes(provider: Provider) -> None:
    _crashing(provider, lambda ctx: ctx.query.cursor and ctx.query.count == 7)


@deviation("cursor-not-in-searches", breaks=["RFC9865-3-01"], settings=_ON, text="Searches ignore cursor.")
def cursor_not_in_searches(provider: Provider) -> None:
    wrap(provider, "parse_search", lambda original, ctx: dataclasses.replace(original(ctx), cursor=None))


@deviation(
    "cursor-everywhere",
    breaks=["RFC9865-2.4-02"],
    settings=_ON,
    text="startIndex is answered with a page without startIndex.",
)
def cursor_everywhere(provider: Provider) -> None:
    def strip(request: Request, reply: Reply) -> None:
        if "startIndex=1&count=2" in request.query and isinstance(reply.body, dict):
            reply.body.pop("startIndex", None)
            reply.body["nextCursor"] = "none"

    on_response(provider, strip, method="GET", status=200)


def _announced(provider: Provider, name: str) -> None:
    def config(original: Any, ctx: Context) -> JSONObject:
        told: JSONObject = original(ctx)
        return {**told, "pagination": {**told.get("pagination", {}), name: "true"}}

    wrap(provider, "service_provider_config", config)


@deviation("cursor-announced-as-text", breaks=["RFC9865-4-02"], settings=_ON, text="pagination.cursor is a text.")
def cursor_announced_as_text(provider: Provider) -> None:
    _announced(provider, "cursor")


@deviation("index-announced-as-text", breaks=["RFC9865-4-03"], settings=_ON, text="pagination.index is a text.")
def index_announced_as_text(provider: Provider) -> None:
    _announced(provider, "index")
