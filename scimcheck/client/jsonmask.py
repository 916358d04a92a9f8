"""Masks secrets inside JSON text and leaves every other byte as it was.

Bodies are evidence: decoding and encoding them again would lose duplicate names, number spellings and white space.
So the text is cut into tokens, and only the tokens that hold a secret are replaced. Text that is not quite JSON is
masked as far as its tokens go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

#: Names whose values are secret, without ``-``, ``_`` and letter case.
SECRET_NAMES = frozenset(
    (
        *("password", "newpassword", "oldpassword", "currentpassword", "passwd", "pwd", "passphrase"),
        *("secret", "clientsecret", "sharedsecret", "secrettoken", "apikey", "privatekey", "authorization"),
        *("token", "accesstoken", "refreshtoken", "idtoken", "bearertoken", "assertion", "clientassertion"),
    )
)
MASK = "[redacted]"

_ANY_NAME = re.compile("|".join(sorted(SECRET_NAMES)).encode())
_ESCAPE = re.compile(rb"(?:\\u[0-9a-fA-F]{4})+|\\.", re.DOTALL)
_SHORT_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f"}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether an attribute, parameter or PATCH path of that name holds a secret; URN prefix and parents are ignored."""
    last = re.split(r"[:.]", name)[-1]
    return re.sub(r"[-_\s]", "", last).lower() in SECRET_NAMES


def unescaped(body: bytes) -> bytes:
    """A JSON text with its escapes decoded: no longer JSON, but quick to search for what escapes could hide."""
    return _ESCAPE.sub(_decode_escape, body) if b"\\" in body else body


def _decode_escape(match: re.Match[bytes]) -> bytes:
    escape = match.group()
    if escape[1:2] != b"u" or len(escape) < 6:
        return _SHORT_ESCAPES.get(escape[1:], escape[1:])
    units = bytes.fromhex(escape.replace(b"\\u", b"").decode("ascii"))
    return units.decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")


def mentions_secret_name(body: bytes) -> bool:
    """Whether a name of :data:`SECRET_NAMES` occurs anywhere, also as part of a word."""
    return _ANY_NAME.search(body.lower().translate(None, b"-_ \t\r\n")) is not None


@dataclass(slots=True)
class _Scalar:
    """A string or other scalar value: its place in the text."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Frame:
    """An object or array that is open."""

    is_object: bool
    secret: bool
    name: str = ""
    expects_name: bool = True
    path: str = ""
    value: list[_Scalar] = field(default_factory=list)


def mask_json(text: str, clean: Callable[[str], str]) -> str:
    """Mask the values of secret names, and of a PATCH operation whose path is one; ``clean`` masks any other string."""
    if not _needs_walk(text):
        return text
    walk = _Walk(clean)
    for match in _TOKEN.finditer(text):
        walk.take(match.group(), match.start(), match.end())
    walk.finish()
    return _apply(text, walk.edits)


def _needs_walk(text: str) -> bool:
    """Whether the slow walk could find anything: no name of a secret, no such PATCH path and no escape is the rule."""
    if "\\" in text:
        return True
    found = False

    def look(pairs: list[tuple[str, object]]) -> None:
        nonlocal found
        found = found or any(
            is_secret_name(name) or (name.lower() == "path" and isinstance(value, str) and is_secret_name(value))
            for name, value in pairs
        )

    try:
        json.loads(text, object_pairs_hook=look, strict=False)
    except (ValueError, RecursionError):
        return True
    return found


class _Walk:
    """Follows the tokens and notes what to replace: (start, end) → new token."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self.edits: dict[tuple[int, int], str] = {}
        self._clean = clean
        self._stack: list[_Frame] = []

    def take(self, token: str, start: int, end: int) -> None:
        """Follow one token."""
        top = self._stack[-1] if self._stack else None
        if token in "{[":
            self._stack.append(_Frame(token == "{", self._in_secret()))
        elif token in "}]":
            self._close()
        elif token == "," and top is not None:
            top.expects_name = True
        elif token == ":" and top is not None:
            top.expects_name = False
        elif token not in ",:":
            self._scalar(_Scalar(start, end, token), top)

    def finish(self) -> None:
        """Close what the text left open."""
        while self._stack:
            self._close()

    def _in_secret(self) -> bool:
        top = self._stack[-1] if self._stack else None
        return top is not None and (top.secret or (top.is_object and is_secret_name(top.name)))

    def _scalar(self, scalar: _Scalar, top: _Frame | None) -> None:
        if top is not None and top.is_object and top.expects_name:
            top.name = _decode(scalar.text)
            self._sweep(scalar)
        elif self._in_secret():
            self._mask(scalar)
        else:
            self._sweep(scalar)
            self._remember(scalar)

    def _remember(self, scalar: _Scalar) -> None:
        """Keep what may turn out to be the value of a PATCH operation on a secret path."""
        for frame in self._stack:
            if frame.is_object and frame.name.lower() == "value":
                frame.value.append(scalar)
        top = self._stack[-1] if self._stack else None
        if top is not None and top.is_object and top.name.lower() == "path":
            top.path = _decode(scalar.text)

    def _close(self) -> None:
        if not self._stack:
            return
        frame = self._stack.pop()
        if is_secret_name(frame.path):
            for scalar in frame.value:
                self._mask(scalar)

    def _mask(self, scalar: _Scalar) -> None:
        if scalar.text not in ("null", "true", "false", '""'):
            self.edits[scalar.start, scalar.end] = json.dumps(MASK)

    def _sweep(self, scalar: _Scalar) -> None:
        """Replace a string whose escapes hide a secret; plain ones were seen before the text was cut into tokens."""
        if "\\" not in scalar.text:
            return
        decoded = _decode(scalar.text)
        cleaned = self._clean(decoded)
        if cleaned != decoded:
            self.edits[scalar.start, scalar.end] = json.dumps(cleaned)


def _decode(token: str) -> str:
    if not token.startswith('"'):
        return token
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token.strip('"')


def _apply(text: str, edits: dict[tuple[int, int], str]) -> str:
    parts: list[str] = []
    position = 0
    for (start, end), replacement in sorted(edits.items()):
        parts += [text[position:start], replacement]
        position = end
    return "".join([*parts, text[position:]])
