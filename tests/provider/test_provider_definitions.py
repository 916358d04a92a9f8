"""Further schemas and resource types from JSON files: enforced from their definition alone."""

import copy
import json
from pathlib import Path

import pytest
from provider_client import Client

from scimcheck.core import urns
from scimcheck.core.characteristics import DataType, Mutability, Returned, Uniqueness
from scimcheck.core.errors import UsageError
from scimcheck.core.json import JSONObject
from scimcheck.provider import load_definitions
from scimcheck.provider.definitions import standard_definitions

DEVICE = "urn:example:scim:schemas:Device"
LABEL = "urn:example:scim:schemas:extension:Label"


def _attribute(name: str, kind: str = "string", **more: object) -> JSONObject:
    return {"name": name, "type": kind, "multiValued": False, "required": False, **more}


SCHEMA: JSONObject = {
    "schemas": [urns.SCHEMA],
    "id": DEVICE,
    "name": "Device",
    "attributes": [
        _attribute("serial", required=True, caseExact=True, mutability="immutable", uniqueness="server"),
        _attribute("secret", mutability="writeOnly", returned="never"),
        _attribute("notes", returned="request"),
        _attribute("kind", returned="always"),
        _attribute("state", mutability="readOnly"),
        _attribute("weight", "decimal"),
        _attribute("slots", "integer"),
        _attribute("bought", "dateTime"),
        _attribute("key", "binary", caseExact=True),
        _attribute("home", "reference", referenceTypes=["external"]),
        _attribute("tags", multiValued=True),
        _attribute(
            "owner",
            "complex",
            subAttributes=[
                _attribute("value", caseExact=True),
                _attribute("$ref", "reference", referenceTypes=["User"]),
                _attribute("display", mutability="readOnly"),
            ],
        ),
    ],
}
EXTENSION: JSONObject = {
    "schemas": [urns.SCHEMA],
    "id": LABEL,
    "name": "Label",
    "attributes": [_attribute("text", required=True), _attribute("number", uniqueness="global")],
}
KIND: JSONObject = {
    "schemas": [urns.RESOURCE_TYPE],
    "name": "Device",
    "endpoint": "/Devices",
    "schema": DEVICE,
    "schemaExtensions": [{"schema": LABEL, "required": True}],
}


def _written(folder: Path, *definitions: object) -> str:
    for number, definition in enumerate(definitions):
        (folder / f"{number}.json").write_text(json.dumps(definition), encoding="utf-8")
    return str(folder)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(definition_files=(_written(tmp_path, SCHEMA, [EXTENSION, KIND]),))


def _device(serial: str = "A1", **more: object) -> JSONObject:
    label = {"text": "x", **(more.pop("label", {}))}  # type: ignore[dict-item]
    return {"schemas": [DEVICE, LABEL], "serial": serial, LABEL: label, **more}


def test_device_lives(client: Client) -> None:
    body = _device(kind="phone", weight=1.5, slots=2, bought="2026-01-01T00:00:00Z", key="aGk=", tags=["a", "b"])
    created = client.post("/Devices", body)
    assert created.status == 201
    assert created.body["meta"]["resourceType"] == "Device"
    for expression in ("weight gt 1", "slots eq 2", 'bought lt "2026-01-01T02:00:00+01:00"', 'tags eq "B"'):
        assert client.find("/Devices", expression).body["totalResults"] == 1, expression
    assert client.find("/Devices", 'key gt "a"').scim_type == "invalidFilter"
    assert client.find("/", 'serial eq "A1"').body["totalResults"] == 1


def test_characteristics_are_enforced(client: Client) -> None:
    created = client.post("/Devices", _device(secret="s", notes="n", kind="phone", state="new")).body
    path = "/Devices/" + created["id"]
    assert created["notes"] == "n"
    assert not {"secret", "state"} & set(created)
    assert "notes" not in client.get(path).body
    assert set(client.get(path, "attributes=notes").body) == {"schemas", "id", "kind", "notes"}
    assert client.put(path, _device("B2")).scim_type == "mutability"
    assert client.put(path, {**_device(), "serial": None}).status == 400
    assert client.patch(path, {"op": "replace", "path": "serial", "value": "B2"}).scim_type == "mutability"
    assert client.put(path, _device()).body["serial"] == "A1"


def test_uniqueness_and_case_follow_the_definition(client: Client) -> None:
    assert client.post("/Devices", _device("a1", label={"number": "N"})).status == 201
    assert client.post("/Devices", _device("A1")).status == 201
    assert client.post("/Devices", _device("a1")).status == 409
    assert client.post("/Devices", _device("c1", label={"number": "n"})).status == 409


