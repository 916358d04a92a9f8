"""The network transport against servers that misbehave: always an exchange or a TargetError, always in time."""

from __future__ import annotations

import gzip
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from client_servers import Authority, Behaviour, RawServer, http, raw_server, sends
from client_sessions import TOKEN, session_on

from scimcheck.client.errors import TargetError
from scimcheck.client.preflight import preflight
from scimcheck.client.session import Session
from scimcheck.client.transport import environment_proxy, network_transport
from scimcheck.core.errors import UsageError


def network_session(url: str, *, ca: str | None = None, proxy: str | None = None, **options: Any) -> Session:
    """A session on the network with a generous bound that only a hanging test would reach."""
    return session_on(network_transport(url, ca=ca, proxy=proxy), url, **{"timeout": 5.0, **options})


def failure(behave: Behaviour, *, timeout: float = 5.0, method: str = "POST", **options: Any) -> TargetError:
    """The error that a server's behaviour leads to; POST, so that nothing is repeated."""
    with (
        raw_server(behave) as server,
        network_session(server.url("/scim"), timeout=timeout, **options) as session,
        pytest.raises(TargetError) as caught,
    ):
        session.request(method, "/Users")
    assert len(session.journal) == 0
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_request_and_its_answer_over_tcp() -> None:
    """What is on the wire is what was asked, byte for byte, over a connection that is kept."""
    reply = http("200 Fine", b'{"id":"1"}', "Content-Type: application/scim+json", "X-A: 1", "X-A: 2")
    with (
        raw_server(sends(reply, close=False)) as server,
        network_session(server.url("/scim?aadOptscim062020")) as session,
    ):
        exchange = session.get("/Users/../%2F", params='filter=a+eq+%22x%22&y="')
        session.get("/Users")
    line, _, head = server.heads[0].decode().partition("\r\n")
    assert line == "GET /scim/Users/../%2F?aadOptscim062020&filter=a+eq+%22x%22&y=%22 HTTP/1.1"
    assert f"authorization: bearer {TOKEN}" in head.lower()
    assert (exchange.status, exchange.reason, exchange.headers("X-A")) == (200, "Fine", ["1", "2"])
    assert exchange.body == {"id": "1"}
    assert len(server.heads) == 2


def test_a_raw_target_goes_out_unencoded() -> None:
    """Quotes and stray percent signs, as some clients send them."""
    with raw_server(sends(http())) as server, network_session(server.url()) as session:
        session.get("/Users", params='filter=userName+eq+"%zz"', raw_target=True)
    assert server.heads[0].startswith(b'GET /Users?filter=userName+eq+"%zz" HTTP/1.1\r\n')


def test_a_base_without_a_path_asks_for_the_root() -> None:
    """An empty target is not a request line."""
    with raw_server(sends(http())) as server, network_session(server.url("?flag=/a")) as session:
        session.get("")
    assert server.heads[0].startswith(b"GET /?flag=/a HTTP/1.1\r\n")


def test_compressed_bodies_are_read() -> None:
    """Recorded as text, headers as sent."""
    reply = http("200 OK", gzip.compress(b'{"id":"1"}'), "Content-Encoding: gzip")
    with raw_server(sends(reply)) as server, network_session(server.url()) as session:
        exchange = session.get("/Users")
    assert exchange.body == {"id": "1"}
    assert exchange.header("content-encoding") == "gzip"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent", "303 See Other"])
def test_redirects_never_carry_the_token_elsewhere(status: str) -> None:
    """The other host is not even connected to."""
    with (
        raw_server(sends(http())) as other,
        raw_server(sends(http(status, b"", f"Location: {other.url('/steal')}"))) as server,
        network_session(server.url("/scim")) as session,
    ):
        exchange = session.get("/Users")
        result = preflight(session)
    assert str(exchange.status) == status[:3]
    assert result.kind == "redirect"
    assert other.heads == []


def hangs(connection: socket.socket, head: bytes) -> None:
    """No answer until the client goes away."""
    connection.recv(1)


def dribbles(start: bytes, piece: bytes) -> Behaviour:
    """Send a piece every now and then, so that single reads never time out."""

    def behave(connection: socket.socket, head: bytes) -> None:
        connection.sendall(start)
        connection.settimeout(0.02)
        while True:
            connection.sendall(piece)
            try:
                if connection.recv(1) == b"":
                    return
            except TimeoutError:
                continue

    return behave


