"""Deviations of pages by index (RFC 7644 §3.4.2.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scimcheck.core.errors import InvalidValue, NotFound, ScimError
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


def _paged(provider: Provider, change: Callable[[int | None, int | None], tuple[int | None, int | None]]) -> None:
    """Let ``change`` replace startIndex and count; the answer tells of what was replaced."""

    def page(original: Any, ctx: Context, records: Sequence[Record], start: int | None, count: int | None) -> Any:
        return original(ctx, records, *change(start, count))

    wrap(provider, "page", page)


def _telling(provider: Provider, change: Callable[[Context, JSONObject], Any]) -> None:
    """Let ``change`` change the body of a list in place."""

    def body(original: Any, ctx: Context, records: Sequence[Record]) -> JSONObject:
        listed: JSONObject = original(ctx, records)
        change(ctx, listed)
        return listed

    wrap(provider, "list_body", body)


@deviation(
    "start-index-below-one-refused",
    breaks=["RFC7644-3.4.2.4-02"],
    text="A startIndex below 1 is refused.",
)
def start_index_below_one_refused(provider: Provider) -> None:
    def check(start: int | None, count: int | None) -> tuple[int | None, int | None]:
        if start is not None and start < 1:
            raise InvalidValue("startIndex is 1 or more")
        return start, count

    _paged(provider, check)


@deviation(
    "count-ignored",
    breaks=["RFC7644-3.4.2.4-03"],
    also=[
        "ENTRA-2.1-18",
        "ENTRA-2.1-20",
        "RFC7644-3.4.2.3-12",
        "ENTRA-2.1-21",
        "RFC7644-3.4.2.4-05",
        "RFC7644-3.4.2.4-06",
        "RFC7644-3.4.3-10",
        "RFC7644-3.4.3-09",
    ],
    text="count has no effect.",
)
def count_ignored(provider: Provider) -> None:
    _paged(provider, lambda start, count: (start, None))


@deviation(
    "count-is-one-too-many",
    breaks=["RFC7644-3.4.2.4-03"],
    also=["ENTRA-2.1-21", "RFC7644-3.4.2.4-06", "RFC7644-3.4.3-10", "RFC7644-3.4.3-09"],
    text="Pages hold one resource more than count.",
)
def count_is_one_too_many(provider: Provider) -> None:
    _paged(provider, lambda start, count: (start, None if count is None else count + 1))


@deviation("negative-count-refused", breaks=["RFC7644-3.4.2.4-05"], text="A negative count is refused.")
def negative_count_refused(provider: Provider) -> None:
    def check(start: int | None, count: int | None) -> tuple[int | None, int | None]:
        if count is not None and count < 0:
            raise InvalidValue("count is 0 or more")
        return start, count

    _paged(provider, check)


@deviation("negative-count-ignored", breaks=["RFC7644-3.4.2.4-05"], text="A negative count returns everything.")
def negative_count_ignored(provider: Provider) -> None:
    _paged(provider, lambda start, count: (start, None if count is not None and count < 0 else count))


@deviation("count-of-zero-ignored", breaks=["RFC7644-3.4.2.4-06"], text="count=0 returns everything.")
def count_of_zero_ignored(provider: Provider) -> None:
    _paged(provider, lambda start, count: (start, None if count == 0 else count))


@deviation("items-per-page-is-total", breaks=["RFC7644-3.4.2.4-08"], text="itemsPerPage is the total.")
def items_per_page_is_total(provider: Provider) -> None:
    _telling(provider, lambda ctx, listed: listed.update(itemsPerPage=listed["totalResults"]))


@deviation(
    "start-index-always-one",
    breaks=["RFC7644-3.4.2.4-09"],
    also=["ENTRA-2.1-18", "ENTRA-2.1-20"],
    text="Every page says startIndex 1.",
)
def start_index_always_one(provider: Provider) -> None:
    _telling(provider, lambda ctx, listed: listed.update(startIndex=1))


@deviation(
    "total-shrinks",
    breaks=["RFC7644-3.4.2.4-10"],
    also=["RFC7644-3.4.2-02"],
    text="totalResults counts what is left from startIndex on.",
)
def total_shrinks(provider: Provider) -> None:
    def change(ctx: Context, listed: JSONObject) -> None:
        listed["totalResults"] -= max((ctx.query.start_index or 1) - 1, 0)

    _telling(provider, change)


@deviation(
    "index-pages-overlap",
    breaks=["RFC7644-3.4.2.4-11"],
    also=["ENTRA-2.1-19", "RFC7644-3.4.3-09", "RFC7644-3.4.2.3-12"],
    text="Every page but the first repeats the last resource of the page before.",
)
def index_pages_overlap(provider: Provider) -> None:
    def page(original: Any, ctx: Context, records: Sequence[Record], start: int | None, count: int | None) -> Any:
        overlaps = start is not None and start > 2 and start <= len(records)
        shown, first = original(ctx, records, start - 1 if start and overlaps else start, count)
        return shown, start if overlaps else first

    wrap(provider, "page", page)


@deviation(
    "last-page-lost",
    breaks=["RFC7644-3.4.2.4-11"],
    also=["ENTRA-2.1-19", "RFC7644-3.4.2.3-12"],
    text="A last page that is not full is empty.",
)
def last_page_lost(provider: Provider) -> None:
    def page(original: Any, ctx: Context, records: Sequence[Record], start: int | None, count: int | None) -> Any:
        shown, first = original(ctx, records, start, count)
        partly = first > 1 and count is not None and len(shown) < count
        return [] if partly else shown, first

    wrap(provider, "page", page)


@deviation(
    "beyond-the-end-is-not-found",
    breaks=["RFC7644-3.4.2.4-12"],
    text="A startIndex beyond the last result is answered with 404.",
)
def beyond_the_end_is_not_found(provider: Provider) -> None:
    def page(original: Any, ctx: Context, records: Sequence[Record], start: int | None, count: int | None) -> Any:
        if start is not None and start > max(len(records), 1):
            raise NotFound("there is no such page")
        return original(ctx, records, start, count)

    wrap(provider, "page", page)


@deviation(
    "beyond-the-end-starts-again",
    breaks=["RFC7644-3.4.2.4-12"],
    text="A startIndex beyond the last result returns the first page.",
)
def beyond_the_end_starts_again(provider: Provider) -> None:
    def page(original: Any, ctx: Context, records: Sequence[Record], start: int | None, count: int | None) -> Any:
        return original(ctx, records, 1 if start is not None and start > len(records) else start, count)

    wrap(provider, "page", page)


@deviation(
    "faulty-numbers-crash",
    breaks=["RFC7644-3.4.2.4-13"],
    also=["RFC7644-3.12-15"],
    text="count=abc is answered with 500.",
)
def faulty_numbers_crash(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        if "=abc" in ctx.request.query:
            raise ScimError("invalid literal for int()", status=500)
        return original(ctx)

    wrap(provider, "parse_query", parse)


@deviation("max-results-exceeded", breaks=["RFC7643-5-14"], text="Lists are longer than maxResults, which is 3.")
def max_results_exceeded(provider: Provider) -> None:
    def config(original: Any, ctx: Context) -> JSONObject:
        told: JSONObject = original(ctx)
        return {**told, "filter": {**told["filter"], "maxResults": 3}}

    wrap(provider, "service_provider_config", config)
