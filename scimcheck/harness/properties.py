"""Properties: statements that have to hold for every generated example, and the smallest example that falsifies one.

Examples come from Hypothesis, seeded by ``--scim-seed`` and limited by ``--scim-depth``. What an example showed is
remembered, so that shrinking asks for nothing twice, and a bound on the attempts keeps a broken target from being asked
without end. Nothing is written to disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.strategies import SearchStrategy

from scimcheck.client.exchange import Exchange
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Effort:
    """How many examples a property is given by depth, and how many further attempts shrinking may take."""

    standard: int
    deep: int
    shrinking: int = 60

    def examples(self, depth: str) -> int:
        """The number of generated examples in a run of that depth; a quick one generates none."""
        return {"quick": 0, "standard": self.standard, "deep": self.deep}[depth]


@dataclass(frozen=True, slots=True)
class Broken:
    """What an example showed: the clause it breaks, expected and observed for people, the evidence in order."""

    requirement: str
    expected: str
    observed: str
    at: tuple[Exchange, ...] = ()


#: Tries one example; ``None`` when the property holds for it.
Attempt = Callable[[T], "Broken | None"]


class _Falsified(Exception):
    """An example broke the property."""


@dataclass(slots=True)
class _Trial(Generic[T]):
    """The attempts at one property: each example once, none any more when the bound is reached or one crashed."""

    attempt: Attempt[T]
    left: int
    known: dict[str, Broken | None] = field(default_factory=dict)
    smallest: Broken | None = None
    crash: Exception | None = None

    def breaks(self, example: T) -> bool:
        """Whether the example breaks the property; the last one that did is the smallest so far."""
        key = repr(example)
        if key not in self.known:
            self.known[key] = self._tried(example)
        found = self.known[key]
        if found is not None:
            self.smallest = found
        return found is not None

    def _tried(self, example: T) -> Broken | None:
        if self.left <= 0:
            return None
        self.left -= 1
        try:
            return self.attempt(example)
        except Exception as error:  # Hypothesis would take it for a failure and shrink it, request by request
            self.crash, self.left = error, 0
            return None


def falsify(
    scim: Target, strategy: SearchStrategy[T], attempt: Attempt[T], effort: Effort, *, first: Iterable[T] = ()
) -> Broken | None:
    """The smallest example found that breaks a property; ``None`` when it held for all that were tried.

    ``first`` are examples of the caller's own that are tried before generated ones. Examples need a ``repr`` that tells
    them apart. What ``attempt`` raises ends the search and is raised again.
    """
    count = effort.examples(scim.depth)
    given_first = list(first)
    trial = _Trial(attempt, len(given_first) + count)
    if not any(trial.breaks(example) for example in given_first) and count:
        _explore(scim.seed, strategy, trial, count, effort.shrinking)
    if trial.crash is not None:
        raise trial.crash
    return trial.smallest


def _explore(number: int, strategy: SearchStrategy[T], trial: _Trial[T], count: int, shrinking: int) -> None:
    """Let Hypothesis look for an example that breaks the property, and then for smaller ones."""

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
    )
    @given(strategy)
    def hold(example: T) -> None:
        fresh = trial.smallest is None
        if trial.breaks(example):
            trial.left = shrinking if fresh else trial.left
            raise _Falsified

    try:
        hold()
    except _Falsified:
        return


def settle(judge: Judge, scim: Target, broken: Broken | None, *requirements: str) -> None:
    """Judge the requirements of a property: the one that the example breaks failed, the others held."""
    for requirement in requirements:
        judge.expect(requirement, True, expected="", observed="")
    if broken is not None:
        judge.expect(
            broken.requirement,
            False,
            expected=broken.expected,
            observed=f"{broken.observed} (generated; --scim-seed {scim.seed} brings it back)",
            at=broken.at,
        )
