"""The same run in every shape of installation: wheel, editable, plain checkout; alone and distributed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from installed_shapes import Shape
from loopback_provider import served

from scimcheck.provider.tokens import MAIN_TOKEN

pytestmark = pytest.mark.xdist_group("packaging")

#: A small part of the suites, enough to see that checks, provider, fixtures and reports are found.
PART = ("--scim-select", "rfc7644-3.6", "-q")


@pytest.fixture(scope="session", params=["installed_wheel", "editable_install", "plain_checkout"])
def shape(request: pytest.FixtureRequest) -> Shape:
    """Each shape of installation in turn."""
    found: Shape = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def alone(shape: Shape, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run without workers, which began empty and in which the run ended well."""
    folder = tmp_path_factory.mktemp("alone")
    result = shape.pytest("--scim", *PART, "--scim-report", "out/report.html", cwd=folder)
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout
    return folder


def verdicts(record: Path) -> dict[str, set[str]]:
    """The verdicts in a JSON record by requirement."""
    found: dict[str, set[str]] = {}
    for finding in json.loads(record.read_text(encoding="utf-8"))["findings"]:
        found.setdefault(finding["requirement"], set()).add(finding["verdict"])
    return found


def test_the_suites_run_without_a_checkout(alone: Path) -> None:
    """In an empty folder ``pytest --scim`` collects the bundled suites, passes and leaves both reports."""
    assert (alone / "out/report.html").stat().st_size > 10_000
    assert verdicts(alone / "out/report.json")


def test_a_distributed_run_reaches_the_same_verdicts(shape: Shape, alone: Path, tmp_path: Path) -> None:
    """With ``-n 2`` the workers find the suites, too, and one report has all of their verdicts."""
    result = shape.pytest("--scim", *PART, "-n", "2", "--scim-json", "run.json", cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert verdicts(tmp_path / "run.json") == verdicts(alone / "out/report.json")


def test_a_url_is_judged_without_a_checkout(shape: Shape, tmp_path: Path) -> None:
    """In an empty folder ``pytest --scim-url URL`` judges a service provider over HTTP."""
    with served() as url:
        options = ("--scim-url", url, *PART, "--scim-json", "run.json")
        result = shape.pytest(*options, cwd=tmp_path, env={"SCIM_TOKEN": MAIN_TOKEN})
    assert result.returncode == 0, result.stdout + result.stderr
    assert verdicts(tmp_path / "run.json")
    assert MAIN_TOKEN not in result.stdout + (tmp_path / "run.json").read_text(encoding="utf-8")
