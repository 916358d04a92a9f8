"""Laws that every item of the catalogue obeys, beyond what its format can say."""

from __future__ import annotations

import re

from scimcheck.requirements.catalogue import load
from scimcheck.requirements.model import Level, Requirement

ITEMS = list(load().values())
ENTRA = [item for item in ITEMS if item.document == "entra"]
CLAUSES = [item for item in ITEMS if item.document != "entra"]


def _number(item: Requirement) -> str:
    """The number of the RFC in an item's id."""
    return item.id.removeprefix("RFC").partition("-")[0]


def test_an_id_names_its_section() -> None:
    """Source, section and a two-digit number."""
    assert [item.id for item in ITEMS if item.id.split("-")[1] != item.section] == []


def test_ids_stand_in_rising_order_within_their_section() -> None:
    """Numbers are appended, never reused; a gap is allowed."""
    last: dict[str, int] = {}
    for item in ITEMS:
        stem, _, number = item.id.rpartition("-")
        assert int(number) > last.get(stem, 0), item.id
        last[stem] = int(number)


def test_the_link_of_a_clause_leads_to_its_section() -> None:
    """Right RFC, right anchor."""
    links = {item.id: f"https://www.rfc-editor.org/rfc/rfc{_number(item)}#section-{item.section}" for item in CLAUSES}
    assert [item.id for item in CLAUSES if item.url != links[item.id]] == []


def test_a_clause_stands_in_the_document_of_its_rfc() -> None:
    """The core documents hold one RFC each, the two others the rest."""
    for item in CLAUSES:
        if item.document.startswith("rfc"):
            assert item.document == f"rfc{_number(item)}", item.id


def test_each_text_is_one_sentence_of_its_own() -> None:
    """One clause an item, and no clause twice within a document."""
    assert [item.id for item in ITEMS if re.search(r"[.!?;] [A-Z]", item.text)] == []
    texts = [(item.document, item.text) for item in ITEMS]
    assert len(texts) == len(set(texts))


def test_knowledge_from_the_field_never_fails_anyone() -> None:
    """What only public reports say is an advisory at most."""
    assert [item.id for item in ENTRA if item.confidence == "field" and item.level.fails] == []


def test_entra_items_are_failures_or_advisories() -> None:
    """No other level makes sense for the needs of one client."""
    assert {item.level for item in ENTRA} == {Level.ENTRA, Level.SHOULD}


def test_reports_from_the_field_link_to_a_public_thread_or_page() -> None:
    """A reader can follow each of them."""
    hosts = ("https://github.com/", "https://learn.microsoft.com/")
    assert [item.id for item in ENTRA if not item.url.startswith(hosts)] == []


def test_both_dialects_have_requirements_of_their_own() -> None:
    """The dialect decides for which audience an item counts; RFC clauses know none."""
    assert {item.dialect for item in ENTRA} == {"any", "legacy", "compliant"}
    assert {item.dialect for item in CLAUSES} == {"any"}


def test_a_requirement_on_an_operation_needs_its_feature() -> None:
    """Checks of bulk jobs, sorting and cursors are not held against a provider without the feature."""
    for area, need in [("bulk", "bulk"), ("sort", "sort"), ("cursor", "cursor")]:
        lacking = [item.id for item in load().by_area[area] if need not in item.needs and item.level is not Level.MAY]
        assert lacking == [], area
