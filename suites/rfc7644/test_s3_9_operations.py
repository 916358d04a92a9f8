"""RFC 7644 §3.9: what the answers to POST, PUT, queries and searches hold. PATCH: §3.5.2; GET by id: §3.4.2.5."""

from __future__ import annotations

from collections.abc import Callable

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import quoted
from scimcheck.harness.projecting import Subject, demand_subject, shown
from scimcheck.harness.representation import path_of, put_body, value_at, with_value, without
from scimcheck.harness.target import Resource, Target, ids

Send = Callable[[Subject, dict[str, str]], Exchange]


def _created(subject: Subject, params: dict[str, str]) -> Exchange:
    scim, model = subject.scim, subject.model
    full = scim.capabilities.full_payloads(model)
    return scim.post(model.endpoint, json=scim.payload(model, full=full), params=params)


def _replaced(subject: Subject, params: dict[str, str]) -> Exchange:
    scim = subject.scim
    resource = scim.create(subject.model, full=scim.capabilities.full_payloads(subject.model))
    return scim.put(resource.path, json=put_body(scim, resource), params=params)


def _listed(subject: Subject, params: dict[str, str]) -> Exchange:
    return subject.scim.get(subject.model.endpoint, params={"filter": _only(subject), **params})


def _searched(subject: Subject, params: dict[str, str]) -> Exchange:
    names = {key: value.split(",") for key, value in params.items()}
    body = {"schemas": [urns.SEARCH_REQUEST], "filter": _only(subject), **names}
    return subject.scim.post(f"{subject.model.endpoint}/.search", json=body)


def _only(subject: Subject) -> str:
    naming = attributes.naming(subject.model)
    return f"{naming} eq {quoted(str(subject.plain.body.get(naming)))}"


def _shown_resource(exchange: Exchange) -> JSONObject:
    return exchange.resources[0] if exchange.resources else exchange.body


def _judge_operation(judge: Judge, subject: Subject, send: Send, what: str) -> None:
    """Expect both parameters to have their effect on the resource in an answer."""
    naming = attributes.naming(subject.model)
    chosen = next((path_of(place) for place in subject.chosen() if path_of(place) == naming), "")
    if not chosen:
        judge.not_applicable(f"{naming} is not returned by default")
    exchange = send(subject, {"attributes": chosen})
    body = _shown_resource(exchange)
    if exchange.status == 204 or not exchange.ok:
        judge.not_applicable(f"the answer shows no resource: {exchange.summary()}")
    allowed = {chosen.lower(), "id", *subject.always}
    there = shown(body, subject.model)
    judge.expect(
        "RFC7644-3.9-05",
        chosen.lower() in there and there <= allowed,
        expected=f"{what}: id and {chosen}, for attributes={chosen}",
        observed=f"{exchange.summary()}: {', '.join(sorted(there)) or 'nothing'}",
        at=exchange,
        subject=f"{subject.model.name}: {what}",
    )
    exchange = send(subject, {"excludedAttributes": chosen})
    there = shown(_shown_resource(exchange), subject.model)
    judge.expect(
        "RFC7644-3.9-05",
        exchange.ok and chosen.lower() not in there and bool(there),
        expected=f"{what}: the resource without {chosen}",
        observed=f"{exchange.summary()}: {', '.join(sorted(there)) or 'nothing'}",
        at=exchange,
        subject=f"{subject.model.name}: {what}",
    )


def _subject(scim: Target, judge: Judge, model: ResourceModel) -> Subject:
    demand_subject(scim, judge, model, "attributes")
    return demand_subject(scim, judge, model, "excludedAttributes")


