"""Reading resources by attribute name: names in any letter case, extensions under their URN (RFC 7643 §2.1, §3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.path import AttrPath, parse_attr_path
from scimcheck.core.schema import ResourceModel


def key_of(mapping: Mapping[str, Any], name: str) -> str | None:
    """The key of ``mapping`` that equals ``name`` without regard to letter case, as it is spelled there."""
    if name in mapping:
        return name
    wanted = name.lower()
    return next((key for key in mapping if key.lower() == wanted), None)


def member(mapping: Mapping[str, Any], name: str) -> JSON:
    """The value under ``name`` in any letter case; ``None`` when there is none."""
    key = key_of(mapping, name)
    value: JSON = None if key is None else mapping[key]
    return value


def container(resource: JSONObject, urn: str) -> JSONObject | None:
    """The object that holds the attributes of the extension ``urn``; ``None`` when the resource has none."""
    found = member(resource, urn)
    return found if isinstance(found, dict) else None


def listed_schemas(resource: JSONObject) -> list[str]:
    """The URNs that the resource lists in ``schemas``; what is not a string is left out."""
    listed = member(resource, "schemas")
    return [item for item in listed if isinstance(item, str)] if isinstance(listed, list) else []


def get(resource: JSONObject, path: AttrPath | str, model: ResourceModel | None = None) -> JSON:
    """The value that an attribute path names, ``None`` when it is absent.

    A sub-attribute of a multi-valued attribute gives the list of its values. The URN of an extension by itself gives
    the extension's container. Without a model, a URN that has no container counts as that of the core schema when the
    resource lists it in ``schemas``. Raises ``InvalidPath`` when ``path`` is text off the grammar.
    """
    if isinstance(path, str):
        path = parse_attr_path(path)
    if path.urn is not None:
        whole = container(resource, f"{path.urn}:{path.name}")
        if whole is not None:
            return whole if path.sub is None else member(whole, path.sub)
    home = _home(resource, path.urn, model)
    return None if home is None else _descend(member(home, path.name), path.sub)


def _home(resource: JSONObject, urn: str | None, model: ResourceModel | None) -> JSONObject | None:
    """The object that holds the attributes of the schema ``urn``: the resource itself or an extension's container."""
    if urn is None or (model is not None and urn.lower() == model.core.id.lower()):
        return resource
    found = container(resource, urn)
    if found is not None or model is not None:
        return found
    listed = urn.lower() in (item.lower() for item in listed_schemas(resource))
    return resource if listed and ":extension:" not in urn.lower() else None


def _descend(value: JSON, sub: str | None) -> JSON:
    if sub is None:
        return value
    if isinstance(value, dict):
        return member(value, sub)
    if isinstance(value, list):
        found = (member(item, sub) for item in value if isinstance(item, dict))
        return [item for item in found if item is not None] or None
    return None
