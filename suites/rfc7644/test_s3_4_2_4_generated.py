"""RFC 7644 §3.4.2.4: pages of generated sizes, with and without an order. Pages of one size: the file on pagination."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from hypothesis import strategies as st

from scimcheck.client.exchange import Exchange
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.paging import Listing, own_listing
from scimcheck.harness.properties import Broken, Effort, falsify, settle
from scimcheck.harness.target import Target, ids

COMPLETE = "RFC7644-3.4.2.4-11"

#: The sizes of consecutive pages; the last one is used until the end.
SIZES = st.lists(st.integers(1, 5), min_size=1, max_size=4).map(tuple)


@check(COMPLETE, needs=("list", "index", "filter", "read"))
def test_pages_of_any_sizes(scim: Target, judge: Judge) -> None:
    """Whatever the sizes of the pages, each resource is on one of them, once."""
    listing = _listing(scim, judge)
    found = falsify(scim, SIZES, partial(_walk, listing, {}), Effort(2, 40), first=((3,),))
    settle(judge, scim, found, COMPLETE)


@check(COMPLETE, needs=("list", "index", "filter", "read", "sort"))
def test_pages_of_equal_values(scim: Target, judge: Judge) -> None:
    """Resources that are equal in what they are sorted by keep their places from page to page."""
    listing = _listing(scim, judge)
    text = listing.people.text
    if text is None:
        judge.not_applicable(f"{listing.model.name} has no text that two resources share")
        return
    order = {"sortBy": text.name}
    if _told(listing, order, ()) is not None:
        judge.not_applicable(f"the whole list cannot be had sorted by {text.name}")
    found = falsify(scim, SIZES, partial(_walk, listing, order), Effort(1, 30), first=((2,),))
    settle(judge, scim, found, COMPLETE)


def _listing(scim: Target, judge: Judge) -> Listing:
    listing = own_listing(scim, scim.primary)
    if listing is None:
        judge.not_applicable("filters cannot single out the run's own resources")
        raise AssertionError
    return listing


def _walk(listing: Listing, order: dict[str, str], sizes: Sequence[int]) -> Broken | None:
    """Read the list page by page; clients have to cope with changes in between, so once more before it counts."""
    return _told(listing, order, sizes) and _told(listing, order, sizes)


def _told(listing: Listing, order: dict[str, str], sizes: Sequence[int]) -> Broken | None:
    pages = _pages(listing, order, sizes)
    if any(page.status != 200 for page in pages):
        return None if sizes else Broken(COMPLETE, "the list", pages[-1].summary(), tuple(pages))
    seen = [each for page in pages for each in ids(page.resources)]
    wanted = {member.resource.id for member in listing.people.members.values()}
    missing, twice = wanted - set(seen), {each for each in seen if seen.count(each) > 1}
    if not missing and not twice:
        return None
    return Broken(
        COMPLETE,
        f"each of {len(wanted)} resources once on pages of {', '.join(map(str, sizes)) or 'any size'}",
        f"{len(missing)} not on any page, {len(twice)} more than once: {', '.join(sorted(missing | twice))}",
        (*listing.evidence, *pages),
    )


def _pages(listing: Listing, order: dict[str, str], sizes: Sequence[int]) -> list[Exchange]:
    """The pages; without sizes, those that come without ``count``."""
    total, seen, pages = len(listing.people.members), 0, list[Exchange]()
    while seen < total and len(pages) < 3 * total:
        size = {"count": sizes[min(len(pages), len(sizes) - 1)]} if sizes else {}
        pages.append(listing.get(startIndex=seen + 1, **size, **order))
        if not pages[-1].resources:
            break
        seen += len(pages[-1].resources)
    return pages
