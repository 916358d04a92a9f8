"""How Entra looks for an existing user. Odd names: test_user_name_probes.py; encodings: test_matching_encoding.py."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.resource import member
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.creation import is_declared
from scimcheck.entra.dialect import Dialect
from scimcheck.entra.queries import FLAG, encode_query, equality, matching_query, with_flag
from scimcheck.harness import check
from scimcheck.harness.attributes import optional_text
from scimcheck.harness.entra_resources import WORK_MAIL
from scimcheck.harness.entra_search import (
    alone,
    ask,
    expect_alone,
    hit_ids,
    hits,
    made,
    match,
    nobody,
    told,
    twin,
    users,
)
from scimcheck.harness.judge import Judge
from scimcheck.harness.provisioned import demand_matching
from scimcheck.harness.replay import set_aside
from scimcheck.harness.target import Resource, Target

FOUND = "ENTRA-4.3-01"


def _neighbours(scim: Target, user: Resource) -> tuple[Resource, ...]:
    """Users whose names begin and end with the user's name: what a search for a part of a name would find, too."""
    names = (f"{user.name}.au", f"x{user.name}")
    return tuple(other for name in names for other in twin(scim, user.model, scim.payload(user.model, userName=name)))


def _named(exchange: Exchange, user: Resource) -> bool:
    """Whether the user is among the hits, by its id or, where that is missing, by its name."""
    names = [str(member(item, "userName") or "").lower() for item in hits(exchange)]
    return exchange.status == 200 and (user.id in hit_ids(exchange) or user.name.lower() in names)


def _found(scim: Target, judge: Judge, user: Resource) -> Exchange:
    """The search for the user, which ends the check when it finds nobody."""
    exchange = match(scim, user.model, "userName", user.name)
    if not _named(exchange, user):
        judge.blocked(FOUND, f"the user is not found by its userName: {told(exchange)}")
    return exchange


@check(FOUND, "ENTRA-4.3-07", needs=("User", "unbroken:filter"), depth="quick")
def test_a_user_is_found_by_its_name(scim: Target, judge: Judge, user: Resource) -> None:
    """The search for a userName finds that user, and nobody whose name begins or ends with it."""
    others = _neighbours(scim, user)
    found = match(scim, user.model, "userName", user.name)
    at = (user.exchange, *(other.exchange for other in others), found)
    judge.demand(FOUND, _named(found, user), expected=f"200 with user {user.id}", observed=told(found), at=at)
    total = found.body.get("totalResults", 1)
    judge.expect(
        "ENTRA-4.3-07",
        len(hits(found)) <= 1 and total in (0, 1),
        expected="at most one hit",
        observed=f"totalResults {total!r}; {told(found)}",
        at=at,
    )


@check("ENTRA-2.2-03", needs=("User",), depth="quick")
def test_one_hit_comes_in_a_list(scim: Target, judge: Judge, user: Resource) -> None:
    """A search with exactly one hit is answered with a ListResponse that holds it."""
    found = _found(scim, judge, user)
    schemas, total = found.body.get("schemas"), found.body.get("totalResults")
    judge.expect(
        "ENTRA-2.2-03",
        isinstance(schemas, list) and urns.LIST_RESPONSE in schemas and "Resources" in found.body,
        expected="a ListResponse with totalResults 1 and one entry in Resources",
        observed=f"schemas {schemas!r}, totalResults {total!r}, Resources {type(found.body.get('Resources')).__name__}",
        at=(user.exchange, found),
    )


@check("ENTRA-2.2-01", "ENTRA-4.3-08", needs=("User",), depth="quick")
def test_a_hit_shows_id_and_what_was_searched_for(scim: Target, judge: Judge, user: Resource) -> None:
    """The user in a search result has the id known from its creation, and the userName."""
    found = _found(scim, judge, user)
    shown = next((item for item in hits(found) if str(item.get("id", user.id)) == user.id), hits(found)[0])
    judge.expect(
        "ENTRA-2.2-01",
        str(shown.get("id")) == user.id,
        expected=f"id {user.id}",
        observed=f"id {shown.get('id')!r}",
        at=(user.exchange, found),
    )
    name = member(shown, "userName")
    judge.expect(
        "ENTRA-4.3-08",
        isinstance(name, str) and name.lower() == user.name.lower(),
        expected=f"userName {user.name}",
        observed=f"userName {name!r}",
        at=(user.exchange, found),
    )


@check("ENTRA-2.2-10", needs=("User", "filter"), depth="quick")
def test_letter_case_of_user_names_does_not_count(scim: Target, judge: Judge) -> None:
    """A user is found by its userName in capitals and in small letters."""
    model = users(scim, judge)
    user = scim.create(model, userName=scim.payloads.user_name("MixedCase"))
    for value in (user.name.upper(), user.name.lower()):
        expect_alone(scim, judge, "ENTRA-2.2-10", user, "userName", value, subject=value)


