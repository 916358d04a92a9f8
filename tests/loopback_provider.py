"""The reference provider on a loopback port, for tests that need a URL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import unquote

from scimcheck.core.http import Handler, Request
from scimcheck.provider import Settings, build_provider

BASE_PATH = "/scim/v2"


@contextmanager
def served(*names: str) -> Iterator[str]:
    """The base URL of a provider with the given deviations and variants; it stops with the context."""
    with _Server(("127.0.0.1", 0), _Carrier) as server:
        url = f"http://127.0.0.1:{server.server_port}{BASE_PATH}"
        provider = build_provider(*names, settings=replace(Settings(), base_url=url))
        server.RequestHandlerClass = type("_Carrier", (_Carrier,), {"handler": staticmethod(provider.handle)})
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield url
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    """Waits for its connections when it is closed, so that none is left to the garbage collector."""

    daemon_threads = False


class _Carrier(BaseHTTPRequestHandler):
    """Carries one HTTP message to the provider and back."""

    protocol_version = "HTTP/1.1"
    timeout = 5
    handler: ClassVar[Handler]

    def _carry(self) -> None:
        raw, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not raw.startswith(BASE_PATH):
            self.send_error(404)
            return
        response = self.handler(Request(self.command, unquote(raw[len(BASE_PATH) :]), query, headers, body))
        self.send_response_only(response.status)
        for name, value in response.headers.items():
            if name.lower() not in ("content-length", "connection"):
                self.send_header(name, value)
        if response.status != 204:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _carry  # noqa: N815

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep quiet."""
