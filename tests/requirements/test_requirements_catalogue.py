"""Reading the catalogue: order, groups, and errors that name file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from scimcheck.core.errors import UsageError
from scimcheck.requirements.catalogue import DOCUMENTS, Catalogue, load, read_catalogue, read_document
from scimcheck.requirements.model import Level

ITEM = """
[[requirement]]
id = "RFC7644-3.3-01"
section = "3.3"
level = "MUST"
area = "create"
text = "A sentence."
check = "A check."
testable = true
needs = ["User"]
url = "https://www.rfc-editor.org/rfc/rfc7644#section-3.3"
"""


def _file(folder: Path, text: str, name: str = "rfc7644.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_catalogue_holds_every_document_in_reading_order() -> None:
    """Documents come in their fixed order, items in file order, and no item is lost by grouping."""
    catalogue = load()
    assert tuple(catalogue.documents) == DOCUMENTS
    assert [item.id for group in catalogue.documents.values() for item in group] == list(catalogue)
    assert sum(len(group) for group in catalogue.by_area.values()) == len(catalogue)


def test_loading_twice_gives_the_same_object() -> None:
    """The files are read once a process."""
    assert load() is load()


def test_a_requirement_carries_typed_values() -> None:
    """Level is the enumeration, needs a tuple, document the stem of the file."""
    item = load()["RFC7644-3.3-01"]
    assert (item.level, item.document, item.dialect) == (Level.MUST, "rfc7644", "any")
    assert isinstance(item.needs, tuple)


def test_a_folder_with_one_document_is_a_catalogue(tmp_path: Path) -> None:
    """A partial folder is fine; absent documents are simply absent."""
    _file(tmp_path, ITEM)
    assert list(read_catalogue(tmp_path)) == ["RFC7644-3.3-01"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[requirement]\n", ["rfc7644.toml"]),
        ("title = 'x'\n", ["rfc7644.toml", "requirement"]),
        ("requirement = [1]\n", ["rfc7644.toml", "requirement 1"]),
        (ITEM + "colour = 'red'\n", ["RFC7644-3.3-01", "colour", "unknown"]),
        (ITEM.replace('area = "create"\n', ""), ["RFC7644-3.3-01", "area", "missing"]),
        (ITEM.replace("testable = true", "testable = 'yes'"), ["RFC7644-3.3-01", "testable", "expected bool"]),
        (ITEM.replace('"MUST"', '"Must"'), ["RFC7644-3.3-01", "level", "'Must'"]),
        (ITEM.replace('id = "RFC7644-3.3-01"\n', ""), ["requirement 1", "id", "missing"]),
    ],
)
def test_a_damaged_file_is_named_with_its_key(tmp_path: Path, text: str, words: list[str]) -> None:
    """The user learns which file, which item and which key."""
    with pytest.raises(UsageError) as caught:
        read_document(_file(tmp_path, text))
    assert all(word in str(caught.value) for word in ["rfc7644.toml", *words])


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    """Not a traceback of the operating system."""
    with pytest.raises(UsageError, match=r"absent\.toml"):
        read_document(tmp_path / "absent.toml")


def test_an_id_in_two_files_is_refused(tmp_path: Path) -> None:
    """Ids are unique over the whole catalogue."""
    _file(tmp_path, ITEM)
    _file(tmp_path, ITEM, "rfc7643.toml")
    with pytest.raises(UsageError, match=r"rfc7644\.toml: RFC7644-3\.3-01: id is already in use"):
        read_catalogue(tmp_path)


def test_an_empty_catalogue_is_empty() -> None:
    """Grouping nothing gives nothing."""
    catalogue = Catalogue([])
    assert (len(catalogue), catalogue.documents, catalogue.by_area) == (0, {}, {})
