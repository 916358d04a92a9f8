"""Judgements of the form of schema definitions (RFC 7643 §2 and §7): functions from Schema documents to flaws."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from scimcheck.checks.flaws import Flaw, objects, repeated, shown, texts, told
from scimcheck.core import urns
from scimcheck.core.characteristics import DataType, Mutability, Returned, Uniqueness
from scimcheck.core.json import JSONObject

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_$-]*")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\"<>\\^`{|}]+")
_SCIM_URN = re.compile(r"urn:ietf:params:scim:(schemas|api):[^:\s]+(:[^:\s]+)*", re.IGNORECASE)
_REGISTERED = re.compile(
    r"urn:ietf:params:scim:(schemas:core:2\.0:\w+|schemas:extension:(enterprise:2\.0:User|\w+:2\.0:Device)|api:messages:.+)",
    re.IGNORECASE,
)
_TYPES = tuple(kind.value for kind in DataType)
_JSON_TYPES: dict[str, tuple[type, ...]] = {"boolean": (bool,), "integer": (int,), "decimal": (int, float)}


@dataclass(frozen=True, slots=True)
class Definition:
    """An attribute definition as published.

    ``where`` names it with its schema, ``of_schema`` marks those of the schema of Schema resources.
    """

    where: str
    item: JSONObject
    parent: JSONObject | None
    of_schema: bool

    @property
    def type(self) -> str:
        """The data type in lower case, ``string`` when there is none."""
        value = self.item.get("type")
        return value.lower() if isinstance(value, str) else "string"


def definitions(schemas: Sequence[JSONObject]) -> Iterator[Definition]:
    """Every attribute and sub-attribute definition of the schemas, at any depth."""
    for schema in schemas:
        of_schema = str(schema.get("id")).lower() == urns.SCHEMA.lower()
        yield from _below(str(schema.get("id") or schema.get("name")), schema.get("attributes"), None, of_schema)


def _below(where: str, listed: Any, parent: JSONObject | None, of_schema: bool) -> Iterator[Definition]:
    for number, item in enumerate(objects(listed)):
        name = item.get("name") if isinstance(item.get("name"), str) else f"[{number}]"
        place = f"{where}{':' if parent is None else '.'}{name}"
        yield Definition(place, item, parent, of_schema)
        yield from _below(place, item.get("subAttributes"), item, of_schema)


Judgement = Callable[[Definition], Iterable[Flaw]]


def judged(schemas: Sequence[JSONObject], judgement: Judgement) -> list[Flaw]:
    """The flaws that a judgement finds in all definitions of the schemas."""
    return [flaw for definition in definitions(schemas) for flaw in judgement(definition)]


# --- judgements of one definition -------------------------------------------------------------------------------------


def name_given(definition: Definition) -> Iterator[Flaw]:
    """A definition has a name (§7)."""
    value = definition.item.get("name")
    if not isinstance(value, str) or not value:
        yield _flaw(definition, "name", "a name")


def name_form(definition: Definition) -> Iterator[Flaw]:
    """A name is a letter followed by letters, digits, '-', '_' and '$' (§2.1); a '$' at the start is tolerated."""
    value = definition.item.get("name")
    if not isinstance(value, str) or value in ("", "$ref") or _NAME.fullmatch(value):
        return
    tolerated = _NAME.fullmatch(value.removeprefix("$")) is not None
    yield _flaw(definition, "name", "a letter, then letters, digits, '-', '_' or '$'", tolerated=tolerated)


def type_keyword(definition: Definition) -> Iterator[Flaw]:
    """The type is one of the eight keywords (§7); a missing one, or another letter case, is tolerated."""
    value = definition.item.get("type")
    if value is None:
        yield _flaw(definition, "type", "a data type", tolerated=True)
    elif value not in _TYPES:
        cased = isinstance(value, str) and value.lower() in {kind.lower() for kind in _TYPES}
        yield _flaw(definition, "type", f"one of {', '.join(_TYPES)}", tolerated=cased)


def keyword(name: str) -> Judgement:
    """A judgement: the characteristic is one of its keywords, spelled exactly so, where it is given."""
    kinds: dict[str, type[Enum]] = {"mutability": Mutability, "returned": Returned, "uniqueness": Uniqueness}
    allowed = [str(member.value) for member in kinds[name]]

    def judge(definition: Definition) -> Iterator[Flaw]:
        if told(definition.item, name) and definition.item[name] not in allowed:
            yield _flaw(definition, name, f"one of {', '.join(allowed)}")

    return judge


def boolean(name: str, *, required: bool = False) -> Judgement:
    """A judgement: the characteristic is a boolean; a ``required`` one may be absent with a warning, others freely."""

    def judge(definition: Definition) -> Iterator[Flaw]:
        value = definition.item.get(name)
        if value is None:
            if required:
                yield _flaw(definition, name, "true or false", tolerated=True)
        elif not isinstance(value, bool):
            yield _flaw(definition, name, "true or false")

    return judge


def description(definition: Definition) -> Iterator[Flaw]:
    """A description is a text where it is given (§7)."""
    if told(definition.item, "description") and not isinstance(definition.item["description"], str):
        yield _flaw(definition, "description", "a text")


def canonical_values(definition: Definition) -> Iterator[Flaw]:
    """Canonical values are an array of values of the attribute's type (§7)."""
    value = definition.item.get("canonicalValues")
    if value is None:
        return
    kinds = _JSON_TYPES.get(definition.type, (str,))
    fits = isinstance(value, list) and all(_is_of(entry, kinds) for entry in value)
    if not fits:
        yield _flaw(definition, "canonicalValues", f"an array of values of type {definition.type}")


