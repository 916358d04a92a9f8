"""What blocked a check in its course is shown with the exchange that its reason tells of."""

from __future__ import annotations

import json

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.client.exchange import Exchange
from scimcheck.plugin.state import with_evidence


def _exchange(number: int, status: int) -> Exchange:
    return Exchange(
        id=str(number), method="PATCH", url="https://a.example/Users/1", path="/Users/1", query="", request_headers=(),
        request_body=b"", status=status, reason="", response_headers=(), response_body=json.dumps({}).encode(),
        started="", elapsed=0,
    )  # fmt: skip


def test_a_reason_has_the_last_exchange_it_tells_of() -> None:
    """The later one of two that look alike is the evidence; another answer is none."""
    blocked = Finding(
        "RFC7644-3.5.2-10", Verdict.BLOCKED, "c", observed="no: PATCH /Users/1 → 500 (oh)", blocked_by="X"
    )
    last_first = [_exchange(3, 200), _exchange(2, 500), _exchange(1, 500)]
    assert [finding.exchanges for finding in with_evidence([blocked], last_first)] == [("2",)]


def test_other_findings_stay_as_they_are() -> None:
    """What passed, what has evidence of its own and what was blocked before it began gets none."""
    passed = Finding("RFC7644-3.5.2-10", Verdict.PASSED, "c", observed="PATCH /Users/1 → 500")
    shown = Finding("RFC7644-3.5.2-10", Verdict.BLOCKED, "c", observed="PATCH /Users/1 → 500", exchanges=("9",))
    early = Finding("RFC7644-3.5.2-10", Verdict.BLOCKED, "c", observed="PATCH does not work")
    assert with_evidence([passed, shown, early], [_exchange(1, 500)]) == [passed, shown, early]
