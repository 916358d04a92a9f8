"""The page in a real browser: its script filters, reveals and folds, and no script of a target runs."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from html_reader import Element, read
from pytest_html_session import write_report
from report_builder import catalogue, exchange, finding, record, requirement

from scimcheck.checks.findings import Verdict
from scimcheck.report.html import render, summary_html
from scimcheck.report.model import RunRecord
from scimcheck.report.verdicts import AudienceVerdict, RequirementResult, audiences, requirement_results
from scimcheck.requirements.model import Level

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER = next((path for path in map(shutil.which, _NAMES) if path), None)

# The one skip of the project: a browser is not a package that pip could bring. The build installs one.
pytestmark = pytest.mark.skipif(BROWSER is None, reason=f"no browser on PATH (looked for {', '.join(_NAMES)})")

A, B, C, OFF = "RFC7644-3.3-01", "RFC7644-3.3-02", "RFC7644-3.3-03", "ENTRA-3.2-01"
RULES = catalogue(requirement(A), requirement(B), requirement(C, Level.SHOULD_NOT), requirement(OFF, dialect="legacy"))
OWN = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"

Dump = Callable[..., Element]


@pytest.fixture
def dump(tmp_path: Path) -> Dump:
    """Opens a page from disk, waits for its scripts and gives back the document as the browser has it."""

    def run(page: str, fragment: str = "") -> Element:
        file = tmp_path / "page.html"
        file.write_text(page, encoding="utf-8")
        options = (
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=3000", "--dump-dom",
        )  # fmt: skip
        command = [str(BROWSER), *options, file.as_uri() + fragment]
        done = subprocess.run(command, capture_output=True, timeout=120, check=True)
        return read(done.stdout.decode("utf-8"))

    return run


def a_record() -> RunRecord:
    return record(
        finding(A, Verdict.FAILED, observed=OWN, exchanges=("x1",)),
        finding(B, Verdict.FAILED, observed="tomato", exchanges=("x1",)),
        finding(C, check="test_cucumber.py::test_it"),
        finding(OFF),
        exchanges=(exchange("x1", answer={"x": OWN}),),
    )


def parts() -> tuple[RunRecord, tuple[RequirementResult, ...], tuple[AudienceVerdict, ...]]:
    run = a_record()
    results = requirement_results(run, RULES)
    return run, results, audiences(results, run.info.dialects)


def driven(script: str) -> str:
    """A page without the policy, on which a script of the test acts as a person would."""
    block = summary_html(*parts())
    act = f"<script>addEventListener('load', () => {{ {script} }});</script>"
    return f"<!DOCTYPE html><html><head><title>t</title></head><body>{block}{act}</body></html>"


def visible(page: Element) -> list[Element]:
    """The rows that are not filtered out."""
    return [row for row in page.all("tr", "requirement") if "hidden" not in row.attributes]


def test_the_page_works_and_no_script_of_the_target_runs(dump: Dump) -> None:
    """On load the filter appears with its count, copy buttons too; a jump opens a closed group."""
    page = dump(render(*parts()), f"#req-{C}")
    assert page.one("title").text.startswith("SCIM conformance report: ")
    form = page.one("form", "filter")
    assert "hidden" not in form.attributes
    assert form.one("output").text == "4 of 4 requirements shown"
    assert all("hidden" not in button.attributes for button in page.all("button", "copy"))
    assert "open" in page.one("details", "group", data_state="passed").attributes


#: What a person does with the controls, and the rows that are left.
FILTERS = {
    "form.text.value = 'TOMATO fail'": [f"req-{B}"],
    "form.text.value = 'cucumber'": [f"req-{C}"],
    "form.level.value = 'SHOULD'": [f"req-{C}"],
    "form.audience.value = 'entra-off'": [f"req-{OFF}"],
    "form.querySelector('[value=failed]').checked = false": [f"req-{C}", f"req-{OFF}"],
    "form.text.value = 'nothing has this'": [],
}


def test_filters_leave_the_rows_they_name(dump: Dump) -> None:
    """Each control narrows the rows; groups without rows vanish, and the line below says how many are left."""
    acts = "".join(
        f"form.reset(); {act}; form.dispatchEvent(new Event('input')); seen.push(look());" for act in FILTERS
    )
    page = dump(
        driven(
            "const form = document.forms[0], seen = [], ids = (rows) => [...rows].map((row) => row.id);"
            "const look = () => [ids(document.querySelectorAll('.requirement:not([hidden])')),"
            " ids(document.querySelectorAll('.group:not([hidden]) .requirement:not([hidden])')),"
            " form.querySelector('output').textContent];"
            f"{acts} document.title = JSON.stringify(seen);"
        )
    )
    expected = [[rows, rows, f"{len(rows)} of 4 requirements shown"] for rows in FILTERS.values()]
    assert json.loads(page.one("title").text) == expected


def test_searching_opens_the_groups_with_hits_and_closes_none(dump: Dump) -> None:
    page = dump(
        driven("const form = document.forms[0]; form.text.value = 'cucumber'; form.dispatchEvent(new Event('input'));")
    )
    assert [row.attributes["id"] for row in visible(page)] == [f"req-{C}"]
    shown = [group for group in page.all("details", "group") if "hidden" not in group.attributes]
    assert [group.attributes["data-state"] for group in shown] == ["passed"]
    assert "open" in shown[0].attributes
    assert shown[0].one("span", "count").text == "1 of 2"


def test_a_link_leads_to_a_row_that_was_filtered_out(dump: Dump) -> None:
    """Following a link takes the filter away when it hides the goal, and opens the exchange it names."""
    page = dump(
        driven(
            "const form = document.forms[0]; form.text.value = 'cucumber';"
            "form.dispatchEvent(new Event('input')); location.hash = '#x-x1';"
        )
    )
    assert len(visible(page)) == 4
    assert "open" in page.one("details", "exchange", id="x-x1").attributes
    assert page.one("title").text == "t", "a script of the target ran"


def test_the_page_of_pytest_html_folds_its_own_parts(dump: Dump, tmp_path: Path) -> None:
    """Our block comes first; pytest-html's table and environment stand below, folded, and still work."""
    page = dump(write_report(tmp_path))
    assert page.one("title").text == "SCIM conformance report"
    folded = page.all("details", "pytest-part")
    assert [part.one("summary").text for part in folded] == ["Every check as pytest ran it", "Environment"]
    assert all("open" not in part.attributes for part in folded)
    table = folded[0].one("table", id="results-table")
    assert [cell.text for cell in table.all("td", "col-result")] == ["Error", "Failed", "Passed"]
    assert all("hidden" in row.classes for row in table.all("tr", "extras-row"))
    assert [image for image in page.all("img") if image.attributes.get("src") == "x"] == []
