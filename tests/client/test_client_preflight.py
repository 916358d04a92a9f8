"""The preflight: one line that says what was asked, what came and what to do; reads only."""

from __future__ import annotations

from typing import Any

import pytest
from client_sessions import BASE, Script, answer, session_on

from scimcheck.client.auth import NoAuth
from scimcheck.client.preflight import KINDS, Preflight, preflight
from scimcheck.core import urns

CONFIG = {"schemas": [urns.SERVICE_PROVIDER_CONFIG], "patch": {"supported": True}}
OLD_CONFIG = {"schemas": ["urn:scim:schemas:core:1.0"], "patch": {}, "bulk": {}, "sort": {}}
LIST = {"schemas": [urns.LIST_RESPONSE], "totalResults": 0}
HTML = answer(200, "<!DOCTYPE html><html>", Content_Type="text/html; charset=utf-8")
SPC, USERS = "GET /ServiceProviderConfig", "GET /Users"


def look(config: Any, users: Any = None, base: str = BASE, **options: Any) -> Preflight:
    """The preflight's result on these two answers; checks what holds for every result."""
    provider = Script().on(SPC, config).on(USERS, users or answer(404))
    with session_on(provider, base, retries=0, **options) as session:
        result = preflight(session)
    assert result.kind in KINDS
    assert result.ok is (result.kind == "ok")
    assert "\n" not in result.line
    assert all(request.method == "GET" for request in provider.seen)
    assert all(exchange.purpose == "preflight" for exchange in session.journal)
    return result


def test_a_scim_target_passes() -> None:
    """With discovery and credentials that work."""
    result = look(answer(200, CONFIG), answer(200, LIST))
    assert (result.kind, result.exchange and result.exchange.path) == ("ok", "/ServiceProviderConfig")


def test_a_target_without_users_passes() -> None:
    """A provider of groups or of its own types is SCIM as well."""
    assert look(answer(200, CONFIG), answer(404)).ok


def test_a_configuration_without_schemas_is_recognised() -> None:
    """How good it is, the checks will say."""
    body = {"patch": {}, "bulk": {}, "filter": {}, "etag": {}}
    assert look(answer(200, body, Content_Type="application/json")).ok


@pytest.mark.parametrize("config", [answer(404), answer(405), answer(501), answer(400, {}), answer(200, {"a": 1})])
def test_a_target_without_discovery_passes_on_its_users(config: Any) -> None:
    """Entra needs no discovery either."""
    result = look(config, answer(200, {"Resources": []}))
    assert result.ok
    assert "no discovery" in result.line


@pytest.mark.parametrize(
    ("config", "users", "kind", "says"),
    [
        (HTML, None, "html", "that is a web page, not SCIM"),
        (answer(200, "<html>"), None, "html", "web page"),
        (answer(404), HTML, "html", "web page"),
        (answer(302, None, Location="https://login.example/"), None, "redirect", "to https://login.example/"),
        (answer(401, None, WWW_Authenticate="Bearer"), None, "unauthorized", "(Bearer)"),
        (answer(200, CONFIG), answer(401), "unauthorized", "/Users?count=1 answered 401"),
        (answer(404), answer(401), "unauthorized", "refused"),
        (answer(403), None, "forbidden", "may not"),
        (answer(200, CONFIG), answer(403), "forbidden", "/Users"),
        (answer(404), None, "wrong-path", "version segment"),
        (answer(404, "<h1>", Content_Type="text/html"), None, "wrong-path", "text/html"),
        (answer(200, "ok", Content_Type="text/plain"), None, "not-scim", "not JSON"),
        (answer(200, {"hello": 1}), None, "not-scim", "SCIM 2.0"),
        (answer(200, OLD_CONFIG), None, "not-scim", "1.1"),
        (answer(500), None, "server-error", "failing"),
        (answer(404), answer(503), "server-error", "503"),
        (answer(429), None, "server-error", "--scim-rate"),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_told(config: Any, users: Any, kind: str, says: str) -> None:
    """Each in words that lead to the cure."""
    result = look(config, users)
    assert (result.kind, result.ok) == (kind, False)
    assert says in result.line
    assert BASE in result.line


def test_missing_credentials_are_asked_for() -> None:
    """Someone who gave none needs another sentence than someone whose token is refused."""
    assert "SCIM_TOKEN" in look(answer(401), credentials=NoAuth()).line
    assert "refused" in look(answer(401)).line


@pytest.mark.parametrize(
    ("base", "says"),
    [
        ("https://h.example", "missing its /scim path"),
        ("https://h.example/scim/v2/Users", "ends with /Users"),
        ("https://h.example/scim", "version segment"),
    ],
)
def test_the_path_gets_a_hint(base: str, says: str) -> None:
    """What is most likely wrong with it."""
    assert says in look(answer(404), base=base).line


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (ConnectionRefusedError("no"), "unreachable", "host and port"),
        (TimeoutError("t"), "timeout", "--scim-timeout"),
    ],
)
def test_no_answer_at_all(error: Exception, kind: str, says: str) -> None:
    """Network trouble is told with the option that may help."""

    def fail(request: Any) -> Any:
        raise error

    result = look(fail)
    assert (result.kind, says in result.line) == (kind, True)


def test_an_endless_body_is_not_scim() -> None:
    """Nothing of that size is a configuration."""
    assert look(answer(200, "x" * 2000), max_body=1000).kind == "not-scim"
