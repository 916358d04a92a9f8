"""Every data file of this room obeys its JSON Schema, and the schemas refuse what they should."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from scimcheck.requirements.catalogue import DOCUMENTS, read_toml
from scimcheck.resources import bundled

FIXTURES = bundled("fixtures")

DATA = {
    "costs.json": "costs",
    "companions.json": "companions",
    "filters/filter_examples.json": "filter_example",
    "requirements/schema_variations.json": "schema_variations",
    "requirements/readings.toml": "readings",
    "requirements/uncovered.toml": "uncovered",
} | {f"requirements/{document}.toml": "requirement" for document in DOCUMENTS}

GOOD: dict[str, Any] = {
    "id": "ENTRA-1.2-01",
    "section": "1.2",
    "level": "ENTRA",
    "area": "connection",
    "text": "An example of a sentence.",
    "check": "An example of a check.",
    "testable": True,
    "needs": ["User"],
    "url": "https://learn.microsoft.com/",
    "dialect": "any",
    "why": "An example of a reason.",
    "consequence": "An example of a consequence.",
    "fix": "An example of a fix.",
    "severity": "slows",
    "confidence": "documented",
    "source": "An example",
}


def _problems(schema_name: str, content: Any) -> list[str]:
    schema = json.loads((FIXTURES / "formats" / f"{schema_name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = jsonschema.Draft202012Validator(schema).iter_errors(content)
    return [f"{error.json_path}: {error.message}" for error in errors]


@pytest.mark.parametrize(("name", "schema"), DATA.items())
def test_each_data_file_obeys_its_schema(name: str, schema: str) -> None:
    """A catalogue, the filter examples and the schema variations are well-formed."""
    path = FIXTURES / name
    content = read_toml(path) if path.suffix == ".toml" else json.loads(path.read_text(encoding="utf-8"))
    assert _problems(schema, content) == []


def test_the_sample_of_the_refusals_is_itself_good() -> None:
    """Otherwise the refusals below would prove nothing."""
    assert _problems("requirement", {"requirement": [GOOD]}) == []


@pytest.mark.parametrize(
    "change",
    [
        {"id": "ENTRA-1.2-1"},
        {"id": "RFC1234-1-01"},
        {"level": "COULD"},
        {"level": "MUST"},
        {"needs": ["Users"]},
        {"area": "miscellany"},
        {"text": "No full stop"},
        {"confidence": "field"},
        {"severity": "bad"},
        {"extra": 1},
        {"id": "RFC7644-3.3-01", "level": "MUST", "url": "https://www.rfc-editor.org/rfc/rfc7644#section-3.3"},
    ],
)
def test_the_format_refuses(change: dict[str, Any]) -> None:
    """A wrong id, word or level, an Entra item from the field that could fail, and Entra keys on an RFC item."""
    assert _problems("requirement", {"requirement": [GOOD | change]})


@pytest.mark.parametrize("key", ["why", "consequence", "fix", "severity", "confidence", "source", "dialect", "check"])
def test_the_format_misses_a_key_of_an_entra_item(key: str) -> None:
    """An Entra item says all of why, what then, how to fix, how bad, how sure and where from."""
    item = {name: value for name, value in GOOD.items() if name != key}
    assert _problems("requirement", {"requirement": [item]})
