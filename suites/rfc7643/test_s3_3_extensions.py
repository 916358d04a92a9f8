"""RFC 7643 §3.3: extensions of a resource. The enterprise extension has checks of its own (§4.3)."""

from __future__ import annotations

from scimcheck.core.json import JSONObject
from scimcheck.core.resource import container
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import differences, kept, put_body, well_typed
from scimcheck.harness.target import Target
from scimcheck.harness.values import value_for


def _text_of(model: ResourceModel, urn: str) -> Attribute | None:
    """A simple text attribute of the extension."""
    schema = model.extension(urn)
    return next((a for a in (schema.attributes if schema else ()) if attributes.simple_text(a)), None)


def _extended(scim: Target, judge: Judge, model: ResourceModel) -> tuple[str, Attribute]:
    """An extension of the type with a text attribute of it; those that need nothing else come first."""
    for schema in model.extensions:
        attribute = _text_of(model, schema.id)
        lonely = attribute and all(a is attribute or not a.required for a in schema.attributes)
        if attribute and (lonely or model.requires(schema.id)):
            return schema.id, attribute
    judge.not_applicable(f"{model.name} has no extension with a text attribute")
    raise AssertionError


def _filled(scim: Target, model: ResourceModel, urn: str, attribute: Attribute) -> JSONObject:
    """A body with the attribute in the extension's container."""
    body = scim.payload(model)
    inner = {**body.get(urn, {}), attribute.name: value_for(attribute, scim.payloads.fake)}
    return {**body, urn: inner, "schemas": list(dict.fromkeys([*body["schemas"], urn]))}


@check("RFC7643-3-09", "RFC7643-3.3-02", "RFC7643-3.3-03", needs=("create", "read"))
def test_extension_has_its_container(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """What was sent in the container of an extension comes back in it, and the extension is named in schemas."""
    urn, attribute = _extended(scim, judge, model)
    body = _filled(scim, model, urn, attribute)
    exchange = scim.post(model.endpoint, json=body)
    if not exchange.ok:
        judge.blocked("RFC7644-3.3-01", f"no {model.name} with {urn} could be created: {exchange.summary()}")
    found = scim.read(scim.resource_of(model, body, exchange))
    inner = container(found.body, urn) or {}
    at = (exchange, found)
    stray = attribute.name in found.body and model.find(None, attribute.name) is None
    judge.expect(
        "RFC7643-3-09",
        not stray,
        expected=f"{attribute.name} inside {urn}",
        observed=f"{attribute.name} at the top level",
        at=at,
    )
    shown = inner.get(attribute.name)
    judge.expect(
        "RFC7643-3.3-03",
        kept(body[urn][attribute.name], shown, attribute) or (shown is not None and not well_typed(shown, attribute)),
        expected=f"{urn}: {body[urn]}",
        observed=f"{urn}: {inner or None}",
        at=at,
    )
    listed = found.body.get("schemas")
    names = {str(item).lower() for item in listed} if isinstance(listed, list) else set()
    judge.expect(
        "RFC7643-3.3-02",
        urn.lower() in names or not inner or not names,  # no schemas at all: RFC7643-3-01
        expected=f"schemas holds {urn}",
        observed=f"schemas: {listed}",
        at=at,
    )


@check("RFC7643-3.3-05", needs=("put", "read"))
def test_extension_leaves_core_attributes_alone(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Adding an attribute of an extension changes no core attribute."""
    urn, attribute = _extended(scim, judge, model)
    body = scim.payload(model, full=scim.capabilities.full_payloads(model))
    if not model.requires(urn):
        body.pop(urn, None)
        body["schemas"] = [item for item in body["schemas"] if item != urn]
    resource = scim.create_from(model, body)
    before = scim.read(resource)
    changed = put_body(scim, resource)
    changed[urn] = {**changed.get(urn, {}), attribute.name: value_for(attribute, scim.payloads.fake)}
    changed["schemas"] = list(dict.fromkeys([*changed["schemas"], urn]))
    exchange = scim.put(resource.path, json=changed)
    if not exchange.ok:
        judge.blocked("RFC7644-3.5.1-02", f"the extension could not be added: {exchange.summary()}")
    found = scim.read(resource)
    besides = ("meta", "schemas", *(name for name in (*before.body, *found.body) if model.find(None, name) is None))
    told = differences(before.body, found.body, model, besides)
    judge.expect(
        "RFC7643-3.3-05",
        not told,
        expected="core attributes as they were",
        observed="; ".join(told),
        at=(before, exchange, found),
    )


@check("RFC7643-3-08", needs=("create", "read"))
def test_core_attributes_stand_at_the_top(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Core attributes of a resource are found at its top level."""
    resource = scim.shared(model)[0]
    found = scim.shown(resource)
    name = attributes.naming(model)
    inside = container(found.body, model.core.id) or {}
    judge.expect(
        "RFC7643-3-08",
        not has_value(inside),
        expected=f"{name} at the top level",
        observed=f"a container {model.core.id} with {', '.join(inside)}",
        at=found,
    )
