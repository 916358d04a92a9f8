"""Readers of attribute values, made once for each definition: from what a client sent to what is stored.

A reader gives the value as it is stored, or ``None`` when it is unassigned. It knows its place relative to the value of
a multi-valued attribute that it stands in, so that paths are put together for errors only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.errors import InvalidSyntax
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute
from scimcheck.core.values import type_error
from scimcheck.provider.settings import Settings

#: Booleans as Entra's mappings yield them; no other text counts as one.
_TEXT_BOOLEANS = {"True": True, "False": False}

Reader: TypeAlias = Callable[[JSON], JSON]


class Misfit(Exception):
    """A value does not fit its definition; ``place`` is the path to it, ``fault`` what is said of that."""

    def __init__(self, place: str, fault: str) -> None:
        super().__init__(place + fault)
        self.place = place
        self.fault = fault


class Part(NamedTuple):
    """What a name in an object stands for: its defined spelling, its path, and the reader of its values.

    Without a reader it is dropped, as readOnly attributes are.
    """

    name: str
    path: str
    read: Reader | None


@dataclass(frozen=True, slots=True)
class Rules:
    """``owner`` is the resource type's name; ``bare`` names the attributes whose values may be texts."""

    owner: str
    settings: Settings
    bare: frozenset[str]

    def unknown(self, path: str) -> None:
        """Pass over a name that no schema defines, or refuse it, as the settings say."""
        if self.settings.unknown_attributes == "refuse":
            raise Misfit(path, f" is not an attribute of {self.owner}")


@dataclass(frozen=True, slots=True)
class Parts:
    """The attributes of an object by name: ``named`` as defined and in lower case, ``spelled`` as defined."""

    named: dict[str, Part]
    spelled: frozenset[str]

    @classmethod
    def of(cls, attributes: Iterable[Attribute], prefix: str, rules: Rules, others: Iterable[str] = ()) -> Parts:
        """The parts for these definitions; ``prefix`` stands before their names in paths, ``others`` have no reader."""
        named: dict[str, Part] = {}
        dropped = [Part(name, name, None) for name in others]
        for part in dropped + [_part(attribute, prefix, rules) for attribute in attributes]:
            if part.name.lower() not in named:  # of several with one name the first counts
                named[part.name.lower()] = named[part.name] = part
        return cls(named, frozenset(part.name for part in named.values()))

    def find(self, key: str) -> Part | None:
        """The part of that name, in any letter case."""
        return self.named.get(key) or self.named.get(key.lower())

    def refuse_twins(self, mapping: JSONObject) -> None:
        """Refuse an object in which two names differ only in letter case; raises InvalidSyntax."""
        if not mapping.keys() <= self.spelled:
            _refuse_twins(mapping)


def _part(attribute: Attribute, prefix: str, rules: Rules) -> Part:
    path = prefix + attribute.name
    dropped = attribute.mutability is Mutability.READ_ONLY
    return Part(attribute.name, path, None if dropped else reader(attribute, path, rules))


def _refuse_twins(mapping: JSONObject) -> None:
    seen: dict[str, str] = {}
    for key in mapping:
        twin = seen.setdefault(key.lower(), key)
        if twin != key:
            raise InvalidSyntax(f"{twin} and {key} name the same attribute")


def reader(attribute: Attribute, place: str, rules: Rules) -> Reader:
    """The reader of an attribute's values, which raises Misfit, and InvalidSyntax for names that stand twice."""
    if attribute.multi_valued:
        return _many(attribute, place, rules)
    read = _one(attribute, place, rules)
    kept = _kept_type(attribute, rules.settings)

    def assigned(value: JSON) -> JSON:
        return None if value is None or value == [] else read(value)

    return assigned if kept is None else lambda value: value if isinstance(value, kept) else assigned(value)


def _kept_type(attribute: Attribute, settings: Settings) -> type | None:
    """The type of those values that are stored as they come; ``None`` when every value needs a look."""
    if attribute.type is DataType.BOOLEAN:
        return bool
    restricted = settings.noncanonical_values == "refuse" and bool(attribute.canonical_values)
    lowered = settings.lower_case_values and not attribute.case_exact
    return str if attribute.type is DataType.STRING and not restricted and not lowered else None


def _one(attribute: Attribute, place: str, rules: Rules) -> Reader:
    """The reader of one value that is not unassigned."""
    return _complex(attribute, place, rules) if attribute.type is DataType.COMPLEX else _simple(attribute, place, rules)


