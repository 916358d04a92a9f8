"""A run against a profile reports what the profile expects, all of it and nothing else.

By default a profile meets the quick checks and those that judge what it expects; with ``SCIMCHECK_PROOF=full``
(``make prove``) it meets them all.
"""

from __future__ import annotations

import os

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.provider import Profile, profiles
from tests.meta import bench
from tests.meta.certify import certify

FULL = os.environ.get("SCIMCHECK_PROOF") == "full"

#: What the documentation of each service provider has to lead to; advisories of Entra's needs and SHOULDs included.
FINDINGS = {
    "compliance-ai": {
        "dateTime format",
        "location outside the base and not equal to the request URL",
        "id as a number",
        "roles not complex multi-valued",
        "PATCH body not the resource",
        "201 body not the resource",
        "HTML error body on 401 with a code that contradicts itself",
        "no DELETE",
        "Entra without the flag cannot update",
        "gallery: no Group schema",
    },
    "interact": {"nothing beyond the documented requirements"},
    "keepnet": set(),
    "metacompliance": {"unsupported attributes refused or dropped"},
}
#: Profiles of service providers that are conformant as documented.
CONFORMANT = ("interact", "keepnet")


def expected(profile: Profile) -> set[str]:
    """The requirements that a run has to find broken."""
    return {requirement for item in profile.expected for requirement in item.requirements}


def test_each_finding_has_its_requirements() -> None:
    assert {name: {item.finding for item in profile.expected} for name, profile in profiles().items()} == FINDINGS


@pytest.mark.parametrize("profile", profiles().values(), ids=lambda profile: profile.name)
def test_a_run_finds_what_the_profile_expects(profile: Profile) -> None:
    """Red is what is expected; nothing ends in error, and what is blocked is so by something expected."""
    wanted = expected(profile)
    runs = [bench.run([profile.name])] if FULL else [
        bench.run([profile.name], depth="quick"),
        bench.run([profile.name], wanted),
    ]  # fmt: skip
    for found in runs:
        told = found.explain(Verdict.FAILED, Verdict.ADVISORY, Verdict.ERROR)
        assert found.red <= wanted, told
        assert not found.having(Verdict.ERROR), told
        causes = {finding.blocked_by for finding in found.findings if finding.verdict is Verdict.BLOCKED}
        assert causes <= wanted, told
        if profile.name in CONFORMANT:
            assert not found.having(Verdict.FAILED, Verdict.BLOCKED), told
    assert wanted <= runs[-1].red, sorted(wanted - runs[-1].red)


def test_pytest_reports_the_same() -> None:
    """What stands in for pytest above and pytest itself agree on the profile that has most to find."""
    name = "compliance-ai"
    stand_in, run = bench.run([name], depth="quick"), certify(name, depth="quick")
    for verdict in Verdict:
        assert stand_in.having(verdict) == run.by_verdict[verdict], verdict
    assert f"profile: {name}" in run.output
