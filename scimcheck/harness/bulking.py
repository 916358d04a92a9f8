"""Bulk jobs (RFC 7644 §3.7): their operations, and the results read in every form that the standard allows."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from scimcheck.checks.findings import NotApplicable
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness.capabilities import State
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target

#: Bytes that an operation without data takes at most, ids of sensible length assumed.
OPERATION_SIZE = 250


def job(scim: Target, *operations: JSONObject, **members: JSON) -> Exchange:
    """POST a bulk request with these operations; ``members`` as ``failOnErrors`` are added to the message.

    Raises NotApplicable for more operations than the target says to take in one request.
    """
    most = limit_of(scim, "maxOperations")
    if isinstance(most, int) and 0 < most < len(operations):
        raise NotApplicable(f"a job of {len(operations)} operations is needed, and maxOperations is {most}")
    body = {"schemas": [urns.BULK_REQUEST], **members, "Operations": list(operations)}
    return scim.post("/Bulk", json=body)


def limit_of(scim: Target, name: str) -> JSON:
    """``maxOperations`` or ``maxPayloadSize`` as ServiceProviderConfig announces it; ``None`` when it does not."""
    told = scim.config.get("bulk")
    found: JSON = told.get(name) if isinstance(told, dict) else None
    return found


def job_size(scim: Target) -> int:
    """How many short operations a bulk request may hold; 0 unless the run has seen that the target carries jobs out."""
    seen = scim.capabilities.seen.get(("bulk", ""))
    told = scim.config.get("bulk")
    if seen is None or seen.state is not State.WORKS or not isinstance(told, dict):
        return 0
    limits = [told.get("maxOperations"), told.get("maxPayloadSize")]
    most, size = (limit if isinstance(limit, int) and not isinstance(limit, bool) else 0 for limit in limits)
    return max(0, min(most, size // OPERATION_SIZE))


def creation(scim: Target, model: ResourceModel, bulk_id: str, **overrides: JSON) -> JSONObject:
    """An operation that creates a resource; what is given for an extension joins what the extension requires."""
    data = scim.payload(model)
    for name, value in overrides.items():
        held = data.get(name)
        data[name] = {**held, **value} if isinstance(held, dict) and isinstance(value, dict) else value
    data["schemas"] = list(dict.fromkeys([*data["schemas"], *(urn for urn in overrides if urn.startswith("urn:"))]))
    return {"method": "POST", "path": model.endpoint, "bulkId": bulk_id, "data": data}


def on(method: str, path: str, data: JSON = None, **members: JSON) -> JSONObject:
    """An operation on a resource."""
    found: JSONObject = {"method": method, "path": path, **members}
    return found if data is None else {**found, "data": data}


def deletion_of_nobody(scim: Target, model: ResourceModel) -> JSONObject:
    """An operation that has to fail with 404."""
    return on("DELETE", scim.unknown_id(model))


def results(exchange: Exchange) -> list[JSONObject]:
    """The elements of the response's Operations."""
    found = exchange.body.get("Operations")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def result_of(exchange: Exchange, bulk_id: str) -> JSONObject:
    """The result of the creation with that bulkId; empty when there is none."""
    return next((item for item in results(exchange) if item.get("bulkId") == bulk_id), {})


def status_of(result: JSONObject) -> int:
    """The status of a result: a text, a number, or an object with a code; 0 when it has none."""
    status: Any = result.get("status")
    if isinstance(status, dict):
        status = status.get("code")
    try:
        return int(status)
    except (TypeError, ValueError):
        return 0


def worked(result: JSONObject) -> bool:
    """Whether an operation succeeded."""
    return 200 <= status_of(result) < 300


def created(scim: Target, model: ResourceModel, result: JSONObject, exchange: Exchange) -> Resource | None:
    """The resource that a result says was created."""
    location = result.get("location")
    if not worked(result) or not isinstance(location, str):
        return None
    identifier = unquote(location.rstrip("/").rpartition("/")[2])
    scim.ledger.adopt(f"{model.endpoint}/{identifier}")
    return Resource(model, identifier, {}, {}, exchange)


def demand_creations(judge: Judge, exchange: Exchange) -> None:
    """End the check when the results do not tell which resources were created."""
    done = [item for item in results(exchange) if str(item.get("method")).upper() == "POST"]
    if exchange.ok and not done:
        judge.blocked("RFC7644-3.7-05", f"the job has no results of creations: {told(exchange)}")
    for item in done:
        if worked(item) and "bulkId" not in item:
            judge.blocked("RFC7644-3.7-18", f"results of creations have no bulkId: {told(exchange)}")
        if worked(item) and not isinstance(item.get("location"), str):
            judge.blocked("RFC7644-3.7-11", f"results of creations have no location: {told(exchange)}")


def told(exchange: Exchange) -> str:
    """A bulk response as a line."""
    found = ", ".join(f"{item.get('method')} {status_of(item) or item.get('status')}" for item in results(exchange)[:6])
    return f"{exchange.summary()}: {found or 'no results'}"
