"""Answers of a real endpoint, as its vendor documents them, and what the client makes of them."""

from __future__ import annotations

import json
from typing import Any

import httpx
import jsonschema
import pytest
import respx
from client_sessions import TOKEN, session_on

from scimcheck.client.exchange import Exchange
from scimcheck.client.preflight import preflight
from scimcheck.client.session import Session
from scimcheck.client.transport import network_transport
from scimcheck.core import urns
from scimcheck.resources import bundled

WIRE = bundled("fixtures") / "wire"
FORMAT = bundled("fixtures") / "formats" / "wire_sample.schema.json"
SAMPLES = sorted(path.stem for path in WIRE.glob("*.json"))


def sample(name: str) -> dict[str, Any]:
    return json.loads((WIRE / f"{name}.json").read_text(encoding="utf-8"))


def reply(data: dict[str, Any]) -> httpx.Response:
    response = data["response"]
    content = {"json": response["body"]} if "body" in response else {"text": response.get("text", "")}
    return httpx.Response(response["status"], headers=response.get("headers"), **content)


def network_session(data: dict[str, Any]) -> Session:
    return session_on(network_transport(data["base"], proxy=None), data["base"])


def replay(name: str) -> Exchange:
    """Send the sample's request over the real network transport, with respx in place of the network."""
    data = sample(name)
    request = data["request"]
    with respx.mock, network_session(data) as session:
        url = data["base"].rstrip("/") + request["path"]
        route = respx.route(method=request["method"], url__startswith=url).mock(return_value=reply(data))
        options = {"json": request["body"]} if "body" in request else {}
        exchange = session.request(request["method"], request["path"], params=request.get("query"), **options)
    sent = route.calls.last.request
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.url.raw_path.decode().partition("?")[2] == request.get("query", "")
    assert sent.content == (json.dumps(request["body"], separators=(",", ":")).encode() if "body" in request else b"")
    assert exchange.path == request["path"]
    return exchange


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_follow_their_format(name: str) -> None:
    """And say where they come from."""
    schema = json.loads(FORMAT.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(sample(name))


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_are_recorded_as_they_are(name: str) -> None:
    """Nothing in them is secret, so nothing is changed."""
    exchange = replay(name)
    expected = reply(sample(name))
    assert (exchange.status, exchange.response_body) == (expected.status_code, expected.content)
    assert Exchange.from_json(json.loads(json.dumps(exchange.to_json()))) == exchange


def test_an_expired_token_answered_in_html() -> None:
    """401 with HTML: the evidence is kept, and no JSON is made of it."""
    exchange = replay("compliance_ai_unauthorized")
    assert (exchange.status, exchange.media_type, exchange.is_json) == (401, "text/html", False)
    assert exchange.text == "<h1>Not Authorized</h1>"
    assert exchange.header("www-authenticate") == 'Bearer realm="api.compliance.ai", error="invalid_token"'
    assert exchange.header("x-mashery-error-code") == "ERR_403_NOT_AUTHORIZED"
    assert exchange.query == "filter=userName+eq+%2241556170-d37a-4040-a648-e1bccd0c69e5%22"


def test_an_expired_token_ends_the_preflight() -> None:
    """As "unauthorized", not as "html", and with the challenge that says why."""
    data = sample("compliance_ai_unauthorized")
    with respx.mock, network_session(data) as session:
        respx.get(url__startswith=data["base"]).mock(return_value=reply(data))
        result = preflight(session)
    assert (result.ok, result.kind) == (False, "unauthorized")
    assert result.line == (
        "https://api.compliance.ai/scim/ServiceProviderConfig answered 401 with text/html "
        '(Bearer realm="api.compliance.ai", error="invalid_token"): '
        "the credentials were refused; is the token complete, current and meant for this target?"
    )


def test_the_list_parses() -> None:
    """Two users; their locations lie beside the base, so they are not the request's URLs."""
    exchange = replay("compliance_ai_list")
    assert exchange.body["schemas"] == [urns.LIST_RESPONSE]
    assert [user["id"] for user in exchange.resources] == ["XYZ", "ABC"]
    assert len(exchange.resources) == exchange.body["totalResults"] == 2
    with network_session(sample("compliance_ai_list")) as session:
        assert session.base.relative(exchange.resources[0]["meta"]["location"]) is None


def test_the_filtered_list_shows_its_types() -> None:
    """The number stays a number and the string a string: nothing is coerced on the way to the checks."""
    user = replay("compliance_ai_filtered").resources[0]
    assert (user["id"], type(user["id"])) == (1234, int)
    assert user["roles"] == "Admin"
    assert user["externalId"] is None


def test_the_patch_answer_is_the_message_that_was_sent() -> None:
    """A PatchOp, not the user."""
    exchange = replay("compliance_ai_patch")
    assert exchange.body["schemas"] == [urns.PATCH_OP]
    assert exchange.json == exchange.request_json
    assert "id" not in exchange.body


def test_the_creation_answer_wraps_the_user() -> None:
    """201 with a list in place of the resource, and no Location."""
    exchange = replay("compliance_ai_create")
    assert (exchange.status, "userName" in exchange.body, exchange.header("location")) == (201, False, None)
    assert exchange.resources[0]["userName"] == "test@compliance.ai"


def test_discovery_is_not_led_astray_by_an_old_list(respx_mock: respx.MockRouter) -> None:
    """With the token good and only /Users there, the preflight passes."""
    data = sample("compliance_ai_list")
    respx_mock.get(f"{data['base']}ServiceProviderConfig").mock(return_value=httpx.Response(404))
    respx_mock.get(url__startswith=f"{data['base']}Users").mock(return_value=reply(data))
    with network_session(data) as session:
        assert preflight(session).ok
