"""RFC 7644 §3.4.2.2: gt, ge, lt and le on texts, instants and numbers, and where they have no meaning.

The operators themselves are judged an hour away from an instant, where neither precision nor the form of an instant
matters, and at equality on a text. Texts, the form of instants and numbers are clauses of their own.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSON
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import parse_instant, same_value
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.paths import leaves, of_type, path_of, put, settable, value_at
from scimcheck.harness.population import Population, literal, population, quoted
from scimcheck.harness.querying import demand_filter, judge_filter, query
from scimcheck.harness.target import Target

INSTANT = "meta.lastModified"
CLAUSES = {
    "gt": "RFC7644-3.4.2.2-17",
    "ge": "RFC7644-3.4.2.2-18",
    "lt": "RFC7644-3.4.2.2-19",
    "le": "RFC7644-3.4.2.2-20",
}
HOUR = timedelta(hours=1)
#: The members apart from the one at whose value the order is tested.
APART = ("amber", "cedar", "delta")


def _instant(people: Population) -> datetime | None:
    """When amber was last modified, in whole seconds."""
    meta = people.value("amber", "meta")
    text = meta.get("lastModified") if isinstance(meta, dict) else None
    instant = parse_instant(text) if isinstance(text, str) else None
    return instant[0] if instant else None


def _at(moment: datetime, hours: int = 0) -> str:
    """An instant as an operand, in UTC or with an offset of so many hours."""
    if not hours:
        return quoted(moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))
    shifted = moment.astimezone(timezone(timedelta(hours=hours)))
    return quoted(f"{shifted:%Y-%m-%dT%H:%M:%S}{'+' if hours > 0 else '-'}{abs(hours):02d}:00")


def _by_time(people: Population, op: str) -> list[str]:
    """Comparisons with instants an hour before and after; none when the target does not offer them."""
    moment = _instant(people)
    if moment is None:
        return []
    expressions = [f"{INSTANT} {op} {_at(moment - HOUR)}", f"{INSTANT} {op} {_at(moment + HOUR)}"]
    return [] if people.ask(expressions[0]).refused else expressions


def _by_name(people: Population, op: str) -> str:
    return people.named("birch", op)


def _judge_operator(judge: Judge, people: Population, op: str) -> None:
    """The operator on instants; at equality on names where names are in order, all of it there without instants."""
    timed = _by_time(people, op)
    for expression in timed:
        judge_filter(judge, CLAUSES[op], people, expression)
    ordered = not timed or query(people, _by_name(people, op), APART).right
    if ordered:
        judge_filter(judge, CLAUSES[op], people, _by_name(people, op), among=("birch",) if timed else None)


@check("RFC7644-3.4.2.2-17", needs=("filter", "read"), every_type="deep")
def test_gt_finds_greater_values(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """gt finds what is greater than the operand, and not what equals it."""
    _judge_operator(judge, population(scim, model), "gt")


@check("RFC7644-3.4.2.2-18", needs=("filter", "read"), every_type="deep")
def test_ge_finds_greater_and_equal_values(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """ge finds what is greater than the operand, and what equals it."""
    _judge_operator(judge, population(scim, model), "ge")


@check("RFC7644-3.4.2.2-19", needs=("filter", "read"), every_type="deep")
def test_lt_finds_smaller_values(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """lt finds what is smaller than the operand, and not what equals it."""
    _judge_operator(judge, population(scim, model), "lt")


@check("RFC7644-3.4.2.2-20", needs=("filter", "read"), every_type="deep")
def test_le_finds_smaller_and_equal_values(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """le finds what is smaller than the operand, and what equals it."""
    _judge_operator(judge, population(scim, model), "le")


def _demand_operator(judge: Judge, people: Population, op: str) -> None:
    """Block the check by the operator's own clause when the operator does not even work on instants."""
    for expression in _by_time(people, op):
        demand_filter(judge, CLAUSES[op], people, expression)


@check("RFC7644-3.4.2.2-21", needs=("filter", "read"))
@pytest.mark.parametrize("op", CLAUSES)
def test_texts_are_in_lexicographical_order(scim: Target, judge: Judge, model: ResourceModel, op: str) -> None:
    """Ordering operators compare texts letter by letter."""
    people = population(scim, model)
    if not query(people, _by_name(people, op), APART).right:
        _demand_operator(judge, people, op)
    judge_filter(judge, "RFC7644-3.4.2.2-21", people, _by_name(people, op), among=APART)


@check("RFC7644-3.4.2.2-22", needs=("filter", "read"))
def test_instants_are_in_chronological_order(scim: Target, judge: Judge) -> None:
    """Instants compare by time, not by their text: offsets other than UTC denote what they say."""
    model = scim.primary
    people = population(scim, model)
    moment = _instant(people)
    if moment is None or people.ask(f"{INSTANT} ge {_at(moment - HOUR)}").refused:
        judge.not_applicable(f"filters on {INSTANT} are not offered")
        return
    for op in ("ge", "le"):
        _demand_operator(judge, people, op)
    half = HOUR / 2
    for expression in (
        f"{INSTANT} ge {_at(moment - half, 2)}",
        f"{INSTANT} le {_at(moment + half, -5)}",
        f"{INSTANT} ge {_at(moment + half, -5)}",
        f"{INSTANT} le {_at(moment - half, 2)}",
    ):
        judge_filter(judge, "RFC7644-3.4.2.2-22", people, expression, among=("amber",))


