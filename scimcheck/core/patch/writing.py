"""Add and replace (RFC 7644 §3.5.2.1 and §3.5.2.3) on one target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.errors import InvalidValue, NoTarget
from scimcheck.core.filter.ast import Filter
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch.collection import Collection
from scimcheck.core.patch.complexes import check_change, merged, substituted
from scimcheck.core.patch.dialect import PatchDialect
from scimcheck.core.patch.draft import Draft
from scimcheck.core.patch.reading import Reader
from scimcheck.core.patch.selection import Predicate, described, selector
from scimcheck.core.patch.target import Target
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute
from scimcheck.core.values import has_value


class Writer:
    """Writes values to targets of a draft; that the target is not readOnly is checked before."""

    def __init__(self, draft: Draft, reader: Reader, dialect: PatchDialect) -> None:
        self._draft = draft
        self._reader = reader
        self._dialect = dialect

    def write(self, target: Target, value: JSON, *, replace: bool) -> None:
        """Add the value at the target, or replace what is there."""
        if target.urn is None and target.attribute.name.lower() == "schemas":
            self._write_schemas(target, value, replace)
        elif target.attribute.multi_valued:
            self._write_many(target, value, replace)
        else:
            self._write_single(target, value, replace)

    def _write_schemas(self, target: Target, value: JSON, replace: bool) -> None:
        values = self._draft.collection(None, target.attribute)
        items = _items(self._reader.read(value, target.attribute))
        if target.filter is not None or not items:
            raise InvalidValue("schemas takes the URNs of schemas")
        values.replace(items) if replace else values.add(items)
        self._draft.store_schemas(list(values.values))

    def _write_single(self, target: Target, value: JSON, replace: bool) -> None:
        attribute = target.attribute
        old = self._draft.value(target.urn, attribute)
        if attribute.type is DataType.COMPLEX:
            new = self._changed_complex(target, old if isinstance(old, dict) else {}, value, replace)
        else:
            new = self._reader.read(value, attribute)
        check_change(old, new, attribute, attribute.name)
        self._store(target, new)

    def _changed_complex(self, target: Target, old: JSONObject, value: JSON, replace: bool) -> JSON:
        attribute = target.attribute
        if target.filter is not None:
            collection = Collection([old] if old else [], attribute)
            self._write_selected(target, collection, value, replace)
            return collection.values[-1] if collection.values else None
        if target.sub is not None:
            return _with_sub(old, target, self._reader.read(value, target.sub), replace)
        new = self._reader.read(value, attribute)
        return merged(old, new, attribute) if isinstance(new, dict) else None

    def _write_many(self, target: Target, value: JSON, replace: bool) -> None:
        attribute = target.attribute
        collection = self._draft.collection(target.urn, attribute)
        immutable = attribute.mutability is Mutability.IMMUTABLE
        old = list(collection.values) if immutable else []
        if target.filter is not None:
            self._write_selected(target, collection, value, replace)
        elif target.sub is not None:
            self._write_sub_of_all(target, collection, value, replace)
        else:
            items = _items(self._reader.read(value, attribute))
            collection.replace(items) if replace else collection.add(items)
        check_change(old, collection.values, attribute, attribute.name)
        self._store(target, collection.values)

    def _write_sub_of_all(self, target: Target, collection: Collection, value: JSON, replace: bool) -> None:
        sub = target.sub
        if sub is None or not collection.values:
            raise NoTarget(f"{target.attribute.name} has no values")
        new = self._reader.read(value, sub)
        collection.change_where(lambda _: True, lambda old: _with_sub(_object(old), target, new, replace))

    def _write_selected(self, target: Target, collection: Collection, value: JSON, replace: bool) -> None:
        """Write to the values that the filter selects, or create one when there is none and the dialect says so."""
        if target.filter is None:
            return
        attribute = target.attribute
        value_filter = self._reader.read_filter(target.filter, attribute)
        selected = selector(value_filter, attribute)
        new = self._reader.read(value, target.sub) if target.sub else self._reader.read_element(value, attribute)
        change = _change(target, new, replace)
        if collection.change_where(selected, change):
            return
        if not (self._dialect.create_on_replace if replace else self._dialect.create_from_filter):
            raise NoTarget(f"no value of {attribute.name} matches the filter")
        if has_value(new):
            self._create(collection, change(self._seed(value_filter, attribute)), selected)

    def _create(self, collection: Collection, created: JSON, selected: Predicate) -> None:
        if not selected(created):
            raise NoTarget(f"no value of {collection.attribute.name} matches the filter, and it does not describe one")
        collection.create(created)

    def _seed(self, value_filter: Filter, attribute: Attribute) -> JSON:
        """The value that the filter's equalities describe."""
        values = described(value_filter)
        if not values:
            raise NoTarget(f"no value of {attribute.name} matches the filter, and it does not describe one")
        if attribute.type is not DataType.COMPLEX:
            first: JSON = next(iter(values.values()))
            return first
        return self._reader.read_element(values, attribute)

    def _store(self, target: Target, value: JSON) -> None:
        if target.attribute.required and not has_value(value):
            raise InvalidValue(f"{target.attribute.name} is required")
        self._draft.store(target.urn, target.attribute, value)


def _change(target: Target, new: JSON, replace: bool) -> Callable[[JSON], JSON]:
    """The function from a selected value to its new state."""
    attribute = target.attribute
    if target.sub is not None:
        return lambda old: _with_sub(_object(old), target, new, replace)
    if not isinstance(new, dict):
        return lambda old: new
    change = substituted if replace else merged
    return lambda old: change(_object(old), new, attribute)


def _with_sub(old: JSONObject, target: Target, new: JSON, replace: bool) -> JSONObject:
    """A value with a new state of the target's sub-attribute, whose values, if it has several, ``add`` keeps."""
    sub = target.sub
    if sub is None:
        return old
    if sub.multi_valued and not replace:
        held = Collection(_items(member(old, sub.name)), sub)
        held.add(_items(new))
        new = held.values
    return merged(old, {sub.name: new}, target.attribute)


def _items(value: JSON) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: JSON) -> JSONObject:
    return value if isinstance(value, dict) else {}
