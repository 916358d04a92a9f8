"""The ways in which Entra and its test tools encode a search (the characters themselves: test_user_name_probes.py)."""

from __future__ import annotations

from urllib.parse import quote

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.entra.creation import is_declared
from scimcheck.entra.queries import gallery_query, matching_query
from scimcheck.harness import check
from scimcheck.harness.entra_resources import WORK_MAIL
from scimcheck.harness.entra_search import (
    alone,
    ask,
    expect_alone,
    groups,
    hit_ids,
    made,
    told,
    twin,
    users,
)
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target

PLUS, PERCENT, LOWER = "ENTRA-2.5-01", "ENTRA-2.5-02", "ENTRA-2.5-03"


@check(PLUS, PERCENT, needs=("User",), depth="quick")
def test_blanks_are_understood_either_way(scim: Target, judge: Judge, user: Resource) -> None:
    """A search finds its user whether its blanks are sent as + or as %20."""
    plus = ask(scim, user.model, matching_query("userName", user.name), demand=False)
    percent = ask(scim, user.model, gallery_query("userName", user.name))
    if not alone(plus, user) and not alone(percent, user):
        judge.blocked("ENTRA-4.3-01", f"the user is found in neither encoding: {told(plus)}")
    for requirement, found in ((PLUS, plus), (PERCENT, percent)):
        judge.expect(
            requirement,
            alone(found, user),
            expected=f"200 with user {user.id} alone, as in the other encoding of blanks",
            observed=told(found),
            at=(user.exchange, percent if found is plus else plus, found),
        )


@check(LOWER, needs=("User", "filter"))
def test_escapes_may_have_small_letters(scim: Target, judge: Judge) -> None:
    """Percent escapes in lower-case hexadecimal digits mean what those with capitals mean."""
    model = users(scim, judge)
    user = scim.create(model)
    letter = next((char for char in user.name if char in "jklmnoz"), "-")
    queries = [f"filter=userName%20eq%20%22{quote(user.name).replace('-', '%2D').replace('.', '%2E')}%22"]
    queries += [f"filter={quote(f'{urns.USER}:userName', safe='').replace('.', '%2E')}%20eq%20%22{quote(user.name)}%22"]
    queries += [f"filter=userName%20eq%20%22{user.name.replace(letter, f'%{ord(letter):02X}', 1)}%22"]
    if is_declared(WORK_MAIL, model):
        queries.append(f"filter={quote(WORK_MAIL, safe='')}%20eq%20%22{quote(user.name)}%22")
    for query in queries:
        capitals, small = ask(scim, model, query), ask(scim, model, _lowered(query))
        judge.expect(
            LOWER,
            (small.status, hit_ids(small)) == (capitals.status, hit_ids(capitals)),
            expected=f"the answer that the escapes get with capitals: {told(capitals)}",
            observed=told(small),
            at=(user.exchange, capitals, small),
        )


def _lowered(query: str) -> str:
    """The query with its percent escapes, and nothing else, in small letters."""
    parts = query.split("%")
    return parts[0] + "".join(f"%{part[:2].lower()}{part[2:]}" for part in parts[1:])


@check("ENTRA-2.5-05", needs=("Group",))
def test_a_name_in_parentheses_is_found(scim: Target, judge: Judge) -> None:
    """A group whose displayName has parentheses, which Entra sends as they are, is found by it."""
    model = groups(scim, judge)
    scim.capabilities.demand("filter", model)
    name = f"{scim.unique('Crew')} (North)"
    group = made(scim, judge, model, scim.payload(model, displayName=name), f"a group named {name}")
    others = twin(scim, model, scim.payload(model, displayName=name.replace("(North)", "North")))
    expect_alone(scim, judge, "ENTRA-2.5-05", group, "displayName", name, twins=others)
    gallery: Exchange = ask(scim, model, gallery_query("displayName", name))
    judge.expect(
        "ENTRA-2.5-05",
        alone(gallery, group),
        expected=f"200 with group {group.id} alone",
        observed=told(gallery),
        at=(group.exchange, gallery),
        subject="as the gallery's workflow encodes it",
    )
