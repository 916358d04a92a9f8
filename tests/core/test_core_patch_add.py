"""The add operation (RFC 7644 §3.5.2.1), by the letter."""

from __future__ import annotations

from typing import Any

import pytest
from core_models import GROUP
from core_patching import BADGE, ENTERPRISE, badge, group, op, patch, user

from scimcheck.core import urns
from scimcheck.core.errors import InvalidPath, InvalidValue, NoTarget
from scimcheck.core.patch import unchanged

WORK = {"value": "w@example.test", "type": "work"}
HOME = {"value": "h@example.test", "type": "home"}


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        ({}, "title", "Guide", {"title": "Guide"}),
        ({"title": "Guide"}, "title", "Boss", {"title": "Boss"}),
        ({}, "TITLE", "Guide", {"title": "Guide"}),
        ({"TITLE": "Guide"}, "title", "Boss", {"TITLE": "Boss"}),
        ({}, f"{urns.USER}:title", "Guide", {"title": "Guide"}),
        ({}, f"{urns.USER.upper()}:TITLE", "Guide", {"title": "Guide"}),
        ({}, "active", False, {"active": False}),
        ({}, "externalId", "42", {"externalId": "42"}),
        ({}, "name.givenName", "Ann", {"name": {"givenName": "Ann"}}),
        (
            {"name": {"givenName": "A", "familyName": "J"}},
            "name.givenName",
            "Ann",
            {"name": {"givenName": "Ann", "familyName": "J"}},
        ),
        (
            {"name": {"familyName": "J"}},
            "name",
            {"GIVENNAME": "Ann"},
            {"name": {"familyName": "J", "givenName": "Ann"}},
        ),
        ({}, "emails", WORK, {"emails": [WORK]}),
        ({}, "emails", [WORK, HOME], {"emails": [WORK, HOME]}),
        ({"emails": [WORK]}, "emails", HOME, {"emails": [WORK, HOME]}),
        ({"emails": [WORK]}, "emails", [WORK, HOME, HOME], {"emails": [WORK, HOME]}),
        ({"emails": [WORK]}, "emails", {"value": "W@EXAMPLE.TEST"}, {"emails": [WORK]}),
        ({"emails": [WORK]}, "emails", {**WORK, "type": "home"}, {"emails": [WORK, {**WORK, "type": "home"}]}),
        ({"emails": [WORK]}, "emails", {**WORK, "display": "W"}, {"emails": [{**WORK, "display": "W"}]}),
        ({"emails": [WORK]}, "emails", [], {"emails": [WORK]}),
        ({"emails": [WORK]}, "emails", None, {"emails": [WORK]}),
        ({"emails": None}, "emails", WORK, {"emails": [WORK]}),
        ({"emails": [WORK, HOME]}, 'emails[type eq "home"].display', "H", {"emails": [WORK, {**HOME, "display": "H"}]}),
        (
            {"emails": [WORK, HOME]},
            'emails[type eq "home"]',
            {"display": "H"},
            {"emails": [WORK, {**HOME, "display": "H"}]},
        ),
        (
            {"emails": [WORK, HOME]},
            "emails.display",
            "E",
            {"emails": [{**WORK, "display": "E"}, {**HOME, "display": "E"}]},
        ),
        (
            {"addresses": [{"type": "work", "locality": "Rome"}]},
            "addresses",
            {"type": "work", "locality": "rome"},
            {"addresses": [{"type": "work", "locality": "Rome"}]},
        ),
        (
            {"addresses": [{"type": "work", "locality": "Rome"}]},
            "addresses",
            {"type": "work", "locality": "Oslo"},
            {"addresses": [{"type": "work", "locality": "Rome"}, {"type": "work", "locality": "Oslo"}]},
        ),
        ({}, "password", "secret", {"password": "secret"}),
    ],
)
def test_add_at_a_path(before: dict[str, Any], path: str, value: Any, after: dict[str, Any]) -> None:
    assert patch(user(**before), op("add", path, value)) == user(**after)


def test_add_without_path_adds_each_attribute() -> None:
    value = {"nickName": "Babs", "EMAILS": [HOME], "name": {"familyName": "J"}, ENTERPRISE: {"costCenter": "4130"}}
    after = patch(user(emails=[WORK]), op("add", None, value))
    assert after == user(
        schemas=[urns.USER, ENTERPRISE],
        nickName="Babs",
        emails=[WORK, HOME],
        name={"familyName": "J"},
        **{ENTERPRISE: {"costCenter": "4130"}},
    )


@pytest.mark.parametrize("value", ["x", 1, True, None, [], [{"title": "x"}, {"title": "y"}]])
def test_add_without_path_needs_an_object(value: Any) -> None:
    with pytest.raises(InvalidValue):
        patch(user(), op("add", None, value))


