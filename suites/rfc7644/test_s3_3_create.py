"""RFC 7644 §3.3: creating resources. Refusals are in test_s3_3_create_refused.py, what is ignored of a request in
test_s3_3_create_ignored.py; how each kind of value is stored is the business of RFC 7643 §2.
"""

from __future__ import annotations

from scimcheck.checks.rules.meta import same_uri
from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import Mutability, Uniqueness
from scimcheck.core.json import JSONObject
from scimcheck.core.resource import listed_schemas, member
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import differences, follow
from scimcheck.harness.target import Resource, Target


@check("RFC7644-3.2-04", "RFC7644-3.3-01", "RFC7644-3.3-02", needs=("create",), depth="quick")
def test_creation_is_answered_with_201(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """POST to the endpoint of a type answers 201 with the new resource."""
    exchange = scim.post(model.endpoint, json=scim.payload(model))
    judge.demand("RFC7644-3.2-04", exchange.ok, expected="201", observed=exchange.summary(), at=exchange)
    judge.status("RFC7644-3.3-01", exchange, 201)
    judge.expect(
        "RFC7644-3.3-02",
        "id" in exchange.body,
        expected="the new resource in the body",
        observed=f"a body of {len(exchange.response_body)} bytes without id",
        at=exchange,
    )


@check("RFC7644-3.3-03", "RFC9110-9.3.3-01", needs=("create", "read"), depth="quick")
def test_creation_names_the_new_resource(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """201 has a Location header that leads to the new resource."""
    resource = scim.shared(model)[0]
    location = resource.exchange.header("location")
    for requirement in ("RFC9110-9.3.3-01", "RFC7644-3.3-03"):
        judge.expect(
            requirement,
            location,
            expected="a Location header",
            observed=f"{resource.exchange.summary()} without Location",
            at=resource.exchange,
        )
    if not location:
        return
    found = follow(scim, location)
    if found is None:
        judge.advise(
            "RFC7644-3.3-03",
            expected="a URI of the origin that was asked",
            observed=f"Location: {location}",
            at=resource.exchange,
        )
        return
    judge.expect(
        "RFC7644-3.3-03",
        found.status == 200 and str(found.body.get("id")) == resource.id,
        expected=f"GET {location} → 200 with id {resource.id}",
        observed=f"{found.summary()} with id {found.body.get('id')!r}",
        at=(resource.exchange, found),
    )


@check("RFC7644-3.3-04", needs=("create",))
def test_location_and_meta_location_agree(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Location and meta.location of the answer are the same URI."""
    resource = scim.shared(model)[0]
    location, told = resource.exchange.header("location"), _meta(resource.exchange.body).get("location")
    if not location:
        judge.not_applicable("the answer has no Location header to compare with")
        return
    if "id" not in resource.exchange.body:
        judge.not_applicable("the answer to the creation has no body")
    judge.expect(
        "RFC7644-3.3-04",
        isinstance(told, str) and same_uri(told, location, scim.session.base.url),
        expected=f"meta.location: {location}",
        observed=f"meta.location: {told}",
        at=resource.exchange,
    )


@check("RFC7644-3.3-13", needs=("create", "read"), depth="quick")
def test_created_resource_can_be_retrieved(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """GET by id finds what was created, right after it was."""
    resource = scim.shared(model)[0]
    found = scim.read(resource)
    judge.expect(
        "RFC7644-3.3-13",
        found.status == 200 and str(found.body.get("id")) == resource.id,
        expected=f"200 with id {resource.id}",
        observed=f"{found.summary()} with id {found.body.get('id')!r}",
        at=(resource.exchange, found),
    )


@check("RFC7644-3.1-04", needs=("create", "read"))
def test_creation_is_answered_with_what_is_stored(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The body of 201 is the resource as a GET shows it, not an echo of the request."""
    resource = scim.create(model, full=scim.capabilities.full_payloads(model))
    if "id" not in resource.exchange.body:
        judge.not_applicable("the answer to the creation has no body")
    found = scim.read(resource)
    told = differences(resource.exchange.body, found.body, model)
    judge.expect(
        "RFC7644-3.1-04",
        not told,
        expected="the answer to POST equals a following GET",
        observed="; ".join(told),
        at=(resource.exchange, found),
    )


@check("RFC7644-3.3.1-01", "RFC7644-3.3-12", needs=("create", "read"))
def test_endpoint_decides_the_type(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A resource is of the type whose endpoint it was posted to, whatever its meta.resourceType says."""
    plain = scim.shared(model)[0]
    found = scim.shown(plain)
    _is_of_type(judge, model, found, plain.exchange)
    others = [kind.name for kind in scim.models if kind.name != model.name] or ["Other"]
    forged = scim.post(model.endpoint, json=scim.payload(model, meta={"resourceType": others[0]}))
    if forged.ok and "id" in forged.body:
        _is_of_type(judge, model, forged)


def _is_of_type(judge: Judge, model: ResourceModel, found: Exchange, *before: Exchange) -> None:
    told = str(_meta(found.body).get("resourceType", ""))
    names = {model.name.lower(), model.resource_type.id.lower()}
    judge.expect(
        "RFC7644-3.3.1-01",
        not told or told.lower() in names,  # a missing one is RFC7643-3.1-02, its spelling RFC7643-3.1-20
        expected=f"meta.resourceType: {model.name}",
        observed=f"meta.resourceType: {told}",
        at=(*before, found),
    )
    listed = {urn.lower() for urn in listed_schemas(found.body)}
    judge.expect(
        "RFC7644-3.3-12",
        model.core.id.lower() in listed or told.lower() in names or not (told or listed),
        expected=f"a {model.name}",
        observed=f"meta.resourceType: {told or 'none'}, schemas: {sorted(listed)}",
        at=(*before, found),
    )


@check("RFC7643-2.3.8-01", "RFC7643-3-06", needs=("create", "read"), every_type="deep")
def test_order_of_members_does_not_matter(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A body with its members, and its schemas, in reversed order creates the same resource."""
    full = scim.capabilities.full_payloads(model)
    usual = scim.create(model, full=full)
    body = _renamed(scim, usual, full)
    _same_outcome(scim, judge, "RFC7643-2.3.8-01", usual, {name: body[name] for name in reversed(list(body))})
    if len(body["schemas"]) < 2:
        judge.skip("RFC7643-3-06", f"no {model.name} has more than one schema")
        return
    body = _renamed(scim, usual, full)
    _same_outcome(scim, judge, "RFC7643-3-06", usual, {**body, "schemas": body["schemas"][::-1]})


def _renamed(scim: Target, resource: Resource, full: bool) -> JSONObject:
    """The body of a resource for another one: with a new name and new values where they have to be unique."""
    other, names = scim.payload(resource.model, full=full), _names(resource.model)
    body: JSONObject = {}
    for name, value in resource.sent.items():
        if resource.model.extension(name):
            fresh = other.get(name, {})
            body[name] = {key: fresh[key] if key.lower() in names else item for key, item in value.items()}
        else:
            body[name] = other[name] if name.lower() in names else value
    return body


def _names(model: ResourceModel) -> set[str]:
    """The attributes, in lower case, that have another value in every resource."""
    own = {located.attribute.name.lower() for located in model.attributes() if _is_own(located.attribute)}
    return own | {"username", "displayname", "externalid"}


def _is_own(attribute: Attribute) -> bool:
    """Whether two resources differ in the attribute: it has to be unique, or the provider assigns it."""
    unique = any(each.uniqueness is not Uniqueness.NONE for each in (attribute, *attribute.sub_attributes))
    return unique or attribute.mutability is Mutability.READ_ONLY


def _same_outcome(scim: Target, judge: Judge, requirement: str, usual: Resource, body: JSONObject) -> None:
    exchange = scim.post(usual.model.endpoint, json=body)
    told = [exchange.summary()]
    if exchange.ok:
        made = scim.resource_of(usual.model, body, exchange)
        undeclared = [name for name in usual.body if not usual.model.find(None, name) and ":" not in name]
        told = differences(usual.body, made.body, usual.model, ("id", "meta", *undeclared, *_names(usual.model)))
    judge.expect(
        requirement,
        not told,
        expected=f"the same outcome as in the usual order: {usual.exchange.summary()}",
        observed="; ".join(told),
        at=(usual.exchange, exchange),
    )


def _meta(body: JSONObject) -> JSONObject:
    found = member(body, "meta")
    return found if isinstance(found, dict) else {}
