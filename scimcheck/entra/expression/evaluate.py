"""Evaluating expressions: the values of a directory object in, the value to provision out."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import NoReturn

from scimcheck.entra.expression import registry
from scimcheck.entra.expression.ast import Attribute, Call, Comparison, Keyword, Node, Omitted
from scimcheck.entra.expression.parser import KEYWORDS, parse_expression, unknown_keyword
from scimcheck.entra.expression.values import EvaluationError, Value, as_list, as_text


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def _never_taken(value: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Context:
    """What an evaluation needs beside the object: clock, chance, and facts of the tenant.

    ``taken`` tells whether another object has a value already (SelectUniqueValue); ``default_domain`` is that of the
    tenant, empty when it is not known.
    """

    now: Callable[[], datetime] = _utc_now
    random: random.Random = field(default_factory=random.Random)
    taken: Callable[[str], bool] = _never_taken
    default_domain: str = ""


def evaluate(expression: str | Node, attributes: Mapping[str, Value], context: Context | None = None) -> Value:
    """The value of an expression for an object; ``None`` means that nothing is provisioned.

    Attribute names are case-sensitive; one that the object lacks has no value. Raises ExpressionError for an
    expression that cannot be read and EvaluationError for one that fails, both with the column.
    """
    node = parse_expression(expression) if isinstance(expression, str) else expression
    return Evaluation(attributes, context or Context()).value(node)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation; arguments are evaluated when a function asks for them."""

    attributes: Mapping[str, Value]
    context: Context

    def value(self, node: Node) -> Value:
        """The value of a node."""
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Attribute):
            return self.attributes.get(node.name)
        if isinstance(node, Comparison):
            return self._compare(node)
        if isinstance(node, Keyword):
            return self._keyword(node)
        return None if isinstance(node, Omitted) else node.value

    def _keyword(self, keyword: Keyword) -> str:
        if keyword.name not in KEYWORDS:
            raise EvaluationError(keyword.column, unknown_keyword(keyword.name))
        return keyword.name

    def _call(self, call: Call) -> Value:
        function = registry.look_up(call)
        return function.implementation(Arguments(call, self))

    def _compare(self, comparison: Comparison) -> bool:
        left, right = (self._operand(node) for node in (comparison.left, comparison.right))
        return _COMPARISONS[comparison.operator](*_comparable(left, right))

    def _operand(self, node: Node) -> str:
        try:
            text = as_text(self.value(node))
        except ValueError as error:
            raise EvaluationError(node.column, f"cannot compare {error}") from None
        if text is None:
            raise EvaluationError(node.column, "a comparison with an attribute that has no value fails")
        return text


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one call, numbered from 0 and evaluated on demand."""

    call: Call
    evaluation: Evaluation

    def __len__(self) -> int:
        return len(self.call.arguments)

    @property
    def context(self) -> Context:
        """What the evaluation needs beside the object."""
        return self.evaluation.context

    def given(self, index: int) -> bool:
        """Whether the argument is there and its place is not empty."""
        return index < len(self) and not isinstance(self.call.arguments[index], Omitted)

    def value(self, index: int) -> Value:
        """The argument's value; ``None`` when it is not given."""
        return self.evaluation.value(self.call.arguments[index]) if self.given(index) else None

    def values(self, index: int) -> list[Value]:
        """The argument's values, of which there may be any number."""
        return as_list(self.value(index))

    def text(self, index: int) -> str | None:
        """The argument as text; ``None`` when it has no value."""
        try:
            return as_text(self.value(index))
        except ValueError as error:
            self.fail(str(error), index)

    def number(self, index: int) -> int:
        """The argument as a whole number; EvaluationError when it is none."""
        text = self.text(index)
        try:
            return int(text or "")
        except ValueError:
            self.fail(f"expected a whole number, found {text!r}", index)

    def fail(self, reason: str, index: int | None = None) -> NoReturn:
        """Raise EvaluationError at the argument, or at the call."""
        node = self.call if index is None or index >= len(self) else self.call.arguments[index]
        raise EvaluationError(node.column, f"{self.call.name}: {reason}")


def _comparable(left: str, right: str) -> tuple[str, str] | tuple[int, int]:
    """Both as numbers where both are, so that 10 is more than 9; as texts otherwise."""
    try:
        return int(left), int(right)
    except ValueError:
        return left, right


_COMPARISONS: dict[str, Callable[..., bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}
