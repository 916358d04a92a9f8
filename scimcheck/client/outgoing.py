"""How a request is put together: default headers, JSON text, and the exact bytes of the request target."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import httpx

from scimcheck._version import __version__
from scimcheck.core import urns

#: Stands for "no JSON body"; ``None`` is the JSON value ``null``.
UNSET: Final[Any] = object()


class Auth:
    """The type of the sentinel that stands for a session's own credentials."""

    def __repr__(self) -> str:
        return "AUTH"


def default_headers() -> dict[str, str]:
    """What every request carries unless the caller says otherwise."""
    return {
        "User-Agent": f"scimcheck/{__version__}",
        "Accept": f"{urns.MEDIA_TYPE}, application/json;q=0.9",
        "Accept-Encoding": "gzip, deflate",
    }


def merge_headers(base: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """Headers with changes applied: names match in any letter case, ``None`` takes a header out."""
    changed = {name.lower() for name in changes}
    kept = {name: value for name, value in base.items() if name.lower() not in changed}
    return kept | {name: value for name, value in changes.items() if value is not None}


def json_body(value: Any) -> str:
    """Compact JSON text; characters are escaped only where UTF-8 cannot carry them (lone surrogates)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def wire_request(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> httpx.Request:
    """The request whose target is exactly the path and query of ``url``, past any normalising of the library."""
    scheme, _, rest = url.partition("://")
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    target = rest[len(authority) :]
    target = target if target.startswith("/") else f"/{target}"
    pairs = [(name.encode("utf-8"), value.encode("utf-8")) for name, value in headers.items()]
    safe = f"{scheme}://{authority}" + quote(target, safe="/?:@!$&'()*+,;=-._~%", errors="replace")
    return httpx.Request(
        method,
        safe,
        headers=pairs,
        content=b"" if body is None and method in ("POST", "PUT", "PATCH") else body,
        extensions={"target": target.encode("utf-8", "replace")},
    )
