"""RFC 7644 §3.5.2: extensions and ``schemas`` in PATCH requests."""

from __future__ import annotations

from scimcheck.core.json import JSONObject
from scimcheck.core.resource import listed_schemas
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import value_at, with_value
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patched, Patching, holding, no_server_error, operation, settled
from scimcheck.harness.target import Resource, Target


def _extension(judge: Judge, model: ResourceModel, *, unused: bool = False) -> list[Located]:
    """Texts of an extension; ends the check for types that have none."""
    found = places.unused_extension_texts(model) if unused else places.extension_texts(model)
    if not found:
        judge.not_applicable(f"{model.name} has no extension with texts that may be left out")
    return [place for place in found if place.schema == found[0].schema]


def _without(scim: Target, model: ResourceModel, place: Located) -> Resource:
    """A resource without the extension that the attribute is of."""
    urn = str(place.schema).lower()
    return scim.some(model, lambda state: urn not in (name.lower() for name in [*state, *listed_schemas(state)]))


def _expect_listed(judge: Judge, requirement: str, patched: Patched, urn: str) -> None:
    listed = listed_schemas(patched.after)
    judge.expect(
        requirement,
        urn.lower() in (item.lower() for item in listed),
        expected=f"schemas with {urn}",
        observed=f"{patched.exchange.summary()}, and then schemas is {listed}",
        at=patched.evidence,
    )


@check("RFC7644-3.5.2-15", needs=("patch", "extension"))
def test_attribute_of_an_extension_in_use(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An extension that the resource has can be changed without a word of schemas, by each operation."""
    places_found = _extension(judge, model)
    first = places_found[0]
    subject = holding(scim, judge, model, *((place, places.fresh(scim, place)) for place in places_found[:2]))
    path = places.path_of(first)
    for op, name in (("replace", path), ("add", path), ("replace", path.upper()), ("remove", path)):
        value = None if op == "remove" else places.fresh(scim, first)
        body = operation(op, name) if op == "remove" else operation(op, name, value=value)
        patched = subject.send(body)
        settled(judge, "RFC7644-3.5.2-15", patched, with_value(patched.before, first, value))


@check("RFC7644-3.5.2-17", needs=("patch", "extension"))
def test_first_attribute_of_an_extension_adds_its_schema(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Adding an attribute of an extension that the resource did not have sets it and lists the extension."""
    place = _extension(judge, model, unused=True)[0]
    for op in ("add", "replace"):
        subject = Patching(scim, _without(scim, model, place))
        if value_at(subject.state, place) is not None:
            judge.not_applicable(f"the target fills {places.path_of(place)} by itself")
        value = places.fresh(scim, place)
        patched = subject.send(operation(op, places.path_of(place), value=value))
        if settled(judge, "RFC7644-3.5.2-17", patched, with_value(patched.before, place, value)):
            _expect_listed(judge, "RFC7644-3.5.2-17", patched, str(place.schema))


@check("RFC7644-3.5.2.1-03", needs=("patch", "extension"))
def test_extension_in_a_value_without_path(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A value without path may hold the container of an extension."""
    place = _extension(judge, model, unused=True)[0]
    text = places.texts(model)[0]
    subject = Patching(scim, _without(scim, model, place))
    value, other = places.fresh(scim, place), places.fresh(scim, text)
    container: JSONObject = {str(place.schema): {place.attribute.name: value}, text.attribute.name: other}
    patched = subject.send(operation("add", value=container))
    expected = with_value(with_value(patched.before, place, value), text, other)
    if settled(judge, "RFC7644-3.5.2.1-03", patched, expected):
        _expect_listed(judge, "RFC7644-3.5.2.1-03", patched, str(place.schema))
    dotted = subject.send(operation("add", value={places.path_of(place): places.fresh(scim, place)}))
    no_server_error(judge, "RFC7644-3.5.2.1-03", dotted)


@check("RFC7644-3.5.2-16", needs=("patch-add", "extension"))
def test_later_operations_see_new_schemas(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """After an operation that adds a URN to ``schemas``, the next may add an attribute of that extension."""
    place = _extension(judge, model, unused=True)[0]
    subject = Patching(scim, _without(scim, model, place))
    value = places.fresh(scim, place)
    patched = subject.send(
        operation("add", "schemas", value=[place.schema]), operation("add", places.path_of(place), value=value)
    )
    if 400 <= patched.exchange.status < 500:
        judge.not_applicable(f"schemas cannot be changed directly: {patched.answer}")
    if settled(judge, "RFC7644-3.5.2-16", patched, with_value(patched.before, place, value)):
        _expect_listed(judge, "RFC7644-3.5.2-16", patched, str(place.schema))


@check("RFC7644-3.5.2-27", needs=("patch", "extension"))
def test_extension_as_a_path(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The URN of an extension as path may work or be refused; it does not break the provider."""
    place = _extension(judge, model, unused=True)[0]
    subject = holding(scim, judge, model, (place, places.fresh(scim, place)))
    urn = str(place.schema)
    for body in (
        operation("add", urn, value={place.attribute.name: places.fresh(scim, place)}),
        operation("replace", urn, value={place.attribute.name: places.fresh(scim, place)}),
        operation("remove", urn),
    ):
        no_server_error(judge, "RFC7644-3.5.2-27", subject.send(body))
