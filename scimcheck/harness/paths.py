"""Attributes as filters and bodies name them: path text, finding by type, putting a value into a body."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.core.characteristics import DataType, Mutability, Returned
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.path import AttrPath
from scimcheck.core.resource import get
from scimcheck.core.schema import Attribute, Located, ResourceModel


def path_of(located: Located) -> AttrPath:
    """The attribute path by which the standard names it: extension attributes behind their URN (RFC 7644 §3.10)."""
    if located.parent is None:
        return AttrPath(located.attribute.name, None, located.schema)
    return AttrPath(located.parent.name, located.attribute.name, located.schema)


def leaves(model: ResourceModel) -> Iterator[Located]:
    """Every simple attribute and sub-attribute that responses may show, common ones but ``schemas`` included."""
    for located in model.attributes():
        attribute = located.attribute
        if attribute.name.lower() == "schemas" or not _shown(attribute):
            continue
        if attribute.type is not DataType.COMPLEX:
            yield located
        for sub in attribute.sub_attributes:
            if sub.type is not DataType.COMPLEX and _shown(sub):
                yield Located(located.schema, sub, attribute)


def of_type(model: ResourceModel, kind: DataType) -> list[Located]:
    """The simple attributes of a data type, top-level ones first."""
    return sorted((leaf for leaf in leaves(model) if leaf.attribute.type is kind), key=lambda leaf: bool(leaf.parent))


def settable(located: Located) -> bool:
    """Whether a client may give the attribute one value that stands by itself."""
    holder = located.parent or located.attribute
    free = Mutability.READ_WRITE
    return not holder.multi_valued and holder.mutability is free and located.attribute.mutability is free


def put(body: JSONObject, located: Located, value: JSON) -> JSONObject:
    """The body with a value for the attribute; an extension's URN joins ``schemas``."""
    home: JSONObject = body
    if located.schema is not None:
        home = body.setdefault(located.schema, {})
        body["schemas"] = list(dict.fromkeys([*body.get("schemas", []), located.schema]))
    if located.parent is not None:
        home = home.setdefault(located.parent.name, {})
    home[located.attribute.name] = value
    return body


def value_at(state: JSONObject, located: Located, model: ResourceModel) -> JSON:
    """The first value of the attribute in a resource; ``None`` when it has none."""
    found = get(state, path_of(located), model)
    if isinstance(found, list):
        simple = [item for item in found if not isinstance(item, (dict, list))]
        return simple[0] if simple else None
    return None if isinstance(found, dict) else found


def _shown(attribute: Attribute) -> bool:
    return (
        attribute.returned in (Returned.DEFAULT, Returned.ALWAYS) and attribute.mutability is not Mutability.WRITE_ONLY
    )
