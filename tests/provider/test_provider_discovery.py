import pytest
from jsonschema import Draft202012Validator
from provider_client import Client

from scimcheck.core import urns
from scimcheck.core.jsonschema import json_schema
from scimcheck.core.schema import ResourceModel, ResourceType, Schema, resource_models
from scimcheck.provider.definitions import standard_definitions


def _model(urn: str) -> ResourceModel:
    schema = next(Schema.from_json(item) for item in standard_definitions().schemas if item["id"] == urn)
    return ResourceModel(ResourceType(schema.name, "/x", urn), schema)


def test_configuration_follows_its_schema_and_the_settings() -> None:
    body = Client(sort_supported=False, bulk_max_operations=7).get("/ServiceProviderConfig").body
    schema = json_schema(_model(urns.SERVICE_PROVIDER_CONFIG))
    schema["required"] = [name for name in schema.get("required", []) if name != "id"]
    Draft202012Validator(schema).validate(body)
    assert body["sort"] == {"supported": False}
    assert body["bulk"]["maxOperations"] == 7
    assert body["meta"]["resourceType"] == "ServiceProviderConfig"


@pytest.mark.parametrize("endpoint", ["/ResourceTypes", "/Schemas"])
def test_lists_hold_entries_that_can_be_read_alone(endpoint: str) -> None:
    client = Client()
    body = client.get(endpoint).body
    assert body["schemas"] == [urns.LIST_RESPONSE]
    assert body["totalResults"] == len(body["Resources"]) >= 2
    for entry in body["Resources"]:
        assert client.get(f"{endpoint}/{entry['id']}").body == entry
        assert entry["meta"]["location"].endswith(f"{endpoint}/{entry['id']}")
    assert client.get(f"{endpoint}/urn:nope").status == 404


def test_resource_types_and_schemas_fit_together() -> None:
    """RFC 7643 §6: every schema named by a resource type is listed."""
    client = Client()
    schemas = {entry["id"] for entry in client.get("/Schemas").body["Resources"]}
    for kind in client.get("/ResourceTypes").body["Resources"]:
        assert kind["schema"] in schemas
        assert all(extension["schema"] in schemas for extension in kind.get("schemaExtensions", []))
        assert client.get(kind["endpoint"]).status == 200


def test_served_definitions_are_the_enforced_ones() -> None:
    client = Client()
    kinds = [ResourceType.from_json(entry) for entry in client.get("/ResourceTypes").body["Resources"]]
    schemas = [Schema.from_json(entry) for entry in client.get("/Schemas").body["Resources"]]
    served = resource_models(kinds, schemas)
    assert [model.core for model in served] == [shape.model.core for shape in client.provider.shapes]


def test_schema_urns_ignore_case() -> None:
    assert Client().get("/Schemas/" + urns.USER.upper()).body["id"] == urns.USER


@pytest.mark.parametrize("endpoint", ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"])
def test_filters_are_refused_and_other_parameters_ignored(endpoint: str) -> None:
    """RFC 7644 §4."""
    client = Client()
    assert client.find(endpoint, 'id eq "x"').status == 403
    assert Client("discovery-ignores-filters").find(endpoint, 'id eq "x"').status == 200
    assert client.get(endpoint, "startIndex=2&count=0&sortBy=id").body == client.get(endpoint).body


def test_configuration_has_no_entries() -> None:
    assert Client().get("/ServiceProviderConfig/1").status == 404


def test_uniqueness_by_policy_is_published() -> None:
    """RFC 7643 §2.2: what is enforced is told."""

    def published(client: Client) -> str:
        attributes = client.get("/Schemas/" + urns.GROUP).body["attributes"]
        return next(str(item["uniqueness"]) for item in attributes if item["name"] == "displayName")

    assert published(Client()) == "server"
    assert published(Client(also_unique={})) == "none"
