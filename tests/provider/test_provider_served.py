"""The provider over loopback, by a real ASGI server, and the ASGI application by itself."""

import asyncio
import importlib
import threading
from datetime import datetime, timezone
from typing import Any

import httpx
import pytest
from provider_client import user

from scimcheck.cli import main
from scimcheck.core.errors import UsageError
from scimcheck.core.http import Request, Response
from scimcheck.provider import Provider, Settings, build_provider
from scimcheck.provider.asgi import asgi_application
from scimcheck.provider.prompt import is_prompt
from scimcheck.provider.serve import ProviderServer, serve
from scimcheck.provider.tokens import MAIN_TOKEN


def test_provider_serves_over_http() -> None:
    """Create, find, read by location, delete: over a socket."""
    server = ProviderServer(build_provider("ids-need-encoding"))
    url = server.start()
    try:
        with httpx.Client(headers={"Authorization": f"Bearer {MAIN_TOKEN}"}) as http:
            created = http.post(f"{url}/Users", json=user("Søren +1"))
            assert created.status_code == 201
            location = created.headers["location"]
            assert location.startswith(url)
            assert http.get(location).json() == created.json()
            found = http.get(f"{url}/Users", params={"filter": 'userName eq "søren +1"'})
            assert found.json()["totalResults"] == 1
            assert http.head(location).headers["etag"] == created.headers["etag"]
            assert http.get(url.removesuffix("/scim") + "/elsewhere").status_code == 404
            deleted = http.delete(location)
            assert (deleted.status_code, deleted.content) == (204, b"")
    finally:
        server.stop()


def test_taken_port_is_a_usage_error() -> None:
    server = ProviderServer(build_provider())
    server.start()
    try:
        with pytest.raises(UsageError, match="cannot listen"):
            ProviderServer(build_provider(), port=int(server.url.split(":")[2].partition("/")[0]))
    finally:
        server.stop()


def test_missing_uvicorn_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(UsageError, match=r"scimcheck\[serve\]"):
        serve(build_provider())


def _settings_of(monkeypatch: pytest.MonkeyPatch, *words: str) -> Settings:
    """The settings of the provider that the command line would serve."""
    served: list[Provider] = []
    monkeypatch.setattr("scimcheck.provider.serve.serve", lambda provider, *rest, **options: served.append(provider))
    assert main(["serve", "--token", "main-token", *words]) == 0
    return served[0].settings


def test_serve_takes_tokens_of_every_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second tenant's, a read-only and an expired token, and a client of the token endpoint."""
    words = ["--second-tenant-token", "a2", "--read-only-token", "b3", "--expired-token", "c4"]
    settings = _settings_of(monkeypatch, *words, "--oauth-client", "me:my:secret", "--oauth-lifetime", "90")
    main_token, second, reader, gone = settings.tokens
    assert (main_token.value, second.tenant, reader.read_only) == ("main-token", "second", True)
    assert gone.expired(datetime.now(timezone.utc))
    assert not main_token.expired(datetime.now(timezone.utc))
    assert settings.oauth_clients == {"me": "my:secret"}
    assert settings.token_lifetime == 90


def test_serve_knows_no_client_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The secret that runs in process use opens nothing that is served."""
    assert _settings_of(monkeypatch).oauth_clients == {}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--oauth-client", "me"], "ID:SECRET"),
        (["--oauth-lifetime", "0"], "--oauth-lifetime"),
        (["--read-only-token", "main-token"], "two of the tokens are the same"),
    ],
)
def test_serve_refuses_faulty_options(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line that names the option, and the exit code of usage errors."""
    assert main(["serve", "--token", "main-token", *words]) == 4
    assert told in capsys.readouterr().err


def _ask(scope: dict[str, Any], *chunks: bytes, max_body: int = 100) -> tuple[list[dict[str, Any]], list[Request]]:
    """What an application around an echoing handler sends, and the requests that the handler got."""
    seen: list[Request] = []
    sent: list[dict[str, Any]] = []

    def handle(request: Request) -> Response:
        seen.append(request)
        return Response(200, {"X-A": "é"}, request.body)

    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.request"})

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(asgi_application(handle, "/scim", max_body)(scope, receive, send))
    return sent, seen


def _scope(raw_path: bytes, **extra: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "path": "",
        "raw_path": raw_path,
        "query_string": b"",
        "headers": [],
        **extra,
    }


def test_application_decodes_path_and_joins_headers() -> None:
    headers = [(b"Accept", b"a"), (b"accept", b"b")]
    sent, seen = _ask(_scope(b"/scim/Users/a%2Fb%20c", query_string=b"x=%20", headers=headers), b"1", b"2")
    assert seen == [Request("GET", "/Users/a/b c", "x=%20", {"accept": "a, b"}, b"12")]
    assert sent[0]["headers"] == [(b"x-a", "é".encode("latin-1"))]
    assert sent[1]["body"] == b"12"


def test_application_keeps_no_more_of_a_body_than_needed_to_refuse_it() -> None:
    _, seen = _ask(_scope(b"/scim/Users"), b"x" * 70, b"y" * 70, b"z" * 70)
    assert len(seen[0].body) == 101


@pytest.mark.parametrize("path", [b"/", b"/scimitar", b"/other/scim"])
def test_application_answers_404_outside_its_base(path: bytes) -> None:
    sent, seen = _ask(_scope(path))
    assert (sent[0]["status"], seen) == (404, [])


def test_application_takes_part_in_lifespan() -> None:
    sent: list[str] = []
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(asgi_application(lambda request: Response(200))({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "prompt"),
    [
        ("GET", "/Users", "filter=userName%20eq%20%22a%22", b"", True),
        ("GET", "/Users", "filter=emails.value+eq+%22a%22", b"", True),
        ("GET", "/Users/1", "", b"", True),
        ("POST", "/Users", "", b"{}", True),
        ("PATCH", "/Users/1", "", b"{}", True),
        ("GET", "/Users", "", b"", False),
        ("GET", "/Users", "filter=title%20eq%20%22a%22", b"", False),
        ("GET", "/Users", "filter=userName%20eq%20%22a%22&sortBy=title", b"", False),
        ("POST", "/Users/.search", "", b"{}", False),
        ("POST", "/Users", "", b"x" * 20_000, False),
        ("GET", "/Groups/1", "", b"", False),
        ("POST", "/Bulk", "", b"{}", False),
        ("GET", "/Usersx", "", b"", False),
    ],
)
def test_requests_about_one_user_are_prompt(method: str, path: str, query: str, body: bytes, prompt: bool) -> None:
    """What may take long by the number of resources or members, or by its length, is not."""
    assert is_prompt(build_provider(), Request(method, path, query, {}, body)) is prompt


@pytest.mark.parametrize("prompt", [True, False])
def test_only_prompt_requests_are_handled_in_the_thread_that_serves(prompt: bool) -> None:
    threads: list[int] = []

    def handle(request: Request) -> Response:
        threads.append(threading.get_ident())
        return Response(200)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        pass

    asyncio.run(asgi_application(handle, is_prompt=lambda request: prompt)(_scope(b"/Users"), receive, send))
    assert (threads == [threading.get_ident()]) is prompt
