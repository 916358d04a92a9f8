"""Whether a time has moved: at the precision that both texts have, and without a tolerance."""

from __future__ import annotations

import pytest

from scimcheck.harness.representation import unmoved

AT = "2026-01-01T10:00:00.156Z"


@pytest.mark.parametrize(
    "other",
    [
        AT,
        "2026-01-01T11:00:00.156+01:00",
        "2026-01-01T10:00:00Z",
        "2026-01-01T10:00:00.16Z",
        "2026-01-01T10:00:00.1564Z",
    ],
)
def test_another_spelling_or_precision_is_no_move(other: str) -> None:
    """Zones, cut and rounded fractions."""
    assert unmoved(AT, other)


@pytest.mark.parametrize(
    "other", ["2026-01-01T10:00:00.171Z", "2026-01-01T10:00:01Z", "2026-01-01T10:00:00.18Z", None, "x"]
)
def test_a_few_milliseconds_are_a_move(other: str | None) -> None:
    """And so is a time that is not there any more."""
    assert not unmoved(AT, other)
