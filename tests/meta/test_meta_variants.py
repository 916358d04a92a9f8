"""No variant, and not the plain reference provider, turns anything red: no check punishes a legal choice."""

from __future__ import annotations

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.provider import variants
from scimcheck.provider.faults import Variant
from scimcheck.requirements.catalogue import load
from tests.meta.certify import Certified, certify

#: Advisories that a variant is tolerated with: a listed reading asks for a warning, never for a failure.
_BAD = (Verdict.FAILED, Verdict.ERROR, Verdict.BLOCKED)


def _assert_nothing_red(found: Certified) -> None:
    for verdict in _BAD:
        assert not found.by_verdict[verdict], found.explain(*_BAD)


@pytest.mark.parametrize("depth", ["quick", "standard", "deep"])
def test_the_reference_provider_is_conformant(depth: str) -> None:
    """Nothing failed, was blocked, ended in error, or was even advised against."""
    found = certify(depth=depth)
    _assert_nothing_red(found)
    assert not found.by_verdict[Verdict.ADVISORY], found.explain(Verdict.ADVISORY)


@pytest.mark.parametrize("variant", variants().values(), ids=lambda variant: variant.name)
def test_a_variant_turns_nothing_red(variant: Variant) -> None:
    """A legal choice fails no requirement and blocks none."""
    assert variant.reading in load()
    _assert_nothing_red(certify(variant.name))
