import re

import pytest
from provider_client import Client

from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.provider.tokens import SECOND_TENANT_TOKEN


def _filled(variant: str = "cursor-pagination", **settings: object) -> Client:
    client = Client(variant, **settings)
    for number in range(7):
        client.user(f"user{number}", title="Dr" if number % 2 else None)
    return client


def _pages(client: Client, query: str = "") -> list[JSONObject]:
    pages = [client.get("/Users", f"cursor&count=3&{query}").body]
    while "nextCursor" in pages[-1]:
        pages.append(client.get("/Users", f"cursor={pages[-1]['nextCursor']}&count=3&{query}").body)
    return pages


def _names(page: JSONObject) -> list[str]:
    return [resource["userName"] for resource in page["Resources"]]


def test_following_cursors_gives_every_result_once() -> None:
    """RFC 9865 §2."""
    pages = _pages(_filled())
    assert [_names(page) for page in pages] == [
        ["user0", "user1", "user2"], ["user3", "user4", "user5"], ["user6"],
    ]  # fmt: skip
    assert {page["totalResults"] for page in pages} == {7}
    assert ["previousCursor" in page for page in pages] == [False, True, True]
    assert all(re.fullmatch(r"[A-Za-z0-9._~-]+", page["nextCursor"]) for page in pages[:-1])


def test_previous_cursors_lead_back() -> None:
    client = _filled()
    pages = _pages(client)
    middle = client.get("/Users", f"cursor={pages[2]['previousCursor']}&count=3").body
    first = client.get("/Users", f"cursor={middle['previousCursor']}&count=3").body
    assert (_names(middle), _names(first)) == (_names(pages[1]), _names(pages[0]))
    assert "previousCursor" not in first


def test_cursors_combine_with_filter_order_and_projection() -> None:
    query = "filter=title+pr&sortBy=userName&sortOrder=descending&attributes=userName"
    pages = _pages(_filled(), query)
    assert [_names(page) for page in pages] == [["user5", "user3", "user1"]]


def test_search_takes_cursors() -> None:
    """RFC 9865 §3."""
    client = _filled()
    body = {"schemas": [urns.SEARCH_REQUEST], "cursor": "", "count": 5}
    first = client.post("/Users/.search", body).body
    second = client.post("/Users/.search", {**body, "cursor": first["nextCursor"]}).body
    assert (len(first["Resources"]), _names(second)) == (5, ["user5", "user6"])


@pytest.mark.parametrize(
    ("query", "scim_type"),
    [
        ("cursor=nonsense", "invalidCursor"),
        ("cursor=%C3%A9", "invalidCursor"),
        ("cursor={next}x&count=3", "invalidCursor"),
        ("cursor={flipped}&count=3", "invalidCursor"),
        ("cursor={next}&count=3&filter=title+pr", "invalidCursor"),
        ("cursor={next}&count=2", "invalidCount"),
        ("cursor&count=1001", "invalidCount"),
    ],
)
def test_forged_and_misused_cursors_are_refused(query: str, scim_type: str) -> None:
    """RFC 9865 §2.1, §5.2."""
    client = _filled()
    cursor = client.get("/Users", "cursor&count=3").body["nextCursor"]
    flipped = cursor[:20] + ("A" if cursor[20] != "A" else "B") + cursor[21:]
    answer = client.get("/Users", query.format(next=cursor, flipped=flipped))
    assert (answer.status, answer.scim_type) == (400, scim_type)


def test_cursor_of_another_tenant_or_endpoint_is_invalid() -> None:
    client = _filled()
    cursor = client.get("/Users", "cursor&count=3").body["nextCursor"]
    assert client.as_(SECOND_TENANT_TOKEN).get("/Users", f"cursor={cursor}").scim_type == "invalidCursor"
    assert client.get("/Groups", f"cursor={cursor}").scim_type == "invalidCursor"


def test_cursor_expires() -> None:
    client = _filled(cursor_timeout=-10)
    cursor = client.get("/Users", "cursor&count=3").body["nextCursor"]
    assert client.get("/Users", f"cursor={cursor}").scim_type == "expiredCursor"


def test_zero_and_negative_counts_give_the_total_only() -> None:
    client = _filled()
    for count in (0, -3):
        body = client.get("/Users", f"cursor=&count={count}").body
        assert (body["totalResults"], body["Resources"], "nextCursor" in body) == (7, [], False)


def test_method_is_chosen_by_parameter_and_default() -> None:
    """RFC 9865 §2.4."""
    assert "nextCursor" not in _filled().get("/Users", "count=3").body
    by_default = _filled("cursor-pagination-by-default")
    assert "nextCursor" in by_default.get("/Users", "count=3").body
    assert "nextCursor" not in by_default.get("/Users", "startIndex=1&count=3").body
    assert "nextCursor" in _filled("cursor-pagination-only").get("/Users", "startIndex=1&count=3").body


def test_configuration_describes_cursors_and_its_schema_too() -> None:
    """RFC 9865 §4."""
    client = Client("cursor-pagination")
    pagination = client.get("/ServiceProviderConfig").body["pagination"]
    assert (pagination["cursor"], pagination["index"], pagination["defaultPaginationMethod"]) == (True, True, "index")
    schema = client.get("/Schemas/" + urns.SERVICE_PROVIDER_CONFIG).body
    defined = next(item for item in schema["attributes"] if item["name"] == "pagination")
    assert set(pagination) == {sub["name"] for sub in defined["subAttributes"]}
    assert "pagination" not in Client().get("/ServiceProviderConfig").body


def test_cursor_is_an_unknown_parameter_where_unsupported() -> None:
    assert Client().get("/Users", "cursor=x").status == 200
