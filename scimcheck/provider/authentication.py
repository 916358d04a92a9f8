"""Who is asking: bearer credentials and what they allow (RFC 6750, RFC 7644 §2)."""

from __future__ import annotations

import re

from scimcheck.core.errors import NotFound, ScimError
from scimcheck.provider.context import Context
from scimcheck.provider.tokens import Token, find_token

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_READING = ("GET", "HEAD", "OPTIONS")


class AuthenticationError(ScimError):
    """Credentials are missing, malformed, unknown or too weak.

    ``error`` is the code of RFC 6750 §3.1 for the challenge, ``None`` when the request had no credentials at all.
    """

    status = 401

    def __init__(self, detail: str, *, error: str | None = None, status: int = 401) -> None:
        super().__init__(detail, status=status)
        self.error = error


def authenticate(ctx: Context) -> Token | None:
    """The token of the request, ``None`` where no credentials are needed; raises AuthenticationError."""
    if ctx.settings.authentication == "none":
        return Token("")
    header = ctx.header("authorization")
    if header is None or not header.strip():
        if ctx.endpoint in ctx.settings.public_endpoints and ctx.method in _READING:
            return None
        raise AuthenticationError("this request needs a bearer token")
    scheme, _, credentials = header.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise AuthenticationError("only bearer tokens are accepted")
    value = credentials.strip(" ")
    if not _TOKEN.fullmatch(value):
        raise AuthenticationError(
            "the Authorization header is not of the form Bearer token",
            error="invalid_request",
            status=ctx.settings.malformed_credentials,
        )
    return ctx.ops.check_token(ctx, value)


def check_token(ctx: Context, value: str) -> Token:
    """The valid token of that value; raises AuthenticationError for an unknown or expired one."""
    token = find_token(ctx.settings.tokens, value) or ctx.provider.issued.get(value)
    if token is None:
        raise AuthenticationError("the bearer token is not known", error="invalid_token")
    if token.expired(ctx.ops.now(ctx)):
        raise AuthenticationError("the bearer token has expired", error="invalid_token")
    return token


def authorize(ctx: Context) -> None:
    """Refuse what the token does not allow; raises AuthenticationError with status 403, or NotFound."""
    if ctx.token is None or not ctx.token.read_only or ctx.method in _READING or ctx.target == ".search":
        return
    if ctx.endpoint == "/.search":
        return
    if ctx.settings.read_only_refusal == 404:
        raise NotFound("no such resource")
    raise AuthenticationError("the token allows reading only", error="insufficient_scope", status=403)


def challenge(ctx: Context, error: AuthenticationError) -> str:
    """The WWW-Authenticate value of a refusal (RFC 6750 §3); printable ASCII without quotes inside values."""
    parts = [f'realm="{ctx.settings.realm}"']
    if error.error:
        parts += [f'error="{error.error}"', f'error_description="{error.detail}"']
    return "Bearer " + ", ".join(parts)
