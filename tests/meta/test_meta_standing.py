"""docs/reference-provider.md says how it is seen that the provider keeps what is judged; these hold it to that.

The figures are made of two lists (``tests/meta/standing.py``). What the lists say of runs is tried in the long proof.
"""

from __future__ import annotations

import os

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.provider import variants
from tests.meta import bench
from tests.meta.certify import certify
from tests.meta.standing import ELSEWHERE, PAGE, VARIANTS, apart, judged, standing_table
from tests.meta.test_meta_gallery import GALLERY

FULL = os.environ.get("SCIMCHECK_PROOF") == "full"
#: Variants that go together, and without which most of what is apart does not apply.
RICH = ("cursor-pagination", "me-is-a-user", "every-characteristic")


def test_the_page_has_the_figures() -> None:
    assert standing_table() in PAGE.read_text(encoding="utf-8")


def test_what_stands_apart_is_judged_and_named_once() -> None:
    """No requirement is listed twice, or without a check, and the variants exist."""
    listed = [name for table in (VARIANTS, ELSEWHERE) for names in table.values() for name in names]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set().union(*judged().values())
    assert set(VARIANTS) <= set(variants())


@pytest.mark.parametrize("variant", sorted(set(VARIANTS) - set(RICH)))
def test_a_variant_keeps_what_applies_to_it(variant: str) -> None:
    found = bench.run([variant], VARIANTS[variant], depth="deep")
    assert set(VARIANTS[variant]) <= found.having(Verdict.PASSED), found.explain(*Verdict)


if FULL:

    def test_the_plain_provider_keeps_all_else() -> None:
        kept = certify(depth="deep").by_verdict[Verdict.PASSED]
        assert set().union(*judged().values()) - kept - GALLERY == apart()

    def test_a_rich_provider_keeps_what_applies_to_it() -> None:
        kept = certify(*RICH, depth="deep").by_verdict[Verdict.PASSED]
        assert {name for variant in RICH for name in VARIANTS[variant]} <= kept
