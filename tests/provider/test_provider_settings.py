"""Choices that the standards leave open: each setting does what it says, and its opposite."""

from typing import Any

import pytest
from provider_client import Client, user

from scimcheck.core import urns

ENTERPRISE = urns.ENTERPRISE_USER


def _status(client: Client, **attributes: Any) -> int:
    return client.post("/Users", user("eve", **attributes)).status


TWO_PRIMARIES = [{"value": "a", "primary": True}, {"value": "b", "primary": True}]


@pytest.mark.parametrize(
    ("setting", "refusing", "accepting", "attributes"),
    [
        ("unknown_attributes", "refuse", "ignore", {"favourite": 1}),
        ("unknown_attributes", "refuse", "ignore", {"name": {"nick": "x"}}),
        ("sent_id_in_post", "refuse", "ignore", {"id": "mine"}),
        ("several_primaries", "refuse", "last", {"emails": TWO_PRIMARIES}),
        ("duplicate_values", "refuse", "merge", {"emails": [{"value": "a"}, {"value": "a"}]}),
        ("noncanonical_values", "refuse", "accept", {"emails": [{"value": "a", "type": "unusual"}]}),
        ("bare_references", False, True, {"enterprise": {"manager": "42"}}),
        ("text_booleans", False, True, {"active": "True"}),
        ("unknown_references", "refuse", "accept", {"enterprise": {"manager": {"value": "42"}}}),
    ],
)
def test_what_a_creation_may_hold(setting: str, refusing: Any, accepting: Any, attributes: dict[str, Any]) -> None:
    assert _status(Client(**{setting: refusing}), **attributes) == 400
    assert _status(Client(**{setting: accepting}), **attributes) == 201


def test_unknown_schemas_can_be_refused() -> None:
    body = {**user(), "schemas": [urns.USER, "urn:example:nope"]}
    assert Client(unknown_schemas="refuse").post("/Users", body).scim_type == "invalidValue"


@pytest.mark.parametrize(("choice", "primaries"), [("first", [True, False]), ("last", [False, True])])
def test_one_of_several_primaries_stays(choice: str, primaries: list[bool]) -> None:
    """RFC 7643 §2.4."""
    created = Client(several_primaries=choice).user(emails=TWO_PRIMARIES)
    assert [mail["primary"] for mail in created["emails"]] == primaries


def test_id_in_a_replacement_can_be_refused() -> None:
    client = Client(sent_id_in_put="refuse")
    created = client.user()
    path = "/Users/" + created["id"]
    assert client.put(path, {**user(), "id": "other"}).scim_type == "mutability"
    assert client.put(path, {**user(), "id": created["id"]}).status == 200


def test_what_a_replacement_leaves_out_can_stay() -> None:
    client = Client(left_out_of_put="keep")
    created = client.user(title="Dr", nickName="A")
    body = client.put("/Users/" + created["id"], user(nickName=None)).body
    assert body["title"] == "Dr"
    assert "nickName" not in body


def test_replacement_can_answer_204() -> None:
    client = Client(replace_answers="no-content")
    created = client.user()
    answer = client.put("/Users/" + created["id"], user(title="Dr"))
    assert (answer.status, answer.body) == (204, None)
    assert answer.headers["ETag"] != created["meta"]["version"]


def test_replace_behind_a_filter_can_create() -> None:
    """What Entra would like and RFC 7644 §3.5.2.3 forbids."""
    client = Client(replace_without_match="create")
    operation = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "a@b.org"}
    assert client.patch("/Users/" + client.user()["id"], operation).status == 200


@pytest.mark.parametrize("keyword", ["invalidPath", "invalidFilter"])
def test_faulty_filter_in_a_path_has_either_keyword(keyword: str) -> None:
    client = Client(faulty_path_filter=keyword)
    answer = client.patch("/Users/" + client.user()["id"], {"op": "remove", "path": "emails[type eq]"})
    assert (answer.status, answer.scim_type) == (400, keyword)


def test_read_only_attributes_inside_a_patch_can_be_refused() -> None:
    operation = {"op": "replace", "value": {"id": "x", "title": "Dr"}}
    lenient, strict = Client(), Client(read_only_in_patch="refuse")
    assert lenient.patch("/Users/" + lenient.user()["id"], operation).body["title"] == "Dr"
    assert strict.patch("/Users/" + strict.user()["id"], operation).scim_type == "mutability"


