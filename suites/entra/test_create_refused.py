"""Creations that have to be refused, and what Entra and its administrators read in the refusal."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.queries import equality
from scimcheck.harness import check
from scimcheck.harness.entra_resources import refused
from scimcheck.harness.entra_search import groups, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import identifier_of
from scimcheck.harness.target import Resource, Target, error_text

CLIENT_ERROR, DETAIL = "ENTRA-4.7-01", "ENTRA-2.2-06"


def _detail(exchange: Exchange) -> str:
    detail = exchange.body.get("detail")
    return detail.strip() if isinstance(detail, str) else ""


def _unusable(scim: Target, model: ResourceModel) -> dict[str, JSONObject | bytes]:
    """Creations that cannot succeed as they are, by what is wrong with them."""
    nameless = scim.payload(model)
    nameless.pop("userName", None)
    return {
        "no userName": nameless,
        "userName as an object": {**scim.payload(model), "userName": {"value": scim.unique("odd")}},
        "emails as a number": {**scim.payload(model), "emails": 7},
        "half a body": b'{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "',
        "an array": b"[]",
    }


def _sent(scim: Target, model: ResourceModel, body: JSONObject | bytes) -> Exchange:
    if isinstance(body, bytes):
        return scim.post(model.endpoint, content=body, headers={"Content-Type": "application/scim+json"})
    return scim.post(model.endpoint, json=body)


@check(CLIENT_ERROR, DETAIL, needs=("User",))
def test_unusable_bodies_are_refused_with_a_reason(scim: Target, judge: Judge) -> None:
    """A creation that cannot succeed is answered with a 4xx, and the refusal of a value says what is wrong."""
    model = users(scim, judge)
    answers = {word: _sent(scim, model, body) for word, body in _unusable(scim, model).items()}
    for word, exchange in answers.items():
        judge.expect(
            CLIENT_ERROR,
            exchange.status < 500,
            expected="4xx",
            observed=f"{exchange.summary()} {error_text(exchange)}",
            at=exchange,
            subject=word,
        )
    explained = {word: answers[word] for word in ("no userName", "userName as an object", "emails as a number")}
    told = {word: exchange for word, exchange in explained.items() if 400 <= exchange.status < 500}
    if not told:
        judge.blocked(CLIENT_ERROR, "no faulty value is refused with a 4xx")
    for word, exchange in told.items():
        judge.expect(
            DETAIL,
            _detail(exchange),
            expected="an error with a non-empty detail",
            observed=f"{exchange.summary()}, detail {exchange.body.get('detail')!r}",
            at=exchange,
            subject=word,
        )


def _judge_conflict(judge: Judge, requirement: str, first: Resource, again: Exchange) -> None:
    judge.expect(
        requirement,
        again.status == 409,
        expected="409",
        observed=f"{again.summary()} {error_text(again)}",
        at=(first.exchange, again),
    )


@check("ENTRA-2.2-13", "ENTRA-4.7-02", needs=("User",), depth="quick")
def test_a_user_is_not_created_twice(scim: Target, judge: Judge, user: Resource) -> None:
    """Posting a user a second time answers 409 with a detail, and leaves one user of that name."""
    again = scim.post(user.model.endpoint, json=user.sent)
    _judge_conflict(judge, "ENTRA-2.2-13", user, again)
    if again.status != 409:
        judge.blocked("ENTRA-2.2-13", f"the duplicate is answered with {again.summary()}")
    judge.expect(
        "ENTRA-4.7-02",
        _detail(again),
        expected="an error with a non-empty detail",
        observed=f"detail {again.body.get('detail')!r}",
        at=(user.exchange, again),
    )
    if scim.capabilities.works("filter", user.model):
        found = scim.search(user.model.endpoint, equality("userName", user.name))
        judge.expect(
            "ENTRA-2.2-13",
            len(found.resources) == 1,
            expected="one user of that name",
            observed=f"{found.summary()} with {len(found.resources)}",
            at=(user.exchange, again, found),
        )


@check("ENTRA-2.2-14", needs=("User",))
def test_letter_case_makes_no_other_user(scim: Target, judge: Judge, user: Resource) -> None:
    """A userName that differs from an existing one in letter case only is refused with 409."""
    body = scim.payload(user.model, userName=user.name.upper())
    _judge_conflict(judge, "ENTRA-2.2-14", user, scim.post(user.model.endpoint, json=body))


@check("ENTRA-2.2-12", needs=("Group",))
def test_a_group_is_not_created_twice(scim: Target, judge: Judge) -> None:
    """A second group with the displayName of the first is refused with 409; another name is taken."""
    model = groups(scim, judge)
    group = scim.create(model)
    again = scim.post(model.endpoint, json=scim.payload(model, displayName=group.name))
    _judge_conflict(judge, "ENTRA-2.2-12", group, again)
    other = scim.post(model.endpoint, json=scim.payload(model, displayName=f"{group.name} II"))
    judge.expect(
        "ENTRA-2.2-12",
        not refused(other) and identifier_of(other) != group.id,
        expected="201 for a group of another name",
        observed=f"{other.summary()} {error_text(other)}",
        at=(group.exchange, other),
    )
