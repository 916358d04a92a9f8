"""The suite's own view of the target: with ``--scim-app``, as that app provisions it."""

from __future__ import annotations

import pytest

from scimcheck.entra.apps import App
from scimcheck.harness.judge import Judge
from scimcheck.harness.provisioned import demand_mapping, provisioned
from scimcheck.harness.target import Target


@pytest.fixture(scope="session")
def scim(scim: Target, scim_app: App | None) -> Target:
    """The service provider under test, in the eyes of the run's app if there is one."""
    return provisioned(scim, scim_app) if scim_app else scim


@pytest.fixture
def judge(request: pytest.FixtureRequest, judge: Judge, scim: Target) -> Judge:
    """The judge, who ends a check here that the app has no use for."""
    marker = request.node.get_closest_marker("scim")
    demand_mapping(scim, judge, marker.args[0].needs if marker else ())
    return judge
