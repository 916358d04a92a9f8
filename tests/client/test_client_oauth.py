"""OAuth client credentials: fetching, renewing, refusing."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import respx
from client_sessions import answer, session_on

from scimcheck.client.errors import TargetError, TokenRefused
from scimcheck.client.oauth import ClientCredentials
from scimcheck.client.preflight import preflight
from scimcheck.core.errors import UsageError
from scimcheck.core.http import Request, Response

URL = "https://login.example/oauth/token"


def endpoint(*replies: httpx.Response) -> respx.Router:
    """A token endpoint that gives these replies in turn."""
    router = respx.Router(assert_all_called=False)
    router.post(URL).mock(side_effect=list(replies))
    return router


def token(value: str, **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"access_token": value, "token_type": "Bearer", **more})


def credentials(router: respx.Router, **options: Any) -> ClientCredentials:
    return ClientCredentials(URL, "id:1", "s3cret/+", transport=httpx.MockTransport(router.handler), **options)


def test_id_and_secret_in_a_basic_header() -> None:
    """RFC 6749 §2.3.1: form-encoded, then Basic."""
    router = endpoint(token("tok-1"))
    assert credentials(router, scope="scim").header(0) == "Bearer tok-1"
    request = router.calls.last.request
    assert request.headers["authorization"] == "Basic " + base64.b64encode(b"id%3A1:s3cret%2F%2B").decode()
    assert parse_qs(request.content.decode()) == {"grant_type": ["client_credentials"], "scope": ["scim"]}


def test_id_and_secret_in_the_form() -> None:
    """The other placement, with a parameter of the provider's own."""
    router = endpoint(token("tok-1"))
    credentials(router, placement="body", extra={"audience": "a b"}).header(0)
    request = router.calls.last.request
    assert "authorization" not in request.headers
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["id:1"],
        "client_secret": ["s3cret/+"],
        "audience": ["a b"],
    }


@pytest.mark.parametrize(("expires_in", "renewed_at"), [(3600, 3540), ("100", 90)])
def test_a_token_is_renewed_before_it_expires(expires_in: Any, renewed_at: float) -> None:
    """A minute early, or a tenth of a short life."""
    source = credentials(endpoint(token("tok-1", expires_in=expires_in), token("tok-2")))
    assert source.header(0) == source.header(renewed_at - 1) == "Bearer tok-1"
    assert source.header(renewed_at) == "Bearer tok-2"
    assert source.header(1e12) == "Bearer tok-2"


def test_a_refused_token_is_replaced_once_it_is_not_fresh() -> None:
    """A revoked token is worth another try; a target that refuses new ones is not."""
    source = credentials(endpoint(token("tok-1"), token("tok-2")))
    source.header(0)
    assert not source.refused(5)
    assert source.refused(100)
    assert source.header(100) == "Bearer tok-2"


def test_a_session_renews_on_401_and_records_both() -> None:
    """The refused attempt is in the journal as a retry; neither token is."""
    now = [0.0]

    def provider(request: Request) -> Response:
        return answer(200, {}) if request.headers["authorization"].endswith("tok-22") else answer(401)

    source = credentials(endpoint(token("tok-11"), token("tok-22")))
    with session_on(provider, credentials=source, clock=lambda: now[0]) as session:
        assert session.get("/Users").status == 401
        now[0] = 100.0
        exchange = session.get("/Users")
    assert (exchange.status, exchange.retries) == (200, 1)
    assert [(e.status, e.purpose) for e in session.journal] == [(401, "check"), (401, "retry"), (200, "check")]
    assert (
        session.redactor.text("tok-11 tok-22 s3cret/+") == "[redacted:token] [redacted:token] [redacted:client-secret]"
    )


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (
            httpx.Response(401, json={"error": "invalid_client", "error_description": "s3cret/+ is wrong"}),
            "invalid_client",
        ),
        (httpx.Response(400, json={"error": "x" * 100}), "400;"),
        (httpx.Response(200, text="<html>"), "200"),
        (httpx.Response(200, json=[1]), "no access token"),
        (httpx.Response(200, json={"access_token": ""}), "no access token"),
        (httpx.Response(200, json={"access_token": "a\r\nb"}), "no access token"),
        (token("t", token_type="mac"), "not Bearer"),
    ],
)
def test_a_refusal_is_told_without_secrets(reply: httpx.Response, says: str) -> None:
    """Only status and error code are quoted."""
    with pytest.raises(TokenRefused, match=says) as caught:
        credentials(endpoint(reply)).header(0)
    assert "s3cret" not in str(caught.value)
    assert str(caught.value).startswith(f"POST {URL}: ")


def test_an_unreachable_token_endpoint_is_a_target_error() -> None:
    """It is told apart from an unreachable target by its URL."""
    router = respx.Router()
    router.post(URL).mock(side_effect=httpx.ConnectError("no route"))
    with pytest.raises(TargetError, match="token endpoint") as caught:
        credentials(router).header(0)
    assert caught.value.kind == "unreachable"


def test_a_refused_client_ends_the_preflight() -> None:
    """Before anything is written."""
    source = credentials(endpoint(httpx.Response(401, json={"error": "invalid_client"})))
    with session_on(lambda request: answer(200, {}), credentials=source) as session:
        result = preflight(session)
    assert (result.ok, result.kind) == (False, "unauthorized")
    assert "invalid_client" in result.line


@pytest.mark.parametrize(("url", "placement"), [("login.example/token", "body"), (URL, "cookie")])
def test_bad_options_are_usage_errors(url: str, placement: str) -> None:
    """Before any request."""
    transport = httpx.MockTransport(lambda request: httpx.Response(500))
    with pytest.raises(UsageError, match="OAuth"):
        ClientCredentials(url, "i", "s", transport=transport, placement=placement)
