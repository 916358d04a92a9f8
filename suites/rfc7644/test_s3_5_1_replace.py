"""RFC 7644 §3.5.1: replacing resources with PUT. What PUT has to refuse is in test_s3_5_1_replace_refused.py, what it
does to attributes that are left out or sent as null in test_s3_5_1_replace_cleared.py.
"""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import (
    differences,
    fresh_value,
    kept,
    masked,
    path_of,
    put_body,
    sent_attributes,
    value_at,
    well_typed,
    with_value,
)
from scimcheck.harness.target import Resource, Target


@check("RFC7644-3.5-01", "RFC7644-3.5.1-01", "RFC9110-9.3.4-01", needs=("create",))
def test_replacement_is_answered_with_200(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """PUT is supported and answers 200 with the whole resource."""
    resource = scim.some(model)
    scim.capabilities.demand("read", resource.model)
    exchange = scim.put(resource.path, json=put_body(scim, resource))
    evidence = (resource.exchange, exchange)
    judge.demand("RFC7644-3.5-01", exchange.ok, expected="200", observed=exchange.summary(), at=evidence)
    judge.status("RFC9110-9.3.4-01", exchange, 200, 204, also=(resource.exchange,))
    if judge.status("RFC7644-3.5.1-01", exchange, 200, also=(resource.exchange,)):
        state = scim.state(resource)
        missing = sorted({name.lower() for name in state} - {name.lower() for name in exchange.body})
        judge.expect(
            "RFC7644-3.5.1-01",
            not [name for name in missing if has_value(member(state, name))],
            expected="the entire resource",
            observed=f"not in the body: {', '.join(missing)}",
            at=evidence,
        )


@check("RFC7644-3.5.1-02", "RFC7643-7-26", "RFC7644-3.5.1-12", needs=("put", "read"), depth="quick")
def test_values_are_replaced(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """PUT replaces the value of every attribute that it sends, lists as a whole, and answers with what a GET shows."""
    resource = scim.create(model, full=scim.capabilities.full_payloads(model))
    before = scim.initial(resource)
    body, changed = put_body(scim, resource), []
    for located, _ in list(sent_attributes(model, resource.sent)):
        if located.attribute.mutability.value == "readWrite" and _was_kept(before, located):
            value = fresh_value(scim, model, located, value_at(before, located))
            if value is not None:
                body = with_value(body, located, value)
                changed.append(located)
    if not changed:
        judge.not_applicable(f"{model.name} has no attribute that a client may change")
    exchange = scim.put(resource.path, json=body)
    if not exchange.ok:
        exchange, body, changed = _only_the_name(scim, judge, resource, exchange)
    found = scim.read(resource)
    _are_replaced(judge, changed, body, found, (resource.exchange, exchange))
    if "id" not in exchange.body:
        judge.skip("RFC7644-3.5.1-12", "the answer to the PUT has no body")
        return
    told = differences(exchange.body, found.body, model)
    judge.expect(
        "RFC7644-3.5.1-12",
        not told,
        expected="the answer to PUT equals a following GET",
        observed="; ".join(told),
        at=(resource.exchange, exchange, found),
    )


def _was_kept(before: JSONObject, located: Located) -> bool:
    """Whether there is something to replace; that the creation was stored is judged by RFC7643-2.2-04 and 3.1-16."""
    return has_value(value_at(before, located))


def _only_the_name(
    scim: Target, judge: Judge, resource: Resource, first: Exchange
) -> tuple[Exchange, JSONObject, list[Located]]:
    """A second, smaller attempt, for a provider that does not like one of the values."""
    located = resource.model.find(None, attributes.naming(resource.model))
    if located is None:
        judge.not_applicable("the resource type has no name to change")
        raise AssertionError
    body = with_value(put_body(scim, resource), located, fresh_value(scim, resource.model, located))
    exchange = scim.put(resource.path, json=body)
    judge.demand(
        "RFC7644-3.5.1-02",
        exchange.ok,
        expected="200",
        observed=exchange.summary(),
        at=(resource.exchange, first, exchange),
    )
    return exchange, body, [located]


def _are_replaced(
    judge: Judge, changed: list[Located], body: JSONObject, found: Exchange, before: tuple[Exchange, ...]
) -> None:
    old, left = [], []
    for located in changed:
        sent, shown = value_at(body, located), value_at(found.body, located)
        if shown is not None and not well_typed(shown, located.attribute):
            continue  # told by the rule about its type
        if not kept(sent, shown, located.attribute):
            old.append(f"{path_of(located)}: {shown} instead of {sent}")
        left += [f"{path_of(located)}: {item}" for item in _beyond(sent, shown, located)]
    for requirement in ("RFC7644-3.5.1-02", "RFC7643-7-26"):
        judge.expect(
            requirement,
            not old,
            expected="the values that PUT sent",
            observed="; ".join(old),
            at=(*before, found),
        )
    judge.expect(
        "RFC7644-3.5.1-02",
        not left,
        expected="lists as PUT sent them",
        observed=f"left over: {'; '.join(left)}",
        at=(*before, found),
    )


def _beyond(sent: JSON, shown: JSON, located: Located) -> list[JSON]:
    """Elements that are shown and were not sent."""
    if not isinstance(sent, list) or not isinstance(shown, list):
        return []
    return [item for item in shown if not any(kept(one, item, located.attribute) for one in sent)]


@check("RFC7644-3.1-05", needs=("put", "read"))
def test_retrieved_resource_may_be_put_back(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """What GET returned, read-only attributes and all, is a valid PUT that changes nothing."""
    resource = scim.create(model, full=scim.capabilities.full_payloads(model))
    before = scim.read(resource)
    exchange = scim.put(resource.path, json=_as_it_came(before.body, resource))
    if not judge.expect(
        "RFC7644-3.1-05", exchange.ok, expected="200", observed=exchange.summary(), at=(before, exchange)
    ):
        return
    after = scim.read(resource)
    told = [text for text in differences(before.body, after.body, model) if not text.startswith("meta.lastModified")]
    judge.expect(
        "RFC7644-3.1-05",
        not told,
        expected="the resource as it was",
        observed="; ".join(told),
        at=(before, exchange, after),
    )


def _as_it_came(body: JSONObject, resource: Resource) -> JSONObject:
    """A body as GET showed it, without what was masked in the evidence; with schemas in any case."""
    shown: JSONObject = {"schemas": resource.sent["schemas"]}
    for name, value in body.items():
        if isinstance(value, dict):
            shown[name] = {key: item for key, item in value.items() if not masked(item)}
        elif not masked(value):
            shown[name] = value
    return shown


@check("RFC7644-3.5.1-08", needs=("put", "read"))
def test_read_only_attributes_are_ignored(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Values of read-only attributes in a PUT are ignored, and the PUT succeeds."""
    resource = scim.create(model)
    before = scim.initial(resource)
    forged = _forged(scim, resource)
    exchange = scim.put(resource.path, json={**put_body(scim, resource), **forged})
    if not judge.expect(
        "RFC7644-3.5.1-08",
        exchange.ok,
        expected="200, read-only attributes ignored",
        observed=exchange.summary(),
        at=(resource.exchange, exchange),
    ):
        return
    found = scim.read(resource)
    names = {name.lower() for name in forged}
    told = [
        text
        for text in differences(before, found.body, resource.model)
        if text.split(":")[0].split(".")[0].lower() in names and not text.startswith("meta.lastModified: ")
    ]
    judge.expect(
        "RFC7644-3.5.1-08",
        not told,
        expected="read-only attributes as they were",
        observed="; ".join(told),
        at=(resource.exchange, exchange, found),
    )


def _forged(scim: Target, resource: Resource) -> JSONObject:
    """Values of the client's own for meta and every read-only attribute with a value."""
    forged: JSONObject = {
        "meta": {
            "resourceType": resource.model.name,
            "created": "1999-12-31T23:59:59Z",
            "lastModified": "1999-12-31T23:59:59Z",
            "location": "https://elsewhere.example.com/1",
        }
    }
    for located in resource.model.attributes():
        attribute = located.attribute
        ours = located.schema is None and attribute.mutability.value == "readOnly" and attribute.name.lower() != "meta"
        part = attribute.sub_attribute("value")
        if ours and part is not None:
            start = "https://forged.example.com/" if part.type is DataType.REFERENCE else ""
            value: JSON = {part.name: f"{start}{scim.unique('forged')}"}
            forged[attribute.name] = [value] if attribute.multi_valued else value
    return forged


@check("RFC9110-9.3.4-03", needs=("put",), every_type="deep")
def test_unknown_headers_are_ignored(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A header field that nobody knows does not fail a PUT."""
    resource = scim.some(model)
    exchange = scim.put(resource.path, json=put_body(scim, resource), headers={"X-Scimcheck-Unknown": "1"})
    judge.expect(
        "RFC9110-9.3.4-03", exchange.ok, expected="200", observed=exchange.summary(), at=(resource.exchange, exchange)
    )
