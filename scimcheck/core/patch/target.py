"""From a path to the attribute that it names."""

from __future__ import annotations

from dataclasses import dataclass

from scimcheck.core.characteristics import DataType
from scimcheck.core.errors import InvalidPath
from scimcheck.core.filter.ast import And, Comparison, Filter, Not, Or, Present, ValuePath
from scimcheck.core.patch.dialect import PatchDialect
from scimcheck.core.path import AttrPath, PatchPath
from scimcheck.core.schema import Attribute, Located, ResourceModel


@dataclass(frozen=True, slots=True)
class Target:
    """What an operation works on: an attribute, maybe of an extension (``urn``), and what part of its values."""

    attribute: Attribute
    urn: str | None = None
    sub: Attribute | None = None
    filter: Filter | None = None


def resolve(path: PatchPath, model: ResourceModel, dialect: PatchDialect) -> Target:
    """The target of a path; raises ``InvalidPath`` when no schema defines it or a filter does not fit it."""
    located, sub_name = _locate(path.attr, model, dialect)
    if located is None:
        raise InvalidPath(f"{model.name} has no attribute {path.attr}")
    attribute = located.attribute
    sub_name = sub_name or path.sub
    sub = attribute.sub_attribute(sub_name) if sub_name else None
    if sub_name and sub is None:
        raise InvalidPath(f"{attribute.name} has no sub-attribute {sub_name}")
    if path.filter is not None:
        _check_filter(path.filter, attribute, dialect)
    return Target(attribute, located.schema, sub, path.filter)


def whole_attribute(urn: str | None, name: str, model: ResourceModel) -> Target | None:
    """The attribute of that name, of the extension ``urn`` or of the core; ``None`` when there is none."""
    located = model.find(urn, name)
    return Target(located.attribute, located.schema) if located else None


def _locate(path: AttrPath, model: ResourceModel, dialect: PatchDialect) -> tuple[Located | None, str | None]:
    """The attribute, without its sub-attribute, and the name of that."""
    located = model.find(path.urn, path.name)
    if located is not None:
        return located, path.sub
    if path.urn is None:
        return (_in_extensions(path.name, model) if dialect.bare_extension_names else None), path.sub
    extension = model.extension(f"{path.urn}:{path.name}")
    if extension is None or path.sub is None or not dialect.extension_paths:
        return None, None
    return model.find(extension.id, path.sub), None


def _in_extensions(name: str, model: ResourceModel) -> Located | None:
    """The attribute of that name, if exactly one extension defines it."""
    found = [located for extension in model.extensions if (located := model.find(extension.id, name))]
    return found[0] if len(found) == 1 else None


def _check_filter(value_filter: Filter, attribute: Attribute, dialect: PatchDialect) -> None:
    complex_type = attribute.type is DataType.COMPLEX
    if not attribute.multi_valued and not (dialect.filter_on_single and complex_type):
        raise InvalidPath(f"{attribute.name} is not multi-valued, so it takes no value filter")
    for path in _paths(value_filter):
        known = attribute.sub_attribute(path.name) if complex_type else path.name.lower() == "value"
        if not known or path.sub or path.urn:
            raise InvalidPath(f"{attribute.name} has no sub-attribute {path}")


def _paths(value_filter: Filter) -> list[AttrPath]:
    """Every attribute path that a filter compares."""
    if isinstance(value_filter, (And, Or)):
        return [path for operand in value_filter.operands for path in _paths(operand)]
    if isinstance(value_filter, Not):
        return _paths(value_filter.operand)
    if isinstance(value_filter, (Comparison, Present, ValuePath)):
        return [value_filter.path]
    return []
