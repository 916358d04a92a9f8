"""Deviations of authentication (RFC 7644 §2, RFC 6750)."""

from __future__ import annotations

from typing import Any

from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, on_response, wrap
from scimcheck.provider.tokens import Token


@deviation(
    "unauthorized-without-challenge",
    breaks=["RFC9110-11.6.1-01"],
    also=["RFC7644-2-01", "RFC6750-3-01", "RFC9110-15.5.2-01"],
    text="401 comes without WWW-Authenticate.",
)
def unauthorized_without_challenge(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.headers.pop("WWW-Authenticate", None), status=401)


@deviation("expired-token-accepted", breaks=["RFC7644-7.4-03"], also=["RFC6750-5.2-04"], text="Tokens never expire.")
def expired_token_accepted(provider: Provider) -> None:
    def check_token(original: Any, ctx: Context, value: str) -> Token:
        known = {token.value: token for token in ctx.settings.tokens}
        token: Token = known[value] if value in known else original(ctx, value)
        return token

    wrap(provider, "check_token", check_token)


@deviation("read-only-token-writes", breaks=["RFC7644-2-02"], also=["RFC7644-3.12-10"], text="Any token may write.")
def read_only_token_writes(provider: Provider) -> None:
    wrap(provider, "authorize", lambda original, ctx: None)


@deviation("bearer-case-matters", breaks=["RFC9110-11.1-01"], text="Only the spelling Bearer is understood.")
def bearer_case_matters(provider: Provider) -> None:
    def authenticate(original: Any, ctx: Context) -> Token | None:
        header = ctx.header("authorization") or ""
        misspelt = header[:6].lower() == "bearer" and not header.startswith("Bearer")
        token: Token | None = original(_without_credentials(ctx) if misspelt else ctx)
        return token

    wrap(provider, "authenticate", authenticate)


def _without_credentials(ctx: Context) -> Context:
    headers = {name: value for name, value in ctx.request.headers.items() if name != "authorization"}
    request = type(ctx.request)(ctx.request.method, ctx.request.path, ctx.request.query, headers, ctx.request.body)
    return Context(ctx.provider, request, ctx.method, ctx.endpoint, ctx.target, ctx.shape)
