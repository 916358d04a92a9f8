"""The pages for users tell the truth: links lead somewhere, tables are complete, every command works."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs_text import PAGES, anchors, links, option_rows
from project_tree import ROOT

from scimcheck.pytest_plugin import _FLAGS as FLAGS
from scimcheck.pytest_plugin import OPTIONS


@pytest.mark.parametrize("page", [*PAGES, ROOT / "tests" / "README.md"], ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """Each relative link names a file of the project and, with an anchor, one of its headings."""
    broken = []
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_page_can_be_reached() -> None:
    """From the index each page of the documentation is one click away."""
    linked = set(links(ROOT / "docs" / "index.md"))
    assert {page.name for page in (ROOT / "docs").glob("*.md")} - linked == {"index.md"}


def test_the_option_tables_are_those_of_the_program() -> None:
    """Each option with its ini key and variable stands in docs/options.md, once, and no other does."""
    declared = [(option, ini or "", variable or "") for option, ini, variable, _ in OPTIONS]
    declared += [(option, "" if key == "scim" else key, "") for option, key, _ in FLAGS]
    declared.append(("--scim-header", "scim_header", ""))
    assert sorted(option_rows(ROOT / "docs" / "options.md")) == sorted(declared)
