"""Runs against servers written by others come to their end, and fail them for what docs/interop.md explains."""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec

import pytest
from foreign_runs import COMPLETED, PAGE, Judged, explained, judged
from servers import SERVERS

pytestmark = pytest.mark.xdist_group("interop")


@pytest.fixture(scope="module", params=sorted(SERVERS))
def name(request: pytest.FixtureRequest) -> str:
    """One of the servers."""
    chosen = str(request.param)
    if find_spec(SERVERS[chosen].module) is None:
        assert sys.version_info < (3, 11), f"{chosen} is a development dependency"
        pytest.skip(f"{chosen} does not exist for this version of Python")
    return chosen


@pytest.fixture(scope="module")
def run(name: str, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """A run of the bundled suites against that server."""
    return judged(SERVERS[name], tmp_path_factory.mktemp(name))


def test_a_run_comes_to_its_end(name: str, run: Judged) -> None:
    """Requirements fail, and nothing else goes wrong: no check breaks, the server stays up."""
    assert run.code in COMPLETED, run.output
    assert run.requirements("error") == set(), run.output
    assert run.requirements("passed"), run.output


def test_what_fails_is_what_is_explained(name: str, run: Judged) -> None:
    """A requirement that fails and is not on the page is a false failure; one that no longer fails has to leave it.

    A quick run meets a part of what is on the page.
    """
    known = explained(name)
    told = {row: [f["observed"] for f in run.findings("failed") if f["requirement"] == row] for row in run.failed}
    assert {row: told[row] for row in run.failed - known} == {}, "false, or not explained in docs/interop.md"
    assert run.failed
    if SERVERS[name].depth != "quick":
        assert known - run.failed == set(), "explained in docs/interop.md, but no longer found"


def test_every_row_says_why() -> None:
    """Each row of the page's tables names the exchange and the reason."""
    rows = re.findall(r"^\| `.*$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert rows
    assert [row for row in rows if not all(cell.strip() for cell in row.strip("|").split(" | "))] == []
