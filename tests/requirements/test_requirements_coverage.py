"""Coverage: a requirement counts once, untestable ones never, and unknown ids are refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scimcheck.core.errors import UsageError
from scimcheck.requirements.catalogue import load
from scimcheck.requirements.coverage import Tally, measure
from scimcheck.requirements.model import Level

IDS = list(load())
CHECKS = st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from(IDS), max_size=20))


def test_a_requirement_judged_twice_counts_once() -> None:
    """Two checks of one requirement cover one requirement, and both are named, in order."""
    coverage = measure(load(), {"b": ["RFC7644-3.3-01"], "a": ["RFC7644-3.3-01", "RFC7644-3.3-01"]})
    assert coverage.checks["RFC7644-3.3-01"] == ("a", "b")
    assert coverage.total().covered == 1


def test_an_untestable_requirement_does_not_count() -> None:
    """Neither as covered nor as something to cover."""
    untestable = [item.id for item in load().values() if not item.testable]
    coverage = measure(load(), {"check": untestable})
    assert coverage.total().covered == 0
    assert coverage.total().total == len(IDS) - len(untestable)


def test_an_unknown_id_names_check_and_id() -> None:
    """A typing error in a check is found, not ignored."""
    with pytest.raises(UsageError, match=r"suite::test: RFC7644-9\.9-99: no such requirement"):
        measure(load(), {"suite::test": ["RFC7644-9.9-99"]})


def test_full_coverage_leaves_nothing_uncovered() -> None:
    """A check that judges everything covers every document and level."""
    coverage = measure(load(), {"all": IDS})
    assert coverage.uncovered() == []
    assert all(tally.share == 1.0 for tally in coverage.by_document().values())


def test_nothing_to_cover_counts_as_covered() -> None:
    """A share never divides by zero."""
    assert Tally(0, 0).share == 1.0


def test_levels_keep_their_order() -> None:
    """Reports list MUST first."""
    assert list(measure(load(), {}).by_level()) == list(Level)


@settings(deadline=None)
@given(CHECKS)
def test_every_breakdown_adds_up_to_the_total(checks: dict[str, list[str]]) -> None:
    """Documents, levels and their combinations are partitions of the same requirements."""
    coverage = measure(load(), checks)
    total = coverage.total()
    for parts in (coverage.by_document(), coverage.by_level(), coverage.by_document_and_level()):
        tallies = list(parts.values())
        assert sum(tally.covered for tally in tallies) == total.covered
        assert sum(tally.total for tally in tallies) == total.total
    assert len(coverage.uncovered()) == total.total - total.covered


@settings(deadline=None)
@given(CHECKS, CHECKS)
def test_more_checks_never_cover_less(checks: dict[str, list[str]], more: dict[str, list[str]]) -> None:
    """Coverage is monotone."""
    both = checks | {f"{name}2": ids for name, ids in more.items()}
    assert measure(load(), both).total().covered >= measure(load(), checks).total().covered
