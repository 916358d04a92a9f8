"""Deviations of sorting (RFC 7644 §3.4.2.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scimcheck.core.errors import InvalidValue, ScimError
from scimcheck.core.json import JSONObject
from scimcheck.core.resource import member
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap

Resources = list[JSONObject]


def _sort(provider: Provider, change: Callable[[Callable[[Resources], Resources], Resources, str, bool], Any]) -> None:
    """Let ``change(original, resources, sort_by, descending)`` sort, or return ``None`` to have it done as usual."""

    def sort(original: Any, ctx: Context, resources: Resources, by: str, descending: bool) -> Resources:
        def usual(some: Resources) -> Resources:
            ordered: Resources = original(ctx, some, by, descending)
            return ordered

        changed: Resources | None = change(usual, resources, by, descending)
        return usual(resources) if changed is None else changed

    wrap(provider, "sort", sort)


def _plain(by: str) -> str:
    return by.rpartition(":")[2].lower()


@deviation(
    "descending-ignored",
    breaks=["RFC7644-3.4.2.3-07"],
    also=[
        "RFC7644-3.4.2.3-02",
        "RFC7644-3.4.2.3-03",
        "RFC7644-3.4.2.3-04",
        "RFC7644-3.4.2.3-05",
        "RFC7644-3.4.2.3-08",
        "RFC7644-3.4.2.3-09",
        "RFC7644-3.4.2.3-10",
        "RFC7644-3.4.2.3-12",
        "RFC7644-3.4.3-08",
    ],
    text="sortOrder=descending sorts ascending.",
)
def descending_ignored(provider: Provider) -> None:
    wrap(provider, "sort", lambda original, ctx, resources, by, descending: original(ctx, resources, by, False))


@deviation(
    "sorting-ignored",
    breaks=["RFC7644-3.4.2.3-02"],
    also=["RFC7644-3.4.3-08"],
    text="sortBy has no effect, though sorting is announced.",
)
def sorting_ignored(provider: Provider) -> None:
    _sort(provider, lambda usual, resources, by, descending: resources)


@deviation("sorting-by-qualified-names-ignored", breaks=["RFC7644-3.4.2.3-02"], text="sortBy knows no URNs.")
def sorting_by_qualified_names_ignored(provider: Provider) -> None:
    _sort(provider, lambda usual, resources, by, descending: resources if ":" in by else None)


@deviation("sorting-by-first-elements", breaks=["RFC7644-3.4.2.3-03"], text="The first element of a list decides.")
def sorting_by_first_elements(provider: Provider) -> None:
    def change(usual: Any, resources: Resources, by: str, descending: bool) -> Resources | None:
        if not _plain(by).startswith("emails"):
            return None

        def key(resource: JSONObject) -> tuple[bool, str]:
            mails: Any = member(resource, "emails") or [{}]
            value = str(mails[0].get("value", ""))
            return not value, value.casefold()

        return sorted(resources, key=key, reverse=descending)

    _sort(provider, change)


@deviation("sorting-by-parts-ignored", breaks=["RFC7644-3.4.2.3-04"], text="sortBy=name.familyName has no effect.")
def sorting_by_parts_ignored(provider: Provider) -> None:
    _sort(provider, lambda usual, resources, by, descending: resources if _plain(by).startswith("name.") else None)


def _has(resource: JSONObject, by: str) -> bool:
    return member(resource, _plain(by).partition(".")[0]) is not None


@deviation(
    "absent-values-come-first",
    breaks=["RFC7644-3.4.2.3-05"],
    text="Ascending, resources without a value come first; descending, last.",
)
def absent_values_come_first(provider: Provider) -> None:
    def change(usual: Any, resources: Resources, by: str, descending: bool) -> Resources | None:
        if ":" in by:
            return None
        rest = usual([each for each in resources if _has(each, by)])
        bare = [each for each in resources if not _has(each, by)]
        return [*rest, *bare] if descending else [*bare, *rest]

    _sort(provider, change)


@deviation(
    "default-order-is-descending",
    breaks=["RFC7644-3.4.2.3-06"],
    also=["RFC7644-3.4.3-07"],
    text="Without sortOrder the order is descending.",
)
def default_order_is_descending(provider: Provider) -> None:
    def sort(original: Any, ctx: Context, resources: Resources, by: str, descending: bool) -> Any:
        return original(ctx, resources, by, descending or ctx.query.sort_order is None)

    wrap(provider, "sort", sort)


@deviation("times-sort-backwards", breaks=["RFC7644-3.4.2.3-08"], text="Times are sorted the wrong way round.")
def times_sort_backwards(provider: Provider) -> None:
    def change(usual: Any, resources: Resources, by: str, descending: bool) -> Resources | None:
        return usual(resources)[::-1] if _plain(by).startswith("meta.") else None

    _sort(provider, change)


def _as_text(provider: Provider, names: Sequence[str], key: Callable[[str], str]) -> None:
    def change(usual: Any, resources: Resources, by: str, descending: bool) -> Resources | None:
        name = _plain(by)
        if name not in names:
            return None
        has = sorted((each for each in resources if _has(each, by)), key=lambda each: key(str(member(each, name))))
        bare = [each for each in resources if not _has(each, by)]
        ordered = [*has, *bare]
        return ordered[::-1] if descending else ordered

    _sort(provider, change)


@deviation("sorting-heeds-case", breaks=["RFC7644-3.4.2.3-09"], text="displayName and nickName are sorted by case.")
def sorting_heeds_case(provider: Provider) -> None:
    _as_text(provider, ("displayname", "nickname", "title"), str)


@deviation("sorting-ignores-exact-case", breaks=["RFC7644-3.4.2.3-10"], text="externalId is sorted in any letter case.")
def sorting_ignores_exact_case(provider: Provider) -> None:
    _as_text(provider, ("externalid",), str.casefold)


@deviation(
    "unknown-order-crashes",
    breaks=["RFC7644-3.4.2.3-11"],
    also=["RFC7644-3.12-15"],
    text="Another sortOrder is answered with 500.",
)
def unknown_order_crashes(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        try:
            return original(ctx)
        except InvalidValue as error:
            if "sortOrder" in error.detail:
                raise ScimError("no such order", status=500) from None
            raise

    wrap(provider, "parse_query", parse)


@deviation(
    "sorting-comes-after-paging",
    breaks=["RFC7644-3.4.2.3-12"],
    also=["RFC7644-3.4.3-07", "RFC7644-3.4.3-08"],
    text="Only the resources of a page are sorted.",
)
def sorting_comes_after_paging(provider: Provider) -> None:
    def sort(original: Any, ctx: Context, resources: Resources, by: str, descending: bool) -> Resources:
        size = ctx.query.count if ctx.query.count and ctx.query.count > 0 else len(resources) or 1
        pages = [resources[start : start + size] for start in range(0, len(resources), size)]
        return [each for page in pages for each in original(ctx, page, by, descending)]

    wrap(provider, "sort", sort)
