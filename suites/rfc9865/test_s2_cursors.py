"""RFC 9865 §2, §3 and §4: pages by cursor."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSON
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.paging import Listing, own_listing
from scimcheck.harness.sorting import folded, misplaced
from scimcheck.harness.target import Target, ids

NEEDS = ("read", "filter", "cursor")
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")
#: Pages that one result is read in at most, beyond one for each of its resources.
SPARE = 2


def _listing(scim: Target, judge: Judge) -> Listing:
    found = own_listing(scim, scim.primary)
    if found is None:
        judge.not_applicable("filters cannot single out own resources")
    return found


def _paged(scim: Target, judge: Judge) -> Listing:
    """The query, known to be answered with a first page that names the next one."""
    listing = _listing(scim, judge)
    key = ("first-page", listing.model.name)
    page: Exchange = scim.cache.setdefault(key, scim.cache.get(key) or listing.get(cursor="", count=2))
    if page.status != 200:
        judge.blocked("RFC9865-2-01", f"an empty cursor is refused: {page.summary()}")
    if page.body.get("nextCursor") is None:
        judge.blocked("RFC9865-2-10", f"the first page has no nextCursor: {_told(page)}")
    if not _next(page):
        judge.blocked("RFC9865-2-04", f"nextCursor is no text: {_told(page)}")
    return listing


def _next(page: Exchange) -> str:
    found = page.body.get("nextCursor")
    return found if isinstance(found, str) else ""


def _most(listing: Listing) -> int:
    return len(listing.people.members) + SPARE


def _pages(listing: Listing, size: int, **params: str) -> list[Exchange]:
    pages = [listing.get(cursor="", count=size, **params)]
    while _next(pages[-1]) and len(pages) < _most(listing):
        pages.append(listing.get(cursor=_next(pages[-1]), count=size, **params))
    return pages


def _found(pages: Sequence[Exchange]) -> list[str]:
    return [identifier for page in pages for identifier in ids(page.resources)]


def _told(exchange: Exchange) -> str:
    names = ("totalResults", "nextCursor", "previousCursor")
    told = ", ".join(f"{name} {exchange.body[name]!r}" for name in names if name in exchange.body)
    return f"{exchange.summary()}: {len(exchange.resources)} resources, {told}"


@check("RFC9865-2-01", "RFC9865-2-03", "RFC9865-2-04", "RFC9865-2-10", "RFC9865-2-14", needs=NEEDS, depth="quick")
def test_the_first_page(scim: Target, judge: Judge) -> None:
    """An empty cursor asks for the first page, which names the next one and none before it."""
    listing = _listing(scim, judge)
    page = listing.get(cursor="", count=2)
    at = (*listing.evidence, page)
    judge.demand(
        "RFC9865-2-01", page.status == 200 and page.resources, expected="the first page", observed=_told(page), at=at
    )
    judge.demand("RFC9865-2-10", page.body.get("nextCursor"), expected="nextCursor", observed=_told(page), at=at)
    cursor: JSON = page.body.get("nextCursor")
    judge.expect("RFC9865-2-04", isinstance(cursor, str), expected="a text", observed=repr(cursor), at=at)
    judge.expect(
        "RFC9865-2-03",
        UNRESERVED.fullmatch(str(cursor)),
        expected="letters, digits and - . _ ~ alone",
        observed=repr(cursor),
        at=at,
    )
    judge.expect(
        "RFC9865-2-14",
        page.body.get("previousCursor") is None,
        expected="no previousCursor on the first page",
        observed=_told(page),
        at=at,
    )


@check(
    "RFC9865-2-02",
    "RFC9865-2-07",
    "RFC9865-2-11",
    "RFC9865-2-12",
    "RFC9865-2-16",
    "RFC9865-2-18",
    needs=NEEDS,
    depth="quick",
)
def test_pages_make_up_the_whole(scim: Target, judge: Judge) -> None:
    """Following nextCursor to the end gives every resource once, in pages no longer than asked for."""
    listing = _paged(scim, judge)
    wanted = {member.resource.id for member in listing.people.members.values()}
    for size in (1, 2, 3):
        pages = _pages(listing, size)
        at = (*listing.evidence, *pages)
        if not _next(pages[0]):
            judge.blocked("RFC9865-2-10", f"the first page has no nextCursor: {_told(pages[0])}")
        longest = max(len(page.resources) for page in pages)
        judge.expect("RFC9865-2-07", longest <= size, expected=f"at most {size}", observed=f"{longest}", at=at)
        fresh = set(ids(pages[1].resources)) - set(ids(pages[0].resources))
        judge.demand(
            "RFC9865-2-02",
            pages[1].status == 200 and (fresh or not pages[1].resources),
            expected="the next page",
            observed=_told(pages[1]),
            at=at,
        )
        found = _found(pages)
        judge.expect(
            "RFC9865-2-11",
            set(found) >= wanted or bool(_next(pages[-1])),
            expected=f"no end before all {len(wanted)} resources",
            observed=f"an end after {len(set(found))}",
            at=at,
        )
        judge.expect(
            "RFC9865-2-12",
            len(found) == len(set(found)) and not set(found) - wanted and not _next(pages[-1]),
            expected=f"each of {len(wanted)} resources once",
            observed=f"{len(found)} resources, {len(set(found))} different",
            at=at,
        )
        totals = {page.body.get("totalResults", len(wanted)) for page in pages}
        judge.expect(
            "RFC9865-2-16", totals == {len(wanted)}, expected=f"totalResults {len(wanted)}", observed=f"{totals}", at=at
        )
        lists = all(urns.LIST_RESPONSE in str(page.body.get("schemas")) for page in pages)
        judge.expect("RFC9865-2-18", lists, expected="ListResponses", observed=_told(pages[0]), at=at)


@check("RFC9865-2-15", needs=NEEDS)
def test_the_way_back(scim: Target, judge: Judge) -> None:
    """previousCursor, where it is given, leads to the page before."""
    listing = _paged(scim, judge)
    first, *others = _pages(listing, 2)
    back = others[0].body.get("previousCursor") if others else None
    if not isinstance(back, str):
        judge.not_applicable("pages have no previousCursor")
    again = listing.get(cursor=back, count=2)
    judge.expect(
        "RFC9865-2-15",
        ids(again.resources) == ids(first.resources),
        expected=f"the first page again: {', '.join(ids(first.resources))}",
        observed=f"{_told(again)}: {', '.join(ids(again.resources))}",
        at=(*listing.evidence, first, others[0], again),
    )


@check("RFC9865-2-05", "RFC9865-2-06", needs=NEEDS)
def test_no_resources_at_all(scim: Target, judge: Judge) -> None:
    """With ``count=0``, or a negative one, no resources come back."""
    listing = _paged(scim, judge)
    for requirement, count in (("RFC9865-2-06", 0), ("RFC9865-2-05", -1)):
        page = listing.get(cursor="", count=count)
        if count < 0 and page.status == 400:
            judge.advise(requirement, expected="200 with no resources", observed=page.summary(), at=page)
            continue
        judge.expect(
            requirement,
            page.status == 200 and not page.resources,
            expected="200 with no resources",
            observed=_told(page),
            at=(*listing.evidence, page),
        )


@check("RFC9865-2-19", "RFC9865-2.2-01", needs=(*NEEDS, "sort"))
def test_cursors_go_with_other_parameters(scim: Target, judge: Judge) -> None:
    """Pages by cursor heed the filter, the projection and the order."""
    listing = _paged(scim, judge)
    naming = listing.people.naming
    pages = _pages(listing, 2, attributes=naming, sortBy=naming, sortOrder="descending")
    wanted = {member.resource.id for member in listing.people.members.values()}
    shown = {name for page in pages for each in page.resources for name in each}
    judge.expect(
        "RFC9865-2-19",
        set(_found(pages)) == wanted and shown <= {"id", "schemas", naming},
        expected=f"what matches, with id and {naming}",
        observed=f"{len(set(_found(pages)))} resources with {', '.join(sorted(shown))}",
        at=(*listing.evidence, *pages),
    )
    names = [each.get(naming) for page in pages for each in page.resources]
    wrong = misplaced(names, folded, descending=True)
    judge.expect("RFC9865-2.2-01", not wrong, expected="descending order", observed=wrong, at=pages)


def _altered(cursor: str) -> str:
    """A cursor with another letter: not the last one, whose bits may not all count."""
    place = max(len(cursor) - 3, 0)
    return cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]


@check("RFC9865-2.1-01", "RFC9865-2.1-02", "RFC9865-5.2-05", needs=NEEDS, depth="quick")
def test_invalid_cursors(scim: Target, judge: Judge) -> None:
    """A cursor that was never given out, or was changed, is refused with 400 invalidCursor."""
    listing = _paged(scim, judge)
    page = listing.get(cursor="thisIsNotACursor", count=2)
    refused = page.status == 400 and urns.ERROR in str(page.body.get("schemas"))
    judge.expect("RFC9865-2.1-01", refused, expected="400 with an error", observed=_told(page), at=page)
    named = page.status == 400 and page.scim_type == "invalidCursor"
    judge.expect("RFC9865-2.1-02", named, expected="400 invalidCursor", observed=_told(page), at=page)
    cursor = _next(listing.get(cursor="", count=2))
    if not cursor:
        judge.blocked("RFC9865-2-10", "the first page has no nextCursor")
    page = listing.get(cursor=_altered(cursor), count=2)
    judge.expect(
        "RFC9865-5.2-05",
        page.status == 400 and page.scim_type == "invalidCursor",
        expected="400 invalidCursor",
        observed=_told(page),
        at=page,
    )


@check("RFC9865-2-20", "RFC9865-2.1-04", needs=NEEDS)
def test_odd_combinations_do_no_harm(scim: Target, judge: Judge) -> None:
    """A cursor with startIndex, or with another count than before, is refused or has some answer."""
    listing = _paged(scim, judge)
    first = listing.get(cursor="", count=2)
    for requirement, page in (
        ("RFC9865-2-20", listing.get(cursor="", startIndex=1, count=2)),
        ("RFC9865-2.1-04", listing.get(cursor=_next(first), count=7)),
    ):
        judge.expect(
            requirement, page.status < 500, expected="a page, or a refusal", observed=page.summary(), at=(first, page)
        )


@check("RFC9865-3-01", needs=(*NEEDS, "search"))
def test_cursors_in_searches(scim: Target, judge: Judge) -> None:
    """A search takes cursor and count in its body, and finds what GET finds."""
    listing = _paged(scim, judge)
    path = f"{listing.model.endpoint}/.search"
    body = {"schemas": [urns.SEARCH_REQUEST], "filter": listing.base["filter"], "count": 2}
    pages = [scim.post(path, json={**body, "cursor": ""})]
    while _next(pages[-1]) and len(pages) < _most(listing):
        pages.append(scim.post(path, json={**body, "cursor": _next(pages[-1])}))
    wanted = {member.resource.id for member in listing.people.members.values()}
    judge.expect(
        "RFC9865-3-01",
        set(_found(pages)) == wanted and len(pages) > 1,
        expected=f"{len(wanted)} resources in several pages",
        observed=f"{len(set(_found(pages)))} resources in {len(pages)} pages; {_told(pages[-1])}",
        at=(*listing.evidence, *pages),
    )


@check("RFC9865-2.4-02", needs=(*NEEDS, "index"))
def test_parameters_select_the_method(scim: Target, judge: Judge) -> None:
    """startIndex selects pages by index, and cursor pages by cursor."""
    listing = _paged(scim, judge)
    by_index, by_cursor = listing.get(startIndex=1, count=2), listing.get(cursor="", count=2)
    judge.expect(
        "RFC9865-2.4-02",
        by_index.body.get("startIndex") == 1 and bool(_next(by_cursor)),
        expected="startIndex in the one answer, nextCursor in the other",
        observed=f"{_told(by_index)}; {_told(by_cursor)}",
        at=(*listing.evidence, by_index, by_cursor),
    )


@check("RFC9865-4-02", "RFC9865-4-03", depth="quick", writes=False)
def test_the_methods_are_announced(scim: Target, judge: Judge) -> None:
    """``pagination``, where it is given, says of both methods whether they are supported."""
    pagination = scim.config.get("pagination")
    if not isinstance(pagination, dict):
        judge.not_applicable("ServiceProviderConfig has no pagination")
    for requirement, name in (("RFC9865-4-02", "cursor"), ("RFC9865-4-03", "index")):
        told = pagination.get(name)
        judge.expect(requirement, isinstance(told, bool), expected=f"{name}, a boolean", observed=f"{told!r}")
