"""What has to hold of the resource once all operations are done: required parts are there."""

from __future__ import annotations

from scimcheck.core.characteristics import Mutability
from scimcheck.core.errors import InvalidValue
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch.draft import Draft
from scimcheck.core.patch.operations import Operation
from scimcheck.core.patch.target import Target
from scimcheck.core.resource import container, member
from scimcheck.core.schema import Attribute, ResourceModel, Schema
from scimcheck.core.values import has_value


class Touched:
    """The attributes that operations have touched.

    Their required sub-attributes are judged at the end only, for several operations may build up one value, as
    Entra's do: ``emails[type eq "work"].primary`` comes before ``emails[type eq "work"].value``.
    """

    def __init__(self, draft: Draft, model: ResourceModel, before: JSONObject) -> None:
        self._draft = draft
        self._model = model
        self._before = before
        self._noted: dict[tuple[str | None, str], tuple[Target, Operation]] = {}

    def note(self, target: Target, operation: Operation) -> None:
        """Remember that an operation works on the target's attribute."""
        self._noted[target.urn, target.attribute.name] = (target, operation)

    def check(self) -> None:
        """Raise ``InvalidValue`` for a required sub-attribute, or attribute of a new extension, without value."""
        for target, operation in self._noted.values():
            missing = self._missing(target)
            if missing:
                raise InvalidValue(f"{operation}: {missing} is required")

    def _missing(self, target: Target) -> str | None:
        value = self._draft.value(target.urn, target.attribute)
        extension = self._model.extension(target.urn) if target.urn else None
        if extension is not None and container(self._before, extension.id) is None:
            held = container(self._draft.resource, extension.id)
            missing = _missing_attribute(extension, held) if held is not None else None
            if missing:
                return missing
        return _missing_sub_attribute(value, target.attribute)


def _missing_attribute(extension: Schema, held: JSONObject) -> str | None:
    return _first_missing(extension.attributes, held, f"{extension.id}:")


def _missing_sub_attribute(value: JSON, attribute: Attribute) -> str | None:
    required = tuple(sub for sub in attribute.sub_attributes if sub.required)
    if not required:
        return None
    values = value if isinstance(value, list) else [value]
    found = (_first_missing(required, item, f"{attribute.name}.") for item in values if isinstance(item, dict))
    return next(filter(None, found), None)


def _first_missing(attributes: tuple[Attribute, ...], held: JSONObject, prefix: str) -> str | None:
    for attribute in attributes:
        supplied = attribute.mutability is Mutability.READ_ONLY
        if attribute.required and not supplied and not has_value(member(held, attribute.name)):
            return f"{prefix}{attribute.name}"
    return None