@pytest.mark.parametrize(
    "behave",
    [
        hangs,
        dribbles(b"HTTP/1.1 200 OK\r\n", b"X"),
        dribbles(b"HTTP/1.1 200 OK\r\n", b"X-Header: y\r\n"),
        dribbles(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        dribbles(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n", b" "),
        dribbles(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["silence", "header byte", "header lines", "informational", "body bytes", "chunks"],
)
def test_the_whole_request_is_bounded(behave: Behaviour) -> None:
    """A server that sends a byte at a time hangs nobody."""
    error = failure(behave, timeout=0.3)
    assert error.kind == "timeout"
    assert "0.3 s" in str(error)


def test_a_slow_handshake_is_bounded() -> None:
    """TLS counts towards the same time."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://localhost:{silent.getsockname()[1]}"
        with network_session(url, timeout=0.2) as session, pytest.raises(TargetError) as caught:
            session.get("/Users")
    assert caught.value.kind == "timeout"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"y" * 300_000,
        b"HTTP/1.1 200 OK\r\n" + b"X-A: y\r\n" * 60_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 20\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        http("200 OK", b"not gzip at all", "Content-Encoding: gzip"),
        http("200 OK", b"\xff\xff\xff\xff", "Content-Encoding: deflate"),
    ],
    ids=[
        "nothing", "garbage", "another protocol", "tls alert", "status", "header line", "endless header",
        "endless headers", "length", "two lengths", "short body", "chunk size", "cut chunk", "gzip", "deflate",
    ],
)  # fmt: skip
def test_broken_answers_are_target_errors(data: bytes) -> None:
    """Never an exception of the HTTP library."""
    assert failure(sends(data)).kind in ("protocol", "unreachable")


def test_a_body_beyond_its_length_is_cut_there() -> None:
    """The rest belongs to no answer; the connection is not used again."""
    with raw_server(sends(http("200 OK", b"{}") + b"surplus")) as server, network_session(server.url()) as session:
        assert session.get("/Users").response_body == b"{}"


def test_an_endless_body_is_cut() -> None:
    """Its beginning is kept with the error."""
    error = failure(dribbles(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096), max_body=10_000)
    assert error.kind == "too-large"
    assert error.exchange is not None
    assert len(error.exchange.response_body) == 10_000


def test_a_gzip_bomb_is_cut() -> None:
    """The bound is on what comes out."""
    bomb = http("200 OK", gzip.compress(b"0" * 5_000_000), "Content-Encoding: gzip")
    assert failure(sends(bomb), max_body=10_000).kind == "too-large"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_refused_port() -> None:
    """Tried again for reads, as the server may be starting."""
    with network_session(f"http://127.0.0.1:{free_port()}") as session, pytest.raises(TargetError) as caught:
        session.get("/Users")
    assert caught.value.kind == "unreachable"
    assert "refused" in str(caught.value)
    assert len(session.slept) == 3  # type: ignore[attr-defined]


def test_an_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Named as such."""

    def unknown(*args: Any, **options: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with network_session("https://scim.invalid/scim", retries=0) as session:
        result = preflight(session)
    assert result.kind == "unreachable"
    assert "host name is unknown" in result.line


def test_a_host_name_that_cannot_be_looked_up() -> None:
    """Labels over 63 characters never reach the resolver."""
    with network_session(f"http://{'a' * 70}.example", retries=0) as session, pytest.raises(TargetError) as caught:
        session.get("/Users")
    assert caught.value.kind == "unreachable"


def test_an_idle_connection_that_the_server_closed_is_replaced() -> None:
    """Keep-alive races are not the target's fault."""
    with raw_server(sends(http())) as server, network_session(server.url()) as session:
        assert [session.get("/Users").status for _ in range(3)] == [200, 200, 200]


def test_an_unknown_certificate_is_refused_and_a_named_authority_accepted(authority: Authority) -> None:
    """Verification has no off switch; --scim-ca adds an authority."""
    with raw_server(sends(http()), authority.server) as server:
        url = server.url("/scim", "https", "localhost")
        with network_session(url) as session:
            result = preflight(session)
        assert (result.ok, result.kind) == (False, "tls")
        assert "self-signed" in result.line
        assert "--scim-ca" in result.line
        assert server.heads == []
        with network_session(url, ca=str(authority.file)) as session:
            assert session.get("/Users").status == 200


def test_a_certificate_for_another_name_is_refused(authority: Authority) -> None:
    """127.0.0.1 is not localhost."""
    with raw_server(sends(http()), authority.server) as server:
        url = server.url("/scim", "https", "127.0.0.1")
        with network_session(url, ca=str(authority.file)) as session, pytest.raises(TargetError) as caught:
            session.get("/Users")
    assert caught.value.kind == "tls"
    assert "127.0.0.1" in caught.value.reason


def test_https_to_a_plain_port_is_a_tls_failure() -> None:
    """A frequent mistake in base URLs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"https://localhost:{listener.getsockname()[1]}"
        with network_session(url) as session, pytest.raises(TargetError) as caught:
            session.get("/Users")
        thread.join()
    assert caught.value.kind == "tls"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path / "missing.pem", "No such file"),
        (lambda path: _written(path / "not.pem", b"hello"), "no PEM certificate"),
        (lambda path: _made(path / "folder"), "empty"),
    ],
)
def test_an_unusable_ca_is_a_usage_error(make: Callable[[Path], Path], says: str, tmp_path: Path) -> None:
    """Told before anything is sent."""
    with pytest.raises(UsageError, match=says):
        network_transport("https://h.example", ca=str(make(tmp_path)))


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _made(path: Path) -> Path:
    path.mkdir()
    return path


def test_requests_go_through_a_proxy() -> None:
    """Plain HTTP in absolute form, with the proxy's own credentials, which are nobody else's business."""
    with raw_server(sends(http())) as proxy:
        address = proxy.url().replace("http://", "http://user:pr0xypass@")
        with network_session("http://scim.example/scim", proxy=address) as session:
            exchange = session.get("/Users", params="a=+")
    assert exchange.status == 200
    assert proxy.heads[0].startswith(b"GET http://scim.example/scim/Users?a=+ HTTP/1.1\r\n")
    assert b"proxy-authorization: basic dXNlcjpwcjB4eXBhc3M=" in proxy.heads[0].replace(b"Basic", b"basic").replace(
        b"Proxy-Authorization", b"proxy-authorization"
    )
    assert "pr0xypass" not in str(exchange.to_json())


def test_a_proxy_that_refuses_a_tunnel() -> None:
    """HTTPS through a proxy needs CONNECT; the token is not shown to the proxy."""
    with (
        raw_server(sends(http("407 Proxy Authentication Required", b""))) as proxy,
        network_session("https://scim.example/scim", proxy=proxy.url(), retries=0) as session,
        pytest.raises(TargetError) as caught,
    ):
        session.get("/Users")
    assert (caught.value.kind, "407" in caught.value.reason) == ("unreachable", True)
    assert proxy.heads[0].startswith(b"CONNECT scim.example:443 HTTP/1.1\r\n")
    assert TOKEN.encode() not in proxy.heads[0]


@pytest.mark.parametrize("proxy", ["socks5://h:1", "http://", "ht tp://x", "http://h:port"])
def test_an_unusable_proxy_is_a_usage_error(proxy: str) -> None:
    """Told before anything is sent."""
    with pytest.raises(UsageError, match="proxy"):
        network_transport("https://h.example", proxy=proxy)


def test_the_environment_names_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """As other tools do it; never for this machine."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    assert environment_proxy("https://h.example/scim") is None
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    assert environment_proxy("https://h.example/scim") == "http://proxy.example:3128"
    assert environment_proxy("https://inside.example/scim") is None
    assert environment_proxy("https://localhost:8443/scim") is None
    assert environment_proxy("http://h.example/scim") is None


def test_a_limited_request_waits_as_told() -> None:
    """429 with Retry-After over the network, with the wait recorded instead of slept."""
    turns = iter([http("429 Too Many Requests", b"", "Retry-After: 3"), http("200 OK", b"{}")])

    def behave(connection: socket.socket, head: bytes) -> None:
        connection.sendall(next(turns))

    with raw_server(behave) as server, network_session(server.url()) as session:
        assert session.get("/Users").retries == 1
    assert session.slept == [3.0]  # type: ignore[attr-defined]
    assert isinstance(server, RawServer)
