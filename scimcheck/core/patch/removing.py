"""Remove (RFC 7644 §3.5.2.2) on one target."""

from __future__ import annotations

from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.errors import MutabilityError, NoTarget
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch.collection import Collection
from scimcheck.core.patch.complexes import check_writable, merged
from scimcheck.core.patch.dialect import PatchChoices, PatchDialect
from scimcheck.core.patch.draft import Draft
from scimcheck.core.patch.operations import MISSING, Missing
from scimcheck.core.patch.reading import Reader
from scimcheck.core.patch.selection import Predicate, selector
from scimcheck.core.patch.target import Target
from scimcheck.core.resource import container, member
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.core.values import has_value


class Remover:
    """Removes values at targets of a draft."""

    def __init__(self, draft: Draft, reader: Reader, dialect: PatchDialect, choices: PatchChoices) -> None:
        self._draft = draft
        self._reader = reader
        self._dialect = dialect
        self._choices = choices

    def remove(self, target: Target, value: JSON | Missing) -> None:
        """Unassign the target, or those of its values that a filter or, by dialect, ``value`` names."""
        attribute = target.attribute
        old = self._draft.value(target.urn, attribute)
        listed = self._listed(target, value)
        _check_removable(target)
        if target.filter is None and target.sub is None and listed is None:
            self._finish(target, has_value(old), None)
            return
        collection = self._collection(target, old)
        found = collection.remove(listed) if listed is not None else self._remove_selected(target, collection)
        rest: JSON = collection.values if attribute.multi_valued else next(iter(collection.values), None)
        self._finish(target, found, rest)

    def _collection(self, target: Target, old: JSON) -> Collection:
        """The values of the attribute; a single one counts as a list of one."""
        if target.attribute.multi_valued:
            return self._draft.collection(target.urn, target.attribute)
        return Collection(_values(old), target.attribute)

    def _listed(self, target: Target, value: JSON | Missing) -> list[JSON] | None:
        """The values that the operation lists to be removed; ``None`` when it means all of them."""
        attribute = target.attribute
        if value is MISSING or value is None or not self._dialect.value_array_removal:
            return None
        if target.filter is not None or target.sub is not None:
            return None
        if not attribute.multi_valued and attribute.type is not DataType.COMPLEX:
            return None
        items = value if isinstance(value, list) else [value]
        found = (self._reader.read_element(item, attribute) for item in items)
        return [item for item in found if item is not None]

    def _remove_selected(self, target: Target, collection: Collection) -> bool:
        attribute, sub = target.attribute, target.sub
        selected = self._selector(target)
        if sub is None:
            return collection.remove_where(selected)
        present = any(selected(value) and has_value(_sub(value, sub)) for value in collection.values)
        if present:
            collection.change_where(selected, lambda old: merged(old, {sub.name: None}, attribute))
        return present

    def _selector(self, target: Target) -> Predicate:
        if target.filter is None:
            return lambda value: True
        return selector(self._reader.read_filter(target.filter, target.attribute), target.attribute)

    def _finish(self, target: Target, found: bool, rest: JSON) -> None:
        attribute = target.attribute
        if not found:
            if self._choices.remove_absent == "refuse":
                raise NoTarget("there is nothing to remove")
            return
        if attribute.mutability is Mutability.IMMUTABLE:
            raise MutabilityError(f"{attribute.name} is immutable and has a value")
        if attribute.required and not has_value(rest):
            raise MutabilityError(f"{attribute.name} is required")
        if target.urn is None and attribute.name.lower() == "schemas":
            self._draft.store_schemas([urn for urn in _values(rest) if isinstance(urn, str)])
        else:
            self._draft.store(target.urn, attribute, rest)

    def remove_extension(self, urn: str, model: ResourceModel) -> None:
        """Remove all attributes of an extension; ``MutabilityError`` when one of them or the extension may not go."""
        held = container(self._draft.resource, urn)
        if model.requires(urn):
            raise MutabilityError(f"{urn} is required")
        if held is None and self._choices.remove_absent == "refuse":
            raise NoTarget("there is nothing to remove")
        for located in model.attributes():
            if located.schema == urn and held is not None:
                _check_droppable(located.attribute, held)
        self._draft.drop_extension(urn)


def _values(value: JSON) -> list[JSON]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _sub(value: JSON, sub: Attribute) -> JSON:
    return member(value, sub.name) if isinstance(value, dict) else None


def _check_removable(target: Target) -> None:
    """Raise ``MutabilityError`` for what is readOnly, and for a required sub-attribute."""
    attribute, sub = target.attribute, target.sub
    check_writable(attribute, attribute.name)
    if sub is not None:
        path = f"{attribute.name}.{sub.name}"
        check_writable(sub, path)
        if sub.required:
            raise MutabilityError(f"{path} is required")


def _check_droppable(attribute: Attribute, held: JSONObject) -> None:
    fixed = attribute.mutability in (Mutability.READ_ONLY, Mutability.IMMUTABLE)
    if fixed and has_value(member(held, attribute.name)):
        raise MutabilityError(f"{attribute.name} is {attribute.mutability.value}")
