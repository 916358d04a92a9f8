"""Bulk messages."""

from __future__ import annotations

from typing import Any

import pytest

from scimcheck.core import urns
from scimcheck.core.bulk import BulkRequest, bulk_response
from scimcheck.core.errors import InvalidSyntax

POST = {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "x"}}


def bulk(*operations: Any, **members: Any) -> dict[str, Any]:
    return {"schemas": [urns.BULK_REQUEST], "Operations": list(operations), **members}


def test_operations_are_read_in_order() -> None:
    delete = {"Method": "delete", "PATH": "Users/7/", "version": 'W/"1"'}
    request = BulkRequest.from_json(bulk(POST, delete, failOnErrors=2))
    first, second = request.operations
    assert request.fail_on_errors == 2
    assert (first.index, first.method, first.path, first.bulk_id, first.data) == (
        0,
        "POST",
        "/Users",
        "a",
        POST["data"],
    )
    assert (second.index, second.method, second.path, second.version) == (1, "DELETE", "/Users/7", 'W/"1"')
    assert first.fault is second.fault is None


def test_an_empty_job_is_one() -> None:
    assert BulkRequest.from_json(bulk()) == BulkRequest(())


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"Operations": [POST]},
        {"schemas": [urns.PATCH_OP], "Operations": [POST]},
        {"schemas": [urns.BULK_REQUEST]},
        {"schemas": [urns.BULK_REQUEST], "Operations": POST},
        bulk("x"),
        bulk(POST, failOnErrors=0),
        bulk(POST, failOnErrors="1"),
        bulk(POST, failOnErrors=True),
        bulk(POST, POST),
    ],
)
def test_malformed_job_is_invalid_syntax(body: Any) -> None:
    with pytest.raises(InvalidSyntax):
        BulkRequest.from_json(body)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"method": "GET"}, "method"),
        ({"method": None}, "method"),
        ({"path": None}, "path"),
        ({"path": "/"}, "path"),
        ({"bulkId": None}, "bulkId"),
        ({"bulkId": 7}, "bulkId"),
        ({"version": 7}, "version"),
        ({"data": None}, "data"),
        ({"data": []}, "data"),
        ({"method": "PUT", "data": None}, "data"),
        ({"method": "PATCH", "data": [{"op": "add"}]}, "data"),
    ],
)
def test_malformed_operation_is_its_own_fault(change: Any, word: str) -> None:
    """RFC7644-3.7-16: the others are carried out."""
    other = {**POST, "bulkId": "b"}
    broken, sound = BulkRequest.from_json(bulk({**POST, **change}, other)).operations
    assert isinstance(broken.fault, InvalidSyntax)
    assert broken.fault.detail.startswith("Operations[0]: ")
    assert word in broken.fault.detail
    assert sound.fault is None


def test_bulk_response() -> None:
    assert bulk_response(iter([{"status": "201"}])) == {
        "schemas": [urns.BULK_RESPONSE],
        "Operations": [{"status": "201"}],
    }
