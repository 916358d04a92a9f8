"""Style and types, as tests: the runner's closing line speaks for them too."""

from __future__ import annotations

import subprocess
import sys

import pytest
from project_tree import ROOT


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=["ruff-check", "ruff-format", "mypy-strict"],
)
def test_a_static_check_passes(command: tuple[str, ...]) -> None:
    """ruff and mypy find nothing, with the settings of pyproject.toml."""
    result = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
