import pytest
from provider_client import Answer, Client, user

from scimcheck.core import urns


def _bulk(client: Client, *operations: object, **extra: object) -> Answer:
    return client.post("/Bulk", {"schemas": [urns.BULK_REQUEST], "Operations": list(operations), **extra})


def _post(bulk_id: str, name: str) -> dict[str, object]:
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": user(name)}


def _group(bulk_id: str, *members: str) -> dict[str, object]:
    data = {"schemas": [urns.GROUP], "displayName": bulk_id, "members": [{"value": member} for member in members]}
    return {"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": data}


def _members(client: Client, name: str) -> set[str]:
    body = client.find("/Groups", f'displayName eq "{name}"').body
    return {member["display"] for member in body["Resources"][0].get("members", [])}


def test_results_say_what_became_of_each_operation() -> None:
    """RFC 7644 §3.7.3."""
    client = Client()
    bob = client.user("bob")
    path = "/Users/" + bob["id"]
    answer = _bulk(
        client,
        _post("a", "ada"),
        {"method": "PUT", "path": path, "data": user("bob", title="Dr")},
        {"method": "DELETE", "path": "/Users/none"},
        {"method": "PATCH", "path": path, "version": 'W/"stale"', "data": {
            "schemas": [urns.PATCH_OP], "Operations": [{"op": "add", "path": "title", "value": "x"}]}},
        {"method": "DELETE", "path": path},
    )  # fmt: skip
    results = answer.body["Operations"]
    assert (answer.status, answer.body["schemas"]) == (200, [urns.BULK_RESPONSE])
    assert [result["status"] for result in results] == ["201", "200", "404", "412", "204"]
    assert results[0]["bulkId"] == "a"
    assert client.get("/Users/" + results[0]["location"].rpartition("/")[2]).body["userName"] == "ada"
    assert [("response" in result) for result in results] == [False, False, True, True, False]
    assert all(result["location"].endswith(path) for result in (results[1], results[3], results[4]))


@pytest.mark.parametrize("order", ["forwards", "backwards"])
def test_references_are_resolved_in_any_order(order: str) -> None:
    client = Client()
    operations = [_post("u", "ada"), _group("inner", "bulkId:u"), _group("outer", "bulkId:inner", "bulkId:u")]
    answer = _bulk(client, *(operations if order == "forwards" else reversed(operations)))
    assert [result["status"] for result in answer.body["Operations"]] == ["201"] * 3
    assert _members(client, "inner") == {"ada"}
    assert _members(client, "outer") == {"inner", "ada"}


def test_circular_references_are_resolved() -> None:
    """RFC 7644 §3.7.1."""
    client = Client()
    answer = _bulk(client, _group("a", "bulkId:b"), _group("b", "bulkId:c"), _group("c", "bulkId:a"))
    assert [result["status"] for result in answer.body["Operations"]] == ["201"] * 3
    assert [_members(client, name) for name in "abc"] == [{"b"}, {"c"}, {"a"}]
    for result in answer.body["Operations"]:
        located = client.get("/Groups/" + result["location"].rpartition("/")[2])
        assert located.headers["ETag"] == result["version"]


def test_circle_that_cannot_close_is_given_up_with_409() -> None:
    """RFC 7644 §3.7.1: nothing half-made stays."""
    client = Client()
    faulty = _group("a", "bulkId:b", "nobody")
    answer = _bulk(client, faulty, _group("b", "bulkId:a"))
    assert [result["status"] for result in answer.body["Operations"]] == ["400", "409"]
    assert client.get("/Groups").body["totalResults"] == 0


def test_reference_to_nothing_fails_that_operation_alone() -> None:
    client = Client()
    answer = _bulk(client, _group("g", "bulkId:nope"), _post("u", "ada"))
    assert [result["status"] for result in answer.body["Operations"]] == ["400", "201"]


