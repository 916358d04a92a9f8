"""Write docs/coverage.md: which requirements are judged, by document and level, and why the rest is not.

Run it from the checkout as ``python tools/make_coverage_page.py``; a test compares the page with what it would write.
"""

from __future__ import annotations

from pathlib import Path

from scimcheck.harness.inventory import coverage
from scimcheck.requirements.coverage import Coverage
from scimcheck.requirements.model import Level
from scimcheck.requirements.reasons import load_reasons

PAGE = Path(__file__).resolve().parents[1] / "docs" / "coverage.md"

_HEAD = """# What is judged

Testable requirements of the catalogue that at least one check or exchange rule judges, by document and level.
`scimcheck list requirements` shows each with the number of its checks, `--uncovered` those without one.

"""
_TAIL = """
Every check is seen to fail: each judged requirement has at least one deviation of the reference provider that turns it
red (`tests/meta`), and no variant turns any red.

## Not judged, and why

| requirement | reason |
|---|---|
"""


def page(found: Coverage) -> str:
    """The page as Markdown."""
    cells = found.by_document_and_level()
    levels = [level for level in Level if any(name is level for _, name in cells)]
    lines = [f"| document | {' | '.join(level.value for level in levels)} | all |", "|---" * (len(levels) + 2) + "|"]
    for document, tally in found.by_document().items():
        row = [cells.get((document, level)) for level in levels]
        figures = [f"{cell.covered}/{cell.total}" if cell and cell.total else "–" for cell in row]
        lines.append(f"| {document} | {' | '.join(figures)} | {tally.covered}/{tally.total} |")
    total, by_level = found.total(), found.by_level()
    sums = [f"{by_level[level].covered}/{by_level[level].total}" for level in levels]
    lines.append(f"| **all** | {' | '.join(sums)} | {total.covered}/{total.total} ({total.share:.1%}) |")
    reasons = [f"| {name} | {reason} |" for name, reason in load_reasons().items()]
    return _HEAD + "\n".join(lines) + "\n" + _TAIL + "\n".join(reasons) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(coverage()), encoding="utf-8")
