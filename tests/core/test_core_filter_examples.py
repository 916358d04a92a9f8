"""The bundled filter examples: every expression parses exactly when the grammar says so."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from core_models import USER

from scimcheck.core.errors import InvalidFilter, InvalidPath
from scimcheck.core.filter.evaluate import check_filter
from scimcheck.core.filter.parser import parse_filter
from scimcheck.core.filter.printer import print_filter
from scimcheck.core.path import PatchPath, parse_patch_path
from scimcheck.resources import bundled

EXAMPLES: list[dict[str, Any]] = json.loads(
    (bundled("fixtures") / "filters" / "filter_examples.json").read_text(encoding="utf-8")
)
FIRM = [example for example in EXAMPLES if not example.get("ambiguous")]
REFUSED_BY_SERVERS = [example for example in FIRM if example.get("server") == "invalidFilter"]


def _name(example: dict[str, Any]) -> str:
    return f"{example['kind']}-{example['expr']!r}"


def _parse(example: dict[str, Any], *, lenient: bool = False) -> Any:
    parse = parse_filter if example["kind"] == "filter" else parse_patch_path
    return parse(example["expr"], lenient=lenient)


def _refusal(example: dict[str, Any], *, lenient: bool = False) -> str | None:
    try:
        _parse(example, lenient=lenient)
    except (InvalidFilter, InvalidPath) as error:
        return error.detail
    return None


def test_core_filter_examples_are_complete() -> None:
    assert len(EXAMPLES) == 222


@pytest.mark.parametrize("example", EXAMPLES, ids=_name)
def test_core_filter_example_strict(example: dict[str, Any]) -> None:
    """Strictly read, an expression is accepted exactly when valid; ambiguous ones get a tree or a clean refusal."""
    assert (_refusal(example) is None) == example["valid"] or example.get("ambiguous")


@pytest.mark.parametrize("example", EXAMPLES, ids=_name)
def test_core_filter_example_lenient(example: dict[str, Any]) -> None:
    """Leniency accepts all that is valid and nothing that is invalid beyond doubt."""
    assert (_refusal(example, lenient=True) is None) == example["valid"] or example.get("ambiguous")


@pytest.mark.parametrize("example", [e for e in EXAMPLES if not e["valid"]], ids=_name)
def test_core_filter_example_refusal_is_one_helpful_line(example: dict[str, Any]) -> None:
    """A refusal says in one line where the fault is and what would have been right."""
    assert re.fullmatch(r"column [1-9][0-9]*: expected .+", _refusal(example) or "")


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e["valid"]], ids=_name)
def test_core_filter_example_round_trip(example: dict[str, Any]) -> None:
    """Printing a tree and parsing the text gives the tree again."""
    tree = _parse(example)
    printed = str(tree) if isinstance(tree, PatchPath) else print_filter(tree)
    assert _parse({"kind": example["kind"], "expr": printed}) == tree


@pytest.mark.parametrize("example", REFUSED_BY_SERVERS, ids=_name)
def test_core_filter_example_refused_for_its_types(example: dict[str, Any]) -> None:
    """Grammatical, but attribute and operator do not go together."""
    with pytest.raises(InvalidFilter):
        check_filter(_parse(example), USER)


@pytest.mark.parametrize(
    "example",
    [e for e in FIRM if e["kind"] == "filter" and e["valid"] and e not in REFUSED_BY_SERVERS],
    ids=_name,
)
def test_core_filter_example_not_refused_for_its_types(example: dict[str, Any]) -> None:
    """No other expression is refused; unknown attributes are no fault."""
    check_filter(_parse(example), USER)
