"""What Entra makes of an answer, and that the rules leave no answer out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSON
from scimcheck.entra import errors
from scimcheck.entra.errors import Reaction, explain_operation, explain_probe

SCIM = urns.MEDIA_TYPE
PREFIX = "SystemForCrossDomainIdentityManagement"
UNAVAILABLE = f"{PREFIX}CredentialValidationUnavailable"
FAILURE = f"{PREFIX}CredentialValidationFailure"
INCOMPATIBLE = f"{PREFIX}ServiceIncompatible"


def exchange(method: str, target: str, status: int, body: JSON, media_type: str = SCIM) -> Exchange:
    path, _, query = target.partition("?")
    return Exchange(
        id="1",
        method=method,
        url=f"https://scim.example.com{target}",
        path=path,
        query=query,
        request_headers=(),
        request_body=b"",
        status=status,
        reason="",
        response_headers=(("content-type", media_type),),
        response_body=json.dumps(body).encode(),
        started="2026-01-01T00:00:00Z",
        elapsed=0.0,
    )


@pytest.mark.parametrize(
    ("status", "media_type", "body_ok", "error", "code", "words"),
    [
        (200, SCIM, True, None, "", ""),
        (200, "application/json", True, None, "", "application/scim+json"),
        (200, SCIM, False, None, INCOMPATIBLE, "ListResponse"),
        (200, "text/html", False, None, UNAVAILABLE, "web page"),
        (204, "", True, None, UNAVAILABLE, "ListResponse"),
        (302, "text/html", False, None, UNAVAILABLE, "redirect"),
        (400, SCIM, False, None, FAILURE, "eq"),
        (401, SCIM, False, None, FAILURE, "token"),
        (401, "text/html", False, None, UNAVAILABLE, "token"),
        (403, "", False, None, FAILURE, "token"),
        (404, SCIM, False, None, UNAVAILABLE, "empty ListResponse"),
        (406, "", False, None, UNAVAILABLE, "Accept"),
        (418, "", False, None, UNAVAILABLE, "ListResponse"),
        (429, "", False, None, UNAVAILABLE, "25 requests"),
        (503, "text/html", False, None, UNAVAILABLE, "GUID"),
        (None, "", False, "tls", UNAVAILABLE, "TLS 1.2"),
        (None, "", False, "timeout", UNAVAILABLE, "seconds"),
        (None, "", False, "unreachable", UNAVAILABLE, "firewall"),
        (None, "", False, None, UNAVAILABLE, "firewall"),
    ],
)
def test_connection_check(
    status: int | None, media_type: str, body_ok: bool, error: str | None, code: str, words: str
) -> None:
    reaction = explain_probe(status, media_type, body_ok, error)
    assert reaction.code == code
    assert words in reaction.fix
    assert reaction.reaction is (Reaction.QUARANTINE if code else Reaction.CONTINUE)


def test_404_on_the_connection_check_has_the_portals_words() -> None:
    assert explain_probe(404).message.startswith("An HTTP/404 Not Found response was returned")


def test_refused_token_has_the_portals_words() -> None:
    assert explain_probe(401).message.startswith("You appear to have entered invalid credentials.")


@pytest.mark.parametrize(
    ("method", "status", "scim_type", "code", "reaction"),
    [
        ("POST", 201, None, "", Reaction.CONTINUE),
        ("POST", 200, None, "", Reaction.CONTINUE),
        ("PATCH", 204, None, "", Reaction.CONTINUE),
        ("DELETE", 204, None, "", Reaction.CONTINUE),
        ("DELETE", 404, None, "", Reaction.CONTINUE),
        ("PATCH", 307, None, "", Reaction.ESCROW),
        ("PATCH", 400, None, INCOMPATIBLE, Reaction.ESCROW),
        ("PATCH", 400, "noTarget", INCOMPATIBLE, Reaction.ESCROW),
        ("PATCH", 401, None, "Unauthorized", Reaction.ESCROW),
        ("PATCH", 403, None, "InsufficientRights", Reaction.ESCROW),
        ("PATCH", 404, None, "InvalidAnchor", Reaction.RESTART),
        ("GET", 404, None, "InvalidAnchor", Reaction.RESTART),
        ("POST", 404, None, "", Reaction.ESCROW),
        ("PATCH", 405, None, "MethodNotAllowed", Reaction.ESCROW),
        ("POST", 409, "uniqueness", "EntryConflict", Reaction.ESCROW),
        ("PATCH", 412, None, "", Reaction.ESCROW),
        ("POST", 415, None, "", Reaction.ESCROW),
        ("POST", 422, None, "UnprocessableEntity", Reaction.ESCROW),
        ("POST", 429, None, "TooManyRequests", Reaction.RETRY),
        ("POST", 500, None, "InternalServerError", Reaction.RETRY),
        ("POST", 501, None, "NotImplemented", Reaction.RETRY),
        ("POST", None, None, "Timeout", Reaction.RETRY),
        ("POST", 418, None, "", Reaction.ESCROW),
    ],
)
def test_operation(method: str, status: int | None, scim_type: str | None, code: str, reaction: Reaction) -> None:
    answer = explain_operation(method, status, scim_type)
    assert (answer.code, answer.reaction) == (code, reaction)


def test_the_detail_keyword_sharpens_the_fix() -> None:
    fixes = {explain_operation("PATCH", 400, word).fix for word in (None, "noTarget", "invalidPath", "invalidValue")}
    assert len(fixes) == 4


def test_search_is_judged_as_a_search() -> None:
    assert "empty ListResponse" in explain_operation("GET", 404, search=True).fix
    assert "operators" in explain_operation("GET", 400, "invalidFilter", search=True).fix


def test_success_with_an_unreadable_body_is_a_failure() -> None:
    answer = explain_operation("POST", 201, body_ok=False)
    assert answer.code == INCOMPATIBLE
    assert "deserialize" in answer.message


EMPTY = {"schemas": [urns.LIST_RESPONSE], "totalResults": 0, "Resources": []}


@pytest.mark.parametrize(
    ("body", "ok"),
    [
        (EMPTY, True),
        ({**EMPTY, "totalResults": "0"}, False),
        ({**EMPTY, "totalResults": True}, False),
        ({**EMPTY, "Resources": {}}, False),
        ({**EMPTY, "schemas": urns.LIST_RESPONSE}, False),
        ([EMPTY], False),
        ({"schemas": [urns.LIST_RESPONSE], "totalResults": 0}, True),
    ],
)
def test_recorded_connection_check(body: JSON, ok: bool) -> None:
    """RFC 7644 §3.4.2 lets Resources be absent when nothing was found."""
    assert errors.explain_probe_exchange(exchange("GET", "/Users?filter=a", 200, body)).ok is ok


@pytest.mark.parametrize(
    ("method", "target", "status", "body", "ok"),
    [
        ("GET", "/Users?filter=a", 200, EMPTY, True),
        ("GET", "/Users?filter=a", 200, {"id": "1"}, False),
        ("GET", "/Users?filter=a", 404, EMPTY, False),
        ("GET", "/Users/1", 200, {"id": "1"}, True),
        ("GET", "/Users/1", 200, EMPTY, False),
        ("POST", "/Users", 201, {"id": 1}, False),
        ("PATCH", "/Users/1", 200, {}, True),
        ("PATCH", "/Users/1", 400, {"scimType": "noTarget"}, False),
    ],
)
def test_recorded_operation(method: str, target: str, status: int, body: JSON, ok: bool) -> None:
    assert errors.explain_operation_exchange(exchange(method, target, status, body)).ok is ok


def test_every_code_a_rule_names_is_in_the_table() -> None:
    named = {explain_probe(status).code for status in range(200, 600)}
    named |= {explain_operation("PATCH", status).code for status in range(200, 600)}
    assert named - {""} <= set(errors.error_codes())


@given(
    st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"]),
    st.one_of(st.none(), st.integers(100, 599)),
    st.one_of(st.none(), st.text(max_size=12)),
    st.booleans(),
    st.booleans(),
)
def test_every_answer_has_a_reaction(
    method: str, status: int | None, scim_type: str | None, search: bool, body_ok: bool
) -> None:
    """Law: whatever the answer, there is a next step, and a fix unless the engine goes on."""
    answers = [
        explain_operation(method, status, scim_type, search=search, body_ok=body_ok),
        explain_probe(status, scim_type or "", body_ok),
    ]
    for answer in answers:
        assert answer.next_step
        assert answer.ok or answer.fix
