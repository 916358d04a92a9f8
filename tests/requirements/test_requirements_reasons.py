"""Reasons for missing checks: each is needed, each is a sentence, and none is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from scimcheck.core.errors import UsageError
from scimcheck.requirements.catalogue import load
from scimcheck.requirements.coverage import Coverage, measure
from scimcheck.requirements.reasons import load_reasons, reason_problems

REASON = "The harness cannot do this."
COVERED, OPEN = "RFC7644-3.3-01", "RFC7644-3.3-02"
UNTESTABLE = next(item.id for item in load().values() if not item.testable)


def _coverage(*open_ids: str) -> Coverage:
    return measure(load(), {"check": [name for name in load() if name not in open_ids]})


def test_the_bundled_reasons_are_about_testable_requirements() -> None:
    """Every entry names a requirement that exists and could be tested."""
    assert all(load()[requirement_id].testable for requirement_id in load_reasons())


def test_a_reason_for_each_open_requirement_leaves_no_problem() -> None:
    """Checked or explained: then the catalogue is accounted for."""
    assert reason_problems({OPEN: REASON}, load(), _coverage(OPEN)) == []


@pytest.mark.parametrize(
    ("reasons", "open_ids", "words"),
    [
        ({"RFC7644-9.9-99": REASON}, [], "RFC7644-9.9-99: no such requirement"),
        ({COVERED: REASON}, [], f"{COVERED}: has a reason although check checks it"),
        ({UNTESTABLE: REASON}, [], f"{UNTESTABLE}: not testable, so it needs no reason"),
        ({}, [OPEN], f"{OPEN}: neither a check nor a reason"),
    ],
)
def test_what_is_wrong_is_named(reasons: dict[str, str], open_ids: list[str], words: str) -> None:
    """Unknown, covered and untestable entries, and open requirements without an entry."""
    assert reason_problems(reasons, load(), _coverage(*open_ids)) == [words]


def test_reasons_are_read_from_a_file(tmp_path: Path) -> None:
    """The table comes back as it stands."""
    path = tmp_path / "uncovered.toml"
    path.write_text(f'[reasons]\n"{OPEN}" = "{REASON}"\n', encoding="utf-8")
    assert load_reasons(path) == {OPEN: REASON}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[reasons]\nA = 'short'\n", "A: expected a sentence"),
        ("[reasons]\nA = 3\n", "A: expected a sentence"),
        ("[other]\n", "one table named reasons"),
        ("reasons = 1\n", "one table named reasons"),
        ("[reasons\n", "uncovered.toml"),
    ],
)
def test_a_damaged_file_is_a_usage_error(tmp_path: Path, text: str, words: str) -> None:
    """File and key are named."""
    path = tmp_path / "uncovered.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=words):
        load_reasons(path)
