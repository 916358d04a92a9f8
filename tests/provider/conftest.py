"""Tells after a long fuzz how much was tried."""

from __future__ import annotations

import os

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Cases by test, and the requests in them, where ``SCIMCHECK_FUZZ_CASES`` asks for a number of cases."""
    if not os.environ.get("SCIMCHECK_FUZZ_CASES"):
        return
    from fuzz_values import DONE  # a module of this folder, which costs nothing where nobody asks for it

    terminalreporter.section("fuzz")
    terminalreporter.write_line(f"{sum(DONE.values()) - DONE['messages']} cases: {dict(sorted(DONE.items()))}")
