"""The value of an operation read as a value of its attribute: names as defined, dialect undone, types checked."""

from __future__ import annotations

import json
import math
from typing import Any

from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.errors import InvalidValue
from scimcheck.core.filter.ast import And, Comparison, Filter, Not, Or
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch.dialect import PatchChoices, PatchDialect
from scimcheck.core.resource import key_of, member
from scimcheck.core.schema import Attribute
from scimcheck.core.values import is_unassigned, type_error

_NUMBERS = (DataType.INTEGER, DataType.DECIMAL)


class Reader:
    """Reads values under a dialect and choices. Every method raises ``InvalidValue`` for a value that does not fit."""

    def __init__(self, dialect: PatchDialect, choices: PatchChoices) -> None:
        self._dialect = dialect
        self._choices = choices

    def read(self, value: JSON, attribute: Attribute) -> JSON:
        """A value of the attribute: a list when it is multi-valued, ``None`` when the value unassigns it.

        In a complex value, ``None`` stands for sub-attributes to unassign; readOnly sub-attributes are left out.
        """
        return self._many(value, attribute) if attribute.multi_valued else self._single(value, attribute)

    def read_element(self, value: JSON, attribute: Attribute) -> JSON:
        """One value of a multi-valued attribute."""
        if self._dialect.wrapped_values and isinstance(value, list):
            value = _only_item(value, attribute)
        return self._element(value, attribute)

    def _many(self, value: JSON, attribute: Attribute) -> JSON:
        if value is None or self._clears(value):
            return []
        items = value if isinstance(value, list) else [value]
        found = [self._element(item, attribute) for item in items]
        return [item for item in found if item is not None]

    def _element(self, value: JSON, attribute: Attribute) -> JSON:
        """One value without what it unassigns; ``None`` when nothing is left."""
        found = self._single(value, attribute, element=True)
        if not isinstance(found, dict):
            return found
        return {name: item for name, item in found.items() if item is not None and item != []} or None

    def _single(self, value: JSON, attribute: Attribute, element: bool = False) -> JSON:
        if self._dialect.wrapped_values and isinstance(value, list) and not element:
            value = _only_item(value, attribute)
        if is_unassigned(value) or self._clears(value):
            return None
        if attribute.type is DataType.COMPLEX:
            return self._complex(value, attribute)
        return self._simple(value, attribute)

    def _clears(self, value: JSON) -> bool:
        return value == "" and self._dialect.empty_clears

    def _simple(self, value: JSON, attribute: Attribute) -> JSON:
        if self._dialect.wrapped_values and isinstance(value, dict) and key_of(value, "value") and len(value) <= 2:
            value = member(value, "value")
            if value is None or self._clears(value):
                return None
        if self._dialect.string_booleans and isinstance(value, str):
            value = scalar(value, attribute)
        _check_type(value, attribute)
        if attribute.required and value == "":
            raise InvalidValue(f"{attribute.name} is required and may not be empty")
        return value

    def _complex(self, value: JSON, attribute: Attribute) -> JSON:
        if self._dialect.wrapped_values and attribute.sub_attribute("value"):
            value = _unpacked({"value": value} if isinstance(value, str) else value, attribute)
        if not isinstance(value, dict):
            raise InvalidValue(type_error(value, _one(attribute)) or f"{attribute.name} must be an object")
        return self._sub_attributes(value, attribute) if attribute.sub_attributes else dict(value)

    def _sub_attributes(self, value: JSONObject, attribute: Attribute) -> JSONObject:
        """The defined sub-attributes under their defined names."""
        found: JSONObject = {}
        unknown = []
        for name, item in value.items():
            sub = attribute.sub_attribute(name)
            if sub is None:
                unknown.append(name)
            elif sub.mutability is not Mutability.READ_ONLY:
                found[sub.name] = self.read(item, sub)
        if unknown and (self._choices.unknown == "refuse" or len(unknown) == len(value)):
            raise InvalidValue(f"{attribute.name} has no sub-attribute {unknown[0]}")
        return found

    def read_filter(self, value_filter: Filter, attribute: Attribute) -> Filter:
        """The filter with its operands read like values: ``primary eq "True"`` compares with a boolean."""
        if not self._dialect.string_booleans:
            return value_filter
        if isinstance(value_filter, And):
            return And(tuple(self.read_filter(operand, attribute) for operand in value_filter.operands))
        if isinstance(value_filter, Or):
            return Or(tuple(self.read_filter(operand, attribute) for operand in value_filter.operands))
        if isinstance(value_filter, Not):
            return Not(self.read_filter(value_filter.operand, attribute))
        if isinstance(value_filter, Comparison) and isinstance(value_filter.value, str):
            compared = attribute.sub_attribute(value_filter.path.name) or _one(attribute)
            return Comparison(value_filter.path, value_filter.op, scalar(value_filter.value, compared))
        return value_filter


def scalar(text: str, attribute: Attribute) -> Any:
    """The boolean or number that ``text`` spells, if the attribute's type is such; else ``text``."""
    if attribute.type is DataType.BOOLEAN:
        return {"true": True, "false": False}.get(text.lower(), text)
    if attribute.type in _NUMBERS:
        try:
            number = json.loads(text)
        except (ValueError, RecursionError):
            return text
        return number if type(number) in (int, float) and math.isfinite(number) else text
    return text


def _one(attribute: Attribute) -> Attribute:
    """The attribute as if it were not multi-valued, to judge one of its values."""
    if not attribute.multi_valued:
        return attribute
    return Attribute(attribute.name, attribute.type, sub_attributes=attribute.sub_attributes)


def _check_type(value: JSON, attribute: Attribute) -> None:
    fault = type_error(value, _one(attribute))
    if fault:
        raise InvalidValue(fault)


def _only_item(items: list[Any], attribute: Attribute) -> JSON:
    if len(items) > 1:
        raise InvalidValue(f"{attribute.name} takes one value, not {len(items)}")
    item: JSON = items[0] if items else None
    return item


def _unpacked(value: JSON, attribute: Attribute) -> JSON:
    """A complex value whose ``value`` holds another one as JSON text, as Entra sends roles, with that one unfolded."""
    text = member(value, "value") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(text, str) or not text.lstrip().startswith("{"):
        return value
    try:
        inner = json.loads(text)
    except (ValueError, RecursionError):
        return value
    if not isinstance(inner, dict) or key_of(inner, "value") is None:
        return value
    if key_of(inner, "display") is None and (label := member(inner, "displayName")) is not None:
        inner["display"] = label
    known = {name: item for name, item in inner.items() if attribute.sub_attribute(name)}
    outer = {name: item for name, item in value.items() if name.lower() != "value"}
    return {**known, **outer}
