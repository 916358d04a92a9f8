"""Discovery: what targets really serve, and what stands in for the rest."""

from __future__ import annotations

from typing import Any

import pytest
from client_sessions import BASE, Script, answer, session_on

from scimcheck.client.discovery import Discovery, discover
from scimcheck.core import urns
from scimcheck.core.http import Request, Response
from scimcheck.core.schema import Attribute, ResourceModel, ResourceType, Schema, SchemaExtension

STANDARD = (
    ResourceModel(ResourceType("User", "/Users", urns.USER), Schema(urns.USER, attributes=(Attribute("userName"),))),
    ResourceModel(ResourceType("Group", "/Groups", urns.GROUP), Schema(urns.GROUP)),
)
CONFIG = {"schemas": [urns.SERVICE_PROVIDER_CONFIG], "patch": {"supported": True}, "bulk": {"supported": "true"}}
USER_TYPE = {"name": "User", "endpoint": "/Users", "schema": urns.USER}
GROUP_TYPE = {"name": "Group", "endpoint": "Groups", "schema": urns.GROUP}
USER_SCHEMA = {"id": urns.USER, "attributes": [{"name": "userName"}, {"name": "own"}]}
GROUP_SCHEMA = {"id": urns.GROUP, "attributes": []}
OK = answer(200, {"totalResults": 0})


def listed(*items: Any, total: int | None = None) -> Response:
    return answer(200, {"totalResults": len(items) if total is None else total, "Resources": list(items)})


def found(provider: Script) -> Discovery:
    with session_on(provider) as session:
        discovery = discover(session, STANDARD)
    assert all(e.purpose == "discovery" for e in session.journal)
    assert list(discovery.exchanges) == list(session.journal)
    return discovery


def complete(types: Any = None, schemas: Any = None, config: Any = None) -> Script:
    """A target with all three endpoints, some of them as given."""
    script = Script().on("GET /ServiceProviderConfig", config or answer(200, CONFIG))
    script.on("GET /ResourceTypes", types or listed(USER_TYPE, GROUP_TYPE))
    return script.on("GET /Schemas", schemas or listed(USER_SCHEMA, GROUP_SCHEMA))


def test_a_target_that_defines_everything() -> None:
    """Its own definitions count, nothing is noted."""
    discovery = found(complete())
    assert discovery.problems == ()
    assert [(m.name, m.endpoint) for m in discovery.models] == [("User", "/Users"), ("Group", "/Groups")]
    user = discovery.model("user")
    assert user is not None
    assert user.find(None, "own") is not None
    assert discovery.supports("patch")
    assert not discovery.supports("bulk")
    assert not discovery.supports("etag")


@pytest.mark.parametrize(
    "shape",
    [
        lambda *items: listed(*items),
        lambda *items: answer(200, list(items)),
        lambda *items: answer(200, {"Resources": list(items)}),
    ],
    ids=["list", "array", "list without total"],
)
def test_shapes_of_collections(shape: Any) -> None:
    """ListResponses, and bare arrays."""
    discovery = found(complete(shape(USER_TYPE, GROUP_TYPE), shape(USER_SCHEMA, GROUP_SCHEMA)))
    assert len(discovery.models) == len(discovery.schemas) == 2
    assert discovery.problems == ()


def test_a_single_object_is_a_collection_of_one() -> None:
    """A target with one schema may serve it bare."""
    discovery = found(complete(answer(200, USER_TYPE), answer(200, USER_SCHEMA)))
    assert [model.name for model in discovery.models] == ["User"]
    assert discovery.problems == ()


def test_pages_are_followed() -> None:
    """Targets that page their definitions."""
    pages = {"": listed(USER_SCHEMA, total=2), "startIndex=2": listed(GROUP_SCHEMA, total=2)}

    def page(request: Request) -> Response:
        return pages[request.query]

    discovery = found(complete(schemas=page))
    assert len(discovery.schemas) == 2
    assert discovery.problems == ()


def test_pages_that_promise_too_much_end() -> None:
    """The same page again is no reason to go on for ever."""
    discovery = found(complete(schemas=listed(USER_SCHEMA, GROUP_SCHEMA, total=99)))
    assert len(discovery.schemas) == 2
    assert [endpoint for endpoint, _ in discovery.problems] == ["/Schemas"]


