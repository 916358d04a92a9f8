"""What the gallery's tests are given, and how one of them ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from scimcheck.core.errors import UsageError
from scimcheck.harness.gallery_input import Federation, GalleryInput, read_values


def _file(folder: Path, text: str) -> Path:
    file = folder / "values.json"
    file.write_text(text, encoding="utf-8")
    return file


def test_values_and_domain_are_read(tmp_path: Path) -> None:
    """Both are optional."""
    file = _file(tmp_path, '{"domain": "corp.example", "values": [{"title": "Lead"}]}')
    assert read_values(file) == GalleryInput("corp.example", ({"title": "Lead"},))
    assert read_values(_file(tmp_path, "{}")) == GalleryInput()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{\n oops", r"values\.json:2: Expecting property name"),
        ("[]", "expected an object"),
        ('{"value": []}', "expected an object with domain and values"),
        ('{"values": {}}', "values: expected a list"),
        ('{"values": [{}, {}, {}]}', "one or two objects"),
        ('{"values": ["x"]}', "one or two objects"),
        ('{"domain": ""}', "domain: expected"),
    ],
)
def test_a_values_file_that_cannot_be_used_is_a_usage_error(tmp_path: Path, text: str, words: str) -> None:
    """One line that names the option, the file and what is wrong."""
    with pytest.raises(UsageError, match=words) as caught:
        read_values(_file(tmp_path, text))
    assert str(caught.value).startswith("--scim-gallery-values: ")
    assert "\n" not in str(caught.value)


def test_a_missing_values_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_values(tmp_path / "absent.json")
    (tmp_path / "latin.json").write_bytes(b'{"domain": "\xe9"}')
    with pytest.raises(UsageError, match="not UTF-8"):
        read_values(tmp_path / "latin.json")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://idp.example.com/token", "generic"),
        ("https://sts.googleapis.com/v1/token", "google"),
        (
            "https://iamcredentials.googleapis.com/v1/serviceAccounts/x",
            "google-service-account",
        ),
    ],
)
def test_the_address_decides_the_exchange(url: str, kind: str) -> None:
    assert Federation(url).kind == kind


def test_secrets_do_not_show() -> None:
    """A federation printed in passing tells nothing."""
    assert "hush" not in repr(Federation("https://idp.example.com", secret="hush", assertion="hush"))