def _is_of(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))


def complex_has_parts(definition: Definition) -> Iterator[Flaw]:
    """A complex attribute lists its sub-attributes (§7)."""
    if definition.type == "complex" and not objects(definition.item.get("subAttributes")):
        yield _flaw(definition, "subAttributes", "the sub-attributes of a complex attribute")


def simple_has_no_parts(definition: Definition) -> Iterator[Flaw]:
    """An attribute that is not complex has no sub-attributes (§1.2)."""
    if definition.type != "complex" and definition.item.get("subAttributes"):
        yield _flaw(definition, "subAttributes", f"no sub-attributes of a {definition.type}")


def part_form(definition: Definition) -> Iterator[Flaw]:
    """Sub-attributes are an array of definitions (§7)."""
    value = definition.item.get("subAttributes")
    if value is not None and (not isinstance(value, list) or len(objects(value)) < len(value)):
        yield _flaw(definition, "subAttributes", "an array of attribute definitions")


def part_not_complex(definition: Definition) -> Iterator[Flaw]:
    """No sub-attribute is complex itself (§2.3.8), but for those of the Schema schema."""
    if definition.parent is None or definition.of_schema:
        return
    if definition.type == "complex" or objects(definition.item.get("subAttributes")):
        yield Flaw(definition.where, "a sub-attribute that is not complex", "it is complex")


def meaningless(kind: str) -> Judgement:
    """A judgement: attributes of a type without case and uniqueness claim neither (§2.3.2, §2.3.8)."""

    def judge(definition: Definition) -> Iterator[Flaw]:
        if definition.type != kind:
            return
        if definition.item.get("uniqueness") not in (None, "none"):
            yield _flaw(definition, "uniqueness", f"none, as the attribute is {kind}")
        if definition.item.get("caseExact") not in (None, False):
            yield _flaw(definition, "caseExact", f"no case sensitivity, as the attribute is {kind}")

    return judge


def reference_types_given(definition: Definition) -> Iterator[Flaw]:
    """A reference says what it may refer to (§2.3.7); where it does not, it is tolerated."""
    if definition.type == "reference" and not definition.item.get("referenceTypes"):
        yield _flaw(definition, "referenceTypes", "what the reference may refer to", tolerated=True)


def reference_types_form(definition: Definition) -> Iterator[Flaw]:
    """Reference types are an array of strings, and only references have them (§7)."""
    value = definition.item.get("referenceTypes")
    if value is not None and not texts(value):
        yield _flaw(definition, "referenceTypes", "an array of texts")
    elif value and definition.type != "reference":
        yield _flaw(definition, "referenceTypes", f"none, as the attribute is of type {definition.type}")


