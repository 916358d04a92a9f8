"""Exchange rules: what every response of a run must satisfy, judged passively, reported once per rule.

A rule is a function from an exchange and the context of the run to the problems it sees::

    @rule("media-type", "RFC7644-3.1-01", when=has_body)
    def media_type(exchange, context):
        if exchange.media_type not in (MEDIA_TYPE, "application/json"):
            yield Problem("RFC7644-3.1-01", expected=MEDIA_TYPE, observed=exchange.media_type)

``when`` says which exchanges the rule is about; those it is not about neither pass nor fail it. Every module of this
package is loaded by :func:`rules`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.requirements.model import Requirement

#: Examples of a broken rule that go into its finding.
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one exchange. ``advisory`` marks what a listed reading tolerates, whatever the level."""

    requirement: str
    expected: str
    observed: str
    advisory: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What rules may know of the run: the target's resource types and its base URL (without query).

    ``memo`` is for what several rules work out from one exchange; what it holds lasts for one pass over a run.
    """

    models: tuple[ResourceModel, ...] = ()
    base_url: str = ""
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def model_of(self, path: str) -> ResourceModel | None:
        """The resource type whose endpoint a path (``/Users/42``) lies at or below."""
        for model in self.models:
            if path == model.endpoint or path.startswith(model.endpoint + "/"):
                return model
        return None


Judge = Callable[[Exchange, RuleContext], Iterable[Problem]]
Condition = Callable[[Exchange, RuleContext], bool]


def _always(exchange: Exchange, context: RuleContext) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule and the requirements it judges."""

    name: str
    requirements: tuple[str, ...]
    judge: Judge
    when: Condition = _always


@dataclass(slots=True)
class Outcome:
    """What the rules found: findings, and for each rule how many exchanges it judged and how many broke it."""

    findings: list[Finding] = field(default_factory=list)
    judged: dict[str, int] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)


_REGISTRY: dict[str, Rule] = {}


def rule(name: str, *requirements: str, when: Condition = _always) -> Callable[[Judge], Judge]:
    """Register a rule; raises ValueError when the name is taken."""

    def register(judge: Judge) -> Judge:
        if name in _REGISTRY:
            raise ValueError(f"there are two exchange rules named {name!r}")
        _REGISTRY[name] = Rule(name, requirements, judge, when)
        return judge

    return register


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of this package, in order of registration."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return tuple(_REGISTRY.values())


def judge_exchanges(
    exchanges: Sequence[Exchange],
    context: RuleContext,
    catalogue: Mapping[str, Requirement],
    *,
    strict: bool = False,
    among: Sequence[Rule] | None = None,
) -> Outcome:
    """Judge every exchange by every rule; one finding for each requirement of a rule that had something to judge."""
    outcome = Outcome()
    chosen = rules() if among is None else among
    problems: dict[str, list[tuple[Exchange, Problem]]] = {item.name: [] for item in chosen}
    # Exchange by exchange, so that what several rules work out from one is worked out once.
    for exchange in exchanges:
        for item in chosen:
            if item.when(exchange, context):
                outcome.judged[item.name] = outcome.judged.get(item.name, 0) + 1
                problems[item.name] += [(exchange, problem) for problem in item.judge(exchange, context)]
    for item in chosen:
        if item.name in outcome.judged:
            outcome.broken[item.name] = len({exchange.id for exchange, _ in problems[item.name]})
            outcome.findings.extend(_findings(item, outcome.judged[item.name], problems[item.name], catalogue, strict))
    return outcome


def _findings(
    item: Rule,
    judged: int,
    problems: Sequence[tuple[Exchange, Problem]],
    catalogue: Mapping[str, Requirement],
    strict: bool,
) -> Iterator[Finding]:
    for requirement in item.requirements:
        mine = [(exchange, problem) for exchange, problem in problems if problem.requirement == requirement]
        hard = [pair for pair in mine if not pair[1].advisory]
        if hard:
            yield _broken(item, requirement, hard, _verdict(catalogue[requirement], strict))
        elif mine:
            yield _broken(item, requirement, mine, Verdict.ADVISORY)
        else:
            yield Finding(requirement, Verdict.PASSED, check=f"rule:{item.name}", count=judged)


def _broken(item: Rule, requirement: str, found: Sequence[tuple[Exchange, Problem]], verdict: Verdict) -> Finding:
    first = found[0][1]
    return Finding(
        requirement,
        verdict,
        check=f"rule:{item.name}",
        subject=f"{len(found)} of the run's responses",
        expected=first.expected,
        observed=first.observed,
        exchanges=tuple(dict.fromkeys(exchange.id for exchange, _ in found))[:EXAMPLES],
        hint=first.hint,
        count=len(found),
    )


def _verdict(requirement: Requirement, strict: bool) -> Verdict:
    return Verdict.FAILED if requirement.level.fails_in(strict) else Verdict.ADVISORY
