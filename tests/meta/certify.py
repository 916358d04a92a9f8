"""Run the bundled suites against the reference provider with deviations or variants on, and say what turned red.

Also a command: ``python -m tests.meta.certify NAME… [--select WORDS] [--depth DEPTH]``.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.report.json_record import read_record
from scimcheck.report.model import RunRecord
from scimcheck.report.verdicts import requirement_results
from scimcheck.requirements.catalogue import load
from scimcheck.resources import bundled

#: The seed of every run here: the proof must not depend on luck.
SEED = 20260101

#: pytest's remark that it came too late to rewrite the asserts of what this process has imported.
_KNOWN_WARNING = "ignore::pytest.PytestAssertRewriteWarning"
#: Plugins that only cost time in a run inside a run.
_LEFT_OUT = ("cacheprovider", "xdist", "cov", "html", "logging")


@dataclass(frozen=True, slots=True)
class Certified:
    """A run's record with the ids of the requirements by verdict, and what pytest printed."""

    record: RunRecord
    by_verdict: dict[Verdict, frozenset[str]]
    output: str

    @property
    def failed(self) -> frozenset[str]:
        """Requirements reported as failed."""
        return self.by_verdict[Verdict.FAILED]

    @property
    def red(self) -> frozenset[str]:
        """Requirements that failed or, being recommendations, became advisories."""
        return self.failed | self.by_verdict[Verdict.ADVISORY]

    def explain(self, *verdicts: Verdict) -> str:
        """The findings with these verdicts, a line each."""
        return "\n".join(
            f"{f.verdict.value}: {f.requirement} [{f.subject}] {f.check}: expected {f.expected}; observed {f.observed}"
            for f in self.record.findings
            if f.verdict in verdicts
        )


def certify(
    *names: str,
    select: str = "",
    depth: str = "standard",
    strict: bool = False,
    app: str = "",
    files: Sequence[Path] = (),
) -> Certified:
    """Run the suites in this process; ``names`` are deviations and variants, ``select`` and ``app`` as for pytest.

    ``files`` are the suite files to run, all of them by default.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.json"
        arguments = [
            "--scim",
            "--scim-report=none",
            f"--scim-json={file}",
            f"--scim-seed={SEED}",
            f"--scim-depth={depth}",
        ]
        arguments += [f"--rootdir={folder}", "-c", "/dev/null", "--capture=no", "-W", _KNOWN_WARNING]
        arguments += [word for name in _LEFT_OUT for word in ("-p", f"no:{name}")]
        arguments += [str(file) for file in files] or [str(bundled("suites"))]
        arguments += [f"--scim-profile={','.join(names)}"] if names else []
        arguments += [f"--scim-select={select}"] if select else []
        arguments += [f"--scim-app={app}"] if app else []
        arguments += ["--scim-strict"] if strict else []
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = pytest.main(arguments)
        if not file.exists():
            raise RuntimeError(f"the run ended with {code!r} and left no record:\n{printed.getvalue()}")
        record = read_record(file)
    results = requirement_results(record, load())
    judged = [result for result in results if result.judged]
    by_verdict = {word: frozenset(r.requirement.id for r in judged if r.verdict is word) for word in Verdict}
    return Certified(record, by_verdict, printed.getvalue())


def main() -> None:
    """Print what each named deviation or variant turns red."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--select", default="")
    parser.add_argument("--depth", default="standard")
    parser.add_argument("--app", default="")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    for name in options.names or [""]:
        found = certify(*filter(None, name.split(",")), select=options.select, depth=options.depth, app=options.app)
        counts = ", ".join(f"{len(ids)} {verdict.value}" for verdict, ids in found.by_verdict.items() if ids)
        print(f"{name or '(conformant)'}: {counts}; {found.record.exchange_count} exchanges")
        shown = [Verdict.FAILED, Verdict.ERROR, Verdict.ADVISORY] + ([Verdict.BLOCKED] if options.verbose else [])
        for line in found.explain(*shown).splitlines():
            print(f"  {line}")
        if options.verbose and not found.record.findings:
            print(found.output)


if __name__ == "__main__":
    main()
