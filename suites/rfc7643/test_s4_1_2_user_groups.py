"""RFC 7643 §4.1.2: User.groups, the read-only mirror of membership. Providers need not have it, and it may lag."""

from __future__ import annotations

import time

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSONObject
from scimcheck.core.resource import member
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.membership import filled_group, members_of, set_members
from scimcheck.harness.representation import follow, put_body
from scimcheck.harness.target import Resource, Target

#: How many further looks a mirror that lags gets, half a second apart.
PATIENCE = 3


def _groups(body: JSONObject) -> list[JSONObject]:
    """The entries of groups that are objects."""
    found = member(body, "groups")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _shown(scim: Target, judge: Judge, user: Resource) -> Exchange:
    """The user as it is shown now; ends the check when the target shows no groups of users."""
    found = scim.read(user)
    if not _groups(found.body):
        judge.not_applicable("the target shows no groups of its users")
    return found


@check("RFC7643-4.1.2-11", needs=("User", "Group", "read"))
def test_groups_of_a_user_are_read_only(scim: Target, judge: Judge, user: Resource, group: Resource) -> None:
    """groups in a PUT is ignored, in a PATCH refused: a user joins by way of the group alone."""
    scim.capabilities.demand("read", group.model)
    sent: list[Exchange] = []
    forged: JSONObject = {"value": group.id}
    created = scim.post(user.model.endpoint, json=scim.payload(user.model, groups=[forged]))
    sent.append(created)
    if scim.capabilities.works("put", user.model):
        sent.append(scim.put(user.path, json=put_body(scim, user, groups=[forged])))
    if scim.capabilities.works("patch", user.model):
        sent.append(scim.patch(user.path, {"op": "add", "path": "groups", "value": [forged]}))
    joined, seen = scim.read(group), scim.read(user)
    own = {user.id, str(created.body.get("id"))}
    judge.expect(
        "RFC7643-4.1.2-11",
        not own & set(members_of(joined.body))
        and group.id not in [str(item.get("value")) for item in _groups(seen.body)],
        expected="a membership that has not changed",
        observed=f"members of the group: {members_of(joined.body)}; groups of the user: {_groups(seen.body)}",
        at=(*sent, joined, seen),
    )
    if len(sent) > 1 and sent[-1].method == "PATCH" and sent[-1].ok:
        judge.advise(
            "RFC7643-4.1.2-11",
            expected="400 with scimType mutability",
            observed=sent[-1].summary(),
            at=sent[-1],
        )


@check("RFC7643-4.1.2-12", "RFC7643-4.1.2-13", "RFC7643-4.1.2-14", needs=("User", "Group", "read"))
def test_groups_of_a_user_name_its_groups(scim: Target, judge: Judge, user: Resource) -> None:
    """An entry of groups has the id of the group, a $ref that leads there, and the type direct."""
    group = filled_group(scim, judge, user)
    found = _shown(scim, judge, user)
    at = (group.exchange, found)
    values = [item.get("value") for item in _groups(found.body)]
    judge.expect(
        "RFC7643-4.1.2-12", group.id in values, expected=f"groups.value: {group.id}", observed=f"{values}", at=at
    )
    own = next((item for item in _groups(found.body) if item.get("value") == group.id), _groups(found.body)[0])
    judge.expect(
        "RFC7643-4.1.2-14",
        own.get("type") is None or str(own["type"]).lower() == "direct",
        expected="groups.type: direct",
        observed=f"groups.type: {own.get('type')}",
        at=at,
    )
    reference = own.get("$ref")
    answer = follow(scim, str(reference)) if reference else None
    if answer is None:
        judge.skip("RFC7643-4.1.2-13", f"groups has no $ref on the target's own origin: {reference}")
        return
    judge.expect(
        "RFC7643-4.1.2-13",
        answer.status == 200 and str(answer.body.get("id")) == group.id,
        expected=f"GET {reference} → 200 with id {group.id}",
        observed=f"{answer.summary()} with id {answer.body.get('id')!r}",
        at=(*at, answer),
    )


@check("RFC7643-4.1.2-12", needs=("User", "Group", "read", "delete"))
def test_groups_of_a_user_exist(scim: Target, judge: Judge, user: Resource) -> None:
    """A group that was deleted is no group of its former members."""
    group = filled_group(scim, judge, user)
    _shown(scim, judge, user)
    gone = scim.delete(group.path)
    if not gone.ok:
        judge.blocked("RFC7644-3.2-05", f"the group could not be deleted: {gone.summary()}")
    found = scim.read(user)
    for _ in range(PATIENCE):
        if group.id in [item.get("value") for item in _groups(found.body)]:
            time.sleep(0.5)
            found = scim.read(user)
    judge.expect(
        "RFC7643-4.1.2-12",
        group.id not in [item.get("value") for item in _groups(found.body)],
        expected="no entry for the group that was deleted",
        observed=f"groups: {_groups(found.body)}",
        at=(group.exchange, gone, found),
    )


@check("RFC7643-4.1.2-14", needs=("User", "Group", "read"))
def test_nested_membership_is_indirect(scim: Target, judge: Judge, user: Resource) -> None:
    """A group that holds a user by way of another group is shown as indirect, or not at all."""
    inner = filled_group(scim, judge, user)
    body = scim.payload(inner.model, members=[scim.member(inner)])
    nested = scim.post(inner.model.endpoint, json=body)
    if not nested.ok:
        judge.not_applicable(f"the target does not nest groups: {nested.summary()}")
    outer = scim.resource_of(inner.model, body, nested)
    found = _shown(scim, judge, user)
    kinds = [item.get("type") for item in _groups(found.body) if item.get("value") == outer.id]
    judge.expect(
        "RFC7643-4.1.2-14",
        all(kind is None or str(kind).lower() == "indirect" for kind in kinds),
        expected="groups.type: indirect",
        observed=f"groups.type: {kinds}",
        at=(inner.exchange, nested, found),
    )


@check("RFC7643-4.1.2-15", needs=("User", "Group", "read"))
def test_direct_membership_ends_with_the_group_change(scim: Target, judge: Judge, user: Resource) -> None:
    """A user that was removed from a group does not show the group any more."""
    group = filled_group(scim, judge, user)
    _shown(scim, judge, user)
    changed = set_members(scim, group, [])
    if not changed.ok:
        judge.blocked("RFC7643-4.2-03", f"the member could not be removed: {changed.summary()}")
    found = scim.read(user)
    judge.expect(
        "RFC7643-4.1.2-15",
        group.id not in [item.get("value") for item in _groups(found.body)],
        expected="no entry for the group",
        observed=f"groups: {_groups(found.body)}",
        at=(group.exchange, changed, found),
    )
