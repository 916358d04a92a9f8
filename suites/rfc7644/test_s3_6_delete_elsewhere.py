"""RFC 7644 §3.6: what is deleted is found by no query of any kind. GET and plain lists: test_s3_6_delete.py."""

from __future__ import annotations

from scimcheck.core import urns
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import quoted
from scimcheck.harness.target import Target, ids

GONE = "RFC7644-3.6-03"


@check(GONE, needs=("create", "delete", "filter"))
def test_no_query_finds_what_is_deleted(scim: Target, judge: Judge) -> None:
    """A deleted resource is found neither by its externalId nor by a search with POST."""
    model = scim.primary
    external = scim.unique("deleted")
    resource = scim.create(model, externalId=external)
    deleted = scim.delete(resource.path)
    if not deleted.ok:
        judge.blocked("RFC7644-3.6-01", f"the resource could not be deleted: {deleted.summary()}")
    found = [scim.search(model.endpoint, f"externalId eq {quoted(external)}")]
    if scim.capabilities.works("search", model):
        expression = f"{attributes.naming(model)} eq {quoted(resource.name)}"
        body = {"schemas": [urns.SEARCH_REQUEST], "filter": expression}
        found.append(scim.post(f"{model.endpoint}/.search", json=body))
    for exchange in found:
        judge.expect(
            GONE,
            resource.id not in ids(exchange.resources),
            expected="no match",
            observed=f"{exchange.summary()} with the deleted resource",
            at=(resource.exchange, deleted, exchange),
        )
