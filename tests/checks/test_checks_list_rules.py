"""The exchange rules on lists: what each of them calls a fault, and what it leaves alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scimcheck.checks.rules import RuleContext, rules
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.schema import ResourceModel, ResourceType, Schema

CONTEXT = RuleContext((ResourceModel(ResourceType("User", "/Users", urns.USER), Schema(urns.USER)),))
TWO = [{"id": "1"}, {"id": "2"}]
PAGE = {"schemas": [urns.LIST_RESPONSE], "totalResults": 5, "startIndex": 1, "itemsPerPage": 2, "Resources": TWO}


def listed(query: str = "", path: str = "/Users", sent: Any = None, **changes: Any) -> Exchange:
    """A page of a list with changed members; ``None`` leaves a member out."""
    body = {name: value for name, value in {**PAGE, **changes}.items() if value is not None}
    return Exchange(
        id="1", method="GET" if sent is None else "POST", url="", path=path, query=query, request_headers=(),
        request_body=b"" if sent is None else json.dumps(sent).encode(), status=200, reason="", response_headers=(),
        response_body=json.dumps(body).encode(), started="", elapsed=0,
    )  # fmt: skip


def broken(exchange: Exchange) -> set[str]:
    """The requirements of §3.4.2 that rules on lists find broken, by their last part."""
    concerned = [rule for rule in rules() if rule.name.startswith("list-") and rule.when(exchange, CONTEXT)]
    return {problem.requirement[-2:] for rule in concerned for problem in rule.judge(exchange, CONTEXT)}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"schemas": []}, {"01"}),
        ({"schemas": [urns.LIST_RESPONSE.upper()]}, set()),
        ({"totalResults": "5"}, {"02"}),
        ({"totalResults": -1}, {"02"}),
        ({"totalResults": True}, {"02"}),
        ({"totalResults": None}, {"02"}),
        ({"totalResults": None, "nextCursor": "x"}, set()),
        ({"Resources": None}, {"04"}),
        ({"Resources": {"id": "1"}}, {"04"}),
        ({"Resources": ["1"]}, {"04"}),
        ({"totalResults": 0, "Resources": None}, set()),
        ({"startIndex": None}, {"05"}),
        ({"startIndex": "1"}, {"05"}),
        ({"startIndex": None, "nextCursor": "x"}, set()),
        ({"itemsPerPage": None}, {"06"}),
        ({"totalResults": 2, "startIndex": None, "itemsPerPage": None}, set()),
        ({"Resources": [{"id": "1"}, {"userName": "a"}]}, {"12"}),
    ],
)
def test_each_rule_sees_its_own_fault(changes: dict[str, Any], expected: set[str]) -> None:
    """One member that is wrong breaks one requirement, and legal variety breaks none."""
    assert broken(listed(**changes)) == expected


@pytest.mark.parametrize("query", ["count=0", "filter=x&startIndex=9"])
def test_pages_without_resources_may_leave_them_out(query: str) -> None:
    """With count=0, or beyond the end, Resources may be absent though there are matches."""
    assert broken(listed(query, Resources=None)) == set()


def test_searches_are_lists_too() -> None:
    """The answer to a POST to .search is judged, its parameters read from the body."""
    assert broken(listed(path="/Users/.search", sent={"count": 0}, Resources=None)) == set()
    assert broken(listed(path="/Users/.search", sent={"count": 2}, Resources=None)) == {"04"}


@pytest.mark.parametrize("path", ["/Users/42", "/Schemas", "/Bulk"])
def test_other_endpoints_are_no_lists_of_resources(path: str) -> None:
    """Single resources, definitions and bulk answers are none of these rules' business."""
    assert broken(listed(path=path, schemas=[], totalResults=None)) == set()
