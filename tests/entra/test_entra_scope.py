"""Scoping filters: every operator, and what has no value."""

from __future__ import annotations

import pytest

from scimcheck.entra.expression.values import Value
from scimcheck.entra.mapping.check import problems
from scimcheck.entra.mapping.model import Clause, Filter, Group, ObjectMapping, Operand, Rule, SynchronizationSchema
from scimcheck.entra.mapping.scope import in_scope, is_ignored, operators, problem

PERSON: dict[str, Value] = {
    "country": "FR",
    "department": "Finance",
    "level": "7",
    "mask": "6",
    "accountEnabled": True,
    "empty": "",
}


def clause(source: str, operator: str, *values: str) -> Clause:
    return Clause(operator, source, Operand(values))


def scope(*clauses: Clause) -> Filter:
    return Filter((Group("", clauses),))


@pytest.mark.parametrize(
    ("source", "operator", "values", "holds"),
    [
        ("country", "EQUALS", ["FR"], True),
        ("country", "EQUALS", ["fr"], False),
        ("country", "equals", ["FR"], True),
        ("country", "NOT EQUALS", ["DE"], True),
        ("country", "NOT EQUALS", ["FR"], False),
        ("department", "REGEX MATCH", ["Fin.*"], True),
        ("department", "REGEX MATCH", ["^ance$"], False),
        ("department", "NOT REGEX MATCH", ["^Sales"], True),
        ("department", "Includes", ["nan"], True),
        ("department", "Includes", ["NAN"], False),
        ("department", "ENDS_WITH", ["ance"], True),
        ("department", "ENDS WITH", ["Fin"], False),
        ("country", "IS NULL", [], False),
        ("country", "IS NOT NULL", [], True),
        ("absent", "IS NULL", [], True),
        ("empty", "IS NULL", [], True),
        ("accountEnabled", "IS TRUE", [], True),
        ("accountEnabled", "IS FALSE", [], False),
        ("level", "Greater_Than", ["6"], True),
        ("level", "Greater_Than", ["7"], False),
        ("level", "Greater_Than_OR_EQUALS", ["7"], True),
        ("level", "Greater_Than", ["10"], False),
        ("country", "Greater_Than", ["1"], False),
        ("mask", "&", ["2"], True),
        ("mask", "&", ["1"], False),
        ("mask", "!&", ["1"], True),
    ],
)
def test_operators(source: str, operator: str, values: list[str], holds: bool) -> None:
    assert in_scope(scope(clause(source, operator, *values)), PERSON) is holds


@pytest.mark.parametrize("operator", [name for name in operators() if name != "IS NULL"])
def test_what_has_no_value_is_out_of_scope(operator: str) -> None:
    """Negative operators are no exception."""
    unary = operator.startswith("IS")
    assert not in_scope(scope(clause("absent", operator, *([] if unary else ["1"]))), PERSON)


def test_clauses_are_joined_by_and_and_groups_by_or() -> None:
    french, german = clause("country", "EQUALS", "FR"), clause("country", "EQUALS", "DE")
    selling = clause("department", "EQUALS", "Sales")
    assert not in_scope(scope(french, selling), PERSON)
    assert in_scope(Filter((Group("", (german,)), Group("", (french,)))), PERSON)
    assert in_scope(None, PERSON)
    assert in_scope(Filter(), PERSON)


def test_input_filters_keep_an_object_away_altogether() -> None:
    keep = Filter(input_groups=(Group("", (clause("country", "EQUALS", "DE"),)),))
    assert is_ignored(keep, PERSON)
    assert not in_scope(keep, PERSON)
    assert not is_ignored(None, PERSON)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (clause("country", "EQUALLS", "FR"), "there is no operator 'EQUALLS'"),
        (clause("", "EQUALS", "FR"), "the clause names no source attribute"),
        (clause("country", "EQUALS"), "EQUALS compares with one value, 0 given"),
        (clause("level", "Greater_Than", "many"), "compares with a whole number, found 'many'"),
        (clause("country", "REGEX MATCH", "(F"), "the regular expression is malformed"),
        (Clause("EQUALS", "country"), "EQUALS compares with one value, 0 given"),
    ],
)
def test_a_clause_that_cannot_be_evaluated_is_told(found: Clause, told: str) -> None:
    assert told in problem(found)
    with pytest.raises(ValueError):
        in_scope(scope(found), PERSON)


def test_problems_of_a_filter_are_pointed_at() -> None:
    found = scope(clause("country", "EQUALLS", "FR"), clause("userType", "EQUALS", "Guest"))
    schema = SynchronizationSchema((Rule(objects=(ObjectMapping("Group", "g", enabled=False, scope=found),)),))
    place = ("synchronizationRules", 0, "objectMappings", 0, "scope", "groups", 0, "clauses")
    assert [(item.place, item.text, item.error) for item in problems(schema)] == [
        ((*place, 0), "there is no operator 'EQUALLS'; is it EQUALS?", True),
        ((*place, 1), "userType is documented not to work in scoping filters", False),
    ]
