"""RFC 7644 §3.7 and §3.7.3: bulk jobs, their operations and results. References: §3.7.2; limits: §3.7.4."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.bulking import (
    created,
    creation,
    deletion_of_nobody,
    demand_creations,
    job,
    on,
    result_of,
    results,
    status_of,
    told,
    worked,
)
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import put_body
from scimcheck.harness.target import Resource, Target, patch_op
from scimcheck.harness.versions import REFUSED, versioned


@check(
    "RFC7644-3.7-02",
    "RFC7644-3.7-04",
    "RFC7644-3.7-05",
    "RFC7644-3.7-11",
    "RFC7644-3.7-13",
    "RFC7644-3.7-14",
    "RFC7644-3.7-18",
    "RFC7644-3.7.3-01",
    "RFC7644-3.7.3-02",
    needs=("read", "bulk"),
    depth="quick",
    every_type="deep",
)
def test_form_of_a_response(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A job is answered with 200 and a BulkResponse that has a result for every operation."""
    names = ("first", "second")
    exchange = job(scim, *(creation(scim, model, name) for name in names), failOnErrors=5)
    judge.status("RFC7644-3.7-14", exchange, 200)
    schemas = exchange.body.get("schemas")
    listed = isinstance(schemas, list) and urns.BULK_RESPONSE in schemas
    judge.expect("RFC7644-3.7-02", listed, expected=urns.BULK_RESPONSE, observed=f"schemas {schemas!r}", at=exchange)
    judge.expect(
        "RFC7644-3.7-04",
        "failOnErrors" not in exchange.body,
        expected="no failOnErrors",
        observed=f"failOnErrors {exchange.body.get('failOnErrors')!r}",
        at=exchange,
    )
    judge.demand(
        "RFC7644-3.7-05", len(results(exchange)) == 2, expected="two results", observed=told(exchange), at=exchange
    )
    known = [item.get("bulkId") for item in results(exchange)]
    judge.demand(
        "RFC7644-3.7-18",
        sorted(map(str, known)) == sorted(names),
        expected=f"bulkId {' and '.join(names)}",
        observed=f"bulkId {known!r}",
        at=exchange,
    )
    judge.expect("RFC7644-3.7.3-01", True, expected="", observed="", at=exchange)
    for name in names:
        _judge_created(scim, judge, model, result_of(exchange, name), exchange)


def _judge_created(scim: Target, judge: Judge, model: ResourceModel, result: JSONObject, exchange: Exchange) -> None:
    judge.expect(
        "RFC7644-3.7.3-02", status_of(result) == 201, expected="status 201", observed=repr(result)[:300], at=exchange
    )
    if isinstance(result.get("status"), int):
        judge.advise("RFC7644-3.7.3-02", expected='"201", a text', observed="a number", at=exchange)
    made = created(scim, model, result, exchange)
    read = scim.read(made) if made else None
    judge.expect(
        "RFC7644-3.7-11",
        read is not None and read.status == 200,
        expected="a location that leads to the resource",
        observed=f"location {result.get('location')!r}, {read.summary() if read else 'not read'}",
        at=(exchange, read) if read else exchange,
    )
    response = result.get("response")
    judge.expect(
        "RFC7644-3.7-13",
        response is None or (isinstance(response, dict) and (not response or "id" in response)),
        expected="the resource, or no response",
        observed=f"response {response!r}",
        at=exchange,
    )


def _change(scim: Target, resource: Resource, value: str) -> JSONObject:
    """A PUT operation that gives the changeable text another value."""
    found = attributes.changeable(resource.model)
    name = found.name if found else attributes.naming(resource.model)
    return on("PUT", resource.path, put_body(scim, resource, **{name: value}))


def _value(scim: Target, resource: Resource) -> object:
    found = attributes.changeable(resource.model)
    return scim.state(resource).get(found.name if found else attributes.naming(resource.model))