#: Members by the type of an attribute, and their values in order: letter by letter the order is another one.
ORDERED: dict[DataType, dict[str, JSON]] = {
    DataType.INTEGER: {"nine": 9, "eleven": 11},
    DataType.DECIMAL: {"ninth": 9, "eleventh": 11},
    DataType.DATE_TIME: {"dawn": "2020-02-01T12:00:00+02:00", "noon": "2020-02-01T11:00:00Z"},
}

#: The operand of each operator among two ordered values: gt and lt leave it out, ge and le do not.
_OPERAND = {"gt": 0, "ge": 1, "lt": 1, "le": 0}


def _ordered(scim: Target, judge: Judge, model: ResourceModel, kind: DataType) -> tuple[Population, Located]:
    """The population with the two members of :data:`ORDERED`, and the attribute that holds their values."""
    people = population(scim, model)
    found = next(
        (leaf for leaf in of_type(model, kind) if settable(leaf) and not leaf.attribute.canonical_values), None
    )
    if found is None:
        judge.not_applicable(f"{model.name} has no writable {kind.value}")
    for word, value in ORDERED[kind].items():
        if word not in people.members and not people.add(word, put(people.body(word), found, value)):
            judge.not_applicable(f"the target takes no {path_of(found)} of {value}")
        if not same_value(value, value_at(people.members[word].state, found, model), found.attribute):
            judge.not_applicable(f"the target does not keep {path_of(found)}")
    if people.ask(f"{path_of(found)} ge {literal(ORDERED[kind][next(iter(ORDERED[kind]))])}").refused:
        judge.not_applicable(f"ordering {path_of(found)} is not offered")
    return people, found


def _judge_order(scim: Target, judge: Judge, requirement: str, model: ResourceModel, kind: DataType, op: str) -> None:
    people, found = _ordered(scim, judge, model, kind)
    words, values = zip(*ORDERED[kind].items(), strict=True)
    expression = f"{path_of(found)} {op} {literal(values[_OPERAND[op]])}"
    if not query(people, expression, words).right:
        _demand_operator(judge, people, op)
    judge_filter(judge, requirement, people, expression, among=words)


@check("RFC7644-3.4.2.2-23", needs=("filter", "read", "attr:integer"))
@pytest.mark.parametrize("op", CLAUSES)
def test_integers_are_in_numerical_order(scim: Target, judge: Judge, model: ResourceModel, op: str) -> None:
    """Ordering operators compare integers by value: 9 is less than 11, and neither is greater than itself."""
    _judge_order(scim, judge, "RFC7644-3.4.2.2-23", model, DataType.INTEGER, op)


@check("RFC7644-3.4.2.2-23", needs=("filter", "read", "attr:decimal"))
@pytest.mark.parametrize("op", CLAUSES)
def test_decimals_are_in_numerical_order(scim: Target, judge: Judge, model: ResourceModel, op: str) -> None:
    """The same for decimals."""
    _judge_order(scim, judge, "RFC7644-3.4.2.2-23", model, DataType.DECIMAL, op)


@check("RFC7644-3.4.2.2-22", needs=("filter", "read", "attr:dateTime"))
@pytest.mark.parametrize("op", CLAUSES)
def test_times_of_a_schema_are_in_chronological_order(
    scim: Target, judge: Judge, model: ResourceModel, op: str
) -> None:
    """The same for instants that clients set, whatever their offsets from UTC."""
    _judge_order(scim, judge, "RFC7644-3.4.2.2-22", model, DataType.DATE_TIME, op)


def _unordered(model: ResourceModel) -> list[Located]:
    """Booleans and binary attributes, a top-level one of each kind first."""
    kinds = [
        [leaf for leaf in leaves(model) if leaf.attribute.type is kind] for kind in (DataType.BOOLEAN, DataType.BINARY)
    ]
    return [*(found[0] for found in kinds if found), *(leaf for found in kinds for leaf in found[1:])]


def _refuse_order(scim: Target, judge: Judge, model: ResourceModel, attributes: list[Located], ops: str) -> None:
    if not attributes:
        judge.not_applicable(f"{model.name} has neither boolean nor binary attributes")
    for located in attributes:
        operand = "true" if located.attribute.type is DataType.BOOLEAN else quoted("MIIB")
        for op in ops.split():
            exchange = scim.search(model.endpoint, f"{path_of(located)} {op} {operand}")
            judge.expect(
                "RFC7644-3.4.2.2-24",
                exchange.status == 400 and exchange.scim_type == "invalidFilter",
                expected="400 invalidFilter",
                observed=exchange.summary(),
                at=exchange,
            )


@check("RFC7644-3.4.2.2-24", needs=("filter",), writes=False)
def test_booleans_and_binaries_have_no_order(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """gt, ge, lt and le on a boolean or binary attribute are refused with 400 invalidFilter."""
    _refuse_order(scim, judge, model, _unordered(model)[:2], "gt ge lt le")


@check("RFC7644-3.4.2.2-24", needs=("filter",), writes=False, depth="deep")
def test_no_boolean_and_no_binary_has_an_order(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The same for every boolean and binary attribute of the type."""
    _refuse_order(scim, judge, model, _unordered(model)[2:], "gt le")


@check("RFC7644-3.4.2.2-34", needs=("filter", "read", "attr:decimal"))
def test_numbers_with_fractions_are_operands(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """eq compares decimal attributes with JSON numbers by value: 9 is 9.0, and not 9.5."""
    people, number = _ordered(scim, judge, model, DataType.DECIMAL)
    for operand in (9, 9.0, 9.5):
        expression = f"{path_of(number)} eq {literal(operand)}"
        judge_filter(judge, "RFC7644-3.4.2.2-34", people, expression, among=tuple(ORDERED[DataType.DECIMAL]))
