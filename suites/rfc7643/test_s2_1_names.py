"""RFC 7643 §2.1: names of attributes in request bodies. Names in filters, paths and projections: RFC 7644 §3.10."""

from __future__ import annotations

from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import kept
from scimcheck.harness.target import Target


@check("RFC7643-2.1-01", needs=("create", "read"), every_type="deep")
def test_letter_case_of_names_does_not_matter(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A value under a name in other letters lands in the attribute that the schema defines."""
    name = attributes.naming(model)
    located = model.find(None, name)
    if located is None or name == "id":
        judge.not_applicable(f"{model.name} has no name to spell otherwise")
        return
    body = scim.payload(model)
    value = body.pop(name)
    exchange = scim.post(model.endpoint, json={**body, name.upper(): value})
    if not judge.expect(
        "RFC7643-2.1-01",
        exchange.ok,
        expected=f"201: {name.upper()} is {name}",
        observed=exchange.summary(),
        at=exchange,
    ):
        return
    found = scim.read(scim.resource_of(model, body, exchange))
    judge.expect(
        "RFC7643-2.1-01",
        kept(value, found.body.get(name), located.attribute),
        expected=f"{name}: {value}",
        observed=f"{name}: {found.body.get(name)!r}",
        at=(exchange, found),
    )
