"""``scimcheck report``: a recorded run, rendered again."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from scimcheck.core.errors import UsageError


def add_to(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser(
        "report", help="render a recorded run", description="Print the verdict of a recorded run, or render it as HTML."
    )
    command.add_argument("record", help="JSON record of a run")
    command.add_argument("--html", metavar="FILE", help="write the report as one HTML file")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the summary; with ``--html`` write the page as well. Exit code 1 when something failed."""
    from scimcheck.checks.findings import Verdict
    from scimcheck.report.audiences import audiences
    from scimcheck.report.html import render
    from scimcheck.report.json_record import read_record
    from scimcheck.report.terminal import summary_lines
    from scimcheck.report.verdicts import requirement_results
    from scimcheck.requirements.catalogue import load

    record = read_record(Path(options.record))
    results = requirement_results(record, load())
    judged = audiences(results, record.info.dialects)
    if options.html:
        try:
            Path(options.html).write_text(render(record, results, judged), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{options.html}: cannot be written: {error.strerror or error}") from None
    written = [options.html] if options.html else []
    print("\n".join(summary_lines(record, results, judged, reports=written)))
    return int(any(result.verdict is Verdict.FAILED for result in results))
