"""RFC 7644 §3.5.1: attributes that a PUT leaves out, clears with null or an empty array; immutable attributes."""

from __future__ import annotations

from scimcheck.core.characteristics import Mutability
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import has_value, same_value
from scimcheck.harness import check
from scimcheck.harness.attributes import having
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import (
    fresh_value,
    kept,
    path_of,
    put_body,
    sent_attributes,
    value_at,
    with_value,
    without,
)
from scimcheck.harness.target import Resource, Target


def _optional(scim: Target, model: ResourceModel, resource: Resource) -> list[Located]:
    """Attributes that the resource was created with, that it may do without, and that are not at their default."""
    usual = _without_choices(scim, model)
    return [
        located
        for located, value in sent_attributes(model, resource.sent)
        if not same_value(value, value_at(usual, located), located.attribute)
        and not located.attribute.required
        and located.attribute.mutability is Mutability.READ_WRITE
        and located.attribute.name.lower() != "displayname"
        and not (located.schema and model.requires(located.schema))
    ]


def _without_choices(scim: Target, model: ResourceModel) -> JSONObject:
    """A resource that was created with what is required alone: what else it shows are defaults."""
    resource = scim.create(model)
    state = scim.initial(resource)
    return {name: value for name, value in state.items() if name not in resource.sent}


