"""What Entra reads of a user that it created: the values it sent, the same in each reply, in the right JSON types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import Returned
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.core.values import has_value, same_value
from scimcheck.entra.creation import is_declared, user_body
from scimcheck.harness import check
from scimcheck.harness.entra_resources import WORK_MAIL, group_with, with_required
from scimcheck.harness.entra_search import alone, groups, hits, match, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import definition, values_at
from scimcheck.harness.target import Resource, Target

STORED, SAME, ARRAYS, ACTIVE, NULLS = (f"ENTRA-2.2-{number}" for number in ("04", "05", "16", "17", "19"))
MULTI_VALUED = ("emails", "phoneNumbers", "addresses")
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def _default_values(scim: Target) -> dict[str, JSON]:
    """The default mapping's target attributes with values that are easily changed: mixed case, letters beyond ASCII."""
    name = scim.payloads.user_name("MixedCase")
    return {
        "userName": name,
        "externalId": scim.unique("Ext-Ärger"),
        "displayName": "Zoë van der BERG-Łukasz",
        "title": "Señor planNER (R&D) <2>",
        "preferredLanguage": "nb",
        "name.givenName": "Zoë",
        "name.familyName": "van der BERG-Łukasz",
        "name.formatted": "Zoë van der BERG-Łukasz",
        WORK_MAIL: f"Zoe.{name}",
        'addresses[type eq "work"].formatted': "Building C, room 208",
        'addresses[type eq "work"].streetAddress': "Strøgade 14 B",
        'addresses[type eq "work"].locality': "København",
        'addresses[type eq "work"].region': "Hovedstaden",
        'addresses[type eq "work"].postalCode': "05003",
        'addresses[type eq "work"].country': "DK",
        'phoneNumbers[type eq "work"].value': "+45 55 00 00 01",
        'phoneNumbers[type eq "mobile"].value': "+45 90 00 00 02",
        f"{_ENTERPRISE}:employeeNumber": "0040817",
        f"{_ENTERPRISE}:department": "Finance & Ünderwriting",
    }


def _created(scim: Target, judge: Judge, values: dict[str, JSON]) -> Resource:
    """The user with these values; ends the check when the target refuses one of them, as it may."""
    model = users(scim, judge)
    body = with_required(scim, model, user_body(values, model))
    exchange = scim.post(model.endpoint, json=body)
    if 400 <= exchange.status < 500:
        judge.not_applicable(f"the target refuses one of the values: {exchange.summary()}")
    return scim.resource_of(model, body, exchange)


def _expected(values: dict[str, JSON], model: ResourceModel) -> Iterator[tuple[str, JSON, Attribute]]:
    """What has to read back, with its definition: what is declared, and returned by default."""
    for path, value in values.items():
        attribute = definition(model, path)
        if attribute and is_declared(path, model) and attribute.returned in (Returned.ALWAYS, Returned.DEFAULT):
            yield path, value, attribute


@check(STORED, needs=("User", "read"), depth="quick")
def test_values_are_stored_as_they_were_sent(scim: Target, judge: Judge) -> None:
    """Every default-mapped attribute reads back with the value that was sent, character for character."""
    values = _default_values(scim)
    user = _created(scim, judge, values)
    read = scim.read(user)
    at = (user.exchange, read)
    for path, value, attribute in _expected(values, user.model):
        found = values_at(user.model, read.body, path)
        if found == [value]:
            judge.expect(STORED, True, expected=value, observed=found, at=at)
        elif _tolerated(path, found, value, attribute):
            judge.advise(STORED, expected=f"{path} {value!r}", observed=f"{path} {found[0]!r}", at=at)
        else:
            judge.expect(STORED, False, expected=f"{path} {value!r}", observed=f"{path} {found!r}", at=at, subject=path)


def _tolerated(path: str, found: list[Any], value: JSON, attribute: Attribute) -> bool:
    """Whether the difference is one that RFC 7643 allows: letter case that does not count, another form of a phone."""
    if len(found) != 1:
        return False
    return same_value(found[0], value, attribute) or path.startswith("phoneNumbers")


