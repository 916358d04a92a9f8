"""On which line of a TOML file a key stands, so that a complaint about it can say so.

The standard library's reader keeps no positions. This one reads only as much as it takes to follow keys, tables and
arrays, and relies on a file that the standard library has accepted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

#: A place in the document: keys, and numbers for elements of arrays.
Place: TypeAlias = tuple["str | int", ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TEXT = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'", flags=re.DOTALL
)
_PLAIN = re.compile(r"[^,\]\}#\r\n]+")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def lines_of(text: str) -> Mapping[Place, int]:
    """The line, counted from 1, of every table, key and array element of a sound TOML document."""
    return _Reader(text).read()


class _Reader:
    """Walks once over the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines: dict[Place, int] = {}
        self._tables: dict[Place, int] = {}

    def read(self) -> dict[Place, int]:
        home: Place = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                home = self._header()
            else:
                self._pair(home)
            self._skip(_BLANK)
        return self._lines

    def _header(self) -> Place:
        """``[table]`` or ``[[table of an array]]``: the place that the following pairs stand in."""
        start = self._at
        several = self._text.startswith("[[", self._at)
        self._at += 2 if several else 1
        place: Place = self._current(self._key())
        self._at += 2 if several else 1
        self._note(place, start)
        if several:
            number = self._tables.get(place, 0)
            self._tables[place] = number + 1
            place = (*place, number)
            self._note(place, start)
        return place

    def _current(self, key: tuple[str, ...]) -> Place:
        """A header's key with the number of the latest element after each array of tables on its way."""
        place: Place = ()
        for number, part in enumerate(key):
            place = (*place, part)
            if place in self._tables and number < len(key) - 1:
                place = (*place, self._tables[place] - 1)
        return place

    def _pair(self, home: Place) -> None:
        start = self._at
        key = self._key()
        self._at += 1  # the equals sign
        for length in range(1, len(key) + 1):
            self._note((*home, *key[:length]), start)
        self._value((*home, *key))

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            bare = _BARE.match(self._text, self._at)
            found = bare or _TEXT.match(self._text, self._at)
            if found is None:
                return tuple(parts)
            self._at = found.end()
            parts.append(found.group() if bare else _unquoted(found.group()))
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return tuple(parts)
            self._at += 1

    def _value(self, place: Place) -> None:
        self._skip(_SPACE)
        opening = self._text[self._at : self._at + 1]
        if opening == "[":
            self._array(place)
        elif opening == "{":
            self._inline(place)
        else:
            self._skip(_TEXT if opening in ("'", '"') else _PLAIN)

    def _array(self, place: Place) -> None:
        number = 0
        while self._next("]"):
            self._note((*place, number), self._at)
            self._value((*place, number))
            number += 1

    def _inline(self, place: Place) -> None:
        while self._next("}"):
            self._pair(place)

    def _next(self, closing: str) -> bool:
        """Step over the opening bracket or a comma; whether another element follows before ``closing``."""
        self._skip(_BLANK)
        if not self._text.startswith(closing, self._at):
            self._at += 1
            self._skip(_BLANK)
        if self._at >= len(self._text) or self._text.startswith(closing, self._at):
            self._at += 1
            return False
        return True

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        self._at = max(found.end() if found else 0, self._at + (found is None))

    def _note(self, place: Place, position: int) -> None:
        self._lines.setdefault(place, self._text.count("\n", 0, position) + 1)


def _unquoted(text: str) -> str:
    """The text of a quoted key."""
    if text.startswith("'"):
        return text[1:-1]
    return _ESCAPE.sub(_unescaped, text[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    code = found.group(1)
    return chr(int(code[1:], 16)) if code[0] in "uU" and len(code) > 1 else _ESCAPED.get(code, code)
