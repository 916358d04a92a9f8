"""The token endpoint of the OAuth 2.0 client-credentials grant (RFC 6749 §4.4, §5)."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from datetime import timedelta
from urllib.parse import parse_qsl, unquote_plus

from scimcheck.provider import federation
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.tokens import Token

_UNCACHED = {"Content-Type": "application/json", "Cache-Control": "no-store", "Pragma": "no-cache"}


def issue_token(ctx: Context) -> Reply:
    """Exchange a client's id and secret, in the form body or as Basic credentials, for a bearer token."""
    content_type = (ctx.header("content-type") or "").split(";")[0].strip().lower()
    if content_type != "application/x-www-form-urlencoded":
        return _refusal(400, "invalid_request", "the body has to be a form")
    pairs = parse_qsl(ctx.request.body.decode("utf-8", "replace"), keep_blank_values=True)
    form = dict(pairs)
    if len(form) != len(pairs) or "grant_type" not in form:
        return _refusal(400, "invalid_request", "grant_type and every other parameter has to occur once")
    if form["grant_type"] != "client_credentials":
        return _refusal(400, "unsupported_grant_type", "the grant type is client_credentials")
    client = _client(ctx, form)
    if client is None:
        return _unknown_client(ctx)
    return _issued(ctx, form.get("scope"))


def _client(ctx: Context, form: dict[str, str]) -> str | None:
    """The id of the client that proved its secret, or another issuer's word for it; ``None`` when none did."""
    if "client_assertion" in form:
        return form["client_id"] if federation.trusted(ctx, form) else None
    header = ctx.header("authorization")
    identifier, secret = _basic(header) if header else (form.get("client_id", ""), form.get("client_secret", ""))
    known = ctx.settings.oauth_clients.get(identifier)
    matches = known is not None and hmac.compare_digest(known.encode(), secret.encode("utf-8", "replace"))
    return identifier if matches else None


def _basic(header: str) -> tuple[str, str]:
    """Id and secret of Basic credentials, each form-encoded (RFC 6749 §2.3.1); empty when they are malformed."""
    scheme, _, encoded = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        identifier, _, secret = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return unquote_plus(identifier), unquote_plus(secret)


def _issued(ctx: Context, scope: str | None) -> Reply:
    lifetime = ctx.settings.token_lifetime
    now = ctx.ops.now(ctx)
    value = secrets.token_urlsafe(32)
    tenant = ctx.settings.tokens[0].tenant if ctx.settings.tokens else "main"
    issued = ctx.provider.issued
    for old in [known for known, token in list(issued.items()) if token.expired(now - timedelta(hours=1))]:
        issued.pop(old, None)
    issued[value] = Token(value, tenant, now + timedelta(seconds=lifetime))
    body: dict[str, object] = {"access_token": value, "token_type": "Bearer", "expires_in": lifetime}
    if scope:
        body["scope"] = scope
    return Reply(200, body, dict(_UNCACHED))


def _refusal(status: int, error: str, description: str) -> Reply:
    return Reply(status, {"error": error, "error_description": description}, dict(_UNCACHED))


def _unknown_client(ctx: Context) -> Reply:
    reply = _refusal(401, "invalid_client", "the client is not known by these credentials")
    reply.headers["WWW-Authenticate"] = f'Basic realm="{ctx.settings.realm}"'
    return reply
