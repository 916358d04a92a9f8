"""The two commands of the README and what CI runs: the scripts around them do what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from project_tree import ROOT


@pytest.fixture
def ci_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs ``.ci/run`` with a ``make`` that prints the given lines and ends with the given status."""

    def run(output: str, status: int) -> subprocess.CompletedProcess[str]:
        tools = {"make": f"#!/bin/sh\ncat <<'END'\n{output}\nEND\necho \"$@\" >{tmp_path}/arguments\nexit {status}\n"}
        tools["chromium"] = "#!/bin/sh\n"
        for name, text in tools.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return subprocess.run([ROOT / ".ci" / "run"], capture_output=True, text=True, check=False)

    return run


def test_ci_closes_with_the_runners_line(ci_with, tmp_path: Path) -> None:
    """When all is well the last line is the test runner's, and the environment was a clean one, now gone."""
    result = ci_with("....\n4 passed in 0.12s", 0)
    assert result.returncode == 0
    assert result.stdout.splitlines()[-1] == "4 passed in 0.12s"
    environment = (tmp_path / "arguments").read_text(encoding="utf-8").split("VENV=")[1].strip()
    assert not Path(environment).exists()


def test_ci_fails_with_the_runner_and_repeats_its_line(ci_with) -> None:
    """After a failure make has more to say; the runner's line is said again, last, and the exit code is honest."""
    result = ci_with("F\n1 failed, 3 passed in 65.40s (0:01:05)\nmake: *** [Makefile:9: test] Error 1", 2)
    assert result.returncode == 2
    assert result.stdout.splitlines()[-1] == "1 failed, 3 passed in 65.40s (0:01:05)"


def test_ci_does_not_pass_without_a_runners_line(ci_with) -> None:
    """A run in which no test ran is no success, whatever make says."""
    result = ci_with("nothing to be done for 'test'", 0)
    assert result.returncode != 0
    assert "closing line" in result.stdout.splitlines()[-1]


def test_an_interpreter_that_will_not_do_is_named(tmp_path: Path) -> None:
    """Asked for an interpreter that is too old or not there, the script says so and makes nothing."""
    result = subprocess.run(
        [ROOT / "tools" / "make-venv", tmp_path / "env", "no-such-python"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "no-such-python is not Python 3.10 or newer" in result.stderr
    assert not (tmp_path / "env").exists()


def test_an_environment_is_made_of_the_interpreter_asked_for(tmp_path: Path) -> None:
    """The environment has the version of the interpreter named, and pip."""
    subprocess.run([ROOT / "tools" / "make-venv", tmp_path / "env", sys.executable], capture_output=True, check=True)
    python = tmp_path / "env" / "bin" / "python"
    shown = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, text=True, check=True).stdout
    assert f"(python {sys.version_info[0]}.{sys.version_info[1]})" in shown


@pytest.mark.parametrize("target", ["certify", "test", "prove", "lint", "format", "bench", "dist"])
def test_every_command_of_the_makefile_is_well_formed(target: str) -> None:
    """make can say what it would do for each of its commands."""
    result = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
