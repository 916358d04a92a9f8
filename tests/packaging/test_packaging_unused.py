"""Installed but unused, the plugin costs next to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from installed_shapes import Shape

pytestmark = pytest.mark.xdist_group("packaging")

_NEW_MODULES = """
import sys, _pytest.config, pytest
before = set(sys.modules)
import scimcheck.pytest_plugin
new = set(sys.modules) - before
print(*sorted(name for name in new if name.split(".")[0] not in sys.stdlib_module_names))
"""

_AFTER_A_RUN = """
import sys, pytest
pytest.main(["-q"])
print("loaded:", *sorted(name for name in sys.modules if name.split(".")[0] == "scimcheck"))
"""


def test_the_entry_module_brings_two_modules(installed_wheel: Shape, tmp_path: Path) -> None:
    """Beyond pytest and the standard library: the package and its entry module, nothing more."""
    result = installed_wheel.run(_NEW_MODULES, cwd=tmp_path)
    assert result.stdout.split() == ["scimcheck", "scimcheck.pytest_plugin"], result.stderr


def test_a_run_without_a_target_loads_nothing_more(installed_wheel: Shape, tmp_path: Path) -> None:
    """A whole pytest run of somebody else's tests leaves scimcheck asleep."""
    (tmp_path / "test_other.py").write_text("def test_it():\n    pass\n", encoding="utf-8")
    result = installed_wheel.run(_AFTER_A_RUN, cwd=tmp_path)
    assert "1 passed" in result.stdout
    loaded = result.stdout.splitlines()[-1].split()[1:]
    assert loaded == ["scimcheck", "scimcheck.pytest_plugin"]


def test_an_environment_variable_leaves_a_named_path_alone(installed_wheel: Shape, tmp_path: Path) -> None:
    """SCIM_URL set for other runs does not turn somebody's unit tests into a run against an endpoint."""
    (tmp_path / "test_other.py").write_text("def test_it():\n    pass\n", encoding="utf-8")
    result = installed_wheel.pytest("-q", "test_other.py", cwd=tmp_path, env={"SCIM_URL": "http://127.0.0.1:9/scim"})
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 passed" in result.stdout
