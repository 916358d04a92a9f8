"""What a resource type's definition asks of the provider, worked out once: unique, indexed and referring attributes.

Nothing here goes by the name of an attribute. Members of a group are whatever multi-valued attribute clients may write
whose values are a ``value`` and a ``$ref`` to resources; the groups of a user are the read-only mirror of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scimcheck.core.characteristics import DataType, Mutability, Uniqueness
from scimcheck.core.schema import Attribute, Located, ResourceModel
from scimcheck.provider.store.indexes import IndexedPath

_MEMBER_PARTS = frozenset({"value", "$ref", "type", "display"})
_TEXTS = (DataType.STRING, DataType.REFERENCE, DataType.BINARY)
_COMPARED = (*_TEXTS, DataType.INTEGER, DataType.DECIMAL)


@dataclass(frozen=True, slots=True)
class Shape:
    """A resource type as the provider handles it.

    ``membership`` is the attribute that holds members; ``mirrors`` are the read-only attributes that show of which
    resources this one is a member, with the names of those types; ``references`` are other complex attributes that
    point to resources by ``value``, with the names of the types they may point to. ``memo`` keeps what others work out
    from the shape alone.
    """

    model: ResourceModel
    membership: Attribute | None
    mirrors: tuple[tuple[Attribute, tuple[str, ...]], ...]
    references: tuple[tuple[Located, tuple[str, ...]], ...]
    unique: tuple[IndexedPath, ...]
    indexed: tuple[IndexedPath, ...]
    #: The resource type's name.
    name: str = field(init=False)
    #: The resource type's endpoint, with a leading slash.
    endpoint: str = field(init=False)
    #: The core attributes of which, or of a part of which, a value is demanded.
    demanding: tuple[Attribute, ...] = field(init=False, repr=False, compare=False)
    #: The writeOnly attributes, which are stored as hashes.
    secrets: tuple[Located, ...] = field(init=False, repr=False, compare=False)
    #: Members and mirrors of membership, by lower-case name: a large group is costly to show.
    costly: frozenset[str] = field(init=False, repr=False, compare=False)
    #: Everything that is worked out for showing a resource and not stored, by lower-case name.
    derived: frozenset[str] = field(init=False, repr=False, compare=False)
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        costly = {attribute.name.lower() for attribute, _ in self.mirrors}
        costly |= {self.membership.name.lower()} if self.membership else set()
        references = {located.attribute.name.lower() for located, _ in self.references}
        for name, value in {
            "name": self.model.name,
            "endpoint": self.model.endpoint,
            "demanding": tuple(item for item in self.model.core.attributes if item.demanding),
            "secrets": tuple(
                item for item in self.model.attributes() if item.attribute.mutability is Mutability.WRITE_ONLY
            ),
            "costly": frozenset(costly),
            "derived": frozenset({"meta", *costly, *references}),
        }.items():
            object.__setattr__(self, name, value)


def shapes_of(models: Iterable[ResourceModel], indexed: Sequence[str]) -> tuple[Shape, ...]:
    """The shapes of the models; ``indexed`` names core attributes with an index besides those that are unique."""
    listed = list(models)
    names = {model.name for model in listed}
    groups = {model.name: attribute for model in listed if (attribute := _membership(model, names))}
    return tuple(_shape(model, names, groups, indexed) for model in listed)


def referred_types(attribute: Attribute, names: set[str]) -> tuple[str, ...]:
    """The resource types among ``names`` that a complex attribute with ``value`` and ``$ref`` may point to."""
    reference = attribute.sub_attribute("$ref")
    if reference is None or attribute.sub_attribute("value") is None or reference.type is not DataType.REFERENCE:
        return ()
    return tuple(name for name in reference.reference_types if name in names)


def _shape(model: ResourceModel, names: set[str], groups: Mapping[str, Attribute], indexed: Sequence[str]) -> Shape:
    unique = tuple(_unique_paths(model))
    keys = {path.key for path in unique}
    common = tuple(path for path in _index_paths(model, indexed) if path.key not in keys)
    membership = groups.get(model.name)
    mirrors = tuple(_mirrors(model, groups))
    taken = {attribute.name for attribute, _ in mirrors} | ({membership.name} if membership else set())
    references = tuple(_references(model, names, taken))
    return Shape(model, membership, mirrors, references, unique, unique + common)


def _membership(model: ResourceModel, names: set[str]) -> Attribute | None:
    for attribute in model.core.attributes:
        parts = {sub.name for sub in attribute.sub_attributes}
        writable = attribute.mutability in (Mutability.READ_WRITE, Mutability.IMMUTABLE)
        if attribute.multi_valued and writable and parts <= _MEMBER_PARTS and referred_types(attribute, names):
            return attribute
    return None


def _mirrors(model: ResourceModel, groups: Mapping[str, Attribute]) -> Iterator[tuple[Attribute, tuple[str, ...]]]:
    for attribute in model.core.attributes:
        if attribute.multi_valued and attribute.mutability is Mutability.READ_ONLY:
            types = referred_types(attribute, set(groups))
            if types:
                yield attribute, types


def _references(model: ResourceModel, names: set[str], taken: set[str]) -> Iterator[tuple[Located, tuple[str, ...]]]:
    for located in model.attributes():
        types = referred_types(located.attribute, names)
        if types and not (located.schema is None and located.attribute.name in taken):
            yield located, types


def _unique_paths(model: ResourceModel) -> Iterator[IndexedPath]:
    for located in model.attributes():
        attribute = located.attribute
        if attribute.name == "id" and located.schema is None:
            continue
        if attribute.uniqueness is not Uniqueness.NONE and attribute.type in _COMPARED:
            yield IndexedPath(located.schema, attribute)
        for sub in attribute.sub_attributes:
            if sub.uniqueness is not Uniqueness.NONE and sub.type in _COMPARED:
                yield IndexedPath(located.schema, attribute, sub)


def _index_paths(model: ResourceModel, names: Sequence[str]) -> Iterator[IndexedPath]:
    for name in names:
        head, _, tail = name.partition(".")
        located = model.find(None, head)
        if located is None:
            continue
        sub = located.attribute.sub_attribute(tail) if tail else None
        leaf = sub or located.attribute
        if leaf.type in _TEXTS and (sub is not None or not tail):
            yield IndexedPath(None, located.attribute, sub)
