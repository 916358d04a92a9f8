"""What filters match, by table: types, letter case, several values, extensions, and the chosen readings."""

from __future__ import annotations

from typing import Any

import pytest
from core_models import GADGET, GADGET_URN, GROUP, LABEL_URN, USER

from scimcheck.core import urns
from scimcheck.core.errors import InvalidFilter
from scimcheck.core.filter.ast import AttrPath
from scimcheck.core.filter.evaluate import check_filter, compile_filter, equality_terms, matches
from scimcheck.core.filter.parser import parse_filter

JENSEN: dict[str, Any] = {
    "schemas": [urns.USER, urns.ENTERPRISE_USER],
    "id": "2819c223",
    "externalId": "Ext-1",
    "userName": "bJensen@example.com",
    "name": {"familyName": "Jensen", "givenName": "Barbara"},
    "active": True,
    "title": "",
    "nickName": None,
    "profileUrl": "https://example.com/Babs",
    "emails": [
        {"value": "bjensen@example.com", "type": "work", "primary": True},
        {"value": "babs@home.example", "type": "home"},
    ],
    "phoneNumbers": [],
    "x509Certificates": [{"value": "MIIDQz"}],
    "roles": [{"value": "admin", "primary": True}],
    "meta": {
        "resourceType": "User",
        "created": "2011-05-13T04:42:34Z",
        "lastModified": "2011-05-13T06:42:34.50+02:00",
        "version": 'W/"A"',
    },
    urns.ENTERPRISE_USER: {"employeeNumber": "701984", "manager": {"value": "26118915"}},
}
GADGET_1: dict[str, Any] = {
    "schemas": [GADGET_URN, LABEL_URN],
    "id": "1",
    "level": 10,
    "ratio": 0.5,
    "since": "2020-01-01T00:00:00.123456789Z",
    "tags": ["Red", "green"],
    "parts": [{"value": "a", "weight": 1}, {"value": "b", "weight": 5}],
    LABEL_URN: {"colour": "Blue", "owner": {"value": "7"}},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('userName eq "BJENSEN@EXAMPLE.COM"', True),
        ('userName eq "jensen"', False),
        ('userName ne "someone"', True),
        ('userName ne "bjensen@example.com"', False),
        ('userName co "JENSEN@"', True),
        ('userName sw "BJ"', True),
        ('userName ew ".COM"', True),
        ('userName ew "bJ"', False),
        ('userName gt "BJ"', True),
        ('userName lt "bjensen@example.com"', False),
        ('userName le "bjensen@EXAMPLE.com"', True),
        ('userName ge "c"', False),
        ('id eq "2819c223"', True),
        ('id eq "2819C223"', False),
        ('externalId sw "ext"', False),
        ('externalId gt "Ext"', True),
        ('USERNAME eq "bjensen@example.com"', True),
        ('NAME.FAMILYNAME eq "jensen"', True),
        (f'{urns.USER}:userName sw "bj"', True),
        (f'{urns.USER.upper()}:NAME.familyName sw "j"', True),
        (f'{urns.USER}:meta.resourceType eq "User"', True),
        (f'{urns.ENTERPRISE_USER}:employeeNumber eq "701984"', True),
        (f'{urns.ENTERPRISE_USER.upper()}:EMPLOYEENUMBER eq "701984"', True),
        (f'{urns.ENTERPRISE_USER}:manager.value eq "26118915"', True),
        (f'{urns.ENTERPRISE_USER}:userName eq "bjensen@example.com"', False),
        (f'{urns.USER}:employeeNumber eq "701984"', False),
        ('urn:example:other:userName eq "bjensen@example.com"', False),
    ],
)
def test_core_evaluate_strings_and_names(text: str, expected: bool) -> None:
    """caseExact decides on values; names and URNs are never case-sensitive; a URN names its own attributes alone."""
    assert matches(parse_filter(text), JENSEN, USER) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("active eq true", True),
        ("active eq false", False),
        ("active ne false", True),
        ('meta.created eq "2011-05-13T06:42:34+02:00"', True),
        ('meta.created eq "2011-05-13T04:42:34.000Z"', True),
        ('meta.created ne "2011-05-13T06:42:34+02:00"', False),
        ('meta.lastModified gt "2011-05-13T04:42:34Z"', True),
        ('meta.lastModified lt "2011-05-13T04:42:34.6Z"', True),
        ('meta.lastModified ge "2011-05-13T04:42:34.5Z"', True),
        ('meta.lastModified sw "2011-05-13T06"', True),
        ('meta.created gt "2011"', False),
        ('x509Certificates.value eq "MIIDQz"', True),
        ('x509Certificates.value eq "miidqz"', False),
        ('profileUrl eq "https://example.com/Babs"', True),
        ('profileUrl eq "https://example.com/babs"', False),
        ('profileUrl co "/Babs"', True),
        ('meta.version eq "W/\\"A\\""', True),
        ('meta.version eq "W/\\"a\\""', False),
        (f'schemas eq "{urns.ENTERPRISE_USER}"', True),
        (f'schemas eq "{urns.GROUP}"', False),
    ],
)
def test_core_evaluate_types(text: str, expected: bool) -> None:
    """DateTimes compare as instants, binary and references exactly."""
    assert matches(parse_filter(text), JENSEN, USER) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("level eq 10", True),
        ("level eq 10.0", True),
        ("level eq 1e1", True),
        ("level gt 9.5", True),
        ("level lt -1", False),
        ("level ne 10", False),
        ("ratio le 0.5", True),
        ('since gt "2020-01-01T00:00:00.123456788Z"', True),
        ('since eq "2020-01-01T01:00:00.1234567890+01:00"', True),
        ('since eq "2020-01-01T00:00:00.123456Z"', False),
        ('tags eq "red"', True),
        ('tags co "REE"', True),
        ('tags[value sw "g"]', True),
        ('tags[value sw "g" and value sw "r"]', False),
        ('tags sw "g" and tags sw "r"', True),
        ("parts[weight gt 2]", True),
        ('parts[value eq "a" and weight gt 2]', False),
        ('parts.value eq "a" and parts.weight gt 2', True),
        ('colour eq "blue"', True),
        ('owner eq "7"', True),
        (f'{LABEL_URN}:colour eq "blue"', True),
        (f"{LABEL_URN} pr", True),
        ('parts.value[value eq "a"]', False),
    ],
)
def test_core_evaluate_numbers_values_and_extensions(text: str, expected: bool) -> None:
    """Numbers are numeric, instants exact to any digit, brackets look at one value at a time."""
    assert matches(parse_filter(text), GADGET_1, GADGET) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('emails.type eq "work" and emails.value co "home"', True),
        ('emails[type eq "work" and value co "home"]', False),
        ('emails[type eq "home" and not (primary eq true)]', True),
        ('emails[primary eq "True"].value eq "BJENSEN@example.com"', True),
        ('emails[type eq "home"].value eq "bjensen@example.com"', False),
        ('emails[type eq "work" or (type eq "home" and value ew ".example")]', True),
        ('emails[TYPE EQ "WORK"]', True),
        ('emails co "HOME.example"', True),
        ('emails ne "bjensen@example.com"', True),
        ('roles[primary eq "True"]', True),
        ('roles[primary eq "False"]', False),
        ('roles[primary ne "False"]', True),
        ('name[familyName eq "Jensen"]', True),
        ('name[nosuch eq "Jensen"]', False),
        ("emails[nosuch pr]", False),
        ('manager eq "26118915"', True),
        (f'{urns.ENTERPRISE_USER}:manager eq "26118915"', True),
        ('id eq "2819c223" and manager eq "1"', False),
        ('employeeNumber eq "701984"', True),
    ],
)
def test_core_evaluate_multi_valued(text: str, expected: bool) -> None:
    """Any value may satisfy a comparison, one value a value path; complex attributes compare by value."""
    assert matches(parse_filter(text, lenient=True), JENSEN, USER) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("userName pr", True),
        ("name pr", True),
        ("emails pr", True),
        ("emails.display pr", False),
        ("emails.primary pr", True),
        ("nickName pr", False),
        ("phoneNumbers pr", False),
        ("displayName pr", False),
        ("nosuch pr", False),
        ("title pr", True),
        (f"{urns.ENTERPRISE_USER}:manager pr", True),
        (f"{urns.ENTERPRISE_USER}:manager.displayName pr", False),
        ("not (displayName pr)", True),
    ],
)
def test_core_evaluate_presence(text: str, expected: bool) -> None:
    """Null, absence and the empty array are no value; the empty string is one; a complex one needs a member."""
    assert matches(parse_filter(text), JENSEN, USER) is expected
    hollow = {**JENSEN, "name": {"familyName": None}, "emails": [{"value": None}, {}]}
    assert matches(parse_filter("name pr or emails pr"), hollow, USER) is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('displayName ne "x"', False),
        ('not (displayName eq "x")', True),
        ("displayName eq null", True),
        ("displayName ne null", False),
        ("userName eq null", False),
        ("name eq null", False),
        ("phoneNumbers eq null", True),
        ("userName gt null", False),
        ("emails[display eq null]", True),
        ('nosuch eq "x"', False),
        ('nosuch ne "x"', False),
        ("nosuch co 5", False),
        ("userName eq 5", False),
        ("userName ne 5", False),
        ("userName co true", False),
        ('active eq "TRUE"', True),
        ('active eq "yes"', False),
        ('active ne "yes"', False),
        ("active eq 1", False),
    ],
)
def test_core_evaluate_chosen_readings(text: str, expected: bool) -> None:
    """Where the standard is open: no match for absence, other types and the unknown; null means unassigned."""
    assert matches(parse_filter(text), JENSEN, USER) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('userName eq "BJENSEN@example.com"', True),
        ('id eq "2819C223"', False),
        ('meta.created lt "2011-05-13T06:42:35+02:00"', True),
        ('meta.nosuch eq "x"', False),
        ("active eq true", True),
        ('active eq "True"', True),
        ('userName ne "true"', True),
        ('emails co "home"', True),
        ('emails[type eq "work" and primary eq true]', True),
        ('manager eq "26118915"', True),
        (f'{urns.USER}:userName sw "bj"', True),
        (f'{urns.ENTERPRISE_USER}:manager.value eq "26118915"', True),
        ('schemas[value co "enterprise"]', True),
    ],
)
def test_core_evaluate_without_model(text: str, expected: bool) -> None:
    """Common attributes keep their definition, all else has the defaults: not case exact, type of the value."""
    assert matches(parse_filter(text), JENSEN, None) is expected


