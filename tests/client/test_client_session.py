"""What goes over the wire, what is recorded, what is repeated, and what is kept from being sent."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest
from client_sessions import BASE, TOKEN, Script, answer, session_on

from scimcheck.client.auth import Basic, CustomHeader, NoAuth
from scimcheck.client.errors import ForeignOrigin, TargetError
from scimcheck.client.exchange import Exchange
from scimcheck.client.url import BaseUrl
from scimcheck.core.http import Request


def test_default_headers_and_json_body() -> None:
    """SCIM's media type both ways, compact UTF-8."""
    provider = Script(answer(201, {"id": "1"}))
    with session_on(provider) as session:
        exchange = session.post("/Users", {"userName": "bärbel", "active": None})
    sent = provider.seen[0]
    assert sent.body == '{"userName":"bärbel","active":null}'.encode()
    assert sent.headers["content-type"] == "application/scim+json"
    assert sent.headers["accept"] == "application/scim+json, application/json;q=0.9"
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["user-agent"].startswith("scimcheck/")
    assert exchange.request_json == {"userName": "bärbel", "active": None}
    assert (exchange.path, exchange.url) == ("/Users", f"{BASE}/Users")
    assert exchange.request_header("authorization") == "Bearer [redacted]"


def test_headers_can_be_replaced_and_left_out() -> None:
    """Names in any letter case; None leaves out."""
    provider = Script(answer(), answer())
    with session_on(provider, headers=[("X-Extra", "1"), ("Accept", "text/x")]) as session:
        session.post("/Users", {}, headers={"content-type": "application/scim+json; charset=utf-8", "accept": None})
        session.get("/Users", headers={"X-EXTRA": "2"})
    assert provider.seen[0].headers["content-type"] == "application/scim+json; charset=utf-8"
    assert "accept" not in provider.seen[0].headers
    assert (provider.seen[1].headers["x-extra"], provider.seen[1].headers["accept"]) == ("2", "text/x")


def test_bodies_that_are_not_json() -> None:
    """Malformed bodies are sent byte for byte; null is a JSON body, none is none."""
    provider = Script(answer(), answer(), answer())
    with session_on(provider) as session:
        session.post("/Users", content=b'{"a":', headers={"Content-Type": "text/plain"})
        session.post("/Users", None)
        session.post("/Users")
    assert [r.body for r in provider.seen] == [b'{"a":', b"null", b""]
    assert provider.seen[0].headers["content-type"] == "text/plain"
    assert "content-type" not in provider.seen[2].headers


def test_every_verb() -> None:
    """One method each."""
    provider = Script(*(answer() for _ in range(7)))
    with session_on(provider) as session:
        for send in (session.get, session.head, session.options, session.delete):
            send("/Users/1")
        for send_body in (session.post, session.put, session.patch):
            send_body("/Users/1", {"a": 1})
    assert [r.method for r in provider.seen] == ["GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH"]
    assert [r.body for r in provider.seen[-3:]] == [b'{"a":1}'] * 3


def test_other_credentials_for_one_request() -> None:
    """None for none; text for an Authorization header of the caller's making."""
    provider = Script(answer(), answer(), answer(), answer())
    with session_on(provider) as session:
        session.get("/Users", auth=None)
        exchange = session.get("/Users", auth="Bearer wrong one")
        session.get("/Users", headers={"Authorization": "Own x"})
        session.get("/Users", headers={"authorization": None})
    assert [r.headers.get("authorization") for r in provider.seen] == [None, "Bearer wrong one", "Own x", None]
    assert exchange.request_header("authorization") == "Bearer [redacted] [redacted]"


def test_other_kinds_of_credentials() -> None:
    """Basic, a custom header, and none."""
    provider = Script(answer(), answer(), answer())
    for credentials in (Basic("u", "passw0rd"), CustomHeader("X-Api-Id", "k3yk3yk3y"), NoAuth()):
        with session_on(provider, credentials=credentials) as session:
            session.get("/Users")
            record = str([exchange.to_json() for exchange in session.journal])
            assert not any(value in record for value, _ in credentials.secrets())
    assert provider.seen[0].headers["authorization"].startswith("Basic ")
    assert provider.seen[1].headers["x-api-id"] == "k3yk3yk3y"
    assert "authorization" not in provider.seen[1].headers
    assert "authorization" not in provider.seen[2].headers


def test_the_riding_query_and_raw_parameters_arrive_as_written() -> None:
    """A plus sign is not a %20; both must be sendable."""
    provider = Script(*(answer() for _ in range(3)))
    with session_on(provider, f"{BASE}/?aadOptscim062020") as session:
        session.get("/Users", params='filter=userName+eq+%22a%22&x=[1]"')
        session.get("/Users", params={"filter": 'userName eq "a+b"'})
        exchange = session.patch("/Users/1", {})
    assert [r.query for r in provider.seen] == [
        "aadOptscim062020&filter=userName+eq+%22a%22&x=[1]%22",
        "aadOptscim062020&filter=userName%20eq%20%22a%2Bb%22",
        "aadOptscim062020",
    ]
    assert exchange.query == "aadOptscim062020"


