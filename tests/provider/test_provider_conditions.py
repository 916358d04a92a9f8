import pytest
from provider_client import Client, user


def _made() -> tuple[Client, str, str]:
    client = Client()
    created = client.user()
    return client, "/Users/" + created["id"], created["meta"]["version"]


@pytest.mark.parametrize("listed", ["{tag}", 'W/"other", {tag}', "*"])
def test_get_of_the_current_version_is_304(listed: str) -> None:
    """RFC 7644 §3.14, RFC 9110 §15.4.5: no body, and the ETag that 200 would have had."""
    client, path, tag = _made()
    answer = client.get(path, if_none_match=listed.format(tag=tag))
    assert (answer.status, answer.body) == (304, None)
    assert answer.headers["ETag"] == tag
    assert "Content-Type" not in answer.headers


def test_get_of_another_version_is_200() -> None:
    client, path, tag = _made()
    answer = client.get(path, if_none_match='W/"other"')
    assert (answer.status, answer.headers["ETag"]) == (200, tag)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_stale_if_match_is_412_and_nothing_happens(method: str) -> None:
    client, path, tag = _made()
    assert client.put(path, user(title="Dr")).status == 200
    before = client.get(path).body
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "add", "path": "title", "value": "x"}]} if method == "PATCH" else user()  # fmt: skip
    answer = client.request(method, path, body, headers={"if-match": tag})
    assert answer.status == 412
    assert client.get(path).body == before


@pytest.mark.parametrize("listed", ["{tag}", '"x", {tag}', "*"])
def test_matching_if_match_lets_the_change_through(listed: str) -> None:
    client, path, tag = _made()
    assert client.put(path, user(title="Dr"), if_match=listed.format(tag=tag)).status == 200


def test_if_none_match_on_a_change_is_412() -> None:
    """RFC 9110 §13.1.2."""
    client, path, tag = _made()
    assert client.put(path, user(title="Dr"), if_none_match=tag).status == 412


def test_faulty_request_is_400_whatever_its_condition() -> None:
    """RFC 9110 §13.2.1: conditions are looked at after everything else."""
    client, path, _ = _made()
    assert client.put(path, {"schemas": []}, if_match='W/"stale"').status == 400


def test_joining_a_group_changes_the_user_version() -> None:
    client, path, tag = _made()
    client.group(members=[path.rpartition("/")[2]])
    assert client.get(path, if_none_match=tag).status == 200


def test_strong_tags_follow_what_is_shown() -> None:
    """A strong validator changes with the representation, also with the name of a group elsewhere."""
    client = Client("strong-etags")
    created = client.user()
    group = client.group(members=[created["id"]])
    first = client.get("/Users/" + created["id"]).headers["ETag"]
    assert not first.startswith("W/")
    client.patch("/Groups/" + group["id"], {"op": "replace", "path": "displayName", "value": "Other"})
    assert client.get("/Users/" + created["id"]).headers["ETag"] != first


def test_weak_tags_can_be_refused_in_if_match() -> None:
    client = Client("weak-if-match-refused")
    created = client.user()
    assert client.put("/Users/" + created["id"], user(), if_match=created["meta"]["version"]).status == 412


def test_mismatch_can_be_409() -> None:
    client = Client("version-mismatch-409")
    created = client.user()
    assert client.put("/Users/" + created["id"], user(), if_match='W/"stale"').status == 409


def test_without_versions_there_are_no_conditions() -> None:
    client = Client("without-etags")
    created = client.user()
    assert "version" not in created["meta"]
    answer = client.put("/Users/" + created["id"], user(), if_match='W/"stale"')
    assert (answer.status, "ETag" in answer.headers) == (200, False)
