"""Who may import whom: the contracts hold, and they bite."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from imported_names import imports
from project_tree import ROOT, python_files, shown


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """import-linter's verdict on the tree at ``root``, in a process of its own, which imports from that tree."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            "--no-logo",
            "--no-cache",
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied_tree(tmp_path: Path) -> Path:
    """A copy of the code under contract, free to be broken."""
    for room in ("scimcheck", "suites"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept() -> None:
    """The tree as it stands breaks none of the contracts in pyproject.toml."""
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("scimcheck/core/urns.py", "import scimcheck.provider", "A room imports only"),
        ("scimcheck/client/exchange.py", "import scimcheck.provider", "A room imports only"),
        ("scimcheck/core/urns.py", "import httpx", "core takes nothing from outside"),
        ("scimcheck/checks/findings.py", "def f():\n    import scimcheck.entra", "checks judge what was recorded"),
        ("suites/__init__.py", "import scimcheck.provider", "suites are written with"),
    ],
    ids=["upward", "sibling", "third-party", "inside-a-function", "suite"],
)
def test_a_planted_import_is_refused(copied_tree: Path, module: str, line: str, contract: str) -> None:
    """Each kind of forbidden import, planted in a copy, breaks the contract that forbids it."""
    planted = copied_tree / module
    planted.write_text(f"{planted.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    result = lint_imports(copied_tree)
    assert result.returncode != 0
    broken = [row for row in result.stdout.splitlines() if "BROKEN" in row]
    assert any(row.startswith(contract) for row in broken), result.stdout + result.stderr


def test_a_type_checking_import_is_allowed(copied_tree: Path) -> None:
    """An import that only type checkers follow is no dependency."""
    planted = copied_tree / "scimcheck/core/urns.py"
    text = "\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import scimcheck.provider\n"
    planted.write_text(planted.read_text(encoding="utf-8") + text, encoding="utf-8")
    assert lint_imports(copied_tree).returncode == 0


def test_core_imports_the_standard_library_and_lark_alone() -> None:
    """Whatever is not standard library, core itself or lark stays out, whether a contract names it or not."""
    allowed = sys.stdlib_module_names | {"lark"}
    foreign = {
        f"{shown(path)}: {name}"
        for path in python_files("scimcheck/core")
        for name in imports(path)
        if name.split(".")[0] not in allowed and not f"{name}.".startswith("scimcheck.core.")
    }
    assert foreign == set()


@pytest.mark.parametrize("room", ["checks", "report"])
def test_judges_and_reports_know_the_client_by_its_exchanges_alone(room: str) -> None:
    """A check is a function of recorded exchanges, a report is made of them; neither knows the sender."""
    foreign = {
        f"{shown(path)}: {name}"
        for path in python_files(f"scimcheck/{room}")
        for name in imports(path)
        if name.startswith("scimcheck.client.") and not name.startswith("scimcheck.client.exchange")
    }
    assert foreign == set()


def test_the_entry_module_loads_pytest_and_the_standard_library_alone() -> None:
    """Installed but unused costs nothing: everything else is imported inside the hooks."""
    allowed = sys.stdlib_module_names | {"pytest"}
    names = imports(ROOT / "scimcheck/pytest_plugin.py", top_level_only=True)
    assert {name for name in names if name.split(".")[0] not in allowed} == set()


def test_nothing_imports_the_bundled_folders_by_name() -> None:
    """``scimcheck.suites`` exists in a wheel alone; the folders are reached through ``scimcheck.resources``."""
    bundled = ("scimcheck.suites", "scimcheck.fixtures", "scimcheck.reports", "suites", "fixtures", "reports")
    found = {
        f"{shown(path)}: {name}"
        for path in python_files("scimcheck")
        for name in imports(path)
        if any(name == folder or name.startswith(f"{folder}.") for folder in bundled)
    }
    assert found == set()


def test_a_suite_stands_alone() -> None:
    """A suite module imports no other suite and no test: any of them can be left out of a run."""
    found = {
        f"{shown(path)}: {name}"
        for path in python_files("suites")
        for name in imports(path)
        if name.split(".")[0] in {"suites", "tests", "conftest"} or name.startswith("scimcheck.suites")
    }
    assert found == set()


def test_a_suite_uses_the_rooms_meant_for_suites() -> None:
    """What a check needs comes from harness, core, checks, entra and the recorded exchanges."""
    rooms = tuple(f"scimcheck.{room}." for room in ("harness", "core", "checks", "entra", "client.exchange"))
    found = {
        f"{shown(path)}: {name}"
        for path in python_files("suites")
        for name in imports(path)
        if name.startswith("scimcheck.") and not f"{name}.".startswith(rooms)
    }
    assert found == set()