def test_a_target_without_discovery() -> None:
    """The standard's definitions stand in, as far as the endpoints exist."""
    discovery = found(Script().on("GET /Users", OK))
    assert discovery.service_provider_config is None
    assert [model.name for model in discovery.models] == ["User"]
    assert discovery.models[0].core == STANDARD[0].core
    assert {endpoint for endpoint, _ in discovery.problems} == {"/ServiceProviderConfig", "/ResourceTypes", "/Schemas"}


def test_without_any_endpoint_the_standard_is_assumed() -> None:
    """The checks will say what is missing."""
    assert [model.name for model in found(Script()).models] == ["User", "Group"]


def test_a_schema_that_is_not_listed_is_asked_for() -> None:
    """Some targets list only their extensions."""
    provider = complete(schemas=listed(GROUP_SCHEMA)).on(f"GET /Schemas/{urns.USER}", answer(200, USER_SCHEMA))
    user = found(provider).model("User")
    assert user is not None
    assert user.find(None, "own") is not None


def test_schemas_nobody_knows_count_as_empty() -> None:
    """A resource type may name what it does not define."""
    device = {"name": "Device", "endpoint": "/Devices", "schema": "urn:x:Device", "schemaExtensions": [{"schema": "u"}]}
    discovery = found(complete(types=listed(device)))
    assert discovery.models[0].schema_uris == ("urn:x:Device", "u")
    assert discovery.models[0].resource_type.extensions == (SchemaExtension("u"),)
    assert any("urn:x:Device" in reason and "not known" in reason for _, reason in discovery.problems)


def test_endpoints_counted_from_the_origin() -> None:
    """Of a path that includes the base's, the reading counts that something answers at."""
    whole = {**USER_TYPE, "endpoint": "/scim/v2/Users"}
    discovery = found(complete(types=listed(whole)).on("GET /Users", OK))
    assert [kind.endpoint for kind in discovery.resource_types] == ["/Users"]
    assert any("counted from the origin" in reason for _, reason in discovery.problems)
    nested = found(complete(types=listed(whole)).on("GET /scim/v2/Users", OK).on("GET /Users", OK))
    assert [kind.endpoint for kind in nested.resource_types] == ["/scim/v2/Users"]


def test_endpoints_as_absolute_urls() -> None:
    """Those below the base are understood and noted; others are left out, as no request goes elsewhere."""
    inside = {**USER_TYPE, "endpoint": f"{BASE}/Users/"}
    outside = {**GROUP_TYPE, "endpoint": "https://elsewhere.example/Groups"}
    discovery = found(complete(types=listed(inside, outside, {"name": "None", "schema": "x"})))
    assert [(kind.name, kind.endpoint) for kind in discovery.resource_types] == [("User", "/Users")]
    assert len([reason for endpoint, reason in discovery.problems if endpoint == "/ResourceTypes"]) == 3


@pytest.mark.parametrize(
    "bad", [answer(500), answer(200, "<html>"), answer(200, "[1, null]"), answer(200, {"Resources": "x"}), answer(204)]
)
def test_unusable_answers_never_end_discovery(bad: Response) -> None:
    """Whatever comes, there are models to work with and a reason why."""
    discovery = found(complete(bad, bad, bad))
    assert [model.name for model in discovery.models] == ["User", "Group"]
    assert {endpoint for endpoint, _ in discovery.problems} >= {"/ResourceTypes", "/Schemas"}


def test_no_answer_is_noted() -> None:
    """A time-out on /Schemas does not end the run."""

    def hang(request: Request) -> Response:
        raise TimeoutError("t")

    discovery = found(complete(schemas=hang))
    assert len(discovery.models) == 2
    assert any(endpoint == "/Schemas" and "no complete answer" in reason for endpoint, reason in discovery.problems)


def test_a_configuration_inside_a_list() -> None:
    """Seen in the field; noted and used."""
    discovery = found(complete(config=listed({**CONFIG, "id": "1"})))
    assert discovery.supports("patch")
    assert discovery.problems == (("/ServiceProviderConfig", "is not a single object"),)


def test_an_endpoint_that_gives_no_answer_counts_as_absent() -> None:
    """When the standard's resource types are tried one by one."""

    def hang(request: Request) -> Response:
        raise TimeoutError("t")

    assert [m.name for m in found(Script().on("GET /Users", OK).on("GET /Groups", hang)).models] == ["User"]
