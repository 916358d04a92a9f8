"""The resource expected after an operation, and how a found one differs from it."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core.schema import Attribute, Located, ResourceModel, ResourceType, Schema
from scimcheck.harness.expected import (
    alike,
    differences,
    elements,
    of_kind,
    value_at,
    with_elements,
    with_sub,
    with_value,
)

EXTENSION = "urn:example:2.0:Extra"


def _attribute(name: str, *subs: Attribute, **changes: Any) -> Attribute:
    definition = {"name": name, "type": "complex" if subs else "string", **changes}
    made = Attribute.from_json(definition)
    return made if not subs else replace(made, sub_attributes=subs)


NAME = _attribute("name", _attribute("givenName"), _attribute("familyName"), _attribute("formatted"))
MAILS = _attribute(
    "emails",
    _attribute("value"),
    _attribute("type"),
    _attribute("display"),
    _attribute("primary", type="boolean"),
    multiValued=True,
)
MEMBERS = _attribute(
    "members", _attribute("value"), _attribute("$ref", type="reference"), _attribute("type"), multiValued=True
)
PHONES = _attribute("phoneNumbers", _attribute("value"), _attribute("type"), multiValued=True)
CODE = _attribute("code", caseExact=True)
TITLE = _attribute("title")
BADGE = _attribute("badge", mutability="readOnly")
NOTE = _attribute("note", returned="request")
ROOM = _attribute("room")
MODEL = ResourceModel(
    ResourceType("Thing", "/Things", "urn:example:2.0:Thing"),
    Schema("urn:example:2.0:Thing", attributes=(NAME, MAILS, MEMBERS, PHONES, CODE, TITLE, BADGE, NOTE)),
    (Schema(EXTENSION, attributes=(ROOM,)),),
)
BEFORE = {
    "id": "1",
    "title": "Analyst",
    "code": "Ab",
    "name": {"givenName": "Ada", "familyName": "Byron", "formatted": "Ada Byron"},
    "emails": [
        {"value": "a@example.com", "type": "work", "primary": True, "display": "A"},
        {"value": "b@example.com", "type": "home"},
    ],
    "members": [{"value": "7", "$ref": "/Users/7", "type": "User"}],
    "phoneNumbers": [{"value": "+1-201-555-0100", "type": "work"}],
    "meta": {"version": "1"},
    EXTENSION: {"room": "4"},
}

GIVEN = Located(None, NAME.sub_attributes[0], NAME)
VALUE = Located(None, MAILS.sub_attributes[0], MAILS)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (Located(None, TITLE), "Analyst"),
        (GIVEN, "Ada"),
        (VALUE, ["a@example.com", "b@example.com"]),
        (Located(EXTENSION, ROOM), "4"),
        (Located("urn:example:2.0:Other", ROOM), None),
        (Located(None, NOTE), None),
    ],
)
def test_value_at_a_place(place: Located, value: Any) -> None:
    """Core attributes, sub-attributes and attributes of extensions are found where they lie."""
    assert value_at(BEFORE, place) == value


def test_names_are_found_in_any_letter_case() -> None:
    """A provider may spell names otherwise."""
    assert value_at({"NAME": {"GIVENNAME": "Ada"}}, GIVEN) == "Ada"
    assert with_value({"NAME": {"GIVENNAME": "Ada"}}, GIVEN, "Eva") == {"NAME": {"GIVENNAME": "Eva"}}


def test_with_value_leaves_the_original_alone() -> None:
    """The result is a copy, with containers made where they are missing."""
    before = copy.deepcopy(BEFORE)
    assert with_value(BEFORE, GIVEN, None)["name"] == {"familyName": "Byron", "formatted": "Ada Byron"}
    assert with_value({}, Located(EXTENSION, ROOM), "5") == {EXTENSION: {"room": "5"}}
    assert before == BEFORE


def test_elements_are_changed_or_taken_away() -> None:
    """Selected values change, others stay, and None removes."""
    mails = Located(None, MAILS)
    changed = with_sub(BEFORE, mails, of_kind("HOME"), "value", "c@example.com")
    assert value_at(changed, VALUE) == ["a@example.com", "c@example.com"]
    gone = with_elements(BEFORE, mails, lambda item: None if of_kind("work")(item) else item)
    assert [item["type"] for item in elements(gone, mails)] == ["home"]
    assert "display" not in elements(with_sub(BEFORE, mails, of_kind("work"), "display", None), mails)[0]
    assert elements({"emails": "x"}, mails) == []


def _found(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(BEFORE), **changes}


@pytest.mark.parametrize(
    "found",
    [
        _found(title="ANALYST"),
        _found(meta={"version": "2"}),
        _found(badge="given by the provider"),
        _found(schemas=["urn:example:2.0:Thing"]),
        _found(note="shown when asked for"),
        _found(emails=BEFORE["emails"][::-1]),  # type: ignore[index]
        _found(emails=[{**BEFORE["emails"][0], "display": "B"}, {**BEFORE["emails"][1], "primary": False}]),  # type: ignore[index]
        _found(name={**BEFORE["name"], "formatted": "Byron, Ada"}),  # type: ignore[dict-item]
        _found(members=[{"value": "7", "display": "Ada"}]),
        _found(phoneNumbers=[{"value": "tel:+1-201-555-0100", "type": "work"}]),
        _found(undeclared=1),
    ],
)
def test_what_a_provider_may_decide_is_no_difference(found: dict[str, Any]) -> None:
    """Order, letter case, derived labels, meta and readOnly attributes do not count."""
    assert differences(BEFORE, found, MODEL) == []


@pytest.mark.parametrize(
    "found",
    [
        _found(title=None),
        _found(code="aB"),
        _found(id="2"),
        _found(name={"givenName": "Ada", "familyName": "Byron"}),
        _found(name={**BEFORE["name"], "givenName": "Eva"}),  # type: ignore[dict-item]
        _found(emails=BEFORE["emails"][:1]),  # type: ignore[index]
        _found(emails=[*BEFORE["emails"], BEFORE["emails"][1]]),  # type: ignore[index]
        _found(emails=[{**BEFORE["emails"][0], "primary": False}, BEFORE["emails"][1]]),  # type: ignore[index]
        _found(emails=[{**BEFORE["emails"][0]}, {**BEFORE["emails"][1], "primary": True}]),  # type: ignore[index]
        _found(emails={"value": "a@example.com"}),
        _found(members=[{"value": "8"}]),
        _found(**{EXTENSION: {"room": "5"}}),
        _found(**{EXTENSION: None}),
    ],
)
def test_what_a_client_decides_is_a_difference(found: dict[str, Any]) -> None:
    """Values that were changed, lost or doubled are named, one line each."""
    assert len(differences(BEFORE, found, MODEL)) == 1


def test_attributes_can_be_left_out() -> None:
    """What the caller judges by itself is not compared."""
    assert differences(BEFORE, _found(title="x"), MODEL, leave_out=("title",)) == []


def test_absent_null_and_empty_are_one() -> None:
    """An attribute without value may be shown in three ways."""
    bare = {"id": "1"}
    assert differences(bare, {"id": "1", "title": None, "emails": [], "name": {}}, MODEL) == []


_TEXTS = st.sampled_from(["a", "b", "A"])
_MAILS = st.lists(
    st.fixed_dictionaries({"value": _TEXTS}, optional={"type": _TEXTS, "primary": st.booleans()}), max_size=3
)


@given(_MAILS, st.randoms())
def test_order_never_matters(values: list[dict[str, Any]], random: Any) -> None:
    """A list is like itself in every order."""
    shuffled = list(values)
    random.shuffle(shuffled)
    assert alike(values, shuffled, MAILS)


@given(_MAILS, _MAILS)
def test_lists_of_other_lengths_differ(values: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    """No value is lost or doubled without being noticed."""
    assert not more or not alike(values, values + more, MAILS)


@given(_MAILS, _TEXTS)
def test_written_is_what_is_read(values: list[dict[str, Any]], text: str) -> None:
    """What an edit puts at a place is what is found there."""
    state = with_value({"emails": values}, GIVEN, text)
    assert value_at(state, GIVEN) == text
    assert elements(state, Located(None, MAILS)) == values
