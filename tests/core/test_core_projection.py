"""Which attributes a response holds (RFC 7643 §7, RFC 7644 §3.9)."""

from __future__ import annotations

from typing import Any

import pytest
from core_models import USER
from core_patching import BADGE, BADGE_URN, ENTERPRISE, LOCK_URN, badge, user
from core_resources import badges
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core import urns
from scimcheck.core.projection import Projection, project

STORED = user(
    schemas=[urns.USER, ENTERPRISE],
    password="secret",
    name={"givenName": "Barbara", "familyName": "Jensen"},
    displayName="Babs",
    active=False,
    emails=[{"value": "b@example.test", "type": "work"}, {"value": "c@example.test"}],
    meta={"resourceType": "User", "version": 'W/"1"'},
    **{ENTERPRISE: {"employeeNumber": "7", "manager": {"value": "m1", "displayName": "Mia"}}},
)
#: What every response holds of it.
LEAST = {"schemas": STORED["schemas"], "id": STORED["id"]}
VISIBLE = {name: value for name, value in STORED.items() if name != "password"}


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in VISIBLE.items() if name not in names}


@pytest.mark.parametrize("attributes", [None, [], ()])
def test_the_default_set(attributes: Any) -> None:
    assert project(STORED, USER, attributes) == VISIBLE


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        (["displayName"], {"displayName": "Babs"}),
        (["DISPLAYNAME", " active "], {"displayName": "Babs", "active": False}),
        ([f"{urns.USER}:displayName"], {"displayName": "Babs"}),
        ([f"{urns.USER.upper()}:DISPLAYNAME"], {"displayName": "Babs"}),
        (["name"], {"name": STORED["name"]}),
        (["name.familyName"], {"name": {"familyName": "Jensen"}}),
        ([f"{urns.USER}:name.familyName"], {"name": {"familyName": "Jensen"}}),
        (["name.familyName", "name"], {"name": STORED["name"]}),
        (["emails.value"], {"emails": [{"value": "b@example.test"}, {"value": "c@example.test"}]}),
        (["emails.type"], {"emails": [{"type": "work"}]}),
        (["emails.display"], {}),
        (["emails.doesNotExist", "displayName.doesNotExist"], {}),
        (["meta.version"], {"meta": {"version": 'W/"1"'}}),
        ([ENTERPRISE], {ENTERPRISE: STORED[ENTERPRISE]}),
        ([ENTERPRISE.upper()], {ENTERPRISE: STORED[ENTERPRISE]}),
        ([f"{ENTERPRISE}:employeeNumber"], {ENTERPRISE: {"employeeNumber": "7"}}),
        ([f"{ENTERPRISE}:manager.value"], {ENTERPRISE: {"manager": {"value": "m1"}}}),
        ([f"{ENTERPRISE}:doesNotExist"], {}),
        (["doesNotExist", "", "..", "urn:example:none:displayName", "employeeNumber"], {}),
        (["password"], {}),
        (["id"], {}),
    ],
)
def test_attributes_select(attributes: list[str], shown: dict[str, Any]) -> None:
    assert project(STORED, USER, attributes) == {**LEAST, **shown}


@pytest.mark.parametrize(
    ("excluded", "shown"),
    [
        (["displayName"], without("displayName")),
        (["EMAILS", "meta", f"{urns.USER}:name"], without("emails", "meta", "name")),
        (["id", "schemas"], VISIBLE),
        (["name.familyName"], {**VISIBLE, "name": {"givenName": "Barbara"}}),
        (["name.familyName", "name.givenName"], without("name")),
        (["emails.type"], {**VISIBLE, "emails": [{"value": "b@example.test"}, {"value": "c@example.test"}]}),
        ([ENTERPRISE], without(ENTERPRISE)),
        ([f"{ENTERPRISE}:manager"], {**VISIBLE, ENTERPRISE: {"employeeNumber": "7"}}),
        ([f"{ENTERPRISE}:manager", f"{ENTERPRISE}:employeeNumber"], without(ENTERPRISE)),
        (["doesNotExist", "name.doesNotExist", "[", "active "], without("active")),
    ],
)
def test_excluded_attributes_take_away(excluded: list[str], shown: dict[str, Any]) -> None:
    assert project(STORED, USER, excluded=excluded) == shown


