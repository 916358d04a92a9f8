from provider_client import Client, user

from scimcheck.core import urns


def test_replace_clears_what_is_left_out_and_null() -> None:
    """RFC 7644 §3.5.1."""
    client = Client()
    created = client.user(title="Dr", nickName="A", externalId="1")
    answer = client.put("/Users/" + created["id"], user(nickName=None, displayName="Ada"))
    assert answer.status == 200
    assert answer.body["displayName"] == "Ada"
    assert not {"title", "nickName", "externalId"} & set(answer.body)
    assert client.get("/Users/" + created["id"]).body == answer.body


def test_replace_ignores_read_only_attributes() -> None:
    client = Client()
    created = client.user()
    answer = client.put("/Users/" + created["id"], {**user(), "id": "other", "meta": {"created": "x"}})
    assert answer.body["id"] == created["id"]
    assert answer.body["meta"]["created"] == created["meta"]["created"]


def test_replace_moves_last_modified_forward_and_leaves_created() -> None:
    client = Client()
    created = client.user()
    changed = client.put("/Users/" + created["id"], user(title="Dr")).body
    assert changed["meta"]["lastModified"] > created["meta"]["lastModified"]
    assert changed["meta"]["created"] == created["meta"]["created"]
    assert changed["meta"]["version"] != created["meta"]["version"]


def test_replace_without_change_changes_nothing() -> None:
    client = Client()
    created = client.user(title="Dr")
    assert client.put("/Users/" + created["id"], user(title="Dr")).body == created


def test_replace_of_unknown_resource_is_404_and_creates_nothing() -> None:
    client = Client()
    assert client.put("/Users/42", user()).status == 404
    assert client.get("/Users").body["totalResults"] == 0


def test_refused_replacement_leaves_the_resource() -> None:
    client = Client()
    created, _ = client.user("ada", title="Dr"), client.user("bob")
    path = "/Users/" + created["id"]
    assert client.put(path, {"schemas": [urns.USER]}).scim_type == "invalidValue"
    conflict = client.put(path, user("BOB"))
    assert (conflict.status, conflict.scim_type) == (409, "uniqueness")
    assert client.get(path).body == created


def test_replace_may_change_the_case_of_a_unique_value() -> None:
    client = Client()
    created = client.user("ada")
    assert client.put("/Users/" + created["id"], user("Ada")).body["userName"] == "Ada"
    assert client.names('userName eq "ADA"') == ["Ada"]


def test_replace_gives_up_the_old_unique_value() -> None:
    client = Client()
    client.put("/Users/" + client.user("ada")["id"], user("eve"))
    assert client.user("ada")
    assert client.names('userName eq "eve"') == ["eve"]


def test_put_replaces_the_members() -> None:
    client = Client()
    ada, bob = client.user("ada"), client.user("bob")
    group = client.group(members=[ada["id"]])
    body = {"schemas": [urns.GROUP], "displayName": "Field Sales", "members": [{"value": bob["id"]}]}
    assert [m["value"] for m in client.put("/Groups/" + group["id"], body).body["members"]] == [bob["id"]]
    assert "groups" not in client.get("/Users/" + ada["id"]).body


def test_delete_answers_204_and_then_everything_404() -> None:
    """RFC 7644 §3.6."""
    client = Client()
    path = "/Users/" + client.user()["id"]
    answer = client.delete(path)
    assert (answer.status, answer.body) == (204, None)
    assert [client.get(path).status, client.put(path, user()).status, client.delete(path).status] == [404] * 3
    assert client.patch(path, {"op": "add", "path": "title", "value": "x"}).status == 404
    assert client.get("/Users").body["totalResults"] == 0