@check("RFC7644-3.9-05", needs=("read",), every_type="deep")
def test_parameters_of_a_creation(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The answer to POST holds what the parameters ask for."""
    _judge_operation(judge, _subject(scim, judge, model), _created, "POST")


@check("RFC7644-3.9-05", needs=("read", "put"), every_type="deep")
def test_parameters_of_a_replacement(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The answer to PUT, if it has a body, holds what the parameters ask for."""
    _judge_operation(judge, _subject(scim, judge, model), _replaced, "PUT")


@check("RFC7644-3.9-05", needs=("read", "filter"), depth="quick")
def test_parameters_of_a_query(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Each resource in a list holds what the parameters ask for."""
    _judge_operation(judge, _subject(scim, judge, model), _listed, "query")


@check("RFC7644-3.9-05", needs=("read", "filter", "search"))
def test_parameters_of_a_search(scim: Target, judge: Judge) -> None:
    """Each resource that a search finds holds what the parameters ask for."""
    _judge_operation(judge, _subject(scim, judge, scim.primary), _searched, "search")


@check("RFC7644-3.9-01", needs=("read",), every_type="deep")
def test_every_answer_shows_the_default_set(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A resource looks the same in the answers to POST and PUT and in a list: all that is returned by default."""
    subject = demand_subject(scim, judge, model)
    fresh = scim.create(model, full=scim.capabilities.full_payloads(model))
    read = scim.get(fresh.path)
    if read.status != 200:
        judge.blocked("RFC7644-3.4.1-01", read.summary())
    _judge_whole(judge, subject, fresh, read, fresh.exchange, fresh.body)
    if scim.capabilities.works("put", model):
        put = scim.put(fresh.path, json=put_body(scim, fresh))
        if put.status == 200:
            _judge_whole(judge, subject, fresh, scim.get(fresh.path), put, put.body)
    if scim.capabilities.works("filter", model):
        listed = scim.get(model.endpoint, params={"filter": _only(subject)})
        for body in listed.resources:
            if ids([body]) == [subject.resource.id]:
                _judge_whole(judge, subject, subject.resource, subject.plain, listed, body)


def _judge_whole(
    judge: Judge, subject: Subject, resource: Resource, read: Exchange, exchange: Exchange, body: JSONObject
) -> None:
    declared = {path_of(place).lower() for place in subject.defaults} | subject.always
    missing = sorted((shown(read.body, subject.model) & declared) - shown(body, subject.model))
    judge.expect(
        "RFC7644-3.9-01",
        not missing or not body,
        expected="every attribute of the minimum and default sets that a GET shows",
        observed=f"{exchange.summary()} without {', '.join(missing)}",
        at=(resource.exchange, read, exchange),
    )


def _on_request(model: ResourceModel, judge: Judge) -> Located:
    found = [each for each in attributes.having(model, "request") if each.parent is None]
    writable = [each for each in found if each.attribute.mutability.value == "readWrite"]
    if not writable:
        judge.not_applicable(f"{model.name} has no attribute that is returned on request")
    return writable[0]


def _requested(scim: Target, model: ResourceModel, place: Located) -> tuple[Resource, JSONObject]:
    """A resource that has the attribute, and the body without it."""
    whole = scim.payload(model, full=True)
    value = value_at(whole, place)
    if attributes.is_group(model) and place.attribute.name == "members" and scim.user:
        value = [scim.member(scim.shared(scim.user)[0])]  # one that exists
    resource = scim.create_from(model, with_value(without(whole, place), place, value))
    return resource, without(whole, place)


@check("RFC7643-7-34", needs=("read", "attr:request"), depth="quick")
def test_attributes_on_request_are_shown_when_named(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An attribute returned on request is in no plain answer to GET, and there when ``attributes`` names it."""
    place = _on_request(model, judge)
    name = path_of(place)
    resource, _ = _requested(scim, model, place)
    plain, named = scim.get(resource.path), scim.read(resource, attributes=name)
    listed = scim.get(model.endpoint, params={"count": "5"})
    disclosed = name.lower() in shown(plain.body, model)
    disclosed = disclosed or any(name.lower() in shown(each, model) for each in listed.resources)
    judge.expect(
        "RFC7643-7-34",
        not disclosed,
        expected=f"no {name}, which was not asked for",
        observed=f"{name} in the answer",
        at=(resource.exchange, plain, listed),
    )
    judge.expect(
        "RFC7643-7-34",
        named.status == 200 and name.lower() in shown(named.body, model),
        expected=f"{name}, which was asked for",
        observed=f"{named.summary()}: {', '.join(sorted(shown(named.body, model)))}",
        at=(resource.exchange, named),
    )


@check("RFC7643-7-35", needs=("read", "attr:request"))
def test_attributes_on_request_are_shown_to_who_wrote_them(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The answers to POST and PUT show an attribute returned on request when the request set it."""
    place = _on_request(model, judge)
    name = path_of(place)
    resource, _ = _requested(scim, model, place)
    answers = [resource.exchange]
    if scim.capabilities.works("put", model):
        answers.append(scim.put(resource.path, json=put_body(scim, resource)))
    for exchange in answers:
        judge.expect(
            "RFC7643-7-35",
            exchange.status == 204 or not exchange.ok or name.lower() in shown(exchange.body, model),
            expected=f"{name}, which the request set",
            observed=f"{exchange.summary()}: {', '.join(sorted(shown(exchange.body, model)))}",
            at=(resource.exchange, exchange),
        )
