"""Credentials: what stands in the request header that authenticates scimcheck to the target."""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from scimcheck.core.errors import UsageError

_BEARER = re.compile(r"bearer[ \t]+", re.IGNORECASE)


class Credentials(Protocol):
    """What a session asks of credentials."""

    @property
    def name(self) -> str:
        """The request header that carries them."""

    def header(self, now: float) -> str | None:
        """The header's value at ``now`` (seconds since the epoch), or ``None`` to send none."""

    def secrets(self) -> Iterable[tuple[str, str]]:
        """Secret values known so far, each with a label, for redaction."""

    def refused(self, now: float) -> bool:
        """Told that the target answered 401; whether another attempt with a new header is worth while."""


class _Static:
    """Credentials that never change."""

    def refused(self, now: float) -> bool:
        """Nothing new to offer."""
        return False


@dataclass(frozen=True)
class NoAuth(_Static):
    """No credentials at all."""

    name: ClassVar[str] = "Authorization"

    def header(self, now: float) -> str | None:
        """No header."""
        return None

    def secrets(self) -> Iterable[tuple[str, str]]:
        """No secrets."""
        return ()


@dataclass(frozen=True, repr=False)
class BearerToken(_Static):
    """A long-lived bearer token (RFC 6750 §2.1)."""

    name: ClassVar[str] = "Authorization"
    token: str

    def header(self, now: float) -> str | None:
        """``Bearer`` and the token."""
        return f"Bearer {self.token}"

    def secrets(self) -> Iterable[tuple[str, str]]:
        """The token."""
        return ((self.token, "token"),)


@dataclass(frozen=True, repr=False)
class Basic(_Static):
    """User name and password (RFC 7617), in UTF-8."""

    name: ClassVar[str] = "Authorization"
    user: str
    password: str

    def header(self, now: float) -> str | None:
        """``Basic`` and the encoded pair."""
        return f"Basic {self._encoded()}"

    def secrets(self) -> Iterable[tuple[str, str]]:
        """The password and the encoded pair."""
        return ((self.password, "password"), (self._encoded(), "basic"))

    def _encoded(self) -> str:
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")


@dataclass(frozen=True, repr=False)
class CustomHeader(_Static):
    """A header of the target's own, such as ``X-Api-Key: …``; its whole value is secret."""

    name: str
    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", self.name):
            raise UsageError(f"authentication header: {self.name!r} is not a header name")
        if not self.value.isprintable():
            raise UsageError(f"authentication header {self.name}: the value has control characters")

    def header(self, now: float) -> str | None:
        """The value."""
        return self.value

    def secrets(self) -> Iterable[tuple[str, str]]:
        """The value, and what follows a scheme word in it."""
        last = self.value.rpartition(" ")[2]
        return ((self.value, "header"), (last, "header"))


def read_token_file(path: str | Path) -> str:
    """The bearer token in a file; UsageError when it cannot be read, is empty or has several lines."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"token file {path}: {reason}") from None
    return clean_token(text, f"token file {path}")


def clean_token(text: str, source: str) -> str:
    """The token in ``text``; ``source`` names its origin in messages, which never repeat the token.

    Blank space around it is dropped, and a leading ``Bearer`` with a warning. UsageError when it is empty, has several
    lines, or holds what a header cannot carry.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise UsageError(f"{source}: it is empty, a token was expected")
    if len(lines) > 1:
        raise UsageError(f"{source}: it has {len(lines)} lines, a single token was expected")
    token = lines[0].strip()
    prefix = _BEARER.match(token)
    if prefix:
        warnings.warn(f"{source}: it begins with 'Bearer'; only the token belongs there", UserWarning, stacklevel=2)
        token = token[prefix.end() :]
    for index, char in enumerate(token):
        if not "!" <= char <= "~":
            raise UsageError(f"{source}: character {index + 1} of the token is a blank or not printable ASCII")
    return token
