"""What it costs to have scimcheck installed and not use it: the entry module alone, and a whole empty pytest run.

``python benchmarks/bench_unused_plugin.py [RUNS]`` prints medians in milliseconds over RUNS runs (default 15).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

_IMPORT = """
import time, _pytest.config, pytest, sys
before = set(sys.modules)
start = time.perf_counter()
import scimcheck.pytest_plugin
elapsed = time.perf_counter() - start
print(elapsed, len(set(sys.modules) - before))
"""


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = f"{scratch}/empty"
        os.mkdir(folder)
        _entry_import(folder)
        imports = [_entry_import(folder) for _ in range(runs)]
        everything, without, bare = _alternating(
            runs,
            lambda: _pytest(folder),
            lambda: _pytest(folder, "-p", "no:scimcheck"),
            lambda: _pytest(folder, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"),
        )
    modules = max(modules for _, modules in imports)
    differences = [one - other for one, other in zip(everything, without, strict=True)]
    print(f"import of the entry module   {_median_ms([seconds for seconds, _ in imports]):8.2f} ms, {modules} modules")
    print(f"pytest in an empty folder    {_median_ms(everything):8.1f} ms with all plugins of the environment")
    print(f"                             {_median_ms(without):8.1f} ms with -p no:scimcheck")
    print(f"                             {_median_ms(bare):8.1f} ms with no plugin at all")
    print(f"median of paired differences {_median_ms(differences):8.2f} ms for scimcheck")


def _entry_import(folder: str) -> tuple[float, int]:
    """Seconds and new modules of one import in a fresh interpreter that has pytest loaded."""
    out = _python(folder, "-c", _IMPORT).stdout.split()
    return float(out[0]), int(out[1])


def _pytest(folder: str, *arguments: str, **environment: str) -> float:
    """Seconds it takes pytest to find nothing in a folder, from process start to end."""
    start = time.perf_counter()
    _python(folder, "-m", "pytest", "--collect-only", "-q", *arguments, **environment)
    return time.perf_counter() - start


def _python(folder: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the interpreter with bytecode kept beside the empty folder, as it is kept in an ordinary installation."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    kept["PYTHONPYCACHEPREFIX"] = f"{folder}/../bytecode"
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env={**kept, **environment}, capture_output=True, text=True, check=False)


def _alternating(runs: int, *tasks: Callable[[], float]) -> tuple[list[float], ...]:
    """Each task ``runs`` times, in turn, so that a busy moment of the machine hits all alike; one warm-up round."""
    rounds = [[task() for task in tasks] for _ in range(runs + 1)][1:]
    return tuple(map(list, zip(*rounds, strict=True)))


def _median_ms(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
