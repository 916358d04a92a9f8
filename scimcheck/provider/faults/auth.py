"""Deviations of authentication (RFC 7644 §2, RFC 6750)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scimcheck.provider.app import Provider
from scimcheck.provider.authentication import AuthenticationError
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


def _open(provider: Provider, concerned: Callable[[Context], bool]) -> None:
    """Let anybody do what is concerned, as the first of the known clients."""

    def authenticate(original: Any, ctx: Context) -> Token | None:
        try:
            token: Token | None = original(ctx)
        except AuthenticationError:
            if not concerned(ctx):
                raise
            return ctx.settings.tokens[0]
        return token

    wrap(provider, "authenticate", authenticate)


_OPEN = ("RFC7644-2-04", "RFC6750-3-01")


@deviation("searches-need-no-token", breaks=_OPEN, text="POST to .search is open to anybody.")
def searches_need_no_token(provider: Provider) -> None:
    _open(provider, lambda ctx: ctx.request.path.endswith("/.search"))


@deviation("bulk-needs-no-token", breaks=_OPEN, text="Bulk is open to anybody.")
def bulk_needs_no_token(provider: Provider) -> None:
    _open(provider, lambda ctx: ctx.endpoint == "/Bulk")


@deviation("filters-need-no-token", breaks=_OPEN, text="Queries with a filter are open to anybody.")
def filters_need_no_token(provider: Provider) -> None:
    _open(provider, lambda ctx: "filter=" in (ctx.request.query or ""))


@deviation("head-needs-no-token", breaks=_OPEN, text="HEAD is open to anybody.")
def head_needs_no_token(provider: Provider) -> None:
    _open(provider, lambda ctx: ctx.request.method == "HEAD")


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
