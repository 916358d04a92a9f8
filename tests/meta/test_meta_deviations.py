"""Every deviation turns exactly its requirements red: no check is blind, none is jumpy.

By default it meets the checks that judge its requirements; with ``SCIMCHECK_PROOF=full`` (``make prove``) it also meets
all others of whose exchanges it changes one.
"""

from __future__ import annotations

import os

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.harness.inventory import checks
from scimcheck.provider import deviations
from scimcheck.provider.faults import Deviation
from scimcheck.requirements.catalogue import load
from tests.meta import bench
from tests.meta.affected import affected_files, judged_by_rules
from tests.meta.certify import certify
from tests.meta.gallery_proof import proved
from tests.meta.replayed import reached

FULL = os.environ.get("SCIMCHECK_PROOF") == "full"


@pytest.mark.parametrize("deviation", deviations().values(), ids=lambda deviation: deviation.name)
def test_a_deviation_turns_exactly_its_requirements_red(deviation: Deviation) -> None:
    """What it breaks is red, what it may take along may be red, everything else is not.

    The bench knows the resource types of the plain provider only, so a real run has the last word.
    """
    named = {*deviation.breaks, *deviation.also}
    besides = reached(deviation.name) if FULL else ()
    quick = bench.run([deviation.name], None if besides is None else named, besides=besides or ())
    if set(deviation.breaks) <= quick.red <= named and not quick.having(Verdict.ERROR):
        return
    found = certify(deviation.name, files=() if FULL else affected_files(named))
    told = found.explain(Verdict.FAILED, Verdict.ADVISORY, Verdict.ERROR)
    assert set(deviation.breaks) <= found.red, f"not noticed; what was found:\n{told}"
    assert found.red <= named, f"more is red than {deviation.breaks}:\n{told}"
    assert not found.by_verdict[Verdict.ERROR], told


def test_deviations_name_requirements_that_exist() -> None:
    """Every id they name is in the catalogue, and each says in words what it does."""
    known = set(load())
    for deviation in deviations().values():
        assert deviation.breaks, deviation.name
        assert {*deviation.breaks, *deviation.also} <= known, deviation.name
        assert deviation.text.endswith("."), deviation.name


def test_every_judged_requirement_can_turn_red() -> None:
    """A check or rule that no deviation turns red is a defect of ours, unless the reason is written down."""
    judged = {requirement for item in checks() for requirement in item.info.requirements} | judged_by_rules()
    broken = {name for deviation in deviations().values() for name in (*deviation.breaks, *deviation.also)} | proved()
    assert judged - broken <= set(UNPROVEN), sorted(judged - broken - set(UNPROVEN))
    assert not set(UNPROVEN) & broken, "these have a deviation by now"


#: Judged requirements without a deviation, and why there can be none in process.
UNPROVEN: dict[str, str] = {
    "ENTRA-1.6-01": "the scheme of the base URL is the run's, not the provider's",
    "ENTRA-1.6-02": "a matter of TLS; tests/client looks at servers of both kinds",
    "ENTRA-1.6-03": "a matter of TLS; tests/client looks at a server with such suites",
    "ENTRA-1.6-04": "a matter of certificates; tests/client looks at a self-signed one",
    "ENTRA-1.6-05": "a matter of certificates; tests/client measures keys that are too short",
    "ENTRA-2.3-05": "a matter of time, which no test may wait for; tests/entra judges answers with made-up times",
    "RFC6750-2.1-01": "a provider that does not take the run's token is refused before the run begins",
    "RFC6750-3-04": "a bare challenge is a tolerated reading, an advisory that the variant bare-bearer-challenge shows",
    "RFC7644-3.12-25": "version segments lie outside the base path, which the in-process transport answers itself",
    "RFC7644-3.13-02": "version segments lie outside the base path, which the in-process transport answers itself",
    "RFC7644-3.13-03": "version segments lie outside the base path, which the in-process transport answers itself",
    "RFC9110-9.3.2-01": "HTTP client and in-process transport both drop content after HEAD before anybody sees it",
    "RFC7644-7.2-02": "a matter of TLS; tests/client looks at a server without TLS 1.2",
}
