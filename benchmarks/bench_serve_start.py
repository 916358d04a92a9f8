"""How long ``scimcheck serve`` takes from its start until a request is answered.

Run by ``make bench``, or alone: ``python benchmarks/bench_serve_start.py [RUNS]``, 9 by default. Times are of the
clock; the processor time of the server's process, which other work on the machine does not lengthen, stands beside it.
"""

from __future__ import annotations

import os
import sys
import time
from statistics import median

from served import SCIMCHECK, served


def start() -> tuple[float, float]:
    """Seconds of the clock until the first answer, and of processor time until the end of the process."""
    before = os.times()
    began = time.perf_counter()
    with served(SCIMCHECK, "/scim"):
        ready = time.perf_counter() - began
    after = os.times()
    spent = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    return ready, spent


if __name__ == "__main__":
    runs = int(sys.argv[1]) if sys.argv[1:] else 9
    start()  # compiles what was never imported
    times = [start() for _ in range(runs)]
    print(f"scimcheck serve answers after {median(ready for ready, _ in times) * 1000:6.0f} ms")
    print(f"fastest of {runs} starts          {min(ready for ready, _ in times) * 1000:6.0f} ms")
    print(f"processor time                {median(spent for _, spent in times) * 1000:6.0f} ms")
