"""The two tests of authentication against token services that answer as told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest

from scimcheck.checks.findings import ConformanceFailure, Verdict
from scimcheck.client.errors import TargetError
from scimcheck.harness.gallery import Sequence, play
from scimcheck.harness.gallery_input import INPUT, Federation, GalleryInput
from scimcheck.harness.gallery_tokens import federated_identity, validate_credentials
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import OAuthClient, Target
from scimcheck.plugin import build
from scimcheck.plugin.options import RunConfig
from scimcheck.requirements.catalogue import load

CLIENT = OAuthClient("https://idp.example.test/token", "id", "the-client-secret")
GENERIC = Federation(
    "https://idp.example.test/exchange", "app", "https://login.example.test/token", "app-id", "entra-secret"
)

Answer = Callable[[httpx.Request], "tuple[int, Any]"]


def _told(number: int, sequence: Sequence, answers: Mapping[str, Answer], given: GalleryInput) -> tuple[str, Target]:
    """The text of a test's result when hosts answer like this; the bundled provider answers for its own."""
    target = build.target(RunConfig(seed=1), "run")
    provider = target.session.transport
    target.identities = replace(target.identities, oauth=CLIENT)
    target.cache[INPUT] = given

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.host not in answers:
            return provider.handle_request(request)
        status, body = answers[request.url.host](request)
        return httpx.Response(status, json=body)

    target.session.transport = httpx.MockTransport(handle)
    requirement = f"ENTRA-8.4-{number}"
    judge = Judge(load(), [requirement])
    play(target, judge, number, sequence)
    try:
        judge.finish()
    except ConformanceFailure:
        assert judge.findings[0].verdict is Verdict.FAILED
    return judge.findings[0].observed, target


def _token(**body: Any) -> Answer:
    return lambda request: (200, {"access_token": "main-Vq7Zs0uJt3HcYw9KfR2mXb8NdLg5TeAa", **body})


@pytest.mark.parametrize("seconds", [3600, 21659, "3600", None])
def test_a_lifetime_from_60_to_360_minutes_passes(seconds: object) -> None:
    """Whole minutes count, and what is not told is an hour."""
    body = {} if seconds is None else {"expires_in": seconds}
    told, target = _told(21, validate_credentials, {"idp.example.test": _token(**body)}, GalleryInput())
    assert told == "success"
    recorded = "".join(json.dumps(exchange.to_json()) for exchange in target.session.journal)
    assert "main-Vq7Zs0uJt3" not in recorded


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_token(expires_in=3599), "59 minutes"),
        (_token(expires_in=21660), "361 minutes"),
        (_token(expires_in="soon"), "expires_in is 'soon'"),
        (_token(expires_in=None), "expires_in is None"),
        (lambda request: (401, {}), "status 401"),
        (lambda request: (200, {"token": "x"}), "no access_token"),
        (lambda request: (200, {"access_token": "unknown-token", "expires_in": 3600}), "gate3_scimAccess - status 401"),
    ],
)
def test_what_fails_names_the_gate(answer: Answer, words: str) -> None:
    told, _ = _told(21, validate_credentials, {"idp.example.test": answer}, GalleryInput())
    assert told.startswith("FAILED - Action: ")
    assert words in told


def test_credentials_and_scope_travel_in_the_form() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> tuple[int, Any]:
        seen.append(request.content.decode())
        assert "authorization" not in request.headers
        return _token(expires_in=3600)(request)

    _told(21, validate_credentials, {"idp.example.test": answer}, GalleryInput(oauth_scope="a b"))
    assert seen == ["grant_type=client_credentials&client_id=id&client_secret=the-client-secret&scope=a+b"]


# Federation ---------------------------------------------------------------------------------------------------


def _entra_token(request: httpx.Request) -> tuple[int, Any]:
    return 200, {"access_token": "entra-token"}


