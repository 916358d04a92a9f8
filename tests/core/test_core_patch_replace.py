"""The replace operation (RFC 7644 §3.5.2.3), by the letter."""

from __future__ import annotations

from typing import Any

import pytest
from core_models import GROUP
from core_patching import BADGE, ENTERPRISE, badge, group, op, patch, user

from scimcheck.core import urns
from scimcheck.core.errors import InvalidValue, NoTarget
from scimcheck.core.patch import PatchChoices

WORK = {"value": "w@example.test", "type": "work"}
HOME = {"value": "h@example.test", "type": "home"}
OSLO = {"type": "work", "locality": "Oslo", "country": "NO"}
ROME = {"type": "work", "locality": "Rome", "country": "IT"}


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        ({"title": "Guide"}, "title", "Boss", {"title": "Boss"}),
        ({}, "title", "Boss", {"title": "Boss"}),
        ({"title": "Guide"}, "title", None, {}),
        ({"title": "Guide"}, "title", "", {"title": ""}),
        ({"title": "guide"}, "title", "Guide", {"title": "Guide"}),
        (
            {"name": {"givenName": "A", "familyName": "J"}},
            "name",
            {"givenName": "B"},
            {"name": {"givenName": "B", "familyName": "J"}},
        ),
        ({"name": {"givenName": "A", "familyName": "J"}}, "name", {"givenName": None}, {"name": {"familyName": "J"}}),
        ({"name": {"givenName": "A"}}, "name.givenName", None, {}),
        ({"name": {"givenName": "A"}}, "name", None, {}),
        ({"emails": [WORK, HOME]}, "emails", [{"value": "n@example.test"}], {"emails": [{"value": "n@example.test"}]}),
        ({"emails": [WORK]}, "emails", [HOME, HOME], {"emails": [HOME]}),
        ({"emails": [WORK]}, "emails", HOME, {"emails": [HOME]}),
        ({"emails": [WORK]}, "emails", [], {}),
        ({"emails": [WORK]}, "emails", None, {}),
        ({"emails": [WORK, HOME]}, 'emails[type eq "work"].value', "n", {"emails": [{**WORK, "value": "n"}, HOME]}),
        (
            {"emails": [WORK, HOME]},
            'emails[type eq "work"]',
            {"value": "n", "type": "other"},
            {"emails": [{"value": "n", "type": "other"}, HOME]},
        ),
        ({"emails": [WORK, HOME]}, 'emails[type eq "work"]', None, {"emails": [HOME]}),
        (
            {"emails": [WORK, HOME]},
            'emails[type eq "work" or value ew "test"].display',
            "E",
            {"emails": [{**WORK, "display": "E"}, {**HOME, "display": "E"}]},
        ),
        (
            {"addresses": [OSLO, ROME]},
            'addresses[type eq "work"].locality',
            "Bern",
            {"addresses": [{**OSLO, "locality": "Bern"}, {**ROME, "locality": "Bern"}]},
        ),
    ],
)
def test_replace_at_a_path(before: dict[str, Any], path: str, value: Any, after: dict[str, Any]) -> None:
    assert patch(user(**before), op("replace", path, value)) == user(**after)


def test_replace_without_path_leaves_the_rest_alone() -> None:
    before = user(title="Guide", nickName="Babs", emails=[WORK], name={"givenName": "A", "familyName": "J"})
    value = {"nickName": "Bar", "emails": [HOME], "name": {"givenName": "B"}, ENTERPRISE: {"division": "Parks"}}
    assert patch(before, op("replace", None, value)) == user(
        schemas=[urns.USER, ENTERPRISE],
        title="Guide",
        nickName="Bar",
        emails=[HOME],
        name={"givenName": "B", "familyName": "J"},
        **{ENTERPRISE: {"division": "Parks"}},
    )


def test_an_extension_replaced_with_null_goes() -> None:
    before = user(schemas=[urns.USER, ENTERPRISE], **{ENTERPRISE: {"division": "Parks"}})
    assert patch(before, op("replace", None, {ENTERPRISE: None})) == user()


