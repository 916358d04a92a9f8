"""Entra's PATCH of a group's own attributes. Members: test_group_members.py and test_group_removals.py."""

from __future__ import annotations

from collections.abc import Iterable

from scimcheck.core.json import JSONObject
from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import Outcome, prove, send, set_aside, unlike, values_at
from scimcheck.harness.replay_groups import exactly, group_model, group_of
from scimcheck.harness.replay_values import holder, need, ops, people
from scimcheck.harness.target import Resource, Target, ids


@check("ENTRA-2.1-06", needs=("Group", "read"), depth="quick")
def test_groups_are_patched(scim: Target, judge: Judge) -> None:
    """A PATCH of a group's displayName is answered with 200 or 204, and the next read shows the new name."""
    need(judge, group_model(scim, judge), "displayName")
    group = group_of(scim, judge)
    forms = ("replace", "displayName"), ("Replace", "displayName"), ("replace", None)
    outcome = _first_that_works(scim, group, forms)
    judge.expect(
        "ENTRA-2.1-06",
        outcome.held and outcome.sent.status in (200, 204),
        expected="200 or 204, and the new displayName",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


def _first_that_works(scim: Target, group: Resource, forms: Iterable[tuple[str, str | None]]) -> Outcome:
    """The first of these renames that has its effect, or the last one."""
    for op, path in forms:
        name = scim.unique("renamed")
        outcome = send(
            scim, group, ops((op, path, name if path else {"displayName": name})), {"displayName": name}, blame=False
        )
        if outcome.held:
            break
    return outcome


@check("ENTRA-3.2-48", "ENTRA-3.2-49", needs=("Group", "read", "patch", "filter"))
def test_a_group_is_renamed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A renamed group shows its new name, keeps its members, and a search for the name finds it."""
    set_aside(judge, dialect)
    need(judge, group_model(scim, judge), "displayName")
    members = people(scim, judge, 2) if scim.user else []
    group, name = group_of(scim, judge, *members), scim.unique("renamed")
    requirement = "ENTRA-3.2-48" if dialect is Dialect.LEGACY else "ENTRA-3.2-49"
    body = ops(("Replace", "displayName", name))
    if dialect is Dialect.COMPLIANT:
        body = ops(("replace", None, {"displayName": name}))
    outcome = prove(scim, judge, requirement, group, body, {"displayName": name}, control=exactly(group, members))
    if not outcome.held:
        return
    found = scim.search(group.model.endpoint, f'displayName eq "{name}"', excludedAttributes="members")
    judge.expect(
        requirement,
        ids(found.resources) == [group.id],
        expected=f"the group {group.id} under its new name",
        observed=f"{found.summary()} with {ids(found.resources)}",
        at=(*outcome.exchanges, found),
    )


@check("ENTRA-3.2-50", "ENTRA-3.2-51", needs=("Group", "read", "patch"))
def test_the_external_id_of_a_group_is_changed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A change of externalId reads back, and leaves the group's name alone."""
    set_aside(judge, dialect)
    model = group_model(scim, judge)
    need(judge, model, "externalId")
    group = holder(scim, model, {"externalId": scim.unique("ext")})
    before, value = scim.initial(group), scim.unique("ext")
    if not values_at(model, before, "externalId"):
        judge.not_applicable("groups have no externalId: the one sent on creation was not kept")
    requirement = "ENTRA-3.2-50" if dialect is Dialect.LEGACY else "ENTRA-3.2-51"
    body: JSONObject = ops(("Replace", "externalId", value))
    if dialect is Dialect.COMPLIANT:
        body = ops(("replace", None, {"externalId": value}))
    prove(
        scim,
        judge,
        requirement,
        group,
        body,
        {"externalId": value},
        control=lambda after: unlike(model, before, after, ["displayName"]),
    )
