"""What a target sent, made fit to be shown: no control characters, no endless bodies, JSON laid out for reading."""

from __future__ import annotations

import re

from scimcheck.client.exchange import Exchange

#: Longest body shown in a report, in characters.
BODY_LIMIT = 20_000

#: Deepest indentation of laid-out JSON, in levels; deeper ones stay at this one, lest indentation outgrow the text.
_DEEPEST = 24

#: What would move the cursor, hide text or reverse its direction: C0 and C1 controls but newline and tab, the marks and
#: overrides for right-to-left text, line separators, and surrogates, which no encoding can carry.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+')


def printable(text: str) -> str:
    """The text with every character that could disguise or disturb it written as an escape such as ``\\x1b``."""
    return _UNPRINTABLE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def one_line(text: str) -> str:
    """The printable text with all white space, newlines included, as single blanks."""
    return " ".join(printable(text).split())


def shortened(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis when it is longer than ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def laid_out(text: str) -> str:
    """JSON text with a line for each member and item; tokens stay as they were sent.

    Works on the text instead of decoded values, so that duplicate names, spellings of numbers and escapes remain
    visible, and on a beginning that was cut off.
    """
    lines: list[str] = []
    line, depth = "", 0
    previous = ""
    for token in _TOKEN.findall(text):
        if token in ("}", "]"):
            depth -= 1
            if previous not in ("{", "["):
                lines.append(line)
                line = _indent(depth)
        elif previous in ("{", "[", ","):
            lines.append(line)
            line = _indent(depth)
        line += token
        if token in ("{", "["):
            depth += 1
        elif token == ":":
            line += " "
        previous = token
    return "\n".join([*lines, line])


def _indent(depth: int) -> str:
    return "  " * max(0, min(depth, _DEEPEST))


def body_text(body: bytes, *, is_json: bool) -> tuple[str, str]:
    """A body for display, and a note on what is missing from it (empty when nothing is).

    JSON is laid out; of what is longer than :data:`BODY_LIMIT` only the beginning is given.
    """
    beginning = body[: 4 * BODY_LIMIT].decode("utf-8", "replace")
    text = printable(laid_out(beginning[:BODY_LIMIT]) if is_json else beginning[:BODY_LIMIT])
    if len(body) > 4 * BODY_LIMIT or max(len(beginning), len(text)) > BODY_LIMIT:
        return text[:BODY_LIMIT], f"Cut: the body has {len(body):,} bytes; the JSON record has all of it."
    return text, ""


def request_text(exchange: Exchange) -> tuple[str, str]:
    """The request's body for display, with its note; see :func:`body_text`."""
    return body_text(exchange.request_body, is_json=exchange.request_json is not None)


def response_text(exchange: Exchange) -> tuple[str, str]:
    """The response's body for display, with its note; see :func:`body_text`."""
    return body_text(exchange.response_body, is_json=exchange.is_json)
