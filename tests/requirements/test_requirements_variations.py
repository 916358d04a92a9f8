"""The table of legitimate schema variations agrees with the bundled schemas."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scimcheck.resources import bundled

FIXTURES = bundled("fixtures")
TABLE = json.loads((FIXTURES / "requirements" / "schema_variations.json").read_text(encoding="utf-8"))
SCHEMAS = {
    schema["id"]: schema
    for path in sorted((FIXTURES / "schemas").glob("*.json"))
    for schema in [json.loads(path.read_text(encoding="utf-8"))]
}


def _attribute(entry: dict[str, Any]) -> dict[str, Any] | None:
    """The definition that an entry of the table speaks of, or None."""
    found: dict[str, Any] = {"subAttributes": SCHEMAS[entry["schema"]]["attributes"]}
    for name in entry["attribute"].split("."):
        named = [definition for definition in found.get("subAttributes", []) if definition["name"] == name]
        if not named:
            return None
        found = named[0]
    return found


def _attributes(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The definition that an entry speaks of, or all top-level ones of the schema for a star."""
    if entry["attribute"] == "*":
        return list(SCHEMAS[entry["schema"]]["attributes"])
    attribute = _attribute(entry)
    assert attribute is not None
    return [attribute]


@pytest.mark.parametrize(
    "entry", TABLE["accepted"], ids=lambda entry: f"{entry['attribute']}.{entry['characteristic']}"
)
def test_the_standard_value_is_the_bundled_one_and_accepted(entry: dict[str, Any]) -> None:
    """What the table calls standard is what the schema says, and never refused."""
    attribute = _attribute(entry)
    assert attribute is not None
    assert attribute.get(entry["characteristic"]) == entry["standard"]
    assert entry["standard"] in entry["accept"]


@pytest.mark.parametrize(
    "entry", TABLE["applied_errata"], ids=lambda entry: f"{entry['attribute']}.{entry['characteristic']}"
)
def test_errata_are_applied_in_the_bundled_schema(entry: dict[str, Any]) -> None:
    """The schema holds the corrected value, or the attribute that print forgets."""
    attribute = _attribute(entry)
    if entry["characteristic"] == "(whole attribute)":
        assert (attribute is not None) is (entry["here"] is not None)
    else:
        assert attribute is not None
        assert attribute.get(entry["characteristic"]) == entry["here"]


@pytest.mark.parametrize("entry", TABLE["firm"], ids=lambda entry: f"{entry['attribute']}.{entry['characteristic']}")
def test_firm_values_are_the_bundled_ones(entry: dict[str, Any]) -> None:
    """What normative prose fixes, the schema says too; a list holds alternatives, a star stands for all attributes."""
    if entry["characteristic"] == "(present)":
        assert (_attribute(entry) is not None) is entry["value"]
        return
    permitted = entry["value"] if isinstance(entry["value"], list) else [entry["value"]]
    for attribute in _attributes(entry):
        assert attribute[entry["characteristic"]] in permitted
