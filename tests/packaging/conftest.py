"""The built distributions, and environments they are installed into; each made once a session."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from installed_shapes import ROOT, Shape, make_environment

#: git-ignored on purpose: neither may ever ship
PLANTED = ("suites/.env", "reports/example-2026.html")


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project as a working checkout looks: with a secret and a report lying about, both git-ignored."""
    copy = tmp_path_factory.mktemp("project") / "scimcheck"
    away = shutil.ignore_patterns(
        ".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "build", "dist", "*.egg-info"
    )
    shutil.copytree(ROOT, copy, ignore=away, symlinks=True)
    for name in PLANTED:
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("secret", encoding="utf-8")
    return copy


@pytest.fixture(scope="session")
def distributions(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the sdist, built from the tree by the standard front end."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--sdist", "--outdir", str(out), str(tree)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return next(out.glob("*.whl")), next(out.glob("*.tar.gz"))


@pytest.fixture(scope="session")
def wheel(distributions: tuple[Path, Path]) -> Path:
    """The built wheel."""
    return distributions[0]


@pytest.fixture(scope="session")
def sdist(distributions: tuple[Path, Path]) -> Path:
    """The built source distribution."""
    return distributions[1]


@pytest.fixture(scope="session")
def installed_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Shape:
    """An environment with the wheel and what it depends on; the checkout is out of reach."""
    environment = make_environment(tmp_path_factory.mktemp("wheel") / "env")
    install(environment, str(wheel))
    return environment


@pytest.fixture(scope="session")
def editable_install(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Shape:
    """An environment with an editable installation of the copied tree."""
    environment = make_environment(tmp_path_factory.mktemp("editable") / "env")
    install(environment, "--no-build-isolation", "--editable", str(tree))
    return environment


@pytest.fixture(scope="session")
def plain_checkout(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Shape:
    """An environment without scimcheck; the plugin is named on the command line and found on the path."""
    environment = make_environment(tmp_path_factory.mktemp("plain") / "env")
    return Shape(environment.python, path=tree, options=("-p", "scimcheck.pytest_plugin"))


def install(environment: Shape, *what: str) -> None:
    """pip installs into the environment without asking any index; a failure shows what pip said."""
    pip = [sys.executable, "-m", "pip", "--python", str(environment.python), "--disable-pip-version-check"]
    result = subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", *what], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
