"""What a person reads at the end of a run."""

from __future__ import annotations

import re
from typing import Any

import pytest
from report_builder import catalogue, exchange, finding, info, record, requirement

from scimcheck.checks.findings import Verdict
from scimcheck.report.model import Census, RunRecord
from scimcheck.report.terminal import summary_lines
from scimcheck.report.verdicts import audiences, requirement_results
from scimcheck.requirements.companions import known_faults
from scimcheck.requirements.model import Level

A, B, E = "RFC7644-3.3-01", "RFC7644-3.3-02", "ENTRA-2.1-01"
RULES = catalogue(
    requirement(A, text="A creation is answered with 201."),
    requirement(B, Level.SHOULD),
    requirement(E, consequence="The user is put into escrow.", fix="Answer 201."),
)


def lines(run: RunRecord, rules: Any = RULES, **options: Any) -> list[str]:
    results = requirement_results(run, rules)
    return summary_lines(run, results, audiences(results, run.info.dialects), **options)


def test_a_green_run_is_short() -> None:
    """Four audiences, one advice, the totals, the census, the path: nothing else."""
    run = record(finding(A), finding(B), finding(E), census=Census(created=3, deleted=3), exchange_count=1412)
    assert lines(run, reports=["reports/x.html"]) == [
        "scimcheck 0.1.0 · https://api.example.test/scim/v2 · 1,412 exchanges in 9.2 s · seed 7",
        "SCIM 2.0 core                  PASSED         Everything judged holds.",
        "Entra, compatibility flag off  PASSED         Everything judged holds.",
        "Entra, compatibility flag on   PASSED         Everything judged holds.",
        "Entra gallery pre-flight       NOT JUDGED     Not run: it takes --scim-select gallery.",
        "→ Either works: the Tenant URL may carry ?aadOptscim062020 or not.",
        "",
        "3 requirements judged: 3 passed.",
        "Nothing left behind: 3 resources created, 3 deleted. Nothing else touched.",
        "Report: reports/x.html",
    ]


def test_a_root_cause_is_told_with_its_evidence() -> None:
    """Clause, expected, observed, what Entra does, the fix, the exchange and a curl line."""
    run = record(
        finding(E, Verdict.FAILED, subject="User", expected="201", observed="200", count=3, exchanges=("x1", "gone")),
        finding(B, Verdict.BLOCKED, blocked_by=E),
        exchanges=(exchange("x1", status=200, sent={"userName": "x"}),),
    )
    told = "\n".join(lines(run))
    assert (
        f"FAILED {E} (ENTRA)  blocks 1\n"
        f"  What {E} demands holds.\n"
        "  expected [User] 201\n"
        "  observed 200 (3 times)\n"
        "  Entra    The user is put into escrow.\n"
        "  fix      Answer 201.\n"
        "  exchange POST /Users → 200\n"
        "  curl     curl -sS -i -X POST https://api.example.test/scim/v2/Users "
    ) in told
    assert "1 failed, 1 blocked." in told


def test_long_evidence_is_left_to_the_report() -> None:
    run = record(
        *(finding(A, Verdict.FAILED, subject=str(n), expected="x", exchanges=("x1",)) for n in range(5)),
        exchanges=(exchange("x1", sent=b"y" * 1000),),
    )
    told = lines(run)
    assert "  … and 2 more findings" in told
    assert "  curl     in the report" in told


def test_many_root_causes_are_cut() -> None:
    many = catalogue(*(requirement(f"RFC7644-99-{n:02}") for n in range(1, 14)))
    told = lines(record(*(finding(name, Verdict.FAILED) for name in many)), many)
    assert sum(line.startswith("FAILED") for line in told) == 10
    assert "… and 3 more root causes: see the report." in told


def test_what_one_fault_breaks_is_told_once() -> None:
    """A root cause names what breaks with it; the totals still count each."""
    fault = next(each for each in known_faults() if len(each.breaks) > 1)
    pair = catalogue(*map(requirement, fault.breaks[:2]))
    told = lines(record(*(finding(name, Verdict.FAILED) for name in pair)), pair)
    assert sum(line.startswith("FAILED") for line in told) == 1
    assert any(line.startswith("  also     breaks ") and fault.breaks[1] in line for line in told)
    assert "2 requirements judged: 2 failed." in told


@pytest.mark.parametrize("width", [40, 72, 120])
def test_lines_keep_to_the_width(width: int) -> None:
    """All but what is there to be copied."""
    run = record(
        finding(A, Verdict.FAILED, expected="word " * 60, observed="word " * 60, exchanges=("x1",)),
        finding(B, Verdict.ADVISORY),
        exchanges=(exchange("x1", path="/Users/" + "a b " * 30),),
        notes=("note " * 40,),
    )
    told = [line for line in lines(run, width=width) if not line.startswith("  curl")]
    audience_width = len("Entra, compatibility flag off  FAILED         ") + 20
    assert max(len(line) for line in told) <= max(width, audience_width)


def test_nothing_from_the_target_reaches_the_terminal_raw() -> None:
    """Escape sequences, carriage returns and reversed text are spelled out."""
    evil = "\x1b]0;owned\x07\r\u202e"
    run = record(
        finding(A, Verdict.FAILED, subject=evil, expected=evil, observed=evil, exchanges=("x1",)),
        finding(B, Verdict.ERROR, observed=evil),
        exchanges=(exchange("x1", status=400, answer={"scimType": evil}),),
        census=Census(left=(evil,)),
        notes=(evil,),
    )
    assert re.findall(r"[\x00-\x1f\x7f-\x9f\u202e]", "".join(lines(run))) == []


def test_colour_is_optional_and_marks_verdicts_alone() -> None:
    run = record(finding(A, Verdict.FAILED), finding(E))
    coloured, plain = lines(run, colour=True), lines(run)
    assert "\x1b[31;1mFAILED" in "".join(coloured)
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in coloured] == plain


def test_an_audience_names_what_blocks_it() -> None:
    """Its line goes on under itself where the ids do not fit."""
    told = lines(record(finding(A, Verdict.FAILED), finding(B)), width=72)
    assert told[2:4] == [
        "SCIM 2.0 core                  FAILED         1 broken. First",
        " " * 46 + "RFC7644-3.3-01.",
    ]


def test_errors_are_not_the_targets_fault_and_stand_apart() -> None:
    told = lines(record(finding(A, Verdict.ERROR, observed="TimeoutError: gave up")))
    assert f"ERROR {A}: TimeoutError: gave up" in told


@pytest.mark.parametrize(
    ("census", "sentence"),
    [
        (
            Census(complete=False, created=1, deleted=1),
            "Nothing left behind: 1 resource created, 1 deleted. "
            "Nothing else touched, as far as resources could be listed.",
        ),
        (
            Census(created=2, deleted=1, left=("u/9",), changed=("a", "b"), missing=("c",)),
            "Left behind: 1 resource (2 resources created, 1 deleted). "
            "Resources of others were touched: 2 changed, 1 missing.",
        ),
    ],
)
def test_the_census_says_what_it_proves(census: Census, sentence: str) -> None:
    assert sentence in lines(record(finding(A), census=census), width=200)


def test_leftovers_are_named() -> None:
    assert "  left: https://x/Users/9" in lines(record(finding(A), census=Census(left=("https://x/Users/9",))))


def test_a_long_run_is_told_in_minutes() -> None:
    assert "0 exchanges in 2 min 5 s" in lines(record(info=info(duration=125.9)))[0]


def test_a_run_without_findings_says_so() -> None:
    assert "No requirement was judged." in lines(record())