def test_extension_attribute_brings_its_urn_into_schemas() -> None:
    after = patch(user(), op("add", f"{ENTERPRISE}:employeeNumber", "701984"))
    assert after["schemas"] == [urns.USER, ENTERPRISE]
    assert after[ENTERPRISE] == {"employeeNumber": "701984"}


def test_schemas_can_be_added_first() -> None:
    """RFC7644-3.5.2-16: later operations see the changed schemas."""
    steps = [op("add", "schemas", [ENTERPRISE]), op("add", f"{ENTERPRISE}:division", "Parks")]
    after = patch(user(), *steps)
    assert after["schemas"] == [urns.USER, ENTERPRISE]


def test_schemas_take_only_what_the_resource_type_declares() -> None:
    with pytest.raises(InvalidValue):
        patch(user(), op("add", "schemas", [urns.GROUP]))


def test_members_are_a_set_by_id() -> None:
    """What else is said of a member that is there already, changes nothing; ids differ by letter case."""
    before = group("a", "b")
    assert (
        patch(before, op("add", "members", [{"value": "a", "$ref": "../Users/a"}, {"value": "b"}]), model=GROUP)
        == before
    )
    after = patch(before, op("add", "members", [{"value": "A"}, {"value": "c"}]), model=GROUP)
    assert [m["value"] for m in after["members"]] == ["a", "b", "A", "c"]


def test_simple_values_are_a_set() -> None:
    after = patch(badge(doors=["A"]), op("add", "doors", ["a", "B", "B"]), model=BADGE)
    assert after["doors"] == ["A", "B"]
    assert patch(after, op("add", "doors", "B"), model=BADGE) == after


def test_primary_moves_to_the_new_value() -> None:
    before = user(emails=[{**WORK, "primary": True}, HOME])
    added = patch(before, op("add", "emails", {"value": "n@example.test", "primary": True}))
    assert [e.get("primary") for e in added["emails"]] == [False, None, True]
    selected = patch(before, op("add", 'emails[type eq "home"].primary', True))
    assert [e.get("primary") for e in selected["emails"]] == [False, True]
    known = patch(before, op("add", "emails", {**HOME, "primary": True}))
    assert [e.get("primary") for e in known["emails"]] == [False, True]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("emails", [{**WORK, "primary": True}, {**HOME, "primary": True}]),
        ("emails.primary", True),
        ("emails[value pr].primary", True),
    ],
)
def test_two_primary_values_are_refused(path: str, value: Any) -> None:
    with pytest.raises(InvalidValue):
        patch(user(emails=[WORK, HOME]), op("add", path, value))


@pytest.mark.parametrize("path", ['emails[type eq "other"].value', 'emails[type eq "other"]', "phoneNumbers.value"])
def test_add_to_no_value_has_no_target(path: str) -> None:
    with pytest.raises(NoTarget):
        patch(user(emails=[WORK]), op("add", path, {"value": "x"} if path.endswith("]") else "x"))


@pytest.mark.parametrize(
    "path",
    [
        "doesNotExist",
        "name.doesNotExist",
        "title.sub",
        "urn:example:none:title",
        f"{ENTERPRISE}:title",
        "manager",
        'emails[colour eq "x"].value',
        'name[givenName eq "x"].familyName',
        'userName[value eq "x"]',
        ENTERPRISE,
        urns.USER,
    ],
)
def test_path_to_nothing_defined_is_invalid(path: str) -> None:
    with pytest.raises(InvalidPath):
        patch(user(name={"givenName": "x"}, emails=[WORK]), op("add", path, "x"))


def test_adding_what_is_there_changes_nothing() -> None:
    before = user(title="Guide", emails=[WORK, {**HOME, "primary": True}], name={"givenName": "Ann"})
    steps = [op("add", "title", "Guide"), op("add", "emails", [HOME, WORK]), op("add", "name.givenName", "Ann")]
    assert unchanged(before, patch(before, *steps))


@pytest.mark.parametrize(
    ("operation", "after"),
    [
        (op("add", 'slots[type eq "a"].sizes', [2, 3]), [{"value": "v", "type": "a", "sizes": [1, 2, 3]}]),
        (op("add", "slots.sizes", 4), [{"value": "v", "type": "a", "sizes": [1, 2, 4]}]),
        (op("replace", "slots.sizes", [3]), [{"value": "v", "type": "a", "sizes": [3]}]),
    ],
)
def test_values_join_those_of_a_sub_attribute(operation: dict[str, Any], after: list[Any]) -> None:
    """A sub-attribute may have several values, and they are values like any others."""
    before = {**badge(), "slots": [{"value": "v", "type": "a", "sizes": [1, 2]}]}
    assert patch(before, operation, model=BADGE)["slots"] == after


def test_values_join_those_of_a_single_values_sub_attribute() -> None:
    before = {**badge(), "maker": {"name": "M", "brands": ["x"]}}
    assert patch(before, op("add", "maker.brands", ["X", "y"]), model=BADGE)["maker"]["brands"] == ["x", "y"]
