"""The gallery's tests see the faults they should, one by one, and take no legal choice for a fault.

They run on request alone, so that the proof of deviations and variants does not include them. By default a deviation
meets the tests that it fails, and the variants are those with a cost; with ``SCIMCHECK_PROOF=full`` (``make prove``)
each of both meets all 25.
"""

from __future__ import annotations

import os

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.entra.gallery.tests import by_requirement
from scimcheck.provider import variants
from tests.meta import bench
from tests.meta.gallery_proof import COSTS, PROOF, proved, requirements_of

FULL = os.environ.get("SCIMCHECK_PROOF") == "full"

GALLERY = frozenset(by_requirement())


def test_the_reference_provider_passes_all_25() -> None:
    found = bench.run([], GALLERY)
    bad = (Verdict.FAILED, Verdict.ERROR, Verdict.BLOCKED, Verdict.ADVISORY, Verdict.NOT_APPLICABLE)
    assert found.having(Verdict.PASSED) >= GALLERY, found.explain(*bad)


def test_each_of_them_can_fail() -> None:
    assert proved() == GALLERY


@pytest.mark.parametrize("name", PROOF)
def test_a_deviation_fails_exactly_these(name: str) -> None:
    expected = requirements_of(PROOF[name])
    _demand_red(bench.run([name], GALLERY if FULL else expected), expected)


@pytest.mark.parametrize("name", variants() if FULL else COSTS)
def test_a_legal_choice_costs_what_it_is_known_to(name: str) -> None:
    expected = requirements_of(COSTS.get(name, ()))
    _demand_red(bench.run([name], GALLERY if FULL else expected), expected)


def _demand_red(found: bench.Bench, expected: frozenset[str]) -> None:
    told = found.explain(Verdict.FAILED, Verdict.ADVISORY, Verdict.ERROR)
    assert found.red & GALLERY == expected, told
    assert not found.having(Verdict.ERROR, Verdict.BLOCKED) & GALLERY, told
