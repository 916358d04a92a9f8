"""RFC 7643 §5: the configuration tells the truth. Each feature is used once, in the plainest way.

A feature that is advertised has to leave a trace; whether it works in every way is judged by the suites on the feature.
One that works without being advertised is worth a warning; one that is not advertised must not be pretended.
"""

from __future__ import annotations

from collections.abc import Iterable

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.harness import attributes, check
from scimcheck.harness.documents import configuration
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import identifier_of
from scimcheck.harness.probes import advertised
from scimcheck.harness.target import Resource, Target, ids

TRUTH = "RFC7643-5-15"
#: Statuses by which a server says that it does not have a feature.
NOT_OFFERED = (403, 404, 405, 501)


def _flag(scim: Target, judge: Judge, feature: str) -> tuple[bool, Exchange]:
    """What the configuration says of the feature, and where."""
    _, exchange = configuration(scim, judge)
    told = advertised(scim, feature)
    if told is None:
        judge.not_applicable(f"the configuration does not say whether it supports {feature}")
        return False, exchange
    return told, exchange


def _compare(
    judge: Judge, feature: str, told: bool, *, works: bool, refused: bool, seen: str, at: Iterable[Exchange]
) -> None:
    """Judge what became of a feature: it works, or was refused as not offered, or neither."""
    exchanges = tuple(at)
    honest = works if told else works or refused
    wanted = f"{feature} works, as the configuration says" if told else f"{feature} is refused, as it is not supported"
    judge.expect(TRUTH, honest, expected=wanted, observed=seen, at=exchanges, subject=feature)
    if works and not told:
        judge.advise(TRUTH, expected=f"{feature}.supported true", observed=f"false, yet {feature} works", at=exchanges)


@check(TRUTH, needs=("create", "read"))
def test_patch_is_what_is_advertised(scim: Target, judge: Judge) -> None:
    """PATCH is offered when it is advertised; when it is not, it is refused rather than swallowed."""
    told, config = _flag(scim, judge, "patch")
    attribute = attributes.changeable(scim.primary)
    if attribute is None:
        judge.not_applicable(f"{scim.primary.name} has no simple attribute to change")
        return
    resource = scim.create(scim.primary)
    value = scim.unique("patched")
    exchange = scim.patch(resource.path, {"op": "replace", "path": attribute.name, "value": value})
    after = scim.read(resource)
    changed = after.body.get(attribute.name) == value
    offered = exchange.status not in (404, 405, 501)
    # What an advertised PATCH answers to this very operation is for the suite on PATCH to judge.
    works = offered if told else exchange.ok and changed
    seen = exchange.summary() + ("" if changed else f", {attribute.name} is as before")
    refused = exchange.status >= 400
    _compare(judge, "patch", told, works=works, refused=refused, seen=seen, at=(config, exchange, after))


@check(TRUTH, needs=("create", "list"))
def test_filter_is_what_is_advertised(scim: Target, judge: Judge) -> None:
    """A filter narrows a list down when filters are advertised; when they are not, it is refused."""
    told, config = _flag(scim, judge, "filter")
    resource, other = scim.create(scim.primary), scim.create(scim.primary)
    exchange = scim.search(scim.primary.endpoint, f'{attributes.naming(scim.primary)} eq "{resource.name}"')
    found = ids(exchange.resources)
    offered = exchange.status not in NOT_OFFERED
    works = offered if told else exchange.ok and resource.id in found and other.id not in found
    seen = exchange.summary() + (f" with {len(found)} resources" if exchange.ok else "")
    # Everything in place of what matches breaks RFC7644-3.4.2.2-02, nothing at all pretends nothing.
    refused = not exchange.ok or resource.id not in found or other.id in found
    _compare(judge, "filter", told, works=works, refused=refused, seen=seen, at=(config, exchange))


@check(TRUTH, needs=("create", "list"))
def test_sort_is_what_is_advertised(scim: Target, judge: Judge) -> None:
    """sortBy is accepted when sorting is advertised; a server without sorting may ignore it."""
    told, config = _flag(scim, judge, "sort")
    resources = [scim.create(scim.primary) for _ in range(2)]
    orders, exchanges = [], [config]
    for order in ("ascending", "descending"):
        params = {"sortBy": attributes.naming(scim.primary), "sortOrder": order, "count": "100"}
        exchange = scim.get(scim.primary.endpoint, params=params)
        exchanges.append(exchange)
        orders.append([found for found in ids(exchange.resources) if found in {made.id for made in resources}])
    accepted = all(exchange.ok or exchange.scim_type == "tooMany" for exchange in exchanges)
    sorted_differently = len(orders[0]) == 2 and orders[0] == orders[1][::-1]
    works = accepted if told else accepted and sorted_differently
    seen = ", ".join(exchange.summary() for exchange in exchanges[1:])
    _compare(judge, "sort", told, works=works, refused=True, seen=seen, at=exchanges)


