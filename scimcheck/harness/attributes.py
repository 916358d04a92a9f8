"""Finding attributes with a wanted characteristic in a resource model: what checks work on instead of fixed names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scimcheck.core import urns
from scimcheck.core.characteristics import DataType, Mutability, Returned, Uniqueness
from scimcheck.core.schema import Attribute, Located, ResourceModel
from scimcheck.harness.payloads import reserved

_PREFERRED = ("displayName", "nickName", "title", "userType")


def naming(model: ResourceModel) -> str:
    """The attribute that carries the run's unique name: userName, displayName, or the first text that is required."""
    for name in ("userName", "displayName"):
        if model.core.attribute(name):
            return name
    for attribute in model.core.attributes:
        if attribute.required and attribute.type is DataType.STRING and not attribute.multi_valued:
            return attribute.name
    return "id"


def simple_text(attribute: Attribute) -> bool:
    """Whether it is a single-valued string that a client may set freely and read back."""
    return (
        attribute.type is DataType.STRING
        and not attribute.multi_valued
        and attribute.mutability is Mutability.READ_WRITE
        and attribute.returned in (Returned.DEFAULT, Returned.ALWAYS)
        and not attribute.canonical_values
        and attribute.uniqueness is Uniqueness.NONE
        and attribute.name.lower() != "id"  # the provider's, whatever a schema says of it
    )


def changeable(model: ResourceModel) -> Attribute | None:
    """An attribute whose text may be changed without side effects; well-known ones first, unique ones later.

    Where the core schema has none it is externalId, which every resource has (RFC 7643 §3.1).
    """
    for name in _PREFERRED:
        attribute = model.core.attribute(name)
        if attribute and simple_text(attribute):
            return attribute
    constrained = {"locale", "timezone", "preferredlanguage", "profileurl", "username"}
    open_ones = [a for a in model.core.attributes if a.name.lower() not in constrained]
    plain = (a for a in open_ones if simple_text(a))
    unique = (a for a in open_ones if simple_text(replace(a, uniqueness=Uniqueness.NONE)))
    return next(plain, None) or next(unique, None) or _external_id(model)


def _external_id(model: ResourceModel) -> Attribute | None:
    located = model.find(None, "externalId")
    return located.attribute if located and simple_text(located.attribute) else None


def optional_text(model: ResourceModel, *besides: str) -> Attribute | None:
    """Like :func:`changeable`, but not required and none of ``besides``."""
    left_out = {name.lower() for name in besides}
    for name in (*_PREFERRED, *(a.name for a in model.core.attributes)):
        attribute = model.core.attribute(name)
        free = (
            attribute and simple_text(attribute) and not attribute.required and attribute.name.lower() not in left_out
        )
        if attribute and free and attribute.name.lower() not in {"locale", "timezone", "preferredlanguage"}:
            return attribute
    return None


def _typed(kind: DataType) -> Callable[[Attribute], bool]:
    return lambda attribute: attribute.type is kind and attribute.mutability is Mutability.READ_WRITE


def _has_primary(attribute: Attribute) -> bool:
    return attribute.multi_valued and attribute.sub_attribute("primary") is not None and not reserved(attribute)


def _multi_complex(attribute: Attribute) -> bool:
    return (
        attribute.multi_valued
        and attribute.type is DataType.COMPLEX
        and attribute.mutability is Mutability.READ_WRITE
        and not reserved(attribute)
    )


_HAVING: dict[str, Callable[[Attribute], bool]] = {
    "immutable": lambda a: a.mutability is Mutability.IMMUTABLE,
    "writeOnly": lambda a: a.mutability is Mutability.WRITE_ONLY,
    "request": lambda a: a.returned is Returned.REQUEST,
    "never": lambda a: a.returned is Returned.NEVER,
    "caseExact": lambda a: a.case_exact and a.type is DataType.STRING,
    "required": lambda a: a.required and a.mutability is not Mutability.READ_ONLY,
    "unique": lambda a: a.uniqueness is not Uniqueness.NONE,
    "global-unique": lambda a: a.uniqueness is Uniqueness.GLOBAL,
    "canonical": lambda a: bool(a.canonical_values),
    "default": lambda a: False,
    "boolean": _typed(DataType.BOOLEAN),
    "integer": _typed(DataType.INTEGER),
    "decimal": _typed(DataType.DECIMAL),
    "dateTime": _typed(DataType.DATE_TIME),
    "binary": _typed(DataType.BINARY),
    "reference": _typed(DataType.REFERENCE),
    "multi-complex": _multi_complex,
    "primary": _has_primary,
}


def having(model: ResourceModel, characteristic: str) -> list[Located]:
    """Attributes and sub-attributes of the model with the characteristic that a need ``attr:…`` names."""
    test = _HAVING[characteristic]
    found: list[Located] = []
    for located in model.attributes():
        if located.attribute.name.lower() in ("schemas", "meta", "id"):
            continue
        if test(located.attribute):
            found.append(located)
        if characteristic not in ("multi-complex", "primary"):
            subs = filter(test, located.attribute.sub_attributes)
            found.extend(Located(located.schema, sub, located.attribute) for sub in subs)
    return found


def multi_complex(model: ResourceModel) -> Attribute | None:
    """A writable multi-valued complex attribute with value and type, emails first."""
    for name in ("emails", "phoneNumbers", *(a.name for a in model.core.attributes)):
        attribute = model.core.attribute(name)
        if (
            attribute
            and _multi_complex(attribute)
            and attribute.sub_attribute("value")
            and attribute.sub_attribute("type")
        ):
            return attribute
    return None


def is_user(model: ResourceModel) -> bool:
    """Whether the model's core schema is User."""
    return model.core.id.lower() == urns.USER.lower()


def is_group(model: ResourceModel) -> bool:
    """Whether the model's core schema is Group."""
    return model.core.id.lower() == urns.GROUP.lower()
