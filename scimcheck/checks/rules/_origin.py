"""Who made an answer: the SCIM service, or something in front of it that knows nothing of SCIM."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from scimcheck.client.exchange import Exchange

#: The methods of RFC 9110 §9.3 and RFC 5789. HTTP libraries refuse others before an application sees the request.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
#: The longest address that every server in front of a service takes.
_LONGEST = 2000
#: Escapes that servers in front of a service refuse: control characters, backslashes, and those without digits.
_ODD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%[01][0-9A-Fa-f]|%7[Ff]|%5[Cc]")
#: The same in paths alone, where an encoded slash, a parameter or an empty segment looks like an attack.
_ODD_PATH = re.compile(r"%2[Ff]|;|//|/\.{1,2}(/|$)")


def reaches_the_service(exchange: Exchange) -> bool:
    """Whether every server in front of a service can be expected to hand the request on: method and address are sane.

    Others may be refused with a page by something that knows nothing of SCIM.
    """
    path, _, query = exchange.url.partition("://")[2].partition("?")
    odd = _ODD_ESCAPE.search(path + query) or _ODD_PATH.search(path) or len(path) + len(query) > _LONGEST
    return has_known_method(exchange) and not odd and _is_utf8(path + query)


def _is_utf8(address: str) -> bool:
    try:
        unquote_to_bytes(address).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def has_known_method(exchange: Exchange) -> bool:
    """Whether the request's method is one that servers can be expected to parse."""
    return exchange.method.upper() in _METHODS
