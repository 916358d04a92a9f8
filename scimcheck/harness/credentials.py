"""Credentials that must open nothing, made from the valid ones of the run."""

from __future__ import annotations

import base64
from dataclasses import dataclass

#: A token nobody has issued.
MADE_UP = "scimcheck-made-up-token-0123456789"


@dataclass(frozen=True, slots=True)
class Refused:
    """An Authorization header that has to be refused; ``header`` is ``None`` for no header at all.

    ``kind`` is ``absent``, ``malformed`` (not of the form ``Bearer token``), ``foreign`` (another scheme), ``unknown``
    (a token that was never issued) or ``altered`` (the valid token, changed).
    """

    name: str
    header: str | None
    kind: str


def refused_credentials(valid: str) -> tuple[Refused, ...]:
    """Every way of not having credentials; ``valid`` is the run's own header value, ``Bearer …``."""
    token = valid.partition(" ")[2].strip()
    basic = base64.b64encode(f"user:{MADE_UP}".encode()).decode("ascii")
    return (
        Refused("no Authorization header", None, "absent"),
        Refused("an empty Authorization header", "", "malformed"),
        Refused("Bearer without a token", "Bearer", "malformed"),
        Refused("two words after Bearer", f"Bearer {MADE_UP} {MADE_UP}", "malformed"),
        Refused("the token without its scheme", token, "malformed"),
        Refused("the valid token under Basic", f"Basic {token}", "foreign"),
        Refused("Basic credentials", f"Basic {basic}", "foreign"),
        Refused("a made-up token", f"Bearer {MADE_UP}", "unknown"),
        Refused("the token null", "Bearer null", "unknown"),
        Refused("a quoted condition as token", "Bearer ' OR '1'='1", "malformed"),
        Refused("a token with one character changed", f"Bearer {altered(token)}", "altered"),
        Refused("a token cut short", f"Bearer {token[:-1]}", "altered"),
        Refused("a token with a character more", f"Bearer {token}x", "altered"),
        *_other_case(token),
    )


def _other_case(token: str) -> tuple[Refused, ...]:
    swapped = token.swapcase()
    return (Refused("a token in the other letter case", f"Bearer {swapped}", "altered"),) if swapped != token else ()


def altered(token: str) -> str:
    """The token with one character in its middle changed: the last ones may be padding that nobody compares."""
    if not token:
        return "x"
    place = len(token) // 2
    other = "A" if token[place] != "A" else "B"
    return token[:place] + other + token[place + 1 :]
