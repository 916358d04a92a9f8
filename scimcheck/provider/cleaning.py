"""From what a client sent to what is stored: names in their defined spelling, values of the defined types.

Read-only attributes are dropped (RFC 7644 §3.3, §3.5.1), ``null`` and ``[]`` mean unassigned (RFC 7643 §2.5), what the
schemas do not define is ignored or refused as the settings say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.errors import InvalidSyntax, InvalidValue
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute, ResourceModel, Schema
from scimcheck.core.values import type_error
from scimcheck.provider.settings import Settings
from scimcheck.provider.shapes import Shape

_COMMON = ("schemas", "id", "meta")
#: Booleans as Entra's mappings yield them; no other text counts as one.
_TEXT_BOOLEANS = {"True": True, "False": False}


@dataclass(slots=True)
class Cleaned:
    """The attributes to store, without ``schemas``, and everything that the client mentioned, even as ``null``.

    ``mentioned`` holds names in attribute notation with the defined spelling; ``listed`` the URNs of ``schemas``.
    """

    attributes: JSONObject = field(default_factory=dict)
    mentioned: set[str] = field(default_factory=set)
    listed: list[str] = field(default_factory=list)


def clean(body: JSON, shape: Shape, settings: Settings) -> Cleaned:
    """Read a resource that a client sent; raises InvalidSyntax and InvalidValue with the attribute's path."""
    if not isinstance(body, dict):
        raise InvalidSyntax("a resource is a JSON object")
    _refuse_twins(body)
    bare = {item.attribute.name for item, _ in shape.references}
    plain = settings.noncanonical_values == "accept" and not settings.lower_case_values
    cleaner = _Cleaner(shape.model, settings, bare, plain)
    return cleaner.resource(body)


def _refuse_twins(mapping: JSONObject) -> None:
    """Refuse an object in which two names differ only in letter case."""
    if len({key.lower() for key in mapping}) == len(mapping):
        return
    seen: dict[str, str] = {}
    for key in mapping:
        twin = seen.setdefault(key.lower(), key)
        if twin != key:
            raise InvalidSyntax(f"{twin} and {key} name the same attribute")


@lru_cache(maxsize=1024)
def _single(attribute: Attribute) -> Attribute:
    """The definition of one value of a multi-valued attribute."""
    return replace(attribute, multi_valued=False)


