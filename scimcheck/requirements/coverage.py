"""Which requirements have a check: pure functions from check names to figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scimcheck.core.errors import UsageError
from scimcheck.requirements.catalogue import Catalogue
from scimcheck.requirements.model import Level, Requirement


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of ``total`` testable requirements at least one check judges."""

    covered: int
    total: int

    @property
    def share(self) -> float:
        """The covered share, 0.0 to 1.0; nothing to cover counts as covered."""
        return self.covered / self.total if self.total else 1.0


@dataclass(frozen=True)
class Coverage:
    """The checks of each requirement of a catalogue. ``checks`` holds every id, in catalogue order."""

    catalogue: Catalogue
    checks: Mapping[str, tuple[str, ...]]

    def by_document(self) -> dict[str, Tally]:
        """Testable requirements by document."""
        return {name: self.tally(group) for name, group in self.catalogue.documents.items()}

    def by_level(self) -> dict[Level, Tally]:
        """Testable requirements by level, levels in their order of strength."""
        return {level: self.tally(item for item in self.catalogue.values() if item.level is level) for level in Level}

    def by_document_and_level(self) -> dict[tuple[str, Level], Tally]:
        """Testable requirements by document and level, without the combinations that no requirement has."""
        cells: dict[tuple[str, Level], list[Requirement]] = {}
        for item in self.catalogue.values():
            cells.setdefault((item.document, item.level), []).append(item)
        return {cell: self.tally(group) for cell, group in cells.items()}

    def tally(self, requirements: Iterable[Requirement]) -> Tally:
        """The figure for any selection of requirements; the untestable ones among them do not count."""
        testable = [item for item in requirements if item.testable]
        return Tally(sum(bool(self.checks[item.id]) for item in testable), len(testable))

    def total(self) -> Tally:
        """All testable requirements of the catalogue."""
        return self.tally(self.catalogue.values())

    def uncovered(self) -> list[Requirement]:
        """The testable requirements that no check judges, in catalogue order."""
        return [item for item in self.catalogue.values() if item.testable and not self.checks[item.id]]


def measure(catalogue: Catalogue, checks: Mapping[str, Iterable[str]]) -> Coverage:
    """The coverage by ``checks`` (check name to requirement ids); UsageError for an id the catalogue lacks."""
    found: dict[str, set[str]] = {requirement_id: set() for requirement_id in catalogue}
    for check, ids in checks.items():
        for requirement_id in ids:
            if requirement_id not in found:
                raise UsageError(f"{check}: {requirement_id}: no such requirement")
            found[requirement_id].add(check)
    return Coverage(catalogue, {requirement_id: tuple(sorted(names)) for requirement_id, names in found.items()})
