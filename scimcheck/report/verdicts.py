"""From findings to one result per requirement, and from those to root causes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.report.audiences import AudienceVerdict, audiences, entra_advice
from scimcheck.report.model import RunRecord
from scimcheck.report.results import RequirementResult, severity_rank
from scimcheck.requirements.companions import companions, known_faults
from scimcheck.requirements.model import Level, Requirement

__all__ = [
    "AudienceVerdict",
    "RequirementResult",
    "RootCause",
    "audiences",
    "entra_advice",
    "requirement_results",
    "root_causes",
]


def requirement_results(record: RunRecord, catalogue: Mapping[str, Requirement]) -> tuple[RequirementResult, ...]:
    """One result for each requirement of the catalogue, in its order, judged or not.

    Findings on requirements that the catalogue does not know (a record of another version, a suite of one's own) come
    last, under a requirement made up from the id: nothing that was found is dropped.
    """
    by_requirement: dict[str, list[Finding]] = {}
    for finding in record.findings:
        by_requirement.setdefault(finding.requirement, []).append(finding)
    known = [_result(requirement, by_requirement.pop(name, [])) for name, requirement in catalogue.items()]
    return (*known, *(_result(_unknown(name), findings) for name, findings in by_requirement.items()))


def _result(requirement: Requirement, findings: Sequence[Finding]) -> RequirementResult:
    verdict = Verdict.worst(finding.verdict for finding in findings)
    deciding = tuple(_merged(finding for finding in findings if finding.verdict is verdict))
    return RequirementResult(
        requirement=requirement,
        verdict=verdict,
        findings=tuple(findings),
        deciding=deciding,
        checks=tuple(dict.fromkeys(finding.check for finding in findings if finding.check)),
        reasons=_reasons(requirement, deciding),
        blocked_by=tuple(dict.fromkeys(f.blocked_by for f in deciding if f.blocked_by)),
    )


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that say the same of the same subject as one, with their counts added up."""
    merged: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        key = (finding.subject, finding.expected, finding.observed, finding.blocked_by)
        first = merged.get(key)
        merged[key] = replace(first, count=first.count + finding.count) if first else finding
    return list(merged.values())


def _reasons(requirement: Requirement, deciding: Sequence[Finding]) -> tuple[str, ...]:
    """Why the verdict is what it is, in words, for what neither passed nor broke."""
    if not deciding:
        return ("no check judged it in this run" if requirement.testable else "cannot be observed from outside",)
    if deciding[0].verdict in (Verdict.BLOCKED, Verdict.NOT_APPLICABLE):
        return tuple(dict.fromkeys(finding.observed for finding in deciding if finding.observed))
    return ()


def _unknown(name: str) -> Requirement:
    level = Level.ENTRA if name.startswith("ENTRA") else Level.MUST
    return Requirement(name, "", level, "", "This catalogue does not have the requirement.", "", True, (), "")


@dataclass(frozen=True, slots=True)
class RootCause:
    """A broken requirement, with the ids of those that could not be judged because of it.

    ``companions`` are failed requirements that a single fault is known to break together with it.
    """

    result: RequirementResult
    blocks: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()

    @property
    def requirement(self) -> Requirement:
        """The broken requirement."""
        return self.result.requirement


def root_causes(results: Iterable[RequirementResult]) -> tuple[RootCause, ...]:
    """The failed requirements and whatever else blocks others, worst first; what one fault breaks is one cause.

    Worst is what blocks most; then Entra's severity; then the order of the catalogue. A requirement that is blocked by
    a blocked one counts for the cause at the end of the chain.
    """
    by_id = {result.requirement.id: result for result in results}
    blocks: dict[str, list[str]] = {}
    for name, result in by_id.items():
        if result.verdict is Verdict.BLOCKED:
            for cause in _final_causes(result, by_id):
                blocks.setdefault(cause, []).append(name)
    causes = [_cause(by_id[name], along, blocks) for name, along in _heads(by_id.values()).items()]
    others = [
        RootCause(result, tuple(blocks[name]))
        for name, result in by_id.items()
        if name in blocks and result.verdict not in (Verdict.BLOCKED, Verdict.FAILED)
    ]
    return tuple(sorted([*causes, *others], key=_urgency))


def _heads(results: Iterable[RequirementResult]) -> Mapping[str, tuple[str, ...]]:
    """The failed requirements by what probably is one fault, each with the others of it."""
    by_verdict: dict[Verdict, list[str]] = {}
    for result in results:
        by_verdict.setdefault(result.verdict, []).append(result.requirement.id)
    failed = by_verdict.get(Verdict.FAILED, ())
    return companions(failed, by_verdict.get(Verdict.ADVISORY, ()), known_faults()) if failed else {}


def _cause(result: RequirementResult, along: tuple[str, ...], blocks: Mapping[str, Sequence[str]]) -> RootCause:
    """A cause with all that it and its companions block."""
    blocked = (name for each in (result.requirement.id, *along) for name in blocks.get(each, ()))
    return RootCause(result, tuple(dict.fromkeys(blocked)), along)


def _urgency(cause: RootCause) -> tuple[int, int]:
    return -len(cause.blocks), severity_rank(cause.requirement)


def _final_causes(result: RequirementResult, by_id: Mapping[str, RequirementResult]) -> list[str]:
    """What a blocked requirement is blocked by in the end; a circle ends where it began."""
    final: dict[str, None] = {}
    seen = {result.requirement.id}
    waiting = list(result.blocked_by)
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        further = by_id[name].blocked_by if name in by_id and by_id[name].verdict is Verdict.BLOCKED else ()
        if further:
            waiting.extend(further)
        else:
            final[name] = None
    return list(final)
