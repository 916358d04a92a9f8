"""One verdict per requirement, the causes behind blocked ones, and the audiences."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_builder import catalogue, finding, record, requirement

from scimcheck.checks.findings import Finding, Verdict
from scimcheck.report.verdicts import (
    AudienceVerdict,
    RequirementResult,
    audiences,
    entra_advice,
    requirement_results,
    root_causes,
)
from scimcheck.requirements.companions import known_faults
from scimcheck.requirements.model import Level, Requirement

A, B, C, D = "RFC7644-3.3-01", "RFC7644-3.3-02", "RFC7644-3.3-03", "RFC7644-3.3-04"
ANY, OFF, ON = "ENTRA-1.2-01", "ENTRA-3.2-01", "ENTRA-3.2-02"
RULES = catalogue(
    requirement(A),
    requirement(B),
    requirement(C, Level.SHOULD),
    requirement(D, testable=False),
    requirement(ANY, severity="blocks-connection"),
    requirement(OFF, dialect="legacy", severity="loses-data"),
    requirement(ON, dialect="compliant", severity="cosmetic"),
)


def results(*findings: Finding, rules: dict[str, Requirement] = RULES) -> tuple[RequirementResult, ...]:
    return requirement_results(record(*findings), rules)


def by_id(*findings: Finding) -> dict[str, RequirementResult]:
    return {result.requirement.id: result for result in results(*findings)}


@given(st.lists(st.sampled_from(list(Verdict)), min_size=1, max_size=6))
def test_the_worst_finding_decides(verdicts: list[Verdict]) -> None:
    """Whatever the order, the worst verdict wins, and only its findings are deciding."""
    result = by_id(*(finding(A, verdict, observed=str(n)) for n, verdict in enumerate(verdicts)))[A]
    assert result.verdict is Verdict.worst(verdicts)
    assert {item.verdict for item in result.deciding} == {result.verdict}
    assert len(result.findings) == len(verdicts)


def test_every_requirement_has_a_result_in_catalogue_order() -> None:
    """What nobody judged is there too and says why."""
    found = results(finding(B))
    assert [result.requirement.id for result in found] == list(RULES)
    assert not found[0].judged
    assert found[0].reasons == ("no check judged it in this run",)
    assert found[3].reasons == ("cannot be observed from outside",)
    assert found[1].verdict is Verdict.PASSED


def test_equal_findings_merge_and_add_up() -> None:
    """Several checks that see the same of the same subject make one finding with their counts."""
    twice = finding(A, Verdict.FAILED, subject="User", observed="200", count=2)
    other = finding(A, Verdict.FAILED, subject="User", observed="200", check="test_y.py::test_other")
    result = by_id(twice, other, finding(A, Verdict.FAILED, subject="Group", observed="200"))[A]
    assert [(item.subject, item.count) for item in result.deciding] == [("User", 3), ("Group", 1)]
    assert result.checks == ("test_x.py::test_it", "test_y.py::test_other")


def test_a_finding_on_an_unknown_requirement_is_kept() -> None:
    """A record of another catalogue loses nothing; its RFC ids still count for SCIM."""
    found = results(finding("RFC7644-9.9-99", Verdict.FAILED), finding("ACME-1", Verdict.FAILED))
    assert [result.requirement.id for result in found[-2:]] == ["RFC7644-9.9-99", "ACME-1"]
    assert audiences(found, ())[0].blocking == ("RFC7644-9.9-99",)


def test_blocked_keeps_its_cause_and_reason() -> None:
    result = by_id(finding(B, Verdict.BLOCKED, blocked_by=A, observed="no user could be created"))[B]
    assert result.blocked_by == (A,)
    assert result.reasons == ("no user could be created",)


def test_root_causes_come_with_what_they_block_worst_first() -> None:
    """Chains lead to their end; what blocks most comes first, then Entra's severity."""
    causes = root_causes(
        results(
            finding(A, Verdict.FAILED),
            finding(ON, Verdict.FAILED),
            finding(ANY, Verdict.FAILED),
            finding(OFF, Verdict.ERROR),
            finding(B, Verdict.BLOCKED, blocked_by=C),
            finding(C, Verdict.BLOCKED, blocked_by=ON),
        )
    )
    assert [(cause.requirement.id, cause.blocks) for cause in causes] == [(ON, (B, C)), (ANY, ()), (A, ())]


