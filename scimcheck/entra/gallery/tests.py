"""The 25 tests by Microsoft's names: what each one needs, and how a failure counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from scimcheck.entra.data import table


@dataclass(frozen=True, slots=True)
class GalleryTest:
    """One test of the validation.

    ``number`` is Microsoft's; ``requirement`` the catalogue's id; ``family`` one of users, groups, scim. A failure of
    an ``optional`` one is a warning. ``gate`` says what has to be there for it to run (empty: it always runs),
    ``passes`` what has to hold, ``advice`` what to change, ``success_note`` what stands in brackets after *success*.
    """

    number: int
    name: str
    requirement: str
    family: str
    optional: bool
    gate: str
    summary: str
    passes: tuple[str, ...]
    advice: str
    success_note: str = ""

    @property
    def category(self) -> str:
        """``mandatory`` or ``optional``."""
        return "optional" if self.optional else "mandatory"

    @property
    def through_engine(self) -> bool:
        """Whether Microsoft lets the provisioning service send the requests (tests 1 to 14)."""
        return self.family != "scim"


@cache
def gallery_tests() -> tuple[GalleryTest, ...]:
    """All 25 in Microsoft's numbering."""
    return tuple(GalleryTest(**{**row, "passes": tuple(row["passes"])}) for row in table("gallery")["tests"])


@cache
def by_requirement() -> dict[str, GalleryTest]:
    """The tests by the requirement that each one judges."""
    return {test.requirement: test for test in gallery_tests()}


def numbered(number: int) -> GalleryTest:
    """The test of that number, 1 to 25; LookupError for another one."""
    for test in gallery_tests():
        if test.number == number:
            return test
    raise LookupError(f"there is no gallery test {number}")


def in_result_order() -> tuple[GalleryTest, ...]:
    """The tests in the order in which Microsoft's result lists them."""
    by_name = {test.name: test for test in gallery_tests()}
    return tuple(by_name[name] for name in table("gallery")["result_order"])
