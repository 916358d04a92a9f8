"""What is known of one requirement after a run."""

from __future__ import annotations

from dataclasses import dataclass

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.requirements.model import Level, Requirement

#: What a broken Entra requirement costs, worst first.
SEVERITIES = ("blocks-connection", "breaks-provisioning", "loses-data", "slows", "cosmetic")


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """One requirement with its verdict, the worst that any check reached.

    ``deciding`` are the findings that carry the verdict, equal ones merged with their counts added; ``findings`` all of
    them. ``checks`` names who judged, ``reasons`` says in words why something was not judged, ``blocked_by`` holds the
    ids of the requirements that a *blocked* one waits for.
    """

    requirement: Requirement
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    deciding: tuple[Finding, ...] = ()
    checks: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether any check of this run said something about it."""
        return bool(self.findings)


def severity_rank(requirement: Requirement) -> int:
    """Where a requirement stands in :data:`SEVERITIES`; one without severity stands after the first two."""
    return SEVERITIES.index(requirement.severity) if requirement.severity in SEVERITIES else 2


def is_entra(requirement: Requirement) -> bool:
    """Whether Entra rather than an RFC asks for it, at whatever level."""
    return requirement.level is Level.ENTRA or requirement.document == "entra"
