"""One row per requirement, in one table per verdict: what is broken first and open, what holds after it and closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.report.audiences import audience_names
from scimcheck.report.html_exchange import EvidenceBook
from scimcheck.report.html_parts import anchor, badge, row_links, slug, state_of
from scimcheck.report.markup import Content, Html, details, element, facts, link
from scimcheck.report.verdicts import RequirementResult, RootCause, root_causes
from scimcheck.report.wording import consequence, counted, observed_text

#: Verdicts whose rows carry evidence and whose table stands open.
_TOLD = ("failed", "error", "blocked", "advisory")

#: Tables in order: (state, heading, what it means).
_GROUPS = (
    ("failed", "Failed", "The target breaks these."),
    ("error", "Error", "No usable answer, or a fault of the check itself: not held against the target."),
    ("blocked", "Blocked", "Could not be judged because of another requirement, named in the row."),
    ("advisory", "Advisory", "Recommendations that the target does not follow."),
    ("passed", "Passed", "Held wherever they were judged."),
    ("not applicable", "Not applicable", "The target lacks, or says it lacks, what these are about."),
    ("not judged", "Not judged", "No check of this run speaks of these."),
)

#: Findings shown of one requirement.
SHOWN_FINDINGS = 10


def requirement_tables(results: Sequence[RequirementResult], book: EvidenceBook) -> Html:
    """The tables of all results; ``book`` shows the exchanges."""
    causes = _causes(results)
    order = {name: place for place, name in enumerate(causes)}
    groups: dict[str, list[RequirementResult]] = {}
    for result in sorted(results, key=lambda r: order.get(r.requirement.id, len(order))):
        groups.setdefault(state_of(result), []).append(result)
    return element(
        "div",
        *(
            _group(state, heading, meaning, groups[state], _Rows(book, causes))
            for state, heading, meaning in _GROUPS
            if state in groups
        ),
        class_="groups",
    )


def _causes(results: Sequence[RequirementResult]) -> dict[str, RootCause]:
    """The root causes by the ids of all that they break: head first, its companions after it."""
    return {name: cause for cause in root_causes(results) for name in (cause.requirement.id, *cause.companions)}


def _group(state: str, heading: str, meaning: str, results: Sequence[RequirementResult], rows: _Rows) -> Html:
    count = element("span", f"{len(results):,}", class_="count")
    head = element(
        "thead",
        element(
            "tr",
            *(
                element("th", name, scope="col")
                for name in ("Verdict", "Requirement", "What it demands, what was seen")
            ),
        ),
    )
    body = element("tbody", *(rows.row(result, state) for result in results))
    table = element(
        "table", element("caption", f"{heading}: {meaning}", class_="unseen"), head, body, class_="requirements"
    )
    title = [element("h3", heading), " ", count, " ", element("span", meaning, class_="note")]
    return details(
        title,
        element("div", table, class_="scroll"),
        class_=f"group {slug(state)}",
        data_state=slug(state),
        open=state in _TOLD,
    )


class _Rows:
    """Makes rows; knows the exchanges, what each requirement blocks and which ones probably break by one fault."""

    def __init__(self, book: EvidenceBook, causes: Mapping[str, RootCause]) -> None:
        self._book = book
        self._causes = causes

    def row(self, result: RequirementResult, state: str) -> Html:
        requirement = result.requirement
        return element(
            "tr",
            element("td", badge(state), class_="verdict"),
            element("th", _identity(result), scope="row"),
            element("td", self._told(result) if state in _TOLD else self._compact(result)),
            class_="requirement",
            id=anchor(requirement.id),
            data_state=slug(state),
            data_level=requirement.level.value,
            data_audience=" ".join(audience_names(requirement)),
        )

    def _told(self, result: RequirementResult) -> list[Content]:
        """A requirement that did not hold, with everything there is to know of it."""
        cause = self._causes.get(result.requirement.id)
        shown = result.deciding[:SHOWN_FINDINGS]
        more = len(result.deciding) - len(shown)
        return [
            element("p", result.requirement.text, class_="demand"),
            [self._finding(finding) for finding in shown],
            element("p", f"… and {counted(more, 'more finding')} in the JSON record.", class_="note") if more else None,
            facts(
                ("Blocked by", row_links(result.blocked_by)),
                ("Blocks", row_links(cause.blocks) if cause and cause.result is result else None),
                ("Probably one fault with", row_links(_others(result, cause)) if cause else None),
                ("What Entra does", consequence(result)),
                ("Fix", result.requirement.fix),
            ),
            _about(result),
        ]

    def _finding(self, finding: Finding) -> Html:
        blocked = finding.verdict is Verdict.BLOCKED
        return element(
            "div",
            facts(
                ("Subject", finding.subject),
                ("Expected", finding.expected),
                ("Reason" if blocked else "Observed", observed_text(finding)),
            ),
            self._book.of(finding.exchanges),
            class_="finding",
        )

    def _compact(self, result: RequirementResult) -> list[Content]:
        reasons = "; ".join(result.reasons)
        return [
            element("p", result.requirement.text, class_="demand"),
            element("p", reasons, class_="note") if reasons else None,
            _about(result),
        ]


def _others(result: RequirementResult, cause: RootCause) -> tuple[str, ...]:
    """What else the cause of a broken requirement breaks."""
    return tuple(name for name in (cause.requirement.id, *cause.companions) if name != result.requirement.id)


def _identity(result: RequirementResult) -> list[Content]:
    """Id with a link to the clause, level, area."""
    requirement = result.requirement
    level = element("span", requirement.level.value, class_="level")
    dialect = {"legacy": "flag off", "compliant": "flag on"}.get(requirement.dialect, "")
    words = " · ".join(filter(None, (requirement.area, dialect)))
    return [
        link(requirement.url, requirement.id, class_="id", title="Open the clause"),
        element("div", level, " ", element("span", words, class_="note")),
    ]


def _about(result: RequirementResult) -> Html | None:
    """How it is judged, which readings are accepted, who judged it."""
    requirement = result.requirement
    severity = " · ".join(filter(None, (requirement.severity, requirement.confidence)))
    content = facts(
        ("Why Entra needs it", requirement.why),
        ("Severity", severity),
        ("How it is judged", requirement.check),
        ("Note", requirement.note),
        ("Source", requirement.source),
        ("Checks", _lines(result.checks)),
        ("Subjects", _lines(_subjects(result.findings)) if not result.deciding else None),
    )
    return details("About", content, class_="about") if content else None


def _lines(items: Iterable[str]) -> list[Html]:
    return [element("div", element("code", item)) for item in items]


def _subjects(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(finding.subject for finding in findings if finding.subject))
