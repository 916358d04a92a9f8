"""How much of the catalogue is judged: the floor, the reasons for the rest, and the page that shows it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from scimcheck.harness.inventory import coverage
from scimcheck.requirements.catalogue import load
from scimcheck.requirements.model import Level
from scimcheck.requirements.reasons import load_reasons, reason_problems

ROOT = Path(__file__).resolve().parents[2]

#: Extensions of the protocol that a base server does not have.
OPTIONAL = "optional_events_and_devices"


@pytest.mark.parametrize(
    ("levels", "floor"),
    [((Level.MUST, Level.MUST_NOT), 0.97), ((Level.SHOULD, Level.SHOULD_NOT), 0.90), ((Level.ENTRA,), 1.0)],
)
def test_coverage_does_not_fall(levels: tuple[Level, ...], floor: float) -> None:
    """At least this share of the testable requirements of these levels has a check."""
    concerned = [item for item in load().values() if item.level in levels and item.document != OPTIONAL]
    assert coverage().tally(concerned).share >= floor


def test_what_is_not_judged_has_a_reason() -> None:
    """No requirement is left out silently, and no reason outlives its need."""
    assert reason_problems(load_reasons(), load(), coverage()) == []


def test_the_page_is_current() -> None:
    """docs/coverage.md is what tools/make_coverage_page.py writes."""
    tool = _tool()
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(coverage())


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_coverage_page", ROOT / "tools" / "make_coverage_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
