"""The target's base URL: what is accepted, and how request URLs are built on it.

A base URL may end with or without a slash and may carry a query, such as Entra's ``?aadOptscim062020``. That
*riding query* leads the query of every request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote

import httpx

from scimcheck.client.errors import ForeignOrigin
from scimcheck.core.errors import UsageError

#: Query parameters: a raw query string, or names with a value or several values.
Params: TypeAlias = "Mapping[str, str | int | Sequence[str]] | str | None"

#: The query parameter that selects Entra's RFC-compliant PATCH behaviour.
ENTRA_FLAG = "aadOptscim062020"

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ABSOLUTE = re.compile(r"(https?)://", re.IGNORECASE)
_HOST_PORT = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::(.*))?")
_HOST_NAME = re.compile(r"[a-z0-9._~-]+|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
#: What may stand as it is in a path or a raw query; ``%`` because the caller's own escapes are kept.
_PATH_SAFE = "/:@!$&'()*+,;=-._~%"
_QUERY_SAFE = _PATH_SAFE + "?[]"
#: What stays readable when names and values are encoded for the caller; neither ``+`` nor ``&``.
_VALUE_SAFE = "/:@!$'()*,-._~"


@dataclass(frozen=True, slots=True)
class _Parts:
    """An absolute URL in pieces. Scheme and authority are normalised, path and query as written."""

    scheme: str
    authority: str
    path: str
    query: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """A SCIM base URL. ``url`` has neither trailing slash nor query; ``query`` is the riding query, still encoded."""

    origin: str
    path: str = ""
    query: str = ""

    @classmethod
    def parse(cls, text: str) -> BaseUrl:
        """Read a base URL; raises UsageError, which names the place but never repeats the URL (it may hold secrets)."""
        parts = _split(text)
        return cls(parts.origin, quote(parts.path.rstrip("/"), safe=_PATH_SAFE), quote(parts.query, safe=_QUERY_SAFE))

    @property
    def url(self) -> str:
        """The base URL without trailing slash and query."""
        return self.origin + self.path

    @property
    def flag(self) -> bool:
        """Whether the riding query has Entra's compatibility flag ``aadOptscim062020``."""
        names = (pair.partition("=")[0] for pair in self.query.split("&"))
        return any(name.lower() == ENTRA_FLAG.lower() for name in names)

    def __str__(self) -> str:
        return self.url + (f"?{self.query}" if self.query else "")

    def join(self, path: str, params: Params = None, *, exact: bool = False) -> str:
        """The URL of ``path`` below the base, with riding query, the path's own query and ``params``, in this order.

        Escapes stay as the caller wrote them; only what cannot stand in a URL is percent-encoded, and with ``exact``
        not even that.
        """
        bare, _, own = path.partition("?")
        if bare and not bare.startswith("/"):
            bare = "/" + bare
        return _compose(self.url, bare, [self.query, own, encode_params(params)], exact)

    def resolve(self, target: str, params: Params = None, *, exact: bool = False) -> str:
        """Like :meth:`join`, but ``target`` may also be an absolute URL; ForeignOrigin when it is of another origin."""
        if not _ABSOLUTE.match(target):
            return self.join(target, params, exact=exact)
        parts = _split(target.partition("#")[0])
        if parts.origin != self.origin:
            raise ForeignOrigin(f"{parts.origin} is not the target's origin {self.origin}: no request is sent there")
        present = parts.query.split("&")
        riding = "&".join(pair for pair in self.query.split("&") if pair not in present)
        return _compose(parts.origin, parts.path, [riding, parts.query, encode_params(params)], exact)

    def relative(self, url: str) -> str | None:
        """The path of an absolute URL below the base (``/Users/42``), without query; ``None`` when it is elsewhere."""
        if not _ABSOLUTE.match(url):
            return None
        try:
            parts = _split(url.partition("#")[0])
        except UsageError:
            return None
        if parts.origin != self.origin or not f"{parts.path}/".startswith(f"{self.path}/"):
            return None
        return parts.path[len(self.path) :]


def encode_params(params: Params) -> str:
    """A query string: raw text as it is; of a mapping, blanks become ``%20`` and ``+`` becomes ``%2B``.

    A sequence of values repeats the name.
    """
    if params is None or isinstance(params, str):
        return params or ""
    pairs: list[str] = []
    for name, value in params.items():
        values = [value] if isinstance(value, (str, int)) else value
        pairs += [f"{_escape(name)}={_escape(_text(item))}" for item in values]
    return "&".join(pairs)


def _text(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _escape(text: str) -> str:
    return quote(text, safe=_VALUE_SAFE, errors="replace")


def _compose(base: str, path: str, queries: Sequence[str], exact: bool) -> str:
    query = "&".join(part for part in queries if part)
    if not exact:
        path = quote(path, safe=_PATH_SAFE, errors="replace")
        query = quote(query, safe=_QUERY_SAFE, errors="replace")
    return f"{base}{path}" + (f"?{query}" if query else "")


def _split(text: str) -> _Parts:
    """Take an absolute http or https URL apart; UsageError names the first bad character, counted from 1."""
    if " " in text or not text.isprintable():
        index = next(index for index, char in enumerate(text) if char == " " or not char.isprintable())
        raise UsageError(f"base URL: blank or control character at character {index + 1}")
    scheme, separator, rest = text.partition("://")
    if not separator or scheme.lower() not in _DEFAULT_PORTS:
        raise UsageError("base URL: has to begin with https:// or http:// (character 1)")
    if "#" in text:
        raise UsageError(f"base URL: a fragment (#) cannot be sent, at character {text.index('#') + 1}")
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    tail = rest[len(authority) :]
    path, _, query = tail.partition("?")
    return _Parts(scheme.lower(), _authority(scheme.lower(), authority, len(scheme) + 4), path, query)


def _authority(scheme: str, text: str, position: int) -> str:
    """Host and port, normalised: lower case, IDNA, default port left out."""
    if "@" in text:
        raise UsageError(
            f"base URL: user name and password do not belong in it, at character {position}; use --scim-auth basic"
        )
    match = _HOST_PORT.fullmatch(text)
    host, port = match.groups() if match else (text, None)
    if host in ("", "[]"):
        raise UsageError(f"base URL: the host is missing at character {position}")
    if port and not (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536):
        raise UsageError(f"base URL: the port is not a number from 1 to 65535, at character {position + len(host) + 1}")
    try:
        name = httpx.URL(f"{scheme}://{host}/").raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError):
        name = ""
    if not _HOST_NAME.fullmatch(name):
        raise UsageError(f"base URL: the host name is malformed at character {position}")
    name = f"[{name}]" if ":" in name else name
    return name if not port or int(port) == _DEFAULT_PORTS[scheme] else f"{name}:{int(port)}"
