"""The attribute operators of RFC 7644 §3.4.2.2, table 3, on one value: what compares how, by type."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from scimcheck.core.characteristics import DataType
from scimcheck.core.filter.ast import Operand
from scimcheck.core.schema import Attribute
from scimcheck.core.values import is_case_exact, parse_instant, prepared

Test = Callable[[Any], bool]

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_TEXT: dict[str, Callable[[str, str], bool]] = {
    **_ORDER,
    "co": operator.contains,
    "sw": str.startswith,
    "ew": str.endswith,
}
#: The operators that need an order of values (RFC 7644 §3.4.2.2: not for boolean and binary).
ORDERING = frozenset({"gt", "ge", "lt", "le"})
#: The operators that look into a text.
SUBSTRING = frozenset({"co", "sw", "ew"})


def comparator(op: str, operand: Operand, attribute: Attribute | None) -> Test:
    """The test ``value op operand`` for one assigned value.

    Values of another JSON type than the operand never pass, not even ``ne``; with one exception: the strings "true"
    and "false" in any letter case stand for the boolean where the attribute is boolean, as Entra sends them. Without a
    definition the type is that of the value, and strings are not case exact (RFC 7643 §2.2).
    """
    if isinstance(operand, bool):
        return _boolean(op, operand)
    if isinstance(operand, (int, float)):
        return _number(op, operand)
    if isinstance(operand, str):
        return _string(op, operand, attribute)
    return _never


def _string(op: str, operand: str, attribute: Attribute | None) -> Test:
    kind = attribute.type if attribute else None
    spelled = {"true": True, "false": False}.get(operand.lower())
    if kind is DataType.BOOLEAN:
        return _never if spelled is None else _boolean(op, spelled)
    if kind is DataType.DATE_TIME and op in _ORDER:
        return _datetime(op, operand)
    as_text = _text(op, operand, case_exact=is_case_exact(attribute))
    if kind is None and spelled is not None:
        as_boolean = _boolean(op, spelled)
        return lambda value: as_text(value) or as_boolean(value)
    return as_text


def _never(value: Any) -> bool:
    return False


def _boolean(op: str, operand: bool) -> Test:
    if op not in ("eq", "ne"):
        return _never
    wanted = operand if op == "eq" else not operand
    return lambda value: value is wanted


def _number(op: str, operand: float) -> Test:
    compare = _ORDER.get(op)
    if compare is None:
        return _never

    def test(value: Any) -> bool:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and compare(value, operand)

    return test


def _datetime(op: str, operand: str) -> Test:
    instant = parse_instant(operand)
    compare = _ORDER[op]
    if instant is None:
        return _never

    def test(value: Any) -> bool:
        found = parse_instant(value) if isinstance(value, str) else None
        return found is not None and compare(found, instant)

    return test


def _text(op: str, operand: str, *, case_exact: bool) -> Test:
    compare = _TEXT[op]
    wanted = prepared(operand, case_exact)
    return lambda value: isinstance(value, str) and compare(prepared(value, case_exact), wanted)
