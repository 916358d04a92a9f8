"""Tables of what others report and test: every row leads to checks that exist and to deviations that they find."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from scimcheck.entra.data import table
from scimcheck.harness.inventory import checks
from scimcheck.provider import deviations
from scimcheck.requirements.catalogue import load
from tests.meta.affected import judged_by_rules

ROOT = Path(__file__).resolve().parents[2]
FAILURES: list[dict[str, Any]] = table("field_failures")["failures"]
TESTS: list[dict[str, Any]] = [test for tool in table("validator_tests")["tools"] for test in tool["tests"]]


@cache
def _judged() -> frozenset[str]:
    return frozenset(name for item in checks() for name in item.info.requirements) | judged_by_rules()


def _ids(entries: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        for requirement in entry["requirements"]:
            yield entry["id"], requirement


@pytest.mark.parametrize("entries", [FAILURES, TESTS], ids=["failures", "tests"])
def test_every_requirement_named_is_judged(entries: list[dict[str, Any]]) -> None:
    """A row that leads nowhere would promise what nobody does."""
    assert [pair for pair in _ids(entries) if pair[1] not in load()] == []
    assert [pair for pair in _ids(entries) if pair[1] not in _judged()] == []


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure["id"])
def test_a_failure_is_reproduced_by_deviations_that_break_its_requirements(failure: dict[str, Any]) -> None:
    """What a deviation breaks is proved to turn red elsewhere; here the two lists are held together."""
    for name in failure["deviations"]:
        assert set(deviations()[name].breaks) & set(failure["requirements"]), name


def test_the_tools_tests_are_all_there() -> None:
    """24 tests of the validator, 7 of its preview, 79 requests of the Postman collection."""
    counted = {tool["id"]: len(tool["tests"]) for tool in table("validator_tests")["tools"]}
    assert counted == {"validator": 24, "preview": 7, "postman": 79}
    assert len({test["id"] for test in TESTS}) == len(TESTS)


@pytest.mark.parametrize("name", ["field-failures.md", "microsoft-tests.md"])
def test_the_pages_are_current(name: str) -> None:
    """The pages are what tools/make_entra_pages.py writes."""
    tool = _tool()
    assert (tool.DOCS / name).read_text(encoding="utf-8") == tool.PAGES[name]()


@cache
def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_entra_pages", ROOT / "tools" / "make_entra_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
