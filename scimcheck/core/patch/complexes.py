"""Changing one complex value: sub-attributes set and unassigned under their mutability (RFC 7643 §7)."""

from __future__ import annotations

from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.errors import MutabilityError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import key_of, member
from scimcheck.core.schema import Attribute
from scimcheck.core.values import has_value, same_value


def merged(old: JSONObject, changes: JSONObject, attribute: Attribute) -> JSONObject:
    """``old`` with the sub-attributes of ``changes`` set, and unassigned where they have no value.

    What describes a reference, its URI and readOnly sub-attributes, goes when ``value`` changes and ``changes`` does
    not give it anew. Raises ``MutabilityError`` for a change of an immutable sub-attribute that has a value.
    """
    result = dict(old)
    for name, value in changes.items():
        _set(result, name, value, attribute)
    if is_reference(attribute) and "value" in changes and member(old, "value") != member(result, "value"):
        _drop_description(result, changes, attribute)
    return result


def completed(old: JSONObject, additions: JSONObject, attribute: Attribute) -> JSONObject:
    """``old`` with those sub-attributes of ``additions`` that do not mean what is there already."""
    news = {
        name: value
        for name, value in additions.items()
        if not same_value(member(old, name), value, attribute.sub_attribute(name))
    }
    return merged(old, news, attribute) if news else old


def substituted(old: JSONObject, new: JSONObject, attribute: Attribute) -> JSONObject:
    """``new`` in the place of ``old``: only readOnly sub-attributes stay, and immutable ones may not change."""
    absent = {sub.name: None for sub in attribute.sub_attributes if sub.mutability is not Mutability.READ_ONLY}
    return merged(old, {**absent, **new}, attribute) if attribute.sub_attributes else dict(new)


def check_writable(attribute: Attribute, path: str) -> None:
    """Raise ``MutabilityError`` when the attribute is readOnly."""
    if attribute.mutability is Mutability.READ_ONLY:
        raise MutabilityError(f"{path} is readOnly")


def check_change(old: JSON, new: JSON, attribute: Attribute, path: str) -> None:
    """Raise ``MutabilityError`` when an immutable value would change; an equal value and a first one are fine."""
    if attribute.mutability is Mutability.IMMUTABLE and has_value(old) and not same_value(old, new, attribute):
        raise MutabilityError(f"{path} is immutable and has a value")


def is_reference(attribute: Attribute) -> bool:
    """Whether a value refers to something by its ``value`` and describes it with a URI, as manager and members do."""
    return attribute.sub_attribute("value") is not None and any(
        sub.type is DataType.REFERENCE and sub.name.lower() != "value" for sub in attribute.sub_attributes
    )


def _set(result: JSONObject, name: str, value: JSON, attribute: Attribute) -> None:
    sub = attribute.sub_attribute(name)
    key = key_of(result, name)
    if sub is not None:
        check_change(None if key is None else result[key], value, sub, f"{attribute.name}.{sub.name}")
    if value is None or value == []:
        if key is not None:
            del result[key]
    else:
        result[key or name] = value


def _drop_description(result: JSONObject, changes: JSONObject, attribute: Attribute) -> None:
    for sub in attribute.sub_attributes:
        derived = sub.type is DataType.REFERENCE or sub.mutability is Mutability.READ_ONLY
        key = key_of(result, sub.name)
        if derived and key is not None and sub.name not in changes and sub.name.lower() != "value":
            del result[key]
