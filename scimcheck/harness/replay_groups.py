"""Groups and their members as Entra's PATCH checks see them."""

from __future__ import annotations

from collections.abc import Iterable

from scimcheck.checks.findings import Blocked
from scimcheck.core.characteristics import Returned
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import identifier_of
from scimcheck.harness.replay import Control, Outcome, send, values_at
from scimcheck.harness.replay_values import ops
from scimcheck.harness.target import Resource, Target


def group_model(scim: Target, judge: Judge) -> ResourceModel:
    """The resource type of groups; ends the check when the target has none."""
    if scim.group is None:
        judge.not_applicable("the target has no groups")
    return scim.group


def members_of(group: Resource, body: JSONObject) -> list[str]:
    """The ids of the members that a representation of the group lists."""
    return [str(value) for value in values_at(group.model, body, "members.value")]


def group_of(scim: Target, judge: Judge, *people: Resource) -> Resource:
    """A fresh group with these members, by whatever form the target understands; ends the check otherwise."""
    model = group_model(scim, judge)
    if not people:
        return scim.some(model, lambda state: not _values(state)) if _shown(model) else scim.create(model)
    added: list[JSONObject] = [{"value": person.id} for person in people]
    group = _created_with(scim, judge, model, added)
    if set(members_of(group, scim.initial(group))) == {person.id for person in people}:
        return group
    observed = ""
    for body in (ops(("add", "members", added)), ops(*(("Add", "members", [item]) for item in added))):
        outcome = send(scim, group, body, {}, blame=False)
        if set(members_of(group, outcome.read.body)) == {person.id for person in people}:
            return group
        observed = outcome.observed
    raise Blocked("ENTRA-3.2-37", f"no group with {len(people)} members: {observed}")


def _created_with(scim: Target, judge: Judge, model: ResourceModel, members: list[JSONObject]) -> Resource:
    """A group with these members that a check has left, or a fresh one; without members where creations take none."""
    wanted = sorted(item["value"] for item in members)
    found = scim.spares.take_used(model, judge.check, lambda state: sorted(_values(state)) == wanted)
    if found is not None:
        return found
    body = scim.payload(model, members=members)
    exchange = scim.post(model.endpoint, json=body)
    if not exchange.ok or not identifier_of(exchange):
        return scim.create(model)
    group = scim.resource_of(model, body, exchange)
    scim.spares.offer(group, judge.check, plain=False)
    return group


def _shown(model: ResourceModel) -> bool:
    """Whether groups show their members to everybody who reads them, so that one without is one without."""
    members = model.core.attribute("members")
    return members is not None and members.returned in (Returned.ALWAYS, Returned.DEFAULT)


def _values(state: JSONObject) -> list[str]:
    held = state.get("members")
    return [str(item.get("value")) for item in held if isinstance(item, dict)] if isinstance(held, list) else []


def joined(outcome: Outcome, person: Resource) -> bool:
    """Whether the PATCH succeeded and the person is a member afterwards."""
    return outcome.sent.ok and person.id in members_of(outcome.resource, outcome.read.body)


def exactly(group: Resource, people: Iterable[Resource]) -> Control:
    """The control that the group has these members, each once, and no other."""
    ids = sorted(person.id for person in people)

    def control(after: JSONObject) -> list[str]:
        shown = sorted(members_of(group, after))
        return [] if shown == ids else [f"members are {shown} instead of {ids}"]

    return control


def including(group: Resource, person: Resource) -> Control:
    """The control that the person is a member."""
    return lambda after: [] if person.id in members_of(group, after) else [f"{person.id} is no member"]


def excluding(group: Resource, person: Resource) -> Control:
    """The control that the person is no member."""
    return lambda after: [f"{person.id} is still a member"] if person.id in members_of(group, after) else []
