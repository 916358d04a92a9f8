"""Generated combinations of comparisons by and, or, not and groups, and what they have to find.

What each comparison finds by itself is asked first, and those that the target gets wrong or refuses are left to the
checks of operators. A combination of the others has to find what set algebra makes of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import places
from scimcheck.harness.population import Population, quoted
from scimcheck.harness.querying import query

AND, OR, NOT, GROUPS, PRECEDENCE = (f"RFC7644-3.4.2.2-{number}" for number in (25, 26, 27, 28, 29))
CLAUSES = (AND, OR, NOT, GROUPS, PRECEDENCE)

#: A comparison by its number, or an operator and what it joins.
Tree: TypeAlias = Any

#: Operators that every target with filters has to carry out in one filter; with more it may call it too complex.
SIMPLE = 3


@dataclass(frozen=True, slots=True)
class Term:
    """A comparison with the words of the members that it finds."""

    text: str
    found: frozenset[str]


def terms(people: Population) -> list[Term]:
    """Comparisons that the target carries out rightly, on names, texts and lists."""
    found = []
    for text in dict.fromkeys(_candidates(people)):
        outcome = query(people, text)
        if outcome.right and outcome.answer.complete:
            found.append(Term(text, outcome.wanted))
    return found


def _candidates(people: Population) -> list[str]:
    texts = [people.named(word) for word in ("amber", "birch", "cedar")]
    if people.text and people.value("amber", people.text.name):
        texts.append(f"{people.text.name} eq {quoted(str(people.value('amber', people.text.name)))}")
        texts.append(f"{people.text.name} pr")
    return [*texts, *_listed(people, people.model)]


def _listed(people: Population, model: ResourceModel) -> list[str]:
    """Comparisons with a list of values: one of the values that a member has, the type that it has, both."""
    place = places.collection(model)
    values = people.members["first"].state.get(place.attribute.name) if place and "first" in people.members else None
    if place is None or not isinstance(values, list) or len(values) < 2 or not isinstance(values[0], dict):
        return []
    name, sub = place.attribute.name, places.sub_texts(place)[0].attribute.name
    value, kind = values[0].get(sub), values[0].get("type")
    if not isinstance(value, str) or not isinstance(kind, str):
        return []
    return [f"{name}.{sub} eq {quoted(value)}", f"{name}.type eq {quoted(kind)}"]


def trees(count: int) -> st.SearchStrategy[Tree]:
    """Combinations of ``count`` comparisons."""
    leaves = st.integers(0, count - 1)

    def extend(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        pair = st.tuples(st.sampled_from(("and", "or")), inner, inner)
        return pair | st.tuples(st.just("not"), inner)

    return st.recursive(leaves, extend, max_leaves=6).filter(lambda tree: not isinstance(tree, int))


def text_of(tree: Tree, known: Sequence[Term]) -> str:
    """The combination as a filter, with no more parentheses than it takes."""
    if isinstance(tree, int):
        return known[tree].text
    operator, *parts = tree
    texts = [_part(operator, part, known) for part in parts]
    return f"not ({texts[0]})" if operator == "not" else f" {operator} ".join(texts)


def _part(operator: object, part: object, known: Sequence[Term]) -> str:
    text = text_of(part, known)
    loose = operator == "and" and isinstance(part, tuple) and part[0] == "or"
    return f"({text})" if loose else text


def meaning(tree: Tree, known: Sequence[Term], everybody: frozenset[str]) -> frozenset[str]:
    """The words of the members that the combination has to find."""
    if isinstance(tree, int):
        return known[tree].found
    operator, *parts = tree
    sets = [meaning(part, known, everybody) for part in parts]
    if operator == "not":
        return everybody - sets[0]
    return sets[0] & sets[1] if operator == "and" else sets[0] | sets[1]


def subtrees(tree: Tree) -> list[Tree]:
    """The combination and those inside it, the smallest first."""
    if isinstance(tree, int):
        return []
    inner = [found for part in tree[1:] for found in subtrees(part)]
    return sorted([*dict.fromkeys(inner), tree], key=size)


def size(tree: Tree) -> int:
    """The number of operators."""
    return 0 if isinstance(tree, int) else 1 + sum(size(part) for part in tree[1:])


def controls(tree: Tree) -> list[Tree]:
    """The operators of a combination, each by itself on two names."""
    operators = {str(each[0]) for each in subtrees(tree) if isinstance(each, tuple)}
    return [("not", 0) if operator == "not" else (operator, 0, 1) for operator in sorted(operators)]


def clause(tree: Tree, text: str) -> str:
    """The clause that a combination breaks whose parts are right: its operator's, or the one on their order."""
    operators = {each[0] for each in subtrees(tree) if isinstance(each, tuple)}
    if len(operators) == 1 or size(tree) == 1:
        return {"and": AND, "or": OR, "not": NOT}[str(next(iter(operators)))]
    return GROUPS if "(" in text.replace("not (", "") else PRECEDENCE


def evidence(people: Population, words: frozenset[str], at: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """The creations of some of the members, and then others."""
    return (*people.evidence(sorted(words)[:3]), *at)
