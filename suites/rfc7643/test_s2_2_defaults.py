"""RFC 7643 §2.2: what an attribute is when its definition says nothing else: optional, free, readable, writable, shown.

The characteristics that a definition does state are the business of §7.
"""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType, Mutability, Returned, Uniqueness
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import kept, path_of, sent_attributes, value_at, well_typed
from scimcheck.harness.target import Resource, Target


@check("RFC7643-2.2-01", needs=("create",))
def test_optional_attributes_may_be_left_out(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A resource with nothing but its required attributes is accepted."""
    exchanges = scim.capabilities.of("create", model).exchanges
    judge.expect(
        "RFC7643-2.2-01",
        model.name not in scim.payloads.complete,
        expected="201 for a resource without its optional attributes",
        observed=exchanges[0].summary() if exchanges else "",
        at=exchanges,
    )


@check("RFC7643-2.2-02", needs=("create", "read"))
def test_values_without_a_list_are_free(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A string attribute without canonicalValues takes any text."""
    attribute = attributes.optional_text(model)
    if attribute is None:
        judge.not_applicable(f"{model.name} has no free text attribute")
        return
    value = "Unlisted value of scimcheck"
    exchange = scim.post(model.endpoint, json={**scim.payload(model), attribute.name: value})
    judge.expect(
        "RFC7643-2.2-02",
        exchange.ok,
        expected=f"201 with {attribute.name}: {value}",
        observed=exchange.summary(),
        at=exchange,
    )


@check("RFC7643-2.2-03", needs=("filter", "read"))
def test_texts_compare_without_case(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """eq on a string that is not case exact finds the resource by its value in other letters."""
    attribute = attributes.optional_text(model)
    if attribute is None or attribute.case_exact:
        judge.not_applicable(f"{model.name} has no text attribute that is not case exact")
        return
    value = scim.unique("Case")
    exchange = scim.post(model.endpoint, json={**scim.payload(model), attribute.name: value})
    if not exchange.ok:
        judge.not_applicable(f"{attribute.name} could not be set: {exchange.summary()}")
    resource = scim.resource_of(model, {}, exchange)
    if not kept(value, shown := scim.state(resource).get(attribute.name), attribute):
        judge.blocked("RFC7643-2.2-04", f"{attribute.name} is not kept: {shown!r} instead of {value!r}")
    found = scim.search(model.endpoint, f'{attribute.name} eq "{value.swapcase()}"')
    judge.expect(
        "RFC7643-2.2-03",
        resource.id in [str(item.get("id")) for item in found.resources],
        expected=f"the {model.name} with {attribute.name} {value}",
        observed=f"{found.summary()} with {len(found.resources)} resources",
        at=(exchange, found),
    )


@check("RFC7643-2.2-04", "RFC7643-2.2-05", "RFC7644-3.4-01", needs=("create", "read"), depth="quick")
def test_what_was_sent_is_stored_and_shown(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Every writable attribute of a creation is in a plain GET, with its value."""
    resource = scim.shared(model)[0]
    found = scim.shown(resource)
    hidden, lost = [], []
    for located, sent in sent_attributes(model, resource.sent):
        shown = value_at(found.body, located)
        if has_value(shown):
            if well_typed(shown, located.attribute) and not kept(sent, shown, located.attribute):
                lost.append(f"{path_of(located)}: {shown} instead of {sent}")
        elif _is_there(scim, resource, located):
            hidden.append(path_of(located))
        elif located.attribute.name != "externalId":  # whether that is supported at all: RFC7643-3.1-16
            lost.append(f"{path_of(located)}: nothing instead of {sent}")
    at = (resource.exchange, found)
    judge.expect("RFC7643-2.2-04", not lost, expected="the values that were sent", observed="; ".join(lost), at=at)
    for requirement in ("RFC7643-2.2-05", "RFC7644-3.4-01"):
        judge.expect(
            requirement,
            not hidden,
            expected="every attribute with a value that is returned by default",
            observed=f"a plain GET lacks {', '.join(hidden)}",
            at=at,
        )
    _no_more_than_default(judge, model, found, at)


def _is_there(scim: Target, resource: Resource, located: Located) -> bool:
    """Whether the value is stored although a plain GET does not show it."""
    if has_value(value_at(resource.exchange.body, located)):
        return True
    return has_value(value_at(scim.read(resource, attributes=path_of(located)).body, located))


def _no_more_than_default(judge: Judge, model: ResourceModel, found: Exchange, at: tuple[Exchange, ...]) -> None:
    unasked = [
        path_of(located)
        for located in model.attributes()
        if located.attribute.returned is Returned.REQUEST and has_value(value_at(found.body, located))
    ]
    judge.expect(
        "RFC7644-3.4-01",
        not unasked,
        expected="no attribute that is returned on request only",
        observed=", ".join(unasked),
        at=at,
    )


@check("RFC7643-2.2-06", needs=("create",))
def test_values_need_not_be_unique(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Two resources may hold one value of an attribute that is not declared as unique."""
    shared = [
        located.attribute
        for located in model.attributes()
        if located.schema is None
        and located.attribute.type is DataType.STRING
        and located.attribute.uniqueness is Uniqueness.NONE
        and located.attribute.mutability is Mutability.READ_WRITE
        and not located.attribute.multi_valued
        and not located.attribute.canonical_values
        and located.attribute.name.lower() in ("displayname", "nickname", "title")
    ][:1]
    if not shared:
        judge.not_applicable(f"{model.name} has no text attribute without uniqueness")
    values: JSONObject = {attribute.name: scim.unique("same") for attribute in shared}
    first, second = (scim.post(model.endpoint, json={**scim.payload(model), **values}) for _ in range(2))
    if not first.ok:
        judge.not_applicable(f"the attribute could not be set: {first.summary()}")
    judge.expect("RFC7643-2.2-06", True, expected="", observed="")
    if not second.ok:
        judge.advise(
            "RFC7643-2.2-06",
            expected=f"two resources with {values}",
            observed=f"{second.summary()}: a constraint that the schema does not publish",
            at=(first, second),
        )


@check("RFC7643-2.2-07", needs=("create", "read"))
def test_attribute_without_type_is_a_string(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An attribute whose definition names no type takes a string and gives it back."""
    untyped = [
        attribute
        for attribute in model.core.attributes
        if attribute.name in _untyped(scim, model) and attributes.simple_text(attribute)
    ]
    if not untyped:
        judge.not_applicable(f"every writable attribute of {model.name} has a type")
    for attribute in untyped[:3]:
        value = scim.unique("text")
        exchange = scim.post(model.endpoint, json={**scim.payload(model), attribute.name: value})
        shown = scim.read(scim.resource_of(model, {}, exchange)).body.get(attribute.name) if exchange.ok else None
        judge.expect(
            "RFC7643-2.2-07",
            kept(value, shown, attribute),
            expected=f"{attribute.name}: {value}",
            observed=f"{exchange.summary()}; {attribute.name}: {shown!r}",
            at=exchange,
        )


def _untyped(scim: Target, model: ResourceModel) -> set[str]:
    """Names of core attributes whose published definition has no type."""
    names: set[str] = set()
    for exchange in scim.discovery.exchanges:
        for schema in [*exchange.resources, exchange.body]:
            defined = schema.get("attributes")
            if str(schema.get("id", "")).lower() == model.core.id.lower() and isinstance(defined, list):
                names |= {str(a.get("name")) for a in defined if isinstance(a, dict) and "type" not in a}
    return names
