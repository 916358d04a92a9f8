"""The judge: what a check says becomes findings, and every requirement of it gets one."""

from __future__ import annotations

import pytest

from scimcheck.checks.findings import Blocked, ConformanceFailure, NotApplicable, Verdict
from scimcheck.harness.judge import Judge
from scimcheck.requirements.catalogue import load

MUST, SECOND, SHOULD, MAY = "RFC7644-3.3-01", "RFC7644-3.3-03", "RFC7644-3.3-02", "RFC7644-3.3-14"


def judge_of(*requirements: str, strict: bool = False) -> Judge:
    """A judge of those requirements."""
    return Judge(load(), requirements, check="c", subject="User", strict=strict)


def verdicts(judge: Judge) -> dict[str, Verdict]:
    """The worst verdict by requirement."""
    names = {finding.requirement for finding in judge.findings}
    return {name: Verdict.worst(f.verdict for f in judge.findings if f.requirement == name) for name in names}


def test_what_holds_passes() -> None:
    """A check that ends normally passes all it has judged."""
    judge = judge_of(MUST, SECOND)
    assert judge.expect(MUST, True, expected=1, observed=1)
    judge.expect(SECOND, [1], expected="some", observed="one")
    judge.finish()
    assert verdicts(judge) == {MUST: Verdict.PASSED, SECOND: Verdict.PASSED}


def test_what_does_not_hold_fails_at_the_end() -> None:
    """An expectation goes on; the end raises with every failure."""
    judge = judge_of(MUST, SECOND)
    assert not judge.expect(MUST, False, expected="201", observed="200")
    judge.expect(SECOND, True, expected="x", observed="x")
    with pytest.raises(ConformanceFailure, match="expected 201; observed 200"):
        judge.finish()
    assert verdicts(judge) == {MUST: Verdict.FAILED, SECOND: Verdict.PASSED}


def test_a_demand_blocks_the_rest() -> None:
    """What comes after a broken demand is blocked by it."""
    judge = judge_of(MUST, SECOND)
    with pytest.raises(ConformanceFailure) as raised:
        judge.demand(MUST, False, expected="201", observed="500")
    judge.finish(raised.value)
    assert verdicts(judge) == {MUST: Verdict.FAILED, SECOND: Verdict.BLOCKED}
    assert judge.findings[-1].blocked_by == MUST


def test_levels_decide_what_breaking_amounts_to() -> None:
    """SHOULD is an advisory, in a strict run a failure; MAY never is."""
    mild, strict = judge_of(SHOULD, MAY), judge_of(SHOULD, MAY, strict=True)
    for judge in (mild, strict):
        judge.expect(SHOULD, False, expected="a", observed="b")
        judge.expect(MAY, False, expected="a", observed="b")
    mild.finish()
    with pytest.raises(ConformanceFailure):
        strict.finish()
    assert verdicts(mild) == {SHOULD: Verdict.ADVISORY, MAY: Verdict.ADVISORY}
    assert verdicts(strict) == {SHOULD: Verdict.FAILED, MAY: Verdict.ADVISORY}


def test_a_tolerated_deviation_is_an_advisory_at_any_level() -> None:
    """A listed reading asks for a warning, also where the clause is a MUST."""
    judge = judge_of(MUST)
    judge.advise(MUST, expected="a", observed="b")
    judge.finish()
    assert verdicts(judge) == {MUST: Verdict.ADVISORY}


@pytest.mark.parametrize(
    ("ended", "verdict"),
    [
        (Blocked(SECOND, "POST answered 500"), Verdict.BLOCKED),
        (NotApplicable("no such feature"), Verdict.NOT_APPLICABLE),
        (KeyError("id"), Verdict.ERROR),
    ],
)
def test_how_a_check_ended_settles_what_it_left(ended: BaseException, verdict: Verdict) -> None:
    """Blocked, not applicable, or an error of ours: never a failure of the target."""
    judge = judge_of(MUST)
    judge.finish(ended)
    assert verdicts(judge) == {MUST: verdict}


def test_a_requirement_left_unjudged_is_our_error() -> None:
    """A check cannot be marked with a requirement that it does not look at."""
    judge = judge_of(MUST, SECOND)
    judge.expect(MUST, True, expected="", observed="")
    with pytest.raises(LookupError, match=SECOND):
        judge.finish()


def test_a_requirement_not_marked_is_our_error() -> None:
    """Nor can it judge one that it is not marked with."""
    with pytest.raises(LookupError, match=SECOND):
        judge_of(MUST).expect(SECOND, True, expected="", observed="")


def test_long_observations_are_cut() -> None:
    """A hostile body does not flood the report."""
    judge = judge_of(MUST)
    judge.expect(MUST, False, expected="x", observed="y" * 10_000)
    assert len(judge.findings[0].observed) <= 400
