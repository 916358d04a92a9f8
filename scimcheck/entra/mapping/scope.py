"""Scoping filters: which objects of the directory a job provisions.

An attribute without a value makes every comparison false, negative ones included; only ``IS NULL`` is true of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from scimcheck.entra.expression.dotnet_regex import compile_pattern
from scimcheck.entra.expression.values import Value, as_text, is_empty
from scimcheck.entra.mapping.model import Clause, Filter, Group


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator of scoping filters; ``holds`` compares the text of the attribute with the operand."""

    name: str
    holds: Callable[[str, str], bool]
    unary: bool = False
    #: What the operand has to be: text, integer or pattern.
    operand: str = "text"


def in_scope(scope: Filter | None, source: Mapping[str, Value]) -> bool:
    """Whether the object is in scope: no filter, no group, or a group of which every clause holds.

    Raises ValueError for a filter that :func:`problems` finds fault with.
    """
    if scope is None:
        return True
    return _any(scope.groups, source) and _any(scope.input_groups, source)


def is_ignored(scope: Filter | None, source: Mapping[str, Value]) -> bool:
    """Whether the input filter keeps the object away altogether, so that not even leaving the scope disables it."""
    return scope is not None and not _any(scope.input_groups, source)


def operator(name: str) -> Operator | None:
    """The operator of that name, in any letter case, with blanks or underscores."""
    return _OPERATORS.get(_key(name))


def operators() -> tuple[str, ...]:
    """The names of the operators as the portal shows them."""
    return tuple(found.name for found in _OPERATORS.values())


def problem(clause: Clause) -> str:
    """What is wrong with a clause, for people; empty when nothing is."""
    found = operator(clause.operator)
    if found is None:
        return f"there is no operator {clause.operator!r}"
    if not clause.source.strip():
        return "the clause names no source attribute"
    if found.unary:
        return ""
    if len(clause.values) != 1:
        return f"{found.name} compares with one value, {len(clause.values)} given"
    return _operand_problem(found, clause.values[0])


def _operand_problem(found: Operator, value: str) -> str:
    if found.operand == "integer" and not re.fullmatch(r"-?\d+", value):
        return f"{found.name} compares with a whole number, found {value!r}"
    if found.operand == "pattern":
        try:
            compile_pattern(value)
        except ValueError as error:
            return str(error)
    return ""


def _any(groups: Iterable[Group], source: Mapping[str, Value]) -> bool:
    listed = tuple(groups)
    return not listed or any(all(_holds(clause, source) for clause in group.clauses) for group in listed)


def _holds(clause: Clause, source: Mapping[str, Value]) -> bool:
    wrong = problem(clause)
    if wrong:
        raise ValueError(wrong)
    found = _OPERATORS[_key(clause.operator)]
    value = source.get(clause.source)
    if is_empty(value):
        return found.name == "IS NULL"
    text = as_text(value) or ""
    return found.holds(text, clause.values[0] if clause.values else "")


def _key(name: str) -> str:
    return name.strip().lower().replace("_", " ")


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?\d+", text) else None


def _compared(test: Callable[[int, int], bool]) -> Callable[[str, str], bool]:
    """A comparison of whole numbers, false of anything else."""

    def holds(value: str, operand: str) -> bool:
        left, right = _number(value), _number(operand)
        return left is not None and right is not None and test(left, right)

    return holds


def _matches(value: str, pattern: str) -> bool:
    return compile_pattern(pattern).search(value) is not None


_OPERATORS = {
    _key(found.name): found
    for found in (
        Operator("EQUALS", lambda value, operand: value == operand),
        Operator("NOT EQUALS", lambda value, operand: value != operand),
        Operator("REGEX MATCH", _matches, operand="pattern"),
        Operator("NOT REGEX MATCH", lambda value, operand: not _matches(value, operand), operand="pattern"),
        Operator("IS NULL", lambda value, operand: False, unary=True),
        Operator("IS NOT NULL", lambda value, operand: True, unary=True),
        Operator("IS TRUE", lambda value, operand: value.lower() == "true", unary=True),
        Operator("IS FALSE", lambda value, operand: value.lower() == "false", unary=True),
        Operator("Includes", lambda value, operand: operand in value),
        Operator("ENDS_WITH", lambda value, operand: value.endswith(operand)),
        Operator("Greater_Than", _compared(lambda left, right: left > right), operand="integer"),
        Operator("Greater_Than_OR_EQUALS", _compared(lambda left, right: left >= right), operand="integer"),
        Operator("&", _compared(lambda left, right: left & right == right), operand="integer"),
        Operator("!&", _compared(lambda left, right: left & right != right), operand="integer"),
    )
}
