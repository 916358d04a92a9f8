"""Write fixtures/companions.json: what the reference provider's deviations break, and take along.

Run it from the checkout as ``python tools/make_companions.py`` when deviations have changed; a test compares.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scimcheck.provider import deviations  # noqa: E402

FILE = ROOT / "fixtures" / "companions.json"


def text() -> str:
    """The file as it should be: a row for each fault that can break several requirements, equal ones once."""
    rows = {
        (tuple(each.breaks), tuple(name for name in dict.fromkeys(each.also) if name not in each.breaks))
        for each in deviations().values()
        if len({*each.breaks, *each.also}) > 1
    }
    lines = ",\n".join(json.dumps(row) for row in sorted(rows))
    return f"[\n{lines}\n]\n"


def main() -> None:
    """Write the file."""
    FILE.write_text(text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