@check("ENTRA-4.3-02", needs=("User", "filter"))
def test_a_user_is_found_by_its_external_id(scim: Target, judge: Judge) -> None:
    """The search for an externalId finds the user who has it, and nobody whose own one begins with it."""
    demand_matching(scim, judge, "externalId")
    model = users(scim, judge)
    user = _with_external_id(scim, judge, model)
    value = str(user.sent["externalId"])
    others = twin(scim, model, scim.payload(model, externalId=f"{value}0"))
    found = expect_alone(scim, judge, "ENTRA-4.3-02", user, "externalId", value, twins=others)
    if alone(found, user):
        judge.expect(
            "ENTRA-4.3-02",
            member(hits(found)[0], "externalId") == value,
            expected=f"externalId {value}",
            observed=f"externalId {member(hits(found)[0], 'externalId')!r}",
            at=(user.exchange, found),
        )


def _with_external_id(scim: Target, judge: Judge, model: ResourceModel) -> Resource:
    body = scim.payload(model, externalId=scim.unique("ext"))
    user = made(scim, judge, model, body, "a user with externalId")
    if member(scim.initial(user), "externalId") != body["externalId"]:
        judge.not_applicable("users have no externalId: the one sent on creation was not kept")
    return user


@check("ENTRA-4.3-03", needs=("User", "filter"))
def test_a_user_is_found_by_its_work_address(scim: Target, judge: Judge) -> None:
    """The search for a work e-mail address passes over a user who has it as another type."""
    demand_matching(scim, judge, WORK_MAIL)
    model = users(scim, judge)
    if not is_declared(WORK_MAIL, model):
        judge.not_applicable(f"{model.name} declares no e-mail addresses with types")
    value, other = (f"{scim.unique('mail')}@example.com" for _ in range(2))
    work = {"type": "work", "value": value}
    user = made(scim, judge, model, scim.payload(model, emails=[work]), "a user with a work address")
    elsewhere = [{"type": "work", "value": other}, {"type": "home", "value": value}]
    others = twin(scim, model, scim.payload(model, emails=elsewhere))
    expect_alone(scim, judge, "ENTRA-4.3-03", user, WORK_MAIL, value, twins=others)


@check("ENTRA-4.3-04", needs=("User", "filter"))
def test_a_user_is_found_by_its_id(scim: Target, judge: Judge) -> None:
    """The search for an id finds the user of that id."""
    first, second = scim.shared(users(scim, judge), 2)
    expect_alone(scim, judge, "ENTRA-4.3-04", first, "id", first.id, twins=(second,))


@check("ENTRA-2.2-09", needs=("User", "filter"))
def test_two_comparisons_are_joined(scim: Target, judge: Judge) -> None:
    """A filter of two comparisons and "and" finds who satisfies both, and nobody who satisfies one of them."""
    model = users(scim, judge)
    attribute = _second_attribute(judge, model)
    bodies = [{**scim.payload(model), attribute: scim.unique("joined")} for _ in range(2)]
    first, second = (made(scim, judge, model, body, f"a user with {attribute}") for body in bodies)
    if member(scim.initial(first), attribute) != first.sent[attribute]:
        judge.not_applicable(f"{attribute} is not kept as it was sent")
    if not alone(match(scim, model, attribute, str(first.sent[attribute])), first):
        judge.not_applicable(f"{attribute} cannot be searched for by itself")
    for wanted, value, kept in ((first, first.sent[attribute], True), (first, second.sent[attribute], False)):
        expression = f"{equality('userName', wanted.name)} and {equality(attribute, str(value))}"
        found = ask(scim, model, encode_query({"filter": expression}))
        judge.expect(
            "ENTRA-2.2-09",
            alone(found, wanted) if kept else nobody(found),
            expected=f"200 with {f'user {wanted.id} alone' if kept else 'nobody'} for {expression}",
            observed=told(found),
            at=(first.exchange, second.exchange, found),
        )


def _second_attribute(judge: Judge, model: ResourceModel) -> str:
    if is_declared("externalId", model):
        return "externalId"
    text = optional_text(model)
    return text.name if text else judge.not_applicable("users have no second attribute to search for")


@check("ENTRA-8.3-01", needs=("User", "filter"))
def test_a_slash_before_the_query_changes_nothing(scim: Target, judge: Judge, user: Resource) -> None:
    """A search with a slash between the endpoint and its query is answered like one without."""
    _found(scim, judge, user)
    found = ask(scim, user.model, matching_query("userName", user.name), slash=True)
    judge.expect(
        "ENTRA-8.3-01",
        alone(found, user),
        expected=f"200 with user {user.id} alone",
        observed=told(found),
        at=(user.exchange, found),
    )


@check("ENTRA-3.1-01", needs=("User", "filter"))
def test_the_flag_does_not_disturb_a_search(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A search finds its user with the bare parameter aadOptscim062020 before the filter and behind it."""
    set_aside(judge, dialect)
    user = scim.shared(users(scim, judge))[0]
    query = matching_query("userName", user.name)
    _found(scim, judge, user)
    for flagged in (with_flag(query), f"{query}&{FLAG}"):
        found = ask(scim, user.model, flagged)
        judge.expect(
            "ENTRA-3.1-01",
            alone(found, user),
            expected=f"200 with user {user.id} alone",
            observed=told(found),
            at=(user.exchange, found),
            subject=flagged.partition("=")[0],
        )
