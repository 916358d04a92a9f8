import pytest
from provider_client import Client, user

from scimcheck.core import urns


def test_creation_answers_201_with_location_and_representation() -> None:
    """RFC 7644 §3.3: status, Location, meta.location, id and meta."""
    answer = Client().post("/Users", user(displayName="Ada"))
    assert answer.status == 201
    assert answer.headers["Location"] == answer.body["meta"]["location"]
    assert answer.body["meta"]["location"].endswith("/Users/" + answer.body["id"])
    assert answer.body["meta"]["resourceType"] == "User"
    assert answer.body["meta"]["created"] == answer.body["meta"]["lastModified"]
    assert answer.body["meta"]["created"].endswith("Z")
    assert answer.headers["ETag"] == answer.body["meta"]["version"]


def test_created_resource_can_be_read_back() -> None:
    client = Client()
    created = client.user("Ada@Example.org", externalId="X-1", emails=[{"value": "a@b.org", "type": "work"}])
    assert client.get("/Users/" + created["id"]).body == created


@pytest.mark.parametrize(
    ("body", "scim_type"),
    [
        pytest.param({"schemas": [urns.USER]}, "invalidValue", id="no userName"),
        pytest.param({"schemas": [urns.USER], "userName": None}, "invalidValue", id="null userName"),
        pytest.param({"schemas": [urns.USER], "userName": " "}, "invalidValue", id="blank userName"),
        pytest.param({"schemas": [urns.USER], "userName": 7}, "invalidValue", id="number for a string"),
        pytest.param(user(active="true"), "invalidValue", id="string for a boolean"),
        pytest.param(user(emails={"value": "x"}), "invalidValue", id="object for an array"),
        pytest.param(user(emails=["x"]), "invalidValue", id="text for an object"),
        pytest.param({"userName": "ada"}, "invalidSyntax", id="no schemas"),
        pytest.param({"schemas": [urns.GROUP], "userName": "ada"}, "invalidSyntax", id="another type's schema"),
        pytest.param(["x"], "invalidSyntax", id="array"),
        pytest.param(b"{", "invalidSyntax", id="not JSON"),
        pytest.param(b'{"a":NaN}', "invalidSyntax", id="NaN"),
        pytest.param(b'{"a":1e999}', "invalidSyntax", id="infinite number"),
        pytest.param(b'{"a":"\\ud800"}', "invalidSyntax", id="half a surrogate pair"),
        pytest.param(b'{"a":"\xff"}', "invalidSyntax", id="not UTF-8"),
        pytest.param(b"[" * 100_000, "invalidSyntax", id="endless nesting"),
        pytest.param({**user(), "USERNAME": "eve"}, "invalidSyntax", id="one name twice"),
        pytest.param(user(emails=[{"value": "a", "primary": True}, {"value": "b", "primary": True}]), "invalidValue",
                     id="two primaries"),
        pytest.param(user(x509Certificates=[{"value": "?"}]), "invalidValue", id="not base64"),
    ],
)  # fmt: skip
def test_faulty_bodies_are_refused_and_leave_nothing(body: object, scim_type: str) -> None:
    """RFC 7644 §3.12: a client's fault is 400 with a keyword, and nothing is stored (§3.3)."""
    client = Client()
    answer = client.post("/Users", body)
    assert (answer.status, answer.scim_type) == (400, scim_type)
    assert client.get("/Users").body["totalResults"] == 0


def test_read_only_and_unknown_attributes_are_ignored() -> None:
    """RFC 7644 §3.3: id, meta and groups do not come from the client."""
    created = Client().user(id="mine", meta={"created": "2001-01-01T00:00:00Z"}, groups=[{"value": "g"}], favourite=1)
    assert created["id"] != "mine"
    assert "groups" not in created
    assert "favourite" not in created
    assert not created["meta"]["created"].startswith("2001")


def test_names_are_stored_in_their_defined_spelling() -> None:
    """RFC 7643 §2.1: attribute names and schema URIs ignore case."""
    body = {"SCHEMAS": [urns.USER.upper()], "USERNAME": "ada", "Name": {"GIVENNAME": "Ada"}}
    created = Client().post("/Users", {**body, urns.ENTERPRISE_USER.upper(): {"Department": "R&D"}}).body
    assert (created["userName"], created["name"]) == ("ada", {"givenName": "Ada"})
    assert created[urns.ENTERPRISE_USER] == {"department": "R&D"}
    assert created["schemas"] == [urns.USER, urns.ENTERPRISE_USER]


