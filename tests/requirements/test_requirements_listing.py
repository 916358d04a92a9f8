"""The listing for the command line."""

from __future__ import annotations

from scimcheck.requirements.catalogue import load
from scimcheck.requirements.coverage import measure
from scimcheck.requirements.listing import requirement_lines
from scimcheck.requirements.model import Level

COVERAGE = measure(load(), {"a": ["RFC7644-3.3-01"], "b": ["RFC7644-3.3-01"]})


def test_each_requirement_has_a_line_and_the_figures_come_last() -> None:
    """Id, level, area, number of checks, text; then the summary."""
    lines = requirement_lines(load(), COVERAGE)
    item = load()["RFC7644-3.3-01"]
    line = next(line for line in lines if line.startswith(item.id))
    assert line.split()[:4] == [item.id, item.level.value, item.area, "2"]
    assert line.endswith(item.text)
    assert len(lines) == len(load()) + 1
    assert lines[-1].startswith(f"{len(load())} requirements, ")


def test_untestable_requirements_show_a_dash() -> None:
    """They are listed, but there is no number of checks to expect."""
    item = next(item for item in load().values() if not item.testable)
    line = next(line for line in requirement_lines(load(), COVERAGE) if line.startswith(item.id))
    assert f"  -  {item.text}" in line


def test_uncovered_keeps_only_testable_requirements_without_a_check() -> None:
    """And the summary still speaks of the whole selection."""
    lines = requirement_lines(load(), COVERAGE, uncovered=True)
    assert [line.split()[0] for line in lines[:-1]] == [item.id for item in COVERAGE.uncovered()]
    assert lines[-1] == requirement_lines(load(), COVERAGE)[-1]


def test_level_and_document_narrow_the_selection() -> None:
    """Both conditions hold; the level may be given by its word."""
    lines = requirement_lines(load(), COVERAGE, level="SHOULD", document="entra")
    expected = [item.id for item in load().documents["entra"] if item.level is Level.SHOULD]
    assert [line.split()[0] for line in lines[:-1]] == expected


def test_an_empty_selection_has_only_the_summary() -> None:
    """No table, no failure."""
    assert requirement_lines(load(), COVERAGE, level=Level.MUST, document="entra") == [
        "0 requirements, 0 testable, 0 of them checked (100.0%)"
    ]
