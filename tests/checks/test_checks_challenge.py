"""WWW-Authenticate in all the spellings that occur."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.checks.challenge import Challenge, parse_challenges, valid_error_text, valid_scope


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Bearer", [Challenge("Bearer")]),
        ('Bearer realm="scim"', [Challenge("Bearer", (("realm", "scim"),))]),
        ("Bearer realm=scim", [Challenge("Bearer", (("realm", "scim"),))]),
        (
            'Bearer realm="a, b", error="invalid_token"',
            [Challenge("Bearer", (("realm", "a, b"), ("error", "invalid_token")))],
        ),
        (
            'Basic realm="x", Bearer realm="y", scope="r w"',
            [Challenge("Basic", (("realm", "x"),)), Challenge("Bearer", (("realm", "y"), ("scope", "r w")))],
        ),
        ("Negotiate, Basic realm=x", [Challenge("Negotiate"), Challenge("Basic", (("realm", "x"),))]),
        (r'Bearer realm="say \"hi\""', [Challenge("Bearer", (("realm", 'say "hi"'),))]),
        ('bearer Realm = "x"', [Challenge("bearer", (("realm", "x"),))]),
        ("", []),
    ],
)
def test_challenges_are_read(value: str, expected: list[Challenge]) -> None:
    """Schemes, parameters with and without quotes, several challenges in one header."""
    assert parse_challenges(value) == expected


def test_repeated_parameters_are_found() -> None:
    """Names count without regard to case."""
    (challenge,) = parse_challenges('Bearer realm="a", Realm="b", error="x"')
    assert challenge.repeated == ("realm",)
    assert challenge.parameter("realm") == "a"
    assert challenge.parameter("scope") is None


@given(st.text(max_size=80))
def test_any_header_is_read_to_its_end(value: str) -> None:
    """Hostile headers neither hang nor raise."""
    assert all(challenge.scheme for challenge in parse_challenges(value))


@pytest.mark.parametrize(
    ("value", "valid"), [(None, True), ("a b:c", True), ("a  b", False), ('a"b', False), ("", False)]
)
def test_scopes_are_words(value: str | None, valid: bool) -> None:
    """Printable ASCII without quote and backslash, single blanks between."""
    assert valid_scope(value) is valid


@pytest.mark.parametrize(
    ("value", "valid"), [(None, True), ("the token, expired", True), ("a\\b", False), ("é", False)]
)
def test_error_texts_are_ascii(value: str | None, valid: bool) -> None:
    """Blanks are permitted in them, quotes, backslashes and other scripts are not."""
    assert valid_error_text(value) is valid
