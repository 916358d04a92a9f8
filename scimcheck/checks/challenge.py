"""WWW-Authenticate, read into challenges (RFC 9110 §11.6.1, RFC 6750 §3)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from scimcheck.client.exchange import Exchange

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = re.compile(rf'\s*({_TOKEN})\s*=\s*("(?:[^"\\]|\\.)*"|{_TOKEN})\s*')
_SCHEME = re.compile(rf"\s*({_TOKEN})(?:\s+|\s*(?=,|$))")
#: Characters of scope words, and of error and error_description (RFC 6750 §3).
_SCOPE_WORD = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
_ERROR_TEXT = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]*")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge: its scheme and its parameters in order, names in lower case, quotes taken off."""

    scheme: str
    parameters: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> str | None:
        """The first parameter of that name."""
        return next((value for key, value in self.parameters if key == name), None)

    @property
    def repeated(self) -> tuple[str, ...]:
        """Names of parameters that occur more than once."""
        counted = Counter(name for name, _ in self.parameters)
        return tuple(name for name, count in counted.items() if count > 1)


def challenges(exchange: Exchange) -> list[Challenge]:
    """All challenges of a response, from all its WWW-Authenticate headers."""
    return [challenge for value in exchange.headers("www-authenticate") for challenge in parse_challenges(value)]


def parse_challenges(value: str) -> list[Challenge]:
    """The challenges in one header value; what cannot be read is passed over to the next comma."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    place = 0
    while place < len(value):
        parameter = _PARAMETER.match(value, place)
        scheme = _SCHEME.match(value, place)
        if parameter and found:
            found[-1][1].append((parameter[1].lower(), _unquoted(parameter[2])))
            place = _next(value, parameter.end())
        elif scheme:
            found.append((scheme[1], []))
            place = scheme.end() if scheme.end() > place else place + 1
            place += value[place : place + 1] == ","
        else:
            place = _next(value, place)
    return [Challenge(name, tuple(parameters)) for name, parameters in found]


def _next(value: str, place: int) -> int:
    """Behind the next comma."""
    comma = value.find(",", place)
    return len(value) if comma < 0 else comma + 1


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def valid_scope(value: str | None) -> bool:
    """Whether a scope is absent, or words of permitted characters with single blanks between them."""
    return value is None or all(_SCOPE_WORD.fullmatch(word) for word in value.split(" "))


def valid_error_text(value: str | None) -> bool:
    """Whether error or error_description is absent, or of permitted characters only."""
    return value is None or _ERROR_TEXT.fullmatch(value) is not None
