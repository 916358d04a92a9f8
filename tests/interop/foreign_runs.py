"""Runs of the bundled suites against servers written by others, and what docs/interop.md says of them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from project_tree import ROOT
from reader_environment import reader_environment
from servers import TOKEN, Foreign

PAGE = ROOT / "docs" / "interop.md"

#: Exit codes of a run that came to its end: all green, or some requirements failed.
COMPLETED = (0, 1)


@dataclass(frozen=True, slots=True)
class Judged:
    """A run: its exit code, what it printed, and its JSON record."""

    code: int
    output: str
    record: dict[str, Any]

    @property
    def failed(self) -> set[str]:
        """The requirements that the server breaks."""
        return self.requirements("failed")

    def requirements(self, verdict: str) -> set[str]:
        """The requirements with at least one finding of that verdict."""
        return {finding["requirement"] for finding in self.findings(verdict)}

    def findings(self, verdict: str) -> list[dict[str, Any]]:
        """The findings of that verdict, as recorded."""
        return [finding for finding in self.record["findings"] if finding["verdict"] == verdict]


def judged(foreign: Foreign, folder: Path, *options: str) -> Judged:
    """Start the server in ``folder``, run all bundled suites against it and stop it."""
    with foreign.start(folder) as url:
        words = ["-p", "no:cacheprovider", "-q", "--scim-url", url, "--scim-depth", foreign.depth, "--scim-seed", "1"]
        files = ["--scim-report=none", "--scim-json=run.json"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *words, *files, *options],
            cwd=folder,
            env=reader_environment(SCIM_TOKEN=TOKEN),
            capture_output=True,
            text=True,
            check=False,
        )
    file = folder / "run.json"
    record = json.loads(file.read_text(encoding="ascii")) if file.exists() else {"findings": []}
    return Judged(done.returncode, done.stdout + done.stderr, record)


def explained(name: str) -> set[str]:
    """The requirements in the table under the heading of that name in docs/interop.md."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(f"\n## {name}\n")
    return set(re.findall(r"^\| `([^`]+)` \|", rest.partition("\n## ")[0], flags=re.MULTILINE))