def test_members_can_do_without_display_and_references() -> None:
    client = Client(member_display=False, member_references=False)
    ada = client.user()
    assert client.group(members=[ada["id"]])["members"] == [{"value": ada["id"], "type": "User"}]


def test_value_paths_in_filters_can_be_refused() -> None:
    """RFC 7644 §3.4.2.2: MAY."""
    expression = 'emails[type eq "work"]'
    assert Client(value_paths_supported=False).find("/Users", expression).scim_type == "invalidFilter"
    assert Client().find("/Users", f"not ({expression} and title pr)").status == 200


def test_bare_complex_attributes_in_filters_can_be_refused() -> None:
    expression = 'emails co "x"'
    assert Client(bare_complex_filter="refuse").find("/Users", expression).scim_type == "invalidFilter"
    assert Client().find("/Users", expression).status == 200


def test_start_beyond_the_end_can_be_refused() -> None:
    client = Client(beyond_end="refuse")
    client.user()
    assert client.get("/Users", "startIndex=2").scim_type == "invalidValue"
    assert client.get("/Users", "startIndex=1&count=0").status == 200


@pytest.mark.parametrize("status", [501, 405, 404, 403])
def test_switched_off_features_answer_as_chosen(status: int) -> None:
    client = Client(bulk_supported=False, unsupported_status=status)
    assert client.post("/Bulk", {"schemas": [urns.BULK_REQUEST], "Operations": []}).status == status


def test_patch_can_be_switched_off() -> None:
    client = Client(patch_supported=False)
    assert client.patch("/Users/" + client.user()["id"], {"op": "remove", "path": "title"}).status == 501
    assert client.get("/ServiceProviderConfig").body["patch"] == {"supported": False}


def test_filters_can_be_switched_off() -> None:
    client = Client(filter_supported=False)
    assert client.find("/Users", 'userName eq "ada"').scim_type == "invalidFilter"
    assert client.get("/Users").status == 200


def test_content_location_is_the_location() -> None:
    """RFC 7643 §3.1."""
    client = Client(content_location=True)
    created = client.user()
    assert client.get("/Users/" + created["id"]).headers["Content-Location"] == created["meta"]["location"]


def test_media_types_can_be_insisted_on() -> None:
    client = Client(missing_content_type="refuse", plain_json_when_asked=False)
    assert client.request("POST", "/Users", user(), headers={"content-type": ""}).status == 415
    assert client.get("/Users", accept="application/json").headers["Content-Type"] == urns.MEDIA_TYPE


def test_open_provider_asks_nobody() -> None:
    client = Client(authentication="none", token=None)
    assert client.get("/Users").status == 200
    assert client.get("/ServiceProviderConfig").body["authenticationSchemes"] == []


def test_configuration_can_be_private_and_say_more() -> None:
    private = Client(public_endpoints=(), extra_discovery_attributes=True, change_password_supported=False)
    assert private.as_(None).get("/ServiceProviderConfig").status == 401
    body = private.get("/ServiceProviderConfig").body
    assert not body["changePassword"]["supported"]
    assert "urn:example:scim:extras" in body


def test_discovery_can_leave_out_its_own_schemas_and_pagination() -> None:
    client = Client(discovery_meta_schemas=False, cursor_supported=True, advertise_pagination=False)
    listed = {schema["id"] for schema in client.get("/Schemas").body["Resources"]}
    assert listed == {urns.USER, urns.GROUP, ENTERPRISE}
    assert "pagination" not in client.get("/ServiceProviderConfig").body


@pytest.mark.parametrize(
    ("style", "location"),
    [("absolute", "https://example.org/a/scim/Users/"), ("relative", "/a/scim/Users/")],
)
def test_locations_follow_the_base_url(style: str, location: str) -> None:
    created = Client(base_url="https://example.org/a/scim", location_style=style).user()
    assert created["meta"]["location"] == location + created["id"]


def test_unassigned_attributes_can_be_null() -> None:
    """RFC 7643 §2.5."""
    client = Client("nulls-shown")
    created = client.user()
    assert created["title"] is None
    assert "password" not in created
    projected = client.get("/Users/" + created["id"], "excludedAttributes=title").body
    assert "title" not in projected
