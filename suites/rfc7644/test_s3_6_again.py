"""RFC 7644 §3.6: who is created under the name of a deleted user is somebody new. The deletion itself: ``…_delete``."""

from __future__ import annotations

from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import identifier_of
from scimcheck.harness.membership import filled_group, members_of
from scimcheck.harness.representation import path_of, readable, value_at
from scimcheck.harness.target import Resource, Target

UNCOUNTED, MEMBERS = "RFC7644-3.6-04", "RFC7643-4.2-05"


def _inherited(old: Resource, new: Resource, shown: dict[str, object]) -> list[str]:
    """Attributes that the former user had, and the new one shows though it was created without them.

    Only those with several parts or values are looked at: a language or a title may be what everybody is given.
    """
    model = old.model
    places = [place for place in model.attributes() if readable(place.attribute) and place.attribute.name != "active"]
    held = [(place, value_at(old.sent, place)) for place in places]
    return [
        path_of(place)
        for place, value in held
        if value
        and isinstance(value, (dict, list))
        and value_at(new.sent, place) is None
        and value_at(shown, place) == value
    ]


@check(UNCOUNTED, MEMBERS, needs=("User", "Group", "read", "delete"))
def test_a_user_created_again_is_a_new_one(scim: Target, judge: Judge) -> None:
    """A user with the name of a deleted one has none of its attributes, and is in none of its groups."""
    model = scim.user
    if model is None or model.core.attribute("userName") is None:
        judge.not_applicable("users have no userName")
        return
    former = scim.create(model, full=scim.capabilities.full_payloads(model))
    group = filled_group(scim, judge, former)
    gone = scim.delete(former.path)
    body = scim.payload(model, userName=former.sent["userName"])
    posted = scim.post(model.endpoint, json=body)
    if not gone.ok or not posted.ok or not identifier_of(posted):
        judge.not_applicable(f"the name cannot be used again: {gone.summary()}, {posted.summary()}")
    user = scim.resource_of(model, body, posted)
    found, team = scim.read(user), scim.read(group)
    at = (former.exchange, group.exchange, gone, posted)
    inherited = _inherited(former, user, found.body)
    judge.expect(
        UNCOUNTED,
        not inherited,
        expected="nothing but what the creation holds",
        observed=f"{posted.summary()}, and then {', '.join(inherited)} of the deleted user",
        at=(*at, found),
    )
    judge.expect(
        MEMBERS,
        user.id not in members_of(team.body),
        expected=f"a group without {user.id}, whom nobody has added",
        observed=f"members: {', '.join(members_of(team.body))}",
        at=(*at, team),
    )
