"""Creation bodies: the documented samples, and what an endpoint does not declare is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core import urns
from scimcheck.core.errors import UsageError
from scimcheck.core.json import JSON
from scimcheck.core.schema import Attribute, ResourceModel, ResourceType, Schema, SchemaExtension, resource_models
from scimcheck.entra.creation import GROUP_URI, group_body, is_declared, target_attribute, user_body
from scimcheck.entra.data import table
from scimcheck.entra.dialect import Dialect
from scimcheck.entra.shapes import render, sample_variables, shape
from scimcheck.resources import bundled

V = sample_variables()
ENTERPRISE = urns.ENTERPRISE_USER
PERSON: dict[str, JSON] = {
    "externalId": V["externalId"],
    "userName": V["userName"],
    "active": True,
    "displayName": "Mara Lindqvist",
    "name.formatted": "Mara Lindqvist",
    "name.familyName": "Lindqvist",
    "name.givenName": "Mara",
    'emails[type eq "work"].value': V["mail"],
}
EVERYTHING: dict[str, JSON] = {
    **PERSON,
    "title": "Planner",
    "preferredLanguage": "nb",
    'addresses[type eq "work"].formatted': "Building C, room 208",
    'addresses[type eq "work"].streetAddress': "14 Harbour Road",
    'addresses[type eq "work"].locality': "Bergen",
    'addresses[type eq "work"].region': "Vestland",
    'addresses[type eq "work"].postalCode': "5003",
    'addresses[type eq "work"].country': "NO",
    'phoneNumbers[type eq "work"].value': "+47 55 00 00 01",
    'phoneNumbers[type eq "mobile"].value': "+47 90 00 00 02",
    'phoneNumbers[type eq "fax"].value': "+47 55 00 00 03",
    f"{ENTERPRISE}:employeeNumber": "40817",
    f"{ENTERPRISE}:department": "Finance",
}
GROUP: dict[str, JSON] = {"externalId": V["groupExternalId"], "displayName": V["groupName"]}


def standard_models() -> dict[str, ResourceModel]:
    schemas = [
        Schema.from_json(json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((bundled("fixtures") / "schemas").glob("*.json"))
    ]
    kinds = [
        ResourceType("User", "/Users", urns.USER, (SchemaExtension(ENTERPRISE),)),
        ResourceType("Group", "/Groups", urns.GROUP),
    ]
    return {model.name: model for model in resource_models(kinds, schemas)}


MODELS = standard_models()
USER_MODEL, GROUP_MODEL = MODELS["User"], MODELS["Group"]


@pytest.mark.parametrize("model", [None, USER_MODEL])
@pytest.mark.parametrize(
    ("shape_id", "values"),
    [
        ("create.user.documented", PERSON),
        ("create.user.default_mapping", EVERYTHING),
        (
            "create.user.manager_object",
            {
                **PERSON,
                "displayName": "Nia Castellan",
                "name.formatted": "Nia Castellan",
                "name.familyName": "Castellan",
                "name.givenName": "Nia",
                f"{ENTERPRISE}:department": "Ops",
                f"{ENTERPRISE}:manager": {"value": V["managerId"]},
            },
        ),
    ],
)
def test_user_body_is_the_documented_one(
    shape_id: str, values: Mapping[str, JSON], model: ResourceModel | None
) -> None:
    expected = render(shape(shape_id), V).json
    body = user_body(values, model)
    if model is not None and model.find(None, "addresses", "primary") is None:
        # Declared without primary, an address has none.
        for address in (expected or {}).get("addresses", []):
            del address["primary"]
    assert body == expected


@pytest.mark.parametrize(
    ("shape_id", "dialect"),
    [("create.group.documented", Dialect.LEGACY), ("create.group.core_only", Dialect.COMPLIANT)],
)
def test_group_body_is_the_documented_one(shape_id: str, dialect: Dialect) -> None:
    assert group_body(GROUP, GROUP_MODEL, dialect=dialect) == render(shape(shape_id), V).json


def test_groups_are_created_without_members() -> None:
    assert "members" not in group_body({**GROUP, "members": [{"value": "1"}]})


def test_microsofts_group_uri_comes_second() -> None:
    assert group_body({}, dialect=Dialect.LEGACY)["schemas"] == [urns.GROUP, GROUP_URI]


def test_custom_extension_is_not_named_in_schemas() -> None:
    custom = "urn:ietf:params:scim:schemas:extension:Northwind:2.0:User"
    body = user_body({"userName": "a", f"{custom}:costCentre": "P-20"})
    assert body["schemas"] == [urns.USER, ENTERPRISE]
    assert body[custom] == {"costCentre": "P-20"}


def test_core_attributes_may_be_named_by_their_urn() -> None:
    assert user_body({f"{urns.USER}:title": "Planner"})["title"] == "Planner"


def test_nulls_are_left_out() -> None:
    body = user_body({"userName": "a", "title": None, 'emails[type eq "work"].value': None})
    assert set(body) == {"schemas", "userName", "meta", "roles"}


def test_what_the_endpoint_does_not_declare_is_left_out() -> None:
    core = Schema(urns.USER, attributes=(Attribute("userName"), Attribute("active")))
    bare = ResourceModel(ResourceType("User", "/Users", urns.USER), core)
    assert user_body(EVERYTHING, bare) == {
        "schemas": [urns.USER, ENTERPRISE],
        "externalId": V["externalId"],
        "userName": V["userName"],
        "active": True,
        "meta": {"resourceType": "User"},
    }


@pytest.mark.parametrize(
    ("path", "declared"),
    [
        ("userName", True),
        ("name.givenName", True),
        ("name.alias", False),
        ('emails[type eq "work"].value', True),
        ('emails[colour eq "red"].value', False),
        (f"{ENTERPRISE}:department", True),
        ("urn:example:User:department", False),
        ("id", False),
        ("meta.created", False),
    ],
)
def test_declared_target_attributes(path: str, declared: bool) -> None:
    assert is_declared(path, USER_MODEL) is declared


def test_string_booleans_are_a_matter_of_the_legacy_dialect() -> None:
    values: dict[str, JSON] = {"userName": "a", "active": False}
    assert user_body(values, dialect=Dialect.LEGACY)["active"] is False
    assert user_body(values, dialect=Dialect.LEGACY, text_booleans=True)["active"] == "False"
    assert user_body(values, dialect=Dialect.COMPLIANT, text_booleans=True)["active"] is False


def test_work_value_is_primary_among_several() -> None:
    body = user_body({'emails[type eq "home"].value': "h@example.com", 'emails[type eq "work"].value': "w@example.com"})
    assert [(entry["type"], entry["primary"]) for entry in body["emails"]] == [("home", False), ("work", True)]


def test_a_role_behind_a_filter_on_primary_is_one_role() -> None:
    body = user_body({'roles[primary eq "True"].value': "Editor", 'roles[primary eq "True"].display': "Editor"})
    assert body["roles"] == [{"primary": True, "value": "Editor", "display": "Editor"}]


@pytest.mark.parametrize("path", ["name.", 'emails[type co "w"].value', 'emails[type eq "a" or type eq "b"].value'])
def test_unusable_target_attribute_is_a_usage_error(path: str) -> None:
    with pytest.raises(UsageError, match="target attribute"):
        target_attribute(path)


OFFERED = [attribute["name"] for attribute in table("default_mappings")["target_attributes"]]
TARGETS = [name for name in OFFERED if not name.endswith((".type", ".primary"))]


@given(st.dictionaries(st.sampled_from(TARGETS), st.one_of(st.none(), st.text(max_size=5))))
def test_each_value_is_in_the_body_once(values: dict[str, JSON]) -> None:
    """Law: the body holds every declared value that is not null, and no others."""
    sent = [value for path, value in values.items() if value is not None and is_declared(path, USER_MODEL)]
    body = user_body(values, USER_MODEL)
    del body["schemas"], body["meta"]
    assert sorted(map(str, sent)) == sorted(map(str, _leaves(body)))


def _leaves(value: JSON, key: str = "") -> list[JSON]:
    if isinstance(value, dict):
        return [leaf for name, item in value.items() for leaf in _leaves(item, name)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [] if key in ("type", "primary") else [value]
