"""Rules for the tree as a whole."""

from __future__ import annotations

import re
from collections import Counter

from project_tree import ROOT, python_files, shown, text_files

import scimcheck

LONGEST_FILE = 500


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    """Paths of the machine a line was written on mean nothing to anyone else."""
    machine = re.compile(r"(?<![\w.:/-])/(work|root|home)/[\w.]")
    found = [
        f"{shown(path)}:{number}: {line.strip()[:100]}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if machine.search(line)
    ]
    assert found == []


def test_no_python_file_is_too_long() -> None:
    """A file past this length has a second topic inside."""
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_nothing_unfinished_is_named() -> None:
    """What is in the tree is done; what is not is not in the tree."""
    unfinished = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
    found = [
        f"{shown(path)}:{number}"
        for path in text_files()
        if path.suffix == ".py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if unfinished.search(line)
    ]
    assert found == []


def test_test_modules_have_names_of_their_own() -> None:
    """Tests live in folders without ``__init__.py``, so their names must differ."""
    names = Counter(path.name for path in python_files("tests") if path.name.startswith("test_"))
    assert {name for name, count in names.items() if count > 1} == set()
    rooms = {shown(path) for path in python_files("tests") if path.name == "__init__.py"}
    assert rooms == set()


def test_the_changelog_has_the_current_version() -> None:
    """Whoever raises the version says in the changelog what it brings."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+\S*?)\]?(?: |$)", changelog, flags=re.MULTILINE)
    assert versions[0] == scimcheck.__version__


def test_the_package_says_that_it_is_typed() -> None:
    """Type checkers read our annotations only with this marker."""
    assert (ROOT / "scimcheck" / "py.typed").is_file()
