"""Credentials that must open nothing, made from the valid ones of the run."""

from __future__ import annotations

import base64
import json
import time
import uuid
from dataclasses import dataclass

from scimcheck.core.json import JSONObject

#: A token nobody has issued.
MADE_UP = "scimcheck-made-up-token-0123456789"

#: The audience of the tokens that Entra issues for applications outside its gallery.
_TEMPLATE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"


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
    """Every way of not having credentials; ``valid`` is the run's own header value, ``Bearer …``.

    An altered token differs from the valid one also for who decodes it as base64 and ignores padding and incomplete
    bytes: a single further character might not show.
    """
    token = valid.partition(" ")[2].strip()
    bare = token.rstrip("=")
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
        Refused("a token cut short", f"Bearer {bare[:-1]}", "altered"),
        Refused("a token with two characters more", f"Bearer {bare}xx", "altered"),
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


def forged_tokens() -> dict[str, str]:
    """JWTs that claim to be Entra's own, by what is wrong with them: without signature, and with a made-up one."""
    tenant, now = uuid.uuid4(), int(time.time())
    claims: JSONObject = {
        "iss": f"https://sts.windows.net/{tenant}/",
        "aud": _TEMPLATE,
        "tid": str(tenant),
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "ver": "1.0",
    }
    signed: JSONObject = {"typ": "JWT", "alg": "RS256", "kid": "scimcheck-made-up-key"}
    signature = base64.urlsafe_b64encode(uuid.uuid4().bytes * 16).rstrip(b"=").decode("ascii")
    return {
        "without a signature": f"{_part({'typ': 'JWT', 'alg': 'none'})}.{_part(claims)}.",
        "with a made-up signature": f"{_part(signed)}.{_part(claims)}.{signature}",
    }


def _part(content: JSONObject) -> str:
    text = json.dumps(content, separators=(",", ":")).encode("utf-8")
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode("ascii")
