"""What each vendor's customers send, word for word, of one person and one group; and of a whole directory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.entra.apps import app_names, load_app
from scimcheck.entra.apps.bodies import creation_body, matching_values, missing, update_body, wanted
from scimcheck.entra.dialect import Dialect
from scimcheck.entra.directory import CASES, Directory, DirectoryObject, generate
from scimcheck.entra.expression.parser import parse_expression

GOLDEN = Path(__file__).with_name("app_bodies.json")
BOSS = "00000000-0000-4000-8000-00000000b055"

PERSON = DirectoryObject(
    "User",
    "00000000-0000-4000-8000-00000000a001",
    {
        "userPrincipalName": "nia.o'hara@example.com",
        "mail": "nia@example.com",
        "mailNickname": "nia.ohara",
        "displayName": "Nia O'Hara",
        "givenName": "Nia",
        "surname": "O'Hara",
        "jobTitle": "Planner",
        "department": "Finance",
        "employeeId": "0040817",
        "preferredLanguage": "nb-NO",
        "physicalDeliveryOfficeName": "Building C",
        "streetAddress": "14 Harbour Road",
        "city": "Bergen",
        "state": "Vestland",
        "postalCode": "5003",
        "country": "NO",
        "telephoneNumber": "+47 55 00 00 01",
        "mobile": "+47 90 00 00 02",
        "facsimileTelephoneNumber": "+47 55 00 00 03",
        "appRoleAssignments": ["Team Admin"],
        "accountEnabled": True,
    },
)
CHANGED = PERSON.changed(
    userPrincipalName="nia.castellan@example.com",
    surname="Castellan",
    displayName="Nia Castellan",
    mail="nia.castellan@example.com",
    department=None,
    city="Oslo",
    mobile="+47 90 00 00 09",
    appRoleAssignments=["Admin"],
    extensionAttribute1="new",
    manager=BOSS,
    accountEnabled=False,
)
TEAM = DirectoryObject(
    "Group", "00000000-0000-4000-8000-00000000c001", {"displayName": "Field Sales", "members": ["x"]}
)


def bodies(name: str) -> JSONObject:
    """Every body of one app, by what it is."""
    app = load_app(name)
    found: JSONObject = {"matching": matching_values(app, wanted(app, PERSON), "User")}
    found["create user"] = creation_body(app, PERSON)
    for dialect in Dialect:
        found[f"change user, {dialect.value}"] = update_body(
            app, PERSON, CHANGED, dialect=dialect, links={BOSS: "boss-1"}
        )
        if app.mapping("Group"):
            renamed = TEAM.changed(displayName="Field Sales North")
            found[f"create group, {dialect.value}"] = creation_body(app, TEAM, dialect=dialect)
            found[f"rename group, {dialect.value}"] = update_body(app, TEAM, renamed, dialect=dialect)
    return json.loads(json.dumps(found))


@pytest.mark.parametrize("name", app_names())
def test_bodies_are_those_of_the_vendors_customers(name: str) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert bodies(name) == golden[name]


@pytest.mark.parametrize("name", app_names())
def test_a_creation_is_the_same_in_both_dialects(name: str) -> None:
    app = load_app(name)
    legacy, compliant = (creation_body(app, PERSON, dialect=dialect) for dialect in Dialect)
    assert legacy == compliant
    assert legacy["schemas"] == [urns.USER, urns.ENTERPRISE_USER]


@pytest.mark.parametrize("dialect", Dialect)
def test_without_a_mapped_change_nothing_is_sent(dialect: Dialect) -> None:
    app = load_app("compliance-ai")
    assert update_body(app, PERSON, PERSON.changed(jobTitle="Chief"), dialect=dialect) is None
    assert update_body(app, PERSON, PERSON.changed(mail=None), dialect=dialect) is None


def test_a_change_of_letter_case_alone_is_no_change() -> None:
    """Only attributes marked as case-exact notice it."""
    app = load_app("keepnet")
    assert update_body(app, PERSON, PERSON.changed(jobTitle="PLANNER"), dialect=Dialect.COMPLIANT) is None


def test_a_manager_who_is_not_there_yet_is_not_sent() -> None:
    app = load_app("default")
    assert update_body(app, PERSON, PERSON.changed(manager=BOSS), dialect=Dialect.LEGACY) is None


def test_a_kind_that_the_app_does_not_provision_has_no_body() -> None:
    with pytest.raises(LookupError, match="the app compliance-ai provisions no Group objects"):
        creation_body(load_app("compliance-ai"), TEAM)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return generate(11, prefix="t-")


@pytest.mark.parametrize("name", app_names())
def test_every_expression_of_every_app_has_a_value_for_everybody(name: str, directory: Directory) -> None:
    """No expression fails; a required attribute is missing only where the directory has nothing to make it of."""
    app = load_app(name)
    for person in (*directory.users, *directory.groups):
        if app.mapping(person.kind) is None:
            continue
        found = wanted(app, person)
        assert found.failed == {}
        lacking = missing(app, found, person.kind)
        assert not lacking or person.case in ("no mail", "one name", "bare")
        assert creation_body(app, person)["schemas"]


EXPRESSIONS = [
    'FormatDateTime([extensionAttribute8], , "M/d/yyyy", "yyyy-MM-ddTHH:mm:ssZ")',
    "IIF(IsNullOrEmpty([preferredname]),[givenName],[preferredname])",
    'Coalesce([otherMails], " ")',
    "Not([IsSoftDeleted])",
    "AssertiveAppRoleAssignmentsComplex([appRoleAssignments])",
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expressions_of_the_vendors_guides_work_on_a_directory(text: str, directory: Directory) -> None:
    from scimcheck.entra.expression import evaluate

    parse_expression(text)
    person = directory.users[0]
    assert evaluate(text, person.values) not in (None, "")


def test_the_same_seed_makes_the_same_directory() -> None:
    assert generate(3, 30, 4, prefix="a-") == generate(3, 30, 4, prefix="a-")
    assert generate(3, 30).users[0] != generate(4, 30).users[0]


def test_a_directory_has_every_hard_case(directory: Directory) -> None:
    assert [person.case for person in directory.users if person.case] == [case.name for case in CASES]
    assert directory.of("emoji").attributes["surname"] == "Park 🎉"
    with pytest.raises(KeyError):
        directory.of("nobody")


def test_names_of_a_directory_are_unique_and_carry_the_prefix(directory: Directory) -> None:
    names: list[Any] = [person.attributes["userPrincipalName"] for person in directory.users if not person.soft_deleted]
    assert len({name.lower() for name in names}) == len(names)
    assert all(name.startswith("t-") for name in names)
    assert len(directory.by_id) == len(directory.users) + len(directory.groups)


def test_members_and_managers_are_in_the_directory(directory: Directory) -> None:
    ids = set(directory.by_id)
    assert {person.attributes["manager"] for person in directory.users if "manager" in person.attributes} <= ids
    members: list[Any] = [group.attributes["members"] for group in directory.groups]
    assert all(set(found) <= ids for found in members)
    assert directory.groups[0].id in directory.of("nested").attributes["members"]


def test_a_guest_goes_out_under_the_name_at_home(directory: Directory) -> None:
    guest = directory.of("guest").values
    assert str(guest["originalUserPrincipalName"]).endswith("_partner.example#EXT#@example.com")
    assert str(guest["userPrincipalName"]).endswith("@partner.example")


def test_who_is_deleted_disabled_or_unassigned_is_soft_deleted(directory: Directory) -> None:
    gone = {person.case for person in directory.users if person.values["IsSoftDeleted"]}
    assert gone == {"disabled", "unassigned", "soft-deleted"}
    renamed = str(directory.of("soft-deleted").values["userPrincipalName"])
    assert renamed.startswith(directory.of("soft-deleted").id.replace("-", ""))
