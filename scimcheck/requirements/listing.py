"""The catalogue as lines of text, for the command line."""

from __future__ import annotations

from scimcheck.requirements.catalogue import Catalogue
from scimcheck.requirements.coverage import Coverage, Tally
from scimcheck.requirements.model import Level, Requirement


def requirement_lines(
    catalogue: Catalogue,
    coverage: Coverage,
    *,
    uncovered: bool = False,
    level: Level | str | None = None,
    document: str | None = None,
) -> list[str]:
    """One line for each requirement (id, level, area, text, number of checks), then the coverage of the selection.

    ``uncovered`` keeps the testable requirements without a check; ``level`` and ``document`` keep their own.
    A requirement that cannot be tested has a dash in place of the number.
    """
    items = [
        item
        for item in catalogue.values()
        if (level is None or item.level == level) and (document is None or item.document == document)
    ]
    shown = [item for item in items if item.testable and not coverage.checks[item.id]] if uncovered else items
    return [*_table(shown, coverage), _summary(len(items), coverage.tally(items))]


def _table(items: list[Requirement], coverage: Coverage) -> list[str]:
    """The requirements as aligned columns."""
    rows = [(item.id, item.level.value, item.area, _checks(item, coverage), item.text) for item in items]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return [
        f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]:>{widths[3]}}  {row[4]}"
        for row in rows
    ]


def _checks(item: Requirement, coverage: Coverage) -> str:
    return str(len(coverage.checks[item.id])) if item.testable else "-"


def _summary(count: int, tally: Tally) -> str:
    return f"{count} requirements, {tally.total} testable, {tally.covered} of them checked ({tally.share:.1%})"
