"""Searching as Entra does, byte for byte, and telling what came back and whose fault it is when nothing does."""

from __future__ import annotations

from collections.abc import Iterable

from scimcheck.checks.findings import Blocked
from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSONObject
from scimcheck.core.resource import member
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.queries import encode_query, equality, matching_query
from scimcheck.harness.attributes import is_group, naming
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import CREATION, Resource, Target, error_text

#: What explains a search that fails for its blanks, sent as +.
ENCODING = "ENTRA-2.5-01"
#: What explains one that fails for its escapes, sent in small letters.
SMALL = "ENTRA-2.5-03"
#: What explains a search for a group that fails for its excludedAttributes alone.
EXCLUSION = "ENTRA-2.1-10"


def users(scim: Target, judge: Judge) -> ResourceModel:
    """The User resource type; ends the check when the target has none."""
    return scim.user or judge.not_applicable("the target has no users")


def groups(scim: Target, judge: Judge) -> ResourceModel:
    """The Group resource type; ends the check when the target has none."""
    return scim.group or judge.not_applicable("the target has no groups")


def ask(scim: Target, model: ResourceModel, query: str, *, slash: bool = False, demand: bool = True) -> Exchange:
    """GET the endpoint with a raw query; ``slash`` puts one between the two.

    Raises Blocked when the query has blanks as ``+``, which the target understands as ``%20`` alone; not so without
    ``demand``.
    """
    if demand and "+" in query and not _understands_plus(scim):
        raise Blocked(ENCODING, "blanks in queries are understood as %20 only, and Entra sends +")
    return scim.get(f"{model.endpoint}/" if slash else model.endpoint, params=query)


def _understands_plus(scim: Target) -> bool:
    """Whether ``+`` is a blank wherever ``%20`` is one; found out once in a run."""
    key = ("entra", "plus is a blank")
    if key not in scim.cache:
        with scim.session.purpose("probe"):
            user = scim.shared(scim.primary)[0]
            expression = equality(naming(user.model), user.name)
            plus = scim.get(user.model.endpoint, params=encode_query({"filter": expression}))
            scim.cache[key] = alone(plus, user) or not alone(scim.search(user.model.endpoint, expression), user)
    return bool(scim.cache[key])


def match(scim: Target, model: ResourceModel, attribute: str, value: str, *, escaped: bool = True) -> Exchange:
    """The search for an existing resource as Entra sends it; the one for a group leaves its members out."""
    return ask(scim, model, matching_query(attribute, value, group=is_group(model), escaped=escaped))


def hits(exchange: Exchange) -> list[JSONObject]:
    """The resources that a search shows, also when one comes bare: that is the business of ENTRA-2.2-03."""
    if exchange.resources or "Resources" in exchange.body or not exchange.ok:
        return exchange.resources
    return [exchange.body] if "id" in exchange.body else []


def hit_ids(exchange: Exchange) -> list[str]:
    """The ids of the hits, as text; empty text where there is none."""
    return [str(item.get("id", "")) for item in hits(exchange)]


def told(exchange: Exchange) -> str:
    """What a search answered, for people."""
    if exchange.status != 200:
        return f"{exchange.summary()} {error_text(exchange)}".strip()
    found = hit_ids(exchange)
    return f"{exchange.summary()}, {', '.join(found[:3]) if found else 'nobody'}{' …' if len(found) > 3 else ''}"


def alone(exchange: Exchange, resource: Resource) -> bool:
    """Whether the search found the resource and no other; by its name where a hit lacks its id (ENTRA-2.2-01)."""
    found = hits(exchange)
    return exchange.status == 200 and len(found) == 1 and _is(found[0], resource)


def _is(shown: JSONObject, resource: Resource) -> bool:
    if "id" in shown:
        return str(shown["id"]) == resource.id
    name = member(shown, "userName") or member(shown, "displayName")
    return isinstance(name, str) and name.lower() == resource.name.lower()


def nobody(exchange: Exchange) -> bool:
    """Whether the search was answered with 200 and no resource."""
    return exchange.status == 200 and not hits(exchange) and exchange.body.get("totalResults") in (0, None)


def expect_alone(
    scim: Target,
    judge: Judge,
    requirement: str,
    resource: Resource,
    attribute: str,
    value: str,
    *,
    twins: Iterable[Resource] = (),
    hint: str = "",
    subject: str = "",
) -> Exchange:
    """Search as Entra does and expect the resource and no other; blocked when the encoding or exclusion is to blame."""
    exchange = match(scim, resource.model, attribute, value)
    if not alone(exchange, resource):
        _blame(scim, judge, requirement, resource, attribute, value)
    judge.expect(
        requirement,
        alone(exchange, resource),
        expected=f"{resource.model.name} {resource.id} and no other for {equality(attribute, value)}",
        observed=told(exchange),
        at=(resource.exchange, *(twin.exchange for twin in twins), exchange),
        hint=hint,
        subject=subject,
    )
    return exchange


def _blame(scim: Target, judge: Judge, requirement: str, resource: Resource, attribute: str, value: str) -> None:
    """End the check when the same search in another wire form finds the resource alone."""
    expression = equality(attribute, value)
    endpoint = resource.model.endpoint
    if is_group(resource.model):
        plain = scim.get(endpoint, params={"excludedAttributes": "members", "filter": expression})
        if (
            requirement != EXCLUSION
            and not alone(plain, resource)
            and alone(scim.search(endpoint, expression), resource)
        ):
            judge.blocked(EXCLUSION, "the group is found without excludedAttributes=members")
    else:
        plain = scim.search(endpoint, expression)
    if alone(plain, resource):
        judge.blocked(SMALL, "the resource is found when escapes have capitals")


def made(scim: Target, judge: Judge, model: ResourceModel, body: JSONObject, what: str) -> Resource:
    """Create from a body that a target may refuse: a refusal ends the check as not applicable."""
    exchange = scim.post(model.endpoint, json=body)
    if 400 <= exchange.status < 500:
        judge.not_applicable(f"{what} is refused: {exchange.summary()} {error_text(exchange)}".strip())
    if not exchange.ok:
        judge.blocked(CREATION, f"{what} could not be created: {exchange.summary()}")
    return scim.resource_of(model, body, exchange)


def twin(scim: Target, model: ResourceModel, body: JSONObject) -> tuple[Resource, ...]:
    """A resource that must not match, or none when the target refuses to have it."""
    exchange = scim.post(model.endpoint, json=body)
    return (scim.resource_of(model, body, exchange),) if exchange.ok else ()
