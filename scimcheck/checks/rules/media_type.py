"""The media type of responses (RFC 7644 §3.1, §8.1)."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns


def _is_scim_answer(exchange: Exchange, context: RuleContext) -> bool:
    """A body that the SCIM endpoint itself made: not a gateway's error page, not the answer to an odd Accept header."""
    return bool(exchange.response_body) and exchange.status < 500 and exchange.status not in (401, 403, 406, 413)


@rule("media-type", "RFC7644-3.1-01", when=_is_scim_answer)
def media_type(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """SCIM content is application/scim+json; application/json is a tolerated habit of older servers."""
    if exchange.media_type == urns.MEDIA_TYPE:
        return
    yield Problem(
        "RFC7644-3.1-01",
        expected=f"Content-Type: {urns.MEDIA_TYPE}",
        observed=f"Content-Type: {exchange.header('content-type') or '(none)'} on {exchange.summary()}",
        advisory=exchange.media_type == "application/json",
    )
