"""The figures and words in the catalogue's README are those of the files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from scimcheck.requirements.catalogue import DOCUMENTS, load
from scimcheck.requirements.model import Level, Requirement
from scimcheck.resources import bundled

FOLDER = bundled("fixtures") / "requirements"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
FORMAT = json.loads((bundled("fixtures") / "formats" / "requirement.schema.json").read_text(encoding="utf-8"))


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _level_cells(items: Iterable[Requirement]) -> list[int]:
    found = [item.level for item in items]
    return [*(found.count(level) for level in Level), len(found)]


def _level_rows() -> list[str]:
    groups = [*load().documents.items(), ("**all**", tuple(load().values()))]
    rows = []
    for name, items in groups:
        testable = [item for item in items if item.testable]
        rows.append(_row(name, *_level_cells(items), len(testable)))
        rows.append(_row(name, *_level_cells(testable)))
    return rows


def _area_rows() -> list[str]:
    return [
        _row(area, *(sum(item.document == document for item in items) for document in DOCUMENTS), len(items))
        for area, items in load().by_area.items()
    ]


def test_the_tables_count_what_the_files_hold() -> None:
    """A changed catalogue needs a changed README."""
    lines = README.splitlines()
    assert [row for row in _level_rows() + _area_rows() if row not in lines] == []


def test_every_word_in_use_is_explained() -> None:
    """The README explains the needs that the format permits, and no area is without requirements."""
    needs = FORMAT["$defs"]["need"]["enum"]
    assert [word for word in needs if f"`{word}`" not in README] == []
    assert set(FORMAT["$defs"]["area"]["enum"]) == set(load().by_area)


def test_every_chapter_of_the_entra_items_is_named() -> None:
    """The sections of the Entra document are explained in the README's table."""
    chapters = {item.section for item in load().documents["entra"]}
    assert {match[1] for match in re.finditer(r"^\| (\d\.\d) \| ", README, re.MULTILINE)} == chapters


def test_every_id_in_the_readme_exists() -> None:
    """The README points at no requirement that is not there."""
    ids = re.findall(r"`((?:RFC\d+|ENTRA)-[0-9A-Z.]+-\d\d)`", README)
    assert ids
    assert [requirement_id for requirement_id in ids if requirement_id not in load()] == []
