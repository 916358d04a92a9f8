"""Regular expressions and replacements of .NET, in terms of Python's ``re``."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable

_GROUP = re.compile(r"(?<!\\)((?:\\\\)*)\(\?(?:<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')")
_BACK_REFERENCE = re.compile(r"(?<!\\)((?:\\\\)*)\\k<([A-Za-z_]\w*)>")
_UNSUPPORTED = re.compile(r"(?<!\\)(?:\\\\)*(\\[pP]\{|\(\?<\w*-\w+>|\\G)")
_SUBSTITUTION = re.compile(r"\$(?:(\$)|(&)|\{(\w+)\}|(\d+))")


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern with .NET's named groups; ValueError when Python has no counterpart or it is malformed."""
    found = _UNSUPPORTED.search(pattern)
    if found:
        raise ValueError(f"{found.group(1)} is not supported")
    translated = _GROUP.sub(lambda match: f"{match[1]}(?P<{match[2] or match[3]}>", pattern)
    translated = _BACK_REFERENCE.sub(r"\1(?P=\2)", translated)
    try:
        with warnings.catch_warnings():
            # Python warns of brackets that may mean something else in a later version of its own.
            warnings.simplefilter("ignore")
            return re.compile(translated)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"the regular expression is malformed: {error}") from None


def replacement(template: str) -> Callable[[re.Match[str]], str]:
    """A replacement with ``$1``, ``${name}``, ``$&`` and ``$$``; as in .NET, an unknown group stays as it is."""

    def substitute(match: re.Match[str], found: re.Match[str]) -> str:
        dollar, whole, name, number = found.groups()
        if dollar or whole:
            return "$" if dollar else match.group()
        group: str | int = int(name or number) if (name or number).isdigit() else name
        known = group in match.re.groupindex if isinstance(group, str) else group <= match.re.groups
        return (match.group(group) or "") if known else found.group()

    return lambda match: _SUBSTITUTION.sub(lambda found: substitute(match, found), template)
