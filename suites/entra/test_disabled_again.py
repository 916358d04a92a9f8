"""A user that Entra disables and enables several times, and its name meanwhile. The first time: test_soft_delete.py."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON
from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import Outcome, send
from scimcheck.harness.replay_values import need
from scimcheck.harness.target import Resource, Target

CHANGES, TAKEN = "RFC7644-3.5.2.3-02", "RFC7643-4.1.1-03"


def _once(scim: Target, judge: Judge, user: Resource) -> tuple[Dialect, Outcome, Outcome]:
    """The dialect in which a user is disabled and enabled, with what became of both; the user is active afterwards."""
    for dialect in (Dialect.COMPLIANT, Dialect.LEGACY):
        disabled = send(scim, user, dialect.disable(), {"active": False}, blame=False)
        enabled = send(scim, user, dialect.enable(), {"active": True}, blame=False)
        if disabled.held and enabled.held:
            break
    else:
        judge.not_applicable(f"a user is not disabled and enabled once: {disabled.observed}; {enabled.observed}")
    return dialect, disabled, enabled


@check(CHANGES, TAKEN, needs=("User", "read", "patch"))
def test_active_changes_again_and_again(scim: Target, judge: Judge) -> None:
    """A user is disabled and enabled as often as somebody asks; its name is taken all the time."""
    model = scim.user or scim.primary
    need(judge, model, "active")
    user = scim.some(model, lambda state: state.get("active") is True, active=True)
    dialect, disabled, enabled = _once(scim, judge, user)
    before = (*disabled.exchanges, *enabled.exchanges[1:])
    again = [scim.patch(user.path, json=dialect.disable()) for _ in range(2)]
    _judge_taken(scim, judge, user, disabled.read.body.get("userName"), (*before, *again))
    back = scim.patch(user.path, json=dialect.enable())
    read = scim.read(user)
    judge.expect(
        CHANGES,
        all(exchange.ok for exchange in (*again, back)) and _is(read, True),
        expected="active false twice, then active true",
        observed=f"{', '.join(str(exchange.status) for exchange in (*again, back))}, then {read.body.get('active')!r}",
        at=(*before, *again, back, read),
    )


def _is(exchange: Exchange, active: bool) -> bool:
    """Whether the user is active or not, in whatever type that is told."""
    return str(exchange.body.get("active")).lower() == str(active).lower()


def _judge_taken(scim: Target, judge: Judge, user: Resource, name: JSON, before: tuple[Exchange, ...]) -> None:
    """Expect the name of a disabled user to be refused to another one."""
    if not isinstance(name, str):
        judge.skip(TAKEN, "users have no userName")
        return
    twin = scim.post(user.model.endpoint, json=scim.payload(user.model, userName=name))
    refused = judge.expect(
        TAKEN,
        not twin.ok,
        expected="409: the disabled user has that userName",
        observed=twin.summary(),
        at=(*before, twin),
    )
    if not refused:
        judge.blocked(TAKEN, "now two users have the name, which may keep the first from coming back")
    read = scim.read(user)
    judge.expect(
        TAKEN,
        _is(read, False),
        expected="a refusal that leaves the disabled user as it is",
        observed=f"{twin.summary()}, and then active {read.body.get('active')!r}",
        at=(*before, twin, read),
    )
