"""Text to filter (RFC 7644 §3.4.2.2 with the errata)."""

from __future__ import annotations

from functools import lru_cache

from scimcheck.core.errors import InvalidFilter
from scimcheck.core.filter import grammar
from scimcheck.core.filter.ast import Filter


@lru_cache(maxsize=512)
def parse_filter(text: str, *, lenient: bool = False) -> Filter:
    """Parse a filter expression.

    Strictly by the grammar, or with ``lenient`` also what servers commonly relax: more or fewer blanks, ``True`` for
    ``true``, and a comparison behind the brackets, ``emails[type eq "work"].value eq "x"``, which means
    ``emails[type eq "work" and value eq "x"]``. Raises InvalidFilter whose detail names the column, from 1, and what
    was expected; so do expressions too long or too deeply nested.
    """
    try:
        parsed: Filter = grammar.parse(text, "filter", lenient=lenient)
    except grammar.Fault as fault:
        raise InvalidFilter(str(fault)) from None
    return parsed
