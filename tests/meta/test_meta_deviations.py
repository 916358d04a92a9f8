"""Every deviation turns exactly its requirements red: no check is blind, none is jumpy.

By default it meets the suite files that judge its requirements; with ``SCIMCHECK_PROOF=full`` it meets them all.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.provider import deviations
from scimcheck.provider.faults import Deviation
from scimcheck.requirements.catalogue import load
from tests.meta.affected import affected_files
from tests.meta.certify import certify

FULL = os.environ.get("SCIMCHECK_PROOF") == "full"


@pytest.mark.parametrize("deviation", deviations().values(), ids=lambda deviation: deviation.name)
def test_a_deviation_turns_exactly_its_requirements_red(deviation: Deviation) -> None:
    """What it breaks is red, what it may take along may be red, everything else is not."""
    files: list[Path] = [] if FULL else affected_files((*deviation.breaks, *deviation.also))
    assert FULL or files, f"no check judges {', '.join(deviation.breaks)}"
    found = certify(deviation.name, files=files, depth="deep" if FULL else "standard")
    told = found.explain(Verdict.FAILED, Verdict.ADVISORY, Verdict.ERROR)
    assert set(deviation.breaks) <= found.red, f"not noticed; what was found:\n{told}"
    assert found.red <= {*deviation.breaks, *deviation.also}, f"more is red than {deviation.breaks}:\n{told}"
    assert not found.by_verdict[Verdict.ERROR], told


@pytest.mark.parametrize("deviation", deviations().values(), ids=lambda deviation: deviation.name)
def test_a_deviation_names_requirements_that_exist(deviation: Deviation) -> None:
    """Every id it names is in the catalogue, and it says in words what it does."""
    assert deviation.breaks
    assert {*deviation.breaks, *deviation.also} <= set(load())
    assert deviation.text.endswith(".")
