"""Challenges of refused requests (RFC 6750 §3, RFC 9110 §11.2, §11.6.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scimcheck.checks.challenge import Challenge, challenges, valid_error_text, valid_scope
from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.client.exchange import Exchange

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\"<>\\^`{|}]*|[^\s\"<>\\^`{|}:]*(/[^\s\"<>\\^`{|}]*)?")


def _is_401(exchange: Exchange, context: RuleContext) -> bool:
    return exchange.status == 401


def _has_challenge(exchange: Exchange, context: RuleContext) -> bool:
    return exchange.header("www-authenticate") is not None


def _offers_bearer(exchange: Exchange, context: RuleContext) -> bool:
    """A challenge for bearer tokens, or one to a request that used a bearer token."""
    if exchange.status != 401 or not challenges(exchange):
        return False
    sent = (exchange.request_header("authorization") or "").lower()
    return bool(_bearer(exchange)) or sent.startswith("bearer ")


def _bearer(exchange: Exchange) -> list[Challenge]:
    return [challenge for challenge in challenges(exchange) if challenge.scheme.lower() == "bearer"]


def _shown(exchange: Exchange) -> str:
    return f"WWW-Authenticate: {exchange.header('www-authenticate') or '(none)'} on {exchange.summary()}"


@rule("challenge", "RFC9110-11.6.1-01", "RFC7644-2-01", when=_is_401)
def challenge_is_given(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Every 401 names at least one authentication scheme."""
    if not challenges(exchange):
        for requirement in ("RFC9110-11.6.1-01", "RFC7644-2-01"):
            yield Problem(requirement, expected="WWW-Authenticate with a scheme", observed=_shown(exchange))


@rule("challenge-scheme", "RFC6750-3-03", when=_offers_bearer)
def challenge_names_bearer(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """A refused bearer token is answered with a challenge of the scheme Bearer."""
    if not _bearer(exchange):
        yield Problem("RFC6750-3-03", expected="a challenge of the scheme Bearer", observed=_shown(exchange))


@rule("challenge-parameters", "RFC6750-3-04", when=lambda exchange, context: bool(_bearer(exchange)))
def challenge_has_parameters(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Bearer is followed by a parameter such as realm; without any it is harmless and widespread, hence a warning."""
    if not any(challenge.parameters for challenge in _bearer(exchange)):
        yield Problem("RFC6750-3-04", expected="Bearer realm=…", observed=_shown(exchange), advisory=True)


def _at_most_once(requirement: str, *names: str) -> Callable[[Exchange, RuleContext], Iterator[Problem]]:
    def judge(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
        for challenge in _bearer(exchange):
            for name in set(challenge.repeated) & set(names):
                yield Problem(requirement, expected=f"{name} at most once", observed=_shown(exchange))

    return judge


rule("challenge-realm-once", "RFC6750-3-05", when=_has_challenge)(_at_most_once("RFC6750-3-05", "realm"))
rule("challenge-scope-once", "RFC6750-3-06", when=_has_challenge)(_at_most_once("RFC6750-3-06", "scope"))
rule("challenge-error-once", "RFC6750-3-07", when=_has_challenge)(
    _at_most_once("RFC6750-3-07", "error", "error_description", "error_uri")
)


@rule("challenge-distinct-parameters", "RFC9110-11.2-01", when=_has_challenge)
def challenge_parameters_are_distinct(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """No parameter name occurs twice in one challenge."""
    for challenge in challenges(exchange):
        others = set(challenge.repeated) - {"realm", "scope", "error", "error_description", "error_uri"}
        if challenge.repeated and (others or challenge.scheme.lower() != "bearer"):
            yield Problem("RFC9110-11.2-01", expected="distinct parameter names", observed=_shown(exchange))


@rule("challenge-scope-syntax", "RFC6750-3-09", when=_has_challenge)
def challenge_scope_is_well_formed(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """scope holds printable ASCII words without quotes and backslashes, with single blanks between them."""
    for challenge in _bearer(exchange):
        if not valid_scope(challenge.parameter("scope")):
            yield Problem("RFC6750-3-09", expected="scope words of printable ASCII", observed=_shown(exchange))


@rule("challenge-error-syntax", "RFC6750-3-10", when=_has_challenge)
def challenge_error_is_well_formed(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """error and error_description hold printable ASCII without quotes and backslashes."""
    for challenge in _bearer(exchange):
        if not all(valid_error_text(challenge.parameter(name)) for name in ("error", "error_description")):
            yield Problem("RFC6750-3-10", expected="printable ASCII without quotes", observed=_shown(exchange))


@rule("challenge-error-uri", "RFC6750-3-11", when=_has_challenge)
def challenge_error_uri_is_a_uri(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """error_uri, when given, is a URI reference."""
    for challenge in _bearer(exchange):
        uri = challenge.parameter("error_uri")
        if uri is not None and not _URI.fullmatch(uri):
            yield Problem("RFC6750-3-11", expected="a URI reference as error_uri", observed=_shown(exchange))
