"""The remove operation (RFC 7644 §3.5.2.2), by the letter."""

from __future__ import annotations

from typing import Any

import pytest
from core_models import GROUP
from core_patching import BADGE, ENTERPRISE, LOCK_URN, badge, group, op, patch, user

from scimcheck.core import urns
from scimcheck.core.errors import InvalidPath, MutabilityError, NoTarget
from scimcheck.core.patch import ENTRA, PatchChoices

WORK = {"value": "w@example.test", "type": "work", "display": "W"}
HOME = {"value": "h@example.test", "type": "home"}


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ({"title": "Guide"}, "title", {}),
        ({"Title": "Guide"}, "TITLE", {}),
        ({"emails": [WORK, HOME]}, "emails", {}),
        ({"emails": [WORK, HOME]}, 'emails[type eq "WORK"]', {"emails": [HOME]}),
        ({"emails": [WORK, HOME]}, 'emails[not (type eq "work")]', {"emails": [WORK]}),
        ({"emails": [HOME]}, 'emails[type eq "home"]', {}),
        (
            {"emails": [WORK, HOME]},
            'emails[type eq "work"].display',
            {"emails": [{"value": "w@example.test", "type": "work"}, HOME]},
        ),
        (
            {"emails": [WORK, HOME]},
            "emails.type",
            {"emails": [{"value": "w@example.test", "display": "W"}, {"value": "h@example.test"}]},
        ),
        ({"name": {"givenName": "A", "middleName": "B"}}, "name.middleName", {"name": {"givenName": "A"}}),
        ({"name": {"middleName": "B"}}, "name.middleName", {}),
        ({"name": {"givenName": "A"}}, "name", {}),
        ({"password": "secret"}, "password", {}),
    ],
)
def test_remove_at_a_path(before: dict[str, Any], path: str, after: dict[str, Any]) -> None:
    assert patch(user(**before), op("remove", path)) == user(**after)


def test_one_member_leaves() -> None:
    before = group("a", "b", "c")
    after = patch(before, op("remove", 'members[value eq "b"]'), model=GROUP)
    assert after["members"] == [before["members"][0], before["members"][2]]


def test_by_the_letter_a_value_is_ignored() -> None:
    after = patch(group("a", "b"), op("remove", "members", [{"value": "a"}]), model=GROUP)
    assert "members" not in after


def test_the_last_attribute_takes_its_extension_along() -> None:
    before = user(schemas=[urns.USER, ENTERPRISE], **{ENTERPRISE: {"division": "Parks", "department": "x"}})
    once = patch(before, op("remove", f"{ENTERPRISE}:department"))
    assert once[ENTERPRISE] == {"division": "Parks"}
    assert patch(once, op("remove", f"{ENTERPRISE}:division")) == user()


@pytest.mark.parametrize(
    "path",
    [
        "title",
        "name.givenName",
        "emails",
        'emails[type eq "work"]',
        'emails[type eq "work"].display',
        f"{ENTERPRISE}:manager",
    ],
)
def test_removing_what_is_not_there_is_a_choice(path: str) -> None:
    before = user(schemas=[urns.USER, ENTERPRISE])
    assert patch(before, op("remove", path)) == before
    with pytest.raises(NoTarget):
        patch(before, op("remove", path), choices=PatchChoices(remove_absent="refuse"))


@pytest.mark.parametrize(
    "path", ["userName", "id", "meta", "meta.created", "groups", 'groups[value eq "x"]', "schemas"]
)
def test_required_and_read_only_attributes_stay(path: str) -> None:
    with pytest.raises(MutabilityError, match=r"^Operations\[0\] \(remove "):
        patch(user(), op("remove", path))


@pytest.mark.parametrize(
    ("attributes", "path"),
    [
        ({}, "label"),
        ({}, "zones"),
        ({}, 'zones[value eq "north"]'),
        ({"serial": "1"}, "serial"),
        ({"batches": ["1"]}, "batches"),
        ({"batches": ["1", "2"]}, 'batches[value eq "1"]'),
        ({"maker": {"name": "Acme", "licence": "L"}}, "maker.licence"),
        ({"maker": {"name": "Acme", "licence": "L"}}, "maker.name"),
        ({"slots": [{"value": "x", "fixed": "f"}]}, "slots.fixed"),
        ({"slots": [{"value": "x"}]}, 'slots[value eq "x"].value'),
        ({"slots": [{"value": "x", "state": "s"}]}, "slots.state"),
    ],
)
def test_mutability_holds_for_parts_too(attributes: dict[str, Any], path: str) -> None:
    with pytest.raises(MutabilityError):
        patch(badge(**attributes), op("remove", path), model=BADGE)


def test_a_required_list_may_lose_all_but_one() -> None:
    after = patch(badge(zones=["north", "south"]), op("remove", 'zones[value eq "NORTH"]'), model=BADGE)
    assert after["zones"] == ["south"]


def test_a_value_with_immutable_parts_can_go_as_a_whole() -> None:
    before = badge(slots=[{"value": "x", "fixed": "f"}])
    assert patch(before, op("remove", 'slots[value eq "x"]'), model=BADGE) == badge()


def test_an_extension_as_a_whole() -> None:
    before = badge(schemas=["a", LOCK_URN], **{LOCK_URN: {"code": "1", "colour": "red"}})
    assert patch(before, op("remove", LOCK_URN), model=BADGE, dialect=ENTRA) == badge(schemas=["a"])
    fixed = badge(**{LOCK_URN: {"code": "1", "issued": "now"}})
    with pytest.raises(MutabilityError):
        patch(fixed, op("remove", LOCK_URN), model=BADGE, dialect=ENTRA)
    with pytest.raises(InvalidPath):
        patch(before, op("remove", LOCK_URN), model=BADGE)


@pytest.mark.parametrize(
    "path", ["doesNotExist", "name.doesNotExist", 'emails[colour eq "x"]', "emails[active gt true]"]
)
def test_path_to_nothing_defined_is_invalid(path: str) -> None:
    with pytest.raises(InvalidPath):
        patch(user(emails=[WORK]), op("remove", path))
