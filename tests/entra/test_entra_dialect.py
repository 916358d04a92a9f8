"""PATCH bodies in both dialects: each engine sample of the catalogue is what the dialect writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core.json import JSONObject
from scimcheck.entra.dialect import MANAGER, Change, Dialect, ManagerRemoval, operation, patch_body
from scimcheck.entra.shapes import load_shapes, render, sample_variables, shape

LEGACY, COMPLIANT = Dialect.LEGACY, Dialect.COMPLIANT
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WORK_MAIL = 'emails[type eq "work"].value'
V = sample_variables()

REPLACED = [
    Change("displayName", "Owen Achterberg"),
    Change("name.givenName", "Owen"),
    Change("name.familyName", "Achterberg"),
    Change(WORK_MAIL, V["newMail"]),
    Change("externalId", V["newExternalId"]),
    Change(f"{ENTERPRISE}:employeeNumber", "40818"),
]
ADDED = [
    Change("displayName", "Mara Lindqvist", known=False),
    Change("title", "Planner", known=False),
    Change("name.givenName", "Mara", known=False),
    Change("name.familyName", "Lindqvist", known=False),
    Change("name.formatted", "Mara Lindqvist", known=False),
    Change(f"{ENTERPRISE}:department", "Finance", known=False),
]
ROLE_TEXT = '{"id":"5a0d7c11-0000-4000-8000-0000000000e1","value":"editor","displayName":"Editor"}'
ROLE_KIND = "WindowsAzureActiveDirectoryRole"
ROLES = [{"primary": False, "type": ROLE_KIND, "display": name, "value": name} for name in ("Editor", "Viewer")]

GOLDEN: dict[str, Callable[[], JSONObject | None]] = {
    "disable.legacy": LEGACY.disable,
    "disable.compliant": COMPLIANT.disable,
    "disable.mixed": lambda: LEGACY.disable(text_booleans=False),
    "disable.add_op": lambda: LEGACY.disable(known=False),
    "disable.lowercase_string": lambda: LEGACY.set_attribute("active", "false", known=True),
    "disable.pathless": lambda: COMPLIANT.update([Change("active", False), Change("userName", V["userName"])]),
    "enable.legacy": LEGACY.enable,
    "enable.compliant": COMPLIANT.enable,
    "disable.tombstone": lambda: LEGACY.update(
        [Change("userName", V["objectIdHex"] + V["userName"]), Change("active", False)]
    ),
    "update.add.legacy": lambda: LEGACY.set_attribute("nickName", "Mary", known=False),
    "update.add.compliant": lambda: COMPLIANT.set_attribute("nickName", "Mary", known=False),
    "update.add.pathless": lambda: COMPLIANT.update(ADDED),
    "update.replace.single.legacy": lambda: LEGACY.set_attribute("displayName", "Mara L.", known=True),
    "update.replace.single.compliant": lambda: COMPLIANT.set_attribute("displayName", "Mara L.", known=True),
    "update.replace.many.legacy": lambda: LEGACY.update(REPLACED),
    "update.replace.many.compliant": lambda: COMPLIANT.update(REPLACED),
    "update.userName": lambda: LEGACY.set_attribute("userName", V["newUserName"], known=True),
    "update.externalId": lambda: LEGACY.set_attribute("externalId", V["newExternalId"], known=True),
    "update.multi.replace.legacy": lambda: LEGACY.update(
        [Change(WORK_MAIL, V["newMail"]), Change("name.familyName", "Lindqvist-Berg")]
    ),
    "update.multi.add_missing": lambda: LEGACY.set_attribute(WORK_MAIL, V["newMail"], known=False),
    "update.multi.replace_missing": lambda: COMPLIANT.set_attribute(
        'phoneNumbers[type eq "mobile"].value', "+47 90 00 00 09", known=True
    ),
    "update.address.add": lambda: LEGACY.update(
        [
            Change('addresses[type eq "work"].formatted', "Building C, room 208", known=False),
            Change('addresses[type eq "work"].country', "NO", known=False),
        ]
    ),
    "update.email.primary_string": lambda: LEGACY.update(
        [
            Change('emails[type eq "work"].primary', True, known=False),
            Change('emails[type eq "work"].type', "work", known=False),
            Change(WORK_MAIL, V["newMail"], known=False),
        ]
    ),
    "update.email.primary_bool": lambda: COMPLIANT.set_attribute('emails[type eq "work"].primary', True, known=True),
    "update.value_wrapped": lambda: LEGACY.set_attribute(
        'emails[type eq "other"].value', [{"value": V["newMail"]}], known=False
    ),
    "update.ext.add.legacy": lambda: LEGACY.set_attribute(f"{ENTERPRISE}:department", "Finance", known=False),
    "update.ext.add.compliant": lambda: COMPLIANT.set_attribute(f"{ENTERPRISE}:department", "Finance", known=False),
    "update.ext.dot": lambda: LEGACY.set_attribute(f"{ENTERPRISE}.department", "Finance", known=True),
    "update.custom_ext": lambda: LEGACY.set_attribute(
        "urn:ietf:params:scim:schemas:extension:Northwind:2.0:User:costCentre", "P-21", known=True
    ),
    "manager.set.field": lambda: LEGACY.set_manager(V["managerId"]),
    "manager.set.compliant": lambda: COMPLIANT.set_manager(V["managerId"]),
    "manager.set.documented_old": lambda: LEGACY.set_attribute(
        "manager", [{"$ref": f"{V['base']}/Users/{V['managerId']}", "value": V["managerId"]}], known=False
    ),
    "manager.remove.filter": lambda: COMPLIANT.remove_manager(V["managerId"]),
    "manager.remove.legacy_array": lambda: LEGACY.remove_manager(V["managerId"]),
    "roles.patch.json_string": lambda: LEGACY.set_attribute("roles", [{"value": ROLE_TEXT}], known=False),
    "roles.patch.assertive": lambda: COMPLIANT.set_attribute("roles", ROLES, known=True),
    "roles.patch.primary_string": lambda: LEGACY.update(
        [
            Change('roles[primary eq "True"].value', "Editor"),
            Change('roles[primary eq "True"].display', "Editor"),
            Change('roles[primary eq "True"].type', ROLE_KIND),
        ]
    ),
    "group.rename.legacy": lambda: LEGACY.rename_group(V["newGroupName"]),
    "group.rename.compliant": lambda: COMPLIANT.rename_group(V["newGroupName"]),
    "group.externalId": lambda: LEGACY.set_attribute("externalId", V["newGroupExternalId"], known=True),
    "group.members.add.legacy": lambda: LEGACY.add_members([V["userId"]]),
    "group.members.add.compliant": lambda: COMPLIANT.add_members([V["userId"]]),
    "group.members.add.many": lambda: LEGACY.add_members([V["userId"], V["user2Id"], V["user3Id"]], null_refs=False),
    "group.members.remove.legacy": lambda: LEGACY.remove_members([V["userId"]]),
    "group.members.remove.compliant": lambda: COMPLIANT.remove_members([V["userId"]]),
    "group.nested_member": lambda: LEGACY.add_members([V["group2Id"]], null_refs=False),
    # The tools' own shapes that a dialect can write as well.
    "manager.remove.empty_object": lambda: COMPLIANT.remove_manager("", ManagerRemoval.EMPTY_OBJECT),
    "manager.remove.empty_string": lambda: COMPLIANT.remove_manager("", ManagerRemoval.EMPTY_STRING),
    "group.externalId.pathless": lambda: COMPLIANT.set_attribute("externalId", V["newGroupExternalId"], known=True),
    "clear.empty_string": lambda: patch_body([operation("replace", "title", "")]),
}

#: Samples that the dialects do not write, each with the reason.
NOT_WRITTEN = {
    "manager.set.pathless": "inferred from the merging rule; the field capture keeps the path, and so do we",
    "clear.remove": "not documented for outbound provisioning: nulls are not sent",
    "group.members.remove.mixed": "never captured: each dialect has its own form",
}


def test_every_engine_sample_is_written_or_has_a_reason_not_to_be() -> None:
    engine = {
        candidate.id for candidate in load_shapes() if candidate.method == "PATCH" and candidate.origin == "engine"
    }
    assert engine <= set(GOLDEN) | set(NOT_WRITTEN)
    assert set(NOT_WRITTEN) <= engine - set(GOLDEN)


@pytest.mark.parametrize("shape_id", GOLDEN)
def test_dialect_writes_the_documented_body(shape_id: str) -> None:
    assert GOLDEN[shape_id]() == render(shape(shape_id), V).json


@pytest.mark.parametrize("shape_id", [name for name in GOLDEN if name.startswith("update")])
def test_keys_of_an_operation_come_in_entras_order(shape_id: str) -> None:
    body = GOLDEN[shape_id]()
    assert body is not None
    for written in body["Operations"]:
        assert [key for key in ("op", "path", "value") if key in written] == list(written)


@pytest.mark.parametrize("dialect", Dialect)
def test_nulls_are_not_sent(dialect: Dialect) -> None:
    assert dialect.update([Change("title", None)]) is None
    body = dialect.update([Change("title", None), Change("nickName", "Mary")])
    assert body is not None
    assert len(body["Operations"]) == 1
    with pytest.raises(ValueError, match="title"):
        dialect.set_attribute("title", None, known=True)


def test_compliant_manager_keeps_its_path_among_other_changes() -> None:
    body = COMPLIANT.update([Change("title", "Planner"), Change(MANAGER, "7")])
    assert body is not None
    assert body["Operations"] == [
        {"op": "replace", "path": MANAGER, "value": "7"},
        {"op": "replace", "value": {"title": "Planner"}},
    ]


def test_compliant_removes_each_member_by_its_own_path() -> None:
    paths = [removal["path"] for removal in COMPLIANT.remove_members(["1", 'a"b'])["Operations"]]
    assert paths == ['members[value eq "1"]', 'members[value eq "a\\"b"]']


def test_compliant_merges_each_kind_apart() -> None:
    changes = [Change("a", "1"), Change("b", "2", known=False), Change("c", "3"), Change("d", "4", known=False)]
    body = COMPLIANT.update(changes)
    assert body is not None
    assert body["Operations"] == [
        {"op": "add", "value": {"b": "2", "d": "4"}},
        {"op": "replace", "value": {"a": "1", "c": "3"}},
    ]


PATHS = st.sampled_from(["title", "name.givenName", WORK_MAIL, f"{ENTERPRISE}:department", "active", MANAGER, "roles"])
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.text("abc", max_size=5), st.just([{"value": "x"}])
)
CHANGES = st.lists(st.builds(Change, PATHS, VALUES, st.booleans()), unique_by=lambda change: change.path, max_size=7)


def _sent(body: JSONObject | None) -> dict[str, tuple[str, Any]]:
    """What a PATCH body changes: path to op in lower case and value, string booleans read as booleans."""
    changed: dict[str, tuple[str, Any]] = {}
    for written in body["Operations"] if body else []:
        values = {written["path"]: written["value"]} if "path" in written else written["value"]
        for path, value in values.items():
            changed[path] = (written["op"].lower(), {"True": True, "False": False}.get(str(value), value))
    return changed


@given(CHANGES)
def test_both_dialects_mean_the_same(changes: list[Change]) -> None:
    """Law: dialects differ in form alone."""
    expected = {
        change.path: ("replace" if change.known else "add", change.value)
        for change in changes
        if change.value is not None
    }
    assert _sent(LEGACY.update(changes)) == _sent(COMPLIANT.update(changes)) == expected


@given(CHANGES)
def test_compliant_sends_at_most_one_pathless_operation_of_a_kind(changes: list[Change]) -> None:
    body = COMPLIANT.update(changes)
    kinds = [written["op"] for written in (body["Operations"] if body else []) if "path" not in written]
    assert len(kinds) == len(set(kinds))
