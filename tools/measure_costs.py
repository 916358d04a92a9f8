"""Write fixtures/costs.json: how many requests each check sends to the reference provider, and runs of each depth.

Run it from the checkout as ``python tools/measure_costs.py``; it takes about two minutes. A test compares the totals.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scimcheck.harness.inventory import checks  # noqa: E402
from scimcheck.harness.mark import DEPTHS  # noqa: E402
from tests.meta.certify import certify  # noqa: E402

FILE = ROOT / "fixtures" / "costs.json"


def main() -> None:
    """Measure, write the file, and print the most expensive checks of a standard run."""
    runs = {depth: certify(depth=depth).record for depth in DEPTHS}
    found: dict[str, int] = {}
    for item in checks():
        depth = "deep" if item.info.depth == "deep" else "standard"
        found[item.name] = runs[depth].requests.get(item.name, 0)
    totals = {depth: record.exchange_count for depth, record in runs.items()}
    text = json.dumps({"totals": totals, "checks": dict(sorted(found.items()))}, indent=1)
    FILE.write_text(text + "\n", encoding="utf-8", newline="\n")
    print(totals)
    for name, count in sorted(runs["standard"].requests.items(), key=lambda item: -item[1])[:40]:
        print(f"{count:5} {name}")


if __name__ == "__main__":
    main()
