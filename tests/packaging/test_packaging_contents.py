"""What is in the wheel and the sdist: all that belongs to the project and nothing that lies about."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("packaging")

#: folder of the tree → folder of the wheel
HOMES = {
    "scimcheck": "scimcheck",
    "suites": "scimcheck/suites",
    "fixtures": "scimcheck/fixtures",
    "reports/templates": "scimcheck/reports/templates",
}


def files_below(folder: Path) -> set[str]:
    """The project's files below a folder: no bytecode, nothing hidden."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {name for name in names if not name.endswith(".pyc") and not name.split("/")[-1].startswith(".env")}


def wheel_names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def sdist_names(sdist: Path) -> set[str]:
    with tarfile.open(sdist) as archive:
        return {member.name.split("/", 1)[1] for member in archive.getmembers() if member.isfile()}


def test_the_wheel_lists_what_the_tree_holds(tree: Path, wheel: Path) -> None:
    """Suites, fixtures and templates land inside the package, file by file, and nothing else does."""
    expected = {f"{home}/{name}" for folder, home in HOMES.items() for name in files_below(tree / folder)}
    assert wheel_names(wheel) == expected


@pytest.mark.parametrize("name", ["scimcheck/py.typed", "scimcheck/pytest_plugin.py", "scimcheck/suites/__init__.py"])
def test_the_wheel_holds_what_makes_it_work(wheel: Path, name: str) -> None:
    """The marker for type checkers, the entry point and the suites are there by name."""
    assert name in wheel_names(wheel)


def test_what_git_ignores_never_ships(wheel: Path, sdist: Path) -> None:
    """A planted secret and a generated report stay at home."""
    shipped = wheel_names(wheel) | sdist_names(sdist)
    assert {
        name for name in shipped if ".env" in name or (name.startswith("reports/") and "templates" not in name)
    } == set()
    assert {name for name in shipped if name.startswith("scimcheck/reports/") and "templates" not in name} == set()


def test_the_sdist_holds_the_tests_and_the_licence(sdist: Path) -> None:
    """From the sdist alone the package can be built, tested and judged."""
    wanted = {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "Makefile", "conftest.py", "tests/README.md"}
    assert wanted <= sdist_names(sdist)


def test_the_metadata_name_licence_and_entry_points(wheel: Path) -> None:
    """pytest finds the plugin by its entry point, people find the licence in the metadata."""
    with zipfile.ZipFile(wheel) as archive:
        info = {name.split("/", 1)[1]: name for name in archive.namelist() if ".dist-info/" in name}
        entry_points = archive.read(info["entry_points.txt"]).decode()
        metadata = archive.read(info["METADATA"]).decode()
    assert "[pytest11]\nscimcheck = scimcheck.pytest_plugin" in entry_points
    assert "scimcheck = scimcheck.cli:main" in entry_points
    assert "License-Expression: Apache-2.0" in metadata
    assert "licenses/LICENSE" in info
