"""The LALR parsers for filters and PATCH paths, built once per strictness, and their error messages."""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from lark import Lark, Token, Transformer, UnexpectedInput, v_args

from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Operand, Or, Present, ValuePath

#: Longest expression that is looked at, in characters.
MAX_LENGTH = 65_536
#: Deepest nesting of parentheses and brackets. Everything that walks a tree recurses at most this deep.
MAX_DEPTH = 50

Start = Literal["filter", "patch_path"]


class Fault(Exception):
    """Why and where a text does not follow the grammar, on one line."""

    def __init__(self, column: int, reason: str) -> None:
        super().__init__(f"column {column}: {reason}")
        self.column = column
        self.reason = reason


@lru_cache(maxsize=2)
def _lark(lenient: bool) -> Lark:
    folder = Path(__file__).parent
    names = ("rules.lark", "lenient.lark" if lenient else "strict.lark")
    grammar = "\n".join((folder / name).read_text(encoding="utf-8") for name in names)
    return Lark(grammar, parser="lalr", start=["filter", "patch_path"], transformer=_ToAst())


def parse(text: str, start: Start, *, lenient: bool) -> Any:
    """Parse ``text``: a Filter, or for ``patch_path`` the tuple ``(AttrPath, Filter | None, sub | None)``.

    Raises Fault. Takes time linear in the length of the text, and no recursion.
    """
    _check_size(text)
    body = text.strip(" \t") if lenient else text
    offset = len(text) - len(text.lstrip(" \t")) if lenient else 0
    try:
        return _lark(lenient).parse(body, start=start)
    except UnexpectedInput as error:
        raise _fault(body, offset, error) from None
    except Fault as fault:
        raise Fault(offset + fault.column, fault.reason) from None


def _check_size(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise Fault(MAX_LENGTH + 1, f"expected at most {MAX_LENGTH} characters, found {len(text)}")
    if text.count("(") + text.count("[") <= MAX_DEPTH:
        return
    depth = 0
    for match in re.finditer(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[()\[\]]', text, re.DOTALL):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(match[0], 0)
        if depth > MAX_DEPTH:
            raise Fault(match.start() + 1, f"expected at most {MAX_DEPTH} levels of nesting")


def split_path(text: str) -> AttrPath:
    """Cut a well-formed attribute path into its parts: the last colon ends the URI, which may contain dots."""
    urn, colon, rest = str(text).rpartition(":")
    name, dot, sub = rest.partition(".")
    return AttrPath(name, sub if dot else None, urn if colon else None)


def _number(token: Token) -> int | float:
    try:
        value: int | float = json.loads(token)
    except ValueError:  # the interpreter's limit on the digits of an integer
        value = math.inf
    if math.isinf(value):
        raise Fault(token.column or 1, "expected a number of manageable size")
    return value


@v_args(inline=True)
class _ToAst(Transformer[Token, Any]):
    """Callbacks that the LALR parser runs on each reduction; methods bear the names of rules."""

    def filter(self, *operands: Filter) -> Filter:
        return Or(operands)

    def and_term(self, *operands: Filter) -> Filter:
        return And(operands)

    value_filter = filter
    value_and_term = and_term

    def negation(self, operand: Filter) -> Filter:
        return Not(operand)

    def present(self, path: Token) -> Filter:
        return Present(split_path(path))

    def comparison(self, path: Token, operator: Token, value: Operand) -> Filter:
        return Comparison(split_path(path), operator.lower(), value)

    def value_path(self, path: Token, inner: Filter) -> Filter:
        return ValuePath(split_path(path), inner)

    def selected_present(self, path: Token, inner: Filter, sub: Token) -> Filter:
        return ValuePath(split_path(path), And((inner, Present(AttrPath(str(sub[1:]))))))

    def selected_comparison(self, path: Token, inner: Filter, sub: Token, operator: Token, value: Operand) -> Filter:
        condition = Comparison(AttrPath(str(sub[1:])), operator.lower(), value)
        return ValuePath(split_path(path), And((inner, condition)))

    def patch_path(
        self, path: Token, inner: Filter | None, sub: Token | None
    ) -> tuple[AttrPath, Filter | None, str | None]:
        return split_path(path), inner, str(sub[1:]) if sub else None

    def string(self, token: Token) -> str:
        return str(json.loads(token))

    def number(self, token: Token) -> int | float:
        return _number(token)

    def true(self, token: Token) -> bool:
        return True

    def false(self, token: Token) -> bool:
        return False

    def null(self, token: Token) -> None:
        return None


_MEANINGS = {
    "$END": "the end",
    "ATTR_PATH": "an attribute path",
    "NAME": "a sub-attribute name",
    "SUB_ATTRIBUTE": "'.' and a sub-attribute name",
    "OPERATOR": "an operator (eq, ne, co, sw, ew, gt, ge, lt, le)",
    "STRING": "a JSON string",
    "NUMBER": "a JSON number",
    "TRUE": "true",
    "FALSE": "false",
    "NULL": "null",
    "_PR": '"pr"',
    "_BLANK": "a blank",
    "_OPEN": "'('",
    "_CLOSE": "')'",
    "_LEFT": "'['",
    "_RIGHT": "']'",
    "_NOT": "not (...)",
    "_AND": '"and"',
    "_OR": '"or"',
}


def _expected(error: UnexpectedInput) -> set[str]:
    """The terminals that could stand where parsing stopped, asked of the parser's own stack."""
    # Once the parser has reduced to its end state nothing is accepted any more: there the text should have ended.
    parser: Any = error.interactive_parser
    return set(parser.accepts()) or {"$END"}


def _fault(text: str, offset: int, error: UnexpectedInput) -> Fault:
    position = error.pos_in_stream
    if position is None or position < 0 or getattr(getattr(error, "token", None), "type", "") == "$END":
        position = len(text)
    expected = _expected(error)
    if "_AND" in expected and text[position : position + 1] == " ":
        # The terminals for "and" and "or" bring their blank along; point at what follows it.
        position += 1
        expected &= {"_AND", "_OR"}
    words = [meaning for name, meaning in _MEANINGS.items() if name in expected]
    found = repr(text[position]) if position < len(text) else "the end"
    return Fault(offset + position + 1, f"expected {_alternatives(words)}, found {found}")


def _alternatives(words: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
