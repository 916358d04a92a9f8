"""The syntax tree of an expression; ``column`` counts the characters of the text from 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A text constant, without its quotes and escapes."""

    value: str
    column: int


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, written in decimal or as ``&H`` and hexadecimal digits."""

    value: int
    column: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """A source attribute, ``[name]``."""

    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Keyword:
    """``vbTextCompare`` or ``vbBinaryCompare``."""

    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Omitted:
    """An empty place between commas: an argument that is not given."""

    column: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right`` with one of ``= <> > >= < <=``."""

    left: Node
    operator: str
    right: Node
    column: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Node, ...]
    column: int


Node: TypeAlias = "Text | Number | Attribute | Keyword | Omitted | Comparison | Call"


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Comparison):
        return (node.left, node.right)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, from left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def source_attributes(node: Node) -> tuple[str, ...]:
    """The names of the attributes an expression reads, each once."""
    return tuple(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Attribute)))


def is_redacted(node: Node) -> bool:
    """Whether the provisioning logs show ``[Redact]`` in place of the expression's value."""
    return any(isinstance(part, Call) and part.name == "Redact" for part in walk(node))
