"""Replace, whose mode depends on which of its seven arguments are given."""

from __future__ import annotations

import re

from scimcheck.entra.expression.dotnet_regex import compile_pattern, replacement
from scimcheck.entra.expression.evaluate import Arguments
from scimcheck.entra.expression.registry import implements
from scimcheck.entra.expression.values import Value

SOURCE, OLD_VALUE, PATTERN, GROUP, NEW_VALUE, OTHER_ATTRIBUTE, TEMPLATE = range(7)


@implements("Replace")
def _replace(a: Arguments) -> Value:
    if a.given(OLD_VALUE):
        return _literal(a)
    if not a.given(PATTERN):
        a.fail("needs a value or a regular expression to look for", SOURCE)
    if a.given(GROUP) and not a.given(NEW_VALUE):
        return _from_other_attribute(a)
    source = a.text(SOURCE)
    if source is None:
        return None
    if not a.given(NEW_VALUE):
        a.fail("needs a replacement")
    new_value = a.text(NEW_VALUE) or ""
    if a.given(GROUP):
        return _replace_group(_pattern(a), _group(a), new_value, source)
    return _pattern(a).sub(replacement(new_value), source)


def _literal(a: Arguments) -> Value:
    """Replace a text in the source, or put the source into a template."""
    source, old_value = a.text(SOURCE), a.text(OLD_VALUE)
    if source is None:
        return None
    if not old_value:
        a.fail("the value to look for is empty", OLD_VALUE)
    if a.given(TEMPLATE):
        return (a.text(TEMPLATE) or "").replace(old_value, source)
    if not a.given(NEW_VALUE):
        a.fail("needs a replacement or a template")
    return source.replace(old_value, a.text(NEW_VALUE) or "")


def _from_other_attribute(a: Arguments) -> Value:
    """The source if it has a value, else what the group captures in the other attribute."""
    source = a.text(SOURCE)
    if source:
        return source
    if not a.given(OTHER_ATTRIBUTE):
        a.fail("needs a replacement or another attribute")
    found = _pattern(a).search(a.text(OTHER_ATTRIBUTE) or "")
    return found.group(_group(a)) if found else None


def _replace_group(pattern: re.Pattern[str], group: str, new_value: str, source: str) -> str:
    """Replace what the group captures and leave the rest of each match."""
    parts, end = [], 0
    for found in pattern.finditer(source):
        start, stop = found.span(group)
        if start >= end:
            parts += [source[end:start], new_value]
            end = stop
    return "".join((*parts, source[end:]))


def _pattern(a: Arguments) -> re.Pattern[str]:
    try:
        return compile_pattern(a.text(PATTERN) or "")
    except ValueError as error:
        a.fail(str(error), PATTERN)


def _group(a: Arguments) -> str:
    name = a.text(GROUP) or ""
    if name not in _pattern(a).groupindex:
        a.fail(f"the regular expression has no group {name!r}", GROUP)
    return name
