"""RFC 7643 §2.4: multi-valued attributes. That one value is primary at most is judged in every response of the run."""

from __future__ import annotations

import re

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import Mutability
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.harness import check
from scimcheck.harness.attributes import having, multi_complex
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import kept, put_body
from scimcheck.harness.target import Resource, Target
from scimcheck.harness.values import values_for


def _with_primary(judge: Judge, model: ResourceModel) -> Attribute:
    found = [item.attribute for item in having(model, "primary") if item.schema is None]
    found = [item for item in found if item.sub_attribute("value") and item.mutability is Mutability.READ_WRITE]
    if not found:
        judge.not_applicable(f"{model.name} has no multi-valued attribute with primary")
    return found[0]


def _elements(scim: Target, attribute: Attribute, **more: JSON) -> list[JSON]:
    values = values_for(attribute, scim.payloads.fake)
    return [{**value, **more} if isinstance(value, dict) else value for value in values]


def _primaries(body: JSONObject, name: str) -> int:
    found = member(body, name)
    return sum(isinstance(e, dict) and member(e, "primary") is True for e in (found if isinstance(found, list) else []))


@check("RFC7643-2.4-04", needs=("create", "read", "attr:primary"))
def test_two_primary_values_do_not_come_to_be(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A request with two primary values is refused, or at most one of them stays primary."""
    attribute = _with_primary(judge, model)
    both: JSONObject = {attribute.name: _elements(scim, attribute, primary=True)}
    created = scim.post(model.endpoint, json={**scim.payload(model), **both})
    if created.ok:
        _at_most_one(judge, attribute, created, scim.read(scim.resource_of(model, both, created)))
    else:
        judge.status("RFC7643-2.4-04", created, 400, 409, 422)
    if scim.capabilities.works("put", model):
        resource = scim.create(model)
        replaced = scim.put(resource.path, json={**put_body(scim, resource), **both})
        _at_most_one(judge, attribute, replaced, scim.read(resource))


def _at_most_one(judge: Judge, attribute: Attribute, exchange: Exchange, found: Exchange) -> None:
    judge.expect(
        "RFC7643-2.4-04",
        _primaries(found.body, attribute.name) <= 1,
        expected=f"a refusal, or at most one primary value in {attribute.name}",
        observed=f"{exchange.summary()}; {_primaries(found.body, attribute.name)} primary values",
        at=(exchange, found),
    )


#: How often each of three types occurs among the values: more than ten in all, where pages and columns may end.
_TIMES = 4


@check("RFC7643-2.2-04", needs=("create", "read", "attr:multi-complex"))
def test_every_value_is_kept(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A resource that is created with a dozen values, several of each type, has as many afterwards."""
    attribute = multi_complex(model)
    if attribute is None:
        judge.not_applicable(f"{model.name} has no multi-valued attribute with value and type")
    sent = [value for _ in range(_TIMES) for value in values_for(attribute, scim.payloads.fake, count=3)]
    body = {**scim.payload(model), attribute.name: sent}
    exchange = scim.post(model.endpoint, json=body)
    if not exchange.ok:
        judge.not_applicable(f"{len(sent)} {attribute.name} could not be set: {exchange.summary()}")
    found = scim.read(scim.resource_of(model, body, exchange))
    shown = member(found.body, attribute.name)
    judge.expect(
        "RFC7643-2.2-04",
        kept(sent, shown, attribute),
        expected=f"{len(sent)} {attribute.name}: {sent}",
        observed=f"{len(shown) if isinstance(shown, list) else 0} {attribute.name}: {shown}",
        at=(exchange, found),
    )


@check("RFC7643-2.4-05", needs=("create", "read", "attr:primary"))
def test_values_are_not_primary_by_themselves(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Of values that were sent without primary, one may be made primary, not more."""
    attribute = _with_primary(judge, model)
    body = {**scim.payload(model), attribute.name: _elements(scim, attribute)}
    exchange = scim.post(model.endpoint, json=body)
    if not exchange.ok:
        judge.not_applicable(f"{attribute.name} could not be set: {exchange.summary()}")
    found = scim.read(scim.resource_of(model, body, exchange))
    judge.expect(
        "RFC7643-2.4-05",
        _primaries(found.body, attribute.name) <= 1,
        expected="values without primary are not primary",
        observed=f"{attribute.name}: {member(found.body, attribute.name)}",
        at=(exchange, found),
    )


@check("RFC7643-2.4-01", "RFC7643-2.3.2-01", needs=("create", "read", "attr:primary"))
def test_single_element_stays_an_array(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """One value of a multi-valued attribute is an array of one, and its primary a boolean."""
    attribute = _with_primary(judge, model)
    body = {**scim.payload(model), attribute.name: _elements(scim, attribute, primary=True)[:1]}
    exchange = scim.post(model.endpoint, json=body)
    if not exchange.ok:
        judge.not_applicable(f"{attribute.name} could not be set: {exchange.summary()}")
    found = scim.read(scim.resource_of(model, body, exchange))
    shown = member(found.body, attribute.name)
    judge.expect(
        "RFC7643-2.4-01",
        shown is None or isinstance(shown, list),
        expected=f"{attribute.name} is an array",
        observed=f"{attribute.name}: {shown!r}",
        at=(exchange, found),
    )
    marks = [member(e, "primary") for e in (shown if isinstance(shown, list) else []) if isinstance(e, dict)]
    judge.expect(
        "RFC7643-2.3.2-01",
        all(mark is None or isinstance(mark, bool) for mark in marks),
        expected="primary is true or false",
        observed=f"primary: {marks}",
        at=(exchange, found),
    )


@check("RFC7643-2.4-08", needs=("create", "read", "attr:multi-complex"))
def test_same_value_is_shown_once(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Two equal pairs of type and value are refused, or shown once."""
    attribute = multi_complex(model)
    if attribute is None:
        judge.not_applicable(f"{model.name} has no multi-valued attribute with type and value")
        return
    element = _elements(scim, attribute)[0]
    body = {**scim.payload(model), attribute.name: [element, element]}
    exchange = scim.post(model.endpoint, json=body)
    if not exchange.ok:
        judge.expect(
            "RFC7643-2.4-08", exchange.status < 500, expected="201 or 400", observed=exchange.summary(), at=exchange
        )
        return
    found = scim.read(scim.resource_of(model, body, exchange))
    shown = member(found.body, attribute.name)
    count = len(shown) if isinstance(shown, list) else 0
    judge.expect(
        "RFC7643-2.4-08",
        count <= 1,
        expected=f"{element} once",
        observed=f"{count} times",
        at=(exchange, found),
    )


@check("RFC7643-2.4-10", needs=("Group", "User", "patch", "read"))
def test_display_that_no_schema_defines_stays(scim: Target, judge: Judge, group: Resource, user: Resource) -> None:
    """Where the schema says nothing else, a PATCH does not change the display of a member."""
    members = group.model.core.attribute("members")
    if members is None or members.sub_attribute("display"):
        judge.not_applicable("the schema of Group defines members.display itself, or has no members")
    filled = scim.post(group.model.endpoint, json=scim.payload(group.model, members=[scim.member(user)]))
    if not filled.ok:
        judge.blocked("RFC7643-4.2-05", f"no group with a member could be created: {filled.summary()}")
    holder = scim.resource_of(group.model, {}, filled)
    before = _display(scim.initial(holder), user)
    forged = scim.unique("display")
    path = f'members[value eq "{user.id}"].display'
    exchange = scim.patch(holder.path, {"op": "replace", "path": path, "value": forged})
    found = scim.read(holder)
    judge.expect(
        "RFC7643-2.4-10",
        _display(found.body, user) != forged or before is None,
        expected=f"display: {before}",
        observed=f"display: {forged}",
        at=(filled, exchange, found),
    )


def _display(group: JSONObject, user: Resource) -> JSON:
    members = group.get("members")
    for element in members if isinstance(members, list) else []:
        if isinstance(element, dict) and str(element.get("value")) == user.id:
            return element.get("display")
    return None


@check("RFC7643-2.4-06", needs=("Group", "User", "v2-path", "read"))
def test_version_in_a_reference_does_not_matter(scim: Target, judge: Judge, group: Resource, user: Resource) -> None:
    """A member's $ref names the same user with and without the version segment."""
    versioned = f"{scim.session.base.url}{user.path}"
    plain = re.sub(r"/v\d+(?=/)", "", versioned)
    shown: list[list[str]] = []
    exchanges: list[Exchange] = []
    for uri in (versioned, plain):
        body = scim.payload(group.model, members=[{"value": user.id, "$ref": uri}])
        exchange = scim.post(group.model.endpoint, json=body)
        exchanges.append(exchange)
        found = scim.state(scim.resource_of(group.model, body, exchange)) if exchange.ok else {}
        members = found.get("members")
        shown.append(
            [str(e.get("value")) for e in (members if isinstance(members, list) else []) if isinstance(e, dict)]
        )
    judge.expect(
        "RFC7643-2.4-06",
        shown[0] == shown[1],
        expected=f"the member {user.id}, whatever the version in $ref",
        observed=f"{shown[0]} with {versioned}; {shown[1]} with {plain}",
        at=exchanges,
    )
