import pytest
from provider_client import Client

from scimcheck.core import urns


def _members(client: Client, group: dict[str, str]) -> list[str]:
    return [member["value"] for member in client.get("/Groups/" + group["id"]).body.get("members", [])]


def test_membership_shows_on_both_sides() -> None:
    """RFC 7643 §4.1.2, §4.2: the user's groups mirror the group's members."""
    client = Client()
    ada = client.user("ada", displayName="Ada")
    group = client.group("Sales", [ada["id"]])
    assert group["members"] == [{"value": ada["id"], "type": "User", "$ref": ada["meta"]["location"], "display": "Ada"}]
    assert client.get("/Users/" + ada["id"]).body["groups"] == [
        {"value": group["id"], "type": "direct", "$ref": group["meta"]["location"], "display": "Sales"}
    ]


REMOVALS = {
    "by filter": lambda member: {"op": "remove", "path": f'members[value eq "{member}"]'},
    "by value array": lambda member: {"op": "Remove", "path": "members", "value": [{"$ref": None, "value": member}]},
    "by filter with blanks": lambda member: {"op": "remove", "path": f'members[ value  eq "{member}" ]'},
    "by filter in capitals": lambda member: {"op": "remove", "path": f'members[value eq "{member.upper()}"]'},
    "by qualified path": lambda member: {"op": "remove", "path": f'{urns.GROUP}:members[value eq "{member}"]'},
}


@pytest.mark.parametrize("removal", REMOVALS.values(), ids=REMOVALS)
def test_removal_takes_that_member_alone(removal: object) -> None:
    client = Client()
    ada, bob = client.user("ada"), client.user("bob")
    group = client.group(members=[ada["id"], bob["id"]])
    assert client.patch("/Groups/" + group["id"], removal(ada["id"])).status == 204  # type: ignore[operator]
    assert _members(client, group) == [bob["id"]]
    assert "groups" not in client.get("/Users/" + ada["id"]).body


def test_members_are_added_once_and_keep_their_order() -> None:
    client = Client()
    users = [client.user(name)["id"] for name in ("ada", "bob", "eve")]
    group = client.group(members=[users[0]])
    path = "/Groups/" + group["id"]
    client.patch(path, {"op": "Add", "path": "members", "value": [{"$ref": None, "value": users[2]}]})
    client.patch(path, {"op": "add", "path": "members", "value": [{"value": users[1]}, {"value": users[2]}]})
    assert _members(client, group) == [users[0], users[2], users[1]]


def test_adding_a_member_again_changes_nothing() -> None:
    """RFC 7644 §3.5.2.1: lastModified does not move."""
    client = Client()
    ada = client.user()
    group = client.group(members=[ada["id"]])
    client.patch("/Groups/" + group["id"], {"op": "add", "path": "members", "value": [{"value": ada["id"]}]})
    assert client.get("/Groups/" + group["id"]).body == group


def test_members_are_replaced_and_emptied() -> None:
    client = Client()
    ada, bob = client.user("ada"), client.user("bob")
    group = client.group(members=[ada["id"]])
    path = "/Groups/" + group["id"]
    client.patch(path, {"op": "replace", "path": "members", "value": [{"value": bob["id"]}]})
    assert _members(client, group) == [bob["id"]]
    client.patch(path, {"op": "remove", "path": "members"})
    assert _members(client, group) == []


def test_members_change_together_with_other_attributes() -> None:
    client = Client()
    ada = client.user("ada")
    group = client.group("Sales")
    client.patch(
        "/Groups/" + group["id"],
        {"op": "add", "path": "members", "value": [{"value": ada["id"]}]},
        {"op": "replace", "path": "displayName", "value": "Marketing"},
    )
    body = client.get("/Groups/" + group["id"]).body
    assert (body["displayName"], body["members"][0]["value"]) == ("Marketing", ada["id"])


def test_renaming_a_group_keeps_its_members() -> None:
    client = Client()
    ada = client.user()
    group = client.group("Sales", [ada["id"]])
    client.patch("/Groups/" + group["id"], {"op": "Replace", "path": "displayName", "value": "Marketing"})
    assert _members(client, group) == [ada["id"]]
    assert client.get("/Users/" + ada["id"]).body["groups"][0]["display"] == "Marketing"


@pytest.mark.parametrize("operation", ["add", "replace"])
def test_unknown_members_are_refused(operation: str) -> None:
    client = Client()
    group = client.group()
    answer = client.patch("/Groups/" + group["id"], {"op": operation, "path": "members", "value": [{"value": "nope"}]})
    assert (answer.status, answer.scim_type) == (400, "invalidValue")


def test_deleted_member_leaves_its_groups() -> None:
    client = Client()
    ada = client.user()
    group = client.group(members=[ada["id"]])
    client.delete("/Users/" + ada["id"])
    after = client.get("/Groups/" + group["id"]).body
    assert "members" not in after
    assert after["meta"]["lastModified"] > group["meta"]["lastModified"]


def test_deleted_group_leaves_its_members() -> None:
    client = Client()
    ada = client.user()
    client.delete("/Groups/" + client.group(members=[ada["id"]])["id"])
    assert "groups" not in client.get("/Users/" + ada["id"]).body


def test_groups_nest_and_indirect_membership_is_shown_on_request() -> None:
    client = Client(indirect_groups=True)
    ada = client.user()
    inner = client.group("Inner", [ada["id"]])
    outer = client.group("Outer", [inner["id"]])
    assert outer["members"][0]["type"] == "Group"
    shown = {g["value"]: g["type"] for g in client.get("/Users/" + ada["id"]).body["groups"]}
    assert shown == {inner["id"]: "direct", outer["id"]: "indirect"}


def test_nesting_can_be_refused() -> None:
    client = Client(nested_groups=False)
    inner = client.group("Inner")
    body = {"schemas": [urns.GROUP], "displayName": "Outer", "members": [{"value": inner["id"]}]}
    assert client.post("/Groups", body).scim_type == "invalidValue"


@pytest.mark.parametrize("path", ["members", "members.value"])
def test_groups_are_found_by_member(path: str) -> None:
    """Entra's reference check: a group by id and member."""
    client = Client()
    ada, bob = client.user("ada"), client.user("bob")
    group = client.group(members=[ada["id"]])
    found = client.find("/Groups", f'id eq "{group["id"]}" and {path} eq "{ada["id"]}"', "attributes=id")
    assert found.ids == [group["id"]]
    assert client.find("/Groups", f'{path} eq "{bob["id"]}"').ids == []


def test_members_can_be_left_out() -> None:
    client = Client()
    client.group("Sales", [client.user()["id"]])
    answer = client.find("/Groups", 'displayName eq "sales"', "excludedAttributes=members")
    assert answer.body["totalResults"] == 1
    assert "members" not in answer.body["Resources"][0]


def test_soft_deleted_user_stays_visible_and_a_member() -> None:
    client = Client()
    ada = client.user()
    group = client.group(members=[ada["id"]])
    client.patch("/Users/" + ada["id"], {"op": "Replace", "path": "active", "value": "False"})
    assert client.names('userName eq "ada"') == ["ada"]
    assert _members(client, group) == [ada["id"]]
