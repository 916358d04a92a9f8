"""What the customers of an app send is accepted by the plain provider, and what breaks it is found."""

from __future__ import annotations

import pytest

from scimcheck.checks.findings import Verdict
from scimcheck.resources import bundled
from tests.meta.certify import certify

FILE = bundled("suites") / "entra" / "test_app.py"


@pytest.mark.parametrize("name", ["compliance-ai", "interact"])
def test_an_app_is_provisioned(name: str) -> None:
    """The one that maps least and the one that maps most, in the dialect of their customers."""
    found = certify(app=name, files=[FILE])
    assert not found.failed | found.by_verdict[Verdict.ERROR] | found.by_verdict[Verdict.BLOCKED], found.output
    assert found.record.info.dialects == (("compliant",) if name == "compliance-ai" else ("legacy",))


def test_what_breaks_an_app_is_found() -> None:
    """A value that is changed on its way, a search that finds nobody, and a removal without effect."""
    names = ("title-escaped-for-html", "users-not-searched-by-external-id", "entra-member-array-removal-ignored")
    found = certify(*names, app="interact", files=[FILE])
    assert found.red == {"ENTRA-2.2-04", "ENTRA-4.3-02", "ENTRA-2.2-08"}, found.output