def test_paths_are_not_normalised() -> None:
    """Dot segments and encoded slashes reach the target as they are."""
    provider = Script(answer(), answer())
    with session_on(provider) as session:
        session.get("/Users/../Groups")
        session.get('/Users/"x"', params='filter="%zz', raw_target=True)
    assert provider.seen[0].path == "/Users/../Groups"
    assert (provider.seen[1].path, provider.seen[1].query) == ('/Users/"x"', 'filter="%zz')


def test_absolute_urls_are_followed_on_the_same_origin_only() -> None:
    """meta.location leads below the base; elsewhere, nothing is sent."""
    provider = Script(answer())
    with session_on(provider) as session:
        assert session.get(f"{BASE}/Users/1").path == "/Users/1"
        beside = session.get("https://scim.example/v1/Users/1")
        with pytest.raises(ForeignOrigin):
            session.get("https://evil.example/scim/v2/Users/1")
    assert (beside.status, beside.path) == (404, "https://scim.example/v1/Users/1")
    assert len(provider.seen) == 1


def test_redirects_are_returned_and_not_followed() -> None:
    """Following is the check's decision."""
    provider = Script(answer(307, None, Location="https://evil.example/"))
    with session_on(provider) as session:
        exchange = session.get("/Users")
    assert (exchange.status, exchange.header("location"), len(provider.seen)) == (307, "https://evil.example/", 1)


def test_cookies_are_not_kept() -> None:
    """SCIM clients are stateless; a session cookie must not stand in for the token."""
    provider = Script(answer(200, {}, Set_Cookie="sid=abc"), answer())
    with session_on(provider) as session:
        session.get("/Users")
        session.get("/Users")
    assert "cookie" not in provider.seen[1].headers


def test_exchanges_are_stamped() -> None:
    """Purpose and check nest and end with their blocks; ids count across derived sessions."""
    with session_on(Script(*(answer() for _ in range(4))), id_prefix="w1-") as session:
        with session.check("test_a"), session.purpose("set-up"):
            session.get("/Users")
            with session.purpose("probe"):
                session.get("/Users")
        session.get("/Users")
        session.derive(base=BaseUrl.parse(f"{BASE}?flag")).get("/Users")
        with pytest.raises(ValueError, match="purpose"), session.purpose("nonsense"):
            pass
    stamps = [(e.id, e.check, e.purpose, e.query) for e in session.journal]
    assert stamps == [
        ("w1-1", "test_a", "set-up", ""),
        ("w1-2", "test_a", "probe", ""),
        ("w1-3", "", "check", ""),
        ("w1-4", "", "check", "flag"),
    ]
    assert session.journal.by_id("w1-2") is not None
    assert all(Exchange.from_json(e.to_json()) == e for e in session.journal)


