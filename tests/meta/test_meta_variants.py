"""No variant, and not the plain reference provider, turns anything red: no check punishes a legal choice.

By default a variant meets the quick checks and those that judge the requirement whose reading it takes; with
``SCIMCHECK_PROOF=full`` (``make prove``) it meets all checks.
"""

from __future__ import annotations

import os

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.provider import variants
from scimcheck.provider.faults import Variant
from scimcheck.requirements.catalogue import load
from tests.meta import bench
from tests.meta.certify import certify

FULL = os.environ.get("SCIMCHECK_PROOF") == "full"
_BAD = (Verdict.FAILED, Verdict.ERROR, Verdict.BLOCKED)


@pytest.mark.parametrize("depth", ["quick", "standard", "deep"])
def test_the_reference_provider_is_conformant(depth: str) -> None:
    """Nothing failed, was blocked, ended in error, or was even advised against."""
    found = certify(depth=depth)
    for verdict in (*_BAD, Verdict.ADVISORY):
        assert not found.by_verdict[verdict], found.explain(*_BAD, Verdict.ADVISORY)


def test_the_bench_judges_as_a_run_does() -> None:
    """What stands in for pytest here comes to the same verdicts as pytest, on a conformant and on a broken provider."""
    for names in ((), ("patch-without-effect",)):
        stand_in, run = bench.run(names, depth="quick"), certify(*names, depth="quick")
        for verdict in Verdict:
            assert stand_in.having(verdict) == run.by_verdict[verdict], verdict


@pytest.mark.parametrize("variant", variants().values(), ids=lambda variant: variant.name)
def test_a_variant_turns_nothing_red(variant: Variant) -> None:
    """A legal choice fails no clause and blocks none, but for the needs of Entra that it is known to cost."""
    assert variant.reading in load()
    runs = [bench.run([variant.name])] if FULL else [
        bench.run([variant.name], depth="quick"),
        bench.run([variant.name], {variant.reading}),
    ]  # fmt: skip
    for found in runs:
        assert found.having(Verdict.FAILED) <= set(variant.costs), found.explain(*_BAD)
        assert not found.having(Verdict.ERROR), found.explain(*_BAD)
        causes = {finding.blocked_by for finding in found.findings if finding.verdict is Verdict.BLOCKED}
        assert causes <= set(variant.costs), found.explain(*_BAD)


def test_variants_cost_entra_alone() -> None:
    """What is legal breaks no clause of the standards; that Entra cannot live with it is another matter."""
    for variant in variants().values():
        assert all(name.startswith("ENTRA-") for name in variant.costs), variant.name
        assert set(variant.costs) <= set(load()), variant.name
