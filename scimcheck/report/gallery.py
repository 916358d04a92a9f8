"""The gallery's validation in the report: the tests by Microsoft's names, and both verdicts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scimcheck.report.html_parts import badge
from scimcheck.report.markup import Content, Html, details, element, table
from scimcheck.report.text import one_line, shortened
from scimcheck.report.wording import counted

#: Longest result text in the terminal's table, in characters.
_LONGEST = 400


def gallery_lines(document: Mapping[str, Any], width: int) -> Iterator[str]:
    """The table for a terminal, ``width`` columns wide: each test with category and result, and the verdicts."""
    rows = _rows(document)
    widest = max((len(str(row.get("testName"))) for row in rows), default=0)
    yield f"Entra gallery pre-flight, {counted(len(rows), 'test')} by Microsoft's names"
    for row in rows:
        remark = f" ({_remark(row)})" if _remark(row) else ""
        lead = f"  {row.get('testName')!s:<{widest}}  {row.get('testCategory')!s:<9}  "
        yield from _wrapped(lead, shortened(one_line(f"{row.get('testResult')}{remark}"), _LONGEST), width)
    for line in (*_verdicts(document), str(document.get("notice"))):
        yield from _wrapped("  ", one_line(line), width)


def _wrapped(lead: str, text: str, width: int) -> list[str]:
    rest = " " * len(lead)
    room = max(width, len(lead) + 20)
    return textwrap.wrap(text, room, initial_indent=lead, subsequent_indent=rest, break_on_hyphens=False)


def _verdicts(document: Mapping[str, Any]) -> Iterator[str]:
    reasons = "; ".join(document.get("reasons", []))
    because = f": {reasons}" if reasons else ""
    yield f"Microsoft's verdict by its rules: {document.get('overallResultFromTests')}{because}."
    yield f"Verdict on the endpoint, credentials aside where none were given: {document.get('endpointVerdict')}."


def gallery_part(document: Mapping[str, Any] | None) -> Html | None:
    """The section of the HTML report; None when the gallery's tests did not run."""
    if not document:
        return None
    rows = [
        (
            element("strong", str(row.get("testName"))),
            str(row.get("testCategory")),
            badge(_state(row), str(row.get("testResult")).partition(" ")[0]),
            _told(row),
        )
        for row in _rows(document)
    ]
    return element(
        "section",
        element("h2", "Entra gallery pre-flight"),
        [element("p", line) for line in _verdicts(document)],
        element("p", str(document.get("notice")), class_="callout"),
        table("The validation's tests, in the order of its result", ("Test", "Category", "Result", "In full"), rows),
        details("What a local run cannot prove", _list(document.get("notProven", [])), class_="more"),
        id="gallery",
    )


def _list(items: Sequence[Content]) -> Html:
    return element("ul", *(element("li", item) for item in items))


def _state(row: Mapping[str, Any]) -> str:
    text = str(row.get("testResult"))
    if text.startswith("success"):
        return "passed"
    if text.startswith("SKIPPED"):
        return "not applicable"
    return "advisory" if text.startswith("WARNING") else "failed"


def _told(row: Mapping[str, Any]) -> list[Content]:
    """The result in full and the remark on it; nothing for a plain success."""
    text = str(row.get("testResult"))
    parts = ["" if text == "success" else text, _remark(row)]
    return [element("p", part) for part in parts if part]


def _remark(row: Mapping[str, Any]) -> str:
    return str(row.get("provisioningErrorDetails") or row.get("message") or "")


def _rows(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in document.get("testResults", []) if isinstance(row, dict)]
