"""RFC 7643 §3.1: id and meta. externalId is in test_s3_1_external_id.py, meta.version is left to RFC 7644 §3.14."""

from __future__ import annotations

import time
from datetime import datetime, timezone

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import Mutability
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import (
    ends_with_path,
    follow,
    fresh_value,
    instant,
    put_body,
    same_time,
    unmoved,
    with_value,
)
from scimcheck.harness.target import Resource, Target, ids

#: Seconds by which the clocks of client and provider may differ.
SKEW = 36 * 3600


def _meta(body: JSONObject, name: str) -> JSON:
    meta = member(body, "meta")
    return meta.get(name) if isinstance(meta, dict) else None


@check("RFC7643-3.1-02", needs=("create", "read"), depth="quick")
def test_id_and_meta_are_assigned(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A new resource has id and meta with resourceType, created, lastModified and location."""
    resource = scim.shared(model)[0]
    found = scim.shown(resource)
    missing = [name for name in ("resourceType", "created", "lastModified", "location") if not _meta(found.body, name)]
    judge.expect(
        "RFC7643-3.1-02",
        member(found.body, "id") and not missing,
        expected="id, meta.resourceType, meta.created, meta.lastModified and meta.location",
        observed=f"id {member(found.body, 'id')!r}; missing in meta: {', '.join(missing) or 'nothing'}",
        at=(resource.exchange, found),
    )


@check("RFC7643-3.1-04", needs=("list",))
def test_ids_are_unique_across_types(scim: Target, judge: Judge) -> None:
    """No id occurs twice, not even in resources of different types."""
    start = len(scim.session.journal)
    found: dict[str, set[str]] = {}
    twice: list[str] = []
    for model in scim.models:
        if not scim.capabilities.works("list", model):
            continue
        listed = [*ids(scim.get(model.endpoint).resources), scim.shared(model)[0].id]
        once = set(listed)
        twice += [identifier for identifier in once if any(identifier in others for others in found.values())]
        found[model.name] = once
    judge.expect(
        "RFC7643-3.1-04",
        not twice,
        expected="ids that occur in one resource type only",
        observed=f"in several types: {', '.join(twice[:3])}",
        at=scim.session.journal.since(start),
    )


def _changed(scim: Target, resource: Resource) -> Exchange:
    """PUT with another value of one attribute."""
    attribute = attributes.changeable(resource.model)
    located = resource.model.find(None, attribute.name if attribute else attributes.naming(resource.model))
    if located is not None and located.attribute.mutability is not Mutability.READ_WRITE:
        located = resource.model.find(None, "externalId")
    body = put_body(scim, resource)
    if located is not None:
        body = with_value(body, located, fresh_value(scim, resource.model, located))
    return scim.put(resource.path, json=body)


@check("RFC7643-3.1-05", needs=("create", "read", "list"))
def test_id_is_the_same_everywhere(scim: Target, judge: Judge, resource: Resource) -> None:
    """Creation, GET, list and PUT show the resource under one id."""
    shown = [resource.exchange]
    if scim.capabilities.works("put", resource.model):
        shown.append(_changed(scim, resource))
    shown.append(scim.read(resource))
    told = {str(exchange.body.get("id")) for exchange in shown if exchange.ok and "id" in exchange.body}
    judge.expect(
        "RFC7643-3.1-05",
        told == {resource.id},
        expected=f"id {resource.id} in every response",
        observed=f"ids {', '.join(sorted(told))}",
        at=shown,
    )
    if scim.capabilities.works("filter", resource.model):
        listed = scim.search(
            resource.model.endpoint, f'{attributes.naming(resource.model)} eq "{_name_of(shown[-1], resource)}"'
        )
        if len(listed.resources) == 1:
            judge.expect(
                "RFC7643-3.1-05",
                ids(listed.resources) == [resource.id],
                expected=f"id {resource.id} in the list",
                observed=f"ids {ids(listed.resources)}",
                at=(*shown, listed),
            )


def _name_of(found: Exchange, resource: Resource) -> str:
    return str(found.body.get(attributes.naming(resource.model)) or resource.name)


@check("RFC7643-3.1-06", needs=("delete",), every_type="deep")
def test_id_is_not_given_again(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A resource created after a deletion, even with the same content, gets an id of its own."""
    resource = scim.some(model)
    gone = scim.delete(resource.path)
    if not gone.ok:
        judge.blocked("RFC7644-3.2-05", f"the resource could not be deleted: {gone.summary()}")
    again = scim.post(resource.model.endpoint, json=resource.sent)
    other = scim.post(resource.model.endpoint, json=scim.payload(resource.model))
    told = [str(exchange.body.get("id")) for exchange in (again, other) if exchange.ok]
    judge.expect(
        "RFC7643-3.1-06",
        resource.id not in told,
        expected=f"ids other than {resource.id}, which was deleted",
        observed=f"ids {', '.join(told)}",
        at=(resource.exchange, gone, again, other),
    )


@check("RFC7643-3.1-09", needs=("create", "read"))
def test_id_is_case_exact(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An id in other letters names no resource, in the path and in a filter."""
    resource = scim.shared(model)[0]
    turned = resource.id.swapcase()
    if turned == resource.id:
        judge.not_applicable("the ids of this target have no letters")
    found = scim.get(scim.ledger.mint(resource.model.endpoint, turned))
    judge.expect(
        "RFC7643-3.1-09",
        not (found.status == 200 and str(found.body.get("id")) == resource.id),
        expected="404",
        observed=f"{found.summary()} with id {found.body.get('id')!r}",
        at=(resource.exchange, found),
    )
    if scim.capabilities.works("filter", resource.model):
        listed = scim.search(resource.model.endpoint, f'id eq "{turned}"')
        judge.expect(
            "RFC7643-3.1-09",
            resource.id not in ids(listed.resources),
            expected="no match",
            observed=f"{listed.summary()}: id {resource.id} matches {turned}",
            at=(resource.exchange, listed),
        )


@check("RFC7643-3.1-10", needs=("create", "read"))
def test_id_cannot_be_changed(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Neither PUT nor PATCH gives a resource another id."""
    resource = scim.some(model)
    wanted = scim.unique("id")
    sent: list[Exchange] = []
    if scim.capabilities.works("put", resource.model):
        sent.append(scim.put(resource.path, json={**put_body(scim, resource), "id": wanted}))
        if not sent[0].ok:
            judge.advise(
                "RFC7643-3.1-10",
                expected="200, the id of the request ignored",
                observed=sent[0].summary(),
                at=sent,
            )
    if scim.capabilities.works("patch", resource.model):
        sent.append(scim.patch(resource.path, {"op": "replace", "path": "id", "value": wanted}))
    if not sent:
        judge.not_applicable("the target can neither replace nor patch")
    found, other = scim.read(resource), scim.get(scim.ledger.mint(resource.model.endpoint, wanted))
    judge.expect(
        "RFC7643-3.1-10",
        found.status == 200 and str(found.body.get("id")) == resource.id and other.status != 200,
        expected=f"the resource under id {resource.id} alone",
        observed=f"{found.summary()} with id {found.body.get('id')!r}; {other.summary()}",
        at=(*sent, found, other),
    )


@check("RFC7643-3.1-11", "RFC7643-3.1-19", needs=("create", "read"), every_type="deep")
def test_projection_of_id_and_meta(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """id is in every response whatever is asked for, meta unless it is left out."""
    resource, name = scim.shared(model)[0], attributes.naming(model)
    plain = scim.shown(resource)
    asked = scim.read(resource, attributes=name)
    left_out = scim.read(resource, excludedAttributes="id,meta")
    for exchange in (asked, left_out):
        judge.expect(
            "RFC7643-3.1-11",
            str(exchange.body.get("id")) == resource.id,
            expected=f"id {resource.id}",
            observed=f"{exchange.summary()} with id {exchange.body.get('id')!r}",
            at=exchange,
        )
        # a provider without projection at all is told by RFC 7644 §3.9
        ignored = name in exchange.body and len(exchange.body) == len(plain.body)
        judge.expect(
            "RFC7643-3.1-19",
            ignored or not member(exchange.body, "meta"),
            expected="no meta",
            observed=f"{exchange.summary()} with meta",
            at=exchange,
        )
    judge.expect(
        "RFC7643-3.1-19",
        member(plain.body, "meta"),
        expected="meta in a plain GET",
        observed=f"{plain.summary()} without meta",
        at=plain,
    )


@check("RFC7643-3.1-21", needs=("create", "read"))
def test_created_is_the_time_of_creation(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """meta.created is about now for a resource that was created now."""
    resource = scim.shared(model)[0]
    found = scim.shown(resource)
    created = instant(_meta(found.body, "created"))
    now = datetime.now(timezone.utc).timestamp()
    judge.expect(
        "RFC7643-3.1-21",
        created is not None and abs(created - now) < SKEW,
        expected=f"meta.created is about {datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
        observed=f"meta.created: {_meta(found.body, 'created')}",
        at=(resource.exchange, found),
    )


@check("RFC7643-3.1-23", needs=("create", "read"))
def test_new_resource_is_unmodified(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """created and lastModified of a new resource are the same instant."""
    resource = scim.shared(model)[0]
    found = scim.shown(resource)
    created, modified = (_meta(found.body, name) for name in ("created", "lastModified"))
    if instant(created) is None or instant(modified) is None:
        judge.not_applicable("meta has no created or no lastModified to compare")
    judge.expect(
        "RFC7643-3.1-23",
        same_time(created, modified, 1.0),
        expected=f"meta.lastModified: {created}",
        observed=f"meta.lastModified: {modified}",
        at=(resource.exchange, found),
    )
    if instant(created) != instant(modified) and same_time(created, modified, 1.0):
        judge.advise(
            "RFC7643-3.1-23",
            expected=f"meta.lastModified: {created}",
            observed=f"meta.lastModified: {modified}",
            at=(resource.exchange, found),
        )


def _without_meta(body: JSONObject) -> JSONObject:
    return {name: value for name, value in body.items() if name.lower() != "meta"}


@check("RFC7643-3.1-22", "RFC7643-3.1-24", needs=("put", "read"))
def test_modification_moves_last_modified_alone(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A change makes lastModified later and leaves created as it is."""
    resource = scim.some(model)
    before = scim.current(resource)
    created, modified = (_meta(before.body, name) for name in ("created", "lastModified"))
    if instant(created) is None or instant(modified) is None:
        judge.not_applicable("meta has no created or no lastModified to compare")
    exchange = _changed(scim, resource)
    if not exchange.ok:
        judge.blocked("RFC7644-3.5.1-02", f"the resource could not be replaced: {exchange.summary()}")
    after = scim.read(resource)
    if _meta(after.body, "lastModified") == modified:
        time.sleep(1.1)  # times may be whole seconds (RFC7643-3.1-24, readings)
        exchange = _changed(scim, resource)
        after = scim.read(resource)
    judge.expect(
        "RFC7643-3.1-22",
        unmoved(created, _meta(after.body, "created")),
        expected=f"meta.created: {created}",
        observed=f"meta.created: {_meta(after.body, 'created')}",
        at=(before, exchange, after),
    )
    if _without_meta(after.body) == _without_meta(before.body):
        judge.blocked("RFC7644-3.5.1-02", f"the resource is the same as before: {exchange.summary()}")
    later = instant(_meta(after.body, "lastModified"))
    judge.expect(
        "RFC7643-3.1-24",
        later is not None and later > (instant(modified) or 0),
        expected=f"meta.lastModified after {modified}",
        observed=f"meta.lastModified: {_meta(after.body, 'lastModified')}",
        at=(before, exchange, after),
    )


@check("RFC7643-3.1-25", needs=("create", "read"))
def test_location_is_where_the_resource_is(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """GET on meta.location gives the resource."""
    resource = scim.shared(model)[0]
    found = scim.shown(resource)
    location = _meta(found.body, "location")
    if not isinstance(location, str) or not location:
        judge.not_applicable("the resource has no meta.location")
        return
    answer = follow(scim, location)
    if answer is None:
        elsewhere = ends_with_path(location, resource)
        judge.expect(
            "RFC7643-3.1-25",
            elsewhere,
            expected=f"a URI that ends in {resource.path}",
            observed=f"meta.location: {location}",
            at=found,
        )
        if elsewhere:
            judge.advise(
                "RFC7643-3.1-25",
                expected="a URI of the origin that was asked",
                observed=f"meta.location: {location}",
                at=found,
            )
        return
    judge.expect(
        "RFC7643-3.1-25",
        answer.status == 200 and str(answer.body.get("id")) == resource.id,
        expected=f"GET {location} → 200 with id {resource.id}",
        observed=f"{answer.summary()} with id {answer.body.get('id')!r}",
        at=(found, answer),
    )
