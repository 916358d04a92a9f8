"""RFC 7644 §3.7.1, §3.7.2 and §3.7.4: operations of a job that refer to each other, and the limits of jobs."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.attempts import attempt
from scimcheck.harness.bulking import (
    created,
    creation,
    deletion_of_nobody,
    demand_creations,
    job,
    limit_of,
    on,
    result_of,
    results,
    status_of,
    told,
)
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target

#: Limits beyond which a job is too costly to send.
MOST_OPERATIONS = 2000
MOST_BYTES = 4 * 1024 * 1024


def _both(scim: Target, judge: Judge) -> tuple[ResourceModel, ResourceModel]:
    if scim.user is None or scim.group is None:
        judge.not_applicable("the target has no users or no groups")
    return scim.user, scim.group


def _with_member(scim: Target, group: ResourceModel, bulk_id: str, member: str) -> JSONObject:
    return creation(scim, group, bulk_id, members=[{"value": f"bulkId:{member}"}])


def _members(scim: Target, group: Resource | None) -> list[JSON]:
    members = scim.state(group).get("members") if group else None
    return [item.get("value") for item in members if isinstance(item, dict)] if isinstance(members, list) else []


def _judge_member(
    scim: Target, judge: Judge, requirement: str, exchange: Exchange, user: ResourceModel, group: ResourceModel
) -> None:
    person = created(scim, user, result_of(exchange, "person"), exchange)
    team = created(scim, group, result_of(exchange, "team"), exchange)
    found = _members(scim, team)
    judge.expect(
        requirement,
        person is not None and found == [person.id],
        expected=f"a member with the id of the user, {person.id if person else 'created in the same job'}",
        observed=f"{told(exchange)}; members {found!r}",
        at=exchange,
    )


@check("RFC7644-3.7.2-01", needs=("read", "bulk", "User", "Group"), depth="quick")
def test_references_are_resolved(scim: Target, judge: Judge) -> None:
    """A reference to what an earlier operation created becomes its id."""
    user, group = _both(scim, judge)
    exchange = job(scim, creation(scim, user, "person"), _with_member(scim, group, "team", "person"))
    demand_creations(judge, exchange)
    _judge_member(scim, judge, "RFC7644-3.7.2-01", exchange, user, group)


@check("RFC7644-3.7.2-04", needs=("read", "bulk", "User", "Group"))
def test_references_may_point_forward(scim: Target, judge: Judge) -> None:
    """A reference to what a later operation creates becomes its id, too; a target that cannot gets a remark."""
    user, group = _both(scim, judge)
    exchange = job(scim, _with_member(scim, group, "team", "person"), creation(scim, user, "person"))
    demand_creations(judge, exchange)
    created(scim, user, result_of(exchange, "person"), exchange)
    if status_of(result_of(exchange, "team")) >= 400:
        judge.advise("RFC7644-3.7.2-04", expected="a resolved reference", observed=told(exchange), at=exchange)
        return
    _judge_member(scim, judge, "RFC7644-3.7.2-04", exchange, user, group)


@check("RFC7644-3.7.2-03", needs=("read", "bulk", "Group"))
def test_references_to_nothing_fail(scim: Target, judge: Judge) -> None:
    """A reference that no operation resolves is an error, and is not stored."""
    group = scim.group
    if group is None:
        judge.not_applicable("the target has no groups")
    exchange = job(scim, _with_member(scim, group, "team", "nobody"))
    demand_creations(judge, exchange)
    team = created(scim, group, result_of(exchange, "team"), exchange)
    failed = any(status_of(item) >= 400 for item in results(exchange))
    judge.expect(
        "RFC7644-3.7.2-03",
        400 <= exchange.status < 500 or (failed and team is None),
        expected="an error of the operation",
        observed=f"{told(exchange)}; members {_members(scim, team)!r}",
        at=exchange,
    )


@check("RFC7644-3.7.2-02", needs=("read", "bulk", "EnterpriseUser"))
def test_references_in_extensions_are_resolved(scim: Target, judge: Judge) -> None:
    """A manager can be named by a reference."""
    user = scim.user
    if user is None:
        judge.not_applicable("the target has no users")
    extended: JSONObject = {urns.ENTERPRISE_USER: {"manager": {"value": "bulkId:boss"}}}
    exchange = job(scim, creation(scim, user, "boss"), creation(scim, user, "clerk", **extended))
    demand_creations(judge, exchange)
    boss = created(scim, user, result_of(exchange, "boss"), exchange)
    clerk = created(scim, user, result_of(exchange, "clerk"), exchange)
    state = scim.state(clerk) if clerk else {}
    manager = state.get(urns.ENTERPRISE_USER, {}).get("manager", {})
    value = manager.get("value") if isinstance(manager, dict) else manager
    judge.expect(
        "RFC7644-3.7.2-02",
        boss is not None and value == boss.id,
        expected=f"manager {boss.id if boss else 'created in the same job'}",
        observed=f"{told(exchange)}; manager {value!r}",
        at=exchange,
    )


@check("RFC7644-3.7.1-01", needs=("read", "bulk", "Group"))
def test_circular_references(scim: Target, judge: Judge) -> None:
    """Two groups that are members of each other are created, or refused with an error such as 409."""
    group = scim.group
    if group is None:
        judge.not_applicable("the target has no groups")
    exchange = job(scim, _with_member(scim, group, "one", "other"), _with_member(scim, group, "other", "one"))
    demand_creations(judge, exchange)
    made = [created(scim, group, result_of(exchange, name), exchange) for name in ("one", "other")]
    refused = 400 <= exchange.status < 500 or any(400 <= status_of(item) < 500 for item in results(exchange))
    one, other = made
    linked = one and other and _members(scim, one) == [other.id] and _members(scim, other) == [one.id]
    judge.expect(
        "RFC7644-3.7.1-01",
        linked or refused,
        expected="both groups with each other as member, or a refusal",
        observed=f"{told(exchange)}; members {[_members(scim, each) for each in made]!r}",
        at=exchange,
    )


@check("RFC7644-3.7.4-01", needs=("bulk",), depth="quick")
def test_jobs_have_limits(scim: Target, judge: Judge) -> None:
    """ServiceProviderConfig announces how many operations and bytes a job may have."""
    for name in ("maxOperations", "maxPayloadSize"):
        limit = limit_of(scim, name)
        judge.expect(
            "RFC7644-3.7.4-01",
            isinstance(limit, int) and not isinstance(limit, bool) and limit > 0,
            expected=f"bulk.{name}, a positive integer",
            observed=f"{limit!r}",
        )


@check("RFC7644-3.7.4-02", "RFC7644-3.7.4-04", needs=("bulk",))
def test_too_many_operations(scim: Target, judge: Judge) -> None:
    """A job with more operations than announced is refused with 413, which names the limit."""
    limit = limit_of(scim, "maxOperations")
    if not isinstance(limit, int) or not 0 < limit <= MOST_OPERATIONS:
        judge.not_applicable(f"maxOperations is {limit!r}, too many to try")
    operation = deletion_of_nobody(scim, scim.primary)
    body = {"schemas": [urns.BULK_REQUEST], "Operations": [operation] * (limit + 1)}
    exchange = scim.post("/Bulk", json=body)
    _judge_limit(judge, "RFC7644-3.7.4-02", exchange, "operation", limit)


@check("RFC7644-3.7.4-03", "RFC7644-3.7.4-04", needs=("bulk",))
def test_too_many_bytes(scim: Target, judge: Judge) -> None:
    """A job larger than announced is refused with 413, which names the limit."""
    limit = limit_of(scim, "maxPayloadSize")
    if not isinstance(limit, int) or not 0 < limit <= MOST_BYTES:
        judge.not_applicable(f"maxPayloadSize is {limit!r}, too much to try")
    operation = on("PUT", scim.unknown_id(scim.primary), {"schemas": ["x" * limit]})
    body = {"schemas": [urns.BULK_REQUEST], "Operations": [operation]}
    exchange = attempt(scim, "POST", "/Bulk", json=body)
    if exchange is None:
        judge.not_applicable("the connection was closed early")
    _judge_limit(judge, "RFC7644-3.7.4-03", exchange, "payload", limit)


def _judge_limit(judge: Judge, requirement: str, exchange: Exchange, word: str, limit: int) -> None:
    judge.demand(requirement, exchange.status == 413, expected="413", observed=exchange.summary(), at=exchange)
    if not exchange.is_json:  # a gateway's page, as for RFC7644-3.12-01
        judge.advise("RFC7644-3.7.4-04", expected="an error of SCIM", observed=exchange.summary(), at=exchange)
        return
    detail = str(exchange.body.get("detail", "")).lower()
    words = (word, str(limit), "size", "bytes", "large") if word == "payload" else (word, str(limit))
    judge.expect(
        "RFC7644-3.7.4-04",
        any(each in detail for each in words),
        expected="a detail that says which limit was exceeded",
        observed=f"{exchange.summary()}: {detail!r}",
        at=exchange,
    )
