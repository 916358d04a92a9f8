"""Requests to a target: one method per verb, every exchange recorded once and redacted before anybody sees it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Final

import httpx

from scimcheck.client import context
from scimcheck.client.auth import Credentials
from scimcheck.client.errors import TargetError
from scimcheck.client.exchange import Exchange
from scimcheck.client.journal import Journal
from scimcheck.client.outgoing import UNSET, Auth, default_headers, json_body, merge_headers, wire_request
from scimcheck.client.redact import Redactor, is_secret_header
from scimcheck.client.retry import Pace, wait_after_answer, wait_after_failure
from scimcheck.client.url import BaseUrl, Params
from scimcheck.client.wire import Answer, WireFailure, header_pairs, perform

#: Stands for the session's own credentials.
AUTH: Final = Auth()


@dataclass(frozen=True, slots=True)
class _Message:
    """A request that is ready but for its credentials."""

    method: str
    url: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    auth: Auth | str | None


class Session:
    """Speaks to one target. Safe to use from several threads.

    ``timeout`` bounds a whole request in seconds, ``rate`` is requests per second, ``retries`` bounds repetitions of
    one request, ``max_body`` is in bytes. ``headers`` are sent with every request. ``before_send`` holds guards: each
    is called with method and path (relative to the base) and may raise to keep the request from being sent.
    """

    def __init__(
        self,
        base: BaseUrl,
        credentials: Credentials,
        transport: httpx.BaseTransport,
        *,
        journal: Journal | None = None,
        redactor: Redactor | None = None,
        timeout: float = 30.0,
        rate: float | None = None,
        retries: int = 3,
        headers: Sequence[tuple[str, str]] = (),
        id_prefix: str = "",
        max_body: int = 10 * 1024 * 1024,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.base = base
        self.credentials = credentials
        self.transport = transport
        self.journal = Journal() if journal is None else journal
        self.redactor = Redactor() if redactor is None else redactor
        self.before_send: list[Callable[[str, str], None]] = []
        self._timeout = timeout
        self._retries = retries
        self._headers = merge_headers(default_headers(), dict(headers))
        for name, value in headers:
            if is_secret_header(name):
                self.redactor.add_secret(value, "header")
        self._id_prefix = id_prefix
        self._max_body = max_body
        self._sleep = sleep
        self._clock = clock
        self._pace = Pace(rate, sleep=sleep)
        self._learn(credentials)

    def derive(
        self, *, base: BaseUrl | None = None, credentials: Credentials | None = None, retries: int | None = None
    ) -> Session:
        """A session with another base URL, credentials or retries; all else, guards and rate too, is shared."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.base = base or self.base
        other.credentials = credentials or self.credentials
        other._retries = self._retries if retries is None else retries
        other._learn(other.credentials)
        return other

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params = None,
        json: Any = UNSET,
        content: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
        auth: Auth | str | None = AUTH,
        raw_target: bool = False,
    ) -> Exchange:
        """Send a request and return the recorded, redacted exchange; redirects are returned, never followed.

        ``path`` is relative to the base, or an absolute URL of the same origin (ForeignOrigin otherwise). ``params``
        as text is a raw query. A header value of ``None`` leaves a default header out. ``auth`` may be ``None`` or the
        text of another Authorization header. With ``raw_target`` path and query go out without any encoding.
        Raises TargetError when no usable answer comes.
        """
        url = self.base.resolve(self.redactor.restore(path), params, exact=raw_target)
        relative = self.base.relative(url)
        shown = relative if relative is not None else url.partition("?")[0]
        for guard in tuple(self.before_send):
            guard(method, shown)
        if auth is AUTH and headers and _named(headers, self.credentials.name):
            auth = None  # the caller sets that header, or leaves it out
        body = content if json is UNSET else self.redactor.restore(json_body(json)).encode("utf-8")
        merged = merge_headers(self._headers, {} if body is None else {"Content-Type": "application/scim+json"})
        return self._deliver(
            _Message(method, url, shown, tuple(merge_headers(merged, headers or {}).items()), body, auth)
        )

    def get(self, path: str, **options: Any) -> Exchange:
        """GET; options as for :meth:`request`."""
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = UNSET, **options: Any) -> Exchange:
        """POST ``json``; options as for :meth:`request`."""
        return self.request("POST", path, json=json, **options)

    def put(self, path: str, json: Any = UNSET, **options: Any) -> Exchange:
        """PUT ``json``; options as for :meth:`request`."""
        return self.request("PUT", path, json=json, **options)

    def patch(self, path: str, json: Any = UNSET, **options: Any) -> Exchange:
        """PATCH with the message ``json``; options as for :meth:`request`."""
        return self.request("PATCH", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> Exchange:
        """DELETE; options as for :meth:`request`."""
        return self.request("DELETE", path, **options)

    def head(self, path: str, **options: Any) -> Exchange:
        """HEAD; options as for :meth:`request`."""
        return self.request("HEAD", path, **options)

    def options(self, path: str, **options: Any) -> Exchange:
        """OPTIONS; options as for :meth:`request`."""
        return self.request("OPTIONS", path, **options)

    def purpose(self, name: str) -> AbstractContextManager[None]:
        """Stamp the exchanges sent inside with that purpose, one of PURPOSES."""
        return context.purpose(name)

    def check(self, name: str) -> AbstractContextManager[None]:
        """Stamp the exchanges sent inside with that check's name."""
        return context.check(name)

    def close(self) -> None:
        """Close the transport's connections."""
        self.transport.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _deliver(self, message: _Message) -> Exchange:
        """Send until an answer stands; every answer on the way is recorded."""
        attempt = 0
        while True:
            self._pace.wait()
            started = self._clock()
            request = self._with_credentials(message, started)
            try:
                answer = perform(self.transport, request, timeout=self._timeout, max_body=self._max_body)
            except WireFailure as failure:
                wait = wait_after_failure(message.method, failure, attempt)
                if wait is None or attempt >= self._retries:
                    raise self._target_error(message, request, failure, started, attempt) from failure
            else:
                wait = self._wait(message, answer, attempt) if attempt < self._retries else None
                exchange = self._exchange(message, request, answer, started, attempt, repeated=wait is not None)
                self.journal.append(exchange)
                if wait is None:
                    return exchange
            attempt += 1
            if wait:
                self._sleep(wait)

    def _wait(self, message: _Message, answer: Answer, attempt: int) -> float | None:
        if answer.status == 401 and message.auth is AUTH and self.credentials.refused(self._clock()):
            return 0.0
        return wait_after_answer(answer, attempt, self._clock())

    def _with_credentials(self, message: _Message, now: float) -> httpx.Request:
        headers = dict(message.headers)
        if isinstance(message.auth, str):
            headers = merge_headers(headers, {"Authorization": message.auth})
        elif message.auth is not None:
            try:
                value = self.credentials.header(now)
            finally:
                self._learn(self.credentials)
            headers = merge_headers(headers, {self.credentials.name: value})
        return wire_request(message.method, message.url, headers, message.body)

    def _learn(self, credentials: Credentials) -> None:
        """Make what is secret about the credentials known to the redactor."""
        if credentials.name.lower() != "authorization":
            self.redactor.add_header(credentials.name)
        for value, label in credentials.secrets():
            self.redactor.add_secret(value, label)

    def _exchange(
        self, message: _Message, request: httpx.Request, answer: Answer, started: float, attempt: int, *, repeated: bool
    ) -> Exchange:
        redactor = self.redactor
        purpose, check = context.current()
        return Exchange(
            id=self.journal.next_id(self._id_prefix),
            method=message.method,
            url=redactor.url(message.url),
            path=redactor.url(message.path),
            query=redactor.query(message.url.partition("?")[2]),
            request_headers=redactor.headers(header_pairs(request.headers)),
            request_body=redactor.body(message.body or b""),
            status=answer.status,
            reason=redactor.text(answer.reason),
            response_headers=redactor.headers(answer.headers),
            response_body=redactor.body(answer.body),
            started=datetime.fromtimestamp(started, timezone.utc).isoformat(timespec="milliseconds"),
            elapsed=answer.elapsed,
            purpose="retry" if repeated else purpose,
            check=check,
            retries=attempt,
        )

    def _target_error(
        self, message: _Message, request: httpx.Request, failure: WireFailure, started: float, attempt: int
    ) -> TargetError:
        partial = failure.answer
        exchange = self._exchange(message, request, partial, started, attempt, repeated=False) if partial else None
        url, reason = self.redactor.url(message.url), self.redactor.text(failure.reason)
        return TargetError(failure.kind, message.method, url, reason, exchange)


def _named(headers: Mapping[str, str | None], name: str) -> bool:
    return any(key.lower() == name.lower() for key in headers)
