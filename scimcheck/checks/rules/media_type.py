"""The media type of responses (RFC 7644 §3.1, §8.1), and that they are JSON (§3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.checks.flaws import shown
from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.checks.rules._origin import reaches_the_service
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns

#: Statuses by which a gateway, or an endpoint that cannot give what was asked for, answers in its own way.
_NOT_SCIM = (401, 403, 406, 408, 413, 414, 421, 429, 431)


def _is_scim_answer(exchange: Exchange, context: RuleContext) -> bool:
    """A body that the SCIM endpoint itself made: not a gateway's page, not the answer to an odd Accept header."""
    return (
        bool(exchange.response_body)
        and exchange.status != 204
        and not 300 <= exchange.status < 400
        and exchange.status < 500
        and exchange.status not in _NOT_SCIM
        and (reaches_the_service(exchange) or "schemas" in exchange.body)
        and (exchange.path.startswith("/") or exchange.path == "")
    )


@rule("media-type", "RFC7644-3.1-01", when=_is_scim_answer)
def media_type(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """SCIM content is application/scim+json; application/json is right when asked for, and a tolerated habit else."""
    if exchange.media_type == urns.MEDIA_TYPE or _asked_for_plain(exchange):
        return
    yield Problem(
        "RFC7644-3.1-01",
        expected=f"Content-Type: {urns.MEDIA_TYPE}",
        observed=f"Content-Type: {exchange.header('content-type') or '(none)'} on {exchange.summary()}",
        advisory=exchange.media_type == "application/json",
    )


@rule("media-type-parameters", "RFC7644-8.1-01", when=_is_scim_answer)
def media_type_parameters(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """The registered media type is used, which has no parameters; charset=utf-8 is harmless."""
    header = exchange.header("content-type") or ""
    if not _asked_for_plain(exchange) and exchange.media_type == "application/json":
        yield Problem("RFC7644-8.1-01", urns.MEDIA_TYPE, f"Content-Type: {header} on {exchange.summary()}")
    odd = [part for part in header.split(";")[1:] if part.strip() and not _is_utf8(part)]
    if odd and exchange.media_type == urns.MEDIA_TYPE:
        yield Problem("RFC7644-8.1-01", "no parameters", f"Content-Type: {header} on {exchange.summary()}")


@rule("json", "RFC7644-3.2-08", when=lambda e, c: _is_scim_answer(e, c) and e.method != "HEAD")
def json_content(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """What comes back is JSON."""
    if not exchange.is_json:
        yield Problem("RFC7644-3.2-08", "JSON", f"{shown(exchange.text[:60])} on {exchange.summary()}")


def _asked_for_plain(exchange: Exchange) -> bool:
    """Whether the client prefers application/json, which then is what it gets."""
    accept = (exchange.request_header("accept") or "").lower()
    return exchange.media_type == "application/json" and "application/json" in accept and "scim" not in accept


def _is_utf8(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip().lower() == "charset" and value.strip().strip('"').lower() in ("utf-8", "utf8")