@pytest.mark.parametrize(
    "path",
    ['emails[type eq "other"].value', 'emails[type eq "other"]', 'emails[type eq "work" and value eq "x"].display'],
)
def test_replace_without_match_has_no_target(path: str) -> None:
    value = {"value": "x"} if path.endswith("]") else "x"
    with pytest.raises(NoTarget, match=r"^Operations\[0\] \(replace emails\[type eq "):
        patch(user(emails=[WORK]), op("replace", path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("active", "abc"),
        ("active", {}),
        ("active", 1),
        ("active", "True"),
        ("emails", 7),
        ("emails", "x"),
        ("emails", ["x"]),
        ("emails", [{"value": 7}]),
        ("emails", [{"value": "x", "primary": "true"}]),
        ("emails", [{"colour": "red"}]),
        ("name", "Ann"),
        ("name", ["Ann"]),
        ("name.givenName", {"value": "Ann"}),
        ("name.givenName", ["Ann"]),
        ("title", 7),
        ("title", ["Guide"]),
        ("title", {"value": "Guide"}),
        ("userName", None),
        ("userName", ""),
        ("userName", 7),
        ("schemas", []),
    ],
)
def test_value_that_does_not_fit_is_refused(path: str, value: Any) -> None:
    with pytest.raises(InvalidValue, match=r"^Operations\[0\]"):
        patch(user(emails=[WORK]), op("replace", path, value))


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("floor", 3, "3"),
        ("floor", -1, 1.5),
        ("weight", 1.5, "1.5"),
        ("weight", 2, True),
        ("photo", "aGVsbG8=", "not base64!"),
        ("doors", ["A"], [1]),
        ("doors", "A", {"value": "A"}),
        ("slots", [{"value": "x", "count": 1}], [{"value": "x", "count": "1"}]),
        ("slots", [{"value": "x"}], [{"type": "x"}]),
        ("zones", ["south"], []),
        ("zones", ["south"], None),
        ("maker", {"name": "Acme"}, {"country": "NO"}),
    ],
)
def test_types_and_required_parts(path: str, good: Any, bad: Any) -> None:
    after = patch(badge(), op("replace", path, good), model=BADGE)
    assert path in after
    with pytest.raises(InvalidValue, match=r"^Operations\[0\]"):
        patch(badge(), op("replace", path, bad), model=BADGE)


def test_required_parts_may_come_with_a_later_operation() -> None:
    steps = [op("add", "maker.country", "NO"), op("add", "maker.name", "Acme")]
    assert patch(badge(), *steps, model=BADGE)["maker"] == {"country": "NO", "name": "Acme"}


def test_operations_see_the_result_of_those_before() -> None:
    steps = [
        op("replace", "title", "a"),
        op("replace", "title", "b"),
        op("remove", "emails"),
        op("add", "emails", HOME),
    ]
    assert patch(user(emails=[WORK]), *steps) == user(title="b", emails=[HOME])


def test_members_that_stay_keep_what_is_known_of_them() -> None:
    before = group("a", "b")
    after = patch(before, op("replace", "members", [{"value": "b"}, {"value": "c"}]), model=GROUP)
    assert after["members"] == [before["members"][1], {"value": "c"}]


def test_a_new_reference_drops_the_description_of_the_old() -> None:
    manager = {"value": "m1", "$ref": "https://example.test/Users/m1", "displayName": "Mia"}
    before = user(schemas=[urns.USER, ENTERPRISE], **{ENTERPRISE: {"manager": manager}})
    after = patch(before, op("replace", f"{ENTERPRISE}:manager", {"value": "m2"}))
    assert after[ENTERPRISE]["manager"] == {"value": "m2"}
    same = patch(before, op("replace", f"{ENTERPRISE}:manager.value", "m1"))
    assert same == before


def test_schemas_keep_the_core_and_what_is_in_use() -> None:
    before = user(schemas=[urns.USER, ENTERPRISE], **{ENTERPRISE: {"division": "Parks"}})
    assert set(patch(before, op("replace", "schemas", [ENTERPRISE]))["schemas"]) == {urns.USER, ENTERPRISE}
    assert patch(user(), op("replace", "schemas", [urns.USER, ENTERPRISE]))["schemas"] == [urns.USER, ENTERPRISE]


def test_unknown_attributes_in_a_value_are_a_choice() -> None:
    step = op("replace", None, {"title": "x", "colour": "red", "name": {"givenName": "A", "colour": "red"}})
    assert patch(user(), step) == user(title="x", name={"givenName": "A"})
    for value in ({"title": "x", "colour": "red"}, {"name": {"givenName": "A", "colour": "red"}}):
        with pytest.raises(InvalidValue, match="colour"):
            patch(user(), op("replace", None, value), choices=PatchChoices(unknown="refuse"))
