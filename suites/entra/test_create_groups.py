"""Entra's creation of groups. Duplicates and other refusals: test_create_refused.py."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSONObject
from scimcheck.core.resource import member
from scimcheck.entra.creation import GROUP_URI
from scimcheck.harness import check
from scimcheck.harness.entra_resources import culprit, documented_group, refused
from scimcheck.harness.entra_search import groups
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import identifier_of
from scimcheck.harness.target import Target, error_text

TYPE, MICROSOFT = "ENTRA-3.5-13", "ENTRA-3.5-11"


def _judge_created(judge: Judge, requirement: str, exchange: Exchange) -> bool:
    return judge.expect(
        requirement,
        not refused(exchange),
        expected="201 with the new group",
        observed=f"{exchange.summary()} {error_text(exchange)}",
        at=exchange,
    )


@check("ENTRA-2.1-05", needs=("unbroken:Group",), depth="quick")
def test_a_group_is_created(scim: Target, judge: Judge) -> None:
    """POST /Groups with the documented body answers 201 with the created group and its id."""
    model = groups(scim, judge)
    created = scim.post(model.endpoint, json=documented_group(scim, model))
    if not created.ok and scim.capabilities.works("create", model):
        blamed = culprit(scim, model, {TYPE: {"meta": {"resourceType": "Group"}}})
        if blamed:
            judge.blocked(blamed[0], f"the documented body is refused for one of its members: {blamed[1].summary()}")
    judge.demand(
        "ENTRA-2.1-05",
        created.status == 201,
        expected="201",
        observed=f"{created.summary()} {error_text(created)}",
        at=created,
    )
    judge.expect(
        "ENTRA-2.1-05",
        isinstance(created.body.get("id"), str) and created.body["id"],
        expected="the created group with a non-empty id",
        observed=f"a body with id {created.body.get('id')!r}",
        at=created,
    )


@check(MICROSOFT, needs=("Group",), depth="quick")
def test_microsofts_group_uri_is_tolerated(scim: Target, judge: Judge) -> None:
    """A group is created although schemas names Microsoft's own group URI beside the core URN."""
    model = groups(scim, judge)
    plain = scim.payload(model)
    body = {**plain, "schemas": [*plain["schemas"], GROUP_URI]}
    _judge_created(judge, MICROSOFT, scim.post(model.endpoint, json=body))


@check(TYPE, needs=("Group",))
def test_a_group_body_may_hold_its_type(scim: Target, judge: Judge) -> None:
    """A group is created from a body with meta.resourceType."""
    model = groups(scim, judge)
    body: JSONObject = {**scim.payload(model), "meta": {"resourceType": "Group"}}
    _judge_created(judge, TYPE, scim.post(model.endpoint, json=body))


@check("ENTRA-3.5-14", "ENTRA-3.5-15", needs=("Group", "read"))
def test_a_group_is_created_empty(scim: Target, judge: Judge) -> None:
    """A group is created from displayName and externalId alone; it has no members and keeps its externalId."""
    model = groups(scim, judge)
    value = scim.unique("group-ext")
    body = scim.payload(model, externalId=value)
    body.pop("members", None)
    created = scim.post(model.endpoint, json=body)
    if not _judge_created(judge, "ENTRA-3.5-14", created):
        judge.blocked("ENTRA-3.5-14", "no group can be created")
    read = scim.get(f"{model.endpoint}/{identifier_of(created)}")
    judge.expect(
        "ENTRA-3.5-14",
        read.status == 200 and not member(read.body, "members"),
        expected="a group without members",
        observed=f"{read.summary()} with members {member(read.body, 'members')!r}",
        at=(created, read),
    )
    judge.expect(
        "ENTRA-3.5-15",
        member(read.body, "externalId") == value,
        expected=f"externalId {value}",
        observed=f"externalId {member(read.body, 'externalId')!r}",
        at=(created, read),
    )
