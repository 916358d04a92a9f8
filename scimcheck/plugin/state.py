"""What one process of a run knows: configuration, target, findings so far. Under xdist there is one for each worker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.client.exchange import Exchange
from scimcheck.harness.capabilities import Capability, State
from scimcheck.harness.census import Count
from scimcheck.harness.target import Target
from scimcheck.plugin.options import RunConfig


@dataclass(slots=True)
class Results:
    """Findings and the exchanges they rest on, merged from all processes."""

    findings: list[Finding] = field(default_factory=list)
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    capabilities: dict[tuple[str, str], Capability] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)
    broken_rules: dict[str, int] = field(default_factory=dict)
    exchange_count: int = 0
    requests: dict[str, int] = field(default_factory=dict)
    created: int = 0
    deleted: int = 0
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    before: dict[str, Count] = field(default_factory=dict)
    after: dict[str, Count] = field(default_factory=dict)
    ours: set[str] = field(default_factory=set)

    def add(self, findings: Iterable[Finding], exchanges: Iterable[Exchange]) -> None:
        """Take in the findings of one check and their evidence."""
        self.findings.extend(findings)
        for exchange in exchanges:
            self.exchanges.setdefault(exchange.id, exchange)


@dataclass(slots=True)
class RunState:
    """The run as this process sees it. ``worker`` is empty outside xdist; ``run_id`` is the same in all processes."""

    config: RunConfig
    run_id: str
    worker: str = ""
    target: Target | None = None
    started: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    results: Results = field(default_factory=Results)
    description: str = ""
    host: str = ""
    workers: int = 0
    closed: bool = False
    html: Path | None = None
    json: Path | None = None
    gallery: Path | None = None

    @property
    def prefix(self) -> str:
        """What every name this process creates begins with."""
        return f"scimcheck-{self.run_id}{'-' + self.worker if self.worker else ''}"

    def evidence(self, findings: Iterable[Finding]) -> list[Exchange]:
        """The recorded exchanges that the findings name."""
        journal = self.target.session.journal if self.target else None
        wanted = dict.fromkeys(number for finding in findings for number in finding.exchanges)
        return [exchange for number in wanted if journal and (exchange := journal.by_id(number))]


def with_evidence(findings: Iterable[Finding], exchanges: Iterable[Exchange]) -> list[Finding]:
    """The findings; what a check was blocked by has the last exchange for evidence that its reason tells of.

    ``exchanges`` are those of the check, the last one first.
    """
    sent = [(exchange.id, exchange.summary()) for exchange in exchanges]
    return [
        replace(finding, exchanges=tuple(number for number, told in sent if told in finding.observed)[:1])
        if finding.verdict is Verdict.BLOCKED and not finding.exchanges
        else finding
        for finding in findings
    ]


def broken_findings(capabilities: Iterable[Capability]) -> list[tuple[Finding, tuple[Exchange, ...]]]:
    """One failed finding for each clause that the probes found broken: several capabilities may rest on one clause."""
    causes: dict[tuple[str, str], Capability] = {}
    for capability in capabilities:
        if capability.state is State.BROKEN:
            causes.setdefault((capability.requirement, capability.subject), capability)
    return [
        (
            Finding(
                capability.requirement,
                Verdict.FAILED,
                check=f"probe:{capability.name}",
                subject=capability.subject,
                expected=capability.expected,
                observed=capability.observed,
                exchanges=tuple(exchange.id for exchange in capability.exchanges),
            ),
            capability.exchanges,
        )
        for capability in causes.values()
    ]


def payload_of(findings: Iterable[Finding], exchanges: Iterable[Exchange]) -> dict[str, Any]:
    """Findings and evidence as JSON, for the way from a worker to the controller."""
    return {
        "findings": [finding.to_json() for finding in findings],
        "exchanges": [exchange.to_json() for exchange in exchanges],
    }
