"""The forms that Microsoft Entra ID sends, and what becomes of them when the dialect does not know them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from core_models import GROUP
from core_patching import BADGE, ENTERPRISE, badge, group, op, patch, user

from scimcheck.core import urns
from scimcheck.core.errors import InvalidPath, InvalidSyntax, InvalidValue, NoTarget, ScimError
from scimcheck.core.patch import ENTRA, RFC, PatchChoices

WORK = {"value": "w@example.test", "type": "work"}
MANAGER = {"value": "m1", "$ref": "https://example.test/Users/m1", "displayName": "Mia"}
BOTH = [urns.USER, ENTERPRISE]


def managed(manager: dict[str, Any] | None = None, **attributes: Any) -> dict[str, Any]:
    """A User of a department, with or without manager."""
    extension = {"department": "Parks", **({"manager": manager} if manager else {})}
    return user(schemas=BOTH, **{ENTERPRISE: extension}, **attributes)


SHAPES: list[Any] = [
    # capitals and strings for booleans
    ({"active": True}, [op("Replace", "active", "False")], {"active": False}, InvalidSyntax),
    ({}, [op("Add", "active", "False")], {"active": False}, InvalidSyntax),
    ({}, [op("replace", "active", "false")], {"active": False}, InvalidValue),
    ({}, [op("replace", "active", "TRUE")], {"active": True}, InvalidValue),
    ({}, [op("replace", None, {"active": "True"})], {"active": True}, InvalidValue),
    # one value in an array of objects
    ({}, [op("add", "title", [{"value": "Guide"}])], {"title": "Guide"}, InvalidValue),
    ({}, [op("add", "title", {"value": "Guide"})], {"title": "Guide"}, InvalidValue),
    ({}, [op("add", "title", ["Guide"])], {"title": "Guide"}, InvalidValue),
    ({}, [op("add", "title", [])], {}, None),
    ({}, [op("add", None, [{"title": "Guide"}])], {"title": "Guide"}, InvalidValue),
    ({}, [op("add", "emails", "x")], {"emails": [{"value": "x"}]}, InvalidValue),
    (
        {"emails": [WORK]},
        [op("add", 'emails[type eq "work"].value', [{"value": "n"}])],
        {"emails": [{"value": "n", "type": "work"}]},
        InvalidValue,
    ),
    # a value that is not there yet
    ({}, [op("add", 'emails[type eq "work"].value', "n")], {"emails": [{"type": "work", "value": "n"}]}, NoTarget),
    ({}, [op("replace", 'emails[type eq "work"].value', "n")], {"emails": [{"type": "work", "value": "n"}]}, NoTarget),
    (
        {"emails": [WORK]},
        [op("add", 'emails[type eq "home"]', {"value": "n"})],
        {"emails": [WORK, {"type": "home", "value": "n"}]},
        NoTarget,
    ),
    (
        {"emails": [{**WORK, "primary": True}]},
        [
            op("add", 'emails[type eq "home"].primary', "True"),
            op("add", 'emails[type eq "home"].type', "home"),
            op("add", 'emails[type eq "home"].value', "n"),
        ],
        {"emails": [{**WORK, "primary": False}, {"type": "home", "primary": True, "value": "n"}]},
        InvalidValue,
    ),
    (
        {"addresses": [{"type": "home", "formatted": "x"}]},
        [
            op("add", 'addresses[type eq "work"].formatted', "Room 4"),
            op("add", 'addresses[type eq "work"].country', "FR"),
        ],
        {
            "addresses": [
                {"type": "home", "formatted": "x"},
                {"type": "work", "formatted": "Room 4", "country": "FR"},
            ]
        },
        NoTarget,
    ),
    ({}, [op("add", 'emails[type eq "work"].value', "")], {}, NoTarget),
    (
        {"roles": [{"value": "a", "primary": True}]},
        [op("replace", 'roles[primary eq "True"].value', "b")],
        {"roles": [{"value": "b", "primary": True}]},
        None,
    ),
    (
        {"roles": [{"value": "a"}]},
        [
            op("replace", 'roles[primary eq "True"].value', "b"),
            op("replace", 'roles[primary eq "True"].display', "B"),
        ],
        {"roles": [{"value": "a"}, {"primary": True, "value": "b", "display": "B"}]},
        NoTarget,
    ),
    (
        {"roles": [{"value": "a", "primary": True}]},
        [op("replace", "roles[ primary eq True ].display", "A")],
        {"roles": [{"value": "a", "primary": True, "display": "A"}]},
        InvalidPath,
    ),
    (
        {"roles": [{"value": "a", "type": "t", "primary": True}, {"value": "b", "type": "t"}]},
        [op("replace", 'roles[type eq "t" and not (primary eq "True")].display', "B")],
        {"roles": [{"value": "a", "type": "t", "primary": True}, {"value": "b", "type": "t", "display": "B"}]},
        None,
    ),
    (
        {"roles": [{"value": "a", "primary": True}]},
        [op("replace", 'roles[primary eq "true" or value eq "b"].display', "B")],
        {"roles": [{"value": "a", "primary": True, "display": "B"}]},
        None,
    ),
    (
        {"emails": [WORK]},
        [op("replace", 'emails[type eq "work"]', [{"value": "n"}])],
        {"emails": [{"value": "n"}]},
        InvalidValue,
    ),
    # roles as JSON text
    (
        {},
        [op("add", "roles", [{"value": '{"id":"7","value":"editor","displayName":"Editor"}'}])],
        {"roles": [{"value": "editor", "display": "Editor"}]},
        None,
    ),
    (
        {},
        [op("add", "roles", [{"primary": True, "value": '{"value":"editor","display":"E","type":"t"}'}])],
        {"roles": [{"value": "editor", "display": "E", "type": "t", "primary": True}]},
        None,
    ),
    ({}, [op("add", "roles", [{"value": "{not JSON"}])], {"roles": [{"value": "{not JSON"}]}, None),
    ({}, [op("add", "roles", [{"value": '{"id":"7"}'}])], {"roles": [{"value": '{"id":"7"}'}]}, None),
    # clearing
    ({"title": "x"}, [op("replace", "title", "")], {}, None),
    ({"title": "x"}, [op("replace", "title", None)], {}, None),
    (
        {"title": "x", "name": {"givenName": "g", "middleName": "m"}},
        [op("replace", None, {"title": None, "name.middleName": None})],
        {"name": {"givenName": "g"}},
        None,
    ),
    ({"emails": [WORK]}, [op("replace", "emails", "")], {}, InvalidValue),
    # the same attribute twice
    ({}, [op("add", "displayName", "First"), op("replace", "displayName", "Second")], {"displayName": "Second"}, None),
]


@pytest.mark.parametrize(("before", "steps", "after", "otherwise"), SHAPES)
def test_shapes_of_users(
    before: dict[str, Any], steps: list[Any], after: dict[str, Any], otherwise: type[ScimError] | None
) -> None:
    """``otherwise`` is the error by the letter of the standard; ``None`` when it is no error but may differ."""
    assert patch(user(**before), *steps, dialect=ENTRA) == user(**after)
    if otherwise is not None:
        with pytest.raises(otherwise):
            patch(user(**before), *steps, dialect=RFC)


def test_dotted_and_qualified_keys_unfold() -> None:
    value = {
        "displayName": "Julie Moreau",
        "name.givenName": "Julie",
        "NAME.FORMATTED": "Julie Moreau",
        f"{ENTERPRISE}:department": "Finance",
        f"{ENTERPRISE}:manager": "m2",
        'emails[type eq "work"].value': "j@example.test",
        "no.such": "x",
        "not a path": "x",
    }
    assert patch(user(name={"familyName": "M"}), op("add", None, value), dialect=ENTRA) == user(
        schemas=BOTH,
        displayName="Julie Moreau",
        name={"familyName": "M", "givenName": "Julie", "formatted": "Julie Moreau"},
        emails=[{"type": "work", "value": "j@example.test"}],
        **{ENTERPRISE: {"department": "Finance", "manager": {"value": "m2"}}},
    )
    assert patch(user(), op("add", None, value), dialect=RFC) == user(displayName="Julie Moreau")
    with pytest.raises(InvalidValue, match=r"name\.givenName"):
        patch(user(), op("add", None, value), dialect=RFC, choices=PatchChoices(unknown="refuse"))


@pytest.mark.parametrize(
    "step",
    [
        op("Add", f"{ENTERPRISE}:manager", "m2"),
        op("add", f"{ENTERPRISE}:manager", {"value": "m2"}),
        op("add", f"{ENTERPRISE}:manager", [{"value": "m2"}]),
        op("Add", "manager", [{"$ref": None, "value": "m2"}]),
        op("replace", f"{ENTERPRISE}:manager.value", "m2"),
        op("replace", f"{ENTERPRISE}.manager", "m2"),
        op("replace", ENTERPRISE, {"manager": "m2"}),
        op("replace", None, {f"{ENTERPRISE}:manager": "m2"}),
        op("replace", None, {f"{ENTERPRISE}:manager.value": "m2"}),
        op("replace", None, {ENTERPRISE: {"manager": "m2"}}),
        op("replace", None, {"manager": "m2"}),
        op("replace", 'manager[value eq "m1"].value', "m2"),
        op("replace", 'manager[value eq "m1"]', {"value": "m2"}),
        op("replace", 'manager[value eq "m2"].value', "m2"),
    ],
)
@pytest.mark.parametrize("before", [managed(MANAGER), managed()])
def test_manager_set(step: Any, before: dict[str, Any]) -> None:
    if "m1" in str(step) and before == managed():
        with pytest.raises(NoTarget):
            patch(before, step, dialect=ENTRA)
    else:
        assert patch(before, step, dialect=ENTRA) == managed({"value": "m2"})


def test_manager_set_with_reference() -> None:
    reference = {"$ref": "https://example.test/Users/m2", "value": "m2"}
    assert patch(managed(MANAGER), op("Add", "manager", [reference]), dialect=ENTRA) == managed(reference)


@pytest.mark.parametrize(
    "step",
    [
        op("replace", f"{ENTERPRISE}:manager", ""),
        op("replace", f"{ENTERPRISE}:manager", {"value": ""}),
        op("replace", f"{ENTERPRISE}:manager", {"value": None}),
        op("replace", f"{ENTERPRISE}:manager", [{"value": ""}]),
        op("replace", f"{ENTERPRISE}:manager", []),
        op("replace", f"{ENTERPRISE}:manager", None),
        op("replace", None, {f"{ENTERPRISE}:manager": ""}),
        op("remove", f"{ENTERPRISE}:manager"),
        op("remove", "manager"),
        op("remove", 'manager[value eq "m1"]'),
        op("Remove", f"{ENTERPRISE}:manager", [{"value": "m1"}]),
        op("Remove", f"{ENTERPRISE}:manager", [{"$ref": None, "value": "m1"}]),
        op("Remove", f"{ENTERPRISE}:manager", "m1"),
    ],
)
def test_manager_removed(step: Any) -> None:
    assert patch(managed(MANAGER), step, dialect=ENTRA) == managed()
    assert patch(managed(), step, dialect=ENTRA) == managed()


@pytest.mark.parametrize(
    "step", [op("remove", 'manager[value eq "m2"]'), op("remove", f"{ENTERPRISE}:manager", [{"value": "m2"}])]
)
def test_another_manager_stays(step: Any) -> None:
    assert patch(managed(MANAGER), step, dialect=ENTRA) == managed(MANAGER)


@pytest.mark.parametrize(
    "value",
    [
        [{"$ref": None, "value": "b"}],
        [{"value": "b"}],
        {"value": "b"},
        "b",
        ["b"],
        [{"displayName": "Bea", "value": "b"}],
        [{"$ref": "https://elsewhere.test/b", "value": "b"}],
    ],
)
def test_members_added_and_removed_by_value(value: Any) -> None:
    """A removal takes these members only: by the letter of the standard it would empty the group."""
    before = group("a", "b", "c")
    without = {**before, "members": [before["members"][0], before["members"][2]]}
    assert patch(before, op("Add", "members", value), model=GROUP, dialect=ENTRA) == before
    assert patch(before, op("Remove", "members", value), model=GROUP, dialect=ENTRA) == without
    back = patch(without, op("Add", "members", value), model=GROUP, dialect=ENTRA)
    assert [m["value"] for m in back["members"]] == ["a", "c", "b"]


@pytest.mark.parametrize("value", [[], [{"value": "z"}], "z", [{"value": "A"}]])
def test_removing_other_members_changes_nothing(value: Any) -> None:
    before = group("a", "b")
    assert patch(before, op("remove", "members", value), model=GROUP, dialect=ENTRA) == before
    choices = PatchChoices(remove_absent="refuse")
    with pytest.raises(NoTarget):
        patch(before, op("remove", "members", value), model=GROUP, dialect=ENTRA, choices=choices)


@pytest.mark.parametrize("step", [op("remove", "members"), op("remove", "members", None)])
def test_without_a_value_all_members_leave(step: Any) -> None:
    assert "members" not in patch(group("a", "b"), step, model=GROUP, dialect=ENTRA)


def test_a_simple_attribute_is_removed_whatever_the_value() -> None:
    assert patch(user(title="Guide"), op("remove", "title", "Boss"), dialect=ENTRA) == user()


def test_listed_values_are_removed_by_what_tells_them_apart() -> None:
    home = {"value": "w@example.test", "type": "home"}
    before = user(emails=[WORK, home])
    assert patch(before, op("remove", "emails", [home]), dialect=ENTRA) == user(emails=[WORK])
    assert patch(before, op("remove", "emails", [{"value": "w@example.test"}]), dialect=ENTRA) == user()
    assert patch(badge(doors=["A", "B"]), op("remove", "doors", ["a"]), model=BADGE, dialect=ENTRA)["doors"] == ["B"]


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [("floor", "12", 12), ("floor", "-1", -1), ("weight", "1.5", 1.5), ("slots", [{"value": "x", "count": "3"}], None)],
)
def test_numbers_as_strings(path: str, text: Any, value: Any) -> None:
    after = patch(badge(), op("replace", path, text), model=BADGE, dialect=ENTRA)
    assert after[path] == (value if value is not None else [{"value": "x", "count": 3}])
    with pytest.raises(InvalidValue):
        patch(badge(), op("replace", path, text), model=BADGE, dialect=RFC)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("floor", "twelve"),
        ("floor", "1.5"),
        ("weight", "NaN"),
        ("weight", "1e999"),
        ("floor", "true"),
        ("label", ""),
        ("label", [{"value": ""}]),
        ("floor", [{"value": "1"}, {"value": "2"}]),
        ("slots", [{"colour": "red"}]),
        ("maker", "Acme"),
        ("slots", [["x"]]),
    ],
)
def test_leniency_has_limits(path: str, value: Any) -> None:
    with pytest.raises(InvalidValue):
        patch(badge(), op("replace", path, value), model=BADGE, dialect=ENTRA)


def test_digits_of_a_string_attribute_stay_a_string() -> None:
    after = patch(user(), op("replace", "externalId", "00012345678901234567"), dialect=ENTRA)
    assert after["externalId"] == "00012345678901234567"


@pytest.mark.parametrize(
    "path",
    [
        'emails[type sw "w"].value',
        'emails[type eq "work" or type eq "home"].value',
        'emails[not (type eq "work")].value',
    ],
)
def test_a_filter_that_describes_no_value_creates_none(path: str) -> None:
    with pytest.raises(NoTarget):
        patch(user(), op("add", path, "x"), dialect=ENTRA)


def test_a_filter_describes_simple_values_too() -> None:
    step = op("add", 'doors[value eq "B"]', "B")
    assert patch(badge(doors=["A"]), step, model=BADGE, dialect=ENTRA)["doors"] == ["A", "B"]
    with pytest.raises(NoTarget):
        patch(badge(doors=["A"]), op("add", 'doors[value eq "B"]', "C"), model=BADGE, dialect=ENTRA)


def test_creation_on_replace_can_be_switched_off_alone() -> None:
    """So a provider serves Entra's additions and keeps to RFC7644-3.5.2.3-09."""
    dialect = dataclasses.replace(ENTRA, create_on_replace=False)
    path = 'emails[type eq "work"].value'
    assert patch(user(), op("Add", path, "x"), dialect=dialect) == user(emails=[{"type": "work", "value": "x"}])
    with pytest.raises(NoTarget):
        patch(user(), op("Replace", path, "x"), dialect=dialect)


def test_an_unknown_path_stays_an_error() -> None:
    with pytest.raises(InvalidPath):
        patch(user(), op("replace", "doesNotExist", "x"), dialect=ENTRA)
    with pytest.raises(InvalidPath):
        patch(user(), op("replace", "urn:example:none:2.0:User:costPool", "K9"), dialect=ENTRA)
