"""The syntax tree of filters and attribute paths: immutable, hashable, without positions.

Names keep the spelling of the text. ``And`` and ``Or`` hold two or more operands; redundant parentheses leave
no trace, nested groups of the same kind stay nested.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

#: What may stand to the right of an operator.
Operand: TypeAlias = "str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class AttrPath:
    """An attribute path ``[urn:]name[.sub]`` (RFC 7644 §3.10)."""

    name: str
    sub: str | None = None
    urn: str | None = None

    def __str__(self) -> str:
        prefix = f"{self.urn}:" if self.urn else ""
        suffix = f".{self.sub}" if self.sub else ""
        return f"{prefix}{self.name}{suffix}"


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """``path op value``; ``op`` is in lower case. Equality tells ``true`` from 1 and 1 from 1.0."""

    path: AttrPath
    op: str
    value: Operand

    def _key(self) -> tuple[AttrPath, str, type, Operand]:
        return self.path, self.op, type(self.value), self.value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Comparison) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


@dataclass(frozen=True, slots=True)
class Present:
    """``path pr``."""

    path: AttrPath


@dataclass(frozen=True, slots=True)
class And:
    """All operands hold."""

    operands: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one operand holds."""

    operands: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The operand, which is a group in the text, does not hold."""

    operand: Filter


@dataclass(frozen=True, slots=True)
class ValuePath:
    """``path[filter]``: one and the same value of the attribute satisfies ``filter``.

    Paths inside ``filter`` are sub-attributes of ``path``: plain names.
    """

    path: AttrPath
    filter: Filter


Filter: TypeAlias = "Comparison | Present | And | Or | Not | ValuePath"
