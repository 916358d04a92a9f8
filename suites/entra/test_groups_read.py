"""Reading a group as Entra does: without its members. Searches: test_matching_groups.py."""

from __future__ import annotations

from scimcheck.core.resource import member
from scimcheck.harness import check
from scimcheck.harness.entra_resources import group_with, member_ids
from scimcheck.harness.entra_search import groups, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target


@check("ENTRA-2.1-09", needs=("Group", "User"), depth="quick")
def test_a_group_is_read_without_its_members(scim: Target, judge: Judge) -> None:
    """GET with excludedAttributes=members answers 200 with the group and no members, and takes none away."""
    person = scim.create(users(scim, judge))
    group = group_with(scim, judge, groups(scim, judge), person)
    read = scim.get(group.path, params="excludedAttributes=members")
    judge.demand(
        "ENTRA-2.1-09",
        read.status == 200 and str(read.body.get("id")) == group.id,
        expected=f"200 with group {group.id}",
        observed=read.summary(),
        at=(group.exchange, read),
    )
    judge.expect(
        "ENTRA-2.1-09",
        not member(read.body, "members"),
        expected="the group without members",
        observed=f"members {member(read.body, 'members')!r}",
        at=(group.exchange, read),
    )
    judge.expect(
        "ENTRA-2.1-09",
        person.id in member_ids(scim, group),
        expected=f"{person.id} still a member",
        observed="a group without that member",
        at=(group.exchange, read),
    )
