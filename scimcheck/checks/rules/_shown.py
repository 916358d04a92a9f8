"""Which resources an exchange shows: what the rules about resources go through."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from scimcheck.checks.rules import Problem, RuleContext
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import listed_schemas, member
from scimcheck.core.schema import Attribute, ResourceModel

_PROJECTIONS = frozenset({"attributes", "excludedattributes"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A resource in a response. ``whole`` is false where the request asked for a part of it.

    ``model`` is the type that it is of, ``served`` the type whose endpoint showed it: the same, if all is well.
    """

    model: ResourceModel
    resource: JSONObject
    whole: bool
    exchange: Exchange
    served: ResourceModel
    _values: list[tuple[Value, ...]] = field(default_factory=list, repr=False, compare=False)

    def problem(
        self, requirement: str, expected: str, observed: str, *, advisory: bool = False, hint: str = ""
    ) -> Problem:
        """A problem with this resource, told with the request that showed it."""
        return Problem(requirement, expected, f"{observed} ({self.exchange.summary()})", advisory, hint)


def shown(exchange: Exchange, context: RuleContext) -> tuple[Shown, ...]:
    """The resources of known types in a successful response, alone or in a list.

    A whole resource that an earlier list of the run showed in the same form is left out: it was judged there.
    """
    if context.memo.get("shown-in") is not exchange:
        context.memo["shown-in"] = exchange
        context.memo["shown"] = tuple(_shown(exchange, context))
    found: tuple[Shown, ...] = context.memo["shown"]
    return found


def _shown(exchange: Exchange, context: RuleContext) -> Iterator[Shown]:
    if not exchange.ok or not exchange.body or urns.ERROR in str(exchange.body.get("schemas")):
        return
    if exchange.method == "PATCH" and urns.PATCH_OP in str(exchange.body.get("schemas")):
        return  # an echo of the request and no resource, which RFC7644-3.5.2-22 tells
    whole = not _projected(exchange)
    listed = "Resources" in exchange.body or urns.LIST_RESPONSE in str(exchange.body.get("schemas"))
    seen: set[str] = context.memo.setdefault("listed", set())
    for resource in exchange.resources if listed else [exchange.body]:
        served = _model_of(exchange, context, resource)
        if served is None:
            continue
        model = _own_model(served, context, resource)
        form = f"{model.name} {json.dumps(resource)}" if listed and whole else ""
        if not form or form not in seen:
            yield Shown(model, resource, whole, exchange, served)
        if form:
            seen.add(form)


def shows_resources(exchange: Exchange, context: RuleContext) -> bool:
    """Whether the response shows a resource of a known type."""
    return bool(shown(exchange, context))


def shows_whole_resources(exchange: Exchange, context: RuleContext) -> bool:
    """Whether the response shows a resource of a known type without projection."""
    return any(item.whole for item in shown(exchange, context))


def _projected(exchange: Exchange) -> bool:
    names = {name.lower() for name, _ in parse_qsl(exchange.query, keep_blank_values=True)}
    body = exchange.request_json
    if exchange.path.rstrip("/").endswith("/.search") and isinstance(body, dict):
        names |= {name.lower() for name in body}
    return bool(names & _PROJECTIONS)


def _model_of(exchange: Exchange, context: RuleContext, resource: JSONObject) -> ResourceModel | None:
    """The type by the endpoint; below the root by what the resource says of itself."""
    if exchange.path.rstrip("/").lower() in ("", "/.search", "/me"):
        meta = member(resource, "meta")
        name = meta.get("resourceType") if isinstance(meta, dict) else None
        return next((model for model in context.models if model.name == name), None)
    model = context.model_of(exchange.path)
    below = exchange.path[len(model.endpoint) :].strip("/") if model else ""
    return model if "/" not in below else None


def _own_model(served: ResourceModel, context: RuleContext, resource: JSONObject) -> ResourceModel:
    """The type by the endpoint, unless both meta and schemas say that this is a resource of another one."""
    meta = member(resource, "meta")
    name = meta.get("resourceType") if isinstance(meta, dict) else None
    if name in (None, served.name):
        return served
    listed = {urn.lower() for urn in listed_schemas(resource)}
    others = (model for model in context.models if model.name == name and model.core.id.lower() in listed)
    return next(others, served)


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a resource shows, with its definition and its path for people (``emails.type``)."""

    path: str
    attribute: Attribute
    value: JSON
    parent: Attribute | None = None
    schema: str | None = None


def values(item: Shown) -> tuple[Value, ...]:
    """Every defined attribute that the resource shows with a value, and every sub-attribute of those."""
    if not item._values:
        item._values.append(tuple(_all_values(item)))
    return item._values[0]


def _all_values(item: Shown) -> Iterator[Value]:
    for name, value in item.resource.items():
        located = item.model.find(None, name)
        if located is not None:
            yield from _value(located.attribute, value, None)
            continue
        extension = item.model.extension(name)
        if extension is not None and isinstance(value, dict):
            for key, inner in value.items():
                attribute = extension.attribute(key)
                if attribute is not None:
                    yield from _value(attribute, inner, extension.id)


def _value(attribute: Attribute, value: JSON, schema: str | None) -> Iterator[Value]:
    if value is None:
        return
    path = f"{schema}:{attribute.name}" if schema else attribute.name
    yield Value(path, attribute, value, None, schema)
    elements: Iterable[JSON] = value if isinstance(value, list) else [value]
    for element in elements:
        for name, inner in element.items() if isinstance(element, dict) else ():
            sub = attribute.sub_attribute(name)
            if sub is not None and inner is not None:
                yield Value(f"{path}.{sub.name}", sub, inner, attribute, schema)


def brief(value: JSON) -> str:
    """A value as a short text."""
    text = repr(value)
    return text if len(text) <= 120 else text[:119] + "…"
