"""Values, bodies and comparisons of the validation."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.apps import load_app
from scimcheck.entra.gallery import comparison
from scimcheck.entra.gallery.app_mapping import mapping_of
from scimcheck.entra.gallery.bodies import replacing
from scimcheck.entra.gallery.flattening import Flattened
from scimcheck.entra.gallery.mapping import GalleryMapping, Row, default_mapping
from scimcheck.entra.gallery.values import Values, put, updatable
from scimcheck.provider.definitions import standard_definitions

ENT = urns.ENTERPRISE_USER
MAIL, HOME = 'emails[type eq "work"].value', 'emails[type eq "home"].value'


def _values(**more: Any) -> Values:
    return Values(7, "run", **more)


def _rows(*targets: str) -> list[Row]:
    return [Row(target, source="nothing") for target in targets]


def test_one_seed_gives_one_body() -> None:
    """Values depend on the seed, names on the run."""
    rows = default_mapping().user
    one, two = (_values().body(rows, "x@example.com") for _ in range(2))
    assert one == two
    assert Values(7, "a").user_name("la") != Values(7, "b").user_name("la")


def test_the_generic_body_is_placed_as_the_validation_places_it() -> None:
    """Extensions by URN, list entries by their key with the first one primary, names nested."""
    rows = [*_rows("userName", "externalId", "active", "displayName", "title", "name.givenName", MAIL, HOME)]
    rows += _rows(f"{ENT}:department", 'roles[primary eq "True"].value')
    rows += [Row("manager", type="Reference")]
    body = _values().body(rows, "lascuser1@example.com")
    assert body["schemas"] == [urns.USER, ENT]
    assert (body["userName"], body["active"], body["displayName"]) == ("lascuser1@example.com", True, "SCIM Test User")
    assert body["title"] == "Test Engineer"
    assert body["name"] == {"givenName": "Test"}
    assert [(entry["type"], entry["primary"]) for entry in body["emails"]] == [("work", True), ("home", False)]
    assert body["emails"][0]["value"].startswith("lasctest")
    assert body[ENT]["department"].startswith("Test-department-")
    assert body["roles"] == [{"type": "True", "primary": True, "value": "TestRole"}]
    assert "manager" not in body
    assert len(body["externalId"]) == 36


def test_configured_and_canonical_values_win() -> None:
    """Restricted attributes get what the endpoint accepts."""
    values = _values(own=[{"title": "Engineer"}, {"title": "Lead"}], canonical={"usertype": ("Employee",)})
    body = values.body(_rows("title", "userType"), "x", 0)
    assert (body["title"], body["userType"]) == ("Engineer", "Employee")
    assert values.updates(_rows("title"))["title"] == "Lead"


@pytest.mark.parametrize(
    ("row", "eligible"),
    [
        (Row("title"), True),
        (Row("userName"), True),
        (Row("externalId"), True),
        (Row('roles[primary eq "True"].value'), True),
        (Row("roles"), False),
        (Row("active", type="Boolean"), False),
        (Row("manager", type="Reference"), False),
        (Row("tags", multi_valued=True), False),
        (Row("x", mutability="readOnly"), False),
        (Row("x", type="Complex"), False),
    ],
)
def test_what_the_direct_update_changes(row: Row, eligible: bool) -> None:
    assert updatable(row) is eligible


def test_source_users_follow_the_mapping() -> None:
    """Every mapped attribute has a value, an update changes each of them, and join expressions read their parts."""
    mapping, values = default_mapping(), _values()
    before = values.source_user(mapping, 0, "create")
    after = values.updated_user(mapping, 0, before)
    rows = [row for row in mapping.user if not row.is_reference and row.target not in ("active", "preferredLanguage")]
    same = [row.target for row in rows if row.value(before) == row.value(after)]
    assert set(same) <= {'addresses[type eq "work"].country'}
    assert all(row.value(before) is not None for row in rows)
    formatted = next(row for row in mapping.user if row.target == "name.formatted")
    assert formatted.expected(after) == f"{after['givenName']} {after['surname']}" == formatted.value(after)
    assert next(row for row in mapping.user if row.target == "active").value(before) is True


def test_the_validation_knows_three_functions_only() -> None:
    """Anything but Join, ToLower and ToUpper is compared with the raw source."""
    source: JSONObject = {"a": "Ab", "b": "Cd"}
    assert Row("x", expression='Join("-", [a], [b])').expected(source) == "Ab-Cd"
    assert Row("x", expression="ToUpper([a])").expected(source) == "AB"
    assert Row("x", expression="ToLower([a])").expected(source) == "ab"
    assert Row("x", expression="Mid([a], 2, 1)").expected(source) == "Ab"


# The mapping --------------------------------------------------------------------------------------------------


def test_only_an_unreviewed_mapping_is_pruned() -> None:
    """What the endpoint lacks goes, what nothing works without stays; a type without canonical values stays, too."""
    user, group = standard_definitions().models()[:2]
    found = Flattened(user=("userName", MAIL, 'phoneNumbers[primary eq "True"].value'))
    rows = _rows("userName", "active", MAIL, HOME, 'phoneNumbers[type eq "mobile"].value', "externalId", "bogus")
    pruned = GalleryMapping(tuple(rows), ()).pruned(user, group, found)
    assert [row.target for row in pruned.user] == ["userName", "active", MAIL, 'phoneNumbers[type eq "mobile"].value']
    assert GalleryMapping(tuple(rows), tuple(rows)).pruned(user, None, found).group == ()
    reviewed = GalleryMapping(tuple(rows), (), reviewed=True)
    assert reviewed.pruned(user, group, found) is reviewed


def test_the_mapping_of_an_app_is_taken_as_it_is() -> None:
    mapping = mapping_of(load_app("default"))
    assert mapping.reviewed
    names = {row.target for row in mapping.user}
    assert {row.target for row in default_mapping().user} <= names
    assert next(row for row in mapping.user if row.target == "userName").precedence == 1
    assert mapping.maps("manager")


# Bodies -------------------------------------------------------------------------------------------------------


def test_the_compact_form_has_flat_keys_behind_filtered_paths() -> None:
    body = replacing({"title": "", MAIL: "m", "name.givenName": None, f"{ENT}:department": 1})
    assert body["Operations"] == [
        {"op": "replace", "path": MAIL, "value": "m"},
        {"op": "replace", "value": {"title": "", "name.givenName": None, f"{ENT}:department": 1}},
    ]
    assert len(replacing({MAIL: ""})["Operations"]) == 1


def test_the_verbose_form_keeps_the_order_and_sends_nulls() -> None:
    body = replacing({"title": None, MAIL: "m"}, verbose=True)
    assert body["Operations"] == [
        {"op": "replace", "path": "title", "value": None},
        {"op": "replace", "path": MAIL, "value": "m"},
    ]


# Comparison ---------------------------------------------------------------------------------------------------

USER: JSONObject = {
    "userName": "Ada",
    "name": {"givenName": "A"},
    "emails": [{"type": "Work", "value": "a@example.com"}],
    ENT: {"department": "R", "manager": {"value": "42"}},
    "title": "",
}


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("userName", "Ada"),
        ("name.givenName", "A"),
        (MAIL, "a@example.com"),
        (HOME, None),
        (f"{ENT}:department", "R"),
        (f"{ENT}:title", ""),
        ('emails[primary eq "True"].value', None),
    ],
)
def test_a_target_attribute_is_read(target: str, value: JSON) -> None:
    assert comparison.value_at(USER, target) == value


def test_equality_is_that_of_text() -> None:
    assert comparison.equal("ADA", "ada")
    assert comparison.equal(None, "")
    assert comparison.equal(True, "true")
    assert not comparison.equal("1", None)


def test_a_direct_update_minds_letter_case() -> None:
    """Names in brackets are looked for in the whole list."""
    assert comparison.kept(USER, "userName", "Ada")
    assert not comparison.kept(USER, "userName", "ada")
    assert comparison.kept(USER, HOME, "a@example.com")
    assert not comparison.kept(USER, f"{ENT}:department", "r")
    assert not comparison.kept_at_top(USER, "name.givenName", "A")


@pytest.mark.parametrize(
    ("target", "after_empty", "after_null"),
    [("title", True, False), ("nickName", True, True), ("userName", False, False), (MAIL, False, True)],
)
def test_cleared_is_stricter_after_null(target: str, after_empty: bool, after_null: bool) -> None:
    assert comparison.cleared(USER, target, with_null=False) is after_empty
    assert comparison.cleared(USER, target, with_null=True) is after_null


@pytest.mark.parametrize(
    ("manager", "gone"),
    [(None, True), ({"value": ""}, True), ({}, False), ({"value": None}, False), ({"value": "1"}, False)],
)
def test_a_removed_manager(manager: JSON, gone: bool) -> None:
    assert comparison.manager_gone({ENT: {"manager": manager}}, ENT) is gone


def test_the_managers_id_is_found_in_either_place() -> None:
    assert comparison.manager_id(USER, ENT) == "42"
    assert comparison.manager_id({"manager": {"value": "7"}}, ENT) == "7"
    assert comparison.manager_id({"manager": "7"}, ENT) is None


TARGETS = st.sampled_from(["title", "name.givenName", MAIL, HOME, f"{ENT}:department", "locale"])


@given(st.dictionaries(TARGETS, st.text(min_size=1, max_size=5)))
def test_what_is_put_is_read(values: dict[str, str]) -> None:
    """Placing and reading a target attribute are inverse."""
    body: JSONObject = {}
    for target, value in values.items():
        put(body, target, value)
    assert {target: comparison.value_at(body, target) for target in values} == values
