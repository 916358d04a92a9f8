"""What checks cost: the figures are about checks that exist, and a run that outgrows them is told."""

from __future__ import annotations

import pytest

from scimcheck.harness.costs import BUDGETS, Costs, load_costs, outdated
from scimcheck.harness.inventory import checks


def test_the_figures_are_about_checks_that_exist() -> None:
    """A check that was renamed or removed has no cost any more."""
    assert set(load_costs().checks) <= {item.name for item in checks()}


def test_the_measured_runs_keep_to_their_budgets() -> None:
    """A quick run and a standard one have a budget each."""
    totals = load_costs().totals
    assert all(totals[depth] <= most for depth, most in BUDGETS.items())


@pytest.mark.parametrize(
    ("depth", "total", "told"),
    [
        ("quick", 300, ""),
        ("quick", 329, ""),
        ("quick", 340, "instead of 300"),
        ("quick", 401, "1 more than it may"),
        ("deep", 9000, ""),
    ],
)
def test_a_run_that_outgrows_the_figures_is_told(depth: str, total: int, told: str) -> None:
    """Small differences do not matter; what was never measured cannot be outdated."""
    found = outdated(Costs({"quick": 300}, {}), depth, total)
    assert told in found
    assert bool(told) == bool(found)


def test_costs_are_told_in_words() -> None:
    """One request, several, or nobody knows."""
    costs = Costs({}, {"a": 1, "b": 2})
    assert [costs.told(name) for name in "abc"] == ["1 request", "2 requests", "not measured"]
