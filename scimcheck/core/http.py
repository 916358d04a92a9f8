"""A request and a response as plain data: the seam between the reference provider and whatever carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as a service provider receives it.

    ``path`` is the decoded path below the provider's base URL (``/Users/42``); ``query`` the raw, still encoded query
    string without ``?``; header names are lower-case.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response as a service provider gives it. Header names keep their usual spelling."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


#: What every adapter (httpx transport, ASGI application, respx handler) wraps.
Handler: TypeAlias = Callable[[Request], Response]
