"""Flattening ``/Schemas`` into the attribute names that mappings use, as the validation does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scimcheck.core import urns

#: Names that stand for themselves whatever their definition says.
_BARE = ("manager", "members")


@dataclass(frozen=True, slots=True)
class Flattened:
    """The names that ``/Schemas`` amounts to; ``user`` holds those of all extensions as well."""

    user: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    user_schema: bool = False
    group_schema: bool = False
    extensions: int = 0


def flatten(schemas: Iterable[Mapping[str, Any]]) -> Flattened:
    """The names of the schemas in a reply of ``/Schemas``.

    A schema other than core User and core Group counts as an extension of users, whatever it describes, and its
    attributes are not looked into.
    """
    listed = list(schemas)
    users = [schema for schema in listed if schema.get("id") == urns.USER]
    groups = [schema for schema in listed if schema.get("id") == urns.GROUP]
    others = [schema for schema in listed if schema.get("id") not in (urns.USER, urns.GROUP)]
    extended = [f"{schema.get('id')}:{attribute.get('name')}" for schema in others for attribute in _attributes(schema)]
    return Flattened(
        user=(*_core(users), *extended),
        group=tuple(_core(groups)),
        user_schema=bool(users),
        group_schema=bool(groups),
        extensions=len(others),
    )


def missing(targets: Iterable[str], found: Iterable[str]) -> list[str]:
    """The target attributes that are not among the names found; letter case does not matter, ``id`` never lacks."""
    known = {name.lower() for name in found}
    return [target for target in targets if target != "id" and target.lower() not in known]


def _core(schemas: Iterable[Mapping[str, Any]]) -> list[str]:
    return [name for schema in schemas for attribute in _attributes(schema) for name in _names(attribute)]


def _names(attribute: Mapping[str, Any]) -> Iterator[str]:
    """What one attribute amounts to: the first rule that fits counts, and types are compared as written."""
    name, kind = str(attribute.get("name", "")), attribute.get("type")
    if name in _BARE:
        yield name
    elif kind == "complex" and attribute.get("multiValued") is True:
        yield from _entries(name, _attributes(attribute, "subAttributes"))
    elif kind == "complex":
        for sub in _attributes(attribute, "subAttributes"):
            if sub.get("type") not in ("complex", "reference"):
                yield f"{name}.{sub.get('name')}"
    elif kind != "reference":
        yield name


def _entries(name: str, subs: list[Mapping[str, Any]]) -> Iterator[str]:
    """The names of a list's entries: by advertised type, else by the one that is primary."""
    types = next((sub.get("canonicalValues") for sub in subs if sub.get("name") == "type"), None)
    names = [sub.get("name") for sub in subs if sub.get("name") != "primary"]
    if isinstance(types, list) and types:
        for value in types:
            yield from (f'{name}[type eq "{value}"].{sub}' for sub in names if sub != "type")
    else:
        yield from (f'{name}[primary eq "True"].{sub}' for sub in names)


def _attributes(holder: Mapping[str, Any], key: str = "attributes") -> list[Mapping[str, Any]]:
    value = holder.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
