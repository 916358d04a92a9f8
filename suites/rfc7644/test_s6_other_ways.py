"""RFC 7644 §2, §6.1: no way leads to what a client has no right to. Plain ways: test_s6_tenancy.py, RFC 6750 §2.1."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import quoted
from scimcheck.harness.target import Resource, Target, ids

POLICY, TENANTS = "RFC7644-2-02", "RFC7644-6.1-01"


def _own(scim: Target) -> Resource:
    """A resource for this check alone: what is done to it in a bulk request nobody else would notice."""
    return scim.create_from(scim.primary, scim.payload(scim.primary))


def _deletion(resource: Resource) -> JSONObject:
    """A bulk request that deletes the resource."""
    operation: JSONObject = {"method": "DELETE", "path": resource.path}
    return {"schemas": [urns.BULK_REQUEST], "Operations": [operation]}


def _writes(scim: Target, victim: Resource, header: str | None) -> list[Exchange]:
    """Changes of the resource by other ways than PATCH and DELETE."""
    model = victim.model
    sent: list[Exchange] = []
    if scim.capabilities.works("put", model):
        sent.append(scim.put(victim.path, json=scim.payload(model), auth=header))
    if scim.capabilities.works("bulk"):
        sent.append(scim.post("/Bulk", json=_deletion(victim), auth=header))
    return sent


def _judge_kept(scim: Target, judge: Judge, requirement: str, victim: Resource, sent: list[Exchange]) -> None:
    """Nothing of that has changed the resource."""
    after = scim.read(victim)
    named = str(after.body.get(attributes.naming(victim.model))).lower() == victim.name.lower()
    judge.expect(
        requirement,
        after.status == 200 and named,
        expected="the resource as it was",
        observed="; ".join(exchange.summary() for exchange in (*sent, after)),
        at=(victim.exchange, *sent, after),
    )


@check(POLICY, TENANTS, needs=("second-client", "create", "read"))
def test_no_way_leads_to_another_tenant(scim: Target, judge: Judge) -> None:
    """PUT, Bulk, filters and searches reach nothing of another tenant, and no total counts it."""
    other, victim = scim.identities.second_tenant, _own(scim)
    endpoint, expression = victim.model.endpoint, f"{attributes.naming(victim.model)} eq {quoted(victim.name)}"
    sent = _writes(scim, victim, other)
    _judge_kept(scim, judge, POLICY, victim, sent)
    asked = []
    if scim.capabilities.works("filter", victim.model):
        asked.append(scim.get(endpoint, params={"filter": expression}, auth=other))
        if scim.capabilities.works("search", victim.model):
            body = {"schemas": [urns.SEARCH_REQUEST], "filter": expression}
            asked.append(scim.post(f"{endpoint}/.search", json=body, auth=other))
    judge.expect(TENANTS, True, expected="", observed="")
    for found in asked:
        judge.expect(
            TENANTS,
            not found.ok or (victim.id not in ids(found.resources) and not found.body.get("totalResults")),
            expected="a list of nothing, or a refusal",
            observed=f"{found.summary()} with totalResults {found.body.get('totalResults')!r}",
            at=(victim.exchange, found),
        )


@check(POLICY, TENANTS, needs=("second-client", "create", "read"), depth="deep")
def test_no_type_is_open_to_another_tenant(scim: Target, judge: Judge) -> None:
    """Resources of every type are kept from another tenant, for GET and HEAD alike."""
    other = scim.identities.second_tenant
    for model in scim.models:
        victim = scim.create(model)
        sent = [scim.get(victim.path, auth=other), scim.request("HEAD", victim.path, auth=other)]
        opened = [exchange for exchange in sent if exchange.ok]
        for requirement in (POLICY, TENANTS):
            judge.expect(
                requirement,
                not opened,
                expected=f"404 or 403 for another tenant's {model.name}",
                observed="; ".join(exchange.summary() for exchange in opened),
                at=(victim.exchange, *opened),
            )


@check(POLICY, needs=("limited-client", "create", "read"))
def test_no_way_leads_around_limited_rights(scim: Target, judge: Judge) -> None:
    """A client that may only read changes nothing by Bulk either, and no resource of another type."""
    limited = scim.identities.limited
    victim = _own(scim)
    sent = [scim.post("/Bulk", json=_deletion(victim), auth=limited)] if scim.capabilities.works("bulk") else []
    others = [model for model in scim.models if model is not scim.primary]
    sent += [scim.post(model.endpoint, json=scim.payload(model), auth=limited) for model in others[:1]]
    made = [exchange for exchange in sent if exchange.status == 201]
    _judge_kept(scim, judge, POLICY, victim, sent)
    judge.expect(
        POLICY,
        not made,
        expected="403 or 404",
        observed="; ".join(exchange.summary() for exchange in made),
        at=made,
    )
