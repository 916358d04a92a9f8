"""Sessions for tests: on a function in this process, or on the network, without waiting."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from scimcheck.client.auth import BearerToken, Credentials
from scimcheck.client.session import Session
from scimcheck.client.transport import HandlerTransport
from scimcheck.client.url import BaseUrl
from scimcheck.core.http import Handler, Request, Response

TOKEN = "t0ken-0123456789"
BASE = "https://scim.example/scim/v2"


def answer(status: int = 200, body: Any = None, **headers: str) -> Response:
    """A response with a JSON body; header names with underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, (str, bytes)):
        return Response(status, named, body.encode() if isinstance(body, str) else body)
    data = b"" if body is None else json.dumps(body).encode()
    return Response(status, {"Content-Type": "application/scim+json", **named}, data)


class Script:
    """A service provider that answers by ``METHOD /path``, or in turn, and remembers what it was asked."""

    def __init__(self, *turns: Response, **routes: Any) -> None:
        self.seen: list[Request] = []
        self.turns = list(turns)
        self.routes: dict[str, Any] = dict(routes)

    def on(self, line: str, response: Response | Callable[[Request], Response]) -> Script:
        self.routes[line] = response
        return self

    def __call__(self, request: Request) -> Response:
        self.seen.append(request)
        found = self.routes.get(f"{request.method} {request.path}")
        if found is not None:
            return found(request) if callable(found) else found
        return self.turns.pop(0) if self.turns else answer(404)


def session_on(
    handler: Handler | httpx.BaseTransport, base: str = BASE, credentials: Credentials | None = None, **options: Any
) -> Session:
    """A session on a handler or transport; sleeping is recorded in ``session.slept`` instead of done."""
    slept: list[float] = []
    url = BaseUrl.parse(base)
    transport = handler if isinstance(handler, httpx.BaseTransport) else HandlerTransport(handler, url.path)
    session = Session(url, credentials or BearerToken(TOKEN), transport, **{"sleep": slept.append, **options})
    session.slept = slept  # type: ignore[attr-defined]
    return session
