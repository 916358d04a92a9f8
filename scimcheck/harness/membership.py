"""Groups and their members, for checks that need them: filled groups, changed memberships, ids of members."""

from __future__ import annotations

from collections.abc import Sequence

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import put_body
from scimcheck.harness.target import Resource, Target

#: The clause that a group breaks which cannot be given members.
MEMBERS = "RFC7643-4.2-05"


def elements(group: JSONObject) -> list[JSONObject]:
    """The members that are objects."""
    found = member(group, "members")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def members_of(group: JSONObject) -> list[str]:
    """The ids of the members, in their order."""
    return [str(member(item, "value")) for item in elements(group)]


def filled_group(scim: Target, judge: Judge, *members: Resource, **more: JSON) -> Resource:
    """A new group with these members, and more; ends the check when the target has none, or takes no members."""
    model = scim.group
    if model is None or model.core.attribute("members") is None:
        judge.not_applicable("the target declares no groups with members")
        raise AssertionError
    scim.capabilities.demand("read", model)
    body = {**scim.payload(model, members=[scim.member(resource) for resource in members]), **more}
    exchange = scim.post(model.endpoint, json=body)
    if not exchange.ok:
        judge.blocked(MEMBERS, f"no group with members could be created: {exchange.summary()}")
    group = scim.resource_of(model, body, exchange)
    state = scim.initial(group)
    if not set(members_of(state)) >= {resource.id for resource in members}:
        judge.blocked(MEMBERS, f"the group does not show its members: {members_of(state)}")
    return group


def set_members(scim: Target, group: Resource, members: Sequence[Resource]) -> Exchange:
    """Make these the members of the group: by PATCH where it works, else by PUT."""
    values: list[JSON] = [scim.member(resource) for resource in members]
    if scim.capabilities.works("put", group.model):
        return scim.put(group.path, json=put_body(scim, group, members=values))
    if not values:
        return scim.patch(group.path, {"op": "remove", "path": "members"})
    return scim.patch(group.path, {"op": "replace", "path": "members", "value": values})
