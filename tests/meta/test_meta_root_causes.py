"""A gross fault shows as one root cause: few requirements failed, the rest blocked by them by name."""

from __future__ import annotations

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.provider import deviations
from scimcheck.provider.faults import Deviation
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
