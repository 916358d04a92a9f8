"""The resource that an operation should leave behind, and how the one found differs from it. Pure functions.

The expected resource is made from the one read before by few edits, so everything that an operation does not name is
expected as it was. Comparing leaves out what a provider may decide by itself: ``meta``, readOnly attributes, what is
not returned by default, URIs and labels it derives from other values (RFC 7643 §2.4, §7).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from typing import Any

from scimcheck.core.characteristics import DataType, Mutability, Returned
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import container, key_of, member
from scimcheck.core.schema import Attribute, Located, ResourceModel
from scimcheck.core.values import has_value, same_value

#: Sub-attributes that a provider may compute from their siblings; only their loss counts.
DERIVED = frozenset({"display", "formatted"})
#: Attributes of which the operation's own checks speak.
_NEVER_COMPARED = frozenset({"schemas", "meta"})


def value_at(resource: JSONObject, place: Located) -> JSON:
    """The value at a place; of a sub-attribute of a multi-valued attribute the list of its values."""
    home = resource if place.schema is None else container(resource, place.schema)
    if home is None:
        return None
    if place.parent is None:
        return member(home, place.attribute.name)
    held = member(home, place.parent.name)
    if isinstance(held, list):
        return [member(item, place.attribute.name) for item in held if isinstance(item, dict)]
    return member(held, place.attribute.name) if isinstance(held, dict) else None


def with_value(resource: JSONObject, place: Located, value: JSON) -> JSONObject:
    """A copy that holds ``value`` at the place; ``None`` unassigns. Siblings stay."""
    result = copy.deepcopy(resource)
    home = result
    if place.schema is not None:
        home = _object_in(result, place.schema)
    if place.parent is not None:
        home = _object_in(home, place.parent.name)
    _put(home, place.attribute.name, value)
    return result


def with_elements(
    resource: JSONObject, place: Located, change: Callable[[JSONObject], JSONObject | None]
) -> JSONObject:
    """A copy in which each value of a multi-valued attribute is what ``change`` makes of it; ``None`` takes it away."""
    held = value_at(resource, place)
    items = [item for item in held if isinstance(item, dict)] if isinstance(held, list) else []
    changed = [change(copy.deepcopy(item)) for item in items]
    return with_value(resource, place, [item for item in changed if item is not None])


def with_sub(
    resource: JSONObject, place: Located, selects: Callable[[JSONObject], bool], name: str, value: JSON
) -> JSONObject:
    """A copy in which the sub-attribute ``name`` of the selected values is ``value``; ``None`` unassigns it."""

    def change(item: JSONObject) -> JSONObject:
        if selects(item):
            _put(item, name, value)
        return item

    return with_elements(resource, place, change)


def of_kind(kind: str) -> Callable[[JSONObject], bool]:
    """Whether a value of a multi-valued attribute has that ``type``."""
    return lambda item: str(member(item, "type")).lower() == kind.lower()


def elements(resource: JSONObject, place: Located) -> list[Any]:
    """The values of a multi-valued attribute, of a complex one the objects; empty when it is unassigned or no array."""
    held = value_at(resource, place)
    if not isinstance(held, list):
        return []
    complex_one = place.attribute.type is DataType.COMPLEX
    return [item for item in held if isinstance(item, dict)] if complex_one else held


def _object_in(home: JSONObject, name: str) -> JSONObject:
    key = key_of(home, name) or name
    if not isinstance(home.get(key), dict):
        home[key] = {}
    found: JSONObject = home[key]
    return found


def _put(home: JSONObject, name: str, value: JSON) -> None:
    key = key_of(home, name)
    if value is None:
        home.pop(key or name, None)
    else:
        home[key or name] = value


# --- comparing -------------------------------------------------------------------------------------------------------


def differences(
    expected: JSONObject, found: JSONObject, model: ResourceModel, *, leave_out: Iterable[str] = ()
) -> list[str]:
    """What of the found resource is not as expected, a line for each attribute; empty when all is well.

    ``leave_out`` are names of attributes (in lower case) that the caller judges by itself.
    """
    skipped = _NEVER_COMPARED | set(leave_out)
    lines = []
    for place in model.attributes():
        if place.attribute.name.lower() in skipped or not _compared(place.attribute):
            continue
        wanted, seen = value_at(expected, place), value_at(found, place)
        if not alike(wanted, seen, place.attribute):
            name = f"{place.schema}:{place.attribute.name}" if place.schema else place.attribute.name
            lines.append(f"{name} is {_brief(seen)} instead of {_brief(wanted)}")
    if member(expected, "id") != member(found, "id"):
        lines.append(f"id is {member(found, 'id')!r} instead of {member(expected, 'id')!r}")
    return lines


def _compared(attribute: Attribute) -> bool:
    shown = attribute.returned in (Returned.DEFAULT, Returned.ALWAYS)
    return shown and attribute.mutability in (Mutability.READ_WRITE, Mutability.IMMUTABLE)


def alike(wanted: JSON, seen: JSON, attribute: Attribute) -> bool:
    """Whether two values are the same but for what a provider may derive or canonicalise."""
    if wanted == seen:  # whatever its form, which the rules about types judge
        return True
    if attribute.type is not DataType.COMPLEX:
        return same_value(wanted, seen, attribute)
    if not attribute.multi_valued:
        return _same_object(wanted, seen, attribute, primary=False)
    if has_value(wanted) != has_value(seen):
        return False
    if not isinstance(wanted, list) or not isinstance(seen, list):
        return not has_value(wanted) and not has_value(seen)
    return _same_elements(wanted, seen, attribute)


def _same_elements(wanted: list[Any], seen: list[Any], attribute: Attribute) -> bool:
    """Whether each wanted element has a partner; primary counts as soon as one is wanted (a provider may pick one)."""
    primary = any(isinstance(item, dict) and member(item, "primary") is True for item in wanted)
    rest = list(seen)
    for item in wanted:
        partner = next((other for other in rest if _same_object(item, other, attribute, primary=primary)), None)
        if partner is None:
            return False
        rest.remove(partner)
    return not rest


def _same_object(wanted: JSON, seen: JSON, attribute: Attribute, *, primary: bool) -> bool:
    if not isinstance(wanted, dict) or not isinstance(seen, dict):
        return not has_value(wanted) and not has_value(seen)
    if not same_value(_essence(wanted, attribute, primary), _essence(seen, attribute, primary), attribute):
        return False
    return not any(lost for lost in _lost(wanted, seen, attribute))


def _lost(wanted: JSONObject, seen: JSONObject, attribute: Attribute) -> list[str]:
    """Derived sub-attributes that clients may write and that are gone."""
    return [
        sub.name
        for sub in attribute.sub_attributes
        if sub.name.lower() in DERIVED
        and sub.mutability is Mutability.READ_WRITE
        and has_value(member(wanted, sub.name))
        and not has_value(member(seen, sub.name))
    ]


def _essence(value: JSONObject, attribute: Attribute, primary: bool) -> JSONObject:
    """The sub-attributes that only a client decides."""
    if refers(attribute):
        return {"value": member(value, "value")}
    result: JSONObject = {}
    for name, item in value.items():
        sub = attribute.sub_attribute(name)
        folded = name.lower()
        if sub is None or sub.mutability is Mutability.READ_ONLY or folded in DERIVED or folded == "$ref":
            continue
        if folded == "primary":
            if primary and item is True:
                result["primary"] = True
            continue
        result[sub.name] = _plain(item, attribute, folded)
    return result


def _plain(item: Any, attribute: Attribute, name: str) -> Any:
    """Telephone numbers by their digits: a provider may write them as RFC 3966 says (RFC 7643 §4.1.2)."""
    if name == "value" and attribute.name.lower() == "phonenumbers" and isinstance(item, str):
        return re.sub(r"\D", "", item)
    return item


def refers(attribute: Attribute) -> bool:
    """Whether its values point to resources by ``value``, as members and manager do."""
    reference = attribute.sub_attribute("$ref")
    return reference is not None and attribute.sub_attribute("value") is not None


def _brief(value: JSON) -> str:
    text = "unassigned" if not has_value(value) else repr(value)
    return text if len(text) <= 160 else text[:159] + "…"
