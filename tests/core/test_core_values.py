"""Data types, the unassigned state, and equality of values."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from core_models import GADGET, LABEL_URN, USER
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core.characteristics import DataType
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.core.values import (
    has_value,
    is_unassigned,
    normalise,
    parse_datetime,
    parse_instant,
    same_value,
    type_error,
)

UTC = timezone.utc


def _attribute(name: str, model: ResourceModel = GADGET) -> Attribute:
    head, _, sub = name.partition(".")
    located = model.find(None, head, sub or None)
    assert located is not None
    return located.attribute


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2011-05-13T04:42:34Z", datetime(2011, 5, 13, 4, 42, 34, tzinfo=UTC)),
        ("2011-05-13T06:42:34+02:00", datetime(2011, 5, 13, 4, 42, 34, tzinfo=UTC)),
        ("2011-05-12T23:12:34-05:30", datetime(2011, 5, 13, 4, 42, 34, tzinfo=UTC)),
        ("2011-05-13T04:42:34.5Z", datetime(2011, 5, 13, 4, 42, 34, 500_000, tzinfo=UTC)),
        ("2011-05-13T04:42:34.1234567890Z", datetime(2011, 5, 13, 4, 42, 34, 123_456, tzinfo=UTC)),
        ("2011-05-13T24:00:00Z", datetime(2011, 5, 14, tzinfo=UTC)),
        ("2011-05-13T24:00:00.00Z", datetime(2011, 5, 14, tzinfo=UTC)),
        ("2000-02-29T00:00:00+14:00", datetime(2000, 2, 28, 10, tzinfo=UTC)),
    ],
)
def test_core_parse_datetime(text: str, expected: datetime) -> None:
    """Zones, fractions of any length and 24:00:00 are xsd:dateTime; the result is cut to microseconds."""
    assert parse_datetime(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "2011-05-13", "2011-05-13T04:42Z", "2011-05-13 04:42:34Z", "2011-05-13t04:42:34z", "2011-05-13T04:42:34",
        "2011-02-30T00:00:00Z", "2011-05-13T24:00:01Z", "2011-05-13T25:00:00Z", "2011-05-13T23:59:60Z",
        "2011-05-13T04:42:34+15:00", "2011-05-13T04:42:34+14:01", "2011-05-13T04:42:34+0200", "2011-05-13T04:42:34.Z",
        "11-05-13T04:42:34Z", "0000-01-01T00:00:00Z", "٢٠١١-05-13T04:42:34Z", "2011-05-13T04:42:34Z\n",
        " 2011-05-13T04:42:34Z", "9999-12-31T24:00:00Z",
    ],
)  # fmt: skip
def test_core_parse_datetime_refuses(text: str) -> None:
    """Malformed, without zone, or beyond the years that can be represented."""
    assert parse_datetime(text) is None
    assert parse_instant(text) is None


def _in_zone(moment: datetime, minutes: int) -> str:
    text = moment.astimezone(timezone(timedelta(minutes=minutes))).strftime("%m-%dT%H:%M:%S.%f")
    sign = "-" if minutes < 0 else "+"
    year = moment.astimezone(timezone(timedelta(minutes=minutes))).year
    return f"{year:04}-{text}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


_moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC))
_offsets = st.integers(-14 * 60, 14 * 60)


@given(_moments, _moments, _offsets, _offsets)
def test_core_instants_order_as_the_moments_they_denote(a: datetime, b: datetime, east: int, west: int) -> None:
    """Zones do not matter, digits do."""
    first, second = parse_instant(_in_zone(a, east)), parse_instant(_in_zone(b, west))
    assert first is not None
    assert second is not None
    # The whole seconds are compared in different zones, the digits behind the point as text.
    assert (first < second) == (a < b)
    assert (first == second) == (a == b)
    assert parse_datetime(_in_zone(a, east)) == a


def test_core_instants_beyond_microseconds() -> None:
    """Digits that a datetime cannot hold still count; trailing zeros do not."""
    a, b, c = (parse_instant(f"2020-01-01T00:00:00.{digits}Z") for digits in ("1234567", "12345670", "1234568"))
    assert a == b
    assert a is not None
    assert c is not None
    assert a < c


def test_core_unassigned() -> None:
    """Null and the empty array are no value; falsy values are values."""
    assert is_unassigned(None)
    assert is_unassigned([])
    for value in ("", 0, False, {}, [None], [""]):
        assert not is_unassigned(value)


@pytest.mark.parametrize("value", [None, [], {}, [None], [{}], {"a": None}, {"a": [{"b": []}]}])
def test_core_has_no_value(value: Any) -> None:
    """Objects and arrays have a value when something inside has."""
    assert not has_value(value)
    assert has_value([value, {"a": False}])


def test_core_normalise() -> None:
    """What is unassigned goes at any depth, and the input stays as it was."""
    resource = {"a": None, "b": [], "c": {"d": None}, "e": [{"f": None, "g": 0}, None, {}], "h": "", "i": False}
    before = repr(resource)
    assert normalise(resource) == {"e": [{"g": 0}], "h": "", "i": False}
    assert repr(resource) == before
    assert normalise({}) == {}


@pytest.mark.parametrize(
    ("name", "a", "b", "same"),
    [
        ("title", "Boss", "BOSS", True),
        ("title", "Boss", "Bos", False),
        ("title", "straße", "STRASSE", True),
        ("code", "Boss", "BOSS", False),
        ("id", "a", "A", False),
        ("link", "http://x/A", "http://x/a", False),
        ("key", "QUJD", "qujd", False),
        ("since", "2020-01-01T00:00:00Z", "2020-01-01T01:00:00.000+01:00", True),
        ("since", "2020-01-01T00:00:00.1234567Z", "2020-01-01T00:00:00.1234568Z", False),
        ("since", "soon", "soon", True),
        ("since", "soon", "Soon", False),
        ("level", 1, 1.0, True),
        ("level", 1, True, False),
        ("active", True, "True", False),
        ("active", False, None, False),
        ("title", "", None, False),
        ("title", None, None, True),
        ("tags", [], None, True),
        ("tags", ["a", "B"], ["b", "A"], True),
        ("tags", ["a", "a"], ["a"], False),
        ("tags", ["a"], "a", False),
        ("tags", ["a", None], ["a"], True),
        ("name", {"given": "Ann", "rank": None}, {"GIVEN": "ann"}, True),
        ("name", {"given": "Ann"}, {"given": "Ann", "rank": 1}, False),
        ("name", {}, None, True),
        ("parts", [{"value": "a", "weight": 1}, {"value": "b"}], [{"value": "B"}, {"weight": 1, "value": "A"}], True),
        ("meta", {"version": "a"}, {"version": "A"}, False),
    ],
)
def test_core_same_value(name: str, a: Any, b: Any, same: bool) -> None:
    """caseExact, instants, numbers, order of arrays, case of names, forms of the unassigned."""
    assert same_value(a, b, _attribute(name)) is same
    assert same_value(b, a, _attribute(name)) is same


def test_core_same_value_without_definition() -> None:
    """The defaults of a definition hold: strings that are not case exact."""
    assert same_value("a", "A", None)
    assert same_value({LABEL_URN: {"colour": "Blue"}}, {LABEL_URN: {"Colour": "blue", "owner": None}}, None)
    assert not same_value("1", 1, None)


_scalars = st.none() | st.booleans() | st.sampled_from([0, 1, 1.0, 0.5, "", "a", "A", "ß", "SS"]) | st.sampled_from(
    ["2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", "2020-01-01T00:00:00.0Z", "2020-01-01t00:00:00z"]
)  # fmt: skip
_json = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "VALUE", "type", "weight"]), inner, max_size=3)
    ),
    max_leaves=6,
)
_definitions = st.none() | st.sampled_from(
    [_attribute(name) for name in ("title", "code", "since", "parts", "tags", "level")]
)


@given(_json, _json, _json, _definitions)
def test_core_same_value_is_an_equivalence(a: Any, b: Any, c: Any, attribute: Attribute | None) -> None:
    assert same_value(a, a, attribute)
    assert same_value(a, b, attribute) == same_value(b, a, attribute)
    if same_value(a, b, attribute) and same_value(b, c, attribute):
        assert same_value(a, c, attribute)


@given(st.dictionaries(st.sampled_from(["title", "parts", "name"]), _json), _definitions)
def test_core_normalise_keeps_the_meaning(resource: dict[str, Any], attribute: Attribute | None) -> None:
    """Normalising changes nothing that matters, once and for all."""
    assert same_value(resource, normalise(resource), attribute)
    assert normalise(normalise(resource)) == normalise(resource)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "x"),
        ("title", None),
        ("tags", []),
        ("tags", ["x"]),
        ("level", 1),
        ("level", -5),
        ("ratio", 1),
        ("ratio", 1.5),
        ("active", False),
        ("since", "2020-01-01T00:00:00Z"),
        ("since", "2020-01-01T00:00:00"),
        ("key", "QUJD"),
        ("key", "QQ=="),
        ("key", "QQ"),
        ("key", "-_-_"),
        ("key", ""),
        ("link", "https://example.com/a?b#c"),
        ("link", "../Users/1"),
        ("link", "urn:x:y"),
        ("name", {"given": "x", "rank": 1, "other": [1]}),
        ("parts", [{"value": "x", "weight": None}, {}]),
    ],
)
def test_core_type_error_fits(name: str, value: Any) -> None:
    assert type_error(value, _attribute(name)) is None


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("title", 1, "title: expected a string, found the number 1"),
        ("title", ["x"], "title: expected a string, found an array"),
        ("title", {}, "title: expected a string, found an object"),
        ("tags", "x", "tags: expected an array, found the string 'x'"),
        ("tags", ["x", None], "tags[1]: expected a string, found null"),
        ("level", 1.0, "level: expected an integer, found the number 1.0"),
        ("level", True, "level: expected an integer, found true"),
        ("ratio", "1", "ratio: expected a number, found the string '1'"),
        ("ratio", False, "ratio: expected a number, found false"),
        ("active", "True", "active: expected true or false, found the string 'True'"),
        ("active", 1, "active: expected true or false, found the number 1"),
        ("since", "yesterday", "since: expected an xsd:dateTime string, found the string 'yesterday'"),
        ("key", "Q", "key: expected a base64 string, found the string 'Q'"),
        ("key", "QQ=", "key: expected a base64 string, found the string 'QQ='"),
        ("key", "Q Q=", "key: expected a base64 string, found the string 'Q Q='"),
        ("key", "-+-+", "key: expected a base64 string, found the string '-+-+'"),
        ("link", "a b", "link: expected a URI string, found the string 'a b'"),
        ("link", "%zz", "link: expected a URI string, found the string '%zz'"),
        ("link", "http://[x", "link: expected a URI string, found the string 'http://[x'"),
        ("name", "x", "name: expected an object, found the string 'x'"),
        ("name", {"RANK": "1"}, "name.rank: expected an integer, found the string '1'"),
        ("parts", {"value": "x"}, "parts: expected an array, found an object"),
        ("parts", [{}, {"primary": "True"}], "parts[1].primary: expected true or false, found the string 'True'"),
    ],
)
def test_core_type_error_says_where_and_what(name: str, value: Any, reason: str) -> None:
    assert type_error(value, _attribute(name)) == reason


def test_core_type_error_of_every_type() -> None:
    """Each data type has a rule."""
    neither: Any = object()
    for kind in DataType:
        assert type_error(neither, Attribute("x", kind)) is not None


def test_core_user_schema_fits_its_own_example() -> None:
    """A User as the standard shows it has no type error."""
    for name, value in {
        "emails": [{"value": "a@b", "type": "work", "primary": True}],
        "x509Certificates": [{"value": "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjELMAkGA1UEBhMCVVMx"}],
        "photos": [{"value": "https://photos.example.com/1.jpg", "type": "photo"}],
        "meta": {"created": "2010-01-23T04:56:22Z", "location": "https://example.com/v2/Users/1"},
    }.items():
        assert type_error(value, _attribute(name, USER)) is None
