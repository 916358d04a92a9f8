"""RFC 7643 §7, §2.4: parts of attributes: those that are read-only, and ``primary``. Whole ones: ``…_behaviour``."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute, Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import elements, of_kind
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import put_body
from scimcheck.harness.target import Target

STAYS, STORED = "RFC7643-7-25", "RFC7643-2.2-04"

#: Attributes whose read-only parts follow from what they point to.
POINTERS = ("members", "manager", "groups", "meta")
FORGED = "forged"


def _read_only_parts(model: ResourceModel) -> Iterator[tuple[Attribute, Attribute]]:
    """Read-only texts below core attributes that a client may write, each with its attribute."""
    for attribute in model.core.attributes:
        if attribute.mutability is not Mutability.READ_WRITE or attribute.name.lower() in POINTERS:
            continue
        for sub in attribute.sub_attributes:
            if sub.mutability is Mutability.READ_ONLY and sub.type is DataType.STRING:
                yield attribute, sub


def _forgery(found: list[tuple[Attribute, Attribute]]) -> JSONObject:
    """A value for each of the attributes that holds nothing but read-only parts."""
    values: JSONObject = {}
    for attribute, sub in found:
        values.setdefault(attribute.name, {})[sub.name] = FORGED
    many = {attribute.name for attribute, _ in found if attribute.multi_valued}
    return {name: [value] if name in many else value for name, value in values.items()}


def _holds_forgery(value: JSON, name: str) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict) and item.get(name) == FORGED for item in items)


@check(STAYS, needs=("create", "read"))
def test_read_only_parts_stay(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A part that is published as read-only is not changed by PUT or PATCH."""
    parts = list(_read_only_parts(model))
    if not parts:
        judge.not_applicable(f"{model.name} has no attribute with a part that is read-only")
    resource, sent = scim.create(model), list[Exchange]()
    if scim.capabilities.works("put", model):
        sent.append(scim.put(resource.path, json={**put_body(scim, resource), **_forgery(parts)}))
    if scim.capabilities.works("patch", model):
        sent.append(scim.patch(resource.path, {"op": "add", "value": _forgery(parts)}))
    after = scim.read(resource)
    changed = [
        f"{attribute.name}.{sub.name}"
        for attribute, sub in parts
        if _holds_forgery(after.body.get(attribute.name), sub.name)
    ]
    judge.expect(
        STAYS,
        not changed,
        expected="read-only parts as they were",
        observed=f"{', '.join(changed)}: {FORGED!r}",
        at=(resource.exchange, *sent, after),
    )


@check(STORED, needs=("create", "read", "attr:primary"))
def test_the_primary_value_is_kept(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Of two values the one that was sent as primary is shown as primary."""
    listed = places.collection(model, primary=True)
    if listed is None or len(places.kinds(listed)) < 2:
        judge.not_applicable(f"{model.name} has no list of values one of which could be primary")
    first, second = places.kinds(listed)[:2]
    name = listed.attribute.name
    values: list[JSON] = [
        {**places.element(scim, listed, first), "primary": False},
        {**places.element(scim, listed, second), "primary": True},
    ]
    body = {**scim.payload(model), name: values}
    created = scim.post(model.endpoint, json=body)
    if not created.ok:
        judge.not_applicable(f"two values of {name} are refused: {created.summary()}")
    found = scim.read(scim.resource_of(model, body, created))
    held = [item for item in elements(found.body, listed) if isinstance(item, dict)]
    if len(held) != 2 or not any(of_kind(second)(item) for item in held):
        judge.not_applicable(f"the target does not keep two values of {name}")
    marked = [str(item.get("type")) for item in held if item.get("primary") is True]
    judge.expect(
        STORED,
        second.lower() in (kind.lower() for kind in marked),
        expected=f"the value of type {second} as the primary one",
        observed=f"primary: {', '.join(marked) or 'none'}",
        at=(created, found),
    )


@check(STORED, needs=("create", "read"))
def test_values_of_every_type_are_kept(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A list with a value for each type that the schema names keeps them all: a fax number like a mobile one."""
    listed = [place for place in places.collections(model) if len(_types(place)) > 1]
    if not listed:
        judge.not_applicable(f"{model.name} has no list whose types the schema names")
    sent = {place.attribute.name: [places.element(scim, place, kind) for kind in _types(place)] for place in listed}
    body = {**scim.payload(model), **sent}
    created = scim.post(model.endpoint, json=body)
    if not created.ok:
        judge.not_applicable(f"values of every type are refused: {created.summary()}")
    found = scim.read(scim.resource_of(model, body, created))
    for place in listed:
        shown = {str(item.get("type")).lower() for item in elements(found.body, place) if isinstance(item, dict)}
        lost = [kind for kind in _types(place) if kind.lower() not in shown]
        judge.expect(
            STORED,
            not lost or not shown,  # that nothing at all is kept is told once for every attribute
            expected=f"{place.attribute.name} with the types {', '.join(_types(place))}",
            observed=f"none of the type {', '.join(lost)}",
            at=(created, found),
        )


def _types(place: Located) -> list[str]:
    kind = place.attribute.sub_attribute("type")
    return list(kind.canonical_values) if kind else []
