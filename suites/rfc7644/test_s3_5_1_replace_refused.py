"""RFC 7644 §3.5.1: replacements that have to be refused, and that a refused one changes nothing."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import Mutability
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import attributes, check, places
from scimcheck.harness.judge import Judge
from scimcheck.harness.mistyped import mistakes
from scimcheck.harness.representation import differences, put_body, with_value
from scimcheck.harness.target import Resource, Target


@check("RFC7644-3.5.1-10", needs=("put", "list"))
def test_unknown_resource_is_not_created(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """PUT to an id that was never given out answers 404 and creates nothing."""
    body, path = scim.payload(model), scim.unknown_id(model)
    exchange = scim.put(path, json={**body, "id": path.rpartition("/")[2]})
    judge.status("RFC7644-3.5.1-10", exchange, 404)
    found = scim.get(path)
    judge.expect(
        "RFC7644-3.5.1-10",
        found.status != 200,
        expected="no resource of that id",
        observed=found.summary(),
        at=(exchange, found),
    )
    if scim.capabilities.works("filter", model):
        name = attributes.naming(model)
        listed = scim.search(model.endpoint, f'{name} eq "{body[name]}"')
        judge.expect(
            "RFC7644-3.5.1-10",
            not listed.resources,
            expected=f"no {model.name} named {body[name]}",
            observed=f"{len(listed.resources)} of that name",
            at=(exchange, listed),
        )


@check("RFC7644-3.5.1-09", needs=("User", "put", "read"))
def test_required_attribute_may_not_be_left_out(scim: Target, judge: Judge) -> None:
    """A PUT without userName is refused with 400, unless the provider puts a default in its place."""
    model = scim.user or scim.primary
    located = model.find(None, "userName")
    if located is not None and located.attribute.mutability is not Mutability.READ_WRITE:
        judge.not_applicable("userName cannot change here: it stays whether it is sent or not")
    resource = scim.create(model, full=scim.capabilities.full_payloads(model))
    before = scim.initial(resource)
    body = put_body(scim, resource)
    optional = attributes.optional_text(model)
    for name in ("userName", optional.name if optional else ""):
        body.pop(name, None)
    exchange = scim.put(resource.path, json=body)
    found = scim.read(resource)
    evidence = (resource.exchange, exchange, found)
    if exchange.ok:
        shown = found.body.get("userName")
        kept = bool(shown) and shown == before.get("userName")
        if kept and optional and has_value(before.get(optional.name)) and has_value(found.body.get(optional.name)):
            # what PUT leaves out stays here, userName as well: see RFC7644-3.5.1-03
            judge.advise("RFC7644-3.5.1-09", expected="400", observed=exchange.summary(), at=evidence)
            return
        judge.expect(
            "RFC7644-3.5.1-09",
            bool(shown) and not kept,
            expected="400, or a default",
            observed=f"{exchange.summary()}; userName: {shown!r}",
            at=evidence,
        )
        return
    judge.status("RFC7644-3.5.1-09", exchange, 400, also=(resource.exchange,))
    if exchange.status == 400 and exchange.scim_type != "invalidValue":
        judge.advise(
            "RFC7644-3.5.1-09",
            expected="scimType invalidValue",
            observed=f"scimType {exchange.body.get('scimType')!r}",
            at=(resource.exchange, exchange),
        )


@check("RFC7644-3.5.1-11", needs=("User", "put", "read"))
def test_name_of_another_is_refused(scim: Target, judge: Judge) -> None:
    """A PUT that gives a User the userName of another is refused with 409, or 400, and scimType uniqueness."""
    user = scim.some(scim.user or scim.primary)
    other = scim.shared(user.model)[0]
    exchange = scim.put(user.path, json=put_body(scim, user, userName=other.name))
    if not judge.status("RFC7644-3.5.1-11", exchange, 409, 400, also=(user.exchange, other.exchange)):
        return
    if exchange.scim_type != "uniqueness":
        judge.advise(
            "RFC7644-3.5.1-11",
            expected="scimType uniqueness",
            observed=f"scimType {exchange.body.get('scimType')!r}",
            at=(user.exchange, other.exchange, exchange),
        )


@check("RFC7644-3.5.1-11", needs=("put", "read", "attr:unique"))
def test_unique_value_of_another_is_refused(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The same holds for whatever other types declare as unique."""
    place = places.unique_text(model)
    if place is None:
        judge.not_applicable(f"{model.name} has no unique text but what users are named by")
    value = scim.unique(place.attribute.name)
    holder = scim.create_from(model, {**scim.payload(model), place.attribute.name: value})
    resource = scim.some(model)
    exchange = scim.put(resource.path, json=put_body(scim, resource, **{place.attribute.name: value}))
    judge.status("RFC7644-3.5.1-11", exchange, 409, 400, also=(holder.exchange, resource.exchange))


@check("RFC7644-3.5.1-13", needs=("put", "read"), every_type="deep")
def test_refused_replacement_changes_nothing(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Whatever a PUT was refused for, the resource is afterwards what it was before."""
    resource = scim.create(model, full=scim.capabilities.full_payloads(model))
    before = scim.read(resource)
    refused: list[Exchange] = []
    for body in _faulty_bodies(scim, resource):
        exchange = scim.put(resource.path, json=body)
        if exchange.ok:
            before = scim.read(resource)
        else:
            refused.append(exchange)
    if not refused:
        judge.not_applicable("the target accepts every replacement that was tried")
    found = scim.read(resource)
    told = differences(before.body, found.body, model) if found.status == 200 else [found.summary()]
    judge.expect(
        "RFC7644-3.5.1-13",
        not told,
        expected="the resource as it was",
        observed="; ".join(told),
        at=(before, *refused, found),
    )


def _faulty_bodies(scim: Target, resource: Resource) -> list[JSONObject]:
    """Bodies that change something valid and have one fault each."""
    attribute = attributes.changeable(resource.model)
    good = put_body(scim, resource, **({attribute.name: scim.unique("refused")} if attribute else {}))
    bodies = [with_value(good, m.located, m.value) for m in mistakes(resource.model) if not m.tolerated][:2]
    if attributes.is_user(resource.model):
        other = scim.shared(resource.model)[0]
        bodies += [{**good, "userName": other.name}, {**good, "userName": None}]
    bodies.append({name: value for name, value in good.items() if name != "schemas"})
    return bodies
