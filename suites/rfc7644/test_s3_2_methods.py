"""RFC 7644 §3.2: methods that an endpoint does not offer. The discovery documents are kept from changes in RFC 7643 §5.

Nothing here can do harm to what the run did not create: a collection is deleted only where nothing else is in it.
"""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.attempts import attempt, holds_own_only
from scimcheck.harness.documents import CONFIG, SCHEMAS, TYPES, same_document
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target


def _expect_refused(judge: Judge, exchange: Exchange) -> None:
    """Any 4xx or 501 will do."""
    judge.expect(
        "RFC7644-3.2-07",
        400 <= exchange.status < 500 or exchange.status == 501,
        expected=f"a refusal: {exchange.method} is not offered there",
        observed=exchange.summary(),
        at=exchange,
    )


def _expect_refused_as_method(judge: Judge, exchange: Exchange) -> None:
    """405 is what HTTP has for a method that is not offered; a SCIM server may say 501, 404 or 403."""
    _expect_refused(judge, exchange)
    judge.status("RFC9110-9.1-03", exchange, 405, 501, 404, 403)


@check("RFC7644-3.2-07", "RFC9110-9.1-03", needs=("create", "read"), every_type="deep")
def test_collections_cannot_be_replaced_or_deleted(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """PUT and DELETE on a collection, and POST on a resource, are refused, and nothing is lost or made by them."""
    resource = scim.some(model)
    before = scim.current(resource)
    body = scim.payload(model)
    sent = [scim.put(model.endpoint, json=body), scim.post(resource.path, json=body)]
    if holds_own_only(scim, model.endpoint):
        sent.append(scim.delete(model.endpoint))
    for exchange in sent:
        _expect_refused_as_method(judge, exchange)
    after = scim.read(resource)
    judge.expect(
        "RFC7644-3.2-07",
        same_document(before.json, after.json),
        expected="the resource as it was",
        observed=after.summary() if after.status != 200 else "the resource was changed",
        at=(before, *sent, after),
    )


@check("RFC7644-3.2-07", "RFC9110-9.1-03")
def test_discovery_endpoints_take_no_writes(scim: Target, judge: Judge) -> None:
    """PUT, PATCH and DELETE on the discovery collections are refused."""
    for endpoint in (SCHEMAS, TYPES):
        before = scim.get(endpoint)
        if before.status != 200:
            judge.blocked("RFC7644-3.2-06", f"{endpoint} could not be read: {before.summary()}")
        for exchange in (
            scim.put(endpoint, json=before.body),
            scim.patch(endpoint, {"op": "add", "value": {"description": scim.unique("description")}}),
        ):
            _expect_refused_as_method(judge, exchange)
        after = scim.get(endpoint)
        judge.expect(
            "RFC7644-3.2-07",
            same_document(before.json, after.json),
            expected="the list as it was",
            observed="another list",
            at=(before, after),
        )


@check("RFC9110-10.2.1-01", needs=("create",))
def test_405_names_what_is_offered(scim: Target, judge: Judge) -> None:
    """A refusal with 405 has an Allow header, and the refused method is not in it."""
    model = scim.primary
    sent = [
        scim.put(model.endpoint, json=scim.payload(model)),
        scim.post(scim.create(model).path, json=scim.payload(model)),
        scim.put(SCHEMAS, json={}),
        scim.put(CONFIG, json=scim.config),
    ]
    refused = [exchange for exchange in sent if exchange.status == 405]
    if not refused:
        judge.not_applicable("nothing is refused with 405")
    for exchange in refused:
        allowed = {word.strip() for header in exchange.headers("allow") for word in header.split(",")}
        judge.expect(
            "RFC9110-10.2.1-01",
            exchange.header("allow") is not None and exchange.method not in allowed,
            expected=f"an Allow header without {exchange.method}",
            observed=f"Allow: {exchange.header('allow')} on {exchange.summary()}",
            at=exchange,
        )


@check("RFC9110-9.1-02", writes=False)
def test_unknown_methods_are_not_carried_out(scim: Target, judge: Judge) -> None:
    """A method that nobody defined is answered with 501, or refused in another way."""
    exchange = attempt(scim, "SCIMCHECK", scim.primary.endpoint)
    if exchange is None:
        judge.not_applicable("the connection is closed on a method that nobody defined")
        return
    judge.status("RFC9110-9.1-02", exchange, 501, 405, 400, 403, 404)


@check("RFC7644-3.2-07", needs=("search",))
def test_search_takes_post_only(scim: Target, judge: Judge) -> None:
    """PUT and PATCH on .search are refused, as a method or as an id that names nothing."""
    body = {"schemas": [urns.SEARCH_REQUEST], "count": 1}
    path = scim.ledger.mint(scim.primary.endpoint, ".search")
    for method in ("PUT", "PATCH"):
        _expect_refused(judge, scim.request(method, path, json=body))
