"""An environment scimcheck is installed into, in one of its shapes, and how to run pytest there."""

from __future__ import annotations

import re
import subprocess
import sysconfig
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reader_environment import reader_environment

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
        paths = {"PYTHONPATH": str(self.path)} if self.path else {}
        return subprocess.run(
            [str(self.python), how, code_or_module, *arguments],
            cwd=cwd,
            env=reader_environment(**paths, **(env or {})),
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
    """An environment that borrows all that is installed here but scimcheck itself, by links to it."""
    venv.create(folder, with_pip=False, symlinks=True)
    own = next(folder.glob("lib/python*/site-packages"))
    for borrowed in {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}:
        for entry in borrowed.iterdir():
            if not re.match(r"_?scimcheck|.*\.pth$|__pycache__", entry.name):
                (own / entry.name).symlink_to(entry)
    return Shape(folder / "bin" / "python")
