"""Bulk messages (RFC 7644 §3.7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scimcheck.core import urns
from scimcheck.core.errors import InvalidSyntax, ScimError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.messages import require_schema
from scimcheck.core.resource import member

_METHODS = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """One operation of a bulk request.

    ``index`` counts from 0; ``path`` begins with a slash. ``fault`` says why the operation by itself is malformed: the
    others of the job are still carried out, so it is kept instead of raised.
    """

    index: int
    method: str
    path: str
    bulk_id: str | None = None
    version: str | None = None
    data: JSON = None
    fault: ScimError | None = None


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """A bulk request. ``fail_on_errors`` is the number of errors after which the job stops, ``None`` for no limit."""

    operations: tuple[BulkOperation, ...]
    fail_on_errors: int | None = None

    @classmethod
    def from_json(cls, body: JSON) -> BulkRequest:
        """Read a BulkRequest message; raises ``InvalidSyntax`` when it cannot be processed as a whole."""
        message = require_schema(body, urns.BULK_REQUEST, "a bulk request")
        listed = member(message, "Operations")
        if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
            raise InvalidSyntax("Operations must be an array of objects")
        limit = member(message, "failOnErrors")
        if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
            raise InvalidSyntax("failOnErrors must be an integer of 1 or more")
        operations = tuple(_operation(index, item) for index, item in enumerate(listed))
        _refuse_repeated_ids(operations)
        return cls(operations, limit)


def bulk_response(operations: Iterable[JSONObject]) -> JSONObject:
    """A BulkResponse with one element per processed operation."""
    return {"schemas": [urns.BULK_RESPONSE], "Operations": list(operations)}


def _operation(index: int, item: JSONObject) -> BulkOperation:
    method, path = member(item, "method"), member(item, "path")
    bulk_id, version = member(item, "bulkId"), member(item, "version")
    data = member(item, "data")
    fault = _fault(method, path, bulk_id, version, data)
    return BulkOperation(
        index=index,
        method=method.upper() if isinstance(method, str) else "",
        path="/" + path.strip("/") if isinstance(path, str) else "",
        bulk_id=bulk_id if isinstance(bulk_id, str) else None,
        version=version if isinstance(version, str) else None,
        data=data,
        fault=InvalidSyntax(f"Operations[{index}]: {fault}") if fault else None,
    )


def _fault(method: JSON, path: JSON, bulk_id: JSON, version: JSON, data: JSON) -> str | None:
    """What is wrong with an operation; ``None`` when nothing is."""
    if not isinstance(method, str) or method.upper() not in _METHODS:
        return f"method must be one of {', '.join(_METHODS)}"
    if not isinstance(path, str) or not path.strip("/"):
        return "path must be a path relative to the base URL"
    if not isinstance(bulk_id, (str, type(None))) or not isinstance(version, (str, type(None))):
        return "bulkId and version must be strings"
    if method.upper() == "POST" and not bulk_id:
        return "POST needs a bulkId"
    if method.upper() != "DELETE" and not isinstance(data, dict):
        return f"{method.upper()} needs data, a JSON object"
    return None


def _refuse_repeated_ids(operations: tuple[BulkOperation, ...]) -> None:
    seen: set[str] = set()
    for operation in operations:
        if operation.bulk_id is None or operation.method != "POST":
            continue
        if operation.bulk_id in seen:
            raise InvalidSyntax(f"Operations[{operation.index}]: the bulkId {operation.bulk_id!r} occurs twice")
        seen.add(operation.bulk_id)
