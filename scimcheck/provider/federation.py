"""Workload identity federation: a stand-in for Entra's token service, and the exchange of its tokens (RFC 7523).

The stand-in issues signed tokens to an application at ``/oauth/issuer`` and publishes its keys at ``/oauth/keys``. The
provider's own token endpoint takes such a token as ``client_assertion`` and trusts issuer, subject and audience.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from functools import cache
from urllib.parse import parse_qsl

from scimcheck.core.json import JSONObject
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.jwt import InvalidToken, PrivateKey, generate_key, sign, verify

ISSUER_ENDPOINT, KEYS_ENDPOINT = "/oauth/issuer", "/oauth/keys"

#: What the provider trusts, and the application at the issuer that stands for Entra's service.
ISSUER = "https://login.example.test/tenant/v2.0"
SUBJECT = "5d0f2c1e-7a43-4b86-9c1d-2f6e8b3a4c75"
APPLICATION = "0c8e5a9b-3f27-4d61-8b54-9e1a7c2d6f03"
APPLICATION_SECRET = "application-Tq5Yw9ZkBn3LcRv7Xd1M"
CLIENT = "federated-client"

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

#: How long an assertion is valid, in seconds.
LIFETIME = 3600

_UNCACHED = {"Content-Type": "application/json", "Cache-Control": "no-store", "Pragma": "no-cache"}


@cache
def issuer_key() -> PrivateKey:
    """The stand-in's key, made when it is first needed."""
    return generate_key("stand-in-1")


def claims(now: datetime, **changes: object) -> JSONObject:
    """What the stand-in says of the application, valid from ``now`` on."""
    begins = int(now.timestamp())
    told = {"iss": ISSUER, "sub": SUBJECT, "aud": APPLICATION, "nbf": begins, "iat": begins, "exp": begins + LIFETIME}
    return {**told, "ver": "2.0", **changes}


def issue_assertion(ctx: Context) -> Reply:
    """A token of the issuer for the application that proves its secret."""
    form = dict(parse_qsl(ctx.request.body.decode("utf-8", "replace")))
    known = hmac.compare_digest(form.get("client_secret", "").encode(), APPLICATION_SECRET.encode())
    if form.get("client_id") != APPLICATION or not known:
        return Reply(401, {"error": "invalid_client", "error_description": "unknown application"}, dict(_UNCACHED))
    if form.get("scope") != f"api://{APPLICATION}/.default":
        return Reply(400, {"error": "invalid_scope", "error_description": "unknown scope"}, dict(_UNCACHED))
    token = sign(claims(ctx.ops.now(ctx)), issuer_key())
    return Reply(200, {"token_type": "Bearer", "expires_in": LIFETIME, "access_token": token}, dict(_UNCACHED))


def published_keys(ctx: Context) -> Reply:
    """The issuer's public keys as a JWK set."""
    return Reply(200, {"keys": [issuer_key().public.jwk]}, {"Content-Type": "application/json"})


def trusted(ctx: Context, form: dict[str, str]) -> bool:
    """Whether the form's ``client_assertion`` is a token that the provider trusts."""
    if form.get("client_assertion_type") != ASSERTION_TYPE or form.get("client_id") != CLIENT:
        return False
    try:
        told = verify(form.get("client_assertion", ""), [issuer_key().public], ctx.ops.now(ctx).timestamp())
    except InvalidToken:
        return False
    audience = told.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    return told.get("iss") == ISSUER and told.get("sub") == SUBJECT and APPLICATION in audiences