def test_what_one_fault_breaks_is_one_cause() -> None:
    """The companions follow their head, and what they block is the cause's."""
    fault = next(each for each in known_faults() if len(each.breaks) == 1 and len(each.along) == 1)
    (head,), (along,) = fault.breaks, fault.along
    (cause,) = root_causes(
        requirement_results(
            record(
                finding(along, Verdict.FAILED),
                finding(head, Verdict.FAILED),
                finding(B, Verdict.BLOCKED, blocked_by=along),
            ),
            catalogue(*map(requirement, (head, along, B))),
        )
    )
    assert (cause.requirement.id, cause.companions, cause.blocks) == (head, (along,), (B,))


def test_an_error_that_blocks_others_is_a_root_cause() -> None:
    causes = root_causes(results(finding(A, Verdict.ERROR), finding(B, Verdict.BLOCKED, blocked_by=A)))
    assert [(cause.requirement.id, cause.blocks) for cause in causes] == [(A, (B,))]


def test_circular_blocking_ends() -> None:
    """A record that says A waits for B and B for A does not hang the report."""
    circle = results(finding(A, Verdict.BLOCKED, blocked_by=B), finding(B, Verdict.BLOCKED, blocked_by=A))
    assert root_causes(circle) == ()


def named(*findings: Finding, dialects: Sequence[str] = ("legacy", "compliant")) -> dict[str, AudienceVerdict]:
    return {verdict.name: verdict for verdict in audiences(results(*findings), dialects)}


def test_each_audience_counts_its_own_requirements() -> None:
    """RFC clauses count for SCIM, Entra's by dialect."""
    verdicts = named(finding(A, Verdict.FAILED), finding(ANY), finding(OFF, Verdict.FAILED), finding(ON))
    assert {name: verdict.verdict for name, verdict in verdicts.items()} == {
        "scim": Verdict.FAILED,
        "entra-off": Verdict.FAILED,
        "entra-on": Verdict.PASSED,
        "gallery": Verdict.NOT_APPLICABLE,
    }
    assert verdicts["scim"].counts == {Verdict.FAILED: 1}
    assert verdicts["entra-on"].counts == {Verdict.PASSED: 2}


def test_a_recommendation_neither_fails_nor_blocks_an_audience() -> None:
    """A SHOULD that is advisory, blocked or in error leaves the audience passing; failed by a strict run it counts."""
    for verdict in (Verdict.ADVISORY, Verdict.BLOCKED, Verdict.ERROR):
        assert named(finding(A), finding(C, verdict))["scim"].passed
    assert named(finding(A), finding(C, Verdict.FAILED))["scim"].blocking == (C,)


def test_blocking_requirements_stand_worst_first() -> None:
    verdicts = named(
        finding(OFF, Verdict.FAILED), finding(ANY, Verdict.FAILED), finding(ON, Verdict.BLOCKED, blocked_by=ANY)
    )
    assert verdicts["entra-off"].blocking == (ANY, OFF)
    assert verdicts["entra-on"].blocking == (ANY, ON)
    assert verdicts["entra-on"].sentence == "1 broken; 1 blocked by others."


def test_a_partial_run_does_not_read_like_a_certificate() -> None:
    """The sentence says how many binding requirements nobody judged; those not testable do not count."""
    assert named(finding(A))["scim"].sentence == "Everything judged holds; 1 not judged in this run."
    assert named()["scim"].verdict is Verdict.NOT_APPLICABLE
    assert named()["scim"].word == "not judged"
    assert named(finding(A, Verdict.NOT_APPLICABLE))["scim"].word == "not applicable"
    assert named(finding(A), finding(B), finding(C, Verdict.ADVISORY))["scim"].sentence == (
        "Everything judged holds; 1 to consider."
    )