@dataclass(frozen=True, slots=True)
class _Cleaner:
    """``bare`` names the attributes whose values may be texts; ``plain``: texts are stored as they come."""

    model: ResourceModel
    settings: Settings
    bare: set[str]
    plain: bool

    def resource(self, body: JSONObject) -> Cleaned:
        cleaned = Cleaned(listed=self._listed(body))
        for key, value in body.items():
            if key.lower() in _COMMON:
                continue
            extension = self.model.extension(key)
            if extension is not None:
                self._extension(extension, value, cleaned)
            else:
                self._member(None, key, value, cleaned.attributes, cleaned.mentioned)
        return cleaned

    def _listed(self, body: JSONObject) -> list[str]:
        """The URNs of ``schemas`` in the defined spelling; the resource's own schema has to be among them."""
        listed = next((value for key, value in body.items() if key.lower() == "schemas"), None)
        if not isinstance(listed, list) or not listed or not all(isinstance(urn, str) for urn in listed):
            raise InvalidSyntax("schemas has to be an array of URIs")
        known = {urn.lower(): urn for urn in self.model.schema_uris}
        unknown = [urn for urn in listed if urn.lower() not in known]
        if unknown and self.settings.unknown_schemas == "refuse":
            raise InvalidValue(f"schemas names {unknown[0]}, which {self.model.name} does not have")
        found = list(dict.fromkeys(known[urn.lower()] for urn in listed if urn.lower() in known))
        if self.model.core.id not in found:
            raise InvalidSyntax(f"schemas does not name {self.model.core.id}")
        return found

    def _extension(self, schema: Schema, value: JSON, cleaned: Cleaned) -> None:
        cleaned.mentioned.add(schema.id)
        if value is None:
            return
        if not isinstance(value, dict):
            raise InvalidValue(f"{schema.id} has to be an object")
        _refuse_twins(value)
        container: JSONObject = {}
        for key, item in value.items():
            self._member(schema.id, key, item, container, cleaned.mentioned)
        if container:
            cleaned.attributes[schema.id] = container

    def _member(self, urn: str | None, key: str, value: JSON, target: JSONObject, mentioned: set[str]) -> None:
        located = self.model.find(urn, key)
        path = f"{urn}:{key}" if urn else key
        if located is None:
            self._unknown(path)
            return
        attribute = located.attribute
        if attribute.mutability is Mutability.READ_ONLY:
            return
        path = f"{urn}:{attribute.name}" if urn else attribute.name
        mentioned.add(path)
        kept = self.value(attribute, value, path)
        if kept is not None:
            target[attribute.name] = kept

    def _unknown(self, path: str) -> None:
        if self.settings.unknown_attributes == "refuse":
            raise InvalidValue(f"{path} is not an attribute of {self.model.name}")

    def value(self, attribute: Attribute, value: JSON, path: str) -> JSON:
        """The value as it is stored; ``None`` when it is unassigned."""
        if value is None or value == []:
            return None
        if not attribute.multi_valued:
            return self._one(attribute, value, path)
        if not isinstance(value, list):
            raise InvalidValue(f"{path} has to be an array")
        one = attribute if attribute.type is DataType.COMPLEX else _single(attribute)
        items = [self._one(one, item, f"{path}[{number}]") for number, item in enumerate(value)]
        items = [item for item in items if item is not None]
        return self._distinct(_settle_primary(items, path, self.settings), path) or None

    def _one(self, attribute: Attribute, value: JSON, path: str) -> JSON:
        if attribute.type is DataType.COMPLEX:
            return self._complex(attribute, value, path)
        if self.plain and attribute.type is DataType.STRING and isinstance(value, str):
            return value
        if attribute.type is DataType.BOOLEAN and self.settings.text_booleans and isinstance(value, str):
            value = _TEXT_BOOLEANS.get(value, value)
        fault = ": a value may not be null" if value is None else type_error(value, attribute)
        if fault:
            raise InvalidValue(f"{path}: {fault.partition(': ')[2]}")
        self._check_canonical(attribute, value, path)
        return self._cased(attribute, value)

    def _complex(self, attribute: Attribute, value: JSON, path: str) -> JSON:
        if isinstance(value, str) and self.settings.bare_references and attribute.name in self.bare:
            value = {"value": value}
        if not isinstance(value, dict):
            raise InvalidValue(f"{path} has to be an object")
        _refuse_twins(value)
        kept: JSONObject = {}
        for key, item in value.items():
            sub = attribute.sub_attribute(key)
            if sub is None:
                self._unknown(f"{path}.{key}")
            elif sub.mutability is not Mutability.READ_ONLY:
                found = self.value(sub, item, f"{path}.{sub.name}")
                if found is not None:
                    kept[sub.name] = found
        return kept or None

    def _check_canonical(self, attribute: Attribute, value: JSON, path: str) -> None:
        if self.settings.noncanonical_values == "accept" or not attribute.canonical_values:
            return
        known = {text if attribute.case_exact else text.lower() for text in attribute.canonical_values}
        if isinstance(value, str) and (value if attribute.case_exact else value.lower()) not in known:
            raise InvalidValue(f"{path} is one of {', '.join(attribute.canonical_values)}")

    def _cased(self, attribute: Attribute, value: JSON) -> JSON:
        exact = attribute.case_exact or attribute.type is not DataType.STRING
        if isinstance(value, str) and self.settings.lower_case_values and not exact:
            return value.lower()
        return value

    def _distinct(self, items: list[Any], path: str) -> list[Any]:
        """The values without those that repeat an earlier one's type and value (RFC 7643 §2.4)."""
        kept: dict[Any, Any] = {}
        for number, item in enumerate(items):
            key = _identity(item)
            if key is None:
                key = (number,)
            if key in kept:
                if self.settings.duplicate_values == "refuse":
                    raise InvalidValue(f"{path}[{number}] repeats an earlier value")
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


def _settle_primary(items: list[Any], path: str, settings: Settings) -> list[Any]:
    """At most one value stays primary (RFC 7643 §2.4); several are refused or settled, as the settings say."""
    primaries = [item for item in items if isinstance(item, dict) and item.get("primary") is True]
    if len(primaries) < 2:
        return items
    if settings.several_primaries == "refuse":
        raise InvalidValue(f"{path} has {len(primaries)} primary values, and one is the limit")
    stays = primaries[-1] if settings.several_primaries == "last" else primaries[0]
    for item in primaries:
        if item is not stays:
            item["primary"] = False
    return items


def required_paths(model: ResourceModel, attributes: JSONObject) -> Iterator[str]:
    """The paths of required attributes that lack a value (RFC 7643 §7); read-only ones are the provider's business."""
    yield from _lacking(model.core.attributes, attributes, "")
    for schema in model.extensions:
        container = attributes.get(schema.id)
        if isinstance(container, dict):
            yield from _lacking(schema.attributes, container, f"{schema.id}:")
        elif model.requires(schema.id):
            yield schema.id


def _lacking(definitions: tuple[Attribute, ...], values: JSONObject, prefix: str) -> Iterator[str]:
    for attribute in definitions:
        if not attribute.demanding or attribute.mutability is Mutability.READ_ONLY:
            continue
        value = values.get(attribute.name)
        if value is None or value == [] or (isinstance(value, str) and not value.strip()):
            if attribute.required:
                yield prefix + attribute.name
        elif attribute.sub_attributes:
            for item in value if isinstance(value, list) else [value]:
                yield from _lacking(attribute.sub_attributes, item, f"{prefix}{attribute.name}.")
