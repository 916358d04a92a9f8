"""List responses and search requests."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core import urns
from scimcheck.core.errors import InvalidSyntax, InvalidValue, ScimError
from scimcheck.core.messages import SearchRequest, list_response


def test_list_response_leaves_out_what_is_none() -> None:
    assert list_response(None, None) == {"schemas": [urns.LIST_RESPONSE]}
    assert list_response([], 0) == {"schemas": [urns.LIST_RESPONSE], "totalResults": 0, "Resources": []}


def test_list_response_with_everything() -> None:
    assert list_response(iter([{"id": "1"}]), 9, 3, 1, nextCursor="c") == {
        "schemas": [urns.LIST_RESPONSE],
        "totalResults": 9,
        "startIndex": 3,
        "itemsPerPage": 1,
        "Resources": [{"id": "1"}],
        "nextCursor": "c",
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {}),
        ("aadOptscim062020", {}),
        ("filter=userName+eq+%22a%40b%22", {"filter": 'userName eq "a@b"'}),
        (
            "filter=meta.created%20gt%20%222020-01-01T00:00:00%2B02:00%22",
            {"filter": 'meta.created gt "2020-01-01T00:00:00+02:00"'},
        ),
        ("filter=", {"filter": ""}),
        ("attributes=userName,name.givenName", {"attributes": ("userName", "name.givenName")}),
        ("attributes=userName,%20displayName,,", {"attributes": ("userName", "displayName")}),
        ("attributes=a&attributes=b", {"attributes": ("a", "b")}),
        ("attributes=", {}),
        ("excludedAttributes=members", {"excluded_attributes": ("members",)}),
        ("sortBy=userName&sortOrder=descending", {"sort_by": "userName", "sort_order": "descending"}),
        ("sortOrder=Ascending", {"sort_order": "ascending"}),
        ("startIndex=2&count=10", {"start_index": 2, "count": 10}),
        ("startIndex=-5&count=0", {"start_index": -5, "count": 0}),
        ("startIndex=&count=", {}),
        ("count=1&count=x", {"count": 1}),
        ("cursor", {"cursor": ""}),
        ("cursor=&count=2", {"cursor": "", "count": 2}),
        ("cursor=abc-._~", {"cursor": "abc-._~"}),
        ("FILTER=x&unknown=1", {}),
    ],
)
def test_search_from_query(query: str, expected: dict[str, Any]) -> None:
    assert SearchRequest.from_query(query) == SearchRequest(**expected)


@pytest.mark.parametrize(
    "query",
    [
        "count=x",
        "count=1.5",
        "count=1e3",
        "startIndex=%D9%A1",
        "startIndex=--1",
        "count=" + "9" * 5000,
        "sortOrder=up",
        "filter=%FF",
    ],
)
def test_query_that_makes_no_sense(query: str) -> None:
    with pytest.raises(InvalidValue):
        SearchRequest.from_query(query)


def search(**members: Any) -> dict[str, Any]:
    return {"schemas": [urns.SEARCH_REQUEST], **members}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (search(), {}),
        (search(attributes=["userName", "name.givenName"]), {"attributes": ("userName", "name.givenName")}),
        (search(attributes=[], excludedAttributes=["members"]), {"excluded_attributes": ("members",)}),
        (
            search(filter='userName eq "a"', sortBy="userName", sortOrder="descending"),
            {"filter": 'userName eq "a"', "sort_by": "userName", "sort_order": "descending"},
        ),
        (search(startIndex=1, count=-1, cursor=""), {"start_index": 1, "count": -1, "cursor": ""}),
        (search(FILTER="x", Count=2), {"filter": "x", "count": 2}),
        (search(filter=None, count=None, unknown=1), {}),
    ],
)
def test_search_from_json(body: Any, expected: dict[str, Any]) -> None:
    assert SearchRequest.from_json(body) == SearchRequest(**expected)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"schemas": []},
        {"schemas": [urns.PATCH_OP]},
        {"schemas": urns.SEARCH_REQUEST},
        search(attributes="userName"),
        search(attributes=[1]),
        search(filter=1),
        search(sortBy=["x"]),
        search(count="1"),
        search(count=True),
        search(startIndex=1.5),
        search(cursor=1),
    ],
)
def test_malformed_search_is_invalid_syntax(body: Any) -> None:
    with pytest.raises(InvalidSyntax):
        SearchRequest.from_json(body)


def test_unknown_sort_order_in_a_body() -> None:
    with pytest.raises(InvalidValue):
        SearchRequest.from_json(search(sortOrder="up"))


@pytest.mark.parametrize(("order", "descending"), [(None, False), ("ascending", False), ("descending", True)])
def test_descending(order: Any, descending: bool) -> None:
    assert SearchRequest(sort_order=order).descending is descending


def _reads(query: str) -> bool:
    try:
        SearchRequest.from_query(query)
    except ScimError:
        return False
    return True


@given(
    st.text(max_size=40) | st.lists(st.sampled_from(["count=", "filter=", "&", "%", "%F", "1", ";", "="])).map("".join)
)
def test_any_query_is_read_or_answered(query: str) -> None:
    assert _reads(query) in (True, False)
