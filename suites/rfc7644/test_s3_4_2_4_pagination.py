"""RFC 7644 §3.4.2.4: pages by index. Pages by cursor: RFC 9865; the form of lists: exchange rules."""

from __future__ import annotations

from collections.abc import Sequence

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.paging import LIMIT, Listing, listings, own_listing
from scimcheck.harness.target import Target, ids


def _told(exchange: Exchange) -> str:
    listed = {name: exchange.body.get(name) for name in ("totalResults", "startIndex", "itemsPerPage")}
    return f"{exchange.summary()}: {len(exchange.resources)} resources, " + ", ".join(
        f"{name} {value!r}" for name, value in listed.items()
    )


def _total(exchange: Exchange) -> int:
    total = exchange.body.get("totalResults")
    return total if isinstance(total, int) else -1


def _whole(judge: Judge, listing: Listing) -> int:
    """How many results there are; ends the check when a page does not tell."""
    if listing.own:
        return len(listing.people.members)
    page = listing.get(count=1)
    if page.status >= 500:
        judge.blocked("RFC7644-3.4.2.4-03", f"count=1 is not understood: {page.summary()}")
    return _total(page)


def _listing(scim: Target, judge: Judge, model: ResourceModel) -> Listing:
    """The population alone, or everything there is if that is little."""
    own = own_listing(scim, model)
    if own is None:
        own = listings(scim, model)[-1]
        refused = _total(own.get()) < 0  # a long list may be refused as a whole, RFC7644-3.4.2.1-03
        if _total(own.get(count=1) if refused else own.get()) > 20:
            judge.not_applicable(f"filters cannot single out own resources among many of {model.name}")
    return own


