"""The page says what there is to say of each requirement, and nothing a target sent becomes markup."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest
from html_reader import Element, read
from hypothesis import given
from hypothesis import strategies as st
from report_builder import BASE, catalogue, exchange, finding, info, record, requirement

from scimcheck.checks.findings import Verdict
from scimcheck.report.html import css_path, header_html, render, row_html
from scimcheck.report.html_exchange import SHOWN_EXCHANGES, EvidenceBook
from scimcheck.report.markup import element, link
from scimcheck.report.model import Capability, Census, RuleSummary, RunRecord
from scimcheck.report.text import BODY_LIMIT, printable
from scimcheck.report.verdicts import audiences, requirement_results
from scimcheck.requirements.companions import known_faults
from scimcheck.requirements.model import Level

A, B, C, D = "RFC7644-3.3-01", "RFC7644-3.3-02", "RFC7644-3.3-03", "RFC7644-3.3-04"
OFF = "ENTRA-3.2-01"
RULES = catalogue(
    requirement(A, text="A creation is answered with 201.", note="Readings: none."),
    requirement(B),
    requirement(C, Level.SHOULD_NOT),
    requirement(D),
    requirement(OFF, dialect="legacy", consequence="The job stops.", fix="Take Replace.", why="It sends Replace."),
)


def page(run: RunRecord, rules: Any = RULES) -> Element:
    results = requirement_results(run, rules)
    return read(render(run, results, audiences(results, run.info.dialects)))


def row(root: Element, name: str) -> Element:
    return root.one("tr", "requirement", id=f"req-{name}")


def told(element_: Element) -> dict[str, str]:
    """The facts inside an element as a dictionary."""
    terms = [each.text for each in element_.all("dt")]
    return dict(zip(terms, [each.text for each in element_.all("dd")], strict=True))


def test_every_requirement_has_one_row_in_the_table_of_its_verdict() -> None:
    """Failed first and open, passed after it and closed, what nobody judged last."""
    root = page(record(finding(A), finding(B, Verdict.FAILED), finding(C, Verdict.ADVISORY), finding(OFF)))
    groups = root.all("details", "group")
    assert [group.attributes["data-state"] for group in groups] == ["failed", "advisory", "passed", "not-judged"]
    assert ["open" in group.attributes for group in groups] == [True, True, False, False]
    assert [len(group.all("tr", "requirement")) for group in groups] == [1, 1, 2, 1]
    assert row(root, B).one("span", "badge").text == "✕ failed"


def test_a_row_leads_to_its_clause_and_says_whom_it_concerns() -> None:
    root = page(record(finding(A), finding(OFF)))
    assert row(root, A).one("a", "id").attributes["href"] == "https://www.rfc-editor.org/rfc/x#3.3"
    assert row(root, A).attributes["data-audience"] == "scim"
    assert row(root, OFF).attributes["data-audience"] == "entra-off"
    assert row(root, OFF).attributes["data-level"] == "ENTRA"
    assert "flag off" in row(root, OFF).one("th").text


def test_a_failed_row_tells_everything() -> None:
    """Expected, observed, the consequence, the fix, what it blocks, the exchange and a curl line."""
    sent, answer = {"userName": "zoë"}, {"id": "1"}
    root = page(
        record(
            finding(OFF, Verdict.FAILED, subject="User", expected="204", observed="400", count=2, exchanges=("x1",)),
            finding(B, Verdict.BLOCKED, blocked_by=OFF, observed="no user"),
            exchanges=(
                exchange("x1", "PATCH", "/Users/1", status=400, reason="Bad Request", sent=sent, answer=answer),
            ),
        )
    )
    failed = row(root, OFF)
    facts = told(failed)
    assert {name: facts[name] for name in ("Subject", "Expected", "Observed", "What Entra does", "Fix", "Blocks")} == {
        "Subject": "User",
        "Expected": "204",
        "Observed": "400 (2 times)",
        "What Entra does": "The job stops.",
        "Fix": "Take Replace.",
        "Blocks": B,
    }
    shown = failed.one("details", "exchange")
    assert shown.one("summary").text == "PATCH /Users/1 → 400 12 ms"
    request, response, curl = (each.text for each in shown.all("pre"))
    assert request.startswith(f"PATCH {BASE}/Users/1\nhost: api.example.test\n")
    assert request.endswith('\n\n{\n  "userName": "zo\\u00eb"\n}')
    assert response == 'HTTP 400 Bad Request\ncontent-type: application/scim+json\n\n{\n  "id": "1"\n}'
    assert curl.startswith(f"curl -sS -i -X PATCH {BASE}/Users/1 ")
    assert told(row(root, B)) == {
        "Reason": "no user",
        "Blocked by": OFF,
        "How it is judged": "Look.",
        "Checks": "test_x.py::test_it",
    }


def test_a_hint_stands_in_for_a_missing_consequence() -> None:
    root = page(record(finding(A, Verdict.FAILED, hint="Entra sees a duplicate.")))
    assert told(row(root, A))["What Entra does"] == "Entra sees a duplicate."


def test_a_row_that_does_not_apply_says_why() -> None:
    root = page(record(finding(A, Verdict.NOT_APPLICABLE, observed="bulk is not supported")))
    assert "bulk is not supported" in row(root, A).text
    assert "no check judged it in this run" in row(root, B).text


def test_an_exchange_is_shown_once_and_linked_from_elsewhere() -> None:
    root = page(
        record(
            finding(A, Verdict.FAILED, exchanges=("x1", "x2")),
            finding(B, Verdict.FAILED, exchanges=("x2", "lost")),
            exchanges=(exchange("x1"), exchange("x2", "GET")),
        )
    )
    assert len(root.all("details", "exchange", id="x-x2")) == 1
    assert row(root, B).one("p", "again").one("a").attributes["href"] == "#x-x2"
    assert "All 2 steps as a shell script" in row(root, A).text


def test_only_the_last_of_many_exchanges_are_shown() -> None:
    many = [exchange(f"x{n}", "GET") for n in range(10)]
    book = EvidenceBook({each.id: each for each in many})
    shown = read(str(book.of([each.id for each in many])))
    assert len([each for each in shown.all("details", "exchange") if "id" in each.attributes]) == SHOWN_EXCHANGES
    assert "4 earlier ones are in the JSON record." in shown.text


def test_a_page_does_not_grow_without_bound() -> None:
    """Past the budget an exchange is one line; without any exchange there is no evidence."""
    many = {name: exchange(name, answer=b"x" * 1000) for name in ("a", "b")}
    book = EvidenceBook(many, budget=100)
    assert "<details" in str(book.of(["a"]))
    second = str(book.of(["b"]))
    assert "<details" not in second
    assert "(in the JSON record)" in second
    assert book.of(["gone"]) is None


def test_a_huge_body_is_cut_with_a_note() -> None:
    body = exchange("x1", sent=b"s" * 50_000, answer=b"a" * 50_000)
    root = page(record(finding(A, Verdict.FAILED, exchanges=("x1",)), exchanges=(body,)))
    request, response, curl = root.one("details", "exchange").all("pre")
    assert len(request.text) < BODY_LIMIT + 500 > len(response.text)
    assert "Cut: the body has 50,000 bytes" in root.text
    assert curl.text.endswith("--data-binary @request-body-of-x1")


def test_many_findings_of_one_requirement_are_cut() -> None:
    root = page(record(*(finding(A, Verdict.FAILED, subject=str(n)) for n in range(14))))
    assert len(row(root, A).all("div", "finding")) == 10
    assert "… and 4 more findings in the JSON record." in row(root, A).text


def test_the_top_says_who_can_rely_on_it_and_what_to_fix_first() -> None:
    root = page(
        record(
            finding(A),
            finding(OFF, Verdict.FAILED, subject="User", expected="204", observed="400"),
            finding(C, Verdict.BLOCKED, blocked_by=OFF),
        )
    )
    cards = root.all("article", "card")
    assert [card.one("h3").text for card in cards] == [
        "SCIM 2.0 core",
        "Entra, compatibility flag off",
        "Entra, compatibility flag on",
        "Entra gallery pre-flight",
    ]
    badges = [card.one("span", "badge").text for card in cards]
    assert badges == ["✓ passed", "✕ failed", "○ not judged", "○ not judged"]
    assert cards[1].one("a").attributes["href"] == f"#req-{OFF}"
    assert "flag off does not work yet" in root.one("p", "advice").text
    cause = root.one("ol", "causes").one("li")
    assert cause.all("p")[0].text == f"✕ failed {OFF} ENTRA blocks 1 other"
    assert told(cause)["Expected"] == "User: 204"


def test_a_green_run_has_no_list_of_causes() -> None:
    assert page(record(finding(A))).all("ol", "causes") == []


def test_census_capabilities_rules_and_settings_are_there() -> None:
    root = page(
        record(
            finding(A),
            info=info(options={"rate": 25}, selection=("rfc7644",), workers=2, profile="strict"),
            census=Census(before={"/Users": 3}, after={"/Users": 4, "/Groups": 0}, created=2, deleted=1, left=("u/9",)),
            capabilities=(Capability("sort", "broken", True, "order of creation"), Capability("bulk", "absent")),
            rules=(RuleSummary("media type", (A,), 1200, 3),),
            notes=("Slow.",),
        )
    )
    text = root.one("main").text
    for part in (
        "Left behind: 1 resource (2 resources created, 1 deleted).",
        "u/9",
        "Capabilities (2, 1 not as advertised)",
        "Rules for every exchange (1, 1 broken)",
        "with strict",
        "Note: Slow.",
    ):
        assert part in text
    counts = root.all("table", "plain")[0]
    assert [
        [cell.text for cell in line.parts if isinstance(cell, Element)] for line in counts.one("tbody").all("tr")
    ] == [
        ["/Users", "3", "4"],
        ["/Groups", "not listed", "0"],
    ]
    assert told(root.all("details", "more")[-1])["rate"] == "25"


def test_the_in_process_provider_comes_with_a_word_on_curl() -> None:
    """Its base URL leads nowhere."""
    assert "start scimcheck serve" in page(record(info=info(target="in-process reference provider"))).text
    assert "start scimcheck serve" not in page(record()).text


HOSTILE = "</script></style></textarea>--><script>owned()</script><img src=x onerror=owned()>\"'&amp;\x00\u202e\ud800"


def hostile_record() -> RunRecord:
    evil = exchange(
        HOSTILE,
        HOSTILE,
        path=HOSTILE,
        url=f"{BASE}/{HOSTILE}",
        query=HOSTILE,
        status=400,
        sent=HOSTILE.encode("utf-8", "replace"),
        answer={"scimType": HOSTILE, HOSTILE: [HOSTILE]},
        reason=HOSTILE,
        request_headers=((HOSTILE, HOSTILE),),
        response_headers=((HOSTILE, HOSTILE),),
    )
    words: dict[str, Any] = dict.fromkeys(("check", "subject", "expected", "observed", "hint"), HOSTILE)
    return record(
        *(finding(A, verdict, exchanges=(HOSTILE, "x2"), **words) for verdict in Verdict),
        *(
            finding(name, verdict, exchanges=("x2",), **words)
            for name, verdict in ((B, Verdict.ERROR), (C, Verdict.BLOCKED))
        ),
        finding(HOSTILE, Verdict.FAILED, blocked_by=HOSTILE, **words),
        finding(D, Verdict.BLOCKED, blocked_by=HOSTILE),
        exchanges=(evil, exchange("x2", answer=HOSTILE.encode("utf-8", "replace"))),
        info=info(target=HOSTILE, profile=HOSTILE, selection=(HOSTILE,), options={HOSTILE: HOSTILE}),
        capabilities=(Capability(HOSTILE, "broken", True, HOSTILE),),
        rules=(RuleSummary(HOSTILE, (HOSTILE,), 1, 1),),
        census=Census(before={HOSTILE: 1}, left=(HOSTILE,), changed=(HOSTILE,), missing=(HOSTILE,)),
        notes=(HOSTILE,),
    )


def test_nothing_a_target_sends_becomes_markup() -> None:
    """With hostile text in every field there is still one script, and no element that loads or runs anything."""
    root = page(hostile_record())
    assert len(root.all("script")) == 1
    assert root.all("img") == root.all("iframe") == root.all("link") == []
    for each in root.walk():
        assert not any(name.startswith("on") for name in each.attributes), each.name
        assert "src" not in each.attributes
        assert (each.attributes.get("href") or "#").startswith(("#", "https://www.rfc-editor.org/", "https://learn."))
    assert root.one("main").text.count("owned()") > 40
    assert re.search(r"[\x00\u202e\ud800]", root.text) is None


def test_the_page_is_self_contained_and_lets_no_other_script_run() -> None:
    """Nothing is loaded, and the policy admits exactly the script on the page."""
    root = page(record(finding(A)))
    policy = str(root.one("meta", http_equiv="Content-Security-Policy").attributes["content"])
    digest = base64.b64encode(hashlib.sha256(root.one("script").text.encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}';" in policy
    style = css_path().read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style
    assert "</style" not in style.lower()


@given(st.text())
def test_text_survives_escaping(text: str) -> None:
    """What is shown is the printable form of what was given, as text and as attribute."""
    shown = read(str(element("p", text, title=text))).one("p")
    assert shown.text == shown.attributes["title"] == printable(text)


@pytest.mark.parametrize("target", ["javascript:owned()", "data:text/html,x", "//evil.example", "", " https://x"])
def test_only_web_addresses_become_links(target: str) -> None:
    assert link(target, "word") == "word"


def test_cells_for_the_table_of_checks_are_escaped() -> None:
    """pytest-html takes cells as they are, parameters of a test included."""
    cells = row_html("Passed", "test_x[<b>]", (A, B), "1 ms")
    assert len(cells) == len(header_html()) == 4
    assert cells[0] == '<td class="col-result">Passed</td>'
    assert "test_x[&lt;b&gt;]" in cells[1]
    assert [each.attributes["href"] for each in read(cells[2]).all("a")] == [f"#req-{A}", f"#req-{B}"]


def test_rows_of_one_fault_name_each_other() -> None:
    """The list of what to fix has the head alone; each row leads to the others of the fault."""
    fault = next(each for each in known_faults() if len(each.breaks) > 1)
    head, other = fault.breaks[:2]
    rules = catalogue(requirement(head), requirement(other))
    run = record(finding(head, Verdict.FAILED), finding(other, Verdict.FAILED))
    results = requirement_results(run, rules)
    page = render(run, results, audiences(results, run.info.dialects))
    causes = page.partition('<ol class="causes">')[2].partition("</ol>")[0]
    assert causes.count("<li>") == 1
    assert "Also breaks" in causes
    assert f">{other}</a>" in causes
    assert page.count("Probably one fault with") == 2
