"""RFC 7643 §4.2: groups and their members. Members by PATCH are the business of RFC 7644 §3.5.2."""

from __future__ import annotations

import uuid

import pytest

from scimcheck.core.json import JSON
from scimcheck.core.resource import member
from scimcheck.core.values import has_value
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.membership import elements, filled_group, members_of, set_members
from scimcheck.harness.representation import follow, put_body
from scimcheck.harness.target import Resource, Target


@pytest.mark.parametrize("value", ["absent", None, ""], ids=str)
@check("RFC7643-4.2-02", needs=("Group", "read"))
def test_group_needs_a_name(scim: Target, judge: Judge, value: JSON) -> None:
    """A Group without displayName is refused with 400.

    Where the schema calls it optional, that is advice, and so it is for an empty text: unlike null it is a value.
    """
    scim.capabilities.demand("read", scim.group)
    group = scim.shared(scim.group or scim.primary)[0]
    found = scim.shown(group)
    judge.expect(
        "RFC7643-4.2-02",
        has_value(found.body.get("displayName")),
        expected="a displayName",
        observed=f"displayName: {found.body.get('displayName')!r}",
        at=(group.exchange, found),
    )
    attribute = group.model.core.attribute("displayName")
    body = scim.payload(group.model)
    body.pop("displayName", None)
    exchange = scim.post(group.model.endpoint, json=body if value == "absent" else {**body, "displayName": value})
    if attribute is not None and not attribute.required and exchange.ok:
        judge.advise(
            "RFC7643-4.2-02",
            expected="400: displayName is required",
            observed=f"{exchange.summary()}; the schema says required: false",
            at=exchange,
            hint="Erratum 5368 corrects the printed schema: displayName is required.",
        )
        return
    if value == "" and exchange.ok:
        judge.advise("RFC7643-4.2-02", expected="400: no name", observed=exchange.summary(), at=exchange)
        return
    judge.expect(
        "RFC7643-4.2-02",
        exchange.status == 400,
        expected="400 with scimType invalidValue",
        observed=f"{exchange.summary()} with displayName {value!r}",
        at=exchange,
    )


@check("RFC7643-4.2-05", "RFC7643-4.2-06", needs=("Group", "User", "read"), depth="quick")
def test_members_are_named_by_id(scim: Target, judge: Judge) -> None:
    """A group shows exactly the member that it was created with: its id, and a $ref that leads there."""
    user = scim.some(scim.user or scim.primary)
    model = scim.group
    if model is None or model.core.attribute("members") is None:
        judge.not_applicable("the target declares no groups with members")
        return
    scim.capabilities.demand("read", model)
    body = scim.payload(model, members=[scim.member(user)])
    exchange = scim.post(model.endpoint, json=body)
    judge.demand("RFC7643-4.2-05", exchange.ok, expected="201", observed=exchange.summary(), at=exchange)
    found = scim.read(scim.resource_of(model, body, exchange))
    judge.demand(
        "RFC7643-4.2-05",
        members_of(found.body) == [user.id],
        expected=f"members: {[user.id]}",
        observed=f"members: {members_of(found.body)}",
        at=(user.exchange, exchange, found),
    )
    reference = member(elements(found.body)[0], "$ref")
    answer = follow(scim, str(reference)) if reference else None
    if answer is None:
        judge.skip("RFC7643-4.2-06", f"members has no $ref on the target's own origin: {reference}")
        return
    judge.expect(
        "RFC7643-4.2-06",
        answer.status == 200 and str(answer.body.get("id")) == user.id,
        expected=f"GET {reference} → 200 with id {user.id}",
        observed=f"{answer.summary()} with id {answer.body.get('id')!r}",
        at=(exchange, found, answer),
    )


@check("RFC7643-4.2-03", needs=("Group", "User", "read"))
def test_members_come_and_go(scim: Target, judge: Judge) -> None:
    """Members can be added to a group, exchanged and removed after its creation."""
    user = scim.some(scim.user or scim.primary)
    other = scim.create(user.model)
    group = filled_group(scim, judge, user)
    if not (scim.capabilities.works("put", group.model) or scim.capabilities.works("patch", group.model)):
        judge.not_applicable("the target can neither replace nor patch groups")
    for wanted in ([user, other], [other], []):
        exchange = set_members(scim, group, wanted)
        found = scim.read(group)
        judge.expect(
            "RFC7643-4.2-03",
            exchange.ok and sorted(members_of(found.body)) == sorted(resource.id for resource in wanted),
            expected=f"members: {[resource.id for resource in wanted]}",
            observed=f"{exchange.summary()}; members: {members_of(found.body)}",
            at=(group.exchange, exchange, found),
        )


@check("RFC7643-4.2-05", needs=("Group", "User", "delete", "read"))
def test_deleted_member_is_in_no_group(scim: Target, judge: Judge) -> None:
    """A member that was deleted is not named by its group as if it were there."""
    user = scim.some(scim.user or scim.primary)
    stays = scim.create(user.model)
    group = filled_group(scim, judge, user, stays)
    gone = scim.delete(user.path)
    found = scim.read(group)
    members = members_of(found.body)
    judge.expect(
        "RFC7643-4.2-05",
        found.status == 200 and stays.id in members,
        expected=f"the group with its other member {stays.id}",
        observed=f"{found.summary()} with members {members}",
        at=(group.exchange, gone, found),
    )
    if user.id in members:
        judge.advise(
            "RFC7643-4.2-05",
            expected=f"members without {user.id}, which was deleted",
            observed=f"members: {members}",
            at=(group.exchange, gone, found),
        )


@check("RFC7643-4.2-07", needs=("Group",))
def test_member_without_required_value_is_refused(scim: Target, judge: Judge, group: Resource) -> None:
    """Where the schema calls members.value required, a member without value is refused; else any order will do."""
    members = group.model.core.attribute("members")
    value = members.sub_attribute("value") if members else None
    if members is None or value is None:
        judge.not_applicable("the target declares no members with value")
        return
    exchange = scim.post(group.model.endpoint, json=scim.payload(group.model, members=[{"display": "nobody"}]))
    judge.expect(
        "RFC7643-4.2-07",
        exchange.status == 400 if value.required else exchange.status < 500,
        expected="400 with scimType invalidValue" if value.required else "201 or 400",
        observed=exchange.summary(),
        at=exchange,
    )


@check("RFC7643-4.2-05", needs=("Group", "put", "read"))
def test_unknown_member_does_no_harm(scim: Target, judge: Judge, group: Resource) -> None:
    """A member that does not exist is refused, or taken; the group stays readable either way."""
    for need in ("read", "put"):
        scim.capabilities.demand(need, group.model)
    exchange = scim.put(group.path, json=put_body(scim, group, members=[{"value": str(uuid.uuid4())}]))
    found = scim.read(group)
    judge.expect(
        "RFC7643-4.2-05",
        exchange.status < 500 and found.status == 200,
        expected="200 or 400, and a group that can be read",
        observed=f"{exchange.summary()}; {found.summary()}",
        at=(group.exchange, exchange, found),
    )
