"""Bearer tokens that the provider knows, with the tenant and the rights each one stands for."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token: whose data it opens, until when, and what it allows.

    ``expires`` is an aware instant or ``None`` for a token that outlives every run. ``user`` is the id or user name of
    the resource that ``/Me`` stands for, ``None`` when the token belongs to no resource.
    """

    value: str
    tenant: str = "main"
    expires: datetime | None = None
    read_only: bool = False
    user: str | None = None
    scopes: tuple[str, ...] = ()
    _bytes: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_bytes", self.value.encode("utf-8", "surrogatepass"))

    def spells(self, value: bytes) -> bool:
        """Whether this is the token's value, compared in constant time."""
        return hmac.compare_digest(self._bytes, value)

    def expired(self, now: datetime) -> bool:
        """Whether the token is past its lifetime at ``now``."""
        return self.expires is not None and now >= self.expires


#: Full rights on the main tenant.
MAIN_TOKEN = "main-Vq7Zs0uJt3HcYw9KfR2mXb8NdLg5TeAa"
#: Belongs to the main tenant, and its time is over.
EXPIRED_TOKEN = "gone-Xf3Lk9Pz1QwCe7Ru5BnHs2VaJt8MyGd6"
#: Full rights on another tenant.
SECOND_TENANT_TOKEN = "next-Bd6Wm4YtKx8ZrPq2EuCn0HvSf9JaLg7T"
#: May read the main tenant but change nothing.
READ_ONLY_TOKEN = "read-Hn5Tc1GvRs7XjMb3WzKe9QyUf4DpLa0N"

#: What the in-process target knows.
DEFAULT_TOKENS: tuple[Token, ...] = (
    Token(MAIN_TOKEN),
    Token(EXPIRED_TOKEN, expires=datetime(2020, 1, 1, tzinfo=timezone.utc)),
    Token(SECOND_TENANT_TOKEN, tenant="second"),
    Token(READ_ONLY_TOKEN, read_only=True),
)


def find_token(tokens: Iterable[Token], value: str) -> Token | None:
    """The token with that value, compared in constant time; ``None`` when there is none."""
    wanted = value.encode("utf-8", "surrogatepass")
    found: Token | None = None
    for token in tokens:
        if token.spells(wanted):
            found = token
    return found
