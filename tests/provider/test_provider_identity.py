"""``/Me`` and the OAuth token endpoint."""

import base64
import json
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

import pytest
from provider_client import Answer, Client, user

from scimcheck.core.http import Request
from scimcheck.provider import Settings, Token, build_provider

CLIENT_ID, CLIENT_SECRET = next(iter(Settings().oauth_clients.items()))
FORM = "application/x-www-form-urlencoded"


def _me(**settings: object) -> Client:
    client = Client(tokens=(Token("mine", user="ada"), Token("nobody"), Token("lost", user="gone")), **settings)
    client.token = "mine"
    return client


def test_me_is_the_resource_of_the_credentials() -> None:
    """RFC 7644 §3.11: the Location is the permanent one."""
    client = _me()
    created = client.user("ada")
    answer = client.get("/Me")
    assert (answer.status, answer.body) == (200, created)
    assert answer.headers["Location"] == created["meta"]["location"]
    assert client.put("/Me", user("ada", title="Dr")).body["title"] == "Dr"
    assert client.patch("/Me", {"op": "remove", "path": "title"}).status == 200
    assert client.post("/Me", user("ada")).status == 409
    assert client.delete("/Me").status == 204
    assert client.get("/Me").status == 404


def test_me_can_redirect() -> None:
    client = _me(me_answers="redirect")
    created = client.user("ada")
    answer = client.get("/Me")
    assert (answer.status, answer.headers["Location"]) == (308, created["meta"]["location"])


def test_credentials_without_a_resource_have_no_me() -> None:
    client = _me()
    assert client.as_("nobody").get("/Me").status == 501
    assert client.as_("lost").get("/Me").status == 404


def _token(client: Client, form: dict[str, str], content_type: str = FORM, **headers: str) -> Answer:
    sent = {"content-type": content_type, **headers}
    response = client.provider.handle(Request("POST", "/oauth/token", "", sent, urlencode(form).encode()))
    return Answer(response.status, dict(response.headers), json.loads(response.body))


def _basic(identifier: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{identifier}:{secret}".encode()).decode()


GRANT = {"grant_type": "client_credentials"}
IN_BODY = {**GRANT, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


@pytest.mark.parametrize(
    ("form", "headers"),
    [(IN_BODY, {}), (GRANT, {"authorization": _basic(CLIENT_ID, CLIENT_SECRET)})],
    ids=["in the body", "Basic"],
)
def test_token_is_issued_and_works(form: dict[str, str], headers: dict[str, str]) -> None:
    """RFC 6749 §4.4.3, §5.1."""
    client = Client()
    answer = _token(client, form, **headers)
    assert (answer.status, answer.body["token_type"], answer.body["expires_in"]) == (200, "Bearer", 3600)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/json"
    assert client.as_(answer.body["access_token"]).get("/Users").status == 200


def test_issued_token_expires() -> None:
    client = Client(token_lifetime=60)
    token = _token(client, IN_BODY).body["access_token"]
    later = datetime.now(timezone.utc) + timedelta(seconds=61)
    client.provider.ops.now = lambda ctx: later
    answer = client.as_(token).get("/Users")
    assert answer.status == 401
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("form", "headers", "status", "error"),
    [
        ({**IN_BODY, "client_secret": "wrong"}, {}, 401, "invalid_client"),
        ({**IN_BODY, "client_id": "nobody"}, {}, 401, "invalid_client"),
        (GRANT, {}, 401, "invalid_client"),
        (GRANT, {"authorization": "Basic !"}, 401, "invalid_client"),
        (GRANT, {"authorization": "Bearer x"}, 401, "invalid_client"),
        ({**IN_BODY, "grant_type": "password"}, {}, 400, "unsupported_grant_type"),
        ({"client_id": CLIENT_ID}, {}, 400, "invalid_request"),
    ],
)
def test_refusals_follow_oauth(form: dict[str, str], headers: dict[str, str], status: int, error: str) -> None:
    """RFC 6749 §5.2."""
    answer = _token(Client(), form, **headers)
    assert (answer.status, answer.body["error"]) == (status, error)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


def test_token_request_is_a_form() -> None:
    assert _token(Client(), IN_BODY, "application/json").body["error"] == "invalid_request"


def test_token_endpoint_can_be_absent() -> None:
    provider = build_provider(settings=Settings(token_endpoint=""))
    assert Client(provider=provider).post("/oauth/token", {}).status == 404
