"""RFC 7644 §3.7: results and versions of each method in a bulk job. Creations and PUT: test_s3_7_bulk.py."""

from __future__ import annotations

from urllib.parse import unquote

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSONObject
from scimcheck.harness import attributes, check
from scimcheck.harness.bulking import job, job_size, on, results, status_of, told
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import put_body
from scimcheck.harness.target import Resource, Target, patch_op
from scimcheck.harness.versions import REFUSED, versioned

STATUS, LOCATION, VERSION = "RFC7644-3.7.3-02", "RFC7644-3.7-11", "RFC7644-3.7-08"
#: What the single request is answered with, by method.
USUAL = {"PUT": (200,), "PATCH": (200, 204), "DELETE": (204,)}


def _text(resource: Resource) -> str:
    found = attributes.changeable(resource.model)
    return found.name if found else attributes.naming(resource.model)


def _patch(scim: Target, resource: Resource) -> JSONObject:
    operation: JSONObject = {"op": "replace", "path": _text(resource), "value": scim.unique("bulk")}
    return patch_op(operation)


def _results(scim: Target, operations: list[JSONObject]) -> list[tuple[JSONObject, JSONObject, Exchange]]:
    """Each operation with its result and the exchange: of one job, or of as many where a job holds too few."""
    jobs = [operations] if job_size(scim) >= len(operations) else [[operation] for operation in operations]
    found = []
    for each in jobs:
        exchange = job(scim, *each)
        for operation in each:
            mine = [item for item in results(exchange) if str(item.get("method")).upper() == operation["method"]]
            found.append((operation, mine[0] if mine else {}, exchange))
    return found


@check(STATUS, LOCATION, needs=("bulk", "create", "read", "put", "delete"))
def test_each_result_tells_status_and_location(scim: Target, judge: Judge) -> None:
    """The results of PUT, PATCH and DELETE have the status of the single request and the resource's location."""
    model = scim.primary
    kept, lost = (scim.create_from(model, scim.payload(model)) for _ in range(2))
    operations = [
        on("PUT", kept.path, put_body(scim, kept, **{_text(kept): scim.unique("bulk")})),
        *([on("PATCH", kept.path, _patch(scim, kept))] if scim.capabilities.works("patch", kept.model) else []),
        on("DELETE", lost.path),
    ]
    for operation, result, exchange in _results(scim, operations):
        resource = lost if operation["method"] == "DELETE" else kept
        judge.expect(
            STATUS,
            status_of(result) in USUAL[str(operation["method"])],
            expected=f"status {' or '.join(map(str, USUAL[str(operation['method'])]))} for {operation['method']}",
            observed=told(exchange),
            at=(resource.exchange, exchange),
        )
        location = unquote(str(result.get("location") or "")).split("?")[0].rstrip("/")
        judge.expect(
            LOCATION,
            location.endswith(unquote(resource.path)),
            expected=f"a location that ends with {resource.path}",
            observed=f"location {result.get('location')!r} for {operation['method']}",
            at=(resource.exchange, exchange),
        )


@check(VERSION, needs=("bulk", "etag", "read", "patch", "delete"))
def test_outdated_versions_hold_up_patch_and_delete(scim: Target, judge: Judge) -> None:
    """A PATCH and a DELETE operation with a version that is out of date are refused, and change nothing."""
    subject = versioned(scim, judge, scim.primary, shared=True)
    resource = subject.resource
    operations = [
        on("PATCH", resource.path, _patch(scim, resource), version=subject.outdated),
        on("DELETE", resource.path, version=subject.outdated),
    ]
    answers = _results(scim, operations)
    sent = tuple(dict.fromkeys(exchange.id for _, _, exchange in answers))
    exchanges = [exchange for _, _, exchange in answers][: len(sent)]
    changes = subject.refresh()
    if changes and subject.read.status != 200:
        scim.cache.pop(("versioned", resource.model.name), None)
    judge.expect(
        VERSION,
        all(status_of(result) in REFUSED for _, result, _ in answers) and not changes,
        expected="status 412 for each, and nothing changed",
        observed="; ".join([*(told(exchange) for exchange in exchanges), *changes]),
        at=subject.at(*exchanges, subject.read),
    )
