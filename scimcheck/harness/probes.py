"""One probe per capability: the least that tells whether it works, is absent or is broken.

A probe is generous: it tries the usual forms of a request and calls a capability broken only when none of them works,
so that a single broken clause stays the finding of the check that judges this clause.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, patch_probes
from scimcheck.harness.capabilities import Capability, Probe, State
from scimcheck.harness.ledger import identifier_of

if TYPE_CHECKING:
    from scimcheck.harness.target import Resource, Target

#: Statuses by which a server says that it has no such feature or endpoint.
NOT_OFFERED = (404, 405, 501)
#: Statuses by which a read-only directory may refuse every creation (RFC7644-3.2-04).
_READ_ONLY = {403, 405, 501}
#: The clause that an advertised feature breaks when the server does not have it.
TRUTH = "RFC7643-5-15"
#: The clause that a creation breaks whose resource is neither found by its id nor listed afterwards.
NOT_KEPT = "RFC7644-3.3-13"


def advertised(target: Target, feature: str) -> bool | None:
    """What ServiceProviderConfig says of a feature; ``None`` when it says nothing usable."""
    value = target.config.get(feature)
    supported = value.get("supported") if isinstance(value, dict) else None
    return supported if isinstance(supported, bool) else None


def _works(name: str, model: ResourceModel | None = None, *at: Exchange, told: bool | None = None) -> Capability:
    return Capability(name, State.WORKS, told, model.name if model else "", exchanges=at)


def _absent(name: str, why: str, *at: Exchange, told: bool | None = None) -> Capability:
    return Capability(name, State.ABSENT, told, observed=why, exchanges=at)


def _broken(
    name: str,
    model: ResourceModel,
    requirement: str,
    expected: str,
    *at: Exchange,
    observed: str = "",
    told: bool | None = None,
) -> Capability:
    text = observed or (at[-1].summary() + _detail(at[-1]) if at else "")
    return Capability(name, State.BROKEN, told, model.name, requirement, expected, text, at)


def _detail(exchange: Exchange) -> str:
    detail = exchange.body.get("detail")
    return f" ({detail})" if isinstance(detail, str) and detail else ""


def _create(target: Target, model: ResourceModel) -> Capability:
    first = target.post(model.endpoint, json=target.payload(model))
    if first.ok and identifier_of(first):
        return _works("create", model, first)
    second = target.post(model.endpoint, json=target.payload(model, full=True))
    if second.ok and identifier_of(second):
        target.payloads.complete.add(model.name)
        return _works("create", model, first, second)
    if {first.status, second.status} <= _READ_ONLY:
        return _absent("create", f"no {model.name} may be created: {first.summary()}{_detail(first)}", first, second)
    clause = "RFC7644-3.2-04" if first.status == 404 else "RFC7644-3.3-01"
    return _broken("create", model, clause, "201 with the new resource", first)


def _full_create(target: Target, model: ResourceModel) -> Capability:
    exchange = target.post(model.endpoint, json=target.payload(model, full=True))
    if exchange.ok and identifier_of(exchange):
        return _works("full-create", model, exchange)
    return _absent("full-create", f"not every declared attribute is accepted: {exchange.summary()}", exchange)


def _own(target: Target, model: ResourceModel) -> Resource:
    target.capabilities.demand("create", model)
    return target.create(model)


def _read(target: Target, model: ResourceModel) -> Capability:
    resource = _own(target, model)
    exchange = target.read(resource)
    if exchange.status == 200 and isinstance(exchange.json, dict):
        return _works("read", model, exchange)
    listed = target.get(model.endpoint)
    whole = listed.ok and listed.body.get("totalResults") == len(listed.resources)
    known = not whole or resource.id in [str(item.get("id")) for item in listed.resources]
    clause = "RFC7644-3.4.1-01" if known else NOT_KEPT
    return _broken("read", model, clause, "200 with the resource", resource.exchange, exchange)


def _list(target: Target, model: ResourceModel) -> Capability:
    _own(target, model)
    exchange = target.get(model.endpoint)
    if exchange.status in (400, 403, 413):  # a long list may be refused, RFC7644-3.4.2.1-03
        exchange = target.get(model.endpoint, params={"count": "1"})
    if (
        exchange.status == 200
        and isinstance(exchange.json, dict)
        and (exchange.resources or "totalResults" in exchange.body)
    ):
        return _works("list", model, exchange)
    return _broken("list", model, "RFC7644-3.2-03", "200 with a ListResponse", exchange)


def _filter(target: Target, model: ResourceModel) -> Capability:
    told = advertised(target, "filter")
    target.capabilities.demand("list", model)
    resource, other = _own(target, model), _own(target, model)
    name = attributes.naming(model)
    hit = target.search(model.endpoint, f'{name} eq "{resource.name}"')
    if hit.status != 200:
        if told is False or (hit.status in (403, 404, 405, 501) and told is None):
            return _absent("filter", f"filtering is not offered: {hit.summary()}", hit, told=told)
        clause = TRUTH if hit.status in (403, 501) else "RFC7644-3.4.2.2-10"
        return _broken("filter", model, clause, "200 with the matching resource", resource.exchange, hit, told=told)
    found = [str(item.get("id")) for item in hit.resources]
    if resource.id not in found:
        return _broken(
            "filter",
            model,
            "RFC7644-3.4.2.2-10",
            f"the resource named {resource.name}",
            resource.exchange,
            hit,
            observed=f"{hit.summary()} with {len(found)} resources, not that one",
            told=told,
        )
    if set(found) != {resource.id}:
        clause = "RFC7644-3.4.2.2-02" if told is False else "RFC7644-3.4.2.2-03"
        return _broken(
            "filter",
            model,
            clause,
            "only the resource that matches",
            resource.exchange,
            other.exchange,
            hit,
            observed=f"{'the filter was ignored' if other.id in found else hit.summary()}: "
            "a resource that does not match came back, too",
            told=told,
        )
    return _works("filter", model, hit, told=told)


def _patch(target: Target, model: ResourceModel) -> Capability:
    told = advertised(target, "patch")
    target.capabilities.demand("read", model)
    resource = _own(target, model)
    attribute = attributes.changeable(model)
    if attribute is None:
        return _absent("patch", f"{model.name} declares no simple attribute that a client may change", told=told)
    tried: list[Exchange] = [resource.exchange]
    for shape in ("replace", "add", "path-less"):
        value = target.unique("patched")
        path = None if shape == "path-less" else attribute.name
        operation = (
            {"op": shape, "path": path, "value": value} if path else {"op": "replace", "value": {attribute.name: value}}
        )
        exchange = target.patch(resource.path, operation)
        tried.append(exchange)
        if exchange.status in NOT_OFFERED:
            break
        if exchange.ok and target.read(resource).body.get(attribute.name) == value:
            return _works("patch", model, *tried, told=told)
    last = tried[1]
    if last.status in NOT_OFFERED or (told is False and not last.ok):
        if told:
            return _broken("patch", model, TRUTH, "PATCH works, as ServiceProviderConfig says", last, told=told)
        return _absent("patch", f"PATCH is not offered: {last.summary()}", last, told=told)
    return _broken(
        "patch",
        model,
        "RFC7644-3.5.2.3-02",
        f"{attribute.name} has the value that PATCH set",
        *tried,
        told=told,
        observed=f"neither replace nor add nor a path-less replace took effect: {last.summary()}{_detail(last)}",
    )


def _put(target: Target, model: ResourceModel) -> Capability:
    resource = _own(target, model)
    exchange = target.put(resource.path, json={**resource.sent, "id": resource.id})
    if exchange.ok:
        return _works("put", model, exchange)
    second = target.put(resource.path, json=resource.sent)
    if second.ok:
        return _works("put", model, exchange, second)
    return _broken("put", model, "RFC7644-3.5-01", "200 with the replaced resource", resource.exchange, exchange)


def _delete(target: Target, model: ResourceModel) -> Capability:
    resource = _own(target, model)
    exchange = target.delete(resource.path)
    if exchange.ok:
        return _works("delete", model, exchange)
    return _broken("delete", model, "RFC7644-3.2-05", "204", resource.exchange, exchange)


def _sort(target: Target, model: ResourceModel) -> Capability:
    told = advertised(target, "sort")
    if told is False:
        return _absent("sort", "ServiceProviderConfig says that sorting is not supported", told=told)
    target.capabilities.demand("list", model)
    exchange = target.get(model.endpoint, params={"sortBy": attributes.naming(model), "count": "1"})
    if exchange.status == 200:
        if told is None:
            return _absent("sort", "ServiceProviderConfig does not say that sorting is supported", exchange)
        return _works("sort", model, exchange, told=told)
    if told:
        return _broken("sort", model, TRUTH, "sorting works, as ServiceProviderConfig says", exchange, told=told)
    return _absent("sort", f"sorting is not offered: {exchange.summary()}", exchange, told=told)


def _etag(target: Target, model: ResourceModel) -> Capability:
    told = advertised(target, "etag")
    if told is False:  # web frameworks tag what they send for caches, whatever the service does with versions
        return _absent("etag", "ServiceProviderConfig says that resources are not versioned", told=told)
    exchange = target.read(_own(target, model))
    if exchange.header("etag"):
        return _works("etag", model, exchange, told=told)
    if told:
        return _broken(
            "etag",
            model,
            "RFC7644-3.14-02",
            "an ETag header, as ServiceProviderConfig says",
            exchange,
            told=told,
            observed="no ETag header on a retrieved resource",
        )
    return _absent("etag", "the target does not version its resources", exchange, told=told)


def _bulk(target: Target, model: ResourceModel) -> Capability:
    told = advertised(target, "bulk")
    if told is not True:
        return _absent("bulk", "ServiceProviderConfig does not say that bulk is supported", told=told)
    body = {
        "schemas": [urns.BULK_REQUEST],
        "Operations": [{"method": "POST", "path": model.endpoint, "bulkId": "probe", "data": target.payload(model)}],
    }
    exchange = target.post("/Bulk", json=body)
    if exchange.status == 200 and isinstance(exchange.body.get("Operations"), list):
        return _works("bulk", model, exchange, told=told)
    clause = TRUTH if exchange.status in NOT_OFFERED else "RFC7644-3.7.3-01"
    return _broken("bulk", model, clause, "200 with a BulkResponse", exchange, told=told)


def _search(target: Target, model: ResourceModel) -> Capability:
    body = {"schemas": [urns.SEARCH_REQUEST], "count": 1}
    exchange = target.post(f"{model.endpoint}/.search", json=body)
    if exchange.status in (*NOT_OFFERED, 403):
        return _absent("search", f"POST /.search is not offered: {exchange.summary()}", exchange)
    if exchange.ok and urns.LIST_RESPONSE in str(exchange.body.get("schemas")):
        return _works("search", model, exchange)
    return _broken("search", model, "RFC7644-3.4.3-03", "200 with a ListResponse", exchange)


def _root_query(target: Target, model: ResourceModel) -> Capability:
    exchange = target.get("/", params={"count": "1"})
    if exchange.status == 200 and urns.LIST_RESPONSE in str(exchange.body.get("schemas")):
        return _works("root-query", None, exchange)
    return _absent("root-query", f"queries at the base URL are not offered: {exchange.summary()}", exchange)


def _me(target: Target, model: ResourceModel) -> Capability:
    exchange = target.get("/Me")
    if exchange.status == 200 and "id" in exchange.body:
        return _works("me", None, exchange)
    return _absent("me", f"/Me is not offered: {exchange.summary()}", exchange)


def _complex_filter(target: Target, model: ResourceModel) -> Capability:
    if model.core.attribute("emails") is None:
        return _absent("complex-filter", f"{model.name} declares no emails")
    exchange = target.search(model.endpoint, 'emails[type eq "work"]', count=1)
    if exchange.status == 200:
        return _works("complex-filter", model, exchange)
    return _absent("complex-filter", f"value paths in filters are not offered: {exchange.summary()}", exchange)


def _index(target: Target, model: ResourceModel) -> Capability:
    pagination = target.config.get("pagination")
    if isinstance(pagination, dict) and pagination.get("index") is False:
        return _absent("index", "ServiceProviderConfig says that index-based pagination is not supported", told=False)
    return _works("index", model)


def _cursor(target: Target, model: ResourceModel) -> Capability:
    pagination = target.config.get("pagination")
    if isinstance(pagination, dict) and pagination.get("cursor") is True:
        return _works("cursor", model, told=True)
    return _absent("cursor", "ServiceProviderConfig does not say that cursor-based pagination is supported")


def _identity(name: str, words: str) -> Probe:
    def probe(target: Target, model: ResourceModel) -> Capability:
        if getattr(target.identities, name):
            return _works(name)
        return _absent(name, f"the run has {words}")

    return probe


def _tls(target: Target, model: ResourceModel) -> Capability:
    return (
        _works("tls") if target.session.base.url.startswith("https:") else _absent("tls", "the base URL is not https")
    )


def _v2_path(target: Target, model: ResourceModel) -> Capability:
    if re.search(r"/v\d+(/|$)", target.session.base.url.split("?")[0]):
        return _works("v2-path")
    return _absent("v2-path", "the base URL has no version segment")


def _enterprise(target: Target, model: ResourceModel) -> Capability:
    user = target.user
    if user is None or user.extension(urns.ENTERPRISE_USER) is None:
        return _absent("EnterpriseUser", "the target declares no enterprise extension of User")
    return target.capabilities.of("create", user)


def _extension(target: Target, model: ResourceModel) -> Capability:
    if any(kind.extensions for kind in target.models):
        return _works("extension")
    return _absent("extension", "no resource type has an extension")


def _required_extension(target: Target, model: ResourceModel) -> Capability:
    if any(kind.requires(extension.id) for kind in target.models for extension in kind.extensions):
        return _works("ext:required")
    return _absent("ext:required", "no resource type has a required extension")


def _typed(name: str) -> Probe:
    def probe(target: Target, model: ResourceModel) -> Capability:
        found = target.model(name)
        if found is None:
            return _absent(name, f"the target has no resource type {name}")
        return target.capabilities.of("create", found)

    return probe


PROBES: dict[str, Probe] = {
    "resource": _create,
    "create": _create,
    "full-create": _full_create,
    "read": _read,
    "list": _list,
    "filter": _filter,
    "patch": _patch,
    "put": _put,
    "delete": _delete,
    "sort": _sort,
    "etag": _etag,
    "bulk": _bulk,
    "search": _search,
    "root-query": _root_query,
    "me": _me,
    "complex-filter": _complex_filter,
    "index": _index,
    "cursor": _cursor,
    "auth": _identity("valid", "no credentials to leave out or falsify"),
    "expired-token": _identity("expired", "no expired token to test with"),
    "second-client": _identity("second_tenant", "no second tenant's token to test with"),
    "limited-client": _identity("limited", "no token of limited rights to test with"),
    "oauth": _identity("oauth", "no OAuth client credentials"),
    "tls": _tls,
    "v2-path": _v2_path,
    "User": _typed("User"),
    "Group": _typed("Group"),
    "EnterpriseUser": _enterprise,
    "extension": _extension,
    "ext:required": _required_extension,
}

#: Needs whose answer depends on the resource type.
BY_MODEL = frozenset(
    {
        "resource",
        "create",
        "full-create",
        "read",
        "list",
        "filter",
        "patch",
        "put",
        "delete",
        "sort",
        "etag",
        "search",
        "complex-filter",
    }
    | patch_probes.NAMES
)


def probe(target: Target, need: str, model: ResourceModel) -> Capability:
    """Find out what ``need`` names; raises LookupError for a word the catalogue does not know."""
    if need == "bearer":
        valid = target.identities.valid or ""
        return (
            _works("bearer")
            if valid.lower().startswith("bearer ")
            else _absent("bearer", "the run uses no bearer token")
        )
    if need.startswith("attr:"):
        if any(attributes.having(kind, need[5:]) for kind in target.models):
            return _works(need)
        return _absent(need, f"no schema declares such an attribute ({need})")
    if need == "resource":
        return target.capabilities.of("create", model)
    if need in patch_probes.NAMES:
        return patch_probes.probe(target, need, model)
    if need not in PROBES:
        raise LookupError(f"unknown need {need!r}")
    return _by_its_cause(target, model, PROBES[need](target, model))


def _by_its_cause(target: Target, model: ResourceModel, found: Capability) -> Capability:
    """A capability that is broken because creations are not kept, told by that cause."""
    if found.state is not State.BROKEN or found.name not in ("filter", "patch", "put", "delete"):
        return found
    read = target.capabilities.of("read", model)
    return replace(read, name=found.name) if read.requirement == NOT_KEPT else found
