"""A small pytest session whose report pytest-html writes with our hooks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CONFTEST = """
import sys
sys.path.insert(0, {folder!r})
import pytest
from report_builder import catalogue, exchange, finding, record, requirement
from scimcheck.checks.findings import Verdict
from scimcheck.report.pytest_html_hooks import REQUIREMENT_PROPERTY, ScimHtmlReport

RULES = catalogue(requirement("RFC7644-3.3-01"), requirement("RFC7644-3.3-02"))

def get_record():
    evil = "<img src=x onerror=owned()>"
    return record(
        finding("RFC7644-3.3-01", Verdict.FAILED, observed=evil, exchanges=("x1",)),
        finding("RFC7644-3.3-02"),
        exchanges=(exchange("x1", answer=evil.encode()),),
    )

@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    config.option.htmlpath = "report.html"
    config.option.self_contained_html = True
    config.pluginmanager.register(ScimHtmlReport(get_record, RULES))

def pytest_runtest_setup(item):
    item.user_properties += [(REQUIREMENT_PROPERTY, "RFC7644-3.3-01"), (REQUIREMENT_PROPERTY, "RFC7644-3.3-02")]
"""

CHECKS = """
import pytest

@pytest.mark.parametrize("word", ["<img src=x onerror=owned()>"])
def test_holds(word):
    pass

def test_breaks():
    raise AssertionError("<img src=x onerror=owned()>")

@pytest.fixture
def broken():
    raise RuntimeError("no")

def test_errs(broken):
    pass
"""


def write_report(folder: Path, *options: str) -> str:
    """Run the session in ``folder``; its page has one passed check, one failed and one that errs in set-up."""
    (folder / "conftest.py").write_text(CONFTEST.format(folder=str(Path(__file__).parent)), encoding="utf-8")
    (folder / "test_checks.py").write_text(CHECKS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--rootdir", str(folder), *options, str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "1 failed, 1 passed, 1 error" in done.stdout, done.stdout + done.stderr
    return (folder / "report.html").read_text(encoding="utf-8")
