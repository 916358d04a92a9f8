"""The summary for a terminal: short when all is well, and otherwise what to fix first, with the evidence."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.client.exchange import Exchange
from scimcheck.report.audiences import few
from scimcheck.report.curl import curl_line
from scimcheck.report.gallery import gallery_lines
from scimcheck.report.model import RunRecord
from scimcheck.report.text import one_line, printable, shortened
from scimcheck.report.verdicts import (
    AudienceVerdict,
    RequirementResult,
    RootCause,
    entra_advice,
    root_causes,
)
from scimcheck.report.wording import census_sentences, companion_sentence, consequence, counted, observed_text, run_line

#: Root causes told in full; the report has the rest.
SHOWN_CAUSES = 10

#: Findings told of one root cause.
_SHOWN_FINDINGS = 3

#: Longest curl line worth printing, in characters.
_LONGEST_CURL = 600

_COLOURS: Mapping[Verdict, str] = {
    Verdict.FAILED: "31;1",
    Verdict.ERROR: "35;1",
    Verdict.BLOCKED: "33",
    Verdict.ADVISORY: "36",
    Verdict.PASSED: "32",
    Verdict.NOT_APPLICABLE: "2",
}


@dataclass(frozen=True, slots=True)
class _Style:
    width: int
    colour: bool

    def paint(self, text: str, verdict: Verdict) -> str:
        return f"\x1b[{_COLOURS[verdict]}m{text}\x1b[0m" if self.colour else text

    def wrapped(self, label: str, text: str, indent: int = 2) -> list[str]:
        """``label`` and the text beside it, continued under itself; nothing when there is no text."""
        if not text:
            return []
        lead = " " * indent + f"{label:<9}" if label else " " * indent
        return textwrap.wrap(
            one_line(text),
            max(self.width, 40),
            initial_indent=lead,
            subsequent_indent=" " * len(lead),
            break_on_hyphens=False,
        )


def summary_lines(
    record: RunRecord,
    results: Sequence[RequirementResult],
    audiences: Sequence[AudienceVerdict],
    *,
    width: int = 100,
    colour: bool = False,
    reports: Iterable[str] = (),
) -> list[str]:
    """The summary of a run as lines without newline.

    ``width`` is in columns and bounds everything but curl lines, URLs and paths, which are there to be copied;
    ``reports`` are the paths of the files written. What came from the target is stripped of control characters.
    """
    style = _Style(width, colour)
    lines = style.wrapped("", run_line(record), 0)
    lines += _audience_lines(audiences, style)
    if record.gallery:
        lines += ["", *gallery_lines(record.gallery, style.width)]
    causes = root_causes(results)
    for cause in causes[:SHOWN_CAUSES]:
        lines += ["", *_cause_lines(cause, record.exchanges, style)]
    if len(causes) > SHOWN_CAUSES:
        lines += ["", f"… and {counted(len(causes) - SHOWN_CAUSES, 'more root cause')}: see the report."]
    lines += ["", *_error_lines(results, style), *style.wrapped("", _totals(results), 0)]
    lines += _census_lines(record, style)
    for note in record.notes:
        lines += style.wrapped("", f"Note: {note}", 0)
    return [*lines, *(f"Report: {path}" for path in reports)]


def _audience_lines(audiences: Sequence[AudienceVerdict], style: _Style) -> Iterator[str]:
    title_width = max((len(audience.title) for audience in audiences), default=0)
    for audience in audiences:
        word = style.paint(f"{audience.word.upper():<14}", audience.verdict)
        first = f" First {few(audience.blocking)}." if audience.blocking else ""
        lead = title_width + 17
        told = textwrap.wrap(audience.sentence + first, max(style.width - lead, 20), break_on_hyphens=False)
        yield f"{audience.title:<{title_width}}  {word} {told[0]}"
        yield from (" " * lead + line for line in told[1:])
    if audiences:
        yield from style.wrapped("", f"→ {entra_advice(audiences)}", 0)


def _cause_lines(cause: RootCause, exchanges: Mapping[str, Exchange], style: _Style) -> list[str]:
    """A root cause: what it demands, what was seen, what follows, how to see it again."""
    requirement, result = cause.requirement, cause.result
    head = f"{result.verdict.value.upper()} {requirement.id}"
    blocks = f"  blocks {len(cause.blocks)}" if cause.blocks else ""
    lines = [f"{style.paint(head, result.verdict)} ({requirement.level.value}){blocks}"]
    lines += style.wrapped("", requirement.text)
    lines += style.wrapped("also", companion_sentence(cause.companions))
    for finding in result.deciding[:_SHOWN_FINDINGS]:
        lines += _finding_lines(finding, style)
    if len(result.deciding) > _SHOWN_FINDINGS:
        lines.append(f"  … and {counted(len(result.deciding) - _SHOWN_FINDINGS, 'more finding')}")
    lines += style.wrapped("Entra", consequence(result))
    lines += style.wrapped("fix", requirement.fix)
    return lines + _exchange_lines(result, exchanges, style)


def _finding_lines(finding: Finding, style: _Style) -> list[str]:
    subject = f"[{finding.subject}] " if finding.subject else ""
    return [
        *style.wrapped("expected", subject + finding.expected if finding.expected else ""),
        *style.wrapped("observed", observed_text(finding)),
    ]


def _exchange_lines(result: RequirementResult, exchanges: Mapping[str, Exchange], style: _Style) -> list[str]:
    """The exchanges of the first finding that has any, and the last of them as a curl line."""
    for finding in result.deciding:
        cited = [exchanges[name] for name in finding.exchanges if name in exchanges]
        if not cited:
            continue
        lines = [
            line for exchange in cited[-_SHOWN_FINDINGS:] for line in style.wrapped("exchange", exchange.summary())
        ]
        curl = curl_line(cited[-1])
        fits = len(curl) <= _LONGEST_CURL and "\n" not in curl and printable(curl) == curl
        return [*lines, f"  {'curl':<9}{curl if fits else 'in the report'}"]
    return []


def _error_lines(results: Iterable[RequirementResult], style: _Style) -> list[str]:
    """One line for each requirement whose check got no usable answer: neither the target's fault nor its merit."""
    errors = [result for result in results if result.verdict is Verdict.ERROR]
    lines: list[str] = []
    for result in errors[:SHOWN_CAUSES]:
        observed = shortened(result.deciding[0].observed, 200)
        lines += style.wrapped("", f"ERROR {result.requirement.id}: {observed}", 0)
    more = len(errors) - SHOWN_CAUSES
    return [*lines, f"… and {counted(more, 'more error')}: see the report."] if more > 0 else lines


def _totals(results: Iterable[RequirementResult]) -> str:
    """How many requirements reached each verdict."""
    judged = [result.verdict for result in results if result.judged]
    counts = [(verdict.value, judged.count(verdict)) for verdict in Verdict]
    parts = [
        f"{count:,} {'advisories' if word == 'advisory' and count > 1 else word}" for word, count in counts if count
    ]
    return (
        f"{counted(len(judged), 'requirement')} judged: {', '.join(parts)}." if judged else "No requirement was judged."
    )


def _census_lines(record: RunRecord, style: _Style) -> list[str]:
    if record.census is None:
        return []
    lines = style.wrapped("", " ".join(census_sentences(record.census)), 0)
    shown = record.census.left[:SHOWN_CAUSES]
    return [*lines, *(f"  left: {one_line(url)}" for url in shown)]
