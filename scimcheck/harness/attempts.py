"""Requests that a target may refuse by closing the connection: odd methods, odd bodies, odd sizes."""

from __future__ import annotations

from typing import Any

from scimcheck.client.errors import TargetError
from scimcheck.client.exchange import Exchange
from scimcheck.harness.target import Target


def attempt(scim: Target, method: str, path: str, **options: Any) -> Exchange | None:
    """The answer to a request, or ``None`` when no usable one came: a server may hang up on what is no sane request."""
    try:
        return scim.request(method, path, **options)
    except TargetError:
        return None


def holds_own_only(scim: Target, endpoint: str) -> bool:
    """Whether nothing is listed at the endpoint but what this run created: nothing else can come to harm."""
    exchange = scim.get(endpoint, params={"count": "1"})
    total = exchange.body.get("totalResults")
    own = [path for path in scim.ledger.alive if path.startswith(f"{endpoint}/")]
    return isinstance(total, int) and not isinstance(total, bool) and total <= len(own)
