"""RFC 7644 §3.6: deleting resources. Disabling users is the business of the Entra suite."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.membership import filled_group
from scimcheck.harness.target import Resource, Target, ids


def _deleted(scim: Target, judge: Judge, resource: Resource) -> Exchange:
    exchange = scim.delete(resource.path)
    if not exchange.ok:
        judge.blocked("RFC7644-3.2-05", f"the resource could not be deleted: {exchange.summary()}")
    return exchange


@check("RFC7644-3.2-05", "RFC7644-3.6-01", "RFC9110-9.3.5-01", needs=("create", "read"), depth="quick")
def test_deletion_is_answered_with_204(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """DELETE answers 204 without content."""
    resource = scim.some(model)
    exchange = scim.delete(resource.path)
    judge.demand(
        "RFC7644-3.2-05", exchange.ok, expected="204", observed=exchange.summary(), at=(resource.exchange, exchange)
    )
    judge.status("RFC9110-9.3.5-01", exchange, 200, 202, 204, also=(resource.exchange,))
    judge.status("RFC7644-3.6-01", exchange, 204, also=(resource.exchange,))
    judge.expect(
        "RFC7644-3.6-01",
        not exchange.response_body,
        expected="204 without content",
        observed=f"{exchange.summary()} with {len(exchange.response_body)} bytes",
        at=(resource.exchange, exchange),
    )


@check("RFC7644-3.6-02", needs=("delete", "read"), depth="quick")
def test_deleted_resource_is_not_found(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """After DELETE every operation on the resource answers 404."""
    resource = scim.some(model)
    gone = _deleted(scim, judge, resource)
    again = [scim.read(resource), scim.delete(resource.path)]
    if scim.capabilities.works("put", resource.model):
        again.append(scim.put(resource.path, json={**resource.sent, "id": resource.id}))
    name = attributes.changeable(resource.model)
    if name and scim.capabilities.works("patch", resource.model):
        again.append(scim.patch(resource.path, {"op": "replace", "path": name.name, "value": scim.unique()}))
    for exchange in again:
        judge.status("RFC7644-3.6-02", exchange, 404, also=(resource.exchange, gone))


@check("RFC7644-3.6-03", "RFC7644-3.4.2-03", needs=("delete", "list"))
def test_deleted_resource_is_not_listed(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A deleted resource is in no later list, is not counted there, and is found by no later filtered query."""
    resource = scim.some(model)
    gone = _deleted(scim, judge, resource)
    listed = scim.everything(resource.model.endpoint)
    last = scim.session.journal.since(len(scim.session.journal) - 1)
    judge.expect(
        "RFC7644-3.6-03",
        resource.id not in ids(listed),
        expected=f"a list without {resource.id}",
        observed="the deleted resource is still listed",
        at=(resource.exchange, gone, *last),
    )
    _judge_total(judge, listed, (resource.exchange, gone, *last))
    if scim.capabilities.works("filter", resource.model):
        found = scim.search(resource.model.endpoint, f'{attributes.naming(resource.model)} eq "{resource.name}"')
        judge.expect(
            "RFC7644-3.6-03",
            resource.id not in ids(found.resources),
            expected="no match",
            observed="the deleted resource is still found by a filter",
            at=(resource.exchange, gone, found),
        )


def _judge_total(judge: Judge, listed: list[JSONObject], at: tuple[Exchange, ...]) -> None:
    """A list that ended with an empty page told how many resources there are."""
    if not listed:
        judge.skip("RFC7644-3.4.2-03", "no resource could be listed")
        return
    judge.expect(
        "RFC7644-3.4.2-03",
        bool(at[-1].resources) or at[-1].body.get("totalResults") == len(listed),
        expected=f"totalResults: {len(listed)}, for that many could be listed",
        observed=f"totalResults: {at[-1].body.get('totalResults')}",
        at=at,
    )


@check("RFC7644-3.6-02", needs=("delete", "read"))
def test_deletion_spares_the_others(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """DELETE removes one resource, not its neighbours."""
    resource = scim.some(model)
    other = scim.shared(model)[0]
    gone = _deleted(scim, judge, resource)
    found, lost = scim.read(other), scim.read(resource)
    judge.status("RFC7644-3.6-02", lost, 404, also=(resource.exchange, gone))
    judge.expect(
        "RFC7644-3.6-02",
        found.status == 200,
        expected=f"200 for {other.id}, which was not deleted",
        observed=found.summary(),
        at=(other.exchange, gone, found),
    )


@check("RFC7644-3.6-02", needs=("Group", "User", "delete", "read"))
def test_deletion_of_a_group_spares_its_members(scim: Target, judge: Judge) -> None:
    """With a group go the memberships in it, not the users that were its members."""
    user = scim.some(scim.user or scim.primary)
    group = filled_group(scim, judge, user)
    gone = _deleted(scim, judge, group)
    found, lost = scim.read(user), scim.read(group)
    judge.status("RFC7644-3.6-02", lost, 404, also=(group.exchange, gone))
    judge.expect(
        "RFC7644-3.6-02",
        found.status == 200,
        expected=f"200 for the user {user.id}, who was a member of the deleted group",
        observed=found.summary(),
        at=(user.exchange, group.exchange, gone, found),
    )


@check("RFC7644-3.6-04", needs=("User", "delete"))
def test_deleted_name_is_free_again(scim: Target, judge: Judge) -> None:
    """The userName of a deleted user does not count as taken."""
    user = scim.some(scim.user or scim.primary)
    gone = _deleted(scim, judge, user)
    again = scim.post(user.model.endpoint, json=user.sent)
    judge.expect("RFC7644-3.6-04", again.ok, expected="201", observed=again.summary(), at=(user.exchange, gone, again))


@check("RFC7644-3.6-06", needs=("delete",))
def test_deleting_an_unknown_id_is_not_found(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """DELETE on an id that was never given out answers 404."""
    judge.status("RFC7644-3.6-06", scim.delete(scim.unknown_id(model)), 404)
