"""RFC 7644 §3.5: what is offered for changing resources; preferences that a server may not know (RFC 9967)."""

from __future__ import annotations

from scimcheck.harness import check
from scimcheck.harness.capabilities import State
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target


@check("RFC7644-3.5-02", needs=("create",))
def test_patch_is_offered(scim: Target, judge: Judge) -> None:
    """PATCH should be there; one that is there and broken is judged where PATCH is."""
    found = scim.capabilities.of("patch", scim.primary)
    judge.expect(
        "RFC7644-3.5-02",
        found.state is not State.ABSENT,
        expected="PATCH offered",
        observed=found.observed or found.state.value,
        at=found.exchanges,
    )


@check("RFC9967-2.5.1.1-01", needs=("create",))
def test_unknown_preferences_are_no_obstacle(scim: Target, judge: Judge) -> None:
    """A server without asynchronous requests answers one with Prefer: respond-async as an ordinary one."""
    if isinstance(scim.config.get("securityEvents"), dict):
        judge.not_applicable("the target declares security events")
    body = scim.payload(scim.primary)
    exchange = scim.post(scim.primary.endpoint, json=body, headers={"Prefer": "respond-async"})
    judge.expect(
        "RFC9967-2.5.1.1-01",
        exchange.ok and exchange.status != 202,
        expected="201, as without the header",
        observed=exchange.summary(),
        at=exchange,
    )
