"""RFC 7644 §3.4.2.2: generated filters. Each operator by itself is tried in the files on operators and logic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from scimcheck.checks.findings import NotApplicable
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.generated_comparisons import (
    COMPARISONS,
    Question,
    blamed,
    questions,
    wording,
)
from scimcheck.harness.generated_logic import (
    CLAUSES,
    SIMPLE,
    Term,
    Tree,
    clause,
    controls,
    evidence,
    meaning,
    size,
    subtrees,
    terms,
    text_of,
    trees,
)
from scimcheck.harness.judge import Judge
from scimcheck.harness.mark import CheckInfo
from scimcheck.harness.population import Population, population, specimens
from scimcheck.harness.properties import Broken, Effort, falsify, settle
from scimcheck.harness.querying import Outcome, blame, observed
from scimcheck.harness.target import Target


def _models(scim: Target) -> tuple[ResourceModel, ...]:
    """All resource types in a deep run; otherwise the primary one and those of the target's own."""
    tried = CheckInfo((), every_type="deep").tried_with(scim.depth, [m.name for m in scim.models], scim.primary.name)
    return tuple(model for name in tried if (model := scim.model(name)))


def _people(scim: Target, model: ResourceModel) -> Population:
    """The population with members that have many values, where the target takes such."""
    try:
        return specimens(scim, model)
    except NotApplicable:
        return population(scim, model)


#: Combinations that are tried first: every member of a list, negated groups, each precedence.
FIRST: tuple[Tree, ...] = (
    ("not", -1),
    ("not", ("and", -1, -2)),
    ("not", ("or", 0, 1)),
    ("and", ("and", -1, -1), 1),
    ("or", 0, ("and", 1, 1)),
    ("and", ("or", 0, 1), ("or", 1, 2)),
)


@check(*CLAUSES, needs=("filter", "read"))
def test_generated_combinations(scim: Target, judge: Judge) -> None:
    """Whatever and, or, not and groups make of comparisons, a filter finds what follows from what each finds."""
    for model in _models(scim):
        people = _people(scim, model)
        known = terms(people)
        if len(known) < 3:
            continue
        first = [_counted(tree, len(known)) for tree in FIRST]
        found = falsify(
            scim,
            trees(len(known)),
            partial(_combination, judge, people, known),
            Effort(6, 60),
            first=first,
        )
        settle(judge, scim, found, *CLAUSES)
        if found:
            return
    settle(judge, scim, None, *CLAUSES)


def _counted(tree: Tree, count: int) -> Tree:
    """The tree with numbers from the end made numbers from the start."""
    if isinstance(tree, int):
        return tree % count
    return (tree[0], *(_counted(part, count) for part in tree[1:]))


def _combination(judge: Judge, people: Population, known: Sequence[Term], tree: Tree) -> Broken | None:
    """The smallest part of a combination that finds something else than follows from its parts."""
    whole = _outcome(people, known, tree)
    if whole is None or whole.right:
        return None
    for part in (*controls(tree), *subtrees(tree)):
        outcome = _outcome(people, known, part)
        if outcome is not None and not outcome.right:
            text = text_of(part, known)
            requirement = clause(part, text)
            blame(judge, requirement, people, outcome)
            return Broken(
                requirement,
                f"{text} finds {_listed(people, outcome)}",
                observed(people, outcome),
                evidence(people, frozenset({*outcome.missing, *outcome.surplus}), outcome.answer.exchanges),
            )
    return None


def _listed(people: Population, outcome: Outcome) -> str:
    return ", ".join(people.name(word) for word in sorted(outcome.wanted)) or "none"


def _outcome(people: Population, known: Sequence[Term], tree: Tree) -> Outcome | None:
    """What a combination found against what it had to find; ``None`` when the target calls it too complex."""
    expression = text_of(tree, known)
    answer = people.ask(expression)
    if size(tree) > SIMPLE and 400 <= answer.last.status < 502 and answer.last.status != 500:
        return None
    wanted = meaning(tree, known, frozenset(people.members))
    found = set(answer.found)
    missing = wanted - found if answer.ok and answer.complete else set()
    return Outcome(expression, answer, wanted, tuple(sorted(missing)), tuple(sorted(found - wanted)))


@check(*COMPARISONS, needs=("filter", "read"))
def test_generated_comparisons(scim: Target, judge: Judge) -> None:
    """Comparisons with whole values and parts of values find the resources that have them, and no others."""
    found = None
    for model in _models(scim):
        people = _people(scim, model)
        first, strategy = questions(people)
        if strategy is not None and found is None:
            found = falsify(
                scim,
                strategy,
                partial(_comparison, judge, people),
                Effort(10, 80),
                first=first,
            )
    settle(judge, scim, found, *COMPARISONS)


def _comparison(judge: Judge, people: Population, question: Question) -> Broken | None:
    expression = wording(people, question)
    requirement, outcome = blamed(people, question, expression)
    if outcome.right:
        return None
    blame(judge, requirement, people, outcome)
    return Broken(
        requirement,
        f"{expression} finds {_listed(people, outcome)}",
        observed(people, outcome),
        evidence(people, frozenset({*outcome.missing, *outcome.surplus, *outcome.wanted}), outcome.answer.exchanges),
    )
