"""Flattening /Schemas: the rules of the validation, on fragments and on the standard's own schemas."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scimcheck.core import urns
from scimcheck.entra.gallery.flattening import flatten, missing
from scimcheck.resources import bundled

ENT = urns.ENTERPRISE_USER


def _sub(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", "multiValued": False, **more}


def _listed(name: str, *subs: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "type": "complex", "multiValued": True, "subAttributes": list(subs)}


def _user(*attributes: dict[str, Any]) -> tuple[str, ...]:
    return flatten([{"id": urns.USER, "attributes": list(attributes)}]).user


@pytest.mark.parametrize(
    ("attribute", "names"),
    [
        (_sub("userName"), ["userName"]),
        (
            {"name": "name", "type": "complex", "subAttributes": [_sub("givenName"), _sub("formatted")]},
            ["name.givenName", "name.formatted"],
        ),
        (
            _listed("emails", _sub("value"), _sub("type", canonicalValues=["work", "home"]), _sub("primary")),
            ['emails[type eq "work"].value', 'emails[type eq "home"].value'],
        ),
        (
            _listed("phoneNumbers", _sub("value"), _sub("type"), _sub("primary", type="boolean")),
            ['phoneNumbers[primary eq "True"].value', 'phoneNumbers[primary eq "True"].type'],
        ),
        (
            _listed("roles", _sub("value"), _sub("display"), _sub("type", canonicalValues=["app"])),
            ['roles[type eq "app"].value', 'roles[type eq "app"].display'],
        ),
        (
            _listed("groups", _sub("value"), _sub("$ref", type="reference"), _sub("type", canonicalValues=["direct"])),
            ['groups[type eq "direct"].value', 'groups[type eq "direct"].$ref'],
        ),
        (_listed("manager", _sub("value")), ["manager"]),
        (_listed("members", _sub("value")), ["members"]),
        (_sub("profileUrl", type="reference"), []),
        (_sub("tags", multiValued=True), ["tags"]),
        (
            {"name": "boss", "type": "complex", "subAttributes": [_sub("value"), _sub("$ref", type="reference")]},
            ["boss.value"],
        ),
    ],
    ids=lambda value: value["name"] if isinstance(value, dict) else None,
)
def test_an_attribute_amounts_to_these_names(attribute: dict[str, Any], names: list[str]) -> None:
    assert list(_user(attribute)) == names


def test_extensions_are_not_looked_into_and_count_for_users() -> None:
    """Whatever a further schema describes, its attributes follow its URN."""
    found = flatten([{"id": ENT, "attributes": [_sub("department"), _listed("manager", _sub("value"))]}])
    assert found.user == (f"{ENT}:department", f"{ENT}:manager")
    assert (found.user_schema, found.group_schema, found.extensions) == (False, False, 1)


def test_types_and_ids_are_compared_as_written() -> None:
    """A Complex or a URN in capitals is something else."""
    assert _user({"name": "name", "type": "Complex", "subAttributes": [_sub("givenName")]}) == ("name",)
    assert not flatten([{"id": urns.USER.upper(), "attributes": []}]).user_schema


def test_missing_regards_neither_case_nor_id() -> None:
    assert missing(["ID", "id", "USERNAME", "title"], ["userName"]) == ["ID", "title"]


@pytest.mark.parametrize("broken", [{}, {"id": urns.USER}, {"id": urns.USER, "attributes": "x"}, {"attributes": [1]}])
def test_damaged_schemas_amount_to_nothing(broken: dict[str, Any]) -> None:
    assert flatten([broken]).user == ()


def test_the_standards_schemas_have_the_default_types() -> None:
    """What the default mapping filters on is advertised by the standard's schemas."""
    files = sorted((bundled("fixtures") / "schemas").glob("*.json"))
    schemas: list[dict[str, Any]] = []
    for file in files:
        content = json.loads(file.read_text(encoding="utf-8"))
        schemas += content if isinstance(content, list) else [content]
    found = flatten(schemas)
    wanted = ['emails[type eq "work"].value', 'phoneNumbers[type eq "mobile"].value', f"{ENT}:manager", "active"]
    assert missing(wanted, found.user) == []
    assert missing(["displayName", "members"], found.group) == []
