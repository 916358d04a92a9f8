"""An environment scimcheck is installed into, in one of its shapes, and how to run pytest there."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Shape:
    """An interpreter; with ``path`` on its module path and ``options`` for each pytest run, if the shape needs them."""

    python: Path
    path: Path | None = None
    options: tuple[str, ...] = ()

    def run(
        self, code_or_module: str, *arguments: str, cwd: Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run ``-m module`` (or ``-c code`` when it has a blank) in ``cwd``, which is not on the module path."""
        how = "-c" if " " in code_or_module else "-m"
        kept = {key: value for key, value in os.environ.items() if not re.match(r"SCIM_|PYTEST_|PYTHONPATH|COV_", key)}
        paths = {"PYTHONPATH": str(self.path)} if self.path else {}
        return subprocess.run(
            [str(self.python), how, code_or_module, *arguments],
            cwd=cwd,
            env={**kept, **paths, **(env or {}), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1", "COLUMNS": "120"},
            capture_output=True,
            text=True,
            check=False,
        )

    def pytest(
        self, *arguments: str, cwd: Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the ``pytest`` command, which unlike ``python -m pytest`` leaves the folder off the module path."""
        code = "import sys; sys.path.pop(0); import pytest; sys.exit(pytest.main())"
        return self.run(code, *self.options, *arguments, cwd=cwd, env=env)


def make_environment(folder: Path) -> Shape:
    """An environment that borrows our dependencies but not our installation of scimcheck.

    The borrowed folder comes after its own on the path, and an editable installation there has no effect:
    ``.pth`` files count only in folders that belong to the environment itself.
    """
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    own = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    borrowed = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    Path(own.stdout.strip(), "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    return Shape(python)