def test_threads_do_not_mix_their_stamps() -> None:
    """Each thread has its own check, and every exchange is recorded once."""
    provider = Script()
    seen: list[str] = []

    def work(name: str, session: Any) -> None:
        with session.check(name):
            seen.extend(session.get(f"/{name}").check for _ in range(20))

    with session_on(provider) as session:
        threads = [threading.Thread(target=work, args=(f"t{n}", session)) for n in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(seen) == sorted(f"t{n}" for n in range(5) for _ in range(20))
    assert len({e.id for e in session.journal}) == len(session.journal) == 100


def test_guards_can_keep_a_request_from_being_sent() -> None:
    """The harness refuses writes to what the run did not create."""
    provider = Script(answer())
    asked: list[tuple[str, str]] = []

    def guard(method: str, path: str) -> None:
        asked.append((method, path))
        if method == "DELETE":
            raise PermissionError(path)

    with session_on(provider) as session:
        session.before_send.append(guard)
        session.get("/Users?count=1")
        with pytest.raises(PermissionError):
            session.derive(credentials=NoAuth()).delete(f"{BASE}/Users/1")
    assert asked == [("GET", "/Users"), ("DELETE", "/Users/1")]
    assert len(provider.seen) == len(session.journal) == 1


def test_a_limited_request_is_repeated_after_the_wait_and_both_are_recorded() -> None:
    """429 says that nothing was done, so even POST is repeated."""
    provider = Script(answer(429, None, Retry_After="7"), answer(503, None, Retry_After="2"), answer(201, {"id": "1"}))
    with session_on(provider) as session, session.purpose("set-up"):
        exchange = session.post("/Users", {"userName": "a"})
        assert session.slept == [7.0, 2.0]  # type: ignore[attr-defined]
    assert (exchange.status, exchange.retries) == (201, 2)
    assert [(e.status, e.purpose, e.retries) for e in session.journal] == [
        (429, "retry", 0),
        (503, "retry", 1),
        (201, "set-up", 2),
    ]


def test_a_target_that_keeps_refusing_is_believed_in_the_end() -> None:
    """The last answer stands."""
    with session_on(Script(*(answer(429, None, Retry_After="1") for _ in range(9))), retries=2) as session:
        exchange = session.get("/Users")
    assert (exchange.status, exchange.retries, exchange.purpose, len(session.journal)) == (429, 2, "check", 3)


@pytest.mark.parametrize(("method", "attempts"), [("GET", 4), ("POST", 1), ("PATCH", 1)])
def test_broken_connections(method: str, attempts: int) -> None:
    """Reads are repeated, creations are not; no exchange is recorded without an answer."""
    calls: list[str] = []

    def broken(request: Request) -> Any:
        calls.append(request.method)
        raise ConnectionResetError("reset by peer")

    with session_on(broken) as session, pytest.raises(TargetError) as caught:
        session.request(method, "/Users")
    assert (caught.value.kind, len(calls), len(session.journal)) == ("unreachable", attempts, 0)
    assert str(caught.value).startswith(f"{method} {BASE}/Users: ")


def test_a_reconnection_counts_as_a_retry() -> None:
    """The record says how often it was tried."""
    turns = iter([ConnectionResetError("reset"), None])

    def once_broken(request: Request) -> Any:
        error = next(turns)
        if error is not None:
            raise error
        return answer(200, {})

    with session_on(once_broken) as session:
        assert session.get("/Users").retries == 1


def test_a_huge_body_is_given_up_and_its_beginning_kept() -> None:
    """The beginning shows what it was; it is not journaled, as no check may judge it."""
    with session_on(Script(answer(200, "x" * 5000)), max_body=1000) as session, pytest.raises(TargetError) as caught:
        session.get("/Users")
    assert caught.value.kind == "too-large"
    assert caught.value.exchange is not None
    assert len(caught.value.exchange.response_body) == 1000
    assert len(session.journal) == 0
    with session_on(Script(answer(200, "x" * 1000)), max_body=1000) as session:
        assert len(session.get("/Users").response_body) == 1000


def test_errors_hold_no_secrets() -> None:
    """Neither path segments, nor tokens that a reason repeats, nor line ends."""

    def broken(request: Request) -> Any:
        raise ConnectionError(f"lost\r\nwhile sending {request.headers['authorization']}")

    with session_on(broken, "https://h.example/scim/company-key-1") as session:
        session.redactor.add_path_secret("company-key-1")
        with pytest.raises(TargetError) as caught:
            session.post("/Users", {})
    message = str(caught.value)
    assert TOKEN not in message
    assert "company-key-1" not in message
    assert "\n" not in message


def test_secret_path_segments_are_hidden_and_followed() -> None:
    """meta.location is recorded without the company key, and still leads to the resource, in paths and in bodies."""
    base = "https://h.example/scim/company-key-1"
    provider = Script(answer(201, {"id": "1", "meta": {"location": f"{base}/Users/1"}}), answer(), answer())
    with session_on(provider, base) as session:
        session.redactor.add_path_secret("company-key-1")
        created = session.post("/Users", {})
        location = created.body["meta"]["location"]
        followed = session.get(location)
        session.put(location, created.json)
        assert "company-key-1" not in str([e.to_json() for e in session.journal])
    assert (created.path, followed.path, provider.seen[1].path) == ("/Users", "/Users/1", "/Users/1")
    assert location.endswith("/[redacted:path-1]/Users/1")
    assert base.encode() in provider.seen[2].body


def test_lone_surrogates_can_be_sent() -> None:
    """They have no UTF-8 form, so the body falls back to escapes."""
    provider = Script(answer())
    with session_on(provider) as session:
        session.post("/Users", {"userName": "\ud800"})
    assert provider.seen[0].body == b'{"userName":"\\ud800"}'


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ReadTimeout("t"), "timeout"),
        (httpx.ConnectTimeout("t"), "timeout"),
        (TimeoutError("t"), "timeout"),
        (httpx.ConnectError("c"), "unreachable"),
        (httpx.ProxyError("407"), "unreachable"),
        (httpx.RemoteProtocolError("p"), "protocol"),
        (httpx.LocalProtocolError("p"), "protocol"),
        (httpx.DecodingError("gzip"), "protocol"),
    ],
)
def test_every_failure_of_the_layers_below_becomes_a_target_error(error: Exception, kind: str) -> None:
    """Never a raw exception of the HTTP library."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise error

    with session_on(httpx.MockTransport(fail)) as session, pytest.raises(TargetError) as caught:
        session.post("/Users", {})
    assert caught.value.kind == kind


def test_a_crash_of_the_provider_stays_a_crash() -> None:
    """Our own bug is not the target's fault."""

    def crash(request: Request) -> Any:
        raise KeyError("bug")

    with session_on(crash) as session, pytest.raises(KeyError):
        session.get("/Users")


def test_response_headers_are_raw_and_separate() -> None:
    """Two challenges are two headers, values as sent."""
    headers = [("WWW-Authenticate", "Basic"), ("WWW-Authenticate", "Bearer realm=x"), ("X-Name", "  bär ".strip())]
    encoded = [(name.encode(), value.encode()) for name, value in headers]
    with session_on(httpx.MockTransport(lambda r: httpx.Response(401, headers=encoded))) as session:
        exchange = session.get("/Users")
    assert exchange.headers("WWW-Authenticate") == ["Basic", "Bearer realm=x"]
    assert exchange.header("x-name") == "bär"