def _simple(attribute: Attribute, place: str, rules: Rules) -> Reader:
    settings = rules.settings
    restricted = settings.noncanonical_values == "refuse" and bool(attribute.canonical_values)
    lowered = settings.lower_case_values and attribute.type is DataType.STRING and not attribute.case_exact
    spelled = settings.text_booleans and attribute.type is DataType.BOOLEAN

    def read(value: JSON) -> JSON:
        if spelled and isinstance(value, str):
            value = _TEXT_BOOLEANS.get(value, value)
        empty = value is None or value == []
        fault = ": a value may not be null or empty" if empty else type_error(value, attribute)
        if fault:
            raise Misfit(place, f": {fault.partition(': ')[2]}")
        if restricted:
            _check_canonical(attribute, value, place)
        return value.lower() if lowered and isinstance(value, str) else value

    return read


def _check_canonical(attribute: Attribute, value: JSON, place: str) -> None:
    known = {text if attribute.case_exact else text.lower() for text in attribute.canonical_values}
    if isinstance(value, str) and (value if attribute.case_exact else value.lower()) not in known:
        raise Misfit(place, f" is one of {', '.join(attribute.canonical_values)}")


def _complex(attribute: Attribute, place: str, rules: Rules) -> Reader:
    bare = rules.settings.bare_references and attribute.name in rules.bare
    parts = Parts.of(attribute.sub_attributes, f"{place}.", rules)

    def read(value: JSON) -> JSON:
        if bare and isinstance(value, str):
            value = {"value": value}
        if not isinstance(value, dict):
            raise Misfit(place, " has to be an object")
        return _members(value, parts, place, rules) or None

    return read


def _members(value: JSONObject, parts: Parts, place: str, rules: Rules) -> JSONObject:
    """The members of an object that are to be stored, under their defined names."""
    parts.refuse_twins(value)
    kept: JSONObject = {}
    for key, item in value.items():
        part = parts.find(key)
        if part is None:
            rules.unknown(f"{place}.{key}")
        elif part.read is not None:
            found = part.read(item)
            if found is not None:
                kept[part.name] = found
    return kept


def _many(attribute: Attribute, place: str, rules: Rules) -> Reader:
    one = _one(replace(attribute, multi_valued=False), "", rules)

    def read(value: JSON) -> JSON:
        if value is None:
            return None
        if not isinstance(value, list):
            raise Misfit(place, " has to be an array")
        items = []
        for number, item in enumerate(value):
            try:
                found = one(item)
            except Misfit as misfit:
                raise Misfit(f"{place}[{number}]{misfit.place}", misfit.fault) from None
            if found is not None:
                items.append(found)
        return (_settled(items, place, rules.settings) if len(items) > 1 else items) or None

    return read


def _settled(items: list[Any], place: str, settings: Settings) -> list[Any]:
    """The values as a set with at most one primary (RFC 7643 §2.4)."""
    return _distinct(_settle_primary(items, place, settings), place, settings)


def _settle_primary(items: list[Any], place: str, settings: Settings) -> list[Any]:
    """At most one value stays primary; several are refused or settled, as the settings say."""
    primaries = [item for item in items if isinstance(item, dict) and item.get("primary") is True]
    if len(primaries) < 2:
        return items
    if settings.several_primaries == "refuse":
        raise Misfit(place, f" has {len(primaries)} primary values, and one is the limit")
    stays = primaries[-1] if settings.several_primaries == "last" else primaries[0]
    for item in primaries:
        if item is not stays:
            item["primary"] = False
    return items


def _distinct(items: list[Any], place: str, settings: Settings) -> list[Any]:
    """The values without those that repeat an earlier one's type and value."""
    kept: dict[Any, Any] = {}
    for number, item in enumerate(items):
        key = _identity(item)
        if key is None:
            key = (number,)
        if key in kept:
            if settings.duplicate_values == "refuse":
                raise Misfit(f"{place}[{number}]", " repeats an earlier value")
            if isinstance(item, dict) and item.get("primary") is True:
                kept[key]["primary"] = True
        else:
            kept[key] = item
    return list(kept.values())


def _identity(item: Any) -> tuple[Any, ...] | None:
    """What makes a value of a multi-valued attribute the same as another; ``None`` when nothing does."""
    if not isinstance(item, dict):
        return (type(item), item)
    value = item.get("value")
    return None if value is None else (type(value), value, item.get("type"))
