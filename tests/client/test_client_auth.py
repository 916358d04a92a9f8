"""Credentials that do not change, and tokens from files."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from scimcheck.client.auth import Basic, BearerToken, CustomHeader, NoAuth, clean_token, read_token_file
from scimcheck.core.errors import UsageError


def test_header_values() -> None:
    """One form per scheme."""
    assert BearerToken("abc").header(0) == "Bearer abc"
    assert Basic("ü", "p:w").header(0) == "Basic " + base64.b64encode("ü:p:w".encode()).decode()
    assert CustomHeader("X-Api-Key", "k").header(0) == "k"
    assert NoAuth().header(0) is None
    assert {c.name for c in (BearerToken("a"), Basic("a", "b"), NoAuth())} == {"Authorization"}


def test_representations_hold_no_secret() -> None:
    """Credentials end up in tracebacks."""
    for credentials in (BearerToken("s3cret"), Basic("u", "s3cret"), CustomHeader("X-Key", "s3cret")):
        assert "s3cret" not in repr(credentials)
        assert any("s3cret" in value for value, _ in credentials.secrets())
        assert not credentials.refused(0)


@pytest.mark.parametrize(("name", "value"), [("X Key", "v"), ("", "v"), ("X:", "v"), ("X-Key", "a\r\nHost: b")])
def test_a_custom_header_cannot_break_the_request(name: str, value: str) -> None:
    """Names are tokens and values one line."""
    with pytest.raises(UsageError):
        CustomHeader(name, value)


@pytest.mark.parametrize("content", ["tok.en", "  tok.en\r\n", "\ufefftok.en\n\n"])
def test_a_token_file_holds_one_token(tmp_path: Path, content: str) -> None:
    """Editors add line ends and byte order marks."""
    file = tmp_path / "token"
    file.write_bytes(content.encode())
    assert read_token_file(file) == "tok.en"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"one\ntwo\n", "2 lines"),
        (b"one two", "character 4"),
        ("tök".encode(), "character 2"),
        (b"\xff\xfe\x00", "UTF-8"),
        (None, "No such file"),
    ],
)
def test_an_unusable_token_file_is_named(tmp_path: Path, content: bytes | None, says: str) -> None:
    """One line with the file and the reason, without the token."""
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=says) as caught:
        read_token_file(file)
    assert str(file) in str(caught.value)
    assert "one" not in str(caught.value).replace(str(file), "")


def test_a_bearer_prefix_is_dropped_with_a_warning() -> None:
    """Portals show the header, people paste it."""
    with pytest.warns(UserWarning, match="SCIM_TOKEN"):
        assert clean_token("bearer  abc", "SCIM_TOKEN") == "abc"
