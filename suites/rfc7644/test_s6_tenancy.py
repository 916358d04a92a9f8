"""RFC 7644 §6: tenants. What another tenant's credentials may not do is judged by the suites on authentication."""

from __future__ import annotations

from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target


@check("RFC7644-6.1-01", needs=("second-client", "User"))
def test_another_tenant_is_out_of_reach(scim: Target, judge: Judge, user: Resource) -> None:
    """A client of another tenant gets 403 or 404 for a resource, and does not find it in a list."""
    other = scim.identities.second_tenant
    read = scim.get(user.path, auth=other)
    judge.expect(
        "RFC7644-6.1-01",
        read.status in (403, 404),
        expected="403 or 404",
        observed=read.summary(),
        at=(user.exchange, read),
    )
    naming = attributes.naming(user.model)
    found = scim.get(user.model.endpoint, params={"filter": f'{naming} eq "{user.name}"'}, auth=other)
    judge.expect(
        "RFC7644-6.1-01",
        all(str(item.get("id")) != user.id for item in found.resources),
        expected="a list without the other tenant's resource",
        observed=f"{found.summary()} with that resource",
        at=(user.exchange, found),
    )


@check("RFC7644-6.2-02", needs=("second-client", "User"))
def test_external_ids_of_tenants_do_not_collide(scim: Target, judge: Judge) -> None:
    """The same externalId may be used in two tenants."""
    model, external = scim.user, scim.unique("external")
    if model is None:
        judge.not_applicable("the target has no users")
        return
    mine = scim.create(model, externalId=external)
    body = scim.payload(model, externalId=external)
    theirs = scim.post(model.endpoint, json=body, auth=scim.identities.second_tenant)
    if theirs.ok:
        made = scim.resource_of(model, body, theirs)
        scim.delete(made.path, auth=scim.identities.second_tenant)
    elif theirs.status in (401, 403):
        judge.not_applicable(f"the second tenant's client cannot create users: {theirs.summary()}")
    judge.expect(
        "RFC7644-6.2-02",
        theirs.ok,
        expected="201: an externalId counts within its tenant",
        observed=theirs.summary(),
        at=(mine.exchange, theirs),
    )
