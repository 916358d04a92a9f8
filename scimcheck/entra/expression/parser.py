"""Reading expressions, with the column of what is wrong.

Inside a text constant ``\\\\`` and ``\\"`` stand for backslash and quote. A backslash before anything else is kept as
it is, since mappings in the field have regular expressions written so.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, v_args

from scimcheck.core.errors import UsageError
from scimcheck.entra.expression.ast import Attribute, Call, Comparison, Keyword, Node, Number, Omitted, Text

#: The documented limit, in characters.
MAX_LENGTH = 10_000
#: Deepest nesting of calls; the documentation knows no limit, evaluation needs one.
MAX_DEPTH = 100

KEYWORDS = ("vbTextCompare", "vbBinaryCompare")

_ESCAPED = re.compile(r'\\(["\\])')
_CURLY = "“”„‟«»‘’"


class ExpressionError(UsageError):
    """An expression that cannot be read or evaluated; ``column`` counts from 1."""

    def __init__(self, column: int, reason: str) -> None:
        super().__init__(f"column {column}: {reason}")
        self.column = column
        self.reason = reason


@lru_cache(maxsize=512)
def parse_expression(text: str) -> Node:
    """The syntax tree of an expression: a function, an attribute in brackets or a text constant.

    Raises ExpressionError. Function names and numbers of arguments are not looked at.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(MAX_LENGTH + 1, f"an expression has at most {MAX_LENGTH} characters")
    _check_depth(text)
    try:
        tree: Any = _lark().parse(text)
    except UnexpectedInput as error:
        raise _explained(text, error) from None
    node: Node = tree
    return node


@lru_cache(maxsize=1)
def _lark() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_ToAst())


def unknown_keyword(name: str) -> str:
    """Why a bare word is no argument."""
    return f"{name} needs quotes as a text or brackets as an attribute"


def _check_depth(text: str) -> None:
    depth = 0
    for position, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth > MAX_DEPTH:
            raise ExpressionError(position + 1, f"functions are nested more than {MAX_DEPTH} deep")


def _explained(text: str, error: UnexpectedInput) -> ExpressionError:
    position = error.pos_in_stream if isinstance(error, UnexpectedCharacters) else None
    if isinstance(error, UnexpectedToken):
        position = error.token.start_pos if error.token.type != "$END" else len(text)
    column = (position if position is not None else len(text)) + 1
    found = text[column - 1 : column]
    if not found:
        return ExpressionError(column, "the expression ends too early: a closing parenthesis or an operand is missing")
    if found in _CURLY:
        return ExpressionError(column, f"text constants stand in straight double quotes, found {found}")
    if found == ";":
        return ExpressionError(column, "arguments are separated by commas, found ;")
    if found == '"' and isinstance(error, UnexpectedCharacters):
        return ExpressionError(column, "the text constant that begins here has no closing quote")
    return ExpressionError(column, f"did not expect {found!r} here")


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1


@v_args(inline=True)
class _ToAst(Transformer[Token, Node]):
    def start(self, node: Node) -> Node:
        return node

    def attribute(self, token: Token) -> Node:
        return Attribute(token[1:-1].strip(), _column(token))

    def text(self, token: Token) -> Node:
        return Text(_ESCAPED.sub(r"\1", token[1:-1]), _column(token))

    def number(self, token: Token) -> Node:
        digits = token.value
        value = int(digits[2:], 16) if digits.startswith("&H") else int(digits)
        return Number(value, _column(token))

    def keyword(self, token: Token) -> Node:
        return Keyword(token.value, _column(token))

    def comparison(self, left: Node, operator: Token, right: Node) -> Node:
        return Comparison(left, operator.value, right, _column(operator))

    def place(self, node: Node | None = None) -> Node:
        return node or Omitted(1)

    def call(self, name: Token, *places: Node) -> Node:
        if len(places) == 1 and isinstance(places[0], Omitted):
            places = ()
        arguments = tuple(Omitted(_column(name)) if isinstance(place, Omitted) else place for place in places)
        return Call(name.value, arguments, _column(name))
