"""A gross fault shows as one root cause: few requirements failed, the rest blocked by them by name."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.provider import deviations
from scimcheck.provider.faults import Deviation
from scimcheck.requirements.catalogue import load
from scimcheck.requirements.companions import companions, known_faults
from tests.meta import bench

GROSS = [deviation for deviation in deviations().values() if deviation.area == "gross"]

#: More requirements than these must not fail for one fault.
MOST = 3


def test_there_are_gross_faults_enough() -> None:
    """The proof below is not an empty one."""
    assert len(GROSS) >= 15


@pytest.mark.parametrize("deviation", GROSS, ids=lambda deviation: deviation.name)
def test_a_gross_fault_is_one_cause(deviation: Deviation) -> None:
    """The whole of the suites reports at most three failed requirements, the cause among them."""
    found = bench.run([deviation.name])
    told = found.explain(Verdict.FAILED, Verdict.ERROR)
    failed = found.having(Verdict.FAILED)
    assert set(deviation.breaks) <= failed, told
    assert len(failed) <= MOST, told
    assert not found.having(Verdict.ERROR), told
    causes = {finding.blocked_by for finding in found.findings if finding.verdict is Verdict.BLOCKED}
    assert causes <= failed


def test_the_picture_of_every_fault_is_one_cause() -> None:
    """What a deviation breaks, and may take along, a report tells as one root cause."""
    catalogue = load()
    for deviation in deviations().values():
        named = list(dict.fromkeys((*deviation.breaks, *deviation.also)))
        failed = [name for name in named if catalogue[name].level.fails]
        groups = companions(failed, [name for name in named if name not in failed], known_faults())
        assert len(groups) <= 1, f"{deviation.name}: {groups}"


def test_known_faults_are_those_of_the_deviations() -> None:
    """The file that reports read is up to date: tools/make_companions.py writes it."""
    path = Path(__file__).resolve().parents[2] / "tools" / "make_companions.py"
    spec = importlib.util.spec_from_file_location("make_companions", path)
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.FILE.read_text(encoding="utf-8") == tool.text()
