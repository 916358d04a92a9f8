"""RFC 7644 §3.3 and §3.12: creations that have to be refused, and that a refused one leaves nothing behind.

Required attributes are the business of RFC 7643 §7, userName of §4.1.1.
"""

from __future__ import annotations

import json

import pytest

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.mistyped import Mistake, mistakes
from scimcheck.harness.representation import value_at, well_typed, with_value
from scimcheck.harness.target import Resource, Target


@check("RFC7644-3.3-09", needs=("User", "read"), depth="quick")
def test_duplicate_is_a_conflict(scim: Target, judge: Judge, user: Resource) -> None:
    """A second User with the same userName is refused with 409 and scimType uniqueness."""
    exchange = scim.post(user.model.endpoint, json=scim.payload(user.model, userName=user.name))
    if not judge.status("RFC7644-3.3-09", exchange, 409, also=(user.exchange,)):
        return
    judge.expect(
        "RFC7644-3.3-09",
        exchange.scim_type == "uniqueness",
        expected="scimType uniqueness",
        observed=f"scimType {exchange.body.get('scimType')!r}",
        at=(user.exchange, exchange),
    )


@check("RFC7644-3.3-10", needs=("create", "list"))
def test_refused_creation_leaves_nothing_behind(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Whatever a creation was refused for, no resource of the submitted name exists afterwards."""
    sent: list[tuple[str, Exchange]] = []
    for mistake in mistakes(model)[:3]:
        name, body = _named(scim, model)
        sent.append((name, scim.post(model.endpoint, json=with_value(body, mistake.located, mistake.value))))
    name, body = _named(scim, model)
    sent.append((name, scim.post(model.endpoint, content=_cut_off(body))))
    if attributes.is_user(model):
        sent.append(_duplicate_with_external_id(scim, model))
    refused = [(name, exchange) for name, exchange in sent if not exchange.ok]
    if not refused:
        judge.not_applicable("the target accepts every creation that was tried")
    found = _search(scim, model, [name for name, _ in refused])
    for name, exchange in refused:
        judge.expect(
            "RFC7644-3.3-10",
            not _occurs(name, found),
            expected=f"no {model.name} that holds {name}",
            observed=f"{exchange.summary()}, yet there is one",
            at=(exchange, *found),
        )


def _named(scim: Target, model: ResourceModel) -> tuple[str, JSONObject]:
    """A body and the unique name in it."""
    body = scim.payload(model)
    return str(body.get(attributes.naming(model), "")), body


def _cut_off(body: JSONObject) -> bytes:
    return json.dumps(body).encode()[:-1]


def _duplicate_with_external_id(scim: Target, model: ResourceModel) -> tuple[str, Exchange]:
    """A duplicate that is recognisable by an externalId of its own."""
    first, mark = scim.shared(model)[0], scim.unique("twin")
    return mark, scim.post(model.endpoint, json=scim.payload(model, userName=first.name, externalId=mark))


def _search(scim: Target, model: ResourceModel, names: list[str]) -> list[Exchange]:
    """Searches for the names where filters work, else the whole list."""
    if scim.capabilities.works("filter", model):
        expressions = [f'{_attribute_of(model, name)} eq "{name}"' for name in names]
        found = scim.search(model.endpoint, " or ".join(expressions))
        if found.status == 200:
            return [found]
        return [scim.search(model.endpoint, expression) for expression in expressions]
    before = len(scim.session.journal)
    scim.everything(model.endpoint)
    return list(scim.session.journal.since(before))


def _attribute_of(model: ResourceModel, name: str) -> str:
    return "externalId" if "-twin-" in name else attributes.naming(model)


def _occurs(name: str, found: list[Exchange]) -> bool:
    return any(
        isinstance(value, str) and value.lower() == name.lower()
        for exchange in found
        for resource in exchange.resources
        for value in resource.values()
    )


def _mistakes(scim: Target, model: ResourceModel, *, every: bool = False) -> list[Mistake]:
    """Mistakes about what the target keeps: no schema declares externalId, and RFC7643-3.1-16 judges its support."""
    resource = scim.shared(model)[0]
    dropped = "externalId" in resource.sent and not has_value(scim.state(resource).get("externalId"))
    chosen = mistakes(model, every=every)
    return [mistake for mistake in chosen if not (dropped and mistake.located.attribute.name == "externalId")]


def _judge_mistake(scim: Target, judge: Judge, model: ResourceModel, mistake: Mistake) -> None:
    exchange = scim.post(model.endpoint, json=with_value(scim.payload(model), mistake.located, mistake.value))
    if not exchange.ok:
        judge.expect(
            "RFC7644-3.12-27",
            400 <= exchange.status < 500,
            expected="400",
            observed=f"{mistake.text}: {exchange.summary()}",
            at=exchange,
        )
        return
    found = scim.read(scim.resource_of(model, {}, exchange))
    if mistake.tolerated and _settled(found, mistake.located):
        if mistake.advised:
            judge.advise("RFC7644-3.12-27", expected="400", observed=f"{mistake.text}: converted", at=(exchange, found))
        return
    judge.expect(
        "RFC7644-3.12-27",
        False,
        expected="400",
        observed=f"{mistake.text}: {exchange.summary()}; stored is {value_at(found.body, mistake.located)!r}",
        at=(exchange, found),
    )


def _settled(found: Exchange, located: Located) -> bool:
    """Whether the stored value has the form of its definition."""
    value = value_at(found.body, located)
    whole = located.parent or located.attribute
    home = value_at(found.body, Located(located.schema, whole)) if located.parent else value
    return value is not None and well_typed(home, whole)


@check("RFC7644-3.12-27", needs=("create", "read"))
def test_value_of_another_type_is_refused(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A value of another JSON type than the schema's is not accepted."""
    chosen = _mistakes(scim, model)
    if not chosen:
        judge.not_applicable(f"{model.name} has no attribute to be mistaken about")
    judge.expect("RFC7644-3.12-27", True, expected="", observed="")
    for mistake in chosen:
        _judge_mistake(scim, judge, model, mistake)


@check("RFC7644-3.12-27", needs=("create", "read"), depth="deep")
def test_value_of_another_type_is_refused_everywhere(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The same for every attribute and sub-attribute of the schemas."""
    chosen = _mistakes(scim, model, every=True)
    if not chosen:
        judge.not_applicable(f"{model.name} has no attribute to be mistaken about")
    judge.expect("RFC7644-3.12-27", True, expected="", observed="")
    for mistake in chosen:
        _judge_mistake(scim, judge, model, mistake)


@pytest.mark.parametrize("content", [b"{", b"", b"[]", b'"text"', b"42", b"null"], ids=str)
@check("RFC7644-3.12-08", "RFC7644-3.12-21", needs=("create",))
def test_body_that_is_no_resource_is_refused(scim: Target, judge: Judge, content: bytes) -> None:
    """A body that is no JSON object is refused with 400 and scimType invalidSyntax."""
    exchange = scim.post(scim.primary.endpoint, content=content)
    judge.status("RFC7644-3.12-08", exchange, 400)
    if exchange.ok or exchange.status >= 500:
        judge.expect("RFC7644-3.12-21", False, expected="400", observed=exchange.summary(), at=exchange)
    elif exchange.scim_type == "invalidSyntax":
        judge.expect("RFC7644-3.12-21", True, expected="", observed="")
    else:
        judge.advise(
            "RFC7644-3.12-21",
            expected="scimType invalidSyntax",
            observed=f"scimType {exchange.body.get('scimType')!r}",
            at=exchange,
        )