def test_numbers_can_be_unique(tmp_path: Path) -> None:
    """However a number is written, it is one value; who holds it keeps it, and it is free again afterwards."""
    numbered = [
        _attribute("number", "decimal", uniqueness="server"),
        _attribute("badge", "integer", uniqueness="global"),
    ]
    schema = {**SCHEMA, "attributes": [*SCHEMA["attributes"], *numbered]}
    client = Client(definition_files=(_written(tmp_path, schema, [EXTENSION, KIND]),))
    first = client.post("/Devices", _device("a", number=1, badge=7))
    assert first.status == 201
    for taken in ({"number": 1.0}, {"badge": 7}):
        assert client.post("/Devices", _device("b", **taken)).scim_type == "uniqueness"
    second = client.post("/Devices", _device("b", number=1.5, badge=8)).body["id"]
    change = {"op": "replace", "path": "badge", "value": 7}
    assert client.patch(f"/Devices/{second}", change).scim_type == "uniqueness"
    assert client.put(f"/Devices/{first.body['id']}", _device("a", number=1, badge=9)).status == 200
    assert client.patch(f"/Devices/{second}", change).status == 200


def test_required_extension_is_required(client: Client) -> None:
    """RFC 7643 §6."""
    body = _device()
    assert client.post("/Devices", {k: v for k, v in body.items() if k != LABEL}).scim_type == "invalidValue"
    assert client.post("/Devices", {**body, LABEL: {}}).scim_type == "invalidValue"


@pytest.mark.parametrize(
    "wrong",
    [{"weight": "1"}, {"slots": 1.5}, {"bought": "today"}, {"key": "?"}, {"home": "a b"}, {"tags": "a"}, {"tags": [1]}],
)
def test_types_are_enforced(client: Client, wrong: JSONObject) -> None:
    assert client.post("/Devices", _device(**wrong)).scim_type == "invalidValue"


def test_references_are_completed(client: Client) -> None:
    ada = client.user(displayName="Ada")
    created = client.post("/Devices", _device(owner={"value": ada["id"]})).body
    assert created["owner"] == {"value": ada["id"], "$ref": ada["meta"]["location"], "display": "Ada"}


def test_device_is_discovered(client: Client) -> None:
    assert client.get("/ResourceTypes/Device").body["endpoint"] == "/Devices"
    assert client.get("/Schemas/" + LABEL).body["attributes"] == EXTENSION["attributes"]


def test_group_schema_of_the_printed_rfc_still_works(tmp_path: Path) -> None:
    """A definition with a known id takes the place of the bundled one."""
    printed = copy.deepcopy(next(item for item in standard_definitions().schemas if item["id"] == urns.GROUP))
    printed["attributes"][0]["required"] = False
    client = Client(definition_files=(_written(tmp_path, printed),))
    assert client.post("/Groups", {"schemas": [urns.GROUP]}).status == 201


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        pytest.param("x", r"0\.json: a definition is a JSON object", id="text"),
        pytest.param({"schemas": ["x"]}, "'schemas' names neither", id="neither kind"),
        pytest.param({"schemas": [urns.SCHEMA]}, "'id' has to be a text", id="no id"),
        pytest.param({"schemas": [urns.SCHEMA], "id": "urn:x"}, "'attributes' has to be an array", id="no attributes"),
        pytest.param({"schemas": [urns.SCHEMA], "id": "urn:x", "attributes": [{}]}, r"'attributes\[0\]\.name'",
                     id="attribute without name"),
        pytest.param({**KIND, "schemaExtensions": []}, "'schema' names 'urn:example:scim:schemas:Device'",
                     id="unknown schema"),
        pytest.param({**KIND, "schema": urns.USER}, r"'schemaExtensions\.schema' names", id="unknown extension"),
        pytest.param({**KIND, "schemaExtensions": [1]}, "'schemaExtensions' has to be an array", id="extension list"),
        pytest.param({**KIND, "endpoint": "https://x/Devices"}, "'endpoint' has to be relative", id="absolute"),
        pytest.param({**KIND, "schema": urns.USER, "schemaExtensions": [], "endpoint": "Users"},
                     "'endpoint' /Users already belongs to User", id="endpoint taken"),
    ],
)  # fmt: skip
def test_faulty_definitions_name_file_and_key(tmp_path: Path, definition: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        load_definitions([_written(tmp_path, definition)])


def test_unreadable_files_are_usage_errors(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match=r"broken\.json: not JSON"):
        load_definitions([tmp_path])
    with pytest.raises(UsageError, match=r"nowhere\.json: cannot be read"):
        load_definitions([tmp_path / "nowhere.json"])


def test_bundled_example_shows_every_type_and_characteristic() -> None:
    """What checks need to be judged is there: attributes of every data type, mutability, returned and uniqueness."""
    provider = Client("every-characteristic").provider
    asset = provider.shape("Asset").model
    found = [located.attribute for located in asset.attributes()]
    found += [sub for attribute in found for sub in attribute.sub_attributes]
    for kind in (DataType, Mutability, Returned, Uniqueness):
        field = {DataType: "type"}.get(kind, kind.__name__.lower())  # type: ignore[call-overload]
        assert {getattr(attribute, field) for attribute in found} == set(kind)
    assert [asset.requires(extension.id) for extension in asset.extensions] == [True, False]