def _replies(scim: Target, judge: Judge, user: Resource) -> list[tuple[str, Exchange, JSONObject]]:
    """The user as the replies to read, creation and search show it, as far as they show it."""
    read = scim.read(user)
    if read.status != 200:
        judge.blocked("ENTRA-2.1-02", f"the user cannot be read: {read.summary()}")
    found = [("read", read, read.body)]
    if "id" in user.exchange.body:
        found.append(("creation", user.exchange, user.exchange.body))
    search = match(scim, user.model, "userName", user.name)
    if alone(search, user):
        found.append(("search", search, hits(search)[0]))
    return found


@check(SAME, needs=("User", "read", "filter"))
def test_every_reply_shows_the_same_user(scim: Target, judge: Judge) -> None:
    """The replies to creation, read and search show the same values, attribute by attribute."""
    user = _created(scim, judge, _default_values(scim))
    (_, read, whole), *others = _replies(scim, judge, user)
    for name, exchange, shown in others:
        for schema, attribute in _shown_by_default(user.model):
            theirs, ours = (_value(body, schema, attribute) for body in (whole, shown))
            judge.expect(
                SAME,
                same_value(ours, theirs, attribute) or not (has_value(ours) or has_value(theirs)),
                expected=f"{attribute.name} {theirs!r}, as in the reply to the read",
                observed=f"{attribute.name} {ours!r} in the reply to the {name}",
                at=(read, exchange),
                subject=name,
            )


def _shown_by_default(model: ResourceModel) -> Iterator[tuple[str | None, Attribute]]:
    for located in model.attributes():
        attribute = located.attribute
        if attribute.name != "meta" and attribute.returned in (Returned.ALWAYS, Returned.DEFAULT):
            yield located.schema, attribute


def _value(body: JSONObject, schema: str | None, attribute: Attribute) -> JSON:
    container = member(body, schema) if schema else body
    return member(container, attribute.name) if isinstance(container, dict) else None


@check(ARRAYS, needs=("User", "read"))
def test_one_value_of_several_is_an_array(scim: Target, judge: Judge) -> None:
    """emails, phoneNumbers and addresses with one value, and members with one member, are arrays in every reply."""
    values: dict[str, JSON] = {
        "userName": scim.payloads.user_name("one"),
        WORK_MAIL: f"{scim.unique('one')}@example.com",
        'phoneNumbers[type eq "work"].value': "+1-201-555-0123",
        'addresses[type eq "work"].locality': "Bergen",
    }
    user = _created(scim, judge, values)
    for name, exchange, shown in _replies(scim, judge, user):
        for attribute in MULTI_VALUED:
            _judge_array(judge, attribute, member(shown, attribute), name, (user.exchange, exchange))
    if scim.group and scim.capabilities.works("create", scim.group):
        group = group_with(scim, judge, groups(scim, judge), user)
        read = scim.read(group)
        _judge_array(judge, "members", member(read.body, "members"), "read", (group.exchange, read))


def _judge_array(judge: Judge, name: str, value: JSON, reply: str, at: tuple[Exchange, ...]) -> None:
    judge.expect(
        ARRAYS,
        value is None or isinstance(value, list),
        expected=f"{name} as an array",
        observed=f"{name} {value!r}",
        at=at,
        subject=f"{name} in the reply to the {reply}",
    )


@check(ACTIVE, needs=("User", "read"))
def test_every_reply_shows_active(scim: Target, judge: Judge) -> None:
    """The replies to creation, read and search hold active as a boolean."""
    model = users(scim, judge)
    if not is_declared("active", model):
        judge.not_applicable("users have no active that clients may write")
    user = scim.create(model, active=True)
    for name, exchange, shown in _replies(scim, judge, user):
        judge.expect(
            ACTIVE,
            member(shown, "active") is True,
            expected="active true",
            observed=f"active {member(shown, 'active')!r}",
            at=(user.exchange, exchange),
            subject=name,
        )


@check(NULLS, needs=("User", "read"))
def test_no_reply_shows_nulls(scim: Target, judge: Judge) -> None:
    """Replies leave out what has no value rather than showing it as null."""
    user = scim.create(users(scim, judge))
    for name, exchange, shown in _replies(scim, judge, user):
        empty = list(_nulls(shown, ""))
        judge.expect(
            NULLS,
            not empty,
            expected="no nulls",
            observed=f"null at {', '.join(empty[:8])}",
            at=(user.exchange, exchange),
            subject=name,
        )


def _nulls(value: JSON, path: str) -> Iterator[str]:
    if value is None:
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _nulls(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _nulls(item, f"{path}[{number}]")
