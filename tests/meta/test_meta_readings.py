"""Every reading that the catalogue allows is shown by name, and every ambiguity of its README is settled by name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from scimcheck.checks.rules import rules
from scimcheck.harness.inventory import checks
from scimcheck.provider import deviations, variants
from scimcheck.requirements.catalogue import load, read_toml
from scimcheck.resources import bundled
from tests.meta.affected import judged_by_rules

ROOT = Path(__file__).resolve().parents[2]
FOLDER = bundled("fixtures") / "requirements"
SHOWN: dict[str, Any] = read_toml(FOLDER / "readings.toml")


def ambiguities() -> set[str]:
    """The questions in the tables of the catalogue's README."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    chapter = text.partition("## Known ambiguities")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| .+ \| `.+` \|$", chapter, flags=re.MULTILINE)
    return {row for row in rows if row != "question"}


def test_every_note_with_readings_is_shown() -> None:
    """No reading goes unnamed, and none is shown that nobody allows."""
    allowed = {item.id for item in load().values() if "Readings:" in item.note}
    assert set(SHOWN["readings"]) == allowed


def test_a_check_alone_shows_no_reading() -> None:
    """A reading is taken by a variant, or seen in a test; where a check is all there can be, it is said why."""
    alone = {
        requirement
        for requirement, forms in SHOWN["readings"].items()
        if all(form.partition(" ")[0] in ("check", "rule") for form in forms)
    }
    assert set(SHOWN["checks-alone"]) == alone
    assert all(len(reason) > 20 for reason in SHOWN["checks-alone"].values())


def test_every_ambiguity_is_settled() -> None:
    """The README's questions and the file's are the same."""
    assert set(SHOWN["ambiguities"]) == ambiguities()


@pytest.mark.parametrize("table", ["readings", "ambiguities"])
def test_what_shows_a_reading_is_there(table: str) -> None:
    """Each variant, deviation, check, rule and test that is named exists."""
    known = {
        "variant": set(variants()),
        "deviation": set(deviations()),
        "check": {item.name for item in checks()},
        "rule": {rule.name for rule in rules()},
    }
    for subject, forms in SHOWN[table].items():
        for form in forms:
            kind, _, name = form.partition(" ")
            if kind == "test":
                assert _is_test(name), f"{subject}: {name}"
            elif kind not in ("plain", "unjudged"):
                assert name in known[kind], f"{subject}: {form}"


def test_readings_are_shown_by_what_takes_them() -> None:
    """A variant stands for the reading that it names, a check for one of its own; what is judged is shown."""
    judged = {name for item in checks() for name in item.info.requirements} | judged_by_rules()
    own = {item.name: item.info.requirements for item in checks()}
    for variant in variants().values():
        if variant.reading in SHOWN["readings"]:
            assert f"variant {variant.name}" in SHOWN["readings"][variant.reading], variant.name
    for requirement, forms in SHOWN["readings"].items():
        assert "unjudged" not in forms or requirement not in judged, requirement
        for form in forms:
            kind, _, name = form.partition(" ")
            assert kind != "check" or requirement in own[name], f"{requirement}: {form}"


def _is_test(name: str) -> bool:
    file, _, function = name.partition("::")
    path = ROOT / file
    return path.is_file() and (not function or f"def {function}(" in path.read_text(encoding="utf-8"))
