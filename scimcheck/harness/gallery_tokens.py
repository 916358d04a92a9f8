"""Tests 21 and 22 of the gallery: client credentials, and federation with the tokens of another issuer."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.client.secret_answers import post_form, post_json
from scimcheck.core.json import JSON, JSONObject
from scimcheck.harness.gallery import USERS, Failed, GalleryRun, input_of
from scimcheck.harness.gallery_input import Federation

#: Shortest and longest lifetime of an access token, in minutes, and what counts when none is told, in seconds.
SHORTEST, LONGEST, UNTOLD = 60, 360, 3600

_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:"
_CLOUD_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_GOOGLE_STS = "https://sts.googleapis.com/v1/token"


def validate_credentials(run: GalleryRun) -> None:
    """Validate_Credentials_Test: a token, its lifetime, its use."""
    client = run.scim.identities.oauth
    if client is None:
        raise LookupError("the run has no client credentials")
    form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": client.secret}
    answer, token = _token(run, "Get_Access_Token", client.token_url, _with_scope(form, input_of(run.scim).oauth_scope))
    minutes = _minutes(answer)
    run.demand(minutes is not None, "gate2_tokenLifetime", f"expires_in is {answer.get('expires_in')!r}")
    run.demand(
        minutes is not None and SHORTEST <= minutes <= LONGEST,
        "gate2_tokenLifetime",
        f"the token lives {minutes} minutes instead of {SHORTEST} to {LONGEST}",
    )
    listed = run.ask("GET", USERS, query="startIndex=1&count=1", auth=f"Bearer {token}")
    run.demand(listed.ok, "gate3_scimAccess", f"status {listed.status}")


def _with_scope(form: dict[str, str], scope: str) -> dict[str, str]:
    return {**form, "scope": scope} if scope else form


def _minutes(answer: JSONObject) -> int | None:
    """The whole minutes that a token lives; ``None`` when what is told is no number."""
    told: JSON = answer.get("expires_in", UNTOLD)
    try:
        return int(told) // 60 if isinstance(told, (str, int, float)) and not isinstance(told, bool) else None
    except (ValueError, OverflowError):
        return None


def _token(
    run: GalleryRun, action: str, url: str, form: dict[str, str], *, member: str = "access_token"
) -> tuple[JSONObject, str]:
    exchange, answer = post_form(run.scim.session, url, form)
    return answer, _usable(run, action, exchange, answer, member)


def _usable(run: GalleryRun, action: str, exchange: Exchange, answer: JSONObject, member: str = "access_token") -> str:
    run.exchanges.append(exchange)
    run.demand(exchange.ok, action, f"status {exchange.status}")
    token = answer.get(member)
    run.demand(isinstance(token, str) and token, action, f"no {member} in the answer")
    return str(token)


def federated_identity(run: GalleryRun) -> None:
    """Federated_Identity_Test: the issuer's token is exchanged for one of the endpoint."""
    federation = input_of(run.scim).federation
    if federation is None:
        raise LookupError("the run has no federation settings")
    try:
        assertion = federation.assertion or _issued(run, federation)
    except Failed as failure:
        raise Failed(f"Entra token acquisition failed: {failure}") from None
    try:
        _exchanged(run, federation, assertion)
    except Failed as failure:
        raise Failed(f"Federated token exchange failed: {failure}") from None


def _issued(run: GalleryRun, federation: Federation) -> str:
    """A token of the issuer, by client credentials of the application that stands for Entra."""
    form = {
        "grant_type": "client_credentials",
        "client_id": federation.application_id,
        "client_secret": federation.secret,
        "scope": f"api://{federation.application_id}/.default",
    }
    return _token(run, "Get_Entra_Token", federation.issuer_url, form)[1]


def _exchanged(run: GalleryRun, federation: Federation, assertion: str) -> str:
    if federation.kind == "google-service-account":
        google = _google(run, federation, assertion, _GOOGLE_STS)
        exchange, answer = post_json(run.scim.session, federation.token_url, {"scope": [_CLOUD_SCOPE]}, google)
        return _usable(run, "Exchange_Token", exchange, answer, "accessToken")
    if federation.kind == "google":
        return _google(run, federation, assertion, federation.token_url)
    form = {
        "grant_type": "client_credentials",
        "client_id": federation.client_id,
        "client_assertion": assertion,
        "client_assertion_type": _JWT_BEARER,
        "baseAddress": run.scim.session.base.url,
    }
    return _token(run, "Exchange_Token", federation.token_url, form)[1]


def _google(run: GalleryRun, federation: Federation, assertion: str, url: str) -> str:
    """A token by token exchange (RFC 8693), as Google's service wants it."""
    body: JSONObject = {
        "grant_type": _EXCHANGE,
        "audience": federation.audience,
        "requested_token_type": f"{_TOKEN_TYPE}access_token",
        "subject_token": assertion,
        "subject_token_type": f"{_TOKEN_TYPE}id_token",
        "scope": _CLOUD_SCOPE,
    }
    exchange, answer = post_json(run.scim.session, url, body)
    return _usable(run, "Exchange_Token", exchange, answer)
