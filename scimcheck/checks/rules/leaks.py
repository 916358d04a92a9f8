"""Tokens in places where they do not belong (RFC 6750 §5.3, §5.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.client.exchange import Exchange

#: What redaction leaves in the place of the run's own token, wherever a response repeats it.
_MARK = re.compile(r"\[redacted:(?:second-|expired-)?token\]")
_LINKS = ("location", "content-location", "link")


def _has_links(exchange: Exchange, context: RuleContext) -> bool:
    return bool(exchange.response_body) or any(exchange.header(name) for name in _LINKS)


@rule("token-in-links", "RFC6750-5.3-01", when=_has_links)
def no_token_in_links(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """No header or body of a response holds an access token."""
    texts = [f"{name}: {exchange.header(name)}" for name in _LINKS if exchange.header(name)]
    for text in (*texts, exchange.text):
        if _MARK.search(text):
            yield Problem(
                "RFC6750-5.3-01", expected="no token in a response", observed=f"the token in {exchange.summary()}"
            )
            return


@rule("token-in-cookie", "RFC6750-5.2-03", when=lambda exchange, context: exchange.header("set-cookie") is not None)
def no_token_in_open_cookie(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """A cookie that holds the token has the attribute Secure."""
    for cookie in exchange.headers("set-cookie"):
        if _MARK.search(cookie) and "secure" not in cookie.lower():
            yield Problem("RFC6750-5.2-03", expected="Secure on a cookie with a token", observed=exchange.summary())


@rule("cookie-lifetime", "RFC7644-7.4-04", when=lambda exchange, context: exchange.header("set-cookie") is not None)
def cookies_end_with_the_session(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """A cookie has neither Max-Age nor Expires, unless they delete it."""
    for cookie in exchange.headers("set-cookie"):
        parts = [part.strip().lower().partition("=") for part in cookie.split(";")[1:]]
        lasting = [name for name, _, value in parts if name == "expires" or (name == "max-age" and value != "0")]
        if lasting and ("max-age", "=", "0") not in parts:
            yield Problem(
                "RFC7644-7.4-04", expected="a cookie of the session", observed=f"a lasting one: {exchange.summary()}"
            )


@rule(
    "cookie-secure",
    "RFC7644-7.4-02",
    when=lambda exchange, context: exchange.header("set-cookie") is not None and context.base_url.startswith("https:"),
)
def cookies_are_secure(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """A cookie that an https service sets has the attribute Secure."""
    for cookie in exchange.headers("set-cookie"):
        if "secure" not in {part.strip().lower() for part in cookie.split(";")[1:]}:
            yield Problem(
                "RFC7644-7.4-02",
                expected="Secure on every cookie",
                observed=f"a cookie without it: {exchange.summary()}",
            )
