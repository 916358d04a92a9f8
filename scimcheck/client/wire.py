"""One request on the wire and its answer, or the reason there is none. No retries, no redirects, no cookies."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpcore
import httpx

from scimcheck.client.deadline import deadline, remaining


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: header names in lower case, repeated ones separate, body decompressed, ``elapsed`` in seconds."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    elapsed: float

    def header(self, name: str) -> str | None:
        """The first header of that (lower-case) name."""
        return next((value for key, value in self.headers if key == name), None)


class WireFailure(Exception):
    """No usable answer. ``kind`` as in TargetError; ``sent`` whether any of the request may have reached the target.

    ``answer`` is what had arrived of an answer whose header section was complete.
    """

    def __init__(self, kind: str, reason: str, *, sent: bool = True, answer: Answer | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.sent = sent
        self.answer = answer


def perform(transport: httpx.BaseTransport, request: httpx.Request, *, timeout: float, max_body: int) -> Answer:
    """Send one request and read its answer within ``timeout`` seconds and ``max_body`` bytes; raises WireFailure."""
    request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), timeout)
    started = time.monotonic()
    body = bytearray()
    response: httpx.Response | None = None

    def answer() -> Answer | None:
        if response is None:
            return None
        reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
        elapsed = time.monotonic() - started
        return Answer(response.status_code, reason, header_pairs(response.headers), bytes(body), elapsed)

    with deadline(timeout):
        try:
            response = transport.handle_request(request)
            for chunk in _bounded(response, max_body):
                body += chunk
        except _FAILURES as error:
            kind, reason, sent = _explain(error, timeout)
            raise WireFailure(kind, reason, sent=sent, answer=answer()) from error
        finally:
            if response is not None:
                response.close()
    complete = answer()
    assert complete is not None
    return complete


class _TooLarge(Exception):
    pass


def _bounded(response: httpx.Response, max_body: int) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_bytes():
        if remaining() <= 0:
            raise httpx.ReadTimeout("time is up")
        yield chunk[: max_body - size]
        size += len(chunk)
        if size > max_body:
            raise _TooLarge(f"the response body is larger than {max_body} bytes")


def header_pairs(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    """Header names in lower case with their values as sent; a value that is not UTF-8 counts as Latin-1."""
    return tuple((name.decode("latin-1").lower(), _text(value)) for name, value in headers.raw)


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


#: Everything a hostile or absent server makes the layers below raise (UnicodeError: impossible host names).
_FAILURES = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    httpcore.ProtocolError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    _TooLarge,
    TimeoutError,
    ConnectionError,
    UnicodeError,
)


def _explain(error: BaseException, timeout: float) -> tuple[str, str, bool]:
    """Kind, reason in one line, and whether anything may have been sent."""
    causes = list(_causes(error))
    sent = not isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, UnicodeError))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return "tls", _tls_reason(cause), sent
        if isinstance(cause, socket.gaierror):
            return "unreachable", "the host name is unknown", False
    if any(isinstance(cause, (httpx.TimeoutException, httpcore.TimeoutException, TimeoutError)) for cause in causes):
        return "timeout", f"no complete answer within {timeout:g} s", sent
    if isinstance(error, _TooLarge):
        return "too-large", str(error), True
    if isinstance(error, UnicodeError):
        return "unreachable", "the host name is malformed", False
    return _plain(error, causes, sent)


def _plain(error: BaseException, causes: list[BaseException], sent: bool) -> tuple[str, str, bool]:
    if isinstance(error, httpx.ProxyError):
        return "unreachable", f"the proxy refused: {error}", False
    if isinstance(error, (httpx.NetworkError, httpcore.NetworkError, ConnectionError)):
        refused = any(isinstance(cause, ConnectionRefusedError) for cause in causes)
        broken = "the connection broke" if sent else "no connection"
        return "unreachable", "the connection was refused" if refused else f"{broken}: {error}", sent and not refused
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected without" in str(error):
        return "unreachable", "the connection was closed without an answer", sent
    if isinstance(error, (httpx.LocalProtocolError, httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return "protocol", f"the request cannot be sent over HTTP: {error}", False
    if isinstance(error, httpx.DecodingError):
        return "protocol", f"the body does not follow its Content-Encoding: {error}", True
    return "protocol", f"the answer is not valid HTTP: {error}", sent


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate was not accepted: {error.verify_message}"
    return f"the TLS handshake failed: {error.reason or error}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
