"""What the answers to single operations in a bulk response must satisfy (RFC 7644 §3.7, §3.12)."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.checks.flaws import names_urn, shown
from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.core.resource import member
from scimcheck.core.values import has_value


def _answers(exchange: Exchange) -> Iterator[tuple[JSONObject, JSONObject]]:
    """The operations of a bulk response that hold a response of their own, each with it."""
    listed = exchange.body.get("Operations")
    for item in listed if isinstance(listed, list) else ():
        response = item.get("response") if isinstance(item, dict) else None
        if isinstance(response, dict):
            yield item, response


def _errors(exchange: Exchange) -> list[tuple[JSONObject, JSONObject]]:
    return [pair for pair in _answers(exchange) if names_urn(pair[1], urns.ERROR)]


def _is_bulk(exchange: Exchange) -> bool:
    return exchange.ok and exchange.path.rstrip("/").lower() == "/bulk"


@rule(
    "bulk-error-status",
    "RFC7644-3.12-03",
    "RFC7644-3.12-04",
    when=lambda exchange, context: _is_bulk(exchange) and bool(_errors(exchange)),
)
def bulk_error_status(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """The status in the error of an operation is a string, and the operation's own."""
    for operation, response in _errors(exchange):
        status, own = response.get("status"), operation.get("status")
        if not isinstance(status, str):
            yield Problem("RFC7644-3.12-03", f'status "{own}"', f"status {shown(status)} on {exchange.summary()}")
        elif isinstance(own, (str, int)) and status != str(own):
            seen = f"status {shown(status)} within one of {shown(own)} on {exchange.summary()}"
            yield Problem("RFC7644-3.12-04", f'status "{own}"', seen)


@rule(
    "bulk-passwords",
    "RFC7643-4.1.1-16",
    when=lambda exchange, context: _is_bulk(exchange) and any(True for _ in _answers(exchange)),
)
def no_password_in_bulk(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """No operation's answer shows a password."""
    if any(has_value(member(response, "password")) for _, response in _answers(exchange)):
        yield Problem("RFC7643-4.1.1-16", "a User without password", f"a password on {exchange.summary()}")
