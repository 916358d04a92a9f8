"""Calls from a browser, where Microsoft's SCIM Validator runs; provisioning itself never makes any."""

from __future__ import annotations

from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

#: Where the validator's page comes from.
ORIGIN = "https://scimvalidator.microsoft.com"


@check("ENTRA-8.1-01", needs=("resource",), writes=False)
def test_a_preflight_request_gets_permission(scim: Target, judge: Judge) -> None:
    """A cross-origin preflight request, which carries no credentials, is answered with permission."""
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    exchange = scim.request("OPTIONS", scim.primary.endpoint, headers=asked, auth=None)
    allowed = exchange.header("access-control-allow-origin")
    judge.expect(
        "ENTRA-8.1-01",
        exchange.ok and allowed in ("*", ORIGIN),
        expected=f"2xx with Access-Control-Allow-Origin: * or {ORIGIN}",
        observed=f"{exchange.summary()} with Access-Control-Allow-Origin {allowed!r}",
        at=exchange,
    )
