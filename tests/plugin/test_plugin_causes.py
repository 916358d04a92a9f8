"""A cause that blocks others and was not found itself is told, as severely as its level asks."""

from __future__ import annotations

import pytest

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.plugin.wire import with_root_causes
from scimcheck.requirements.catalogue import load

MUST, SHOULD = "RFC7644-3.3-01", "RFC7644-3.12-11"
HELD_UP = "RFC7644-3.4.1-01"


def told(cause: str, *others: Finding, strict: bool = False) -> list[Verdict]:
    """The verdicts on the cause of something blocked, in the completed findings."""
    blocked = Finding(HELD_UP, Verdict.BLOCKED, observed="nothing there", blocked_by=cause)
    found = with_root_causes([blocked, blocked, *others], load(), strict)
    return [finding.verdict for finding in found if finding.requirement == cause]


@pytest.mark.parametrize(
    ("cause", "strict", "verdict"),
    [
        (MUST, False, Verdict.FAILED),
        (MUST, True, Verdict.FAILED),
        (SHOULD, False, Verdict.ADVISORY),
        (SHOULD, True, Verdict.FAILED),
    ],
)
def test_a_cause_is_told_once_by_its_level(cause: str, strict: bool, verdict: Verdict) -> None:
    """A SHOULD that others rest on stays a remark, unless the run is strict."""
    assert told(cause, strict=strict) == [verdict]


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.ADVISORY])
def test_a_cause_that_was_found_is_not_told_again(verdict: Verdict) -> None:
    assert told(SHOULD, Finding(SHOULD, verdict)) == [verdict]
