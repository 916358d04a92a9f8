"""Entra's PATCH of a group's members: one added, one taken away, the others left alone."""

from __future__ import annotations

from scimcheck.core.json import JSONObject
from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import Outcome, prove, send, set_aside
from scimcheck.harness.replay_groups import exactly, group_of, including, joined, members_of
from scimcheck.harness.replay_values import ops, people, with_keys
from scimcheck.harness.target import Resource, Target

#: The dialect that the standard knows too, for what does not depend on one.
PLAIN = Dialect.COMPLIANT

_NEEDS = ("Group", "User", "read", "patch")


@check("ENTRA-3.2-36", "ENTRA-3.2-37", "ENTRA-3.2-38", needs=_NEEDS, depth="quick")
def test_a_member_is_added(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Adding a member makes it one, and leaves the member that was there."""
    set_aside(judge, dialect)
    old, new = people(scim, judge, 2)
    group = group_of(scim, judge)
    requirement = "ENTRA-3.2-36" if dialect is Dialect.LEGACY else "ENTRA-3.2-37"
    first = _add(scim, judge, requirement, group, old, dialect)
    second = _add(scim, judge, requirement, group, new, dialect)
    judge.expect(
        "ENTRA-3.2-38",
        old.id in members_of(group, second.read.body),
        expected=f"{old.id} is still a member",
        observed=f"{second.sent.summary()}, and then members {members_of(group, second.read.body)}",
        at=(*first.exchanges, *second.exchanges[1:]),
    )


def _add(scim: Target, judge: Judge, requirement: str, group: Resource, person: Resource, dialect: Dialect) -> Outcome:
    body = dialect.add_members([person.id])
    outcome = prove(scim, judge, requirement, group, body, {}, control=including(group, person))
    if not outcome.held:
        judge.blocked(requirement, "the member was not added")
    return outcome


@check("ENTRA-2.1-07", "ENTRA-2.1-08", needs=_NEEDS)
def test_a_change_of_members_is_answered_without_them(scim: Target, judge: Judge) -> None:
    """A change of members is answered with 204, or with a group that does not list them."""
    (person,) = people(scim, judge, 1)
    group = group_of(scim, judge)
    for body in (PLAIN.add_members([person.id]), PLAIN.remove_members([person.id])):
        outcome = send(scim, group, body, {})
        if not outcome.sent.ok:
            judge.blocked(_form(PLAIN, body), outcome.observed)
        judge.expect(
            "ENTRA-2.1-07",
            outcome.sent.status == 204 and not outcome.sent.response_body,
            expected="204 without a body",
            observed=outcome.sent.summary(),
            at=outcome.exchanges[:2],
        )
        judge.expect(
            "ENTRA-2.1-08",
            not members_of(group, outcome.sent.body),
            expected="no members in the reply",
            observed=f"{outcome.sent.summary()} with {len(members_of(group, outcome.sent.body))} members",
            at=outcome.exchanges[:2],
        )


def _form(dialect: Dialect, body: JSONObject) -> str:
    """The requirement on the form of a change of members."""
    adding = body["Operations"][0]["op"].lower() == "add"
    if dialect is Dialect.LEGACY:
        return "ENTRA-3.2-36" if adding else "ENTRA-3.2-40"
    return "ENTRA-3.2-37" if adding else "ENTRA-3.2-42"


@check("ENTRA-3.2-39", needs=_NEEDS)
def test_a_member_is_added_twice(scim: Target, judge: Judge) -> None:
    """Adding a member again succeeds and does not list it twice."""
    (person,) = people(scim, judge, 1)
    group, body = group_of(scim, judge), PLAIN.add_members([person.id])
    first = send(scim, group, body, {})
    if not joined(first, person):
        judge.blocked(_form(PLAIN, body), f"the first addition failed: {first.observed}")
    again = send(scim, group, body, {})
    shown = members_of(group, again.read.body)
    judge.expect(
        "ENTRA-3.2-39",
        again.sent.ok and shown.count(person.id) == 1,
        expected="2xx, and the member once",
        observed=f"{again.sent.summary()}, and then members {shown}",
        at=(*first.exchanges, *again.exchanges[1:]),
    )


@check("ENTRA-2.3-04", needs=_NEEDS)
def test_several_members_are_added_at_once(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """One operation adds a dozen members."""
    dozen, group = people(scim, judge, 12), group_of(scim, judge)
    body = dialect.add_members([person.id for person in dozen])
    outcome = send(scim, group, body, {}, control=exactly(group, dozen))
    if not outcome.held:
        alone = send(scim, group_of(scim, judge), dialect.add_members([dozen[0].id]), {})
        if not joined(alone, dozen[0]):
            judge.blocked(_form(dialect, body), f"not even one member can be added that way: {alone.observed}")
    judge.expect(
        "ENTRA-2.3-04", outcome.held, expected="all twelve members", observed=outcome.observed, at=outcome.exchanges
    )


@check("ENTRA-3.2-45", "ENTRA-3.2-46", needs=_NEEDS)
def test_an_unknown_member_does_no_harm(scim: Target, judge: Judge) -> None:
    """An id that nobody has is taken or refused with 4xx, and the members that are there stay."""
    (person,) = people(scim, judge, 1)
    group = group_of(scim, judge, person)
    outcome = send(scim, group, PLAIN.add_members([scim.payloads.fake.uuid4()]), {})
    judge.expect(
        "ENTRA-3.2-45",
        outcome.sent.status < 500,
        expected="2xx or 4xx",
        observed=outcome.sent.summary(),
        at=outcome.exchanges,
    )
    judge.expect(
        "ENTRA-3.2-46",
        person.id in members_of(group, outcome.read.body),
        expected=f"{person.id} is still a member",
        observed=f"{outcome.sent.summary()}, and then members {members_of(group, outcome.read.body)}",
        at=outcome.exchanges,
    )


@check("ENTRA-3.2-47", needs=("Group", "read", "patch"))
def test_a_group_as_a_member_is_no_server_error(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A group in the members of another one is taken, or refused with 4xx."""
    set_aside(judge, dialect)
    group, nested = group_of(scim, judge), group_of(scim, judge)
    exchange = scim.patch(group.path, json=ops(("Add", "members", [{"value": nested.id}])))
    judge.expect(
        "ENTRA-3.2-47",
        exchange.status < 500,
        expected="2xx or 4xx",
        observed=exchange.summary(),
        at=(group.exchange, nested.exchange, exchange),
    )


@check("ENTRA-3.6-05", needs=_NEEDS)
def test_unknown_keys_are_ignored(scim: Target, judge: Judge) -> None:
    """Keys that no schema knows, in an operation and in a member, do no harm."""
    (person,) = people(scim, judge, 1)
    plain = ops(("add", "members", [{"value": person.id}]))
    body = with_keys(plain, name="addMember")
    body["Operations"][0]["value"] = [{"displayName": "new member", "value": person.id}]
    group = group_of(scim, judge)
    control = including(group, person)
    prove(scim, judge, "ENTRA-3.6-05", group, body, {}, control=control, plain=plain, base="ENTRA-3.2-37")
