"""Errors as replies, and replies as responses."""

from __future__ import annotations

from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import ScimError
from scimcheck.core.http import Response
from scimcheck.core.json import JSONObject
from scimcheck.provider import content
from scimcheck.provider.authentication import AuthenticationError
from scimcheck.provider.context import Context, Reply


class MethodNotAllowed(ScimError):
    """The endpoint exists and does not offer the method; ``allowed`` are the methods that it offers."""

    status = 405

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(f"this endpoint offers {', '.join(allowed)}")
        self.allowed = allowed


def error_body(ctx: Context, error: ScimError) -> JSONObject:
    """The error message of RFC 7644 §3.12."""
    return error.body()


def error_reply(ctx: Context, error: ScimError) -> Reply:
    """The reply for an error, with the header fields that HTTP demands beside it."""
    headers: dict[str, str] = {}
    if isinstance(error, AuthenticationError):
        headers["WWW-Authenticate"] = ctx.ops.challenge(ctx, error)
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = ", ".join(error.allowed)
    return Reply(error.status, ctx.ops.error_body(ctx, error), headers)


def serialise(ctx: Context, value: Any) -> bytes:
    """JSON in UTF-8, compact."""
    return content.serialise(value)


def finished(ctx: Context, reply: Reply) -> Response:
    """The response as it goes over the wire: content with its length, and none for HEAD, 204 and 304."""
    body = _content(ctx, reply)
    headers = dict(reply.headers)
    if reply.status == 204 or reply.status < 200 or (reply.status == 304 and reply.raw is None):
        headers.pop("Content-Type", None)
        return Response(reply.status, headers, b"")
    headers.setdefault("Content-Length", str(len(body)))
    return Response(reply.status, headers, b"" if ctx.method == "HEAD" else body)


def _content(ctx: Context, reply: Reply) -> bytes:
    if reply.raw is not None:
        return reply.raw
    return b"" if reply.body is None else ctx.ops.serialise(ctx, reply.body)


def content_type(media_type: str, charset: bool) -> str:
    """The Content-Type of a JSON response."""
    return f"{media_type or urns.MEDIA_TYPE}; charset=utf-8" if charset else media_type or urns.MEDIA_TYPE
