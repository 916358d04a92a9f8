"""A published schema against the standard's: what is a flaw, what is worth a warning, what is fine."""

import copy
from typing import Any

import pytest

from scimcheck.checks.comparison import Variations, attribute_flaws
from scimcheck.checks.flaws import Flaw
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.harness.documents import schema_variations, standard_schemas

URNS = (urns.USER, urns.GROUP, urns.ENTERPRISE_USER, urns.SERVICE_PROVIDER_CONFIG, urns.RESOURCE_TYPE, urns.SCHEMA)


def standard(urn: str) -> JSONObject:
    return copy.deepcopy(standard_schemas()[urn.lower()])


def definition(schema: JSONObject, path: str) -> JSONObject:
    item = schema
    for name in path.split("."):
        item = next(i for i in item.get("attributes", item.get("subAttributes", [])) if i["name"] == name)
    return item


def flaws(urn: str, path: str, **changes: Any) -> list[Flaw]:
    published = standard(urn)
    definition(published, path).update(changes)
    return compared(urn, published, path)


def compared(urn: str, published: JSONObject, path: str) -> list[Flaw]:
    variations = Variations.of(schema_variations(), urn)
    return list(attribute_flaws(published, standard(urn), variations, [path.partition(".")[0]]))


@pytest.mark.parametrize("urn", URNS)
def test_the_standard_equals_itself(urn: str) -> None:
    for item in standard(urn)["attributes"]:
        assert compared(urn, standard(urn), item["name"]) == []


@pytest.mark.parametrize(
    ("urn", "path", "changes"),
    [
        (urns.USER, "title", {"required": True}),
        (urns.USER, "title", {"uniqueness": "server"}),
        (urns.USER, "userName", {"uniqueness": "global"}),
        (urns.USER, "profileUrl", {"caseExact": True}),
        (urns.USER, "emails.display", {"mutability": "readOnly"}),
        (urns.USER, "emails.type", {"canonicalValues": ["work"]}),
        (urns.USER, "title", {"description": "another"}),
        (urns.GROUP, "displayName", {"required": False}),
        (urns.GROUP, "members.type", {"mutability": "readOnly"}),
        (urns.RESOURCE_TYPE, "schemaExtensions", {"multiValued": False}),
        (urns.USER, "title", dict.fromkeys(("caseExact", "returned", "uniqueness", "mutability", "type"))),
    ],
)
def test_legitimate_variations_are_no_flaws(urn: str, path: str, changes: dict[str, Any]) -> None:
    assert flaws(urn, path, **changes) == []


@pytest.mark.parametrize(
    ("urn", "path", "changes"),
    [
        (urns.USER, "title", {"mutability": "readOnly"}),
        (urns.USER, "title", {"returned": "request"}),
        (urns.USER, "nickName", {"caseExact": True}),
        (urns.USER, "userName", {"caseExact": True}),
        (urns.USER, "active", {"caseExact": True}),
    ],
)
def test_some_variations_deserve_a_warning(urn: str, path: str, changes: dict[str, Any]) -> None:
    found = flaws(urn, path, **changes)
    assert found
    assert all(flaw.tolerated for flaw in found)


@pytest.mark.parametrize(
    ("urn", "path", "changes"),
    [
        (urns.USER, "title", {"type": "integer"}),
        (urns.USER, "title", {"multiValued": True}),
        (urns.USER, "emails", {"multiValued": None}),
        (urns.USER, "title", {"returned": "never"}),
        (urns.USER, "title", {"mutability": "writeOnly"}),
        (urns.USER, "userName", {"required": False}),
        (urns.USER, "userName", {"uniqueness": "none"}),
        (urns.USER, "password", {"returned": "default"}),
        (urns.USER, "groups", {"mutability": "readWrite"}),
        (urns.USER, "active", {"uniqueness": "server"}),
        (urns.USER, "emails.value", {"type": "complex"}),
        (urns.GROUP, "members.value", {"mutability": "readWrite"}),
        (urns.ENTERPRISE_USER, "manager.displayName", {"mutability": "readWrite"}),
        (urns.SERVICE_PROVIDER_CONFIG, "patch", {"mutability": "readWrite"}),
        (urns.SCHEMA, "attributes.subAttributes.name", {"mutability": "readWrite"}),
    ],
)
def test_other_differences_are_flaws(urn: str, path: str, changes: dict[str, Any]) -> None:
    assert [flaw for flaw in flaws(urn, path, **changes) if not flaw.tolerated]


def test_a_missing_attribute_is_a_flaw_where_its_presence_is_firm() -> None:
    published = standard(urns.USER)
    published["attributes"] = [i for i in published["attributes"] if i["name"] not in ("userName", "title")]
    assert len(compared(urns.USER, published, "userName")) == 1
    assert compared(urns.USER, published, "title") == []


def test_a_sub_attribute_of_ones_own_is_worth_a_warning() -> None:
    published = standard(urns.USER)
    definition(published, "emails")["subAttributes"].append({"name": "verified", "type": "boolean"})
    definition(published, "addresses")["subAttributes"].append({"name": "primary", "type": "boolean"})
    assert [flaw.tolerated for flaw in compared(urns.USER, published, "emails")] == [True]
    assert compared(urns.USER, published, "addresses") == []
