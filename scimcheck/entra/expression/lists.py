"""Functions on multi-valued attributes; indexes count from 1."""

from __future__ import annotations

from scimcheck.entra.expression.evaluate import Arguments
from scimcheck.entra.expression.registry import implements
from scimcheck.entra.expression.values import Value, as_text, is_empty


@implements("Count")
def _count(a: Arguments) -> Value:
    return len(a.values(0))


@implements("Item")
def _item(a: Arguments) -> Value:
    values, index = a.values(0), a.number(1)
    return values[index - 1] if 1 <= index <= len(values) else None


@implements("Join")
def _join(a: Arguments) -> Value:
    separator = a.text(0) or ""
    values = [value for index in range(1, len(a)) for value in a.values(index)]
    # Values that are empty go together with their separator.
    return separator.join(str(as_text(value)) for value in values if not is_empty(value))


@implements("Split")
def _split(a: Arguments) -> Value:
    source, delimiter = a.text(0), a.text(1)
    if not delimiter:
        a.fail("the delimiter is empty", 1)
    return None if source is None else list(source.split(delimiter))


@implements("RemoveDuplicates")
def _remove_duplicates(a: Arguments) -> Value:
    kept: list[Value] = []
    for value in a.values(0):
        if value not in kept:
            kept.append(value)
    return kept