def test_references_work_in_extensions_and_paths() -> None:
    client = Client()
    managed = user("ada", enterprise={"manager": {"value": "bulkId:boss"}})
    patch = {"schemas": [urns.PATCH_OP], "Operations": [{"op": "add", "path": "title", "value": "Boss"}]}
    answer = _bulk(
        client,
        {"method": "PATCH", "path": "/Users/bulkId:boss", "data": patch},
        {"method": "POST", "path": "/Users", "bulkId": "ada", "data": managed},
        _post("boss", "boss"),
    )
    assert [result["status"] for result in answer.body["Operations"]] == ["200", "201", "201"]
    boss = client.find("/Users", 'userName eq "boss"').body["Resources"][0]
    assert boss["title"] == "Boss"
    assert client.names(f'manager eq "{boss["id"]}"') == ["ada"]


def test_job_stops_at_the_limit_of_errors() -> None:
    """RFC 7644 §3.7: what was done stays done."""
    client = Client()
    missing = {"method": "DELETE", "path": "/Users/none"}
    answer = _bulk(client, _post("a", "ada"), missing, _post("b", "bob"), failOnErrors=1)
    assert [result["status"] for result in answer.body["Operations"]] == ["201", "404"]
    assert "failOnErrors" not in answer.body
    assert client.get("/Users").body["totalResults"] == 1


def test_limits_are_413_and_named() -> None:
    """RFC 7644 §3.7.4."""
    answer = _bulk(Client(bulk_max_operations=1), _post("a", "ada"), _post("b", "bob"))
    assert answer.status == 413
    assert "maxOperations" in answer.body["detail"]
    answer = _bulk(Client(bulk_max_payload=50), _post("a", "ada"))
    assert answer.status == 413
    assert "maxPayloadSize" in answer.body["detail"]


@pytest.mark.parametrize("body", [{}, {"schemas": [urns.BULK_REQUEST]}, {"Operations": []}, []])
def test_what_is_no_bulk_request_is_refused(body: object) -> None:
    assert Client().post("/Bulk", body or b"[]").scim_type == "invalidSyntax"


@pytest.mark.parametrize(
    "operation",
    [
        {"method": "GET", "path": "/Users"},
        {"method": "POST", "path": "/Users", "data": user()},
        {"method": "POST", "path": "/Bulk", "bulkId": "x", "data": {}},
        {"method": "POST", "path": "/Users/.search", "bulkId": "x", "data": {}},
        {"method": "PUT", "path": "/Schemas/x", "data": {}},
        {"method": "PUT", "path": "/Users", "data": {}},
    ],
)
def test_faulty_operations_fail_alone(operation: dict[str, object]) -> None:
    answer = _bulk(Client(), operation, _post("ok", "ada"))
    first, second = answer.body["Operations"]
    assert int(first["status"]) in (400, 404, 405)
    assert second["status"] == "201"


def test_long_chains_are_no_problem() -> None:
    client = Client()
    chain = [_group(f"g{number}", f"bulkId:g{number + 1}") for number in range(600)]
    answer = _bulk(client, *chain, _group("g600"))
    assert {result["status"] for result in answer.body["Operations"]} == {"201"}


@pytest.mark.parametrize("id_style", ["uuid", "special"])
def test_results_locate_what_a_bulk_id_stood_for(id_style: str) -> None:
    """The location of a result is that of the resource, also when the operation's path had a bulkId."""
    client = Client(id_style=id_style)
    patch = {"schemas": [urns.PATCH_OP], "Operations": [{"op": "add", "path": "title", "value": "Dr"}]}
    answer = _bulk(
        client,
        {"method": "PATCH", "path": "/Users/bulkId:u", "data": patch},
        _post("u", "ada"),
        {"method": "PUT", "path": "/Users/bulkId:u", "data": user("ada")},
        {"method": "DELETE", "path": "/Users/bulkId:none"},
    )
    patched, created, replaced, missed = answer.body["Operations"]
    assert patched["location"] == created["location"] == replaced["location"]
    assert (missed["status"], missed["location"]) == ("400", client.provider.url("/Users/bulkId:none"))
