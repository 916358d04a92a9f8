"""A resource under change: its own copy of what is touched, everything else shared with the original."""

from __future__ import annotations

from typing import Any

from scimcheck.core.errors import InvalidValue
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch.collection import Collection
from scimcheck.core.resource import container, key_of, listed_schemas, member
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.core.values import has_value, is_unassigned


class Draft:
    """Reads and stores attributes by definition; keeps extension containers and ``schemas`` in step."""

    def __init__(self, resource: JSONObject, model: ResourceModel) -> None:
        self.resource = dict(resource)
        self._model = model
        self._owned: dict[str, JSONObject] = {}
        self._collections: dict[tuple[str | None, str], Collection] = {}

    def value(self, urn: str | None, attribute: Attribute) -> JSON:
        """The stored value of a core attribute, or of the extension ``urn``; ``None`` when absent."""
        home = self.resource if urn is None else container(self.resource, urn)
        return None if home is None else member(home, attribute.name)

    def collection(self, urn: str | None, attribute: Attribute) -> Collection:
        """The values of a multi-valued attribute; the same object again as long as they stay where they are."""
        stored = self.value(urn, attribute)
        known = self._collections.get((urn, attribute.name))
        if known is None or known.values is not stored:
            values: list[Any] = stored if isinstance(stored, list) else [] if stored is None else [stored]
            known = self._collections[urn, attribute.name] = Collection(values, attribute)
        return known

    def store(self, urn: str | None, attribute: Attribute, value: JSON) -> None:
        """Store a value; ``None``, ``[]`` and ``{}`` unassign. Extensions come and go with their attributes."""
        assigned = not is_unassigned(value) and value != {}
        if urn is None:
            _put(self.resource, attribute.name, value, assigned)
        elif assigned:
            _put(self._container(urn), attribute.name, value, assigned)
            self._list_schemas(urn)
        elif container(self.resource, urn) is not None:
            self._unassign(urn, attribute)

    def drop_extension(self, urn: str) -> None:
        """Take away an extension with all its attributes, and its URN from ``schemas`` (RFC 7643 §3.3)."""
        key = key_of(self.resource, urn)
        if key is not None:
            del self.resource[key]
        self._owned.pop(urn, None)
        listed = listed_schemas(self.resource)
        kept = [item for item in listed if item.lower() != urn.lower()]
        if len(kept) < len(listed):
            self._set_schemas(kept)

    def store_schemas(self, listed: list[str]) -> None:
        """Store ``schemas``; the core schema and extensions with attributes stay listed (RFC 7643 §3.3).

        Raises ``InvalidValue`` for a URN that the resource type does not declare (§3).
        """
        known = {urn.lower() for urn in self._model.schema_uris}
        for urn in listed:
            if urn.lower() not in known:
                raise InvalidValue(f"schemas: {self._model.name} has no schema {urn}")
        self._set_schemas(listed)
        present = [urn for urn in self._model.schema_uris if has_value(container(self.resource, urn))]
        self._list_schemas(self._model.core.id, *present)

    def _unassign(self, urn: str, attribute: Attribute) -> None:
        home = self._container(urn)
        had_values = bool(home)
        _put(home, attribute.name, None, assigned=False)
        if had_values and not home:
            self.drop_extension(urn)

    def _container(self, urn: str) -> JSONObject:
        """The extension's container, made when missing, as a copy that may be changed."""
        if urn not in self._owned:
            key = key_of(self.resource, urn) or urn
            self._owned[urn] = self.resource[key] = dict(container(self.resource, urn) or {})
        return self._owned[urn]

    def _list_schemas(self, *urns: str) -> None:
        listed = listed_schemas(self.resource)
        folded = {item.lower() for item in listed}
        missing = [urn for urn in urns if urn.lower() not in folded]
        if missing:
            self._set_schemas([*listed, *missing])

    def _set_schemas(self, listed: list[str]) -> None:
        self.resource[key_of(self.resource, "schemas") or "schemas"] = listed


def _put(home: JSONObject, name: str, value: JSON, assigned: bool) -> None:
    key = key_of(home, name)
    if assigned:
        home[key or name] = value
    elif key is not None:
        del home[key]
