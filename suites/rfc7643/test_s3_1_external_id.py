"""RFC 7643 §3.1: externalId, the identifier that the client gives. Its letter case in filters: RFC 7644 §3.4.2.2."""

from __future__ import annotations

from urllib.parse import quote

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import identifier_of
from scimcheck.harness.representation import put_body
from scimcheck.harness.target import Resource, Target, ids


def _required(model: ResourceModel) -> bool:
    """Whether a schema demands an externalId of every resource."""
    found = model.find(None, "externalId")
    return found is not None and found.attribute.required


@check("RFC7643-3.1-12", needs=("create", "read"))
def test_external_id_is_not_invented(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A resource that was created without externalId has none."""
    if _required(model):
        judge.not_applicable(f"{model.name} requires externalId")
    resource = scim.create(model)
    if "externalId" in resource.sent:
        body = {name: value for name, value in resource.sent.items() if name != "externalId"}
        resource = scim.create_from(model, body)
    found = scim.read(resource)
    judge.expect(
        "RFC7643-3.1-12",
        not has_value(found.body.get("externalId")),
        expected="no externalId",
        observed=f"externalId: {found.body.get('externalId')!r}",
        at=(resource.exchange, found),
    )


@check("RFC7643-3.1-16", needs=("put", "read"))
def test_external_id_can_be_set_and_changed(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """PUT gives an externalId to a resource without one, and changes it."""
    resource = scim.some(model, lambda state: _required(model) or not has_value(state.get("externalId")))
    for value in (scim.unique("Ext"), scim.unique("ext-2")):
        exchange = scim.put(resource.path, json=put_body(scim, resource, externalId=value))
        found = scim.read(resource)
        judge.expect(
            "RFC7643-3.1-16",
            exchange.ok and str(found.body.get("externalId")).lower() == value.lower(),  # its letters: RFC7643-7-22
            expected=f"externalId: {value}",
            observed=f"{exchange.summary()}; externalId: {found.body.get('externalId')!r}",
            at=(resource.exchange, exchange, found),
        )


@check("RFC7643-7-22", needs=("create", "read"))
def test_external_id_keeps_its_letters(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """externalId is case exact: it comes back in the letters in which it was sent."""
    value = scim.unique("MiXeD-Case")
    exchange = scim.post(model.endpoint, json=scim.payload(model, externalId=value))
    if not exchange.ok:
        judge.not_applicable(f"externalId could not be set: {exchange.summary()}")
    found = scim.read(scim.resource_of(model, {}, exchange))
    shown = found.body.get("externalId")
    if not has_value(shown):
        judge.not_applicable("the target keeps no externalId")
    judge.expect(
        "RFC7643-7-22",
        shown == value,
        expected=f"externalId: {value}",
        observed=f"externalId: {shown!r}",
        at=(exchange, found),
    )


@check("RFC7643-3.1-14", needs=("create",))
def test_equal_external_ids_are_accepted(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Two resources may have one externalId; a provider that refuses the second one is advised."""
    value = scim.unique("twin")
    first, second = (scim.post(model.endpoint, json=scim.payload(model, externalId=value)) for _ in range(2))
    if not first.ok:
        judge.not_applicable(f"externalId could not be set: {first.summary()}")
    judge.expect(
        "RFC7643-3.1-14",
        second.ok or second.status >= 500,
        expected="201 for both",
        observed=second.summary(),
        at=(first, second),
    )


@check("RFC7643-3.1-13", needs=("second-client", "filter", "create"), every_type="deep")
def test_external_id_belongs_to_its_client(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A client finds what it created by externalId, and not what another domain's client created."""
    value, other = scim.unique("domain"), scim.identities.second_tenant
    mine = scim.post(model.endpoint, json=scim.payload(model, externalId=value))
    theirs = scim.post(model.endpoint, json=scim.payload(model, externalId=value), auth=other)
    if not mine.ok or not theirs.ok:
        judge.not_applicable(f"not both clients could create one: {mine.summary()}, {theirs.summary()}")
    found = scim.search(model.endpoint, f'externalId eq "{value}"')
    seen = scim.get(model.endpoint, params={"filter": f'externalId eq "{value}"'}, auth=other)
    own, foreign_id = identifier_of(mine), identifier_of(theirs)
    if foreign_id:
        scim.delete(f"{model.endpoint}/{quote(foreign_id, safe='')}", auth=other)
    foreign = set(ids(found.resources)) & {foreign_id} | set(ids(seen.resources)) & {own}
    judge.expect(
        "RFC7643-3.1-13",
        not foreign or own == foreign_id,
        expected="each client finds its own resource alone",
        observed=f"the other client's resource {', '.join(foreign)} is found as well",
        at=(mine, theirs, found, seen),
    )


@check("RFC7643-3-07", needs=("create", "read"), every_type="deep")
def test_common_attributes_need_no_schema(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """id, externalId and meta can be asked for by their bare names, in resources of every type."""
    body = scim.payload(model, externalId=scim.unique("common"))
    exchange = scim.post(model.endpoint, json=body)
    resource: Resource = scim.resource_of(model, body, exchange) if exchange.ok else scim.shared(model)[0]
    asked = scim.read(resource, attributes="id,externalId,meta.resourceType")
    judge.expect(
        "RFC7643-3-07",
        asked.status == 200 and str(asked.body.get("id")) == resource.id,
        expected="200 with the common attributes",
        observed=asked.summary(),
        at=(exchange, asked),
    )
    if scim.capabilities.works("filter", model):
        joined = f'meta.resourceType eq "{model.name}" and id eq "{resource.id}"'
        for expression, may_be_refused in ((f'id eq "{resource.id}"', False), (joined, True)):
            found = scim.search(model.endpoint, expression)
            if may_be_refused and _lacks_its_parts(scim, resource, found):
                continue
            judge.expect(
                "RFC7643-3-07",
                found.status == 200 and ids(found.resources) == [resource.id],
                expected=f"the resource with id {resource.id}",
                observed=f"{found.summary()} with {len(found.resources)} resources",
                at=(exchange, found),
            )


def _lacks_its_parts(scim: Target, resource: Resource, refused: Exchange) -> bool:
    """Whether filters with ``and`` are refused, or those on any part of meta: that is judged in RFC 7644 §3.4.2.2."""
    if refused.status != 400 or refused.scim_type != "invalidFilter":
        return False
    other = scim.search(resource.model.endpoint, f'meta.lastModified pr and id eq "{resource.id}"')
    return not other.ok
