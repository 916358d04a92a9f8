"""A bound on the whole time of a request.

The timeouts of an HTTP library bound single reads; a server that sends one byte a second never trips them. Here the
innermost reads and writes ask for the time that is left.
"""

from __future__ import annotations

import math
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore

_UNTIL: ContextVar[float] = ContextVar("scimcheck_deadline", default=math.inf)
_CHUNK = 64 * 1024


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Bound what the calling thread does inside to ``seconds``; an outer, earlier bound stays in force."""
    token = _UNTIL.set(min(_UNTIL.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _UNTIL.reset(token)


def remaining() -> float:
    """Seconds left; infinite without a bound, zero or less when time is up."""
    return _UNTIL.get() - time.monotonic()


def _bounded(timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    left = remaining()
    if left <= 0:
        raise error("time is up")
    if math.isinf(left):
        return timeout
    return left if timeout is None else min(timeout, left)


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose reads and writes end at the deadline of the thread that uses it."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read within the time that is left."""
        return self._stream.read(max_bytes, _bounded(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write within the time that is left, which is looked up anew for every chunk."""
        for start in range(0, len(buffer), _CHUNK):
            self._stream.write(buffer[start : start + _CHUNK], _bounded(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Shake hands within the time that is left."""
        bound = _bounded(timeout, httpcore.ConnectTimeout)
        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, bound))

    def get_extra_info(self, info: str) -> Any:
        """What the connection below knows of itself."""
        return self._stream.get_extra_info(info)


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens connections that respect the deadline of the thread that uses them."""

    def __init__(self, backend: httpcore.NetworkBackend | None = None) -> None:
        self._backend = backend or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect within the time that is left."""
        bound = _bounded(timeout, httpcore.ConnectTimeout)
        return DeadlineStream(self._backend.connect_tcp(host, port, bound, local_address, socket_options))

    def sleep(self, seconds: float) -> None:
        """Sleep, but not past the deadline."""
        self._backend.sleep(max(0.0, min(seconds, remaining())))
