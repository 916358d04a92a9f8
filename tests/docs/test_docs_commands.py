"""Every console command of README and documentation is run, or is excused by name and with a reason."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from docs_text import Command, blocks, commands
from loopback_provider import served
from project_tree import ROOT
from reader_environment import reader_environment

from scimcheck.provider.tokens import MAIN_TOKEN
from scimcheck.resources import bundled

pytestmark = pytest.mark.xdist_group("docs")

#: Beginnings of commands that no test runs, and why.
NOT_RUN = {
    "python3 -m venv": "makes an environment; tests/packaging makes its own",
    ".venv/bin/": "uses that environment; the same command without the prefix is run",
    "pip install": "asks a package index; tests/packaging installs the wheel",
    "export ": "sets the variable that every run here has set",
    "curl ": "asks a host that is not there; needs no scimcheck",
}

#: The addresses that stand for the reader's own.
EXAMPLE_URL = "https://scim.example.com/v2"


@pytest.fixture(scope="module")
def provider_url() -> Iterator[str]:
    """A service provider that takes the place of the example's."""
    with served() as url:
        yield url


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The JSON record of a small run."""
    folder = tmp_path_factory.mktemp("record")
    words = [
        "pytest",
        "-q",
        "--scim",
        "--scim-select",
        "rfc7644-3.6",
        "--scim-report",
        "none",
        "--scim-json",
        "run.json",
    ]
    result = run([sys.executable, "-m", *words], folder)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder / "run.json"


@pytest.fixture
def folder(tmp_path: Path, record: Path) -> Path:
    """A folder with what the documentation tells its reader to put there."""
    (tmp_path / "token.txt").write_text(MAIN_TOKEN, encoding="utf-8")
    (tmp_path / "error.txt").write_text("SystemForCrossDomainIdentityManagementServiceIncompatible", encoding="utf-8")
    example = next(blocks(ROOT / "docs" / "write-a-check.md", "python"))
    (tmp_path / "test_mine.py").write_text(example, encoding="utf-8")
    profile = next(blocks(ROOT / "docs" / "profiles.md", "toml"))
    (tmp_path / "mine.toml").write_text(profile, encoding="utf-8")
    (tmp_path / "run.json").write_bytes(record.read_bytes())
    app = bundled("fixtures") / "entra" / "apps" / "interact.json"
    (tmp_path / "mapping.json").write_text(json.dumps(json.loads(app.read_text(encoding="utf-8"))["schema"]))
    return tmp_path


def runnable() -> list[Command]:
    """The commands that are not excused."""
    return [command for command in commands() if not command.text.startswith(tuple(NOT_RUN))]


def as_run(command: Command, url: str) -> list[str]:
    """The words of a command as it is run here, against the loopback provider.

    make prints instead of acting. A run over all suites stops after collection, which takes options, preflight and
    discovery but no checks; one that selects or names a file runs as it stands.
    """
    words = shlex.split(command.text.replace(EXAMPLE_URL, url))
    if words[0] == "make":
        return ["make", "-n", "-C", str(ROOT), *words[1:]]
    if words[0] == "pytest":
        whole = [] if any(word.endswith(".py") for word in words) else ["--collect-only"]
        return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *words[1:], *whole]
    assert words[0] == "scimcheck", f"{command.page}: how to run {command.text!r}?"
    port = ["--port", "0"] if words[1] == "serve" else []
    return [sys.executable, "-c", "import sys; from scimcheck.cli import main; sys.exit(main())", *words[1:], *port]


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a folder, with nothing of the test run in its environment but the token."""
    return subprocess.run(
        words,
        cwd=folder,
        env=reader_environment(SCIM_TOKEN=MAIN_TOKEN),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def ending(commands: list[Command]) -> list[Command]:
    """The commands that come to an end by themselves."""
    return [command for command in commands if not command.text.startswith("scimcheck serve")]


def serving(commands: list[Command]) -> list[Command]:
    """The commands that serve until they are interrupted."""
    return [command for command in commands if command.text.startswith("scimcheck serve")]


@pytest.mark.parametrize("command", ending(runnable()), ids=lambda command: f"{command.page}: {command.text}")
def test_a_documented_command_works(command: Command, provider_url: str, folder: Path) -> None:
    """Run in a folder of its own, as a reader would, the command ends well."""
    result = run(as_run(command, provider_url), folder)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.strip()


@pytest.mark.parametrize("command", serving(runnable()), ids=lambda command: f"{command.page}: {command.text}")
def test_a_documented_server_serves(command: Command, folder: Path) -> None:
    """The server says where it is and answers there, until it is interrupted."""
    with subprocess.Popen(
        as_run(command, ""),
        cwd=folder,
        env=reader_environment(SCIM_TOKEN=MAIN_TOKEN),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[-1]
        try:
            with urlopen(f"{url}/ServiceProviderConfig") as answer:
                assert answer.status == 200
        finally:
            server.terminate()


def test_no_excuse_is_left_over() -> None:
    """Each excuse in the list is used by a command."""
    unused = [start for start in NOT_RUN if not any(command.text.startswith(start) for command in commands())]
    assert unused == []
