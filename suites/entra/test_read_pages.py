"""Paging through users and groups as Entra's account discovery and the gallery's tests do."""

from __future__ import annotations

from collections import Counter

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.queries import page_query
from scimcheck.harness import check
from scimcheck.harness.entra_search import ask, groups, hit_ids, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

#: What the gallery's tests ask for: pages of five from these positions.
PAGE, STARTS = 5, (1, 6, 11)
#: Further sizes of a page that somebody may ask for.
SIZES = (1, 100, 1000)
#: Most pages that are read of a listing.
LIMIT = 60


def _filled(scim: Target, model: ResourceModel, count: int) -> None:
    """See to it that the endpoint has at least that many resources."""
    total = ask(scim, model, page_query(1, PAGE)).body.get("totalResults")
    if not isinstance(total, int) or total < count:
        scim.shared(model, count - (total if isinstance(total, int) else 0))


def _judge_pages(scim: Target, judge: Judge, requirement: str, model: ResourceModel) -> None:
    _filled(scim, model, STARTS[-1])
    for start in STARTS:
        page = ask(scim, model, page_query(start, PAGE))
        judge.expect(
            requirement,
            page.status == 200 and page.body.get("startIndex") == start and 1 <= len(page.resources) <= PAGE,
            expected=f"200 with startIndex {start} and at most {PAGE} resources",
            observed=f"{page.summary()}: startIndex {page.body.get('startIndex')!r}, {len(page.resources)} resources",
            at=page,
            subject=f"startIndex {start}",
        )


@check("ENTRA-2.1-18", needs=("User", "list", "index"), depth="quick")
def test_users_come_in_pages(scim: Target, judge: Judge) -> None:
    """GET /Users with startIndex and count answers with that page and its startIndex."""
    _judge_pages(scim, judge, "ENTRA-2.1-18", users(scim, judge))


@check("ENTRA-2.1-21", needs=("User", "list", "index"), writes=False)
def test_pages_may_be_of_any_size(scim: Target, judge: Judge) -> None:
    """A page is returned for small and large numbers of resources, smaller than asked for if need be."""
    for size in SIZES:
        page = ask(scim, users(scim, judge), page_query(1, size))
        judge.expect(
            "ENTRA-2.1-21",
            page.status == 200 and len(page.resources) <= size,
            expected=f"200 with at most {size} resources",
            observed=f"{page.summary()} with {len(page.resources)} resources",
            at=page,
            subject=f"count {size}",
        )


@check("ENTRA-2.1-20", needs=("Group", "index"))
def test_groups_come_in_pages(scim: Target, judge: Judge) -> None:
    """GET /Groups with startIndex and count answers with that page and its startIndex."""
    _judge_pages(scim, judge, "ENTRA-2.1-20", groups(scim, judge))


@check("ENTRA-2.1-19", needs=("User", "list", "index"))
def test_pages_hold_everybody_once(scim: Target, judge: Judge) -> None:
    """The pages of a listing of users together hold every user of the run, none of them twice."""
    model = users(scim, judge)
    _filled(scim, model, STARTS[-1])
    known = _ours(scim, model)
    seen, pages = _walk(scim, judge, model)
    if _flaws(seen, known):  # others may have come or gone in the meantime
        seen, pages = _walk(scim, judge, model)
    judge.expect(
        "ENTRA-2.1-19",
        not _flaws(seen, known),
        expected=f"each of the {len(known)} users created before, once",
        observed="; ".join(_flaws(seen, known)),
        at=pages,
    )


def _ours(scim: Target, model: ResourceModel) -> set[str]:
    """The ids of all resources of the type that the run has created and not deleted."""
    scim.shared(model, PAGE)
    paths = (path.partition(f"{model.endpoint}/") for path in scim.ledger.alive)
    return {identifier for head, found, identifier in paths if found and not head}


def _walk(scim: Target, judge: Judge, model: ResourceModel) -> tuple[Counter[str], list[Exchange]]:
    """How often each id was seen on the pages of the whole listing, and the pages."""
    pages: list[Exchange] = []
    seen: Counter[str] = Counter()
    start, total, size = 1, 1, PAGE
    while start <= total:
        page = ask(scim, model, page_query(start, size))
        if page.status != 200 or not isinstance(page.body.get("totalResults"), int):
            judge.blocked("ENTRA-2.1-18", f"a page could not be read: {page.summary()}")
        pages.append(page)
        seen.update(hit_ids(page))
        total = page.body["totalResults"]
        if not page.resources:
            break
        start += len(page.resources)
        size = max(PAGE, -(-total // 8))
        if len(pages) >= LIMIT:
            judge.not_applicable(f"{total} users on pages of {len(page.resources)} are too many to read them all")
    return seen, pages


def _flaws(seen: Counter[str], known: set[str]) -> list[str]:
    missing = sorted(known - set(seen))
    twice = sorted(identifier for identifier in known if seen[identifier] > 1)
    found = [f"{missing[0]} on no page ({len(missing)} missing)"] if missing else []
    return found + ([f"{twice[0]} on several pages ({len(twice)} repeated)"] if twice else [])
