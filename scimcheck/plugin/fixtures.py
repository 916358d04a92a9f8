"""The fixtures suites are written with. A caller's root conftest may override each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scimcheck.core.schema import ResourceModel
from scimcheck.entra.apps import DEFAULT, App, load_app
from scimcheck.entra.dialect import Dialect
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target
from scimcheck.plugin.session import JUDGE, ScimSession


@pytest.fixture(scope="session")
def scim_session(pytestconfig: pytest.Config) -> ScimSession:
    """The run."""
    session: ScimSession = pytestconfig.pluginmanager.getplugin("scimcheck-session")
    return session


@pytest.fixture(scope="session")
def scim(scim_session: ScimSession) -> Target:
    """The service provider under test."""
    return scim_session.target


@pytest.fixture(scope="session")
def scim_app(scim_session: ScimSession) -> App | None:
    """The Entra app whose mappings the run follows; ``None`` when it replays whatever Entra may send."""
    name = scim_session.run.app
    return load_app(name) if name not in ("", DEFAULT) else None


@pytest.fixture
def judge(request: pytest.FixtureRequest, scim: Target) -> Iterator[Judge]:
    """The judge of this check; stamps the exchanges with the check's name."""
    judge = request.node.stash[JUDGE]
    with scim.session.check(judge.check):
        yield judge
    scim.spares.end(judge.check, well=judge.content)


@pytest.fixture
def model(request: pytest.FixtureRequest, scim: Target) -> ResourceModel:
    """A resource type of the target; a check that asks for it runs once for each."""
    found = scim.model(request.param)
    assert found is not None
    return found


@pytest.fixture
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """An Entra dialect; a check that asks for it runs once for each that the run replays."""
    return Dialect(request.param)


@pytest.fixture
def resource(scim: Target, model: ResourceModel) -> Resource:
    """A fresh resource of the type, for this check alone."""
    return scim.create(model)


@pytest.fixture
def user(scim: Target) -> Resource:
    """A fresh user, for this check alone."""
    found = scim.user
    if found is None:
        pytest.fail("a check that uses 'user' has to need User")
    return scim.create(found)


@pytest.fixture
def group(scim: Target) -> Resource:
    """A fresh group, for this check alone."""
    found = scim.group
    if found is None:
        pytest.fail("a check that uses 'group' has to need Group")
    return scim.create(found)