def reference_types_known(types: Collection[str]) -> Judgement:
    """A judgement: a reference type is ``external``, ``uri`` or a resource type; the standard's types are tolerated."""

    def judge(definition: Definition) -> Iterator[Flaw]:
        value = definition.item.get("referenceTypes")
        for entry in value if isinstance(value, list) else ():
            if not isinstance(entry, str):
                continue
            if entry not in ("external", "uri", *types):
                expected = "'external', 'uri' or the name of a resource type"
                yield Flaw(f"{definition.where}.referenceTypes", expected, repr(entry), entry in ("User", "Group"))

    return judge


def unquoted(definition: Definition) -> Iterator[Flaw]:
    """Keywords carry no quotation marks of their own (§1.1)."""
    for name in ("name", "type", "mutability", "returned", "uniqueness"):
        value = definition.item.get(name)
        if is_quoted(value):
            yield _flaw(definition, name, "a keyword without quotation marks")
    for name in ("canonicalValues", "referenceTypes"):
        value = definition.item.get(name)
        if isinstance(value, list) and any(map(is_quoted, value)):
            yield _flaw(definition, name, "values without quotation marks")


def is_quoted(value: Any) -> bool:
    """Whether a text begins or ends with a quotation mark."""
    return isinstance(value, str) and len(value) > 1 and (value[0] in "\"'" or value[-1] in "\"'")


# --- judgements of whole schemas --------------------------------------------------------------------------------------


def id_flaws(schemas: Sequence[JSONObject]) -> Iterator[Flaw]:
    """The id of every schema is a URI (§7)."""
    for schema in schemas:
        value = schema.get("id")
        if not isinstance(value, str) or not _URI.fullmatch(value):
            yield Flaw(f"schema {schema.get('name')!r}", "the schema's URI as id", shown(value))


def attributes_flaws(schemas: Sequence[JSONObject]) -> Iterator[Flaw]:
    """Every schema lists its definitions in an array of objects (§7)."""
    for schema in schemas:
        value = schema.get("attributes")
        if not isinstance(value, list) or len(objects(value)) < len(value):
            yield Flaw(str(schema.get("id")), "attributes as an array of definitions", shown(value))


def missing_flaws(schemas: Sequence[JSONObject]) -> Iterator[Flaw]:
    """Schema documents hold id and attributes (§7)."""
    for schema in schemas:
        for name in ("id", "attributes"):
            if name not in schema:
                yield Flaw(str(schema.get("id") or schema.get("name")), f"the attribute {name}", "absent")


def repeated_name_flaws(schemas: Sequence[JSONObject]) -> Iterator[Flaw]:
    """Names do not repeat within a schema or a complex attribute, in any letter case (§2.1, §7)."""
    for schema in schemas:
        yield from _repeated(str(schema.get("id")), schema.get("attributes"))
    for definition in definitions(schemas):
        yield from _repeated(definition.where, definition.item.get("subAttributes"))


def _repeated(where: str, listed: Any) -> Iterator[Flaw]:
    names = [item["name"].lower() for item in objects(listed) if isinstance(item.get("name"), str)]
    for name in repeated(names):
        yield Flaw(where, "every name once", f"{name} occurs again")


def urn_flaws(uris: Iterable[str]) -> Iterator[Flaw]:
    """URIs below ``urn:ietf:params:scim`` have the registered form (§10.2.1); private names there are tolerated."""
    for uri in dict.fromkeys(uris):
        if not uri.lower().startswith("urn:ietf:params:scim"):
            continue
        if not _SCIM_URN.fullmatch(uri):
            yield Flaw("schemas", "urn:ietf:params:scim:{schemas or api}:{name}{:other}", uri)
        elif not _REGISTERED.fullmatch(uri):
            yield Flaw("schemas", "a private schema in a namespace of its own", uri, tolerated=True)


def _flaw(definition: Definition, name: str, expected: str, *, tolerated: bool = False) -> Flaw:
    value = definition.item.get(name)
    observed = "absent" if value is None else shown(value)
    return Flaw(f"{definition.where}.{name}", expected, observed, tolerated)
