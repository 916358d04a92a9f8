"""Result texts and the verdict over all tests, by the rules of the validation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from scimcheck.entra.gallery.tests import GalleryTest, gallery_tests

#: The reason of tests that groups would be needed for.
NO_GROUPS = (
    "FAILED - [Initialization Phase] Schema_Discovery - /Schemas did not return Group schema "
    "(urn:ietf:params:scim:schemas:core:2.0:Group). Group provisioning is mandatory."
)
SKIPPED = "SKIPPED"
NO_MANAGER_MAPPED = "SKIPPED - IsManagerAttributeSupported is false"
NO_MANAGER_TARGET = "SKIPPED - manager attribute not in target directory"

#: Numbers of the tests of which none may fail, of the two that authenticate, and of the one that counts with a manager.
BINDING = (1, 2, 3, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 18, 19, 20, 23)
AUTHENTICATION = (21, 22)
MANAGER = 25


class Outcome(str, Enum):
    """What became of a test."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True)
class GalleryResult:
    """One test's outcome with its text in Microsoft's words; ``remark`` is our own, for people."""

    test: GalleryTest
    outcome: Outcome
    text: str
    remark: str = ""

    @property
    def warning(self) -> bool:
        """Whether it failed without counting."""
        return self.test.optional and self.outcome is Outcome.FAILED

    @property
    def shown(self) -> str:
        """The text as the final result has it: a failed optional test is a warning."""
        return self.text.replace("FAILED", "WARNING") if self.warning else self.text


@dataclass(frozen=True, slots=True)
class GalleryVerdict:
    """What the results amount to.

    ``validation`` is Microsoft's verdict by its own rules; ``endpoint`` the same without the rule on authentication
    when both of its tests were skipped. ``reasons`` say what stands against ``validation``. A run that did not judge
    every test has ``complete`` false.
    """

    validation: bool
    endpoint: bool
    authentication: bool
    warnings: bool
    complete: bool
    reasons: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """``Succeeded`` or ``Failed``."""
        return verdict_word(self.validation)


def verdict_word(passed: bool) -> str:
    """A verdict as the validation words it."""
    return "Succeeded" if passed else "Failed"


def success(test: GalleryTest, note: str = "") -> str:
    """The text of a passed test."""
    note = note or test.success_note
    return f"success ({note})" if note else "success"


def failed_action(phase: str, action: str) -> str:
    """The text when a request of an engine test failed."""
    return f"FAILED - [{phase} Phase] Failed Action: {action}"


def failed_phase(phase: str, provisioning: str, scim: str) -> str:
    """The text when an engine test ran to its end and did not find what it should."""
    return f"FAILED - [{phase} Phase] Provisioning: {provisioning} | SCIM: {scim}"


def failed_direct(action: str, reason: str) -> str:
    """The text when a direct test failed."""
    return f"FAILED - Action: {action} - {reason}"


def judge_gallery(results: Iterable[GalleryResult]) -> GalleryVerdict:
    """The verdict over the results; tests without one were not run."""
    by_number = {result.test.number: result for result in results}
    against = [
        f"{result.test.name} failed"
        for number in (*BINDING, MANAGER)
        if (result := by_number.get(number)) and result.outcome is Outcome.FAILED
    ]
    authenticated = any(_passed(by_number, number) for number in AUTHENTICATION)
    unproven = [] if authenticated else ["neither Validate_Credentials_Test nor Federated_Identity_Test passed"]
    lacking = [test.name for test in gallery_tests() if test.number not in by_number]
    unrun = [f"{len(lacking)} of {len(gallery_tests())} tests did not run"] if lacking else []
    without = all(number in by_number and by_number[number].outcome is Outcome.SKIPPED for number in AUTHENTICATION)
    endpoint = not against and not unrun and (authenticated or without)
    return GalleryVerdict(
        validation=not against and not unproven and not unrun,
        endpoint=endpoint,
        authentication=authenticated,
        warnings=any(result.warning for result in by_number.values()),
        complete=not lacking,
        reasons=(*against, *unproven, *unrun),
    )


def _passed(results: Mapping[int, GalleryResult], number: int) -> bool:
    return number in results and results[number].outcome is Outcome.PASSED
