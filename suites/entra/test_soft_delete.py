"""A user that Entra disables instead of deleting it: what stays, who finds it, how it comes back and how it goes."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import Outcome, prove, same, send, values_at
from scimcheck.harness.replay_groups import group_of, members_of
from scimcheck.harness.replay_values import need, need_texts, ops
from scimcheck.harness.target import Resource, Target, ids

_NEEDS = ("User", "read", "patch")


def _disabled(scim: Target, judge: Judge) -> Outcome:
    """A user after a disable that succeeded; the wire forms are the business of test_patch_active.py."""
    model = scim.user or scim.primary
    need(judge, model, "active")
    return _set(scim, judge, _active(scim, model), False)


def _active(scim: Target, model: ResourceModel) -> Resource:
    return scim.some(model, lambda state: state.get("active") is True, active=True)


def _set(scim: Target, judge: Judge, user: Resource, active: bool) -> Outcome:
    """Disable or enable the user in a form that the target understands; ends the check when there is none."""
    for dialect in (Dialect.COMPLIANT, Dialect.LEGACY):
        outcome = send(scim, user, dialect.enable() if active else dialect.disable(), {}, blame=False)
        if outcome.sent.ok and (outcome.read.status != 200 or _shows(user, outcome.read.body, active)):
            break
    else:
        judge.blocked("ENTRA-3.2-09" if active else "ENTRA-3.2-04", f"active cannot be set: {outcome.observed}")
    return outcome


def _shows(user: Resource, body: object, active: bool) -> bool:
    shown = values_at(user.model, body, "active") if isinstance(body, dict) else []
    return len(shown) == 1 and same(shown[0], active, None)


@check("ENTRA-4.5-01", "ENTRA-4.5-02", needs=(*_NEEDS, "filter"), depth="quick")
def test_a_disabled_user_is_there_still(scim: Target, judge: Judge) -> None:
    """A disabled user is read by its id and found by its name, with active false, and found by no other name."""
    disabled = _disabled(scim, judge)
    user, read = disabled.resource, disabled.read
    judge.expect(
        "ENTRA-4.5-01",
        read.status == 200 and _shows(user, read.body, False),
        expected="200 with active false",
        observed=f"{read.summary()} with active {read.body.get('active')!r}",
        at=disabled.exchanges,
    )
    found = scim.search(user.model.endpoint, f'userName eq "{user.name}"')
    judge.expect(
        "ENTRA-4.5-02",
        ids(found.resources) == [user.id] and _shows(user, found.resources[0], False),
        expected="the user alone, with active false",
        observed=f"{found.summary()} with {[(item.get('id'), item.get('active')) for item in found.resources]}",
        at=(*disabled.exchanges, found),
    )
    other = scim.search(user.model.endpoint, f'userName eq "{scim.payloads.user_name("nobody")}"')
    judge.expect(
        "ENTRA-4.5-02",
        user.id not in ids(other.resources),
        expected="nobody under a name that nobody has",
        observed=f"{other.summary()} with the disabled user",
        at=(*disabled.exchanges, other),
    )


@check("ENTRA-4.5-03", needs=("Group", *_NEEDS))
def test_a_disabled_user_stays_in_its_groups(scim: Target, judge: Judge) -> None:
    """A user that was disabled and enabled is still a member of its group."""
    model = scim.user or scim.primary
    need(judge, model, "active")
    user = _active(scim, model)
    group = group_of(scim, judge, user)
    disabled = _set(scim, judge, user, False)
    enabled = _set(scim, judge, user, True)
    read = scim.read(group)
    judge.expect(
        "ENTRA-4.5-03",
        user.id in members_of(group, read.body),
        expected=f"{user.id} is a member of the group",
        observed=f"{read.summary()} with members {members_of(group, read.body)}",
        at=(user.exchange, group.exchange, disabled.sent, enabled.sent, read),
    )


@check("ENTRA-4.5-04", needs=_NEEDS)
def test_a_user_comes_back_under_its_id(scim: Target, judge: Judge) -> None:
    """A user that is disabled and enabled again keeps its id in every reply."""
    disabled = _disabled(scim, judge)
    user = disabled.resource
    enabled = _set(scim, judge, user, True)
    if disabled.read.status != 200:
        judge.blocked("ENTRA-4.5-01", f"the disabled user cannot be read: {disabled.read.summary()}")
    replies = [disabled.sent, disabled.read, enabled.sent, enabled.read]
    for exchange in replies:
        judge.expect(
            "ENTRA-4.5-04",
            _same_id(user, exchange),
            expected=f"the id {user.id}",
            observed=f"{exchange.summary()} with id {exchange.body.get('id')!r}",
            at=(user.exchange, *replies[: replies.index(exchange) + 1]),
        )
    if scim.capabilities.works("filter", user.model):
        _judge_found(scim, judge, user, (*disabled.exchanges, *enabled.exchanges[1:]))


def _same_id(user: Resource, exchange: Exchange) -> bool:
    """Whether a reply is about that user: a PATCH may be answered without a body, or with one that is no user."""
    if exchange.method == "PATCH" and "id" not in exchange.body:
        return exchange.ok
    return exchange.ok and str(exchange.body.get("id")) == user.id


def _judge_found(scim: Target, judge: Judge, user: Resource, before: tuple[Exchange, ...]) -> None:
    found = scim.search(user.model.endpoint, f'userName eq "{user.name}"')
    judge.expect(
        "ENTRA-4.5-04",
        ids(found.resources) == [user.id],
        expected=f"the name leads to {user.id} alone",
        observed=f"{found.summary()} with {ids(found.resources)}",
        at=(*before, found),
    )


@check("ENTRA-4.5-06", needs=_NEEDS)
def test_a_disabled_user_can_be_changed(scim: Target, judge: Judge) -> None:
    """A change of another attribute takes effect on a disabled user, who stays disabled."""
    disabled = _disabled(scim, judge)
    (path,) = need_texts(judge, disabled.resource.model)
    if disabled.read.status != 200:
        judge.blocked("ENTRA-4.5-01", f"the disabled user cannot be read: {disabled.read.summary()}")
    value = scim.unique("away")
    wanted, body = {path: value, "active": False}, ops(("replace", path, value))
    prove(scim, judge, "ENTRA-4.5-06", disabled.resource, body, wanted, also=disabled.exchanges[1:])


@check("RFC7644-3.6-01", "RFC7644-3.6-02", "ENTRA-4.5-05", needs=("delete", *_NEEDS))
def test_a_disabled_user_is_deleted(scim: Target, judge: Judge) -> None:
    """A disabled user can be deleted like any other, and is gone then."""
    disabled = _disabled(scim, judge)
    gone = scim.delete(disabled.resource.path)
    judge.expect(
        "RFC7644-3.6-01",
        gone.status == 204,
        expected="204 for a disabled user",
        observed=gone.summary(),
        at=(*disabled.exchanges, gone),
    )
    judge.expect("ENTRA-4.5-05", gone.ok, expected="204", observed=gone.summary(), at=(*disabled.exchanges, gone))
    if disabled.read.status != 200:
        judge.blocked("ENTRA-4.5-01", f"the disabled user could not be read before: {disabled.read.summary()}")
    judge.status("RFC7644-3.6-02", scim.read(disabled.resource), 404, also=(*disabled.exchanges, gone))
