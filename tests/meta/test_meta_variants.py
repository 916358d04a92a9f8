"""No variant, and not the plain reference provider, turns anything red: no check punishes a legal choice.

By default a variant meets the quick checks, together with others, and those that judge the requirement whose reading it
takes; with ``SCIMCHECK_PROOF=full`` (``make prove``) it meets all checks by itself.
"""

from __future__ import annotations

import os

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.harness.costs import load_costs, outdated
from scimcheck.provider import variants
from scimcheck.provider.faults import Variant
from scimcheck.requirements.catalogue import load
from tests.meta import bench
from tests.meta.certify import certify

FULL = os.environ.get("SCIMCHECK_PROOF") == "full"
_BAD = (Verdict.FAILED, Verdict.ERROR, Verdict.BLOCKED)


@pytest.mark.parametrize("depth", ["quick", "standard", "deep"])
def test_the_reference_provider_is_conformant(depth: str) -> None:
    """Nothing failed, was blocked, ended in error, or was advised against, in as many requests as a run may take."""
    found = certify(depth=depth)
    for verdict in (*_BAD, Verdict.ADVISORY):
        assert not found.by_verdict[verdict], found.explain(*_BAD, Verdict.ADVISORY)
    assert not outdated(load_costs(), depth, found.record.exchange_count)


def test_the_bench_judges_as_a_run_does() -> None:
    """What stands in for pytest here comes to the same verdicts as pytest, on a conformant and on a broken provider."""
    for names in ((), ("patch-without-effect",)):
        stand_in, run = bench.run(names, depth="quick"), certify(*names, depth="quick")
        for verdict in Verdict:
            assert stand_in.having(verdict) == run.by_verdict[verdict], verdict


def companies(most: int = 10) -> list[tuple[Variant, ...]]:
    """Variants that can be met together: no two that choose about the same thing.

    Those that cost something, or after which less can be judged, stay alone, so that they hide nothing.
    """
    found: list[list[Variant]] = []
    for variant in variants().values():
        joined = next((each for each in found if len(each) < most and _goes_with(variant, each)), None)
        if joined is None:
            found.append([variant])
        else:
            joined.append(variant)
    return [tuple(each) for each in found]


def _goes_with(variant: Variant, others: list[Variant]) -> bool:
    return not _is_single(variant) and not any(
        _is_single(other) or variant.reading == other.reading or set(variant.settings) & set(other.settings)
        for other in others
    )


def _is_single(variant: Variant) -> bool:
    return bool(variant.costs) or variant.name in NARROWING


#: Variants after which whole chapters do not apply.
NARROWING = frozenset(
    {
        *("bulk-limits-left-out", "cursor-pagination-only", "errors-without-detail", "plain-json-habit"),
        *("small-pages", "tags-for-caches-alone", "users-without-active", "users-alone", "people", "open-service"),
        *("bulk-of-one", "cursor-pages-smaller-than-announced", "pages-of-one"),
    }
)


@pytest.mark.parametrize("company", companies(), ids=lambda company: "+".join(each.name for each in company))
def test_variants_turn_nothing_red(company: tuple[Variant, ...]) -> None:
    """A legal choice fails no clause and blocks none, but for the needs of Entra that it is known to cost.

    Choices are met in company; where that shows anything, each is met by itself, and its own verdict counts.
    """
    together = bench.run([variant.name for variant in company], depth="quick")
    if not _reproaches(together, company):
        return
    for variant in company:
        alone = bench.run([variant.name], depth="quick")
        assert not _reproaches(alone, (variant,)), f"{variant.name}: {alone.explain(*_BAD)}"


@pytest.mark.parametrize("variant", variants().values(), ids=lambda variant: variant.name)
def test_a_variant_is_legal_where_it_differs(variant: Variant) -> None:
    """The checks of the requirement whose reading it takes accept it; in the long proof all checks do."""
    assert variant.reading in load()
    found = bench.run([variant.name], None if FULL else {variant.reading})
    assert not _reproaches(found, (variant,)), found.explain(*_BAD)


def _reproaches(found: bench.Bench, company: tuple[Variant, ...]) -> set[str]:
    """What is held against the provider besides what its variants are known to cost."""
    costs = {name for variant in company for name in variant.costs}
    causes = {finding.blocked_by for finding in found.findings if finding.verdict is Verdict.BLOCKED}
    return {*found.having(Verdict.FAILED, Verdict.ERROR), *(cause for cause in causes if cause)} - costs


def test_variants_cost_entra_alone() -> None:
    """What is legal breaks no clause of the standards; that Entra cannot live with it is another matter."""
    for variant in variants().values():
        assert all(name.startswith("ENTRA-") for name in variant.costs), variant.name
        assert set(variant.costs) <= set(load()), variant.name
