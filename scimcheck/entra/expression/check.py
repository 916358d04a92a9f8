"""What is wrong or doubtful with an expression, told without evaluating it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scimcheck.entra.expression.ast import Call, Comparison, Keyword, Node, children
from scimcheck.entra.expression.parser import KEYWORDS, ExpressionError, parse_expression, unknown_keyword
from scimcheck.entra.expression.registry import functions, unknown_function

_TESTS = ("IsNull", "IsNullOrEmpty", "IsPresent")


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem at a column, from 1. An ``error`` makes the expression fail; the rest is advice."""

    column: int
    text: str
    error: bool


def check_expression(text: str) -> list[Problem]:
    """The problems of an expression, in the order of their columns; empty for a good one."""
    try:
        root = parse_expression(text)
    except ExpressionError as error:
        return [Problem(error.column, error.reason, True)]
    return sorted(_problems(root, None, 0), key=lambda problem: problem.column)


def _problems(node: Node, parent: Node | None, position: int) -> Iterator[Problem]:
    if isinstance(node, Call):
        yield from _call(node, parent, position)
    elif isinstance(node, Comparison) and not (isinstance(parent, Call) and _takes_comparison(parent, position)):
        yield Problem(node.column, "a comparison stands only in the first argument of IIF and in CBool", True)
    elif isinstance(node, Keyword) and node.name not in KEYWORDS:
        yield Problem(node.column, unknown_keyword(node.name), True)
    for index, child in enumerate(children(node)):
        yield from _problems(child, node, index)


def _takes_comparison(call: Call, position: int) -> bool:
    return call.name in ("IIF", "CBool") and position == 0


def _call(call: Call, parent: Node | None, position: int) -> Iterator[Problem]:
    function = functions().get(call.name)
    if function is None:
        yield Problem(call.column, unknown_function(call.name), True)
        return
    count = len(call.arguments)
    if not function.takes(count):
        yield Problem(call.column, f"{function.signature} has other arguments, {count} given", True)
    elif call.name == "Switch" and count % 2:
        yield Problem(call.column, "Switch has a key without a value: its arguments are even in number", True)
    if function.status != "published":
        yield Problem(call.column, f"{call.name} is not documented for application provisioning", False)
    if call.name == "SelectUniqueValue" and parent is not None:
        yield Problem(call.column, "SelectUniqueValue has to be the outermost function", True)
    if call.name in _TESTS and isinstance(parent, Call) and parent.name in ("IIF", "Switch") and position == 0:
        advice = 'Switch([a], [a], "", fallback) does without'
        yield Problem(call.column, f"{call.name} is documented as unsupported inside {parent.name}; {advice}", False)
