"""Test Connection: the search that Entra sends before anything else, and what a wrong answer to it looks like."""

from __future__ import annotations

import re
import uuid

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.errors import explain_probe_exchange
from scimcheck.entra.queries import connection_probe, matching_query
from scimcheck.harness import check
from scimcheck.harness.credentials import MADE_UP, forged_tokens
from scimcheck.harness.judge import Judge
from scimcheck.harness.provisioned import demand_matching, probe_attribute
from scimcheck.harness.target import Target


def _model(scim: Target, name: str) -> ResourceModel:
    found = scim.model(name)
    assert found is not None
    return found


def _probe(scim: Target, attribute: str = "userName", **options: object) -> Exchange:
    """The probe as it goes over the wire, with a GUID that nobody has."""
    return scim.get(_model(scim, "User").endpoint, params=connection_probe(attribute, str(uuid.uuid4())), **options)


def _in_entras_words(exchange: Exchange) -> str:
    """What the portal would show for such an answer."""
    reaction = explain_probe_exchange(exchange)
    if reaction.ok:
        return ""
    return f"{reaction.code}: {reaction.message} {reaction.fix}".strip()


def _empty(exchange: Exchange) -> bool:
    return explain_probe_exchange(exchange).ok and exchange.body.get("totalResults") == 0 and not exchange.resources


def _observed(exchange: Exchange) -> str:
    total = exchange.body.get("totalResults")
    return f"{exchange.summary()}, totalResults {total!r}, {len(exchange.resources)} resources"


@check("ENTRA-1.2-01", "ENTRA-1.2-02", needs=("User", "unbroken:filter"), depth="quick")
def test_probe_finds_nobody(scim: Target, judge: Judge) -> None:
    """A search for a random GUID answers 200 with an empty ListResponse."""
    exchange = _probe(scim, probe_attribute(scim))
    judge.demand(
        "ENTRA-1.2-01",
        exchange.status == 200,
        expected="200",
        observed=exchange.summary(),
        at=exchange,
        hint=_in_entras_words(exchange),
    )
    judge.expect(
        "ENTRA-1.2-02",
        _empty(exchange),
        expected="a ListResponse with totalResults 0 and no resource",
        observed=_observed(exchange),
        at=exchange,
        hint=_in_entras_words(exchange),
    )


@check("ENTRA-1.2-03", needs=("User", "unbroken:filter"))
def test_probe_by_external_id(scim: Target, judge: Judge) -> None:
    """The probe also works when externalId is the matching attribute."""
    demand_matching(scim, judge, "externalId")
    exchange = _probe(scim, "externalId")
    judge.expect("ENTRA-1.2-03", _empty(exchange), expected="200, empty", observed=_observed(exchange), at=exchange)


@check("ENTRA-1.2-04", needs=("User", "unbroken:filter"))
def test_probe_by_work_email(scim: Target, judge: Judge) -> None:
    """The probe also works when the work e-mail address is the matching attribute."""
    demand_matching(scim, judge, 'emails[type eq "work"].value')
    if _model(scim, "User").core.attribute("emails") is None:
        judge.not_applicable("User declares no emails")
    exchange = _probe(scim, 'emails[type eq "work"].value')
    judge.expect("ENTRA-1.2-04", _empty(exchange), expected="200, empty", observed=_observed(exchange), at=exchange)


@check("ENTRA-1.2-06", needs=("User", "unbroken:filter"))
def test_probe_by_display_name(scim: Target, judge: Judge) -> None:
    """The probe also works when displayName is the matching attribute."""
    if _model(scim, "User").core.attribute("displayName") is None:
        judge.not_applicable("User declares no displayName")
    exchange = _probe(scim, "displayName")
    judge.expect("ENTRA-1.2-06", _empty(exchange), expected="200, empty", observed=_observed(exchange), at=exchange)


@check("ENTRA-1.2-05", needs=("Group", "unbroken:filter"))
def test_probe_for_a_group(scim: Target, judge: Judge) -> None:
    """The search for a group that does not exist is answered like that for a user."""
    query = matching_query("displayName", str(uuid.uuid4()), group=True)
    exchange = scim.get(_model(scim, "Group").endpoint, params=query)
    judge.expect("ENTRA-1.2-05", _empty(exchange), expected="200, empty", observed=_observed(exchange), at=exchange)


def _same_as_plain(scim: Target, judge: Judge, requirement: str, exchange: Exchange, what: str) -> None:
    """Judge a probe with something odd about it; when the plain one fails as well, that is the finding."""
    if exchange.status != 200:
        plain = _probe(scim)
        if plain.status != 200:
            judge.blocked("ENTRA-1.2-01", f"the plain probe is not answered either: {plain.summary()}")
    judge.expect(
        requirement,
        exchange.status == 200,
        expected=f"the same answer {what}",
        observed=exchange.summary(),
        at=exchange,
        hint=_in_entras_words(exchange),
    )


