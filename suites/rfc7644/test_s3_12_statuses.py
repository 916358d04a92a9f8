"""RFC 7644 §3.12, tables 8 and 9: which status tells which kind of fault. Malformed bodies are judged in
``test_s3_12_malformed``, authentication in §2, faults of a single operation in its section.
"""

from __future__ import annotations

from scimcheck.checks.flaws import names_urn
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.documents import same_document
from scimcheck.harness.judge import Judge
from scimcheck.harness.probes import advertised
from scimcheck.harness.target import Target

#: Most operations that a request is made of to exceed the limit of a target.
MOST_OPERATIONS = 2000


@check("RFC7644-3.12-11", needs=("create",), every_type="deep")
def test_unknown_resources_are_not_found(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """What names no resource is answered with 404, whatever the method."""
    path = scim.unknown_id(model)
    exchanges = [scim.get(path), scim.delete(path)]
    if scim.capabilities.works("put", model):
        exchanges.append(scim.put(path, json=scim.payload(model)))
    if scim.capabilities.works("patch", model):
        exchanges.append(scim.patch(path, {"op": "replace", "path": "externalId", "value": "x"}))
    for exchange in exchanges:
        judge.status("RFC7644-3.12-11", exchange, 404)


@check("RFC7644-3.12-11", writes=False)
def test_unknown_endpoints_are_not_found(scim: Target, judge: Judge) -> None:
    """What names no endpoint is answered with 404."""
    for path in ("/NoSuchEndpoint", "/NoSuchEndpoint/42", f"/{scim.unique('Nowhere')}"):
        judge.status("RFC7644-3.12-11", scim.get(path), 404)
    judge.expect(
        "RFC7644-3.12-11",
        (posted := scim.post("/NoSuchEndpoint", json={"schemas": [urns.USER]})).status in (404, 405, 501),
        expected="404",
        observed=posted.summary(),
        at=posted,
    )


@check("RFC7644-3.12-12", "RFC7644-3.12-19", needs=("User",))
def test_duplicates_are_conflicts(scim: Target, judge: Judge) -> None:
    """A name that is in use is refused with 409 uniqueness; a change to such a name with 409 or 400."""
    user = scim.some(scim.user or scim.primary)
    model = user.model
    again = scim.post(model.endpoint, json=scim.payload(model, userName=user.name))
    judge.status("RFC7644-3.12-12", again, 409, also=(user.exchange,))
    exchanges = [again]
    if scim.capabilities.works("put", model):
        other = scim.create(model)
        exchanges.append(scim.put(other.path, json={**other.sent, "id": other.id, "userName": user.name}))
        judge.status("RFC7644-3.12-12", exchanges[-1], 409, 400, also=(user.exchange, other.exchange))
    judge.expect(
        "RFC7644-3.12-19",
        all(exchange.status in (400, 409) for exchange in exchanges),
        expected="409 (or 400) with scimType uniqueness",
        observed=", ".join(exchange.summary() for exchange in exchanges),
        at=(user.exchange, *exchanges),
    )
    for exchange in exchanges:
        if exchange.status in (400, 409) and exchange.scim_type != "uniqueness":
            judge.advise(
                "RFC7644-3.12-19",
                expected="scimType uniqueness",
                observed=f"scimType {exchange.body.get('scimType')!r} on {exchange.summary()}",
                at=(user.exchange, exchange),
            )


@check("RFC7644-3.12-13", needs=("etag", "put"))
def test_outdated_version_is_a_failed_precondition(scim: Target, judge: Judge) -> None:
    """A change of an outdated version is refused with 412 (or 409)."""
    resource = scim.create(scim.primary)
    tag = '"scimcheck-outdated"'
    body = {**resource.sent, "id": resource.id}
    exchange = scim.put(resource.path, json=body, headers={"If-Match": tag})
    judge.status("RFC7644-3.12-13", exchange, 412, 409, also=(resource.exchange,))


@check("RFC7644-3.12-14", needs=("bulk",))
def test_too_many_operations_are_too_large(scim: Target, judge: Judge) -> None:
    """A bulk request of more operations than bulk.maxOperations is refused with 413."""
    bulk = scim.config.get("bulk")
    limit = bulk.get("maxOperations") if isinstance(bulk, dict) else None
    if not isinstance(limit, int) or isinstance(limit, bool) or not 0 < limit <= MOST_OPERATIONS:
        judge.not_applicable(f"bulk.maxOperations is {limit!r}, which is not exceeded here")
        return
    path = scim.unknown_id(scim.primary)
    operations = [{"method": "DELETE", "path": path} for _ in range(limit + 1)]
    exchange = scim.post("/Bulk", json={"schemas": [urns.BULK_REQUEST], "Operations": operations})
    judge.status("RFC7644-3.12-14", exchange, 413)


@check("RFC7644-3.12-16", needs=("create", "read"))
def test_what_is_not_supported_is_not_implemented(scim: Target, judge: Judge) -> None:
    """Operations that the target does not have are refused with 501; 405 and 404 are usual, too."""
    exchanges = list(_unsupported(scim))
    if not exchanges:
        judge.not_applicable("the target supports every optional operation")
    for exchange in exchanges:
        if exchange.status in (404, 405):
            judge.advise("RFC7644-3.12-16", expected="501", observed=exchange.summary(), at=exchange)
        else:
            judge.status("RFC7644-3.12-16", exchange, 501)


def _unsupported(scim: Target) -> list[Exchange]:
    """One request for each operation that the target says it does not have."""
    found: list[Exchange] = []
    if advertised(scim, "patch") is False:
        resource = scim.create(scim.primary)
        found.append(scim.patch(resource.path, {"op": "remove", "path": "externalId"}))
    if advertised(scim, "bulk") is False:
        found.append(scim.post("/Bulk", json={"schemas": [urns.BULK_REQUEST], "Operations": []}))
    if not scim.capabilities.works("me"):
        found.append(scim.get("/Me"))
    return [exchange for exchange in found if not exchange.ok]


@check("RFC7644-3.12-07", writes=False)
def test_redirects_keep_the_method(scim: Target, judge: Judge) -> None:
    """Where an address leads to another, the redirect is 307 or 308 and says where to go."""
    asked = [scim.get("/Me"), *(scim.get(f"{model.endpoint}/", params={"count": "1"}) for model in scim.models)]
    redirects = [exchange for exchange in asked if 301 <= exchange.status <= 308 and exchange.status != 304]
    if not redirects:
        judge.not_applicable("nothing redirects")
    for exchange in redirects:
        judge.expect(
            "RFC7644-3.12-07",
            exchange.status in (307, 308) and exchange.header("location"),
            expected="307 or 308 with a Location",
            observed=f"{exchange.summary()}, Location: {exchange.header('location')}",
            at=exchange,
        )


@check("RFC7644-3.2-09", "RFC7644-3.12-01", needs=("create", "read"))
def test_errors_are_told_by_status_and_body(scim: Target, judge: Judge) -> None:
    """Faults come as HTTP status with a JSON body, and change nothing."""
    model = scim.primary
    resource = scim.shared(model)[0]
    before = scim.shown(resource)
    provoked = [
        scim.get(scim.unknown_id(model)),
        scim.post(model.endpoint, content=b'{"schemas":', headers={"Content-Type": urns.MEDIA_TYPE}),
        scim.get(f"{model.endpoint}/no/such/thing"),
        scim.put(model.endpoint, json=scim.payload(model)),
        scim.post(model.endpoint, content=b"<User/>", headers={"Content-Type": "application/xml"}),
    ]
    if scim.capabilities.works("filter", model):
        provoked.append(scim.search(model.endpoint, "this is no filter"))
    for exchange in provoked:
        judge.expect(
            "RFC7644-3.2-09",
            not names_urn(exchange.body, urns.ERROR) or exchange.status >= 400,
            expected="a status of 400 or more",
            observed=exchange.summary(),
            at=exchange,
        )
        judge.expect(
            "RFC7644-3.12-01",
            exchange.status < 400 or exchange.status >= 500 or isinstance(exchange.json, dict),
            expected="a SCIM error as JSON body",
            observed=f"{exchange.summary()} with {exchange.media_type or 'no body'}",
            at=exchange,
        )
    after = scim.read(resource)
    judge.expect(
        "RFC7644-3.2-09",
        same_document(before.json, after.json),
        expected="the resource as it was",
        observed="a faulty request changed it",
        at=(before, *provoked, after),
    )
