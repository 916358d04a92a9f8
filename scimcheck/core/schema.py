"""Schemas and resource types as read from JSON (RFC 7643 §6 and §7), and a resource type with its schemas.

Reading is tolerant, as a harness must be: a characteristic that is missing or has an unknown value counts as
its default (RFC 7643 §2.2). Judging the definitions themselves is the business of the checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeVar

from scimcheck.core import urns
from scimcheck.core.characteristics import DataType, Mutability, Returned, Uniqueness
from scimcheck.core.json import JSONObject

_E = TypeVar("_E", bound=Enum)
_T = TypeVar("_T")


def _member(kind: type[_E], value: Any, default: _E) -> _E:
    try:
        return kind(value)
    except ValueError:
        return default


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _objects(value: Any) -> list[JSONObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute definition (RFC 7643 §7); names compare without regard to case (§2.1)."""

    name: str
    type: DataType = DataType.STRING
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: Mutability = Mutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    uniqueness: Uniqueness = Uniqueness.NONE
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple[Attribute, ...] = ()
    description: str = ""
    #: Whether a value is demanded: of the attribute itself or, where it has a value, of a sub-attribute.
    demanding: bool = field(init=False, repr=False, compare=False)
    _subs: dict[str, Attribute] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The first of several with one name counts.
        subs = {sub.name.lower(): sub for sub in reversed(self.sub_attributes)}
        object.__setattr__(self, "_subs", subs)
        object.__setattr__(self, "demanding", self.required or any(sub.demanding for sub in self.sub_attributes))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Attribute:
        """Read a definition; what is missing has the defaults of RFC 7643 §2.2."""
        return cls(
            name=str(data.get("name", "")),
            type=_member(DataType, data.get("type", "string"), DataType.STRING),
            multi_valued=data.get("multiValued") is True,
            required=data.get("required") is True,
            case_exact=data.get("caseExact") is True,
            mutability=_member(Mutability, data.get("mutability", "readWrite"), Mutability.READ_WRITE),
            returned=_member(Returned, data.get("returned", "default"), Returned.DEFAULT),
            uniqueness=_member(Uniqueness, data.get("uniqueness", "none"), Uniqueness.NONE),
            canonical_values=_texts(data.get("canonicalValues")),
            reference_types=_texts(data.get("referenceTypes")),
            sub_attributes=tuple(cls.from_json(sub) for sub in _objects(data.get("subAttributes"))),
            description=str(data.get("description") or ""),
        )

    def sub_attribute(self, name: str) -> Attribute | None:
        """The sub-attribute of that name, in any letter case."""
        return self._subs.get(name.lower())