@check("ENTRA-1.1-01", needs=("User", "unbroken:filter"), writes=False)
def test_probe_behind_a_surplus_slash(scim: Target, judge: Judge) -> None:
    """A slash at the end of the Tenant URL, which makes two of them before Users, does no harm."""
    query = connection_probe("userName", str(uuid.uuid4()))
    exchange = scim.get(f"/{_model(scim, 'User').endpoint}", params=query)
    _same_as_plain(scim, judge, "ENTRA-1.1-01", exchange, "as with a single slash")


@check("ENTRA-1.3-03", needs=("User", "unbroken:filter"))
def test_probe_without_accept(scim: Target, judge: Judge) -> None:
    """A request without Accept, or with */*, is answered as usual."""
    for value in (None, "*/*"):
        exchange = _probe(scim, headers={"Accept": value})
        _same_as_plain(scim, judge, "ENTRA-1.3-03", exchange, f"with Accept: {value or '(none)'}")


@check("ENTRA-1.3-04", needs=("User", "unbroken:filter"))
def test_probe_with_entras_own_header(scim: Target, judge: Judge) -> None:
    """A header that the endpoint does not know is ignored."""
    exchange = _probe(scim, headers={"ADSCIMVersion": "5.0"})
    _same_as_plain(scim, judge, "ENTRA-1.3-04", exchange, "with the header ADSCIMVersion")


@check("ENTRA-1.3-02", needs=("User",))
def test_charset_parameter_is_accepted(scim: Target, judge: Judge) -> None:
    """A body labelled application/scim+json; charset=utf-8 is read like one without the parameter."""
    model = _model(scim, "User")
    exchange = scim.post(
        model.endpoint,
        json=scim.payload(model),
        headers={"Content-Type": "application/scim+json; charset=utf-8"},
    )
    judge.expect("ENTRA-1.3-02", exchange.ok, expected="201", observed=exchange.summary(), at=exchange)


@check("ENTRA-1.4-01", needs=("User", "bearer"), writes=False)
def test_secret_token_is_a_bearer_token(scim: Target, judge: Judge) -> None:
    """The token is accepted in the Authorization header, as Entra sends it."""
    exchange = _probe(scim, auth=scim.identities.valid)
    judge.expect(
        "ENTRA-1.4-01",
        exchange.status not in (401, 403),
        expected="the token accepted",
        observed=exchange.summary(),
        at=exchange,
        hint=_in_entras_words(exchange),
    )


@check("ENTRA-1.4-02", needs=("User", "auth", "bearer"), writes=False)
def test_wrong_token_is_told_in_scims_way(scim: Target, judge: Judge) -> None:
    """A wrong token gives 401: no redirect to a login page, no page of HTML."""
    exchange = _probe(scim, auth=f"Bearer {MADE_UP}")
    if exchange.ok:
        judge.blocked("RFC7644-2-04", f"a made-up token was accepted: {exchange.summary()}")
    text = exchange.text.lstrip()
    page = bool(text) and (exchange.media_type in ("text/html", "application/xhtml+xml") or text.startswith("<"))
    judge.expect(
        "ENTRA-1.4-02",
        exchange.status == 401 and not page,
        expected="401 without a page of HTML",
        observed=f"{exchange.summary()} with {exchange.media_type or 'no media type'}{_contradiction(exchange)}",
        at=exchange,
        hint=_in_entras_words(exchange),
    )


def _contradiction(exchange: Exchange) -> str:
    """A header field in which a gateway names another status than the one it sends, as a continuation of a sentence."""
    told = (f"{name}: {value}" for name, value in exchange.response_headers if "error" in name.lower())
    other = [
        text for text in told for code in re.findall(r"(?<!\d)[45]\d\d(?!\d)", text) if int(code) != exchange.status
    ]
    return f", and {other[0]}" if other else ""


@check("ENTRA-1.4-08", needs=("User", "auth", "bearer"), writes=False)
def test_forged_tokens_of_entra_are_refused(scim: Target, judge: Judge) -> None:
    """A token that anybody can write, with Entra's issuer and audience in it, opens nothing."""
    for word, token in forged_tokens().items():
        exchange = _probe(scim, auth=f"Bearer {token}")
        if exchange.ok and _probe(scim, auth=f"Bearer {MADE_UP}").ok:
            judge.blocked("RFC7644-2-04", "any token is accepted")
        judge.expect(
            "ENTRA-1.4-08",
            not exchange.ok,
            expected="401",
            observed=f"{exchange.summary()} for a token {word}",
            at=exchange,
            subject=word,
        )
