"""What a requirement is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(str, Enum):
    """How strongly a requirement binds the service provider."""

    MUST = "MUST"
    MUST_NOT = "MUST NOT"
    SHOULD = "SHOULD"
    SHOULD_NOT = "SHOULD NOT"
    MAY = "MAY"
    ENTRA = "ENTRA"

    @property
    def fails(self) -> bool:
        """Whether breaking it is a failure (MUST, ENTRA) rather than an advisory."""
        return self in (Level.MUST, Level.MUST_NOT, Level.ENTRA)

    def fails_in(self, strict: bool) -> bool:
        """The same in a run that may be strict, where breaking a SHOULD is a failure, too."""
        return self.fails or (strict and self in (Level.SHOULD, Level.SHOULD_NOT))


@dataclass(frozen=True, slots=True)
class Requirement:
    """One clause. ``needs`` are the words of the catalogue's README; the ``entra`` keys are empty for RFC clauses.

    ``dialect`` is ``any``, ``legacy`` (compatibility flag off) or ``compliant`` (flag on); ``why`` says why Entra needs
    it, ``consequence`` what Entra does when it is broken, ``fix`` what the vendor changes, ``severity`` one of
    blocks-connection, breaks-provisioning, loses-data, slows, cosmetic.
    """

    id: str
    section: str
    level: Level
    area: str
    text: str
    check: str
    testable: bool
    needs: tuple[str, ...]
    url: str
    note: str = ""
    document: str = ""
    dialect: str = "any"
    why: str = ""
    consequence: str = ""
    fix: str = ""
    severity: str = ""
    confidence: str = ""
    source: str = ""
