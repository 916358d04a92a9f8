"""Microsoft's own PATCH requests, cut to what a target declares, and the state that each has to lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scimcheck.core import urns
from scimcheck.core.errors import ScimError, UsageError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch import apply_patch
from scimcheck.core.resource import container, key_of
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import same_value
from scimcheck.entra.creation import is_declared, target_attribute
from scimcheck.entra.dialect import MANAGER, patch_body
from scimcheck.harness.replay import ABSENT, definition, same, values_at

#: What tells entries of multi-valued attributes apart; servers may add and complete the rest.
_TELLING = ("value", "type", "primary", "formatted", "streetAddress", "locality", "country", "display")


def cut(body: JSONObject, model: ResourceModel) -> JSONObject | None:
    """The body without operations and keys that the model does not declare; ``None`` when nothing is left."""
    kept = [part for item in body["Operations"] if (part := _cut_operation(item, model)) is not None]
    return patch_body(kept) if kept or not body["Operations"] else None


def _cut_operation(item: JSONObject, model: ResourceModel) -> JSONObject | None:
    if "path" in item:
        return item if _declares(model, item["path"]) else None
    known = {key: value for key, value in item["value"].items() if _declares(model, key)}
    return {**item, "value": known} if known else None


def _declares(model: ResourceModel, path: str) -> bool:
    try:
        return is_declared(_full(path), model)
    except UsageError:
        return False


def _full(path: str) -> str:
    """The path as mappings write it: the manager comes without its URN, and a filter on it names its value."""
    return MANAGER if path.partition("[")[0] == "manager" else path


def touched(body: JSONObject) -> list[str]:
    """The attributes that the body changes, without filter and sub-attribute, each once."""
    paths = [path for item in body["Operations"] for path in ([item["path"]] if "path" in item else item["value"])]
    return list(dict.fromkeys(_attribute(_full(path)) for path in paths))


def _attribute(path: str) -> str:
    target = target_attribute(path)
    return f"{target.attr.urn}:{target.attr.name}" if target.attr.urn else target.attr.name


def pieces(body: JSONObject) -> Iterator[JSONObject]:
    """The body as one PATCH for each attribute that it changes."""
    for item in body["Operations"]:
        if "path" in item:
            yield patch_body([item])
        else:
            yield from (patch_body([{**item, "value": {key: value}}]) for key, value in item["value"].items())


def intended(before: JSONObject, body: JSONObject, model: ResourceModel) -> JSONObject | None:
    """The resource as Entra expects it after the body; ``None`` when the body makes no sense for that resource."""
    try:
        return apply_patch(before, body, model)
    except ScimError:
        return None


def mismatches(model: ResourceModel, wanted: JSONObject, after: JSONObject, paths: Iterable[str]) -> Iterator[str]:
    """Where a resource differs from the intended one in these attributes, a phrase each."""
    for path in paths:
        expected, found = values_at(model, wanted, path), values_at(model, after, path)
        if not _alike(model, path, expected, found):
            yield f"{path} is {found!r} instead of {expected or ABSENT!r}"


def _alike(model: ResourceModel, path: str, expected: list[JSON], found: list[JSON]) -> bool:
    attribute = definition(model, path)
    shown = [value for value in found if value not in ("", {"value": ""})]
    if len(shown) != len(expected):
        return False
    left = list(shown)
    for value in expected:
        wanted = _telling(value, path)
        match = next((item for item in left if same(item, wanted, attribute)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _telling(value: JSON, path: str) -> JSON:
    if not isinstance(value, dict):
        return value
    names = ("value",) if path.endswith(("members", "manager")) else _TELLING
    return {name: value[name] for name in names if name in value} or value


def changed(model: ResourceModel, before: JSONObject, after: JSONObject, paths: Iterable[str]) -> list[str]:
    """Which other attributes of the model have changed, apart from what follows from the named ones."""
    named = {path.lower() for path in paths}
    if named & {"name", "displayname"}:
        named |= {"name", "displayname"}
    if named & {"username", "emails"}:
        named |= {"username", "emails"}
    left_alone = named | {"meta", "schemas", "groups"}
    found = []
    for located in model.attributes():
        path = f"{located.schema}:{located.attribute.name}" if located.schema else located.attribute.name
        old, new = values_at(model, before, path), values_at(model, after, path)
        if path.lower() not in left_alone and not same_value(old, new, located.attribute):
            found.append(f"{path} changed from {old!r} to {new!r}")
    return found


def main_effect(model: ResourceModel, body: JSONObject, after: JSONObject) -> bool:
    """Whether the values that the body names are there, or gone if it removes them, whatever else has happened."""
    for item in body["Operations"]:
        name = target_attribute(item["path"]).attr.name
        shown = [str(value).lower() for value in values_at(model, after, f"{name}.value")]
        for value in _named(item):
            if (value.lower() in shown) is (item["op"].lower() == "remove"):
                return False
    return True


def _named(item: JSONObject) -> list[str]:
    """The values that an operation on a multi-valued attribute names, in its value or in its filter."""
    value = item.get("value")
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [str(entry["value"]) for entry in value if isinstance(entry, dict) and "value" in entry]
    return [text for text in item["path"].split('"')[1:2] if value is None]


def settled(resource: JSONObject) -> JSONObject:
    """The resource with its manager as an object: a bare id there is the business of another clause."""
    extension = container(resource, urns.ENTERPRISE_USER)
    key = key_of(extension, "manager") if extension else None
    if extension is None or key is None or not isinstance(extension[key], str):
        return resource
    own = key_of(resource, urns.ENTERPRISE_USER) or urns.ENTERPRISE_USER
    return {**resource, own: {**extension, key: {"value": extension[key]}}}
