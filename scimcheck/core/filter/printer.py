"""Filter to text, in the strict form with the fewest parentheses."""

from __future__ import annotations

import json
import re

from scimcheck.core.filter.ast import And, Comparison, Filter, Not, Operand, Or, Present, ValuePath


def print_filter(f: Filter) -> str:
    """The expression that parses to ``f`` again, strictly."""
    if isinstance(f, Or):
        return " or ".join(_operand(each, (Or,)) for each in f.operands)
    if isinstance(f, And):
        return " and ".join(_operand(each, (And, Or)) for each in f.operands)
    if isinstance(f, Not):
        return f"not ({print_filter(f.operand)})"
    if isinstance(f, ValuePath):
        return f"{f.path}[{print_filter(f.filter)}]"
    if isinstance(f, Present):
        return f"{f.path} pr"
    return _comparison(f)


def _comparison(f: Comparison) -> str:
    return f"{f.path} {f.op} {print_operand(f.value)}"


def _operand(f: Filter, looser: tuple[type, ...]) -> str:
    text = print_filter(f)
    return f"({text})" if isinstance(f, looser) else text


def print_operand(value: Operand) -> str:
    """A JSON literal; characters stand for themselves, except those that UTF-8 cannot carry."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\ud800-\udfff]", lambda lone: f"\\u{ord(lone[0]):04x}", text)
