import pytest
from provider_client import Client

from scimcheck.core import urns


def test_patch_answers_200_for_users_and_204_for_groups() -> None:
    """RFC 7644 §3.5.2 allows both; Entra prefers 204 for groups."""
    client = Client()
    answer = client.patch("/Users/" + client.user()["id"], {"op": "replace", "path": "title", "value": "Dr"})
    assert (answer.status, answer.body["title"]) == (200, "Dr")
    answer = client.patch("/Groups/" + client.group()["id"], {"op": "replace", "value": {"displayName": "Sales"}})
    assert (answer.status, answer.body) == (204, None)


def test_patch_with_attributes_answers_200() -> None:
    client = Client()
    path = "/Groups/" + client.group()["id"]
    answer = client.patch(path, {"op": "replace", "path": "displayName", "value": "S"}, query="attributes=displayName")
    assert answer.status == 200
    assert set(answer.body) == {"schemas", "id", "displayName"}


def test_patch_is_atomic() -> None:
    client = Client()
    created = client.user()
    path = "/Users/" + created["id"]
    answer = client.patch(
        path, {"op": "add", "path": "title", "value": "Dr"}, {"op": "replace", "path": "nope", "value": 1}
    )
    assert (answer.status, answer.scim_type) == (400, "invalidPath")
    assert client.get(path).body == created


def test_patch_without_effect_leaves_meta() -> None:
    client = Client()
    created = client.user(title="Dr")
    answer = client.patch("/Users/" + created["id"], {"op": "add", "path": "title", "value": "Dr"})
    assert answer.body == created


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        pytest.param({"op": "remove"}, "noTarget", id="remove without path"),
        pytest.param({"op": "move", "path": "title"}, "invalidSyntax", id="unknown op"),
        pytest.param({"op": "add", "path": "title"}, "invalidValue", id="add without value"),
        pytest.param({"op": "remove", "path": "userName"}, "mutability", id="remove required"),
        pytest.param({"op": "replace", "path": "id", "value": "x"}, "mutability", id="read-only"),
        pytest.param({"op": "add", "path": "groups", "value": [{"value": "g"}]}, "mutability", id="read-only mirror"),
        pytest.param({"op": "replace", "path": "active", "value": "perhaps"}, "invalidValue", id="wrong type"),
        pytest.param({"op": "replace", "path": "title]", "value": "x"}, "invalidPath", id="malformed path"),
        pytest.param(
            {"op": "replace", "path": 'emails[type eq "home"].value', "value": "x"}, "noTarget", id="no match"
        ),
    ],
)
def test_faulty_operations_are_refused(operation: object, scim_type: str) -> None:
    client = Client()
    answer = client.patch("/Users/" + client.user()["id"], operation)
    assert (answer.status, answer.scim_type) == (400, scim_type)


@pytest.mark.parametrize(
    ("operations", "attribute", "expected"),
    [
        pytest.param([{"op": "Replace", "path": "active", "value": "False"}], "active", False, id="text for a boolean"),
        pytest.param([{"op": "Add", "path": 'emails[type eq "work"].value', "value": "a@b.org"}], "emails",
                     [{"type": "work", "value": "a@b.org"}], id="value created from the filter"),
        pytest.param([{"op": "add", "value": {"name.givenName": "Ada", "displayName": "Ada L"}}], "name",
                     {"givenName": "Ada"}, id="dotted key"),
        pytest.param([{"op": "Add", "path": urns.ENTERPRISE_USER + ":department", "value": "R&D"}],
                     urns.ENTERPRISE_USER, {"department": "R&D"}, id="extension attribute by path"),
        pytest.param([{"op": "add", "value": {urns.ENTERPRISE_USER + ":department": "R&D"}}], urns.ENTERPRISE_USER,
                     {"department": "R&D"}, id="extension attribute by key"),
        pytest.param([{"op": "add", "path": "title", "value": "A"}, {"op": "replace", "path": "title", "value": "B"}],
                     "title", "B", id="in order"),
    ],
)  # fmt: skip
def test_entra_forms_are_understood(operations: list[object], attribute: str, expected: object) -> None:
    client = Client()
    path = "/Users/" + client.user()["id"]
    assert client.patch(path, *operations).status == 200
    body = client.get(path).body
    assert body[attribute] == expected
    assert (urns.ENTERPRISE_USER in body["schemas"]) == (urns.ENTERPRISE_USER in body)


def test_manager_is_set_and_removed_in_entra_form() -> None:
    client = Client()
    boss, path = client.user("boss"), "/Users/" + client.user("ada")["id"]
    manager = urns.ENTERPRISE_USER + ":manager"
    client.patch(path, {"op": "Add", "path": manager, "value": boss["id"]})
    assert client.get(path).body[urns.ENTERPRISE_USER]["manager"]["value"] == boss["id"]
    assert client.names(f'manager eq "{boss["id"]}"') == ["ada"]
    client.patch(path, {"op": "replace", "path": manager, "value": ""})
    assert urns.ENTERPRISE_USER not in client.get(path).body


def test_patch_refuses_a_conflicting_value() -> None:
    client = Client()
    client.user("bob")
    path = "/Users/" + client.user("ada")["id"]
    answer = client.patch(path, {"op": "replace", "path": "userName", "value": "Bob"})
    assert (answer.status, answer.scim_type) == (409, "uniqueness")
    assert client.get(path).body["userName"] == "ada"


def test_password_can_be_replaced() -> None:
    client = Client()
    created = client.user(password="one")
    answer = client.patch("/Users/" + created["id"], {"op": "replace", "path": "password", "value": "two"})
    assert answer.status == 200
    assert answer.body["meta"]["version"] != created["meta"]["version"]
    assert b"two" not in client.provider.store.tenant("main").snapshot("User")[0].data


def test_new_primary_value_takes_over() -> None:
    client = Client()
    created = client.user(emails=[{"value": "a", "primary": True}])
    body = client.patch(
        "/Users/" + created["id"], {"op": "add", "path": "emails", "value": [{"value": "b", "primary": True}]}
    ).body
    assert [mail.get("primary", False) for mail in body["emails"]] == [False, True]
