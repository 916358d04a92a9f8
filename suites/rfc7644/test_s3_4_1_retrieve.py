"""RFC 7644 §3.4.1: retrieving a known resource. Projection is the business of §3.9, entity-tags of §3.14."""

from __future__ import annotations

from urllib.parse import quote

import pytest

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


@check("RFC7644-3.2-03", needs=("create", "read", "list"))
def test_resources_and_collections_can_be_read(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """GET is supported on the endpoint of a type and on its resources."""
    resource = scim.shared(model)[0]
    single = scim.read(resource)
    several = scim.get(resource.model.endpoint)
    judge.expect(
        "RFC7644-3.2-03",
        single.status == 200,
        expected="200 for the resource",
        observed=single.summary(),
        at=(resource.exchange, single),
    )
    judge.expect(
        "RFC7644-3.2-03",
        several.status == 200 or (several.status == 400 and several.scim_type == "tooMany"),
        expected="200 for the collection",
        observed=several.summary(),
        at=several,
    )


@check("RFC7644-3.4.1-02", needs=("read",), depth="quick")
def test_unknown_id_is_not_found(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """GET on an id that was never given out answers 404."""
    shapeless = scim.get(scim.unknown_id(model))
    if shapeless.status == 400:  # an id that cannot be one may be refused: try one in the provider's own form
        shapeless = scim.get(_similar_id(scim, model))
    judge.status("RFC7644-3.4.1-02", shapeless, 404)


@pytest.mark.parametrize("odd", ["%27%3D%27", "7" * 500], ids=ascii)
@check("RFC7644-3.4.1-02", needs=("read",))
def test_odd_id_is_not_found(scim: Target, judge: Judge, odd: str) -> None:
    """What can hardly be an id leads nowhere, and breaks nothing."""
    exchange = scim.get(f"{scim.primary.endpoint}/{odd}")
    judge.expect(
        "RFC7644-3.4.1-02",
        400 <= exchange.status < 500,
        expected="404",
        observed=exchange.summary(),
        at=exchange,
    )


def _similar_id(scim: Target, model: ResourceModel) -> str:
    """The path of an id that looks like those of the target: digits and letters in other places."""
    known = scim.shared(model)[0].id
    turned = known[:-6] + "".join("7" if sign.isdigit() else sign for sign in known[-6:][::-1])
    return scim.ledger.mint(model.endpoint, quote(turned, safe=""))


@check("RFC7644-3.4.1-02", needs=("read",))
def test_id_of_another_type_is_not_found(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An id is found below the endpoint of its own type alone."""
    others = [kind for kind in scim.models if kind.endpoint != model.endpoint]
    if not others:
        judge.not_applicable("the target has one resource type")
    resource = scim.shared(model)[0]
    for kind in others[:2]:
        exchange = scim.get(f"{kind.endpoint}/{quote(resource.id, safe='')}")
        meta = exchange.body.get("meta")
        told = meta.get("resourceType") if isinstance(meta, dict) else None
        judge.expect(
            "RFC7644-3.4.1-02",
            # a resource of that other type with the same id is the business of RFC7643-3.1-04
            exchange.status != 200 or str(exchange.body.get("id")) != resource.id or told == kind.name,
            expected=f"404: {resource.id} is a {model.name}",
            observed=exchange.summary(),
            at=(resource.exchange, exchange),
        )


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
