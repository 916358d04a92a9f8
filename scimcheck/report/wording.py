"""The sentences that terminal and HTML share."""

from __future__ import annotations

from collections.abc import Sequence

from scimcheck.checks.findings import Finding
from scimcheck.report.audiences import few
from scimcheck.report.model import Census, RunRecord
from scimcheck.report.verdicts import RequirementResult


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: ``1 requirement``, ``1,200 requirements``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def duration_text(seconds: float) -> str:
    """A duration for people: ``9.3 s``, ``2 min 5 s``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def observed_text(finding: Finding) -> str:
    """What was observed, and how often when that was more than once."""
    return finding.observed + (f" ({finding.count:,} times)" if finding.count > 1 else "")


def consequence(result: RequirementResult) -> str:
    """What Entra does about a broken requirement: the catalogue's words, else the hint of a finding."""
    hints = (finding.hint for finding in result.deciding if finding.hint)
    return result.requirement.consequence or next(hints, "")


def companion_sentence(companions: Sequence[str]) -> str:
    """What is broken together with a root cause and probably by it; empty when nothing is."""
    return f"breaks {few(companions, 6)}: probably one fault" if companions else ""


def census_sentences(census: Census) -> list[str]:
    """Both proofs in words: what the run left behind, and what it did to resources of others."""
    made = f"{counted(census.created, 'resource')} created, {census.deleted:,} deleted"
    if census.nothing_left:
        left = f"Nothing left behind: {made}."
    else:
        left = f"Left behind: {counted(len(census.left), 'resource')} ({made})."
    if not census.nothing_touched:
        parts = [
            f"{len(census.changed):,} changed" if census.changed else "",
            f"{len(census.missing):,} missing" if census.missing else "",
        ]
        return [left, f"Resources of others were touched: {', '.join(filter(None, parts))}."]
    scope = "" if census.complete else ", as far as resources could be listed"
    return [left, f"Nothing else touched{scope}."]


def run_line(record: RunRecord) -> str:
    """What ran against what, in one line."""
    info = record.info
    parts = [
        f"scimcheck {info.version}",
        info.target + (f" ({info.profile})" if info.profile else ""),
        f"{counted(record.exchange_count, 'exchange')} in {duration_text(info.duration)}",
        f"seed {info.seed}",
    ]
    return " · ".join(parts)
