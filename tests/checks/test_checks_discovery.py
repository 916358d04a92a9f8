"""ServiceProviderConfig and ResourceType documents: what is a flaw and what is tolerated."""

from collections.abc import Iterable

import pytest

from scimcheck.checks import discovery
from scimcheck.checks.flaws import Flaw
from scimcheck.core.json import JSON, JSONObject


def verdicts(flaws: Iterable[Flaw]) -> list[bool]:
    """For each flaw whether it is tolerated."""
    return [flaw.tolerated for flaw in flaws]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"supported": True}, []),
        ({"supported": False}, []),
        ({"supported": "true"}, [False]),
        ({}, [False]),
        (True, [False]),
        (None, [False]),
    ],
)
def test_features(value: JSON, expected: list[bool]) -> None:
    assert verdicts(discovery.feature_flaws({"patch": value}, "patch")) == expected


@pytest.mark.parametrize(
    ("bulk", "expected"),
    [
        ({"supported": True, "maxOperations": 0}, []),
        ({"supported": True, "maxOperations": 10}, []),
        ({"supported": True}, [False]),
        ({"supported": False}, [True]),
        ({"supported": False, "maxOperations": "0"}, [False]),
        ({"supported": True, "maxOperations": True}, [False]),
        ({"supported": True, "maxOperations": 1.5}, [False]),
        ({"supported": True, "maxOperations": -1}, [False]),
    ],
)
def test_limits(bulk: JSONObject, expected: list[bool]) -> None:
    assert verdicts(discovery.limit_flaws({"bulk": bulk}, "bulk", "maxOperations")) == expected


def test_an_open_service_may_have_no_scheme() -> None:
    assert verdicts(discovery.schemes_flaws({"authenticationSchemes": []}, protected=False)) == []
    assert verdicts(discovery.schemes_flaws({"authenticationSchemes": []}, protected=True)) == [True]
    assert verdicts(discovery.schemes_flaws({"authenticationSchemes": {}}, protected=True)) == [False]
    assert verdicts(discovery.schemes_flaws({}, protected=False)) == [False]


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ({"type": "oauth2"}, []),
        ({"type": "mtls"}, [True]),
        ({"type": ""}, [False]),
        ({"type": 1}, [False]),
        ({}, [False]),
    ],
)
def test_scheme_types(scheme: JSONObject, expected: list[bool]) -> None:
    assert verdicts(discovery.scheme_flaws({"authenticationSchemes": [scheme]}, "type")) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://www.example.com/help", True),
        ("HTTP://example.com", True),
        ("/help", False),
        ("ftp://example.com", False),
        ("https://", False),
        ("https://example.com/a b", False),
        ("https://[", False),
        (5, False),
    ],
)
def test_web_urls(value: JSON, expected: bool) -> None:
    assert discovery.is_web_url(value) is expected


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [("/Users", []), ("Users", []), ("https://example.com/Users", [True]), ("/", [False]), ("", [False]), (7, [False])],
)
def test_endpoints(endpoint: JSON, expected: list[bool]) -> None:
    assert verdicts(discovery.endpoint_flaws([{"name": "User", "endpoint": endpoint}])) == expected


def test_endpoints_are_compared_without_slashes_and_with_case() -> None:
    same = [{"endpoint": "/Users"}, {"endpoint": "Users/"}]
    assert verdicts(discovery.distinct_flaws(same, "endpoint")) == [False]
    assert verdicts(discovery.distinct_flaws([{"endpoint": "/Users"}, {"endpoint": "/users"}], "endpoint")) == []


def test_schemas_are_looked_up_in_any_case() -> None:
    entry = {"name": "User", "schema": "urn:X", "schemaExtensions": [{"schema": "urn:Y", "required": False}, {}]}
    assert verdicts(discovery.schema_flaws([entry], {"urn:x"})) == []
    assert verdicts(discovery.schema_flaws([entry], {"urn:z"})) == [False]
    assert verdicts(discovery.extension_schema_flaws([entry], {"urn:y"})) == [False]
    assert verdicts(discovery.extension_required_flaws([entry])) == [False]
