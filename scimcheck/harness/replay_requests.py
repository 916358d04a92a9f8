"""Microsoft's own creations, cut to what a target declares, and the state that each has to lead to."""

from __future__ import annotations

from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.creation import is_declared


def declared_part(body: JSONObject, model: ResourceModel) -> JSONObject:
    """The body without attributes and extensions that the model does not declare; schemas keeps what stays."""
    kept = {name: value for name, value in body.items() if _stays(name, model)}
    for name, value in kept.items():
        if ":" in name and isinstance(value, dict):
            kept[name] = {part: item for part, item in value.items() if is_declared(f"{name}:{part}", model)}
    unknown = {urns.ENTERPRISE_USER} if not _stays(urns.ENTERPRISE_USER, model) else set()
    return {**kept, "schemas": [urn for urn in body["schemas"] if urn not in unknown]}


def _stays(name: str, model: ResourceModel) -> bool:
    if name in ("schemas", "meta"):
        return True
    if ":" in name:
        return any(schema.id.lower() == name.lower() for schema in model.extensions)
    return is_declared(name, model)


def as_stored(body: JSONObject) -> JSONObject:
    """What a creation leads to: nulls and empty lists are absent, texts for booleans and references are understood."""
    found: JSONObject = {}
    for name, value in body.items():
        if ":" in name and isinstance(value, dict):
            value = as_stored(value)
        if value is not None and value not in ([], {}):
            found[name] = _understood(name, value)
    return found


def _understood(name: str, value: JSON) -> JSON:
    if name == "active" and isinstance(value, str):
        return value.lower() == "true"
    if name == "manager" and isinstance(value, str):
        return {"value": value}
    return value


def written(body: JSONObject) -> list[str]:
    """The target attributes that a body sets, but for what the protocol itself needs."""
    names = [name for name in body if name not in ("schemas", "meta") and ":" not in name]
    nested = ((name, value) for name, value in body.items() if ":" in name and isinstance(value, dict))
    return [*names, *(f"{name}:{part}" for name, value in nested for part in value)]


def same_id(shown: JSONObject, wanted: str) -> bool:
    """Whether a body is that resource."""
    return str(member(shown, "id")) == wanted