def test_the_issuers_token_goes_into_the_exchange() -> None:
    """RFC 7523: an assertion in place of a secret."""
    forms: list[str] = []

    def exchange(request: httpx.Request) -> tuple[int, Any]:
        forms.append(request.content.decode())
        return 200, {"access_token": "vendor-token"}

    answers = {
        "login.example.test": lambda request: (200, {"access_token": "entra-token"}),
        "idp.example.test": exchange,
    }
    told, target = _told(22, federated_identity, answers, GalleryInput(federation=GENERIC))
    assert told == "success"
    assert "client_assertion=entra-token" in forms[0]
    assert "jwt-bearer" in forms[0]
    assert "baseAddress=https%3A%2F%2Fscim.example.test%2Fscim" in forms[0]
    recorded = "".join(json.dumps(exchange.to_json()) for exchange in target.session.journal)
    assert "entra-token" not in recorded
    assert "vendor-token" not in recorded


def test_a_token_that_was_got_elsewhere_spares_the_issuer() -> None:
    given = GalleryInput(federation=Federation("https://idp.example.test/exchange", "app", assertion="entra-token"))
    answers = {"idp.example.test": _token()}
    assert _told(22, federated_identity, answers, given)[0] == "success"


@pytest.mark.parametrize(
    ("issuer", "vendor", "text"),
    [(400, 200, "Entra token acquisition failed"), (200, 403, "Federated token exchange failed")],
)
def test_a_refusal_says_whose_it_was(issuer: int, vendor: int, text: str) -> None:
    answers: dict[str, Answer] = {
        "login.example.test": lambda request: (issuer, {"access_token": "entra-token"}),
        "idp.example.test": lambda request: (vendor, {"access_token": "vendor-token"}),
    }
    assert _told(22, federated_identity, answers, GalleryInput(federation=GENERIC))[0].startswith(text)


def test_google_exchanges_by_token_exchange() -> None:
    """RFC 8693, as JSON, sent to the given address."""
    bodies: list[Any] = []

    def exchange(request: httpx.Request) -> tuple[int, Any]:
        bodies.append(json.loads(request.content))
        return 200, {"access_token": "google-token"}

    federation = Federation("https://sts.googleapis.com/v1/token", assertion="entra-token", audience="//iam/pool")
    told, _ = _told(22, federated_identity, {"sts.googleapis.com": exchange}, GalleryInput(federation=federation))
    assert told == "success"
    assert bodies[0]["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange"
    assert (bodies[0]["subject_token"], bodies[0]["audience"]) == ("entra-token", "//iam/pool")


def test_a_google_service_account_takes_two_steps() -> None:
    """The first token, as bearer, is exchanged for accessToken."""
    seen: list[str] = []

    def account(request: httpx.Request) -> tuple[int, Any]:
        seen.append(request.headers["authorization"])
        return 200, {"accessToken": "account-token"}

    url = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/x:generateAccessToken"
    answers = {"sts.googleapis.com": _token(), "iamcredentials.googleapis.com": account}
    given = GalleryInput(federation=Federation(url, assertion="entra-token", audience="//iam/pool"))
    assert _told(22, federated_identity, answers, given)[0] == "success"
    assert seen == ["Bearer main-Vq7Zs0uJt3HcYw9KfR2mXb8NdLg5TeAa"]


def test_without_settings_both_are_skipped() -> None:
    target = build.target(RunConfig(seed=1), "run")
    target.identities = replace(target.identities, oauth=None)
    target.cache[INPUT] = GalleryInput()
    for number, sequence in ((21, validate_credentials), (22, federated_identity)):
        judge = Judge(load(), [f"ENTRA-8.4-{number}"])
        play(target, judge, number, sequence)
        assert judge.findings[0].verdict is Verdict.NOT_APPLICABLE
        assert judge.findings[0].observed.startswith("SKIPPED: no ")


def test_a_token_service_that_is_not_there_gives_no_secret_away() -> None:
    """Neither in the error nor in what is left of the exchange."""

    def answer(request: httpx.Request) -> tuple[int, Any]:
        raise httpx.ConnectError(f"no route for {request.content.decode()}")

    with pytest.raises(TargetError) as caught:
        _told(21, validate_credentials, {"idp.example.test": answer}, GalleryInput())
    assert caught.value.exchange is None
    assert "https://idp.example.test/token" in str(caught.value)