def test_default_is_given_and_null_suppresses_it() -> None:
    """RFC 7644 §3.3: active defaults to true, unless the client says null."""
    client = Client()
    assert client.user("ada")["active"] is True
    assert "active" not in client.user("bob", active=None)


@pytest.mark.parametrize("name", ["ada", "ADA"])
def test_duplicate_is_refused_with_409(name: str) -> None:
    client = Client()
    client.user("ada")
    answer = client.post("/Users", user(name))
    assert (answer.status, answer.scim_type) == (409, "uniqueness")
    assert client.get("/Users").body["totalResults"] == 1


@pytest.mark.parametrize("name", ["Sales", "SALES"])
def test_duplicate_group_is_refused_with_409(name: str) -> None:
    """ENTRA-2.2-12: Entra matches groups by displayName."""
    client = Client()
    group = client.group("Sales")
    answer = client.post("/Groups", {"schemas": [urns.GROUP], "displayName": name})
    assert (answer.status, answer.scim_type) == (409, "uniqueness")
    client.delete("/Groups/" + group["id"])
    assert client.group(name)


@pytest.mark.parametrize("name", ["Sales", "sales"])
def test_groups_may_share_names_where_no_policy_says_otherwise(name: str) -> None:
    client = Client(also_unique={})
    assert client.group("Sales")["id"] != client.group(name)["id"]


@pytest.mark.parametrize(("sent", "stored"), [("True", True), ("False", False)])
def test_booleans_may_come_as_text(sent: str, stored: bool) -> None:
    """ENTRA-3.5-09."""
    client = Client()
    created = client.user("ada", active=sent)
    assert client.get("/Users/" + created["id"]).body["active"] is stored


@pytest.mark.parametrize("sent", ["true", "yes", "1", ""])
def test_no_other_text_is_a_boolean(sent: str) -> None:
    answer = Client().post("/Users", user("ada", active=sent))
    assert (answer.status, answer.scim_type) == (400, "invalidValue")


def test_user_names_are_normalised_before_comparison() -> None:
    """RFC 7644 §7.8: two encodings of one letter are one name."""
    client = Client()
    client.user("jos\u00e9")
    assert client.post("/Users", user("jose\u0301")).status == 409


def test_deleted_resource_does_not_conflict() -> None:
    client = Client()
    client.delete("/Users/" + client.user("ada")["id"])
    assert client.post("/Users", user("ada")).status == 201


def test_password_is_neither_returned_nor_stored_in_clear() -> None:
    """RFC 7643 §4.1.1, §9.2."""
    client = Client()
    created = client.user(password="t0p-Secret")
    assert "password" not in created
    assert "password" not in client.get("/Users/" + created["id"], "attributes=password").body
    stored = client.provider.store.tenant("main").snapshot("User")[0].data
    assert b"t0p-Secret" not in stored


def test_two_values_of_one_type_and_value_are_one() -> None:
    """RFC 7643 §2.4."""
    mail = {"value": "a@b.org", "type": "work"}
    assert Client().user(emails=[mail, {**mail, "primary": True}])["emails"] == [{**mail, "primary": True}]


def test_unknown_schema_uris_are_tolerated() -> None:
    """Entra sends one of its own for groups."""
    uri = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
    answer = Client().post("/Groups", {"schemas": [urns.GROUP, uri], "displayName": "Field Sales"})
    assert answer.body["schemas"] == [urns.GROUP]


def test_manager_may_be_a_bare_id() -> None:
    """RFC 7643 §4.3 readings: what Entra sends in a creation; the answer is an object."""
    client = Client()
    boss = client.user("boss", displayName="The Boss")
    created = client.user("ada", enterprise={"manager": boss["id"]})
    manager = created[urns.ENTERPRISE_USER]["manager"]
    assert manager == {"value": boss["id"], "$ref": boss["meta"]["location"], "displayName": "The Boss"}


def test_projection_applies_to_creation() -> None:
    """RFC 7644 §3.9: on any operation that returns a resource."""
    answer = Client().post("/Users", user(title="Dr"), "attributes=title")
    assert set(answer.body) == {"schemas", "id", "title"}
