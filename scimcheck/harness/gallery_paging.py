"""Tests 23 and 24 of the gallery: pages of five by index."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.harness.gallery import GROUPS, USERS, GalleryRun

PAGE, AT_LEAST, MOST_PAGES = 5, 11, 10


def page_users(run: GalleryRun) -> None:
    """SCIM_User_Pagination_Test."""
    _paginate(run, USERS)


def page_groups(run: GalleryRun) -> None:
    """SCIM_Group_Pagination_Test."""
    _paginate(run, GROUPS)


def _paginate(run: GalleryRun, endpoint: str) -> None:
    first = run.step("Get_First_Page", "GET", endpoint, query=f"startIndex=1&count={PAGE}")
    for _ in range(AT_LEAST - (_number(first.body.get("totalResults")) or 0)):
        run.step("Create_Resources", "POST", endpoint, json=_body(run, endpoint))
    pages = _pages(run, endpoint)
    wrong = [told for number, page in enumerate(pages) if (told := _wrong(number, page))]
    run.demand(len(pages) >= 2, "Validate_Pages", f"{len(pages)} page instead of two or more")
    run.demand(not wrong, "Validate_Pages", "; ".join(wrong))


def _body(run: GalleryRun, endpoint: str) -> JSONObject:
    if endpoint == GROUPS:
        name = f"PagGroup {run.values.unique()}"
        return run.completed(GROUPS, {"schemas": [urns.GROUP], "displayName": name})
    body = run.values.body(run.mapping.user, run.values.user_name("paguser"))
    body["displayName"] = f"PagUser {run.values.unique()}"
    return run.completed(USERS, body)


def _pages(run: GalleryRun, endpoint: str) -> list[Exchange]:
    """The pages as the workflow follows them; it counts what came, not what it asked for."""
    pages: list[Exchange] = []
    start = 1
    while len(pages) < MOST_PAGES:
        page = run.ask("GET", endpoint, query=f"startIndex={start}&count={PAGE}")
        pages.append(page)
        start = (_number(page.body.get("startIndex")) or 1) + len(page.resources)
        if not page.resources or start > (_number(page.body.get("totalResults")) or 0):
            break
    return pages


def _wrong(number: int, page: Exchange) -> str:
    """What is wrong with a page; empty when nothing is."""
    wanted, shown = number * PAGE + 1, _number(page.body.get("startIndex")) or 0
    if page.status != 200:
        return f"page {number + 1} answered {page.status}"
    return "" if shown == wanted else f"page {number + 1} has startIndex {shown} instead of {wanted}"


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
