"""One request and its response, recorded, redacted and frozen: the evidence every judgement rests on."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scimcheck.core.json import JSON, JSONObject

#: Why an exchange took place; rules may leave out what a purpose makes meaningless. ``retry`` marks an answer that
#: asked for another attempt (429, 503, an expired token); the attempt that counts is an exchange of its own.
PURPOSES = ("check", "set-up", "clean-up", "discovery", "preflight", "probe", "census", "retry")

_UNREAD = object()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its response as they went over the wire, secrets replaced by ``[redacted…]``.

    ``id`` is unique in the run (worker prefix and counter). ``path`` is the request's path relative to the base URL
    (``/Users/42``), without query. Header names are lower-case; repeated headers are separate pairs. ``elapsed`` is
    in seconds.
    """

    id: str
    method: str
    url: str
    path: str
    query: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    status: int
    reason: str
    response_headers: tuple[tuple[str, str], ...]
    response_body: bytes
    started: str
    elapsed: float
    purpose: str = "check"
    check: str = ""
    retries: int = 0
    _parsed: list[Any] = field(default_factory=list, repr=False, compare=False)

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def header(self, name: str) -> str | None:
        """The first response header of that name, in any letter case."""
        values = self.headers(name)
        return values[0] if values else None

    def headers(self, name: str) -> list[str]:
        """All response headers of that name."""
        wanted = name.lower()
        return [value for key, value in self.response_headers if key == wanted]

    def request_header(self, name: str) -> str | None:
        """The first request header of that name."""
        wanted = name.lower()
        return next((value for key, value in self.request_headers if key == wanted), None)

    @property
    def media_type(self) -> str:
        """The response's media type in lower case without parameters; empty without Content-Type."""
        return (self.header("content-type") or "").split(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The response body as text; what is not UTF-8 is replaced."""
        return self.response_body.decode("utf-8", "replace")

    @property
    def json(self) -> JSON:
        """The response body as JSON, or ``None`` when it is empty or not JSON (see :attr:`is_json`)."""
        if not self._parsed:
            self._parsed.append(_load(self.response_body))
        parsed = self._parsed[0]
        return None if parsed is _UNREAD else parsed

    @property
    def is_json(self) -> bool:
        """Whether the response body is well-formed JSON in UTF-8."""
        if not self._parsed:
            self._parsed.append(_load(self.response_body))
        return self._parsed[0] is not _UNREAD

    @property
    def body(self) -> JSONObject:
        """The response body as a JSON object; an empty one when it is anything else."""
        value = self.json
        return value if isinstance(value, dict) else {}

    @property
    def resources(self) -> list[JSONObject]:
        """The objects in ``Resources`` of a ListResponse; empty when there are none."""
        value = self.body.get("Resources")
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []

    @property
    def request_json(self) -> JSON:
        """The request body as JSON, or ``None``."""
        value = _load(self.request_body)
        return None if value is _UNREAD else value

    @property
    def scim_type(self) -> str | None:
        """``scimType`` of an error body, or ``None``."""
        value = self.body.get("scimType")
        return value if isinstance(value, str) else None

    def summary(self) -> str:
        """One line, such as ``PATCH /Users/42 → 400 invalidPath``."""
        target = self.path + (f"?{self.query}" if self.query else "")
        return f"{self.method} {target} → {self.status}" + (f" {self.scim_type}" if self.scim_type else "")

    def to_json(self) -> JSONObject:
        """The exchange as a JSON object, bodies as text where they are UTF-8 and base64 otherwise."""
        return {
            "id": self.id,
            "method": self.method,
            "url": self.url,
            "path": self.path,
            "query": self.query,
            "requestHeaders": [list(pair) for pair in self.request_headers],
            "requestBody": _dump(self.request_body),
            "status": self.status,
            "reason": self.reason,
            "responseHeaders": [list(pair) for pair in self.response_headers],
            "responseBody": _dump(self.response_body),
            "started": self.started,
            "elapsed": self.elapsed,
            "purpose": self.purpose,
            "check": self.check,
            "retries": self.retries,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Exchange:
        """The inverse of :meth:`to_json`."""
        return cls(
            id=data["id"],
            method=data["method"],
            url=data["url"],
            path=data["path"],
            query=data["query"],
            request_headers=tuple((k, v) for k, v in data["requestHeaders"]),
            request_body=_undump(data["requestBody"]),
            status=data["status"],
            reason=data["reason"],
            response_headers=tuple((k, v) for k, v in data["responseHeaders"]),
            response_body=_undump(data["responseBody"]),
            started=data["started"],
            elapsed=data["elapsed"],
            purpose=data["purpose"],
            check=data["check"],
            retries=data["retries"],
        )


def _load(body: bytes) -> Any:
    if not body.strip():
        return _UNREAD
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return _UNREAD


def _dump(body: bytes) -> JSON:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


def _undump(value: Any) -> bytes:
    if isinstance(value, dict):
        return base64.b64decode(value["base64"])
    return str(value).encode("utf-8")
