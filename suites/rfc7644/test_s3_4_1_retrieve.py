"""RFC 7644 §3.4.1: retrieving a known resource. Projection is the business of §3.9, entity-tags of §3.14."""

from __future__ import annotations

from urllib.parse import quote

from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target


@check("RFC7644-3.4.1-01", needs=("create",), depth="quick")
def test_existing_resource_is_returned(scim: Target, judge: Judge, resource: Resource) -> None:
    """GET on an existing resource answers 200 with that resource."""
    exchange = scim.read(resource)
    judge.demand(
        "RFC7644-3.4.1-01",
        exchange.status == 200,
        expected="200",
        observed=exchange.summary(),
        at=(resource.exchange, exchange),
    )
    judge.expect(
        "RFC7644-3.4.1-01",
        str(exchange.body.get("id")) == resource.id,
        expected=f"the resource with id {resource.id}",
        observed=f"a body with id {exchange.body.get('id')!r}",
        at=(resource.exchange, exchange),
    )


@check("RFC7644-3.4.1-02", needs=("read",), depth="quick")
def test_unknown_id_is_not_found(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """GET on an id that was never given out answers 404."""
    judge.status("RFC7644-3.4.1-02", scim.get(scim.unknown_id(model)), 404)


@check("RFC7644-3.4.1-03", needs=("User",))
def test_another_unique_attribute_is_no_id(scim: Target, judge: Judge, user: Resource) -> None:
    """Two users cannot be confused by way of userName: what a userName in the path yields is that user or nothing."""
    exchange = scim.get(f"{user.model.endpoint}/{quote(user.name, safe='')}")
    judge.expect(
        "RFC7644-3.4.1-03",
        exchange.status != 200 or str(exchange.body.get("id")) == user.id,
        expected="404, or the user of that name",
        observed=exchange.summary(),
        at=(user.exchange, exchange),
    )
