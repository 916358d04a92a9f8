"""What people see: header, status of each check, failure text, summary, and the report files."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from scimcheck._version import __version__
from scimcheck.checks.findings import Blocked, ConformanceFailure, Finding, NotApplicable, Verdict
from scimcheck.client.errors import TargetError
from scimcheck.harness.judge import Judge
from scimcheck.plugin import gallery
from scimcheck.plugin.state import RunState, payload_of, with_evidence
from scimcheck.plugin.wire import with_root_causes
from scimcheck.report.audiences import audiences
from scimcheck.report.curl import curl_line
from scimcheck.report.json_record import write_document, write_record
from scimcheck.report.model import Capability, Census, RuleSummary, RunInfo, RunRecord
from scimcheck.report.pytest_html_hooks import REQUIREMENT_PROPERTY, ScimHtmlReport
from scimcheck.report.terminal import summary_lines
from scimcheck.report.verdicts import requirement_results
from scimcheck.requirements.catalogue import load
from scimcheck.requirements.model import Requirement

#: Value of ``--scim-report`` and ``--scim-json`` that keeps the file from being written.
NONE = "none"


def prepare(config: pytest.Config, state: RunState, catalogue: Mapping[str, Requirement]) -> None:
    """Settle where the reports go and switch pytest-html on; runs in the process that reports."""
    state.html, state.json = paths(state)
    state.gallery = _gallery_path(state)
    if state.html is None or not config.pluginmanager.hasplugin("html"):
        return
    config.option.htmlpath = str(state.html)
    config.option.self_contained_html = True
    config.pluginmanager.register(ScimHtmlReport(lambda: record(state), catalogue), "scimcheck-html")


def paths(state: RunState) -> tuple[Path | None, Path | None]:
    """The HTML and JSON files: as told, or ``reports/<host>-<time>`` below the current folder."""
    host = re.sub(r"[^A-Za-z0-9.-]+", "-", state.host) or "target"
    stem = Path("reports") / f"{host}-{state.started:%Y%m%d-%H%M%S}"
    told = state.config.report
    html = None if told == NONE else Path(told) if told else stem.with_name(stem.name + ".html")
    wanted = state.config.json
    beside = html.with_suffix(".json") if html else None
    return html, None if wanted == NONE else Path(wanted) if wanted else beside


def _gallery_path(state: RunState) -> Path | None:
    """The file for the gallery's result: as told, or beside the JSON record."""
    told = state.config.gallery
    if told:
        return None if told == NONE else Path(told)
    return state.json.with_name(f"{state.json.stem}-gallery.json") if state.json else None


def header(state: RunState) -> list[str]:
    """The lines above the run."""
    if state.worker:
        return []
    run = state.config
    lines = [f"scimcheck {__version__}: {state.description}"]
    if run.profile:
        lines.append(f"profile: {', '.join(run.profile)}")
    if run.app:
        lines.append(f"app: {run.app}")
    lines.append(f"seed: {run.seed}  depth: {run.depth}  Entra dialects: {', '.join(run.dialects)}")
    return [*lines, *(f"warning: {text}" for text in run.warnings)]


def shape_report(
    report: pytest.TestReport, item: pytest.Item, judge: Judge, error: BaseException | None, state: RunState
) -> None:
    """Give a check's report its findings, its word (blocked, advisory, …) and a text without traceback."""
    findings = judge.findings
    if isinstance(error, Blocked) and state.target is not None:
        sent = reversed(state.target.session.journal.since(0))
        findings = with_evidence(findings, [exchange for exchange in sent if exchange.check == judge.check])
    report.scim = {  # type: ignore[attr-defined]
        **payload_of(findings, state.evidence(findings)),
        "word": _word(judge, error),
        "requirements": list(judge.requirements),
    }
    report.user_properties += [(REQUIREMENT_PROPERTY, name) for name in judge.requirements]
    if isinstance(error, (Blocked, NotApplicable)):
        file, line, _ = item.location
        report.outcome = "skipped"
        report.longrepr = (file, (line or 0) + 1, str(error))
    elif isinstance(error, TargetError):
        report.longrepr = f"no usable answer: {error}"
    elif isinstance(error, ConformanceFailure):
        report.longrepr = "\n\n".join(_failure_text(finding, judge, state) for finding in error.findings)


def _word(judge: Judge, error: BaseException | None) -> str:
    if isinstance(error, Blocked):
        return Verdict.BLOCKED.value
    if isinstance(error, NotApplicable):
        return Verdict.NOT_APPLICABLE.value
    if isinstance(error, ConformanceFailure):
        return Verdict.FAILED.value
    if error is not None:
        return Verdict.ERROR.value
    return Verdict.worst(finding.verdict for finding in judge.findings).value


