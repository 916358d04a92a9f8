"""Why a testable requirement has no check: ``fixtures/requirements/uncovered.toml``, one written reason an id."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scimcheck.core.errors import UsageError
from scimcheck.requirements.catalogue import Catalogue, read_toml
from scimcheck.requirements.coverage import Coverage
from scimcheck.resources import bundled


def load_reasons(path: Path | None = None) -> dict[str, str]:
    """The reasons by requirement id, from the bundled file or ``path``; UsageError names file and key."""
    path = path or bundled("fixtures") / "requirements" / "uncovered.toml"
    content = read_toml(path)
    reasons = content.get("reasons", {})
    if set(content) - {"reasons"} or not isinstance(reasons, dict):
        raise UsageError(f"{path.name}: expected one table named reasons")
    for requirement_id, reason in reasons.items():
        if not _is_sentence(reason):
            raise UsageError(f"{path.name}: {requirement_id}: expected a sentence with a full stop as the reason")
    return reasons


def reason_problems(reasons: Mapping[str, str], catalogue: Catalogue, coverage: Coverage) -> list[str]:
    """What is wrong with the list of reasons, one line each: an entry that is not needed, a requirement without one.

    A requirement that cannot be tested needs no reason, and one that has a check must not have a reason.
    """
    problems = [problem for entry in reasons if (problem := _entry_problem(entry, catalogue, coverage))]
    missing = [item.id for item in coverage.uncovered() if item.id not in reasons]
    return problems + [f"{requirement_id}: neither a check nor a reason" for requirement_id in missing]


def _entry_problem(requirement_id: str, catalogue: Catalogue, coverage: Coverage) -> str:
    """Why an entry should not be there, or an empty text."""
    if requirement_id not in catalogue:
        return f"{requirement_id}: no such requirement"
    if not catalogue[requirement_id].testable:
        return f"{requirement_id}: not testable, so it needs no reason"
    if coverage.checks[requirement_id]:
        return f"{requirement_id}: has a reason although {coverage.checks[requirement_id][0]} checks it"
    return ""


def _is_sentence(reason: Any) -> bool:
    return isinstance(reason, str) and len(reason) >= 10 and reason.endswith(".")