@check(
    "RFC7644-3.7-06",
    "RFC7644-3.7-09",
    "RFC7644-3.7-20",
    needs=("read", "bulk", "put", "delete"),
)
def test_every_method(scim: Target, judge: Judge) -> None:
    """POST, PUT and DELETE work in a job as they do alone, take effect in order, and are named in the results."""
    model = scim.primary
    one, other = scim.some(model), scim.some(model)
    last = scim.unique("last")
    operations = (
        _change(scim, one, scim.unique("early")),
        _change(scim, one, last),
        _change(scim, other, scim.unique("other")),
        on("DELETE", other.path),
        creation(scim, model, "new"),
    )
    exchange = job(scim, *operations)
    sent = sorted(str(operation["method"]) for operation in operations)
    found = [str(item.get("method")) for item in results(exchange)]
    at = (one.exchange, other.exchange, exchange)
    judge.expect("RFC7644-3.7-06", sorted(found) == sent, expected=f"{sent}", observed=told(exchange), at=at)
    judge.demand(
        "RFC7644-3.7-09",
        bool(found) and all(worked(item) for item in results(exchange)),
        expected="success of every operation",
        observed=told(exchange),
        at=at,
    )
    gone = scim.read(other)
    value = _value(scim, one)
    judge.expect(
        "RFC7644-3.7-20",
        value == last and gone.status == 404,
        expected=f"the value that the later operation set, {last!r}, and the deleted resource gone",
        observed=f"{value!r}, and {gone.summary()}",
        at=(*at, gone),
    )
    if gone.status == 404:
        scim.ledger.gone(other.path)


@check("RFC7644-3.7-10", needs=("read", "bulk", "patch-replace"))
def test_data_is_the_body_of_a_request(scim: Target, judge: Judge) -> None:
    """``data`` of a PATCH is a PatchOp message; POST, PUT and PATCH fail without ``data``."""
    resource = scim.some(scim.primary)
    found = attributes.changeable(resource.model)
    if found is None:
        judge.not_applicable(f"{resource.model.name} has no text to change")
    value = scim.unique("patched")
    exchange = job(scim, on("PATCH", resource.path, patch_op({"op": "replace", "path": found.name, "value": value})))
    judge.expect(
        "RFC7644-3.7-10",
        all(worked(item) for item in results(exchange)) and _value(scim, resource) == value,
        expected=f"{found.name} {value!r}",
        observed=told(exchange),
        at=(resource.exchange, exchange),
    )
    for operation in (on("POST", resource.model.endpoint, bulkId="x"), on("PUT", resource.path)):
        _judge_refused(judge, "RFC7644-3.7-10", job(scim, operation), "an error, for data is missing")


def _judge_refused(judge: Judge, requirement: str, exchange: Exchange, expected: str) -> None:
    """Expect a job of one operation to fail, as a whole or in its result."""
    failed = [item for item in results(exchange) if 400 <= status_of(item) < 500]
    judge.expect(
        requirement,
        400 <= exchange.status < 500 or (exchange.ok and bool(failed)),
        expected=expected,
        observed=told(exchange),
        at=exchange,
    )


@check("RFC7644-3.7-06", "RFC7644-3.7-07", "RFC7644-3.7-09", needs=("read", "bulk"))
def test_faulty_operations_fail(scim: Target, judge: Judge) -> None:
    """Other methods, and paths that do not go with the method, are errors; a POST without bulkId should be one."""
    resource = scim.some(scim.primary)
    model = resource.model
    _judge_refused(judge, "RFC7644-3.7-06", job(scim, on("GET", resource.path)), "an error, for GET is no bulk method")
    anonymous = job(scim, on("POST", model.endpoint, scim.payload(model)))
    if any(worked(item) for item in results(anonymous)):
        judge.advise("RFC7644-3.7-07", expected="an error", observed=told(anonymous), at=anonymous)
    else:
        _judge_refused(judge, "RFC7644-3.7-07", anonymous, "an error, for bulkId is missing")
    misplaced = (
        on("POST", resource.path, scim.payload(model), bulkId="x"),
        on("PUT", model.endpoint, scim.payload(model)),
    )
    for operation in misplaced:
        exchange = job(scim, operation)
        _judge_refused(judge, "RFC7644-3.7-09", exchange, f"an error, for {operation['method']} {operation['path']}")


