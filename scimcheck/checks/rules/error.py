"""Error responses (RFC 7644 §3.12, §3.2) and protocol messages in general (§3.1, §8.2)."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.checks.flaws import names_urn, shown
from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.checks.rules._internals import internals
from scimcheck.checks.rules._origin import reaches_the_service
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSONObject

#: Statuses that something in front of the service provider may have answered in its own way.
_GATEWAY = frozenset({401, 403, 408, 413, 414, 421, 429, 431})
_API = "urn:ietf:params:scim:api:"
#: Detail error keywords of RFC 7644 table 9 and of RFC 9865 §2.1.
SCIM_TYPES = frozenset(
    {
        "invalidFilter",
        "tooMany",
        "uniqueness",
        "mutability",
        "invalidSyntax",
        "invalidPath",
        "noTarget",
        "invalidValue",
        "invalidVers",
        "sensitive",
        "invalidCursor",
        "expiredCursor",
        "invalidCount",
    }
)


def _below_base(exchange: Exchange) -> bool:
    return exchange.path.startswith("/") or exchange.path == ""


def _asks_for_json(exchange: Exchange) -> bool:
    """Whether the client would take JSON at all; otherwise the form of a refusal is open."""
    accept = exchange.request_header("accept")
    return accept is None or "json" in accept.lower() or "*" in accept


def _is_error(exchange: Exchange, context: RuleContext) -> bool:
    return (
        exchange.status >= 400
        and exchange.method != "HEAD"
        and _below_base(exchange)
        and (exchange.status != 406 or _asks_for_json(exchange))
    )


def _is_error_object(exchange: Exchange, context: RuleContext) -> bool:
    return _is_error(exchange, context) and isinstance(exchange.json, dict)


def _from_gateway(exchange: Exchange) -> bool:
    """Whether the answer may be none of the service's: by status, method or address, as nothing in it is SCIM's."""
    elsewhere = exchange.status >= 500 or exchange.status in _GATEWAY or not reaches_the_service(exchange)
    return elsewhere and "schemas" not in exchange.body


def _problem(exchange: Exchange, requirement: str, expected: str, observed: str) -> Problem:
    return Problem(requirement, expected, f"{observed} on {exchange.summary()}", advisory=_from_gateway(exchange))


@rule("error-has-json-body", "RFC7644-3.12-01", when=_is_error)
def error_has_json_body(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Every error has a JSON object as its body."""
    if not isinstance(exchange.json, dict):
        seen = (
            f"{exchange.media_type or 'a body'}: {shown(exchange.text[:60])}" if exchange.response_body else "no body"
        )
        yield _problem(exchange, "RFC7644-3.12-01", "a SCIM error as JSON body", seen)


@rule("error-urn", "RFC7644-3.12-02", when=_is_error_object)
def error_urn(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Error bodies are identified by the Error URN."""
    if not names_urn(exchange.body, urns.ERROR):
        seen = f"schemas: {shown(exchange.body.get('schemas'))}"
        yield _problem(exchange, "RFC7644-3.12-02", f"schemas with {urns.ERROR}", seen)


@rule("error-status", "RFC7644-3.12-03", "RFC7644-3.12-04", "RFC7644-3.2-10", when=_is_error_object)
def error_status(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """The status is repeated in the body, as a string."""
    status = exchange.body.get("status")
    if not isinstance(status, str):
        seen = "no status" if status is None else f"status {shown(status)}, which is no string"
        yield _problem(exchange, "RFC7644-3.12-03", f'status "{exchange.status}"', seen)
    if status is None:
        yield _problem(exchange, "RFC7644-3.2-10", "the status in the body, too", "no status")
    elif str(status).strip() != str(exchange.status):
        for requirement in ("RFC7644-3.12-04", "RFC7644-3.2-10"):
            yield _problem(exchange, requirement, f'status "{exchange.status}"', f"status {shown(status)}")


@rule("error-scim-type", "RFC7644-3.12-05", when=lambda e, c: _is_error_object(e, c) and "scimType" in e.body)
def error_scim_type(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """scimType is one of the defined keywords, where it is given."""
    value = exchange.body["scimType"]
    if value is not None and (not isinstance(value, str) or value not in SCIM_TYPES):
        yield _problem(exchange, "RFC7644-3.12-05", "one of the defined keywords", f"scimType {shown(value)}")


@rule("error-detail", "RFC7644-3.12-06", when=lambda e, c: _is_error_object(e, c) and "detail" in e.body)
def error_detail(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """detail is a text, where it is given."""
    value = exchange.body["detail"]
    if value is not None and not isinstance(value, str):
        yield _problem(exchange, "RFC7644-3.12-06", "a text", f"detail {shown(value)}")


@rule("error-is-no-success", "RFC7644-3.2-09", when=lambda e, c: e.ok and bool(e.body))
def error_is_no_success(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """An error is told by the HTTP status, not by the body of a success."""
    if names_urn(exchange.body, urns.ERROR):
        yield Problem("RFC7644-3.2-09", "a status of 400 or more", f"an error message on {exchange.summary()}")


@rule("no-crash", "RFC7644-3.12-15", when=lambda e, c: e.method != "CONNECT")
def no_crash(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Nothing that a client sends is answered with an internal error; what gateways answer is not counted."""
    if exchange.status >= 500 and exchange.status not in (501, 502, 503, 504):
        yield Problem("RFC7644-3.12-15", "no internal error", exchange.summary())


@rule("no-internals", "RFC7643-9.2-02", when=_is_error)
def no_internals(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Error responses show nothing of stack traces, databases or source files."""
    found = internals(exchange)
    if found:
        seen = f"{shown(found)} in the body on {exchange.summary()}"
        yield Problem("RFC7643-9.2-02", "an error without internals of the server", seen)


# --- messages ---------------------------------------------------------------------------------------------------------


def _message_urn(exchange: Exchange) -> str:
    """The URN that a response has to carry as a protocol message; empty when it is none."""
    body = exchange.body
    if not body or not _below_base(exchange):
        return ""
    if exchange.status >= 400:
        return urns.ERROR
    if names_urn(body, urns.ERROR):  # a failure that passes for a success: RFC7644-3.2-09
        return ""
    if exchange.path.rstrip("/").lower() == "/bulk" and exchange.ok:
        return urns.BULK_RESPONSE
    return urns.LIST_RESPONSE if _is_list(body) else ""


def _is_list(body: JSONObject) -> bool:
    return isinstance(body.get("Resources"), list) or ("totalResults" in body and "id" not in body)


def _is_message(exchange: Exchange, context: RuleContext) -> bool:
    return exchange.method != "HEAD" and bool(_message_urn(exchange))


@rule("message-urn", "RFC7644-3.1-02", "RFC7644-8.2-01", when=_is_message)
def message_urn(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Messages carry a URN below ``urn:ietf:params:scim:api:``, and it is the registered one of their kind."""
    listed = exchange.body.get("schemas")
    uris = [str(uri) for uri in listed] if isinstance(listed, list) else []
    seen = f"schemas: {shown(listed)}"
    if not any(uri.lower().startswith(_API) for uri in uris):
        yield _problem(exchange, "RFC7644-3.1-02", f"a URN below {_API} in schemas", seen)
    wanted = _message_urn(exchange)
    if not names_urn(exchange.body, wanted):
        yield _problem(exchange, "RFC7644-8.2-01", wanted, seen)
