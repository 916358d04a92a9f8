"""The report inside the page of pytest-html."""

from __future__ import annotations

import json
from typing import Any

import pytest
from html_reader import Element, read
from pytest_html_session import write_report

from scimcheck.report.html import css_path
from scimcheck.report.pytest_html_hooks import ScimHtmlReport


def data_of(page: Element) -> dict[str, Any]:
    """What pytest-html's script makes its table of."""
    data: dict[str, Any] = json.loads(str(page.one("div", id="data-container").attributes["data-jsonblob"]))
    return data


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Element:
    """The page of a session on a worker, so that everything has travelled."""
    return read(write_report(tmp_path_factory.mktemp("session"), "-n", "1"))


def checks_of(page: Element) -> dict[str, dict[str, Any]]:
    """The checks in pytest-html's table by name."""
    return {test["testId"]: test for tests in data_of(page)["tests"].values() for test in tests}


def test_the_page_holds_summary_and_style(page: Element) -> None:
    """Our block stands in the summary, our style sheet on the page."""
    assert page.one("h1").text == "SCIM conformance report"
    assert len(page.one("div", "scim").all("tr", "requirement")) == 2
    assert css_path().read_text(encoding="utf-8") in [style.text for style in page.all("style")]


def test_the_table_of_checks_has_our_columns(page: Element) -> None:
    """Result, check, requirements with links, duration; all rows folded."""
    header = [cell.text for cell in page.one("thead", id="results-table-head").all("th")]
    assert header == ["Result", "Check", "Requirements", "Duration"]
    assert data_of(page)["renderCollapsed"] == ["all"]
    checks = checks_of(page)
    assert [test["result"] for test in checks.values()] == ["Passed", "Failed", "Error"]
    assert "test_checks.py::test_errs (setup)" in checks
    for test in checks.values():
        links = read("".join(test["resultsTableRow"])).all("a")
        assert [link.attributes["href"] for link in links] == ["#req-RFC7644-3.3-01", "#req-RFC7644-3.3-02"]
        assert "Evidence: " in test["log"]


def test_nothing_of_a_check_becomes_markup(page: Element) -> None:
    """Parameters, failure texts and what the target sent are escaped wherever pytest-html takes HTML."""
    assert page.one("div", "scim").all("img") == []
    for test in checks_of(page).values():
        assert read("".join(test["resultsTableRow"]) + test["log"]).all("img") == []


def test_the_plugin_is_harmless_without_pytest_html() -> None:
    """Its hooks are unknown then, which pytest forgives for optional ones."""
    hooks = [value for name, value in vars(ScimHtmlReport).items() if name.startswith("pytest_")]
    assert len(hooks) == 5
    assert all(hook.pytest_impl["optionalhook"] for hook in hooks)
