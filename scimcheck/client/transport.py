"""How requests reach a target: over the network, or straight into a handler in this process."""

from __future__ import annotations

import os
import ssl
import urllib.request
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from scimcheck.client.deadline import DeadlineBackend
from scimcheck.client.wire import header_pairs
from scimcheck.core.errors import UsageError
from scimcheck.core.http import Handler, Request

#: Seconds for which an idle connection is kept; longer, and more servers close it just as it is used again.
_KEEP_ALIVE = 5.0


class HandlerTransport(httpx.BaseTransport):
    """Carries requests into a service provider's ``handle(request) -> response``, without a socket.

    ``base_path`` is the path of the provider's base URL (``/scim/v2``); requests elsewhere get a bare 404.
    """

    def __init__(self, handler: Handler, base_path: str = "") -> None:
        self._handler = handler
        self._base = base_path.rstrip("/")

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Call the handler; what it raises is not caught, a crash of it is nobody's SCIM answer."""
        target = request.extensions.get("target", request.url.raw_path).decode("latin-1")
        path, _, query = target.partition("?")
        if not f"{path}/".startswith(f"{self._base}/"):
            return httpx.Response(404)
        below = unquote(path[len(self._base) :])
        response = self._handler(
            Request(request.method, below, query, _joined(header_pairs(request.headers)), request.read())
        )
        headers = [(name.encode(), value.encode()) for name, value in response.headers.items()]
        content = b"" if request.method == "HEAD" else response.body
        return httpx.Response(response.status, headers=headers, content=content)


def _joined(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Headers as a mapping; repeated ones are combined as RFC 9110 §5.3 allows."""
    headers: dict[str, str] = {}
    for name, value in pairs:
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


class NetworkTransport(httpx.BaseTransport):
    """HTTP/1.1 over TCP and TLS, with certificates verified and every wait inside the request's deadline."""

    def __init__(
        self, *, verify: ssl.SSLContext | None, proxy: httpcore.Proxy | None = None, connections: int = 100
    ) -> None:
        backend = DeadlineBackend()
        if proxy is None:
            self._pool = httpcore.ConnectionPool(
                verify, max_connections=connections, keepalive_expiry=_KEEP_ALIVE, network_backend=backend
            )
        else:
            self._pool = httpcore.HTTPProxy(
                proxy.url,
                proxy.auth,
                proxy_ssl_context=verify if proxy.url.scheme == b"https" else None,
                ssl_context=verify,
                max_connections=connections,
                keepalive_expiry=_KEEP_ALIVE,
                network_backend=backend,
            )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises httpx's exceptions."""
        url = request.url
        extensions = dict(request.extensions)
        # In the URL, not as extension: that would also replace the target of a request to a proxy.
        target = extensions.pop("target", url.raw_path)
        message = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=target),
            headers=request.headers.raw,
            content=request.stream,
            extensions=extensions,
        )
        try:
            response = self._pool.handle_request(message)
        except _ERRORS as error:
            raise _as_httpx(error) from error
        return httpx.Response(
            response.status, headers=response.headers, stream=_Stream(response), extensions=response.extensions
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._response.iter_stream()
        except _ERRORS as error:
            raise _as_httpx(error) from error

    def close(self) -> None:
        self._response.close()


_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


def _as_httpx(error: Exception) -> httpx.TransportError:
    """The exception of the same name in httpx, which names them alike."""
    kind = getattr(httpx, type(error).__name__, httpx.TransportError)
    converted: httpx.TransportError = kind(str(error))
    return converted


def network_transport(
    base_url: str, *, ca: str | None = None, proxy: str | None = None, connections: int = 100
) -> NetworkTransport:
    """The transport for a target: its certificate is always verified, against ``ca`` (a PEM file or folder) as well.

    Without ``proxy`` the environment's proxy for that URL is used, if any. UsageError for an unusable CA or proxy.
    """
    chosen = _proxy(proxy or environment_proxy(base_url))
    plain = not base_url.lower().startswith("https:") and (chosen is None or chosen.url.scheme == b"http")
    verify = None if plain and ca is None else tls_context(ca)
    return NetworkTransport(verify=verify, proxy=chosen, connections=connections)


def tls_context(ca: str | None = None) -> ssl.SSLContext:
    """A verifying TLS context that trusts Mozilla's list, the system's store and ``ca``."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    if ca is None:
        return context
    before = context.cert_store_stats()["x509"]
    try:
        context.load_verify_locations(**({"capath": ca} if os.path.isdir(ca) else {"cafile": ca}))
    except (OSError, ssl.SSLError) as error:
        reason = "it holds no PEM certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise UsageError(f"CA file {ca}: {reason}") from None
    if os.path.isdir(ca) and context.cert_store_stats()["x509"] == before and not os.listdir(ca):
        raise UsageError(f"CA folder {ca}: it is empty")
    return context


def environment_proxy(url: str) -> str | None:
    """The proxy that the environment (HTTPS_PROXY, NO_PROXY and so on) names for a URL; none for this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in ("localhost", "::1") or host.startswith("127.") or urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")


def _proxy(url: str | None) -> httpcore.Proxy | None:
    if not url:
        return None
    text = url if "://" in url else f"http://{url}"
    try:
        parsed = httpx.URL(text)
    except httpx.InvalidURL:
        raise UsageError("proxy: it is not a URL") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise UsageError("proxy: it has to be http://host:port or https://host:port")
    auth = (parsed.username.encode(), parsed.password.encode()) if parsed.userinfo else None
    target = httpcore.URL(scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=b"/")
    return httpcore.Proxy(target, auth=auth)
