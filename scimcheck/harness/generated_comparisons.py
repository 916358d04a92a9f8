"""Generated comparisons on a population: an attribute, an operator, and an operand cut out of a stored value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hypothesis import strategies as st

from scimcheck.core.characteristics import DataType, Uniqueness
from scimcheck.core.schema import Located
from scimcheck.harness.paths import leaves, path_of
from scimcheck.harness.payloads import reserved
from scimcheck.harness.population import Population, literal
from scimcheck.harness.querying import Outcome, query
from scimcheck.harness.representation import value_at

#: Operators on texts by the clause that defines each.
OPERATORS = {
    "eq": "RFC7644-3.4.2.2-10",
    "ne": "RFC7644-3.4.2.2-11",
    "co": "RFC7644-3.4.2.2-12",
    "sw": "RFC7644-3.4.2.2-13",
    "ew": "RFC7644-3.4.2.2-14",
}
EXTENSION, LISTS, PARTS = "RFC7644-3.4.2.2-38", "RFC7644-3.4.2.2-39", "RFC7644-3.4.2.2-40"
COMPARISONS = (*OPERATORS.values(), EXTENSION, LISTS, PARTS)

#: What stands for anything in other languages, and for itself in a filter.
WILDCARDS = ("", "%", "_", "*", ".*", "?")
#: Shortest operand that is worth asking for, in characters.
SHORTEST = 3


class Question(NamedTuple):
    """A comparison: an attribute's path, an operator, an operand; ``clause`` speaks of such attributes."""

    path: str
    operator: str
    operand: str
    clause: str


def questions(people: Population) -> tuple[list[Question], st.SearchStrategy[Question] | None]:
    """Some comparisons to begin with and a strategy for more; no strategy when nothing can be asked."""
    asked = [place for place in _places(people) if _texts(people, place)]
    if not asked:
        return [], None
    naming = next(place for place in asked if place.attribute.name == people.naming)
    name = _texts(people, naming)[0]
    first = [_question(naming, "sw", f"{people.tag}%"), _question(naming, "co", name[1:-1])]
    return first, st.sampled_from(asked).flatmap(lambda place: _about(people, place))


def _about(people: Population, place: Located) -> st.SearchStrategy[Question]:
    operators = [op for op in OPERATORS if op != "ne" or not _several(place)]
    texts = _texts(people, place)

    def ask(operator: str, text: str, start: int, length: int, wildcard: str) -> Question:
        return _question(place, operator, _operand(operator, text, start, length, wildcard))

    return st.builds(
        ask,
        st.sampled_from(operators),
        st.sampled_from(texts),
        st.integers(0, 12),
        st.integers(SHORTEST, 24),
        st.sampled_from(WILDCARDS),
    )


def _operand(operator: str, text: str, start: int, length: int, wildcard: str) -> str:
    """A part of the text that suits the operator, with a wildcard behind it, or in front of it for ``ew``."""
    if operator in ("eq", "ne"):
        return text
    if operator == "ew":
        return wildcard + text[-length:]
    if operator == "sw":
        return text[:length] + wildcard
    start = min(start, max(len(text) - SHORTEST, 0))
    return text[start : start + length] + wildcard


def _question(place: Located, operator: str, operand: str) -> Question:
    clause = EXTENSION if place.schema else LISTS if _several(place) else PARTS if place.parent else OPERATORS[operator]
    return Question(str(path_of(place)), operator, operand, clause)


def _several(place: Located) -> bool:
    return place.attribute.multi_valued or (place.parent is not None and place.parent.multi_valued)


def _places(people: Population) -> Iterator[Located]:
    """The texts that filters can be asked about and that the run's resources hold as they were sent."""
    for place in leaves(people.model):
        holder = place.parent or place.attribute
        plain = place.attribute.type is DataType.STRING and not reserved(holder)
        derived = place.attribute.name.lower() in ("display", "formatted", "id") or holder.name.lower() == "meta"
        secret = place.attribute.uniqueness is not Uniqueness.NONE and place.attribute.name != people.naming
        if plain and not derived and not secret and holder.name.lower() not in ("phonenumbers", "externalid"):
            yield place


def _texts(people: Population, place: Located) -> list[str]:
    """The values at a place that were stored as they were sent, without what a target may rewrite."""
    if _several(place):
        return [text for word in people.members for text in _listed(people, word, place)]
    found = [people.kept(word, place) for word in people.members]
    return [text for text in found if isinstance(text, str) and len(text) >= SHORTEST]


def _listed(people: Population, word: str, place: Located) -> list[str]:
    """The values of a list that a member shows as they were sent."""
    member = people.members[word]
    shown, sent = (_values(state, place) for state in (member.state, member.resource.sent))
    return [text for text in shown if text in sent and len(text) >= SHORTEST]


def _values(state: dict[str, object], place: Located) -> list[str]:
    holder = Located(place.schema, place.parent) if place.parent else place
    held = value_at(state, holder)
    items = held if isinstance(held, list) else []
    if place.parent is not None:
        items = [item.get(place.attribute.name) for item in items if isinstance(item, dict)]
    return [value for value in items if isinstance(value, str)]


def wording(people: Population, question: Question) -> str:
    """The comparison as a filter."""
    return f"{question.path} {question.operator} {literal(question.operand)}"


def blamed(people: Population, question: Question, expression: str) -> tuple[str, Outcome]:
    """What a comparison found, and the clause that it breaks if that is wrong.

    It is the operator's when the operator does not work on names either. A target may refuse filters on other
    attributes than names: then all is well.
    """
    outcome = _asked(people, question, expression)
    if outcome.right:
        return question.clause, outcome
    if outcome.answer.refused and question.path != people.naming:
        return question.clause, Outcome(expression, people.ask(people.named()), frozenset())
    if question.clause != OPERATORS[question.operator]:
        control = query(people, people.named(op=question.operator))
        if not control.right:
            return OPERATORS[question.operator], control
    return question.clause, outcome


def _asked(people: Population, question: Question, expression: str) -> Outcome:
    """``ne`` is asked among members that have a value: what it means for others is not defined."""
    if question.operator != "ne":
        return query(people, expression)
    among = query(people, f"{question.path} pr").wanted
    return query(people, expression, among or None)
