"""The provider over HTTP, by uvicorn from the extra ``serve``."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import importlib
import importlib.util
import socket
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from scimcheck.core.errors import UsageError
from scimcheck.provider.app import Provider
from scimcheck.provider.asgi import asgi_application
from scimcheck.provider.joining import joining
from scimcheck.provider.prompt import is_prompt
from scimcheck.provider.transport_faults import TransportFault, faulty

_QUIET: dict[str, Any] = {"log_level": "warning", "access_log": False, "server_header": False}


def serve(
    provider: Provider,
    host: str = "127.0.0.1",
    port: int = 0,
    ready: Callable[[str], None] | None = None,
    fault: TransportFault | None = None,
) -> None:
    """Serve until the process is interrupted; ``ready`` gets the base URL once requests are answered.

    Port 0 means a free one; ``fault`` lets the responses arrive slowly, cut off or otherwise unusable. The provider's
    base URL becomes that of the server, with the path that it had. Raises UsageError when uvicorn is missing or the
    address cannot be had.
    """
    server = ProviderServer(provider, host, port, fault)
    # The process is for serving: what is there by now stays, and the collector need not look at it again and again.
    gc.freeze()
    server.run(ready)


class ProviderServer:
    """A provider on an address: :meth:`run` in this thread, or :meth:`start` and :meth:`stop` around other work."""

    def __init__(
        self, provider: Provider, host: str = "127.0.0.1", port: int = 0, fault: TransportFault | None = None
    ) -> None:
        uvicorn = _uvicorn()
        self._socket = _listen(host, port)
        bound = self._socket.getsockname()[1]
        name = f"[{host}]" if ":" in host else host
        path = provider.settings.base_path
        self.url = f"http://{name}:{bound}{path}"
        provider.settings = dataclasses.replace(provider.settings, base_url=self.url)
        application = asgi_application(provider.handle, path, provider.settings.max_body, partial(is_prompt, provider))
        if fault is not None:
            application = faulty(application, fault)
        protocol = joining(importlib.import_module("uvicorn.protocols.http.auto").AutoHTTPProtocol)
        self._server = uvicorn.Server(
            uvicorn.Config(application, http=protocol, ws="none", lifespan="off", proxy_headers=False, **_QUIET)
        )
        self._thread: threading.Thread | None = None

    def run(self, ready: Callable[[str], None] | None = None) -> None:
        """Serve in this thread until interrupted or stopped."""
        try:
            _runner()(self._serve(ready))
        finally:
            self._socket.close()

    def start(self) -> str:
        """Serve in a thread of its own; returns the base URL once requests are answered."""
        started = threading.Event()
        self._thread = threading.Thread(target=self.run, args=(lambda url: started.set(),), daemon=True)
        self._thread.start()
        while not started.wait(0.05):
            if not self._thread.is_alive():
                raise UsageError(f"the provider could not be served at {self.url}")
        return self.url

    def stop(self) -> None:
        """End :meth:`start`: finish the requests under way and free the address."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()

    async def _serve(self, ready: Callable[[str], None] | None) -> None:
        serving = asyncio.ensure_future(self._server.serve(sockets=[self._socket]))
        while not self._server.started and not serving.done():
            await asyncio.sleep(0.005)
        if ready is not None and not serving.done():
            ready(self.url)
        await serving


def _runner() -> Callable[[Coroutine[Any, Any, None]], None]:
    """What runs the server's coroutine to its end: uvloop's event loop where it is installed, for it is faster."""
    if importlib.util.find_spec("uvloop") is None:
        return asyncio.run
    run: Callable[[Coroutine[Any, Any, None]], None] = importlib.import_module("uvloop").run
    return run


def _uvicorn() -> Any:
    try:
        return importlib.import_module("uvicorn")
    except ImportError:
        raise UsageError("serving over HTTP needs uvicorn: pip install 'scimcheck[serve]'") from None


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends at once; else each answer would wait for the client's acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise UsageError(f"cannot listen on {host} port {port}: {error}") from None
    return listener
