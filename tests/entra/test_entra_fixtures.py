"""The tables under fixtures/entra follow their formats and are complete."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from scimcheck.entra.data import table
from scimcheck.entra.shapes import load_shapes
from scimcheck.resources import bundled

FOLDER = bundled("fixtures") / "entra"
TABLES = sorted(path.stem for path in FOLDER.glob("*.json"))


def test_every_table_has_a_format() -> None:
    """A table without a format, or the other way round, would go unnoticed."""
    formats = {path.name.removesuffix(".schema.json") for path in (FOLDER / "formats").iterdir()}
    assert formats - {"app"} == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_table_follows_its_format(name: str) -> None:
    schema = json.loads((FOLDER / "formats" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(table(name))


def test_the_catalogue_holds_every_known_request_once() -> None:
    ids = [shape.id for shape in load_shapes()]
    assert len(ids) == len(set(ids)) == 101


def test_every_variable_is_documented_and_used() -> None:
    used = frozenset().union(*(shape.variables for shape in load_shapes()))
    assert used == set(table("requests")["variables"])


@pytest.mark.parametrize("name", ["requests", "error_codes"])
def test_every_source_is_an_address_or_listed(name: str) -> None:
    content = table(name)
    entries = content["requests"] if name == "requests" else content["codes"]
    named = {source for entry in entries for source in entry["sources"] if not source.startswith("https://")}
    assert named <= set(content["sources"])


def test_field_failures_are_numbered_in_order() -> None:
    ids = [failure["id"] for failure in table("field_failures")["failures"]]
    assert ids == [f"E{number:03}" for number in range(1, 82)]


def test_default_mappings_aim_at_target_attributes_the_portal_offers() -> None:
    content = table("default_mappings")
    offered = {attribute["name"] for attribute in content["target_attributes"] if attribute["mapped_by_default"]}
    assert {mapping["target"] for mapping in content["objects"][0]["mappings"]} == offered


def test_a_fix_is_one_sentence_without_a_full_stop() -> None:
    """It goes into one line of a report."""
    fixes = [failure["fix"] for failure in table("field_failures")["failures"]]
    fixes += [entry["fix"] for kind in ("codes", "probe", "operation") for entry in table("error_codes")[kind]]
    assert [fix for fix in fixes if fix.endswith(".") or re.search(r"\. [A-Z]", fix)] == []
