"""The in-process transport: what a provider's handler receives, and what comes back."""

from __future__ import annotations

import pytest
from client_sessions import Script, answer, session_on

from scimcheck.core.http import Response


def test_the_handler_gets_decoded_path_raw_query_and_lower_case_headers() -> None:
    """As the contract of core.http says."""
    provider = Script(answer(200, {}))
    with session_on(provider, "http://in.process/scim/v2") as session:
        session.get("/Users/a%20b", params="filter=a+eq+%22x%22", headers={"X-Thing": "Ä"})
    request = provider.seen[0]
    assert (request.method, request.path, request.query) == ("GET", "/Users/a b", "filter=a+eq+%22x%22")
    assert request.headers["x-thing"] == "Ä"
    assert all(name == name.lower() for name in request.headers)


@pytest.mark.parametrize("base", ["http://in.process", "http://in.process/", "http://in.process/a/b/"])
def test_any_base_path(base: str) -> None:
    """The provider never sees it."""
    provider = Script(answer(), answer())
    with session_on(provider, base) as session:
        session.get("/Users")
        session.get("/")
    assert [request.path for request in provider.seen] == ["/Users", "/"]


def test_what_lies_beside_the_base_is_not_the_providers() -> None:
    """/scim2 is not below /scim."""
    provider = Script()
    with session_on(provider, "http://in.process/scim") as session:
        assert session.get("http://in.process/scim2/Users").status == 404
    assert provider.seen == []


def test_head_has_no_body_and_headers_keep_their_values() -> None:
    """As over the network."""
    with session_on(lambda request: Response(200, {"ETag": 'W/"ü"'}, b"{}")) as session:
        exchange = session.head("/Users")
        assert exchange.response_body == b""
        assert exchange.header("etag") == 'W/"ü"'
        assert session.get("/Users").response_body == b"{}"