def test_core_evaluate_spelling_of_the_resource() -> None:
    """A resource may spell names and URNs in any letter case too."""
    odd = {
        "USERNAME": "x",
        "Emails": [{"VALUE": "v", "Type": "work"}],
        urns.ENTERPRISE_USER.upper(): {"Department": "d"},
    }
    for text in (
        'userName eq "x"',
        'emails[type eq "work" and value eq "v"]',
        f'{urns.ENTERPRISE_USER}:department eq "d"',
    ):
        assert matches(parse_filter(text), odd, USER)
        assert matches(parse_filter(text), odd, None)


def test_core_evaluate_members_as_entra_asks() -> None:
    """``members eq "id"`` means the member's value."""
    group = {"id": "g", "displayName": "Team", "members": [{"value": "u1"}, {"value": "u2"}]}
    assert matches(parse_filter('id eq "g" and members eq "u2"'), group, GROUP)
    assert not matches(parse_filter('id eq "g" and members eq "u3"'), group, GROUP)


def test_core_evaluate_malformed_resources_match_nothing() -> None:
    """Values of a wrong shape are no values; judging them is for others."""
    broken = {"userName": {"a": 1}, "emails": "x", "name": ["y", 1], "active": "True", "meta": {"created": "then"}}
    for text in (
        'userName eq "a"', 'emails[type eq "x"]', 'emails.value eq "x"', 'name.familyName pr', "active eq true",
        'meta.created ne "2011-05-13T04:42:34Z"',
    ):  # fmt: skip
        assert not matches(parse_filter(text), broken, USER)
    assert not matches(parse_filter("active eq true or active ne false"), {"active": 1}, USER)


