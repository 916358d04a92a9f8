"""The gallery's validation on the terminal and in the HTML report."""

from __future__ import annotations

from report_builder import record

from scimcheck.core.json import JSONObject
from scimcheck.report.gallery import gallery_lines, gallery_part
from scimcheck.report.html import body_html
from scimcheck.report.model import RunRecord
from scimcheck.report.terminal import summary_lines


def _row(name: str, result: str, **more: str) -> JSONObject:
    return {"testName": name, "testCategory": "mandatory", "testResult": result, **more}


DOCUMENT: JSONObject = {
    "notice": "A local pre-check.",
    "overallResultFromTests": "Failed",
    "endpointVerdict": "Succeeded",
    "reasons": ["Update_User_Test failed", "neither passed"],
    "notProven": ["that <it> works"],
    "testResults": [
        _row("Create_User_Test", "success"),
        _row(
            "Update_User_Test", "FAILED - [Update Phase] <b>x</b>", provisioningErrorDetails="failed in wire profile L"
        ),
        _row("Delete_User_Test", "WARNING - x"),
        _row("Validate_Credentials_Test", "SKIPPED - none"),
        _row("Schema_Discoverability_Test", "success", message="externalId was left out"),
    ],
}


def test_the_terminal_has_a_line_for_each_test_and_both_verdicts() -> None:
    lines = list(gallery_lines(DOCUMENT, 120))
    assert lines[:3] == [
        "Entra gallery pre-flight, 5 tests by Microsoft's names",
        "  Create_User_Test             mandatory  success",
        "  Update_User_Test             mandatory  FAILED - [Update Phase] <b>x</b> (failed in wire profile L)",
    ]
    assert "  Microsoft's verdict by its rules: Failed: Update_User_Test failed; neither passed." in lines
    assert "  Verdict on the endpoint, credentials aside where none were given: Succeeded." in lines
    assert lines[-1] == "  A local pre-check."


def test_lines_keep_to_the_width() -> None:
    """Long results go on below themselves."""
    long = {**DOCUMENT, "testResults": [_row("Create_User_Test", "FAILED - " + "word " * 60)]}
    assert max(map(len, gallery_lines(long, 80))) <= 80


def test_the_page_has_a_table_and_escapes_what_came_from_the_target() -> None:
    html = str(gallery_part(DOCUMENT))
    assert "<strong>Update_User_Test</strong>" in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<b>x</b>" not in html
    for word in ("badge passed", "badge failed", "badge advisory", "badge not-applicable", "wire profile L"):
        assert word in html
    assert "that &lt;it&gt; works" in html


def test_without_the_gallery_nothing_is_said() -> None:
    assert gallery_part(None) is None
    assert "gallery pre-flight, " not in "\n".join(summary_lines(record(), [], []))
    assert 'id="gallery"' not in body_html(record(), [], [])


def test_the_record_keeps_the_document() -> None:
    """A report that is rendered again has the same section."""
    kept = RunRecord.from_json(record(gallery=DOCUMENT).to_json())
    assert kept.gallery == DOCUMENT
    assert "Update_User_Test" in "\n".join(summary_lines(kept, [], []))
    assert 'id="gallery"' in body_html(kept, [], [])
    older = record().to_json()
    del older["gallery"]
    assert RunRecord.from_json(older).gallery is None
