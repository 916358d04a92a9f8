"""Two independent judges of the reference provider: scim2-tester, run by scim2-cli, and the types of scim2-models."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from foreign_runs import explained
from reader_environment import reader_environment
from servers import HOST, TOKEN, free_port, running

# They need Python 3.11; so do their distributions.
models = pytest.importorskip("scim2_models")
pytest.importorskip("scim2_cli")

pytestmark = pytest.mark.xdist_group("interop")

CORE = "urn:ietf:params:scim:schemas:core:2.0"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of ``scimcheck serve``."""
    port = free_port()
    code = "import sys; from scimcheck.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", code, "serve", "--port", str(port), "--token", TOKEN]
    with running(words, tmp_path_factory.mktemp("served"), f"http://{HOST}:{port}/scim") as base:
        yield base


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[httpx.Client]:
    """A client that may do everything there."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as session:
        yield session


def test_the_tester_has_no_unexplained_complaint(url: str, tmp_path: Path) -> None:
    """``scim2 test`` comes to its end; what it calls an error stands in docs/interop.md, and nothing else does."""
    done = subprocess.run(
        [sys.executable, "-c", "from scim2_cli import cli; cli()", "--url", url, "test"],
        cwd=tmp_path,
        env=reader_environment(SCIM_CLI_HEADERS=f"Authorization: Bearer {TOKEN}"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "SUCCESS" in done.stdout, done.stdout + done.stderr
    complaints = set(re.findall(r"^ERROR .*\n  (.+)$", done.stdout, flags=re.MULTILINE))
    assert complaints == explained("scim2-tester"), done.stdout + done.stderr


def test_schemas_are_those_of_the_types(client: httpx.Client) -> None:
    """Each schema that is served can be read as one, and a class can be made of each that describes resources."""
    answer = client.get("/Schemas").json()
    schemas = [models.Schema.model_validate(item) for item in answer["Resources"]]
    assert f"{CORE}:User" in {schema.id for schema in schemas}
    for schema in schemas:
        made = models.Extension if "extension" in schema.id else models.Resource
        assert made.from_schema(schema)


def test_resource_types_and_configuration_can_be_read(client: httpx.Client) -> None:
    """The other two kinds of discovery are read by their types."""
    listed = client.get("/ResourceTypes").json()["Resources"]
    found = {models.ResourceType.model_validate(item).name for item in listed}
    assert {"User", "Group"} <= found
    assert models.ServiceProviderConfig.model_validate(client.get("/ServiceProviderConfig").json()).patch.supported


def test_resources_can_be_read(client: httpx.Client) -> None:
    """A user with the enterprise extension and a group with a member are read as what they are."""
    user = {
        "schemas": [f"{CORE}:User", ENTERPRISE],
        "userName": "interop@example.com",
        "name": {"givenName": "Ida", "familyName": "Berg"},
        "emails": [{"value": "interop@example.com", "type": "work", "primary": True}],
        ENTERPRISE: {"department": "Tests"},
    }
    created = read(models.User[models.EnterpriseUser], client.post("/Users", json=user))
    assert (created.user_name, created.name.family_name) == ("interop@example.com", "Berg")
    assert created[models.EnterpriseUser].department == "Tests"
    members = [{"value": created.id}]
    group = {"schemas": [f"{CORE}:Group"], "displayName": "Interop", "members": members}
    assert read(models.Group, client.post("/Groups", json=group)).members[0].value == created.id
    listed = models.ListResponse[models.User[models.EnterpriseUser]].model_validate(client.get("/Users").json())
    assert created.id in {resource.id for resource in listed.resources}


def read(kind: Any, response: httpx.Response) -> Any:
    """The body as the type reads an answer to a creation."""
    assert response.status_code == 201, response.text
    return kind.model_validate(response.json(), scim_ctx=models.Context.RESOURCE_CREATION_RESPONSE)
