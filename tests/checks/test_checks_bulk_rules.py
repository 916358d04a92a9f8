"""Exchange rules on the answers within bulk responses: what they let pass and what not."""

import json
from typing import Any

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.checks.rules import RuleContext, judge_exchanges, rules
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.requirements.catalogue import load

NUMBER, ANOTHER, PASSWORD = "RFC7644-3.12-03", "RFC7644-3.12-04", "RFC7643-4.1.1-16"


def red(*operations: dict[str, Any]) -> set[str]:
    """The requirements that a bulk response with these operations breaks."""
    body = {"schemas": [urns.BULK_RESPONSE], "Operations": list(operations)}
    exchange = Exchange(
        id="1",
        method="POST",
        url="https://scim.example.test/Bulk",
        path="/Bulk",
        query="",
        request_headers=(),
        request_body=b"",
        status=200,
        reason="",
        response_headers=(("content-type", urns.MEDIA_TYPE),),
        response_body=json.dumps(body).encode(),
        started="",
        elapsed=0.0,
    )
    mine = [rule for rule in rules() if rule.name.startswith("bulk-")]
    outcome = judge_exchanges([exchange], RuleContext(), load(), among=mine)
    return {finding.requirement for finding in outcome.findings if finding.verdict is not Verdict.PASSED}


def failed(inner: Any, outer: Any = "404") -> dict[str, Any]:
    """An operation that failed, with the status within its error and its own."""
    return {"method": "DELETE", "status": outer, "response": {"schemas": [urns.ERROR], "status": inner}}


@pytest.mark.parametrize(
    ("operation", "broken"),
    [
        (failed("404"), set()),
        (failed("404", 404), set()),
        (failed("404", {"code": "404"}), set()),
        (failed(404), {NUMBER}),
        (failed("400"), {ANOTHER}),
        ({"method": "POST", "status": "201"}, set()),
        ({"method": "POST", "status": "201", "response": {"schemas": [urns.USER], "id": "1"}}, set()),
        ({"method": "POST", "status": "201", "response": {"schemas": [urns.USER], "password": None}}, set()),
        ({"method": "POST", "status": "201", "response": {"schemas": [urns.USER], "password": "x"}}, {PASSWORD}),
    ],
)
def test_answers_within_bulk(operation: dict[str, Any], broken: set[str]) -> None:
    """Errors repeat the status of their operation as a string, and no resource has a password."""
    assert red(operation) == broken
