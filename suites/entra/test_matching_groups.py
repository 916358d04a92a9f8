"""How Entra looks for an existing group: always without its members. Parentheses: test_matching_encoding.py."""

from __future__ import annotations

from scimcheck.core.resource import member
from scimcheck.entra.queries import equality
from scimcheck.harness import check
from scimcheck.harness.entra_resources import group_with, listed_values
from scimcheck.harness.entra_search import alone, expect_alone, groups, hits, made, match, nobody, told, twin, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.provisioned import demand_matching
from scimcheck.harness.target import Target

FOUND = "ENTRA-4.3-05"


@check(FOUND, needs=("Group", "unbroken:filter"), depth="quick")
def test_a_group_is_found_by_its_name(scim: Target, judge: Judge) -> None:
    """The search for a displayName finds that group, and none whose name begins or ends with it; else none."""
    model = groups(scim, judge)
    group = scim.create(model)
    others = tuple(
        other
        for name in (f"{group.name} North", f"x{group.name}")
        for other in twin(scim, model, scim.payload(model, displayName=name))
    )
    expect_alone(scim, judge, FOUND, group, "displayName", group.name, twins=others)
    unknown = match(scim, model, "displayName", f"{group.name} South")
    judge.expect(
        FOUND, nobody(unknown), expected="200 with no group", observed=told(unknown), at=(group.exchange, unknown)
    )


@check("ENTRA-4.3-06", needs=("Group",))
def test_a_group_is_found_by_its_external_id(scim: Target, judge: Judge) -> None:
    """The search for an externalId finds the group that has it."""
    demand_matching(scim, judge, "externalId", "Group")
    model = groups(scim, judge)
    scim.capabilities.demand("filter", model)
    value = scim.unique("ext")
    group = made(scim, judge, model, scim.payload(model, externalId=value), "a group with externalId")
    if member(scim.initial(group), "externalId") != value:
        judge.not_applicable("groups have no externalId: the one sent on creation was not kept")
    others = twin(scim, model, scim.payload(model, externalId=f"{value}0"))
    expect_alone(scim, judge, "ENTRA-4.3-06", group, "externalId", value, twins=others)


@check("ENTRA-2.2-11", needs=("Group",))
def test_letter_case_of_group_names_does_not_count(scim: Target, judge: Judge) -> None:
    """A group is found by its displayName in capitals and in small letters."""
    model = groups(scim, judge)
    scim.capabilities.demand("filter", model)
    group = scim.create(model, displayName=scim.unique("Harbour Crew"))
    for value in (group.name.upper(), group.name.lower()):
        expect_alone(scim, judge, "ENTRA-2.2-11", group, "displayName", value, subject=value)


@check("ENTRA-2.1-10", "ENTRA-8.2-01", needs=("Group", "User"))
def test_members_come_only_when_they_are_not_excluded(scim: Target, judge: Judge) -> None:
    """A search with excludedAttributes=members shows the group without its members, a plain one shows them."""
    model = groups(scim, judge)
    scim.capabilities.demand("filter", model)
    person = scim.create(users(scim, judge))
    group = group_with(scim, judge, model, person)
    found = expect_alone(scim, judge, "ENTRA-2.1-10", group, "displayName", group.name)
    plain = scim.search(model.endpoint, equality("displayName", group.name))
    if not alone(found, group) or not alone(plain, group):
        judge.blocked(FOUND, f"the group is not found by its displayName: {told(plain)}")
    judge.expect(
        "ENTRA-2.1-10",
        not member(hits(found)[0], "members"),
        expected="the group without members",
        observed=f"members {member(hits(found)[0], 'members')!r}",
        at=(group.exchange, found),
    )
    shown = member(hits(plain)[0], "members")
    judge.expect(
        "ENTRA-8.2-01",
        person.id in listed_values(shown),
        expected=f"the member {person.id}",
        observed=f"members {shown!r}",
        at=(group.exchange, plain),
    )