@check("RFC7644-3.5.1-04", "RFC7643-2.5-02", needs=("put", "read"), every_type="deep")
def test_null_clears_attributes(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """null, or an empty array for a multi-valued attribute, in a PUT leaves the attribute without value."""
    resource = scim.create(model, full=scim.capabilities.full_payloads(model))
    before = scim.initial(resource)
    chosen = [located for located in _optional(scim, model, resource) if has_value(value_at(before, located))]
    chosen = [located for located in chosen if located.schema is None]
    if not chosen:
        judge.not_applicable(f"no optional attribute of {model.name} has a value that could be cleared")
    body = put_body(scim, resource)
    for number, located in enumerate(chosen):
        empty: JSON = [] if located.attribute.multi_valued and number % 2 else None
        body = with_value(body, located, empty)
    exchange = scim.put(resource.path, json=body)
    for requirement in ("RFC7644-3.5.1-04", "RFC7643-2.5-02"):
        judge.expect(
            requirement,
            exchange.ok,
            expected="200",
            observed=exchange.summary(),
            at=(resource.exchange, exchange),
        )
    if not exchange.ok:
        return
    found = scim.read(resource)
    kept_values = [
        f"{path_of(located)}: {value_at(found.body, located)}"
        for located in chosen
        if has_value(value_at(found.body, located))  # a default may take the place of the old value
        and kept(value_at(resource.sent, located), value_at(found.body, located), located.attribute)
    ]
    for requirement in ("RFC7644-3.5.1-04", "RFC7643-2.5-02"):
        judge.expect(
            requirement,
            not kept_values,
            expected="no value where PUT sent null or an empty array",
            observed="; ".join(kept_values),
            at=(resource.exchange, exchange, found),
        )


@check("RFC7644-3.5.1-03", needs=("put", "read"))
def test_attributes_left_out_are_cleared(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """What a PUT leaves out is cleared or set to a default; keeping the old value is worth an advice."""
    resource = scim.create(model, full=scim.capabilities.full_payloads(model))
    before = scim.initial(resource)
    chosen = [located for located in _optional(scim, model, resource) if has_value(value_at(before, located))]
    if not chosen:
        judge.not_applicable(f"no optional attribute of {model.name} has a value that could be left out")
    body = put_body(scim, resource)
    for located in chosen:
        body = without(body, located)
    exchange = scim.put(resource.path, json=body)
    if not exchange.ok:
        judge.expect(
            "RFC7644-3.5.1-03", False, expected="200", observed=exchange.summary(), at=(resource.exchange, exchange)
        )
        return
    found = scim.read(resource)
    left = [
        path_of(located)
        for located in chosen
        if has_value(value_at(found.body, located))
        and same_value(value_at(found.body, located), value_at(before, located), located.attribute)
        and located.attribute.name.lower() != "active"
    ]
    judge.expect(
        "RFC7644-3.5.1-03",
        not left,
        expected="attributes that PUT leaves out are cleared or set to a default",
        observed=f"unchanged: {', '.join(left)}",
        at=(resource.exchange, exchange, found),
    )


def _immutable(model: ResourceModel) -> list[Located]:
    """Immutable top-level attributes, and immutable parts of single complex ones."""
    return [
        located
        for located in having(model, "immutable")
        if not (located.parent and located.parent.multi_valued) and located.attribute.returned.value != "never"
    ]


def _with_immutable(scim: Target, judge: Judge, model: ResourceModel) -> tuple[Resource, list[Located]]:
    """A resource whose immutable attributes have values, and those attributes."""
    chosen = _immutable(model)
    if not chosen:
        judge.not_applicable(f"{model.name} has no immutable attribute that PUT could replace")
    body = scim.payload(model)
    for located in chosen:
        if not has_value(value_at(body, located)):
            body = with_value(body, located, fresh_value(scim, model, located))
    exchange = scim.post(model.endpoint, json=body)
    if not exchange.ok:
        judge.blocked("RFC7643-7-27", f"immutable attributes could not be set at creation: {exchange.summary()}")
    return scim.resource_of(model, body, exchange), chosen


@check("RFC7644-3.5.1-05", "RFC7644-3.5.1-06", needs=("put", "read", "attr:immutable"))
def test_immutable_values_stay(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A PUT with another value for an immutable attribute is refused with mutability, and the value stays."""
    resource, chosen = _with_immutable(scim, judge, model)
    before = scim.initial(resource)
    for located in chosen:
        value = fresh_value(scim, model, located, value_at(before, located))
        if value is None or not has_value(value_at(before, located)):
            continue
        exchange = scim.put(resource.path, json=with_value(put_body(scim, resource), located, value))
        found = scim.read(resource)
        judge.expect(
            "RFC7644-3.5.1-05",
            same_value(value_at(found.body, located), value_at(before, located), located.attribute),
            expected=f"{path_of(located)}: {value_at(before, located)}",
            observed=f"{path_of(located)}: {value_at(found.body, located)}",
            at=(resource.exchange, exchange, found),
        )
        judge.expect(
            "RFC7644-3.5.1-06",
            exchange.status == 400 and exchange.scim_type == "mutability",
            expected="400 with scimType mutability",
            observed=exchange.summary(),
            at=(resource.exchange, exchange),
        )
    if not judge.findings and all(not has_value(value_at(before, located)) for located in chosen):
        judge.not_applicable("no immutable attribute keeps the value it was created with")
    judge.expect("RFC7644-3.5.1-05", True, expected="", observed="")
    judge.expect("RFC7644-3.5.1-06", True, expected="", observed="")


@check("RFC7644-3.5.1-07", needs=("put", "read", "attr:immutable"))
def test_immutable_attribute_gets_its_first_value(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A PUT gives a value to an immutable attribute that has none."""
    chosen = [located for located in _immutable(model) if not located.attribute.required]
    resource = scim.create(model)
    before = scim.initial(resource)
    chosen = [located for located in chosen if not has_value(value_at(before, located))]
    if not chosen:
        judge.not_applicable(f"{model.name} has no immutable attribute without value")
    body = put_body(scim, resource)
    for located in chosen:
        body = with_value(body, located, fresh_value(scim, model, located))
    exchange = scim.put(resource.path, json=body)
    found = scim.read(resource)
    for located in chosen:
        judge.expect(
            "RFC7644-3.5.1-07",
            exchange.ok and kept(value_at(body, located), value_at(found.body, located), located.attribute),
            expected=f"{path_of(located)}: {value_at(body, located)}",
            observed=f"{exchange.summary()}; {path_of(located)}: {value_at(found.body, located)}",
            at=(resource.exchange, exchange, found),
        )
