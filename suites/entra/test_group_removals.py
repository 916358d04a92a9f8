"""Entra's PATCH that takes members out of a group or sets them anew. Additions: test_group_members.py."""

from __future__ import annotations

from scimcheck.core.json import JSONObject
from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import Outcome, prove, send, set_aside
from scimcheck.harness.replay_groups import exactly, excluding, group_of, joined, members_of
from scimcheck.harness.replay_values import ops, people
from scimcheck.harness.target import Resource, Target

_NEEDS = ("Group", "User", "read", "patch")

#: The requirements on a removal, and on what it leaves, by dialect.
_REMOVAL = {
    Dialect.LEGACY: ("ENTRA-3.2-40", "ENTRA-3.2-41"),
    Dialect.COMPLIANT: ("ENTRA-3.2-42", "ENTRA-3.2-43"),
}


@check("ENTRA-3.2-40", "ENTRA-3.2-41", "ENTRA-3.2-42", "ENTRA-3.2-43", needs=_NEEDS, depth="quick")
def test_a_member_is_removed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A removal takes away the member that it names, and leaves the two others."""
    set_aside(judge, dialect)
    three = people(scim, judge, 3)
    removal, leaving = _REMOVAL[dialect]
    for body in _removals(dialect, three[0]):
        group = group_of(scim, judge, *three)
        outcome = prove(scim, judge, removal, group, body, {}, control=excluding(group, three[0]))
        _judge_the_others(judge, leaving, outcome, three[1:])


def _removals(dialect: Dialect, person: Resource) -> list[JSONObject]:
    """The forms of a removal: the legacy one comes with and without ``$ref``."""
    if dialect is Dialect.COMPLIANT:
        return [dialect.remove_members([person.id])]
    return [dialect.remove_members([person.id], null_refs=refs) for refs in (True, False)]


def _judge_the_others(judge: Judge, requirement: str, outcome: Outcome, others: list[Resource]) -> None:
    shown = members_of(outcome.resource, outcome.read.body)
    gone = [person.id for person in others if person.id not in shown]
    judge.expect(
        requirement,
        not gone,
        expected="the other members stay",
        observed=f"{outcome.sent.summary()}, and then without {gone}",
        at=outcome.exchanges,
    )


@check("ENTRA-3.6-06", needs=_NEEDS)
def test_a_value_array_is_understood_with_the_flag(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Also with the flag in the URL a removal by value array takes away the named member only."""
    set_aside(judge, dialect)
    three = people(scim, judge, 3)
    group = group_of(scim, judge, *three)
    body = Dialect.LEGACY.remove_members([three[0].id])
    control = exactly(group, three[1:])
    outcome = send(scim, group, body, {}, control=control, query="aadOptscim062020")
    if not outcome.held:
        again = group_of(scim, judge, *three)
        if not send(scim, again, body, {}, control=exactly(again, three[1:])).held:
            judge.blocked(_cause(scim, judge, three, body), f"without the flag no better: {outcome.observed}")
    judge.expect(
        "ENTRA-3.6-06",
        outcome.held,
        expected="the named member is gone and the others stay",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


def _cause(scim: Target, judge: Judge, three: list[Resource], body: JSONObject) -> str:
    """The requirement that a removal by value array breaks: that on the other members, or that on this one."""
    group = group_of(scim, judge, *three)
    removed = send(scim, group, body, {})
    return "ENTRA-3.2-41" if not members_of(group, removed.read.body) else "ENTRA-3.2-40"


@check("ENTRA-3.2-44", needs=_NEEDS)
def test_members_are_replaced(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A replace of members with one member leaves this one only."""
    set_aside(judge, dialect)
    old, new = people(scim, judge, 2)
    group = group_of(scim, judge, old)
    body = ops(("replace", "members", [{"value": new.id}]))
    prove(scim, judge, "ENTRA-3.2-44", group, body, {}, control=exactly(group, [new]))


@check("ENTRA-8.1-02", needs=_NEEDS)
def test_a_member_comes_and_goes_in_one_request(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """An add and a remove of the same member in one PATCH leave the group without it, and the others in it."""
    set_aside(judge, dialect)
    old, new = people(scim, judge, 2)
    group = group_of(scim, judge, old)
    removal = dialect.remove_members([new.id])
    body = {**removal, "Operations": [*dialect.add_members([new.id])["Operations"], *removal["Operations"]]}
    outcome = send(scim, group, body, {}, control=exactly(group, [old]))
    if not outcome.held:
        _blame_the_parts(scim, judge, old, new)
    judge.expect(
        "ENTRA-8.1-02",
        outcome.held,
        expected=f"the group has the member {old.id} only",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


def _blame_the_parts(scim: Target, judge: Judge, old: Resource, new: Resource) -> None:
    """End the check as blocked when the addition or the removal does not work by itself either."""
    group = group_of(scim, judge, old)
    if not joined(send(scim, group, Dialect.COMPLIANT.add_members([new.id]), {}), new):
        judge.blocked("ENTRA-3.2-37", "a member cannot be added by itself")
    removal = Dialect.COMPLIANT.remove_members([new.id])
    removed = send(scim, group, removal, {}, control=exactly(group, [old]))
    if not removed.held:
        gone = new.id not in members_of(group, removed.read.body)
        judge.blocked("ENTRA-3.2-43" if gone else "ENTRA-3.2-42", "a member cannot be removed by itself")
