"""What a process concludes at its end, and how a worker's conclusions reach the controller."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.checks.rules import RuleContext, judge_exchanges
from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSONObject
from scimcheck.harness.capabilities import Capability, State
from scimcheck.harness.census import Count
from scimcheck.harness.target import Target
from scimcheck.plugin.gallery import token_endpoints
from scimcheck.plugin.state import Results, RunState, broken_findings
from scimcheck.requirements.model import Requirement

#: Purposes whose exchanges are ours alone to answer for: counting and tidying up after a failure.
_NOT_JUDGED = ("census", "clean-up", "preflight")
#: Purposes whose exchanges are made once for a run, whichever check happens to ask first.
_NO_CHECKS = ("discovery", "probe", *_NOT_JUDGED)


def conclude(state: RunState, catalogue: Mapping[str, Requirement]) -> Results:
    """Judge the exchange rules over this process's journal and collect what its probes found."""
    results = Results()
    target = state.target
    if target is None:
        return results
    context = RuleContext(target.models, target.session.base.url.split("?")[0].rstrip("/"))
    judged = [
        exchange
        for exchange in target.session.journal
        if exchange.purpose not in _NOT_JUDGED and not _with_token_endpoint(exchange, target)
    ]
    outcome = judge_exchanges(judged, context, catalogue, strict=state.config.strict)
    results.add(outcome.findings, state.evidence(outcome.findings))
    for finding, exchanges in broken_findings(target.capabilities.seen.values()):
        results.add([finding], exchanges)
    results.capabilities = dict(target.capabilities.seen)
    results.rules = dict(outcome.judged)
    results.broken_rules = outcome.broken
    return results


def _with_token_endpoint(exchange: Exchange, target: Target) -> bool:
    """Whether it is OAuth's (RFC 6749), whose messages are none of SCIM's, even below the base URL."""
    client = target.identities.oauth
    own = {client.token_url.partition("?")[0]} if client else set()
    return exchange.url.partition("?")[0] in own | token_endpoints(target)


def settle(state: RunState, mine: Results) -> None:
    """Add what :func:`conclude` found, and the number of exchanges, to the process's results."""
    _merge(state.results, mine)
    if state.target:
        state.results.exchange_count += len(state.target.session.journal)
        _add_up(state.results.requests, requests_by_origin(state.target.session.journal))


def leave(state: RunState) -> JSONObject:
    """A worker's session-level results as JSON; the findings of its checks went with their reports."""
    results = state.results
    return {
        "findings": [finding.to_json() for finding in results.findings],
        "exchanges": [exchange.to_json() for exchange in results.exchanges.values()],
        "capabilities": [
            [*key, seen.state.value, seen.advertised, seen.observed] for key, seen in results.capabilities.items()
        ],
        "rules": results.rules,
        "broken_rules": results.broken_rules,
        "exchange_count": results.exchange_count,
        "requests": results.requests,
        "created": results.created,
        "deleted": results.deleted,
        "left": results.left,
        "notes": results.notes,
        "before": {endpoint: _count_json(count) for endpoint, count in results.before.items()},
        "after": {endpoint: _count_json(count) for endpoint, count in results.after.items()},
    }


def take_in(results: Results, left: Mapping[str, Any]) -> None:
    """Merge what a worker left into the controller's results."""
    brought = Results(
        capabilities={
            (name, subject): Capability(name, State(state), advertised, subject, observed=observed)
            for name, subject, state, advertised, observed in left["capabilities"]
        },
        rules=left["rules"],
        broken_rules=left["broken_rules"],
        exchange_count=left["exchange_count"],
        requests=left["requests"],
        created=left["created"],
        deleted=left["deleted"],
        left=left["left"],
        notes=left["notes"],
        before={endpoint: Count(**count) for endpoint, count in left["before"].items()},
        after={endpoint: Count(**count) for endpoint, count in left["after"].items()},
    )
    brought.add(map(Finding.from_json, left["findings"]), map(Exchange.from_json, left["exchanges"]))
    _merge(results, brought)


def _count_json(count: Count) -> JSONObject:
    return {"versions": count.versions, "total": count.total, "complete": count.complete, "requests": count.requests}


def requests_by_origin(exchanges: Iterable[Exchange]) -> dict[str, int]:
    """How many exchanges each check sent; those that no check answers for, by purpose (``probe``, ``clean-up``)."""
    return Counter(
        exchange.check if exchange.check and exchange.purpose not in _NO_CHECKS else exchange.purpose
        for exchange in exchanges
    )


def _add_up(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count


def _merge(results: Results, other: Results) -> None:
    known = {(f.requirement, f.check, f.subject) for f in results.findings if f.check.startswith("probe:")}
    fresh = [f for f in other.findings if (f.requirement, f.check, f.subject) not in known]
    results.add(fresh, other.exchanges.values())
    for key, capability in other.capabilities.items():
        results.capabilities.setdefault(key, capability)
    _add_up(results.rules, other.rules)
    _add_up(results.broken_rules, other.broken_rules)
    _add_up(results.requests, other.requests)
    results.exchange_count += other.exchange_count
    results.created += other.created
    results.deleted += other.deleted
    results.left += other.left
    results.notes += other.notes
    for name, mine in (("before", results.before), ("after", results.after)):
        for endpoint, count in getattr(other, name).items():
            mine[endpoint] = _add(mine[endpoint], count) if endpoint in mine else count


def _add(first: Count, second: Count) -> Count:
    total = None if first.total is None or second.total is None else first.total + second.total
    return Count(
        {**first.versions, **second.versions},
        total,
        first.complete and second.complete,
        first.requests + second.requests,
    )


def with_root_causes(
    findings: Iterable[Finding], catalogue: Mapping[str, Requirement], strict: bool = False
) -> list[Finding]:
    """The findings, completed by one for every cause that blocks something but was not found itself.

    Such a cause is failed, or advised against when it is one that does not bind (SHOULD, unless the run is strict).
    """
    known = list(findings)
    told = {finding.requirement for finding in known if finding.verdict in (Verdict.FAILED, Verdict.ADVISORY)}
    for finding in list(known):
        cause = finding.blocked_by
        if finding.verdict is Verdict.BLOCKED and cause and cause not in told:
            told.add(cause)
            known.append(
                Finding(
                    cause,
                    Verdict.FAILED if catalogue[cause].level.fails_in(strict) else Verdict.ADVISORY,
                    check=finding.check,
                    subject=finding.subject,
                    expected="what the clause demands, as a condition of further checks",
                    observed=finding.observed,
                    exchanges=finding.exchanges,
                )
            )
    return known
