"""The searches by which older jobs of Entra ask whether a reference is set."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.entra.queries import reference_check
from scimcheck.harness import check
from scimcheck.harness.entra_resources import group_with, user_with_manager
from scimcheck.harness.entra_search import ask, groups, hit_ids, nobody, told, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target


def _judge_reference(
    scim: Target, judge: Judge, requirement: str, holder: Resource, attribute: str, right: Resource, wrong: Resource
) -> None:
    """Expect the holder for the id that the reference has, and nobody for another one."""
    for referred, kept in ((right, True), (wrong, False)):
        found = ask(scim, holder.model, reference_check(holder.id, attribute, referred.id))
        judge.expect(
            requirement,
            _shows(found, holder) if kept else nobody(found),
            expected=f"200 with {holder.id}" if kept else f"200 with nobody, for {attribute} is another",
            observed=told(found),
            at=(holder.exchange, found),
            subject=f"the {'right' if kept else 'wrong'} {attribute}",
        )


def _shows(found: Exchange, holder: Resource) -> bool:
    return found.status == 200 and hit_ids(found) == [holder.id]


@check("ENTRA-2.6-01", needs=("EnterpriseUser", "filter"))
def test_a_manager_is_looked_for(scim: Target, judge: Judge) -> None:
    """A search on id and manager finds the user if, and only if, that manager is set."""
    model = users(scim, judge)
    boss, other = scim.shared(model, 2)
    user = user_with_manager(scim, judge, model, boss)
    _judge_reference(scim, judge, "ENTRA-2.6-01", user, "manager", boss, other)


@check("ENTRA-2.6-02", needs=("Group", "User"))
def test_a_member_is_looked_for(scim: Target, judge: Judge) -> None:
    """A search on id and members finds the group if, and only if, that user is a member."""
    model = groups(scim, judge)
    scim.capabilities.demand("filter", model)
    person, other = (scim.create(users(scim, judge)) for _ in range(2))
    group = group_with(scim, judge, model, person)
    _judge_reference(scim, judge, "ENTRA-2.6-02", group, "members", person, other)
