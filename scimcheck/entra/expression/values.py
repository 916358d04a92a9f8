"""What expressions work on: texts, numbers, booleans, nothing, and lists of these."""

from __future__ import annotations

from typing import Any, TypeAlias

from scimcheck.entra.expression.parser import ExpressionError

#: A value of a source attribute or of a function; ``None`` is no value.
Value: TypeAlias = "str | int | bool | list[Any] | dict[str, Any] | None"


class EvaluationError(ExpressionError):
    """An expression that can be read but fails for the values at hand; the attribute is not provisioned then."""


def as_text(value: Value) -> str | None:
    """The text form of a single value: booleans are ``True`` and ``False``; ValueError for several values."""
    if isinstance(value, list):
        if len(value) > 1:
            raise ValueError("several values where one is expected")
        return as_text(value[0]) if value else None
    if isinstance(value, dict):
        return as_text(value.get("value"))
    return value if value is None or isinstance(value, str) else str(value)


def as_list(value: Value) -> list[Any]:
    """The values of a multi-valued attribute; a single value counts as a list of one, no value as an empty one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_empty(value: Value) -> bool:
    """Whether there is no value, an empty text or an empty list."""
    return value is None or value == "" or value == []
