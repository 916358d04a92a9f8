"""Ids that name nothing look like those of the target."""

from __future__ import annotations

import re

import pytest

from scimcheck.harness.unknown import guessable, unlike

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.mark.parametrize(
    ("example", "form"),
    [
        ("17", r"[12]\d{9}"),
        ("507f1f77bcf86cd799439011", r"[0-9a-f]{24}"),
        ("2819c223-7f76-453a-919d-413861904646", _UUID),
        ("user@example.com", _UUID),
        (None, _UUID),
    ],
)
def test_an_unknown_id_has_the_form_of_known_ones(example: str | None, form: str) -> None:
    """Numbers for numbers, digits for digits, UUIDs for all else."""
    made = unlike(example)
    assert re.fullmatch(form, made)
    assert made not in (example, unlike(example))
    assert guessable(made) == (example == "17")
