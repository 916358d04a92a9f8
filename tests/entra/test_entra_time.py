"""How the time of answers is judged, by exchanges whose times are made up."""

from __future__ import annotations

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.client.exchange import Exchange
from scimcheck.harness.judge import Judge
from scimcheck.requirements.catalogue import load
from suites.entra.test_limits import judge_time

REQUIREMENT = "ENTRA-2.3-05"


def _taking(seconds: float) -> Exchange:
    return Exchange(
        id="1",
        method="GET",
        url="https://scim.example.test/Users/42",
        path="/Users/42",
        query="",
        request_headers=(),
        request_body=b"",
        status=200,
        reason="OK",
        response_headers=(),
        response_body=b"{}",
        started="",
        elapsed=seconds,
        purpose="check",
        check="",
        retries=0,
    )


@pytest.mark.parametrize(
    ("times", "verdict"),
    [((0.2, 0.3, 0.1), Verdict.PASSED), ((10.0, 10.0, 10.0), Verdict.PASSED), ((1.0, 29.5), Verdict.ADVISORY)],
)
def test_answers_together_stay_below_half_a_minute(times: tuple[float, ...], verdict: Verdict) -> None:
    """The sum counts, not the single answer, and more than half a minute is an advisory."""
    judge = Judge(load(), (REQUIREMENT,), check="c", subject="User")
    judge_time(judge, [_taking(seconds) for seconds in times])
    judge.finish()
    assert [finding.verdict for finding in judge.findings] == [verdict]
    assert verdict is Verdict.PASSED or "29.5 s for GET" in judge.findings[0].observed
