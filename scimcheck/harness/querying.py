"""Judging filters on a population: exactly the matching members come back, and whose fault it is when not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from scimcheck.core.filter.ast import Comparison
from scimcheck.core.filter.evaluate import matches
from scimcheck.core.filter.parser import parse_filter
from scimcheck.core.json import JSONObject
from scimcheck.core.resource import get
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import Answer, Ask, Population, quoted

ONLY_MATCHES = "RFC7644-3.4.2.2-03"
ALL_MATCHES = "RFC7644-3.4.2.2-04"
EQUAL = "RFC7644-3.4.2.2-10"
NO_MATCH = "RFC7644-3.4.2-07"
LISTED = "RFC7644-3.2-03"

#: Resources named in an observation before the rest is only counted.
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an answer differs from what the filter means: members that are missing, and resources that are too many."""

    expression: str
    answer: Answer
    wanted: frozenset[str]
    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether a list came that holds what it has to hold."""
        return self.answer.ok and not (self.missing or self.surplus or self.strangers)


def query(
    population: Population, expression: str, among: Collection[str] | None = None, ask: Ask | None = None
) -> Outcome:
    """Send a filter and compare what comes back with what the members' states say; ``among`` leaves members out."""
    concerned = list(population.members if among is None else among)
    wanted = population.expected(expression, concerned)
    answer = population.ask(expression, ask)
    found = set(answer.found) & set(concerned)
    missing = sorted(wanted - found) if answer.ok and answer.complete else []
    strangers = [str(item.get("id")) for item in answer.foreign if _contradicts(population, expression, item)]
    return Outcome(
        expression, answer, frozenset(wanted), tuple(missing), tuple(sorted(found - wanted)), tuple(strangers)
    )


def _contradicts(population: Population, expression: str, resource: JSONObject) -> bool:
    """Whether a foreign resource shows a value that does not satisfy a simple text comparison."""
    tree = parse_filter(expression)
    if not isinstance(tree, Comparison) or tree.op not in ("eq", "co", "sw", "ew") or not isinstance(tree.value, str):
        return False
    shown = isinstance(get(resource, tree.path, population.model), str)
    return shown and not matches(tree, resource, population.model)


def judge_filter(
    judge: Judge,
    requirement: str,
    population: Population,
    expression: str,
    *,
    among: Collection[str] | None = None,
    ask: Ask | None = None,
    hint: str = "",
) -> bool:
    """Expect a filter to find exactly the members that match it.

    When it does not, controls tell whether the cause is a more basic clause (results are cut short, filters are
    ignored altogether); then the check is blocked by that one. Who asks in another way than by GET on the type's
    endpoint makes sure first that the filter works there.
    """
    outcome = query(population, expression, among, ask)
    if not outcome.right and ask is None:
        blame(judge, requirement, population, outcome)
    return judge.expect(
        requirement,
        outcome.right,
        expected=f"{expression} finds {_names(population, outcome.wanted)}",
        observed=observed(population, outcome),
        at=[*population.evidence(_concerned(population, outcome)), *outcome.answer.exchanges],
        hint=hint,
    )


def judge_nothing(judge: Judge, requirement: str, population: Population, expressions: Sequence[str]) -> None:
    """Expect filters to find none of the members.

    They are asked together, joined by ``or`` between two filters that find a member each. Unless these two members come
    back, and no other, each filter is asked by itself.
    """
    first, last = population.named("amber"), population.named("delta")
    joined = " or ".join((first, *expressions, last))
    if population.expected(joined) == {"amber", "delta"}:
        together = query(population, joined)
        if together.right and together.answer.complete:
            evidence = [*population.evidence(("amber", "delta")), *together.answer.exchanges]
            judge.expect(requirement, True, expected="no other match", observed="no other match", at=evidence)
            return
    for expression in expressions:
        judge_filter(judge, requirement, population, expression)


def blame(judge: Judge, requirement: str, population: Population, outcome: Outcome) -> None:
    """End the check when a clause more basic than ``requirement`` explains the outcome."""
    if outcome.answer.last.status >= 500 and _lists_no_more(population):
        judge.blocked(LISTED, f"{population.model.endpoint} cannot be read any more, with a filter or without")
    if requirement in (ONLY_MATCHES, ALL_MATCHES):
        return
    nobody = f"{population.naming} eq {quoted(population.tag + '-nobody')}"
    if not outcome.answer.ok:
        if not outcome.wanted and not population.ask(nobody).ok:
            judge.blocked(NO_MATCH, "a query without matches is not answered with an empty list")
        return
    if outcome.strangers and query(population, population.named()).strangers:
        judge.blocked(ONLY_MATCHES, "filters return resources that do not match")
    if requirement == EQUAL:
        return
    if outcome.missing and _has_several(population, outcome) and not finds_several(population):
        judge.blocked(ALL_MATCHES, "queries with several matches do not return all of them")
    if outcome.surplus and population.ask(nobody).found:
        judge.blocked(ONLY_MATCHES, "filters return resources that do not match")


def _lists_no_more(population: Population) -> bool:
    """Whether the plain list fails as well: one resource that cannot be shown is enough for that."""
    return population.scim.get(population.model.endpoint).status >= 500


def _has_several(population: Population, outcome: Outcome) -> bool:
    return len(population.expected(outcome.expression)) > 1


def demand_filter(
    judge: Judge,
    clause: str,
    population: Population,
    expression: str,
    among: Collection[str] | None = None,
) -> None:
    """End the check, blocked by ``clause`` or by a more basic one, unless a filter finds what it has to find."""
    outcome = query(population, expression, among)
    if not outcome.right:
        blame(judge, clause, population, outcome)
        judge.blocked(clause, f"{expression} does not work")


def finds_several(population: Population) -> bool:
    """Whether at least one kind of query returns several own matches, all of them."""
    return any(query(population, expression).right for expression in several(population))


def several(population: Population) -> Iterable[str]:
    """Filters that match more than one member, each by another operator."""
    if population.text and population.value("amber", population.text.name):
        yield f"{population.text.name} eq {quoted(str(population.value('amber', population.text.name)))}"
    yield f"{population.naming} sw {quoted(population.tag + '-')}"
    yield f"{population.naming} co {quoted(population.tag + '-')}"
    yield f"{population.named('amber')} or {population.named('birch')}"


def _concerned(population: Population, outcome: Outcome) -> list[str]:
    listed = sorted({*outcome.wanted, *outcome.missing, *outcome.surplus})
    return [word for word in listed if word in population.members][:4]


def _names(population: Population, words: Iterable[str]) -> str:
    names = [population.name(word) for word in sorted(words)]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return " and ".join(names[:SHOWN]) + more if names else "none of the run's resources"


def observed(population: Population, outcome: Outcome) -> str:
    """What came back, for people."""
    answer = outcome.answer
    if not answer.ok:
        return answer.last.summary()
    parts = [f"{_names(population, outcome.missing)} missing"] if outcome.missing else []
    parts += [f"{_names(population, outcome.surplus)} returned though not matching"] if outcome.surplus else []
    parts += [f"foreign {outcome.strangers[0]} returned though not matching"] if outcome.strangers else []
    return f"{answer.last.summary()}: {'; '.join(parts) or _names(population, answer.found)}"
