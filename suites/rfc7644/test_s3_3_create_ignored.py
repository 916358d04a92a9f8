"""RFC 7644 §3.3: what a creation ignores: read-only attributes, null, attributes that nobody defined."""

from __future__ import annotations

import uuid

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import has_value, same_value
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import path_of, value_at, with_value
from scimcheck.harness.target import Resource, Target
from scimcheck.harness.values import value_for, values_for

_LONG_AGO = "1999-12-31T23:59:59Z"


def _created(scim: Target, judge: Judge, requirement: str, model: ResourceModel, body: JSONObject) -> Resource | None:
    """The resource of a creation that has to succeed; ``None`` when it does not, which is told."""
    exchange = scim.post(model.endpoint, json=body)
    if judge.expect(requirement, exchange.ok, expected="201", observed=exchange.summary(), at=exchange):
        return scim.resource_of(model, body, exchange)
    return None


@check("RFC7643-3.1-07", needs=("create", "read"))
def test_id_of_the_client_is_ignored(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An id in a creation does not become the resource's id."""
    wanted = f"scimcheck-{uuid.uuid4()}"
    exchange = scim.post(model.endpoint, json=scim.payload(model, id=wanted))
    if not exchange.ok:
        judge.advise(
            "RFC7643-3.1-07",
            expected="201, the id of the request ignored",
            observed=exchange.summary(),
            at=exchange,
            hint="RFC 7644 §3.3 asks for read-only attributes to be ignored; some providers refuse an id.",
        )
        return
    resource = scim.resource_of(model, {}, exchange)
    under = scim.get(scim.ledger.mint(model.endpoint, wanted)) if resource.id != wanted else None
    judge.expect(
        "RFC7643-3.1-07",
        resource.id != wanted and (under is None or under.status != 200),
        expected="an id of the provider's own",
        observed=f"the resource got the id {resource.id}, as sent",
        at=[exchange, *([under] if under else [])],
    )


@check("RFC7643-3.1-17", needs=("create", "read"))
def test_meta_of_the_client_is_ignored(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """meta in a creation neither fails it nor becomes part of the resource."""
    forged = {
        "resourceType": model.name,
        "created": _LONG_AGO,
        "lastModified": _LONG_AGO,
        "location": f"https://elsewhere.example.com{model.endpoint}/1",
        "version": 'W/"scimcheck-forged"',
    }
    resource = _created(scim, judge, "RFC7643-3.1-17", model, scim.payload(model, meta=forged))
    if resource is None:
        return
    found = scim.read(resource)
    meta = member(found.body, "meta")
    shown = meta if isinstance(meta, dict) else {}
    taken = [name for name in forged if name != "resourceType" and _is_forged(shown.get(name), forged[name])]
    judge.expect(
        "RFC7643-3.1-17",
        not taken,
        expected="meta as the provider assigns it",
        observed=f"as the client sent it: {', '.join(f'meta.{name} = {shown[name]}' for name in taken)}",
        at=(resource.exchange, found),
    )


def _is_forged(shown: JSON, sent: str) -> bool:
    return isinstance(shown, str) and (shown == sent or (sent == _LONG_AGO and shown.startswith("1999-12-31")))


@check("RFC7644-3.3-05", needs=("create", "read"))
def test_read_only_attributes_are_ignored(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Read-only attributes in a creation neither fail it nor come into force."""
    chosen = [
        located
        for located in model.attributes()
        if located.attribute.mutability is Mutability.READ_ONLY and located.attribute.name.lower() not in ("id", "meta")
    ]
    if not chosen:
        judge.not_applicable(f"{model.name} has no read-only attributes beside id and meta")
    body, usual = scim.payload(model), scim.shared(model)[0].body
    for located in chosen:
        body = with_value(body, located, _forged(scim, located, value_at(usual, located)))
    resource = _created(scim, judge, "RFC7644-3.3-05", model, body)
    if resource is None:
        return
    found = scim.read(resource)
    for located in chosen:
        sent, shown = value_at(body, located), value_at(found.body, located)
        judge.expect(
            "RFC7644-3.3-05",
            not _in_force(sent, shown, located),
            expected=f"{path_of(located)} as the provider assigns it",
            observed=f"{path_of(located)}: {shown}, as the client sent it",
            at=(resource.exchange, found),
        )


def _forged(scim: Target, located: Located, usual: JSON) -> JSON:
    """A value that the provider does not give the attribute; ``usual`` is one that it gave."""
    attribute = located.attribute
    if attribute.type is DataType.BOOLEAN and not attribute.multi_valued:
        return usual is False
    value = attribute.sub_attribute("value")
    if value is not None:
        start = "https://forged.example.com/" if value.type is DataType.REFERENCE else ""
        element: JSON = {value.name: f"{start}scimcheck-{uuid.uuid4()}"}
        return [element] if attribute.multi_valued else element
    return (
        values_for(attribute, scim.payloads.fake)
        if attribute.multi_valued
        else value_for(attribute, scim.payloads.fake)
    )


def _in_force(sent: JSON, shown: JSON, located: Located) -> bool:
    if isinstance(sent, list) and isinstance(shown, list):
        return any(_in_force(a, b, located) for a in sent for b in shown)
    if isinstance(sent, dict) and isinstance(shown, dict):
        return has_value(sent) and member(shown, "value") == member(sent, "value") is not None
    return has_value(shown) and same_value(sent, shown, located.attribute)


@check("RFC7644-3.3-08", needs=("create", "read"))
def test_null_suppresses_a_default(scim: Target, judge: Judge, resource: Resource) -> None:
    """null for an attribute that gets a default is accepted and leaves it without value."""
    state = scim.state(resource)
    given = [
        located
        for located in resource.model.attributes()
        if located.attribute.mutability is Mutability.READ_WRITE
        and not located.attribute.required
        and located.schema is None
        and has_value(value_at(state, located))
        and value_at(resource.sent, located) is None
        and located.attribute.name.lower() not in ("schemas", "id", "meta", "externalid")
    ]
    if not given:
        judge.not_applicable(f"{resource.model.name} has no attribute to which the provider gives a default")
    for located in given[:3]:
        name = located.attribute.name
        empty: JSON = [] if located.attribute.multi_valued else None
        exchange = scim.post(resource.model.endpoint, json={**scim.payload(resource.model), name: empty})
        if not judge.expect(
            "RFC7644-3.3-08",
            exchange.ok,
            expected=f"201 although {name} is {empty!r}",
            observed=exchange.summary(),
            at=(resource.exchange, exchange),
        ):
            continue
        found = scim.read(scim.resource_of(resource.model, {}, exchange))
        if has_value(value_at(found.body, located)):
            # A business rule may insist on a value (RFC7644-3.3-08, readings).
            judge.advise(
                "RFC7644-3.3-08",
                expected=f"no {name}: the client suppressed the default",
                observed=f"{name}: {value_at(found.body, located)}",
                at=(exchange, found),
            )


@check("RFC7644-3.3-14", needs=("create", "read"), every_type="deep")
def test_unknown_attributes_do_no_harm(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An attribute that no schema defines is ignored or refused, and never stored beside the defined ones."""
    name = "scimcheckUnknown"
    exchange = scim.post(model.endpoint, json={**scim.payload(model), name: "x"})
    if not exchange.ok:
        judge.expect(
            "RFC7644-3.3-14",
            400 <= exchange.status < 500,
            expected="201 without the attribute, or 400",
            observed=exchange.summary(),
            at=exchange,
        )
        return
    found = scim.read(scim.resource_of(model, {}, exchange))
    _not_stored(judge, name, exchange, found)


def _not_stored(judge: Judge, name: str, *at: Exchange) -> None:
    judge.expect(
        "RFC7644-3.3-14",
        not any(has_value(member(exchange.body, name)) for exchange in at),
        expected=f"a resource without {name}",
        observed=f"{name} is stored and returned",
        at=at,
    )