def test_a_few_checks_say_nothing_of_the_flag() -> None:
    """Where more was left out than judged, the one sentence makes no recommendation."""
    crowd = {f"ENTRA-9.9-0{number}": requirement(f"ENTRA-9.9-0{number}") for number in range(5)}
    verdicts = audiences(results(finding(OFF), finding(ON), rules={**RULES, **crowd}), ("legacy", "compliant"))
    assert entra_advice(verdicts).startswith("Too little of what Entra needs was judged")


def test_a_dialect_that_was_not_replayed_is_not_judged() -> None:
    verdicts = named(finding(ANY), finding(ON), dialects=("compliant",))
    assert verdicts["entra-off"].verdict is Verdict.NOT_APPLICABLE
    assert verdicts["entra-off"].sentence == "Not replayed in this run."


@pytest.mark.parametrize(
    ("broken", "dialects", "advice"),
    [
        ((), ("legacy", "compliant"), "Either works: the Tenant URL may carry ?aadOptscim062020 or not."),
        (
            (OFF,),
            ("legacy", "compliant"),
            f"Use ?aadOptscim062020: Entra works with the flag on; with the flag off it stumbles over {OFF}."
            " Provision on demand ignores the flag and will stumble all the same.",
        ),
        (
            (ON,),
            ("legacy", "compliant"),
            f"Do not use ?aadOptscim062020: Entra works with the flag off; with the flag on it stumbles over {ON}.",
        ),
        ((ANY, ON), ("legacy", "compliant"), f"Neither works yet: both stumble over {ANY}."),
        (
            (OFF, ON),
            ("legacy", "compliant"),
            f"Neither works yet: flag off stumbles over {OFF}, flag on over {ON}.",
        ),
        (
            (),
            ("compliant",),
            "Use ?aadOptscim062020: Entra works with the flag on; flag off was not judged in this run.",
        ),
        ((ON,), ("compliant",), f"Entra with the flag on does not work yet: {ON}. The other was not judged."),
        ((), (), "Entra was not judged in this run."),
    ],
)
def test_the_flag_advice_is_one_of_a_few_sentences(
    broken: tuple[str, ...], dialects: tuple[str, ...], advice: str
) -> None:
    """A vendor learns whether the Tenant URL should carry the flag."""
    findings = [finding(name, Verdict.FAILED if name in broken else Verdict.PASSED) for name in (ANY, OFF, ON)]
    assert entra_advice(audiences(results(*findings), dialects)) == advice


def test_long_lists_of_blocking_requirements_are_cut() -> None:
    many = catalogue(*(requirement(f"ENTRA-1.2-{n:02}") for n in range(1, 7)))
    verdicts = audiences(results(*(finding(name, Verdict.FAILED) for name in many), rules=many), ("legacy",))
    assert "ENTRA-1.2-03 and 3 more." in entra_advice(verdicts)


def test_a_dialect_answers_for_itself_alone() -> None:
    """What was found while speaking one dialect does not count against the other."""
    requirement = Requirement("ENTRA-9.9-01", "9.9", Level.ENTRA, "patch", "t.", "c", True, (), "", document="entra")
    findings = (
        Finding(requirement.id, Verdict.FAILED, dialect="legacy"),
        Finding(requirement.id, Verdict.PASSED, dialect="compliant"),
    )
    results = requirement_results(record(*findings), {requirement.id: requirement})
    verdicts = {item.name: item.verdict for item in audiences(results, ("legacy", "compliant"))}
    assert verdicts["entra-off"] is Verdict.FAILED
    assert verdicts["entra-on"] is Verdict.PASSED
