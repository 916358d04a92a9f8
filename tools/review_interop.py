"""Print the requirements that other people's servers break, as table rows for docs/interop.md.

Run it from the checkout as ``python tools/review_interop.py [SERVER …]``. A row that the page has already is printed
as it stands there; a new one has what was expected in place of the reason, for somebody to review and to word.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "interop")]

from foreign_runs import PAGE, Judged, judged  # noqa: E402
from servers import SERVERS  # noqa: E402


def known_rows(name: str) -> dict[str, str]:
    """The rows under the heading of that name on the page, by requirement."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(f"\n## {name}\n")
    return {row.split("`")[1]: row for row in re.findall(r"^\| `.*$", rest.partition("\n## ")[0], re.MULTILINE)}


def rows(name: str, run: Judged) -> Iterator[str]:
    """One row for each requirement that failed, then a line for each that is on the page and did not fail."""
    known = known_rows(name)
    for requirement in sorted(run.failed):
        finding = next(item for item in run.findings("failed") if item["requirement"] == requirement)
        yield (
            known.get(requirement)
            or f"| `{requirement}` | {_cell(finding, 'observed')} | {_cell(finding, 'expected')} |"
        )
    for requirement in sorted(set(known) - run.failed):
        yield f"no longer failed: {requirement}"


def _cell(finding: dict[str, Any], key: str) -> str:
    return " ".join(str(finding[key]).split()).replace("|", "\\|")[:200]


def main(names: list[str]) -> None:
    """Run the suites against each server and print its rows."""
    for name in names or sorted(SERVERS):
        with tempfile.TemporaryDirectory() as folder:
            run = judged(SERVERS[name], Path(folder))
        print(f"## {name} (exit code {run.code})", *rows(name, run), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