def _failure_text(finding: Finding, judge: Judge, state: RunState) -> str:
    requirement = judge.catalogue[finding.requirement]
    lines = [
        f"{finding.requirement} ({requirement.level.value}) {requirement.text}",
        f"  clause:   {requirement.url}",
        f"  expected: {finding.expected}",
        f"  observed: {finding.observed}",
    ]
    if requirement.consequence:
        lines.append(f"  Entra:    {requirement.consequence}")
    if finding.hint or requirement.fix:
        lines.append(f"  fix:      {finding.hint or requirement.fix}")
    evidence = state.evidence([finding])
    lines += [f"  exchange: {exchange.summary()}" for exchange in evidence]
    if evidence:
        lines.append(f"  repeat:   {curl_line(evidence[-1])}")
    return "\n".join(lines)


_STATUS = {
    Verdict.BLOCKED.value: ("blocked", "b", "BLOCKED"),
    Verdict.NOT_APPLICABLE.value: ("not applicable", "-", "N/A"),
    Verdict.ADVISORY.value: ("advisory", "a", "ADVISORY"),
}


def status(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """The word, letter and category of a check for pytest's own output."""
    brought = getattr(report, "scim", None)
    if not brought:
        return None
    if brought["word"] == Verdict.ERROR.value:
        return "error", "E", "ERROR"
    return _STATUS.get(brought["word"])


def record(state: RunState) -> RunRecord:
    """The whole run as the reports take it."""
    results = state.results
    finished = datetime.now(timezone.utc)
    findings = with_root_causes(results.findings, load(), state.config.strict)
    return RunRecord(
        info=RunInfo(
            version=__version__,
            python=platform.python_version(),
            started=state.started.isoformat(timespec="seconds"),
            finished=finished.isoformat(timespec="seconds"),
            duration=round((finished - state.started).total_seconds(), 3),
            target=state.description,
            profile=", ".join(state.config.profile),
            seed=state.config.seed,
            dialects=state.config.dialects,
            depth=state.config.depth,
            selection=state.config.select,
            options=state.config.described(),
            workers=state.workers,
        ),
        capabilities=tuple(
            Capability(f"{name} ({subject})" if subject else name, seen.state.value, seen.advertised, seen.observed)
            for (name, subject), seen in sorted(results.capabilities.items())
        ),
        findings=tuple(findings),
        exchanges=results.exchanges,
        exchange_count=results.exchange_count,
        requests=dict(sorted(results.requests.items())),
        rules=tuple(
            RuleSummary(name, _requirements_of(name), count, results.broken_rules.get(name, 0))
            for name, count in sorted(results.rules.items())
        ),
        census=_census(state) if results.before else None,
        gallery=gallery.document(findings, state.config, state.description, state.started),
        notes=(*state.config.notes, *results.notes),
    )


def _requirements_of(rule: str) -> tuple[str, ...]:
    from scimcheck.checks.rules import rules

    return next((item.requirements for item in rules() if item.name == rule), ())


def _census(state: RunState) -> Census:
    results = state.results
    changed: list[str] = []
    missing: list[str] = []
    for endpoint, before in results.before.items():
        after = results.after.get(endpoint)
        if after is None:
            continue
        for name, version in before.versions.items():
            if name in after.versions:
                changed += [f"{endpoint}/{name}"] if after.versions[name] != version else []
            elif after.complete:
                missing.append(f"{endpoint}/{name}")
    counts = [*results.before.values(), *results.after.values()]
    return Census(
        before={endpoint: count.total or 0 for endpoint, count in results.before.items()},
        after={endpoint: count.total or 0 for endpoint, count in results.after.items()},
        complete=all(count.complete for count in counts),
        created=results.created,
        deleted=results.deleted,
        left=tuple(results.left),
        changed=tuple(changed),
        missing=tuple(missing),
        requests=sum(count.requests for count in counts),
    )


def write(session: pytest.Session, state: RunState) -> None:
    """Write the JSON record, and fail the run for what only became clear at its end."""
    made = record(state)
    failed = any(finding.verdict is Verdict.FAILED for finding in made.findings)
    if failed and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if state.json is not None:
        write_record(made, state.json)
    if state.gallery is not None and made.gallery:
        write_document(made.gallery, state.gallery)


def summary(reporter: Any, state: RunState, catalogue: Mapping[str, Requirement]) -> None:
    """The verdict on the terminal, and where the reports are."""
    if state.worker:
        return
    made = record(state)
    results = requirement_results(made, catalogue)
    written = [str(file) for file in (state.html, state.json, state.gallery) if file is not None and file.exists()]
    reporter.section("scimcheck", sep="=", bold=True)
    for line in summary_lines(
        made,
        results,
        audiences(results, made.info.dialects),
        width=min(reporter._tw.fullwidth, 120),
        colour=reporter._tw.hasmarkup,
        reports=written,
    ):
        reporter.write_line(line)
