"""From an attribute path to its definition and to a fast reader of its values, resolved once per expression."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from scimcheck.core.characteristics import DataType
from scimcheck.core.filter.ast import AttrPath
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import container, get, member
from scimcheck.core.schema import COMMON_ATTRIBUTES, Attribute, Located, ResourceModel

#: Gives the assigned values at a path: several for a multi-valued attribute, none when it is unassigned.
Reader = Callable[[JSONObject], "list[Any]"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a path names: its definition (``None`` when unknown) and how to read its values."""

    attribute: Attribute | None
    read: Reader


def resource_target(path: AttrPath, model: ResourceModel | None) -> Target:
    """Resolve a path relative to a resource.

    A bare name that is neither core nor common is looked up in the extensions, for Entra asks for
    ``manager eq "id"``. Names that the model does not define are read as they stand, so they have no value unless the
    resource has them. Without a model only the common attributes (RFC 7643 §3.1) are known.
    """
    return _resource_target(path, ByIdentity(model))


class ByIdentity:
    """A model as cache key: the same object, for hashing whole schemas costs more than what the cache spares."""

    __slots__ = ("model",)

    def __init__(self, model: ResourceModel | None) -> None:
        self.model = model

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByIdentity) and other.model is self.model

    def __hash__(self) -> int:
        return id(self.model)


@lru_cache(maxsize=512)
def _resource_target(path: AttrPath, key: ByIdentity) -> Target:
    model = key.model
    located = _located(path, model)
    if located is None:
        return Target(None, _unknown_reader(path, model))
    whole = located.parent or located.attribute
    sub = located.attribute.name if located.parent else None
    return Target(located.attribute, _reader(located.schema, whole.name, sub))


def value_target(path: AttrPath, parent: Attribute | None) -> Target:
    """Resolve a path inside brackets, relative to one value of the attribute ``parent``.

    The values of a simple multi-valued attribute can be named ``value``.
    """
    simple = parent is not None and parent.type is not DataType.COMPLEX and path.name.lower() == "value"
    attribute = parent if simple or parent is None else parent.sub_attribute(path.name)
    return Target(attribute, _reader(None, path.name, None))


def comparable_target(path: AttrPath, resolve: Callable[[AttrPath], Target]) -> Target:
    """Resolve a path whose values are to be compared or sorted by.

    A complex attribute without sub-attribute means its ``value``, as in ``emails co "x"`` of RFC 7644 §3.4.2.2 and
    ``members eq "id"`` of Entra.
    """
    target = resolve(path)
    if path.sub is None and target.attribute is None:
        return Target(None, lambda resource: [_simple(value) for value in target.read(resource)])
    if path.sub is None and target.attribute and target.attribute.sub_attribute("value"):
        return resolve(replace(path, sub="value"))
    return target


def _simple(value: JSON) -> JSON:
    return member(value, "value") if isinstance(value, dict) else value


def _located(path: AttrPath, model: ResourceModel | None) -> Located | None:
    if model is None:
        return _common(path)
    located = model.find(path.urn, path.name, path.sub)
    if located is None and path.urn is None and model.find(None, path.name) is None:
        found = (model.find(extension.id, path.name, path.sub) for extension in model.extensions)
        located = next(filter(None, found), None)
    return located


def _common(path: AttrPath) -> Located | None:
    names = (a for a in COMMON_ATTRIBUTES if path.urn is None and a.name.lower() == path.name.lower())
    attribute = next(names, None)
    if attribute is None or path.sub is None:
        return Located(None, attribute) if attribute else None
    child = attribute.sub_attribute(path.sub)
    return Located(None, child, attribute) if child else None


def _pick(mapping: Mapping[str, Any], name: str) -> Any:
    """The value under ``name``: as spelled, which is the rule, else in any letter case."""
    value = mapping.get(name)
    return member(mapping, name) if value is None else value


def _reader(urn: str | None, name: str, sub: str | None) -> Reader:
    def read(resource: JSONObject) -> list[Any]:
        home = resource if urn is None else container(resource, urn)
        if home is None:
            return []
        values = _listed(_pick(home, name))
        if sub is None:
            return values
        picked = (_pick(value, sub) for value in values if isinstance(value, dict))
        return [value for value in picked if value is not None]

    return read


def _unknown_reader(path: AttrPath, model: ResourceModel | None) -> Reader:
    def read(resource: JSONObject) -> list[Any]:
        value = get(resource, path, model)
        if value is None and path.urn is None and model is None:
            value = _first(get(extension, path) for extension in _containers(resource))
        return _listed(value)

    return read


def _containers(resource: JSONObject) -> Iterable[JSONObject]:
    return (value for key, value in resource.items() if ":" in key and isinstance(value, dict))


def _first(values: Iterable[JSON]) -> JSON:
    return next((value for value in values if value is not None), None)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [item for item in value if item is not None]
    return [] if value is None else [value]