@check(
    "RFC7644-3.7-12",
    "RFC7644-3.7-14",
    "RFC7644-3.7-16",
    "RFC7644-3.7.3-03",
    "RFC7644-3.7.3-04",
    needs=("read", "bulk"),
    depth="quick",
)
def test_failures_stay_alone(scim: Target, judge: Judge) -> None:
    """What fails says why, and the rest of the job is done all the same."""
    model = scim.primary
    operations = (creation(scim, model, "a"), deletion_of_nobody(scim, model), creation(scim, model, "b"))
    exchange = job(scim, *operations)
    judge.demand("RFC7644-3.7-14", exchange.status == 200, expected="200", observed=told(exchange), at=exchange)
    demand_creations(judge, exchange)
    failed = next((item for item in results(exchange) if item.get("method") == "DELETE"), {})
    judge.expect("RFC7644-3.7.3-04", status_of(failed) == 404, expected="404", observed=told(exchange), at=exchange)
    done = [created(scim, model, result_of(exchange, name), exchange) for name in ("a", "b")]
    judge.expect(
        "RFC7644-3.7-16",
        all(made is not None and scim.read(made).status == 200 for made in done),
        expected="both creations carried out",
        observed=told(exchange),
        at=exchange,
    )
    response, status = failed.get("response"), failed.get("status")
    body = response if isinstance(response, dict) else {}
    judge.expect(
        "RFC7644-3.7-12",
        urns.ERROR in str(body.get("schemas")),
        expected="response, an error message",
        observed=repr(failed)[:300],
        at=exchange,
    )
    explained = body.get("detail") or (isinstance(status, dict) and status.get("description"))
    judge.expect("RFC7644-3.7.3-03", explained, expected="a detail", observed=repr(failed)[:300], at=exchange)


@check("RFC7644-3.7-17", needs=("read", "bulk"))
def test_too_many_errors_end_a_job(scim: Target, judge: Judge) -> None:
    """With ``failOnErrors`` a job ends after that many errors; what was done before stays."""
    model = scim.primary
    for limit in (1, 2):
        failing = [deletion_of_nobody(scim, model) for _ in range(limit)]
        operations = (creation(scim, model, "before"), *failing, creation(scim, model, "after"))
        exchange = job(scim, *operations, failOnErrors=limit)
        demand_creations(judge, exchange)
        before, after = (created(scim, model, result_of(exchange, name), exchange) for name in ("before", "after"))
        judge.expect(
            "RFC7644-3.7-17",
            exchange.ok and after is None and before is not None and scim.read(before).status == 200,
            expected=f"an end after {limit} errors, what was done before in place",
            observed=told(exchange),
            at=exchange,
        )


@check("RFC7644-3.7-03", "RFC7644-3.7-15", needs=("bulk",))
def test_malformed_jobs_are_refused(scim: Target, judge: Judge) -> None:
    """A message that is no bulk request is refused; one that only lacks its URN gets a remark."""
    model = scim.primary
    anonymous = scim.post("/Bulk", json={"Operations": [deletion_of_nobody(scim, model)]})
    if anonymous.ok:
        judge.advise("RFC7644-3.7-03", expected="400 invalidSyntax", observed=anonymous.summary(), at=anonymous)
    empty = scim.post("/Bulk", json={"schemas": [urns.BULK_REQUEST]})
    judge.status("RFC7644-3.7-03", empty, 400)
    broken = scim.post("/Bulk", content=b'{"schemas": [', headers={"Content-Type": urns.MEDIA_TYPE})
    judge.expect(
        "RFC7644-3.7-15",
        400 <= broken.status < 500,
        expected="an error such as 400 invalidSyntax",
        observed=broken.summary(),
        at=broken,
    )


@check("RFC7644-3.7-08", needs=("read", "bulk", "etag", "put"))
def test_versions_are_preconditions(scim: Target, judge: Judge) -> None:
    """An operation with an outdated version fails and changes nothing."""
    subject = versioned(scim, judge, scim.primary)
    operation = _change(scim, subject.resource, scim.unique("lost"))
    exchange = job(scim, {**operation, "version": subject.outdated})
    changes = subject.refresh()
    found = [status_of(item) for item in results(exchange)]
    judge.expect(
        "RFC7644-3.7-08",
        len(found) == 1 and found[0] in REFUSED and not changes,
        expected="status 412, and nothing changed",
        observed=f"{told(exchange)}; {'; '.join(changes) or 'nothing changed'}",
        at=subject.at(exchange, subject.read),
    )