def test_both_parameters_select_and_then_take_away() -> None:
    shown = project(STORED, USER, ["name", "displayName", "emails"], ["displayName", "name.givenName", "id"])
    assert shown == {**LEAST, "name": {"familyName": "Jensen"}, "emails": STORED["emails"]}


SLOT = {"value": "x", "type": "t", "secret": "s", "note": "n", "mark": "m"}
PASS = badge(pin="1234", hint="h", site="Oslo", slots=[SLOT], floor=3)
SHOWN_SLOT = {"value": "x", "type": "t", "mark": "m"}


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ({}, {**badge(site="Oslo", floor=3), "slots": [SHOWN_SLOT]}),
        ({"attributes": ["floor"]}, {"floor": 3}),
        ({"attributes": ["pin", "hint"]}, {"hint": "h"}),
        ({"attributes": ["slots"]}, {"slots": [SHOWN_SLOT]}),
        ({"attributes": ["slots.type"]}, {"slots": [{"type": "t", "mark": "m"}]}),
        ({"attributes": ["slots.note", "slots.secret"]}, {"slots": [{"note": "n", "mark": "m"}]}),
        ({"attributes": ["slots", "slots.note"]}, {"slots": [{**SHOWN_SLOT, "note": "n"}]}),
        ({"excluded": ["site", "slots", "label", "zones"]}, {"floor": 3}),
        (
            {"excluded": ["slots.mark", "slots.type", "label", "zones"]},
            {"floor": 3, "slots": [{"value": "x", "mark": "m"}]},
        ),
        ({"requested": ["hint", "pin"], "excluded": ["slots", "label", "zones"]}, {"floor": 3, "hint": "h"}),
        ({"requested": ["hint"], "attributes": ["floor"]}, {"floor": 3}),
        (
            {"requested": ["slots.note"], "excluded": ["floor", "label", "zones"]},
            {"slots": [{**SHOWN_SLOT, "note": "n"}]},
        ),
    ],
)
def test_returned_decides(parameters: Any, shown: dict[str, Any]) -> None:
    assert project(PASS, BADGE, **parameters) == {"schemas": [BADGE_URN], "id": "77", "site": "Oslo", **shown}


def test_what_no_schema_defines_is_returned_by_default() -> None:
    stored = badge(colour="red", **{"urn:example:other": {"x": 1}})
    assert project(stored, BADGE) == stored
    assert project(stored, BADGE, ["floor"]) == {"schemas": [BADGE_URN], "id": "77"}
    assert project(stored, BADGE, ["colour"]) == {"schemas": [BADGE_URN], "id": "77", "colour": "red"}


def test_names_of_the_stored_resource_count_in_any_letter_case() -> None:
    assert project({"ID": "7", "PASSWORD": "x", "Title": "t"}, USER, ["title"]) == {"ID": "7", "Title": "t"}


def test_a_list_shown_whole_is_not_copied() -> None:
    assert project(STORED, USER)["emails"] is STORED["emails"]


def test_one_projection_serves_many_resources() -> None:
    projection = Projection(USER, ["displayName"])
    assert [projection.apply(user(displayName=name))["displayName"] for name in "ab"] == ["a", "b"]


NAMES = [
    "floor",
    "pin",
    "hint",
    "slots",
    "slots.secret",
    "slots.note",
    "slots.value",
    "maker",
    "maker.name",
    "id",
    "schemas",
    "site",
    "PIN",
    f"{BADGE_URN}:pin",
    LOCK_URN,
    f"{LOCK_URN}:code",
    "zones",
    "unknown",
    "a..b",
]
name_lists = st.none() | st.lists(st.sampled_from(NAMES), max_size=4)


@given(badges(), name_lists, name_lists, name_lists)
def test_never_leaks_and_always_stays(stored: Any, attributes: Any, excluded: Any, requested: Any) -> None:
    """No parameter brings out what is never returned, or takes away what always is."""
    shown = project(stored, BADGE, attributes, excluded, requested)
    assert "pin" not in shown
    assert not any("secret" in slot for slot in shown.get("slots", []))
    for name in ("schemas", "id", "site"):
        assert shown.get(name) == stored.get(name)


@given(badges(), name_lists, name_lists)
def test_projecting_twice_is_projecting_once(stored: Any, attributes: Any, excluded: Any) -> None:
    shown = project(stored, BADGE, attributes, excluded)
    assert project(shown, BADGE, attributes, excluded) == shown
    assert shown.keys() <= stored.keys()
