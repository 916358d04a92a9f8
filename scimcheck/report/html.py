"""The HTML report: as fragments for pytest-html, and as a page of its own made of the same fragments.

Nothing is loaded from anywhere; style and script lie in ``reports/templates`` and are put into the page.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from string import Template

from scimcheck.report.gallery import gallery_part
from scimcheck.report.html_exchange import EvidenceBook
from scimcheck.report.html_filter import filter_form
from scimcheck.report.html_parts import row_links
from scimcheck.report.html_requirements import requirement_tables
from scimcheck.report.html_summary import audience_cards, causes_list, census_part, head, run_part
from scimcheck.report.markup import Html, element, joined
from scimcheck.report.model import RunRecord
from scimcheck.report.verdicts import AudienceVerdict, RequirementResult
from scimcheck.resources import bundled

TITLE = "SCIM conformance report"


def css_path() -> Path:
    """The style sheet, for ``--css`` of pytest-html."""
    return bundled("reports") / "templates" / "report.css"


@cache
def _template(name: str) -> str:
    return (bundled("reports") / "templates" / name).read_text(encoding="utf-8")


def body_html(record: RunRecord, results: Sequence[RequirementResult], audiences: Sequence[AudienceVerdict]) -> Html:
    """Everything between heading and script: audiences, causes, census, requirements, settings."""
    book = EvidenceBook(record.exchanges)
    return element(
        "div",
        head(record),
        audience_cards(audiences),
        gallery_part(record.gallery),
        causes_list(results),
        census_part(record.census),
        element(
            "section",
            element("h2", "Requirements"),
            filter_form(results, audiences),
            requirement_tables(results, book),
            id="requirements",
        ),
        run_part(record),
        class_="scim",
    )


def summary_html(record: RunRecord, results: Sequence[RequirementResult], audiences: Sequence[AudienceVerdict]) -> str:
    """The whole summary block for pytest-html, style and script included.

    The style does not go through pytest-html's own option, which would write the path of the file into the page.
    """
    style, script = _template("report.css"), _template("report.js")
    return f"<style>{style}</style>{body_html(record, results, audiences)}<script>{script}</script>"


def render(
    record: RunRecord, results: Sequence[RequirementResult], audiences: Sequence[AudienceVerdict], title: str = TITLE
) -> str:
    """A whole page, self-contained.

    The page's own policy lets nothing be loaded and no script run but ours.
    """
    script = _template("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return Template(_template("page.html")).substitute(
        title=joined(f"{title}: {record.info.target}"),
        heading=joined(title),
        script_hash=f"sha256-{digest}",
        style=_template("report.css"),
        body=body_html(record, results, audiences),
        script=script,
    )


def header_html() -> list[str]:
    """The header cells of pytest-html's table: result, check, requirements, duration."""
    return [
        '<th class="sortable" data-column-type="result">Result</th>',
        '<th class="sortable" data-column-type="testId">Check</th>',
        "<th>Requirements</th>",
        '<th class="sortable" data-column-type="duration">Duration</th>',
    ]


def row_html(result: str, check: str, requirements: Iterable[str], duration: str) -> list[str]:
    """The cells of one check in pytest-html's table; ``result`` and ``duration`` are pytest-html's own words.

    The cell of links has the class that keeps pytest-html from taking a click on it for one on the row.
    """
    return [
        element("td", result, class_="col-result"),
        element("td", check, class_="col-testId"),
        element("td", row_links(tuple(requirements), 20), class_="col-requirements col-links"),
        element("td", duration, class_="col-duration"),
    ]