@check(TRUTH, needs=("create", "read"))
def test_versions_are_what_is_advertised(scim: Target, judge: Judge) -> None:
    """A resource has a version when versions are advertised: an ETag header or meta.version."""
    told, config = _flag(scim, judge, "etag")
    exchange = scim.read(scim.create(scim.primary))
    meta = exchange.body.get("meta")
    version = exchange.header("etag") or (isinstance(meta, dict) and meta.get("version"))
    seen = f"{exchange.summary()} with {'a' if version else 'no'} version"
    # An entity-tag that is not advertised may come from a server that tags every response: no claim of anything.
    _compare(judge, "etag", told, works=bool(version) and told, refused=True, seen=seen, at=(config, exchange))


@check(TRUTH, needs=("create", "read"))
def test_bulk_is_what_is_advertised(scim: Target, judge: Judge) -> None:
    """/Bulk is there when it is advertised; when it is not, it is refused rather than swallowed."""
    told, config = _flag(scim, judge, "bulk")
    data = scim.payload(scim.primary)
    operation = {"method": "POST", "path": scim.primary.endpoint, "bulkId": "truth", "data": data}
    exchange = scim.post("/Bulk", json={"schemas": [urns.BULK_REQUEST], "Operations": [operation]})
    made = exchange.body.get("Operations")
    done = exchange.ok and isinstance(made, list) and bool(made)
    works = exchange.status not in NOT_OFFERED if told else done
    refused = exchange.status >= 400
    _compare(judge, "bulk", told, works=works, refused=refused, seen=exchange.summary(), at=(config, exchange))


@check(TRUTH, needs=("User", "read"))
def test_password_change_is_what_is_advertised(scim: Target, judge: Judge) -> None:
    """A password can be changed by PATCH or PUT when that is advertised."""
    user = scim.some(scim.user or scim.primary)
    told, config = _flag(scim, judge, "changePassword")
    if not told:
        judge.not_applicable("the configuration says that passwords cannot be changed")
    if user.model.core.attribute("password") is None:
        judge.not_applicable("User has no password")
    password = f"Kx7!{scim.unique('Pw')}%qZ"
    tried = []
    if scim.capabilities.works("patch", user.model):
        tried.append(scim.patch(user.path, {"op": "replace", "path": "password", "value": password}))
    if not any(exchange.ok for exchange in tried) and scim.capabilities.works("put", user.model):
        tried.append(scim.put(user.path, json={**user.sent, "id": user.id, "password": password}))
    if not tried:
        judge.not_applicable("neither PATCH nor PUT works")
    works = any(exchange.ok for exchange in tried)
    seen = ", ".join(exchange.summary() for exchange in tried)
    _compare(judge, "changePassword", told, works=works, refused=False, seen=seen, at=(config, user.exchange, *tried))


@check("RFC7643-3.1-31", needs=("create", "read"))
def test_common_attributes_behave_as_the_standard_says(scim: Target, judge: Judge) -> None:
    """Whatever a schema says of id and meta, they behave as the standard defines them."""
    judged = False
    for model in scim.models:
        listed = [name for name in ("id", "meta") if model.core.attribute(name)]
        if not listed:
            continue
        judged = True
        resource = scim.create(model)
        if "id" in listed:
            other = attributes.naming(model)
            exchange = scim.read(resource, attributes=other)
            judge.expect(
                "RFC7643-3.1-31",
                exchange.status != 200 or identifier_of(exchange) == resource.id,
                expected="id in every response, whatever its definition says",
                observed=f"{exchange.summary()} with id {exchange.body.get('id')!r}",
                at=(resource.exchange, exchange),
                subject=model.name,
            )
        _expect_kept(scim, judge, resource, listed)
    if not judged:
        judge.not_applicable("no schema lists id or meta")


def _expect_kept(scim: Target, judge: Judge, resource: Resource, listed: list[str]) -> None:
    """id and meta of a resource are the server's, even where they are defined as writable."""
    if not scim.capabilities.works("put", resource.model):
        return
    before = scim.state(resource)
    foreign = {"resourceType": "Other", "created": "2001-01-01T00:00:00Z"}
    exchange = scim.put(resource.path, json={**resource.sent, "id": resource.id, "meta": foreign})
    after = scim.read(resource)
    meta, kept = after.body.get("meta"), before.get("meta")
    if "meta" not in listed or not isinstance(kept, dict) or not isinstance(meta, dict):
        return
    judge.expect(
        "RFC7643-3.1-31",
        all(meta.get(name) == kept.get(name) for name in foreign),
        expected=f"meta.resourceType {kept.get('resourceType')!r} and meta.created {kept.get('created')!r}",
        observed=f"{meta.get('resourceType')!r} and {meta.get('created')!r}",
        at=(resource.exchange, exchange, after),
        subject=resource.model.name,
    )
