"""What can go wrong between scimcheck and a target; neither is a verdict on the target's SCIM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scimcheck.core.errors import UsageError

if TYPE_CHECKING:
    from scimcheck.client.exchange import Exchange

#: Why there is no usable answer.
KINDS = ("unreachable", "tls", "timeout", "protocol", "too-large")


class TargetError(Exception):
    """No usable answer came: network, TLS, timeout, not HTTP, or far too much.

    ``kind`` is one of :data:`KINDS`. The message is one line with method and URL, redacted. ``exchange`` holds what
    had arrived when the answer was given up, redacted and not journaled, or ``None``.
    """

    def __init__(self, kind: str, method: str, url: str, reason: str, exchange: Exchange | None = None) -> None:
        self.kind = kind
        self.method = method
        self.url = url
        self.reason = " ".join(reason.split())
        self.exchange = exchange
        super().__init__(f"{method} {url}: {self.reason}")


class TokenRefused(TargetError):
    """The token endpoint answered, but gave no access token (RFC 6749 §5.2)."""


class ForeignOrigin(UsageError):
    """A URL of another scheme, host or port than the target's; credentials are never sent there."""
