"""docs/reference-provider.md says which judged requirements have no deviation, and why."""

from __future__ import annotations

import re

from project_tree import ROOT

from tests.meta.test_meta_deviations import UNPROVEN


def test_the_page_has_every_requirement_without_a_deviation() -> None:
    """The table's rows are the exceptions of the proof, with their reasons."""
    page = (ROOT / "docs" / "reference-provider.md").read_text(encoding="utf-8")
    table = page.partition("| judged, but without a deviation |")[2].partition("\n\n")[0]
    assert dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", table, flags=re.MULTILINE)) == UNPROVEN
