"""The record keeps what it is given, and says where a damaged one is damaged."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report_builder import exchange, finding, full_record, record

from scimcheck.checks.findings import Verdict
from scimcheck.core.errors import UsageError
from scimcheck.report.json_record import read_record, write_record
from scimcheck.report.model import Capability, Census, evidence


def test_a_record_survives_its_json_file(tmp_path: Path) -> None:
    """Writing and reading gives an equal record, bodies that are not UTF-8 included."""
    path = tmp_path / "new" / "run.json"
    write_record(full_record(), path)
    assert read_record(path) == full_record()


def test_a_record_may_hold_lone_surrogates(tmp_path: Path) -> None:
    """What a hostile target put into JSON escapes reaches the file and comes back."""
    path = tmp_path / "run.json"
    strange = record(finding("RFC7644-1-01", Verdict.FAILED, observed="\ud800\x00\u202e"))
    write_record(strange, path)
    assert read_record(path) == strange


def _without(key: str) -> Callable[[Any], Any]:
    return lambda data: data.pop(key)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_without("info"), "info is missing"),
        (lambda data: data.update(format=2), "format is 2, but this version reads format 1 only"),
        (lambda data: data["info"].pop("seed"), "info: seed is missing"),
        (lambda data: data["info"].update(seed="7"), "info.seed: expected int, not str"),
        (lambda data: data["info"].update(seed=True), "info.seed: expected int, not bool"),
        (lambda data: data["info"].update(dialects=["legacy", 1]), r"info.dialects\[1\]: expected str, not int"),
        (lambda data: data["findings"][1].update(verdict="fine"), r"findings\[1\]: 'fine' is not a valid Verdict"),
        (lambda data: data["findings"][0].pop("check"), r"findings\[0\]: check is missing"),
        (lambda data: data["findings"].insert(0, 3), r"findings\[0\]: expected an object"),
        (lambda data: data["exchanges"][0].pop("requestBody"), r"exchanges\[0\]: requestBody is missing"),
        (lambda data: data["exchanges"][0].update(status="200"), r"exchanges\[0\].status: expected int, not str"),
        (lambda data: data["exchanges"][0].update(requestHeaders=[1]), r"exchanges\[0\]: "),
        (lambda data: data["census"]["before"].update({"/Users": "x"}), "census.before./Users: expected int"),
        (lambda data: data["capabilities"][0].update(state="odd"), r"capabilities\[0\]: state 'odd' is none of works"),
        (lambda data: data["rules"][0].pop("judged"), r"rules\[0\]: judged is missing"),
    ],
)
def test_a_damaged_record_is_refused_with_the_place(tmp_path: Path, damage: Callable[[Any], Any], message: str) -> None:
    """Whoever hands over a wrong file learns which file and where in it."""
    data = copy.deepcopy(full_record().to_json())
    damage(data)
    path = tmp_path / "run.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(UsageError, match=message) as caught:
        read_record(path)
    assert str(caught.value).startswith(f"{path}: not a run record: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"format": 1,\n oops}', r":2:2: not JSON"),
        (b"\xff\xfe\xfd", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "expected an object"),
    ],
)
def test_a_file_that_is_no_record_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        read_record(path)


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"run\.json: cannot be read: No such file"):
        read_record(tmp_path / "run.json")


def test_a_record_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        write_record(full_record(), tmp_path / "file" / "run.json")


def test_evidence_is_what_findings_cite_and_the_first_of_each_purpose() -> None:
    exchanges = [
        exchange("a", purpose="preflight"),
        exchange("b", purpose="check"),
        exchange("c", purpose="check"),
        exchange("d", purpose="check"),
        exchange("e", purpose="preflight"),
    ]
    kept = evidence([finding("RFC7644-1-01", exchanges=("d", "gone"))], exchanges)
    assert list(kept) == ["a", "b", "d"]


def test_census_proves_that_nothing_is_left_and_nothing_else_touched() -> None:
    assert Census().nothing_left
    assert Census().nothing_touched
    assert not Census(left=("u",)).nothing_left
    assert not Census(changed=("1",)).nothing_touched
    assert not Census(missing=("1",)).nothing_touched


@pytest.mark.parametrize(
    ("state", "advertised", "contradicts"),
    [("works", True, False), ("works", False, True), ("broken", True, True), ("absent", False, False)],
)
def test_a_capability_contradicts_what_is_advertised(state: str, advertised: bool, contradicts: bool) -> None:
    assert Capability("bulk", state, advertised).contradicts is contradicts
    assert not Capability("bulk", state, None).contradicts
