"""Who made an answer: the SCIM service, or something in front of it that knows nothing of SCIM."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange

#: The methods of RFC 9110 §9.3 and RFC 5789. HTTP libraries refuse others before an application sees the request.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})


def has_known_method(exchange: Exchange) -> bool:
    """Whether the request's method is one that servers can be expected to parse."""
    return exchange.method.upper() in _METHODS
