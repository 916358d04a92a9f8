"""The verdict rules and the result document of the validation."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from scimcheck.entra.gallery.document import result_document
from scimcheck.entra.gallery.results import (
    AUTHENTICATION,
    BINDING,
    MANAGER,
    GalleryResult,
    GalleryVerdict,
    Outcome,
    failed_action,
    failed_direct,
    failed_phase,
    judge_gallery,
    success,
)
from scimcheck.entra.gallery.tests import by_requirement, gallery_tests, in_result_order, numbered
from scimcheck.requirements.catalogue import load
from scimcheck.requirements.model import Level

SKIPPED, FAILED, PASSED = Outcome.SKIPPED, Outcome.FAILED, Outcome.PASSED


def _results(changes: Mapping[int, Outcome]) -> list[GalleryResult]:
    return [
        GalleryResult(test, outcome, "success" if outcome is PASSED else outcome.value)
        for test in gallery_tests()
        for outcome in [changes.get(test.number, PASSED)]
    ]


def _verdict(changes: Mapping[int, Outcome]) -> GalleryVerdict:
    return judge_gallery(_results(changes))


def test_all_passed_is_succeeded() -> None:
    verdict = _verdict({})
    assert (verdict.word, verdict.endpoint, verdict.complete, verdict.reasons) == ("Succeeded", True, True, ())


@pytest.mark.parametrize("number", [*BINDING, MANAGER])
def test_one_binding_failure_fails_the_validation(number: int) -> None:
    verdict = _verdict({number: FAILED})
    assert not verdict.validation
    assert not verdict.endpoint
    assert verdict.reasons == (f"{numbered(number).name} failed",)


@pytest.mark.parametrize("number", [4, 10, 14, 24])
def test_an_optional_failure_is_a_warning(number: int) -> None:
    verdict = _verdict({number: FAILED})
    assert verdict.validation
    assert verdict.warnings


@pytest.mark.parametrize("number", [5, 25])
def test_a_skipped_manager_counts_as_passed(number: int) -> None:
    assert _verdict({number: SKIPPED}).validation


@pytest.mark.parametrize(
    ("first", "second", "validation"),
    [
        (PASSED, FAILED, True),
        (SKIPPED, PASSED, True),
        (SKIPPED, SKIPPED, False),
        (FAILED, SKIPPED, False),
        (FAILED, FAILED, False),
    ],
)
def test_one_way_of_authentication_has_to_pass(first: Outcome, second: Outcome, validation: bool) -> None:
    """Skipped is not enough; the endpoint's own verdict minds it only where credentials were given."""
    changes = dict(zip(AUTHENTICATION, (first, second), strict=True))
    assert _verdict(changes).validation is validation
    assert _verdict(changes).authentication is validation
    assert _verdict(changes).endpoint is (validation or (first, second) == (SKIPPED, SKIPPED))


def test_tests_that_did_not_run_prove_nothing() -> None:
    results = [result for result in _results({}) if result.test.number != 23]
    verdict = judge_gallery(results)
    assert not verdict.complete
    assert not verdict.validation
    assert verdict.reasons == ("1 of 25 tests did not run",)


def test_texts_are_those_of_the_validation() -> None:
    assert failed_action("Create", "Get") == "FAILED - [Create Phase] Failed Action: Get"
    assert failed_phase("Update", "a", "b") == "FAILED - [Update Phase] Provisioning: a | SCIM: b"
    assert failed_direct("Get", "why") == "FAILED - Action: Get - why"
    assert success(numbered(6)) == "success (SoftDeleteRestore)"
    assert success(numbered(14)) == "success (UnassignReassign)"
    assert success(numbered(18), "no updatable attributes") == "success (no updatable attributes)"


def test_a_failed_optional_test_reads_as_a_warning() -> None:
    failed = GalleryResult(numbered(4), FAILED, failed_phase("Delete", "Delete failure", "FAILED"))
    assert failed.shown == "WARNING - [Delete Phase] Provisioning: Delete failure | SCIM: WARNING"
    assert GalleryResult(numbered(1), FAILED, "FAILED - x").shown == "FAILED - x"


def test_the_tests_are_microsofts() -> None:
    """25, numbered in order, each with a requirement whose level says whether it counts."""
    assert [test.number for test in gallery_tests()] == list(range(1, 26))
    assert sorted(test.name for test in in_result_order()) == sorted(test.name for test in gallery_tests())
    for requirement, test in by_requirement().items():
        assert load()[requirement].area == "gallery"
        assert (load()[requirement].level is Level.SHOULD) is test.optional
        assert load()[requirement].text.startswith(test.name)
    assert [test.number for test in gallery_tests() if test.through_engine] == list(range(1, 15))


def test_the_document_has_the_outer_shape_and_says_what_it_is_not() -> None:
    """25 entries of seven fields in the official order; texts are counted as the official script counts them."""
    results = _results({4: FAILED, 21: SKIPPED, 22: SKIPPED, 1: FAILED})
    verdict = judge_gallery(results)
    document = result_document(results, verdict, {"seed": 1})
    assert document["localPreCheck"] is True
    assert "cannot be submitted" in document["notice"]
    assert document["validationResult"] == "FAILED"
    assert document["overallResultFromTests"] == "Failed"
    assert document["authenticationModelResult"] == "FAILED"
    assert document["optionalTestsResult"] == "WARNING"
    assert document["testSummary"] == {"total": 25, "success": 21, "skipped": 2, "failed": 2}
    assert [entry["testName"] for entry in document["testResults"]] == [test.name for test in in_result_order()]
    fields = {"testName", "testCategory", "testResult", "provisioningErrorDetails", "recommendationUrl", "runLink"}
    assert all(set(entry) == fields | {"message"} for entry in document["testResults"])
    by_name = {entry["testName"]: entry for entry in document["testResults"]}
    assert by_name["Create_User_Test"]["recommendationUrl"].startswith("https://")
    assert by_name["Create_User_Test"]["message"] == numbered(1).advice
    assert by_name["Delete_User_Test"]["testResult"] == "WARNING"
    assert by_name["Validate_Credentials_Test"]["message"] == ""
    assert document["notProven"]
