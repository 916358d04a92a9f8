"""Attribute paths (RFC 7644 §3.10) and PATCH paths (§3.5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from scimcheck.core.errors import InvalidPath
from scimcheck.core.filter import grammar
from scimcheck.core.filter.ast import AttrPath, Filter
from scimcheck.core.filter.printer import print_filter

__all__ = ["AttrPath", "PatchPath", "parse_attr_path", "parse_patch_path"]


@dataclass(frozen=True, slots=True)
class PatchPath:
    """A PATCH path: an attribute path, or ``attribute[filter]`` with an optional ``.sub`` behind it.

    With a filter ``attr.sub`` is ``None``, and paths inside the filter are sub-attributes of ``attr``.
    """

    attr: AttrPath
    filter: Filter | None = None
    sub: str | None = None

    @property
    def target_sub(self) -> str | None:
        """The sub-attribute aimed at, with or without a filter in front of it."""
        return self.attr.sub or self.sub

    def __str__(self) -> str:
        if self.filter is None:
            return str(self.attr)
        suffix = f".{self.sub}" if self.sub else ""
        return f"{self.attr}[{print_filter(self.filter)}]{suffix}"


@lru_cache(maxsize=512)
def parse_attr_path(text: str) -> AttrPath:
    """Parse ``[urn:]name[.sub]``; InvalidPath names the column, from 1, and what was expected."""
    path = parse_patch_path(text)
    if path.filter is not None:
        raise InvalidPath(f"column {text.index('[') + 1}: expected an attribute path without value filter")
    return path.attr


@lru_cache(maxsize=512)
def parse_patch_path(text: str, *, lenient: bool = False) -> PatchPath:
    """Parse a PATCH path, ``lenient`` about blanks and literals as parse_filter is.

    Raises InvalidPath, also for faults inside the brackets; the detail names the column, from 1, and what was expected.
    """
    try:
        attr, value_filter, sub = grammar.parse(text, "patch_path", lenient=lenient)
    except grammar.Fault as fault:
        raise InvalidPath(str(fault)) from None
    if value_filter is not None and attr.sub is not None:
        raise InvalidPath(f"column {text.index('[') + 1}: expected the end, for a sub-attribute has no value filter")
    return PatchPath(attr, value_filter, sub)
