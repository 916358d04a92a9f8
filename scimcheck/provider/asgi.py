"""The provider as an ASGI application, for any ASGI server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from scimcheck.core.http import Handler, Request, Response

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def asgi_application(
    handle: Handler,
    base_path: str = "",
    max_body: int = 10 * 1024 * 1024,
    is_prompt: Callable[[Request], bool] | None = None,
) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """An ASGI application that answers below ``base_path`` (such as ``/scim``) with ``handle``, and else with 404.

    Requests are handled in threads, so that a slow one does not hold up the others, but for those that ``is_prompt``
    knows to take less time than the way to a thread and back. Of a body longer than ``max_body``
    bytes no more than one byte beyond is kept, which is enough for the handler to refuse it.
    """

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            path = _path_below(scope, base_path)
            if path is None:
                await _respond(send, Response(404, {"Content-Length": "0"}))
                return
            body = await _body(receive, max_body)
            request = Request(scope["method"], path, _query(scope), _headers(scope), body)
            if is_prompt is not None and is_prompt(request):
                response = handle(request)
            else:
                response = await asyncio.get_running_loop().run_in_executor(None, handle, request)
            await _respond(send, response)

    return application


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _path_below(scope: Scope, base_path: str) -> str | None:
    """The decoded path below the base path; ``None`` when the request is for something else."""
    raw = scope.get("raw_path")
    path = unquote(raw.decode("ascii", "replace").partition("?")[0]) if raw else str(scope["path"])
    if path == base_path or path.startswith(base_path + "/"):
        return path[len(base_path) :] or "/"
    return None


def _query(scope: Scope) -> str:
    query: bytes = scope.get("query_string", b"")
    return query.decode("ascii", "replace")


def _headers(scope: Scope) -> Mapping[str, str]:
    """Header fields by lower-case name; of repeated ones the values are joined as HTTP says (RFC 9110 §5.3)."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def _body(receive: Receive, limit: int) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")[: max(limit + 1 - len(body), 0)]
        more = message.get("more_body", False)
    return bytes(body)


async def _respond(send: Send, response: Response) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
