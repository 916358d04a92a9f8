"""The form of schema definitions: each judgement finds its flaw, and only that."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.checks import definitions
from scimcheck.checks.definitions import Judgement
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.harness.documents import standard_schemas

PART: JSONObject = {"name": "value", "type": "string", "multiValued": False}

JUDGEMENTS: dict[str, Judgement] = {
    "name": definitions.name_given,
    "form": definitions.name_form,
    "type": definitions.type_keyword,
    "mutability": definitions.keyword("mutability"),
    "returned": definitions.keyword("returned"),
    "uniqueness": definitions.keyword("uniqueness"),
    "multiValued": definitions.boolean("multiValued", required=True),
    "required": definitions.boolean("required"),
    "caseExact": definitions.boolean("caseExact"),
    "description": definitions.description,
    "canonicalValues": definitions.canonical_values,
    "complex": definitions.complex_has_parts,
    "simple": definitions.simple_has_no_parts,
    "parts": definitions.part_form,
    "nesting": definitions.part_not_complex,
    "booleans": definitions.meaningless("boolean"),
    "complexes": definitions.meaningless("complex"),
    "references": definitions.reference_types_given,
    "referenceTypes": definitions.reference_types_form,
    "targets": definitions.reference_types_known({"User", "Group"}),
    "quotes": definitions.unquoted,
}


def schema(**item: Any) -> list[JSONObject]:
    return [{"id": "urn:example:Thing", "attributes": [{**PART, "name": "thing", **item}]}]


def found(schemas: list[JSONObject]) -> dict[str, bool]:
    """The judgements that see a flaw, each with whether all of its flaws are tolerated."""
    judged = {name: definitions.judged(schemas, judgement) for name, judgement in JUDGEMENTS.items()}
    return {name: all(flaw.tolerated for flaw in flaws) for name, flaws in judged.items() if flaws}


def test_the_standards_schemas_have_no_flaw() -> None:
    assert found(list(standard_schemas().values())) == {}


@pytest.mark.parametrize(
    ("item", "flaws"),
    [
        ({"name": ""}, {"name": False}),
        ({"name": None}, {"name": False}),
        ({"name": "1st"}, {"form": False}),
        ({"name": "$ref"}, {}),
        ({"name": "$type"}, {"form": True}),
        ({"type": None}, {"type": True}),
        ({"type": "String"}, {"type": True}),
        ({"type": "text"}, {"type": False}),
        ({"mutability": "readonly"}, {"mutability": False}),
        ({"returned": "Default"}, {"returned": False}),
        ({"uniqueness": True}, {"uniqueness": False}),
        ({"multiValued": None}, {"multiValued": True}),
        ({"multiValued": 0}, {"multiValued": False}),
        ({"required": "true"}, {"required": False}),
        ({"caseExact": 1}, {"caseExact": False}),
        ({"description": 1}, {"description": False}),
        ({"canonicalValues": "a"}, {"canonicalValues": False}),
        ({"canonicalValues": []}, {}),
        ({"canonicalValues": [1, 2]}, {"canonicalValues": False}),
        ({"canonicalValues": [1, 2], "type": "integer"}, {}),
        ({"type": "complex"}, {"complex": False}),
        ({"subAttributes": [PART]}, {"simple": False}),
        ({"subAttributes": None}, {}),
        ({"type": "complex", "subAttributes": [PART]}, {}),
        ({"type": "complex", "subAttributes": [PART, "x"]}, {"parts": False}),
        ({"type": "complex", "subAttributes": [{**PART, "type": "complex"}]}, {"complex": False, "nesting": False}),
        ({"type": "complex", "subAttributes": [PART], "uniqueness": "server"}, {"complexes": False}),
        ({"type": "boolean", "caseExact": True}, {"booleans": False}),
        ({"type": "boolean", "uniqueness": "none", "caseExact": False}, {}),
        ({"type": "reference"}, {"references": True}),
        ({"type": "reference", "referenceTypes": ["uri", "User"]}, {}),
        ({"type": "reference", "referenceTypes": "uri"}, {"referenceTypes": False}),
        ({"type": "reference", "referenceTypes": ["Ship"]}, {"targets": False}),
        ({"referenceTypes": ["uri"]}, {"referenceTypes": False}),
        ({"mutability": '"readOnly"'}, {"mutability": False, "quotes": False}),
    ],
)
def test_each_judgement_sees_its_own_flaw(item: JSONObject, flaws: dict[str, bool]) -> None:
    assert found(schema(**item)) == flaws


def test_the_schema_of_schemas_may_nest() -> None:
    nested = schema(type="complex", subAttributes=[{**PART, "type": "complex", "subAttributes": [PART]}])
    nested[0]["id"] = urns.SCHEMA
    assert found(nested) == {}


@pytest.mark.parametrize(
    ("uri", "flaws"),
    [
        (urns.USER, []),
        (urns.ENTERPRISE_USER, []),
        (urns.LIST_RESPONSE, []),
        ("urn:example:Thing", []),
        ("urn:ietf:params:scim:schemas:extension:acme:2.0:User", [True]),
        ("urn:ietf:params:scim:thing:User", [False]),
        ("urn:ietf:params:scim:schemas", [False]),
    ],
)
def test_urns_below_scim(uri: str, flaws: list[bool]) -> None:
    assert [flaw.tolerated for flaw in definitions.urn_flaws([uri])] == flaws


def test_names_repeat_on_their_own_level_only() -> None:
    item = {**PART, "name": "thing", "type": "complex", "subAttributes": [PART, {**PART, "name": "thing"}]}
    assert list(definitions.repeated_name_flaws([{"id": "a", "attributes": [item, PART]}])) == []
    assert (
        len(list(definitions.repeated_name_flaws([{"id": "a", "attributes": [PART, {**PART, "name": "VALUE"}]}]))) == 1
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ITEM = st.dictionaries(
    st.sampled_from([*PART, "subAttributes", "canonicalValues", "referenceTypes", "caseExact"]), JSON
)
WHOLE: tuple[Callable[..., Any], ...] = (
    definitions.id_flaws,
    definitions.attributes_flaws,
    definitions.missing_flaws,
    definitions.repeated_name_flaws,
)


@given(attributes=st.lists(ITEM, max_size=3) | JSON)
def test_no_document_is_too_odd_to_be_judged(attributes: Any) -> None:
    schemas = [{"id": "urn:example:Odd", "attributes": attributes}]
    found(schemas)
    for judgement in WHOLE:
        list(judgement(schemas))
