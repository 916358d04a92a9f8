"""Findings and verdicts: what a check says of a requirement, and how several findings add up.

The exceptions here end a check early; the plugin turns them into findings. None of them is an error of ours:
a crash inside a check stays a crash and counts as *error*, never against the target.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from scimcheck.core.json import JSONObject


class Verdict(str, Enum):
    """The state of a requirement after a run, worst first."""

    FAILED = "failed"
    ERROR = "error"
    BLOCKED = "blocked"
    ADVISORY = "advisory"
    PASSED = "passed"
    NOT_APPLICABLE = "not applicable"

    @classmethod
    def worst(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """The verdict of a requirement judged by several checks; without any it is not applicable."""
        order = list(cls)
        return min(verdicts, key=order.index, default=cls.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement of one check on one requirement.

    ``check`` is the check's name (suite file and function), ``subject`` what was judged (a resource type, an
    endpoint, an attribute), ``exchanges`` the ids of the exchanges that prove it, in order, ``blocked_by`` the
    requirement id of the root cause of a *blocked* finding. ``dialect`` is set when the check spoke in one of Entra's
    dialects (``legacy``, ``compliant``).
    """

    requirement: str
    verdict: Verdict
    check: str = ""
    subject: str = ""
    expected: str = ""
    observed: str = ""
    exchanges: tuple[str, ...] = ()
    blocked_by: str = ""
    hint: str = ""
    count: int = 1
    dialect: str = ""

    def to_json(self) -> JSONObject:
        """The finding as a JSON object."""
        data = asdict(self)
        data["verdict"] = self.verdict.value
        data["exchanges"] = list(self.exchanges)
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Finding:
        """The inverse of :meth:`to_json`."""
        return cls(**{**data, "verdict": Verdict(data["verdict"]), "exchanges": tuple(data["exchanges"])})


class ConformanceFailure(AssertionError):
    """The target broke a requirement. ``findings`` holds what was found, the message is one line for each."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(describe(finding) for finding in self.findings))


class Blocked(Exception):
    """The check could not be judged because a named requirement failed."""

    def __init__(self, blocked_by: str, reason: str) -> None:
        self.blocked_by = blocked_by
        self.reason = reason
        super().__init__(f"blocked by {blocked_by}: {reason}")


class NotApplicable(Exception):
    """The target declares, or has shown, that it lacks what the check needs."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def describe(finding: Finding) -> str:
    """One line: requirement, expected, observed."""
    subject = f" [{finding.subject}]" if finding.subject else ""
    return f"{finding.requirement}{subject}: expected {finding.expected}; observed {finding.observed}"
