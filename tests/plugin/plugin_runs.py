"""Runs of pytest in a process of its own, as a user starts them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Run:
    """What a run printed, its exit code, and the JSON record it left, if any."""

    code: int
    output: str
    record: dict[str, Any]

    def verdicts(self, requirement: str) -> set[str]:
        """The verdicts of all findings on a requirement."""
        return {item["verdict"] for item in self.record["findings"] if item["requirement"] == requirement}


def environment(**further: str) -> dict[str, str]:
    """The environment without anything that steers pytest, scimcheck or coverage."""
    kept = {name: value for name, value in os.environ.items() if not re.match(r"SCIM|PYTEST_|COV_", name)}
    return {**kept, "NO_COLOR": "1", "COLUMNS": "120", **further}


def command(*arguments: str) -> list[str]:
    """The command line of a run that leaves ``run.json``."""
    return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--scim-json=run.json", *arguments]


def run(folder: Path, *arguments: str, report: bool = False, **variables: str) -> Run:
    """Run pytest in ``folder``; ``variables`` are added to the environment."""
    told = list(arguments) if report else ["--scim-report=none", *arguments]
    done = subprocess.run(
        command(*told), cwd=folder, env=environment(**variables), capture_output=True, text=True, check=False
    )
    file = folder / "run.json"
    record = json.loads(file.read_text(encoding="ascii")) if file.exists() else {}
    return Run(done.returncode, done.stdout + done.stderr, record)