@pytest.mark.parametrize(
    "text",
    [
        "active gt true",
        "active le false",
        'active gt "true"',
        'x509Certificates.value ge "MII="',
        'x509Certificates gt "MII="',
        "emails[primary lt true]",
        "userName pr and (not (active gt true) or title pr)",
        'name eq "Jensen"',
        'meta co "x"',
        "active co true",
        'active sw "t"',
        "userName gt true",
    ],
)
def test_core_check_filter_refuses(text: str) -> None:
    """Ordering of booleans and binary, text operators on booleans, and complex attributes without value."""
    tree = parse_filter(text)
    with pytest.raises(InvalidFilter) as caught:
        check_filter(tree, USER)
    assert caught.value.scim_type == "invalidFilter"
    with pytest.raises(InvalidFilter):
        matches(tree, JENSEN, USER)


def test_core_check_filter_names_the_attribute() -> None:
    with pytest.raises(InvalidFilter, match=r"^level: co has no meaning for integer values$"):
        check_filter(parse_filter('title pr and level co "1"'), GADGET)


@pytest.mark.parametrize(
    "text",
    [
        "active eq true",
        'x509Certificates.value eq "x"',
        'emails co "x"',
        'manager eq "x"',
        "name pr",
        "nosuch gt 1",
        'title gt "a"',
    ],
)
def test_core_check_filter_accepts(text: str) -> None:
    check_filter(parse_filter(text), USER)


def test_core_compile_filter_is_cached_per_model() -> None:
    """The same filter compiles once per model, and models do not mix."""
    tree = parse_filter('code eq "a"')
    assert compile_filter(tree, GADGET) is compile_filter(parse_filter('code eq "a"'), GADGET)
    assert compile_filter(tree, GADGET)({"code": "A"}) is False
    assert compile_filter(tree, None)({"code": "A"}) is True


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ('userName eq "x"', [("userName", "x")]),
        ('id eq "1" and (active eq true and title pr)', [("id", "1"), ("active", True)]),
        ('emails.value eq "x"', [("emails.value", "x")]),
        ('emails[type eq "work" and value eq "x"]', [("emails.type", "work"), ("emails.value", "x")]),
        ('emails[type eq "work"].value eq "x"', [("emails.type", "work"), ("emails.value", "x")]),
        ('urn:a:b:emails[value eq "x" or value eq "y"] and members eq "1"', [("members", "1")]),
        ('urn:a:b:emails[value eq "x"]', [("urn:a:b:emails.value", "x")]),
        ('a eq "1" or b eq "2"', []),
        ('not (a eq "1")', []),
        ('a eq null and b ne "x"', []),
        ('a.b[c eq "1"]', []),
    ],
)
def test_core_equality_terms(text: str, terms: list[tuple[str, object]]) -> None:
    """Only comparisons that every match satisfies are offered to an index."""
    found = equality_terms(parse_filter(text, lenient=True))
    assert [(str(path), value) for path, value in found] == terms
    assert all(isinstance(path, AttrPath) for path, _ in found)