def _by_name(attributes: Iterable[Attribute], name: str) -> Attribute | None:
    wanted = name.lower()
    return next((a for a in attributes if a.name.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema: a URN and its attribute definitions."""

    id: str
    name: str = ""
    description: str = ""
    attributes: tuple[Attribute, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Schema:
        """Read a Schema resource (RFC 7643 §7)."""
        return cls(
            id=str(data.get("id", "")),
            name=str(data.get("name") or ""),
            description=str(data.get("description") or ""),
            attributes=tuple(Attribute.from_json(item) for item in _objects(data.get("attributes"))),
        )

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, in any letter case."""
        return _by_name(self.attributes, name)


@dataclass(frozen=True, slots=True)
class SchemaExtension:
    """An extension that a resource type names (RFC 7643 §6)."""

    schema: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type (RFC 7643 §6). ``endpoint`` is relative to the base URL and begins with a slash."""

    name: str
    endpoint: str
    schema: str
    extensions: tuple[SchemaExtension, ...] = ()
    id: str = ""
    description: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ResourceType:
        """Read a ResourceType resource; an endpoint without leading slash gets one."""
        endpoint = str(data.get("endpoint") or "")
        return cls(
            name=str(data.get("name") or data.get("id") or ""),
            endpoint="/" + endpoint.strip("/"),
            schema=str(data.get("schema") or ""),
            extensions=tuple(
                SchemaExtension(str(item.get("schema") or ""), item.get("required") is True)
                for item in _objects(data.get("schemaExtensions"))
            ),
            id=str(data.get("id") or ""),
            description=str(data.get("description") or ""),
        )


#: Common attributes of every resource (RFC 7643 §3.1); schemas need not list them.
COMMON_ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute(
        "schemas", DataType.REFERENCE, multi_valued=True, required=True, case_exact=True,
        returned=Returned.ALWAYS, reference_types=("uri",),
    ),
    Attribute(
        "id", case_exact=True, mutability=Mutability.READ_ONLY, returned=Returned.ALWAYS,
        uniqueness=Uniqueness.SERVER,
    ),
    Attribute("externalId", case_exact=True),
    Attribute(
        "meta", DataType.COMPLEX, mutability=Mutability.READ_ONLY,
        sub_attributes=(
            Attribute("resourceType", case_exact=True, mutability=Mutability.READ_ONLY),
            Attribute("created", DataType.DATE_TIME, mutability=Mutability.READ_ONLY),
            Attribute("lastModified", DataType.DATE_TIME, mutability=Mutability.READ_ONLY),
            Attribute(
                "location", DataType.REFERENCE, case_exact=True, mutability=Mutability.READ_ONLY,
                reference_types=("uri",),
            ),
            Attribute("version", case_exact=True, mutability=Mutability.READ_ONLY),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Located:
    """An attribute found in a resource model: where it lives and its definition.

    ``schema`` is the URN of the extension whose container holds it, or ``None`` for core and common
    attributes; ``parent`` is set when ``attribute`` is a sub-attribute.
    """

    schema: str | None
    attribute: Attribute
    parent: Attribute | None = None


def _located(schema: str | None, attributes: Iterable[Attribute]) -> dict[str, Located]:
    return _by_spelling((attribute.name, Located(schema, attribute)) for attribute in attributes)


def _by_spelling(named: Iterable[tuple[str, _T]]) -> dict[str, _T]:
    """Things by name as it is spelled and in lower case; of several with one name the first counts."""
    found: dict[str, _T] = {}
    for name, thing in named:
        if name.lower() not in found:
            found[name.lower()] = found[name] = thing
    return found


@dataclass(frozen=True, slots=True)
class ResourceModel:
    """A resource type together with the schemas that define its resources."""

    resource_type: ResourceType
    core: Schema
    extensions: tuple[Schema, ...] = ()
    _index: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The resource type's name, such as ``User``."""
        return self.resource_type.name

    @property
    def endpoint(self) -> str:
        """The endpoint relative to the base URL, such as ``/Users``."""
        return self.resource_type.endpoint

    @property
    def schema_uris(self) -> tuple[str, ...]:
        """The core schema's URN and those of all extensions."""
        return (self.core.id, *(extension.id for extension in self.extensions))

    def extension(self, urn: str) -> Schema | None:
        """The extension with that URN, in any letter case."""
        known: dict[str, Schema] | None = self._index.get("extensions")
        if known is None:
            known = self._index["extensions"] = _by_spelling((each.id, each) for each in self.extensions)
        return known.get(urn) or known.get(urn.lower())

    def requires(self, urn: str) -> bool:
        """Whether the resource type marks that extension as required."""
        wanted = urn.lower()
        return any(e.required for e in self.resource_type.extensions if e.schema.lower() == wanted)

    def find(self, urn: str | None, name: str, sub: str | None = None) -> Located | None:
        """Look up ``[urn:]name[.sub]`` (RFC 7644 §3.10); ``None`` when the model does not define it.

        A core or common attribute may be named with or without the core URN. An extension's attribute is found
        under its URN only.
        """
        known = self._home(self.core.id if urn is None else urn)
        if known is None:
            return None
        located = known.get(name) or known.get(name.lower())
        if located is None or sub is None:
            return located
        child = located.attribute.sub_attribute(sub)
        return Located(located.schema, child, located.attribute) if child else None

    def _home(self, urn: str) -> dict[str, Located] | None:
        """The attributes of a schema by name; ``None`` when the model does not have that schema."""
        homes: dict[str, dict[str, Located]] | None = self._index.get("homes")
        if homes is None:
            core = _located(None, (*self.core.attributes, *COMMON_ATTRIBUTES))
            others = [(schema.id, _located(schema.id, schema.attributes)) for schema in self.extensions]
            homes = self._index["homes"] = _by_spelling([(self.core.id, core), *others])
        return homes.get(urn) or homes.get(urn.lower())

    def attributes(self) -> tuple[Located, ...]:
        """Every top-level attribute: common ones not redefined by the core schema, core, then extensions."""
        if "attributes" not in self._index:
            self._index["attributes"] = tuple(self._attributes())
        found: tuple[Located, ...] = self._index["attributes"]
        return found

    def _attributes(self) -> Iterator[Located]:
        for attribute in COMMON_ATTRIBUTES:
            if self.core.attribute(attribute.name) is None:
                yield Located(None, attribute)
        for attribute in self.core.attributes:
            yield Located(None, attribute)
        for extension in self.extensions:
            for attribute in extension.attributes:
                yield Located(extension.id, attribute)


def resource_models(resource_types: Iterable[ResourceType], schemas: Iterable[Schema]) -> list[ResourceModel]:
    """Join resource types with their schemas; a schema that is not among ``schemas`` counts as empty."""
    by_id = {schema.id.lower(): schema for schema in schemas}

    def schema_of(urn: str) -> Schema:
        return by_id.get(urn.lower(), Schema(urn))

    return [
        ResourceModel(kind, schema_of(kind.schema), tuple(schema_of(e.schema) for e in kind.extensions))
        for kind in resource_types
    ]


#: Names of the discovery endpoints (RFC 7644 §4) by the URN of what they serve.
DISCOVERY_ENDPOINTS = {
    urns.SERVICE_PROVIDER_CONFIG: "/ServiceProviderConfig",
    urns.RESOURCE_TYPE: "/ResourceTypes",
    urns.SCHEMA: "/Schemas",
}
