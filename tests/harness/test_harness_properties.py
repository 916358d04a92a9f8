"""Properties find the smallest example that breaks them, the same one each time, within their bounds."""

from __future__ import annotations

from ast import literal_eval
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import strategies as st

from scimcheck.checks.findings import ConformanceFailure, Verdict
from scimcheck.client.exchange import Exchange
from scimcheck.harness.generated_logic import Term, clause, meaning, text_of
from scimcheck.harness.judge import Judge
from scimcheck.harness.parallel import at_once
from scimcheck.harness.properties import Broken, Effort, falsify, settle
from scimcheck.requirements.catalogue import load

NUMBERS = st.lists(st.integers(0, 99), max_size=8).map(tuple)


@dataclass
class Run:
    """What a property needs of a target."""

    depth: str = "standard"
    seed: int = 7


class Sums:
    """A property: no numbers add up to more than 150. Counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, ...]] = []

    def __call__(self, numbers: tuple[int, ...]) -> Broken | None:
        self.asked.append(numbers)
        return Broken("RFC7644-3.4.2.2-25", "150 or less", repr(numbers)) if sum(numbers) > 150 else None


def found(run: Run, sums: Sums, effort: Effort, **options: object) -> Broken | None:
    return falsify(run, NUMBERS, sums, effort, **options)  # type: ignore[arg-type]


def test_the_example_told_is_the_smallest() -> None:
    told = found(Run(), Sums(), Effort(50, 50, 400))
    assert told is not None
    assert sum(literal_eval(told.observed)) == 151
    assert len(literal_eval(told.observed)) == 2


def test_one_seed_gives_one_course() -> None:
    one, other = Sums(), Sums()
    assert found(Run(), one, Effort(30, 30)) == found(Run(), other, Effort(30, 30))
    assert one.asked == other.asked


def test_nothing_is_asked_twice_or_beyond_the_bounds() -> None:
    sums = Sums()
    found(Run(), sums, Effort(30, 30, 5))
    assert len(sums.asked) == len(set(sums.asked)) <= 30 + 5


def test_a_quick_run_tries_what_was_written_down_alone() -> None:
    sums = Sums()
    assert found(Run("quick"), sums, Effort(30, 30), first=[(1,), (2,)]) is None
    assert sums.asked == [(1,), (2,)]


def test_examples_written_down_come_first() -> None:
    told = found(Run(), Sums(), Effort(30, 30), first=[(99, 98)])
    assert told is not None
    assert told.observed == "(99, 98)"


def test_a_crash_ends_the_search_and_is_no_counter_example() -> None:
    asked: list[object] = []

    def crash(numbers: object) -> Broken | None:
        asked.append(numbers)
        raise OSError("no answer")

    with pytest.raises(OSError, match="no answer"):
        falsify(Run(), NUMBERS, crash, Effort(30, 30))  # type: ignore[arg-type]
    assert len(asked) == 1


def test_nothing_is_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found(Run(), Sums(), Effort(30, 30))
    assert not list(tmp_path.iterdir())


def test_the_clause_of_the_example_fails_and_the_others_hold() -> None:
    judge = Judge(load(), ["RFC7644-3.4.2.2-25", "RFC7644-3.4.2.2-26"])
    settle(judge, Run(), Broken("RFC7644-3.4.2.2-26", "this", "that"), *judge.requirements)  # type: ignore[arg-type]
    with pytest.raises(ConformanceFailure):
        judge.finish()
    assert {finding.requirement: finding.verdict for finding in judge.findings} == {
        "RFC7644-3.4.2.2-25": Verdict.PASSED,
        "RFC7644-3.4.2.2-26": Verdict.FAILED,
    }
    assert "--scim-seed 7" in next(f.observed for f in judge.findings if f.verdict is Verdict.FAILED)


def test_combinations_are_written_with_the_parentheses_that_they_need() -> None:
    known = [Term("a pr", frozenset("xy")), Term("b pr", frozenset("y")), Term("c pr", frozenset("z"))]
    tree = ("and", ("or", 0, 2), ("not", ("and", 1, 2)))
    assert text_of(tree, known) == "(a pr or c pr) and not (b pr and c pr)"
    assert meaning(tree, known, frozenset("xyz")) == frozenset("xyz")
    assert text_of(("or", 0, ("and", 1, 2)), known) == "a pr or b pr and c pr"
    assert clause(("or", 0, ("and", 1, 2)), "a pr or b pr and c pr") == "RFC7644-3.4.2.2-29"
    assert clause(("not", 0), "not (a pr)") == "RFC7644-3.4.2.2-27"


def test_requests_at_once_are_answered_in_their_order() -> None:
    """None is sent before all are ready, or the barrier would break."""

    def answer(number: int) -> Exchange:
        return Exchange(str(number), "GET", "", "/", "", (), b"", 200, "", (), b"", "", 0.0)

    answers = at_once([lambda number=number: answer(number) for number in range(5)])  # type: ignore[misc]
    assert [each.id for each in answers] == ["0", "1", "2", "3", "4"]
