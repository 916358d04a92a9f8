"""Probes of PATCH by operation and by value path: what finer checks of PATCH rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness.capabilities import Capability, State

if TYPE_CHECKING:
    from scimcheck.harness.target import Resource, Target

#: The clause that a basic operation breaks when it does not work: adding a value, removing one, replacing one.
_CLAUSES = {
    "patch-add": "RFC7644-3.5.2.1-07",
    "patch-remove": "RFC7644-3.5.2.2-02",
    "patch-replace": "RFC7644-3.5.2.3-02",
    "patch-filter": "RFC7644-3.5.2-09",
}
FIRST_VALUE = "RFC7644-3.5.2.1-04"
NAMES = frozenset(_CLAUSES)


def probe(target: Target, need: str, model: ResourceModel) -> Capability:
    """Whether the basic form of an operation works: on a simple attribute by its name, or on a value by a filter."""
    basis = target.capabilities.of("patch", model)
    if basis.state is not State.WORKS:
        return Capability(need, basis.state, basis.advertised, model.name, basis.requirement, observed=basis.observed)
    return _filtered(target, model) if need == "patch-filter" else _simple(target, need, model)


def _simple(target: Target, need: str, model: ResourceModel) -> Capability:
    from scimcheck.harness import places

    optional = need == "patch-remove"
    found = places.texts(model, optional=optional)
    if not found:
        return Capability(need, State.ABSENT, observed=f"{model.name} declares no attribute to try {need} on")
    name = found[0].attribute.name
    start: JSONObject = (
        {} if need == "patch-add" and not places.required(model, found[0].attribute) else {name: target.unique(name)}
    )
    resource = target.create_from(model, target.payload(model) | start)
    value = target.unique(name)
    body: JSONObject = {"op": need[6:], "path": name} | ({} if optional else {"value": value})
    return _outcome(target, need, resource, body, name, None if optional else value)


def _outcome(target: Target, need: str, resource: Resource, body: JSONObject, name: str, value: JSON) -> Capability:
    exchange = target.patch(resource.path, body)
    read = target.read(resource)
    held = read.body.get(name)
    done = read.status == 200 and (held == value if value is not None else not has_value(held))
    folded = isinstance(held, str) and isinstance(value, str) and held.lower() == value.lower()
    if exchange.ok and (done or folded):
        return Capability(need, State.WORKS, subject=resource.model.name, exchanges=(exchange,))
    first = need == "patch-add" and not has_value(resource.sent.get(name))
    return _broken(need, resource, f"{name} is {value or 'unassigned'}", exchange, read, first=first)


def _filtered(target: Target, model: ResourceModel) -> Capability:
    from scimcheck.harness import places

    place = places.collection(model)
    if place is None or len(places.kinds(place)) < 2:
        return Capability(
            "patch-filter", State.ABSENT, observed=f"{model.name} has no multi-valued attribute to select values of"
        )
    name, sub = place.attribute.name, places.sub_texts(place)[0]
    values = places.three(target, place)
    resource = target.create_from(model, {**target.payload(model), name: values})
    new = places.fresh(target, sub, *(item[sub.attribute.name] for item in values))
    tried: list[Exchange] = []
    for path, value in ((f".{sub.attribute.name}", new), ("", {**values[0], sub.attribute.name: new})):
        body: JSONObject = {"op": "replace", "path": f'{name}[type eq "{values[0]["type"]}"]{path}', "value": value}
        tried.append(target.patch(resource.path, body))
        read = target.read(resource)
        if tried[-1].ok and str(new).lower() in str(read.body.get(name)).lower():
            return Capability("patch-filter", State.WORKS, subject=model.name, exchanges=tuple(tried))
    removal = target.patch(resource.path, {"op": "remove", "path": f'{name}[type eq "{values[0]["type"]}"]'})
    read = target.read(resource)
    held = read.body.get(name)
    if removal.ok and isinstance(held, list) and len(held) == len(values) - 1:
        return Capability("patch-filter", State.WORKS, subject=model.name, exchanges=(*tried, removal))
    return _broken("patch-filter", resource, "the value that the filter selects has changed", *tried, removal, read)


def _broken(need: str, resource: Resource, expected: str, *at: Exchange, first: bool = False) -> Capability:
    """``first`` tells that the value to add would have been the attribute's first one."""
    tried = next((exchange for exchange in at if exchange.method == "PATCH"), at[-1])
    return Capability(
        need, State.BROKEN, None, resource.model.name, FIRST_VALUE if first else _CLAUSES[need], expected,
        f"{tried.summary()}, and the resource does not show it", (resource.exchange, *at),
    )  # fmt: skip