@check("RFC7644-3.4.2.4-03", needs=("list",), depth="quick")
def test_count_limits_a_page(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A page holds no more than ``count`` resources."""
    for listing in listings(scim, model):
        for count in (1, 2, 3) if listing.own else (1, 2):
            exchange = listing.get(count=count)
            judge.expect(
                "RFC7644-3.4.2.4-03",
                exchange.status == 200 and len(exchange.resources) <= count,
                expected=f"200 with at most {count} resources",
                observed=_told(exchange),
                at=(*listing.evidence, exchange),
            )


@check(
    "RFC7644-3.4.2.4-08",
    "RFC7644-3.4.2.4-09",
    "RFC7644-3.4.2.4-10",
    "RFC7644-3.4.2.4-11",
    needs=("list", "index"),
)
def test_pages_make_up_the_whole(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Read page by page, a result has every resource once; each page says where it begins and what it holds."""
    listing = _listing(scim, judge, model)
    wanted = {member.resource.id for member in listing.people.members.values()}
    for size in (3,) if model is not scim.primary else (2, 3, len(wanted), len(wanted) + 1):
        if size * LIMIT < len(wanted):
            continue  # would not be read to its end
        pages = list(listing.pages(size))
        _judge_numbers(judge, listing, pages, size)
        found = [identifier for page in pages for identifier in ids(page.resources)]
        if not _complete(found, wanted) and scim.capabilities.works("sort", model):
            listing.base["sortBy"] = listing.people.naming  # a stable order can be asked for
            pages = list(listing.pages(size))
            found = [identifier for page in pages for identifier in ids(page.resources)]
        judge.expect(
            "RFC7644-3.4.2.4-11",
            _complete(found, wanted),
            expected=f"pages of {size} hold each of {len(wanted)} resources once",
            observed=f"{len(found)} resources, {len(set(found))} different, {len(wanted - set(found))} missing",
            at=(*listing.evidence, *pages),
        )


def _complete(found: Sequence[str], wanted: set[str]) -> bool:
    return wanted <= set(found) and len(found) == len(set(found))


def _judge_numbers(judge: Judge, listing: Listing, pages: Sequence[Exchange], size: int) -> None:
    seen = 0
    for page in pages:
        at = (*listing.evidence[:1], page)
        judge.expect(
            "RFC7644-3.4.2.4-10",
            _total(page) == _total(pages[0]) and (not listing.own or _total(page) == len(listing.people.members)),
            expected=f"totalResults {len(listing.people.members) if listing.own else _total(pages[0])} on every page",
            observed=_told(page),
            at=(*listing.evidence, pages[0], page),
        )
        start, items = page.body.get("startIndex"), page.body.get("itemsPerPage")
        judge.expect(
            "RFC7644-3.4.2.4-09",
            start is None or start == seen + 1,
            expected=f"startIndex {seen + 1}",
            observed=_told(page),
            at=at,
        )
        if items == size and 0 < len(page.resources) < size:
            judge.advise(
                "RFC7644-3.4.2.4-08", expected=f"itemsPerPage {len(page.resources)}", observed=_told(page), at=at
            )
        else:
            judge.expect(
                "RFC7644-3.4.2.4-08",
                items is None or items == len(page.resources),
                expected=f"itemsPerPage {len(page.resources)}",
                observed=_told(page),
                at=at,
            )
        seen += len(page.resources)


@check("RFC7644-3.4.2.4-01", "RFC7644-3.4.2.4-02", needs=("list", "index"))
def test_the_first_index_is_one(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Without ``startIndex``, and with one below 1, a page begins with the first result, as with 1."""
    listing = _listing(scim, judge, model)
    plain, first = listing.get(count=2), listing.get(startIndex=1, count=2)
    judge.demand(
        "RFC7644-3.4.2.4-01",
        first.status == 200 and ids(first.resources) == ids(plain.resources) and bool(first.resources),
        expected=f"the resources that come without startIndex: {', '.join(ids(plain.resources))}",
        observed=f"{_told(first)}: {', '.join(ids(first.resources))}",
        at=(*listing.evidence, plain, first),
    )
    for count in ({"count": 2}, {}):
        second = listing.get(startIndex=2, **count)
        if not count and not second.ok:
            continue  # without count a list may be too long, RFC7644-3.4.2.1-03
        judge.expect(
            "RFC7644-3.4.2.4-01",
            ids(second.resources)[:1] == ids(first.resources)[1:2],
            expected=f"the second result first: {ids(first.resources)[1:2]}",
            observed=f"{_told(second)}: {', '.join(ids(second.resources))}",
            at=(*listing.evidence, first, second),
        )
    for start in (0, -5) if model is scim.primary else (0,):
        exchange = listing.get(startIndex=start, count=2)
        judge.expect(
            "RFC7644-3.4.2.4-02",
            exchange.status == 200 and ids(exchange.resources) == ids(first.resources),
            expected=f"the page of startIndex=1: {', '.join(ids(first.resources))}",
            observed=f"{_told(exchange)}: {', '.join(ids(exchange.resources))}",
            at=(*listing.evidence, first, exchange),
        )
        if exchange.ok and exchange.body.get("startIndex") not in (None, 1):
            judge.advise("RFC7644-3.4.2.4-02", expected="startIndex 1", observed=_told(exchange), at=exchange)


@check("RFC7644-3.4.2.4-05", "RFC7644-3.4.2.4-06", needs=("list",))
def test_no_resources_at_all(scim: Target, judge: Judge) -> None:
    """With ``count=0``, or a negative one, only the number of results comes back."""
    for listing in listings(scim, scim.primary):
        total = _whole(judge, listing)
        for requirement, count in (("RFC7644-3.4.2.4-06", 0), ("RFC7644-3.4.2.4-05", -1), ("RFC7644-3.4.2.4-05", -10)):
            exchange = listing.get(count=count)
            told = _total(exchange) == total or count < 0
            judge.expect(
                requirement,
                exchange.status == 200 and not exchange.resources and told,
                expected=f"200 with totalResults {total} and no resources",
                observed=_told(exchange),
                at=(*listing.evidence, exchange),
            )


@check("RFC7644-3.4.2.4-12", "RFC7644-3.4.2.4-10", needs=("list", "index"))
def test_beyond_the_end_is_nothing(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A page that begins after the last result is empty and tells the same total; a refusal is worth a remark."""
    listing = _listing(scim, judge, model)
    total = _whole(judge, listing)
    for start in (total + 1, total + 1000):
        exchange = listing.get(startIndex=start, count=2)
        if exchange.status == 400:
            judge.advise(
                "RFC7644-3.4.2.4-12", expected="200 with no resources", observed=exchange.summary(), at=exchange
            )
            judge.skip("RFC7644-3.4.2.4-10", "pages behind the last result are refused")
            continue
        judge.expect(
            "RFC7644-3.4.2.4-12",
            exchange.status == 200 and not exchange.resources,
            expected="200 with no resources",
            observed=_told(exchange),
            at=(*listing.evidence, exchange),
        )
        judge.expect(
            "RFC7644-3.4.2.4-10",
            exchange.status != 200 or _total(exchange) == total,
            expected=f"totalResults {total} as on any page",
            observed=_told(exchange),
            at=(*listing.evidence, exchange),
        )


@check("RFC7644-3.4.2.4-13", needs=("list",))
def test_numbers_that_are_none_do_no_harm(scim: Target, judge: Judge) -> None:
    """``startIndex`` and ``count`` that are no integers are refused or ignored."""
    listing = listings(scim, scim.primary)[0]
    for name, value in (("count", "abc"), ("startIndex", "abc"), ("count", "1.5"), ("startIndex", "")):
        exchange = listing.get(**{name: value})
        judge.expect(
            "RFC7644-3.4.2.4-13",
            exchange.status < 500,
            expected="400, or the parameter ignored",
            observed=exchange.summary(),
            at=exchange,
        )


@check("RFC7643-5-14", needs=("list",))
def test_no_list_is_longer_than_announced(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """No list holds more resources than ``filter.maxResults``, whatever ``count`` says."""
    announced = scim.config.get("filter")
    told = announced if isinstance(announced, dict) and announced.get("supported") is not False else {}
    limit = told.get("maxResults")  # one of the options of filters: it says nothing where they are not supported
    if not isinstance(limit, int) or isinstance(limit, bool) or limit <= 0:
        judge.not_applicable("ServiceProviderConfig announces no limit for lists")
    for listing in listings(scim, model):
        for params in ({}, {"count": limit + 1}):
            exchange = listing.get(**params)
            judge.expect(
                "RFC7643-5-14",
                len(exchange.resources) <= limit,
                expected=f"at most {limit} resources, as ServiceProviderConfig says",
                observed=_told(exchange),
                at=(*listing.evidence, exchange),
            )
