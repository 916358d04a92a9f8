"""SCIM schemas as JSON Schema."""

from __future__ import annotations

from typing import Any

import pytest
from core_models import GADGET, GROUP, USER
from core_patching import BADGE, BADGE_URN, ENTERPRISE, LOCK_URN, badge, user
from core_resources import badges
from hypothesis import given
from jsonschema import Draft202012Validator

from scimcheck.core import urns
from scimcheck.core.jsonschema import json_schema
from scimcheck.core.projection import project
from scimcheck.core.schema import ResourceModel, ResourceType, SchemaExtension
from scimcheck.core.values import type_error


def valid(resource: Any, model: ResourceModel, **options: bool) -> bool:
    return Draft202012Validator(json_schema(model, **options)).is_valid(resource)


@pytest.mark.parametrize("model", [USER, GROUP, GADGET, BADGE])
@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("projected", [True, False])
def test_it_is_a_json_schema(model: ResourceModel, strict: bool, projected: bool) -> None:
    schema = json_schema(model, strict=strict, projected=projected)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"active": True, "title": None, "emails": [], "phoneNumbers": None, "name": None},
        {"emails": [{"value": "x", "primary": True, "display": None}, {}]},
        {"meta": {"created": "2011-08-01T18:29:49.793Z", "location": "../Users/1", "version": 'W/"1"'}},
        {"profileUrl": "https://example.test/b", "x509Certificates": [{"value": "aGk="}]},
        {ENTERPRISE: {"manager": {"value": "m1", "$ref": "../Users/m1"}}},
        {ENTERPRISE: None},
        {"groups": [{"value": "g", "$ref": "../Groups/g"}]},
    ],
)
def test_sound_users(attributes: dict[str, Any]) -> None:
    assert valid(user(**attributes), USER, strict=True)


@pytest.mark.parametrize(
    "attributes",
    [
        {"id": None},
        {"id": 7},
        {"schemas": None},
        {"schemas": urns.USER},
        {"schemas": [1]},
        {"userName": None},
        {"userName": ["bjensen"]},
        {"active": "True"},
        {"active": 1},
        {"title": 7},
        {"name": "Ann"},
        {"name": [{"givenName": "Ann"}]},
        {"name": {"givenName": 7}},
        {"emails": {"value": "x"}},
        {"emails": ["x"]},
        {"emails": [None]},
        {"emails": [{"value": "x", "primary": "true"}]},
        {"meta": {"created": "2011-08-01"}},
        {"meta": {"created": 1312223389}},
        {"password": "secret"},
        {"password": None},
        {"x509Certificates": [{"value": "not base64!"}]},
        {ENTERPRISE: []},
        {ENTERPRISE: {"employeeNumber": 7}},
        {ENTERPRISE: {"manager": "m1"}},
    ],
)
def test_faulty_users(attributes: dict[str, Any]) -> None:
    assert not valid(user(**attributes), USER)


@pytest.mark.parametrize("name", ["id", "schemas", "userName"])
def test_what_is_required_is_present(name: str) -> None:
    resource = {key: value for key, value in user().items() if key != name}
    assert not valid(resource, USER)
    assert valid(resource, USER, projected=True) is (name != "id")


def test_projected_parts_need_not_be_complete() -> None:
    assert valid({"id": "77", "slots": [{"type": "x"}]}, BADGE, projected=True)
    assert not valid(badge(slots=[{"type": "x"}]), BADGE)


@pytest.mark.parametrize(
    "extra", [{"colour": "red"}, {"name": {"colour": "red"}}, {"emails": [{"colour": "red"}]}, {ENTERPRISE: {"x": 1}}]
)
def test_undefined_attributes_are_refused_when_strict(extra: dict[str, Any]) -> None:
    assert valid(user(**extra), USER)
    assert not valid(user(**extra), USER, strict=True)


def test_a_required_extension() -> None:
    kind = ResourceType("Badge", "/Badges", BADGE_URN, (SchemaExtension(LOCK_URN, required=True),))
    model = ResourceModel(kind, BADGE.core, BADGE.extensions)
    assert valid(badge(**{LOCK_URN: {"code": "1"}}), model)
    assert not valid(badge(), model)
    assert not valid(badge(**{LOCK_URN: None}), model)
    assert valid(badge(), model, projected=True)
    assert not valid(badge(**{LOCK_URN: {"colour": "red"}}), BADGE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[
            ("since", text)
            for text in (
                "2020-01-31T23:59:59Z",
                "2020-01-01T00:00:00",
                "2020-01-01T00:00:00.123456789+14:00",
                "2020-01-01T24:00:00Z",
                "2020-01-01T24:00:01Z",
                "2020-01-01",
                "2020-13-01T00:00:00Z",
                "2020-01-01T00:00:00Z\n",
                "2020-01-01 00:00:00Z",
                "2020-01-01T00:00:00z",
                "٢٠٢٠-01-01T00:00:00Z",
                "20200101T000000Z",
                "2020-01-01T00:00Z",
                "",
            )
        ],
        *[
            ("key", text)
            for text in (
                "",
                "aGk=",
                "aGk",
                "aGVsbG8",
                "_-_-",
                "+/+/",
                "a",
                "aGk==",
                "aG=k",
                "aGk=\n",
                "a Gk",
                "+_aa",
                "aaaa=",
            )
        ],
        *[("level", number) for number in (0, -1, 10**30, 1.5, "1", True)],
        *[("ratio", number) for number in (0, 1.5, "1.5", False)],
        *[("active", flag) for flag in (True, False, "true", 0)],
        *[("tags", tags) for tags in (["a"], [], None, "a", [1], {"value": "a"})],
        *[("link", text) for text in ("https://example.test/", "../x", "urn:a:b", 7)],
    ],
)
def test_agrees_with_the_types_of_values(name: str, value: Any) -> None:
    """The wire's judge and PATCH's judge of one value."""
    attribute = GADGET.core.attribute(name)
    assert attribute is not None
    assert valid({"schemas": ["x"], "id": "1", name: value}, GADGET) is (type_error(value, attribute) is None)


@given(badges())
def test_projected_resources_are_valid(stored: dict[str, Any]) -> None:
    assert valid(project(stored, BADGE), BADGE, strict=True)
    assert valid(project(stored, BADGE, ["slots.type"]), BADGE, strict=True, projected=True)
