"""What Entra documents of every response (Entra §1.3)."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns


def _is_answer_to_entra(exchange: Exchange, context: RuleContext) -> bool:
    """A successful answer with a body to a request that did not ask for another media type."""
    asked = (exchange.request_header("accept") or urns.MEDIA_TYPE).lower()
    return exchange.ok and bool(exchange.response_body) and urns.MEDIA_TYPE in asked


@rule("entra-media-type", "ENTRA-1.3-01", when=_is_answer_to_entra)
def entra_media_type(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """application/scim+json is documented as compulsory; that the engine refuses application/json is not known."""
    if exchange.media_type == urns.MEDIA_TYPE:
        return
    yield Problem(
        "ENTRA-1.3-01",
        expected=f"Content-Type: {urns.MEDIA_TYPE}",
        observed=f"Content-Type: {exchange.header('content-type') or '(none)'} on {exchange.summary()}",
        advisory=exchange.media_type == "application/json",
        hint="the browser validator stops at any other media type" if exchange.media_type == "application/json" else "",
    )
