"""Federation: the stand-in's tokens are exchanged, and nothing else is."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

import pytest

from scimcheck.core.http import Request
from scimcheck.provider import build_provider
from scimcheck.provider import federation as fed
from scimcheck.provider.app import Provider
from scimcheck.provider.jwt import InvalidToken, PublicKey, sign, verify
from scimcheck.provider.settings import Settings

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def provider() -> Provider:
    return build_provider()


def _post(provider: Provider, path: str, **form: str) -> tuple[int, dict[str, Any]]:
    response = provider.handle(Request("POST", path, headers=FORM, body=urlencode(form).encode()))
    return response.status, json.loads(response.body)


def _assertion(provider: Provider) -> str:
    status, body = _post(
        provider,
        fed.ISSUER_ENDPOINT,
        client_id=fed.APPLICATION,
        client_secret=fed.APPLICATION_SECRET,
        scope=f"api://{fed.APPLICATION}/.default",
        grant_type="client_credentials",
    )
    assert status == 200
    return str(body["access_token"])


def _exchange(provider: Provider, assertion: str, **changes: str) -> int:
    form = {
        "grant_type": "client_credentials",
        "client_id": fed.CLIENT,
        "client_assertion": assertion,
        "client_assertion_type": fed.ASSERTION_TYPE,
        "baseAddress": "https://scim.example.test/scim",
        **changes,
    }
    status, body = _post(provider, provider.settings.token_endpoint, **form)
    if status == 200:
        headers = {"authorization": f"Bearer {body['access_token']}"}
        assert provider.handle(Request("GET", "/Users", headers=headers)).status == 200
    return status


def test_a_token_of_the_issuer_opens_the_endpoint(provider: Provider) -> None:
    assert _exchange(provider, _assertion(provider)) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://login.example.test/other/v2.0"},
        {"sub": "somebody"},
        {"aud": "something"},
        {"aud": ["something"]},
        {"exp": 1},
        {"exp": "tomorrow"},
        {"nbf": 4102444800},
    ],
    ids=str,
)
def test_a_token_that_is_not_trusted_is_refused(provider: Provider, changes: dict[str, Any]) -> None:
    """Issuer, subject, audience and time all count."""
    token = sign(fed.claims(datetime.now(timezone.utc), **changes), fed.issuer_key())
    assert _exchange(provider, token) == 401


def test_an_audience_may_stand_among_others(provider: Provider) -> None:
    claims = fed.claims(datetime.now(timezone.utc) - timedelta(minutes=1), aud=["x", fed.APPLICATION])
    assert _exchange(provider, sign(claims, fed.issuer_key())) == 200


@pytest.mark.parametrize(
    "changes", [{"client_id": "other"}, {"client_assertion_type": "x"}, {"client_assertion": "a.b.c"}]
)
def test_a_form_that_does_not_fit_is_refused(provider: Provider, changes: dict[str, str]) -> None:
    assert _exchange(provider, _assertion(provider), **changes) == 401


@pytest.mark.parametrize(
    ("changes", "status"), [({"client_secret": "wrong"}, 401), ({"client_id": "x"}, 401), ({"scope": ""}, 400)]
)
def test_the_issuer_minds_who_asks(provider: Provider, changes: dict[str, str], status: int) -> None:
    form = {
        "client_id": fed.APPLICATION,
        "client_secret": fed.APPLICATION_SECRET,
        "scope": f"api://{fed.APPLICATION}/.default",
        **changes,
    }
    assert _post(provider, fed.ISSUER_ENDPOINT, **form)[0] == status


def test_the_key_is_published(provider: Provider) -> None:
    """The public half of an RSA key of 2048 bits."""
    response = provider.handle(Request("GET", fed.KEYS_ENDPOINT))
    (key,) = json.loads(response.body)["keys"]
    assert (key["kty"], key["alg"], key["kid"]) == ("RSA", "RS256", "stand-in-1")
    assert len(key["n"]) == 342


def test_without_token_endpoint_there_is_no_issuer() -> None:
    provider = build_provider(settings=Settings(token_endpoint=""))
    assert provider.handle(Request("GET", fed.KEYS_ENDPOINT)).status in (401, 404)


def test_a_token_of_an_unknown_key_or_a_changed_one_is_invalid() -> None:
    """Signature, algorithm and key id are looked at."""
    known, claims = fed.issuer_key(), {"exp": 2_000_000_000}
    other = PublicKey(known.public.name, known.public.modulus - 2)
    token = sign(claims, known)
    assert verify(token, [known.public], 0) == claims
    head, body, signature = token.split(".")
    none = sign(claims, known).replace(head, "eyJhbGciOiJub25lIn0")
    with pytest.raises(InvalidToken):
        verify(token, [other], 0)
    for wrong in (f"{head}.{body}x.{signature}", f"{head}.{body}.", none, "", "é.é.é"):
        with pytest.raises(InvalidToken):
            verify(wrong, [known.public], 0)
