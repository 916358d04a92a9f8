"""The report inside pytest-html's page: a plugin to register beside it.

What the session has to do: set ``htmlpath`` and ``self_contained_html`` before pytest-html is configured, put each
requirement of a check into the test's ``user_properties`` under :data:`REQUIREMENT_PROPERTY`, and have the record ready
when the session finishes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from scimcheck.report.html import TITLE, header_html, row_html, summary_html
from scimcheck.report.html_parts import row_links
from scimcheck.report.markup import element
from scimcheck.report.model import RunRecord
from scimcheck.report.verdicts import audiences, requirement_results
from scimcheck.requirements.model import Requirement

#: Name of the user property, repeated for each requirement id, that says what a check judges.
REQUIREMENT_PROPERTY = "scim_requirement"

_Report = pytest.TestReport | pytest.CollectReport


class ScimHtmlReport:
    """Implements pytest-html's hooks: title, summary block, and the table of checks below it.

    ``get_record`` is called once, when the session has finished.
    """

    def __init__(
        self, get_record: Callable[[], RunRecord], catalogue: Mapping[str, Requirement], title: str = TITLE
    ) -> None:
        self._get_record = get_record
        self._catalogue = catalogue
        self._title = title

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        """Name the page, and have all rows of pytest-html's table folded."""
        report.title = self._title
        report.set_data("renderCollapsed", ["all"])

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        """Put the whole report before pytest-html's own numbers."""
        record = self._get_record()
        results = requirement_results(record, self._catalogue)
        prefix.append(summary_html(record, results, audiences(results, record.info.dialects)))

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        """Columns: result, check, requirements, duration."""
        cells[:] = header_html()

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: _Report, cells: list[str]) -> None:
        """The cells of one check; its name is escaped, which pytest-html leaves undone."""
        when = "" if report.when in ("call", None, "collect") else f" ({report.when})"
        cells[:] = row_html(
            _inner(cells, "col-result"), report.nodeid + when, _requirements(report), _inner(cells, "col-duration")
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_html(self, report: _Report, data: list[str]) -> None:
        """Above a check's log, links to the requirements it judges: the evidence is there."""
        names = _requirements(report)
        if names:
            data.insert(0, element("span", "Evidence: ", row_links(names, 20)) + "\n")


def _requirements(report: _Report) -> tuple[str, ...]:
    properties = getattr(report, "user_properties", ())
    return tuple(dict.fromkeys(str(value) for name, value in properties if name == REQUIREMENT_PROPERTY))


def _inner(cells: list[str], name: str) -> str:
    """The text of the cell with that class, as pytest-html made it."""
    cell = next((str(cell) for cell in cells if name in str(cell)), "")
    return cell.partition(">")[2].rpartition("</td>")[0]
