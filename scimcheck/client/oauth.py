"""OAuth 2.0 client credentials (RFC 6749 §4.4): fetches an access token and renews it before it expires."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx

from scimcheck.client.errors import TargetError, TokenRefused
from scimcheck.client.url import BaseUrl
from scimcheck.client.wire import Answer, WireFailure, perform
from scimcheck.core.errors import UsageError

#: Where the client's id and secret stand (RFC 6749 §2.3.1).
PLACEMENTS = ("header", "body")

_MAX_ANSWER = 1024 * 1024
#: Seconds before its expiry at which a token is renewed, at most a tenth of its lifetime.
_EARLY = 60.0
#: A token refused at this age in seconds, or younger, is not replaced: the next one would be refused as well.
_FRESH = 30.0


class ClientCredentials:
    """Bearer tokens from a token endpoint. Thread-safe; one token serves all threads.

    ``placement`` is ``header`` (HTTP Basic) or ``body``; ``extra`` goes into the form, such as ``audience``.
    Raises TokenRefused or TargetError from :meth:`header` when no token is to be had.
    """

    name = "Authorization"

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        *,
        transport: httpx.BaseTransport,
        scope: str = "",
        placement: str = "header",
        extra: Mapping[str, str] | None = None,
        timeout: float = 30.0,
    ) -> None:
        if placement not in PLACEMENTS:
            raise UsageError(f"OAuth client credentials: placement {placement!r} is none of {', '.join(PLACEMENTS)}")
        try:
            self._url = str(BaseUrl.parse(token_url))
        except UsageError as error:
            raise UsageError(f"OAuth token URL: {str(error).removeprefix('base URL: ')}") from None
        if token_url.partition("?")[0].endswith("/"):
            self._url = self._url.replace("?", "/?", 1) if "?" in self._url else self._url + "/"
        self._id = client_id
        self._secret = client_secret
        self._transport = transport
        self._scope = scope
        self._placement = placement
        self._extra = dict(extra or {})
        self._timeout = timeout
        self._lock = threading.Lock()
        self._token = ""
        self._fetched = 0.0
        self._renew_at = 0.0

    def header(self, now: float) -> str | None:
        """``Bearer`` and a token that has not expired at ``now``."""
        with self._lock:
            if not self._token or now >= self._renew_at:
                self._fetch(now)
            return f"Bearer {self._token}"

    def secrets(self) -> Iterable[tuple[str, str]]:
        """The client secret, its Basic form, and the current token."""
        return ((self._secret, "client-secret"), (self._basic(), "client-secret"), (self._token, "token"))

    def refused(self, now: float) -> bool:
        """Forget the token unless it is fresh: it was revoked, or lived shorter than announced."""
        with self._lock:
            if not self._token or now - self._fetched <= _FRESH:
                return False
            self._token = ""
            return True

    def _fetch(self, now: float) -> None:
        data = self._token_response(self._ask())
        self._token = str(data["access_token"])
        self._fetched = now
        lifetime = _seconds(data.get("expires_in"))
        self._renew_at = float("inf") if lifetime is None else now + lifetime - min(_EARLY, lifetime / 10)

    def _ask(self) -> Answer:
        form = {"grant_type": "client_credentials", **({"scope": self._scope} if self._scope else {}), **self._extra}
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        if self._placement == "body":
            form |= {"client_id": self._id, "client_secret": self._secret}
        else:
            headers["Authorization"] = f"Basic {self._basic()}"
        request = httpx.Request("POST", self._url, headers=headers, content=urlencode(form).encode("ascii"))
        try:
            return perform(self._transport, request, timeout=self._timeout, max_body=_MAX_ANSWER)
        except WireFailure as failure:
            raise TargetError(failure.kind, "POST", self._shown, f"token endpoint: {failure.reason}") from failure

    def _token_response(self, answer: Answer) -> dict[str, Any]:
        try:
            data = json.loads(answer.body)
        except (ValueError, RecursionError):
            data = None
        token = data.get("access_token") if isinstance(data, dict) else None
        usable = isinstance(token, str) and token and all("!" <= char <= "~" for char in token)
        if answer.status != 200 or not isinstance(data, dict) or not usable:
            raise TokenRefused("protocol", "POST", self._shown, _refusal(answer, data))
        kind = str(data.get("token_type", "Bearer"))
        if kind.lower() != "bearer":
            raise TokenRefused("protocol", "POST", self._shown, f"the token's type is {kind[:40]!r}, not Bearer")
        return data

    @property
    def _shown(self) -> str:
        return self._url.partition("?")[0]

    def _basic(self) -> str:
        pair = f"{quote_plus(self._id)}:{quote_plus(self._secret)}"
        return base64.b64encode(pair.encode("ascii")).decode("ascii")


def _seconds(value: Any) -> float | None:
    """``expires_in`` as a number; some servers send it as a string."""
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return None
    return seconds if 0 < seconds < float("inf") else None


def _refusal(answer: Answer, data: Any) -> str:
    """Why there is no token; of the body only the error code is quoted, as the rest may repeat secrets."""
    error = data.get("error") if isinstance(data, dict) else None
    code = f" {error}" if isinstance(error, str) and len(error) <= 60 else ""
    return f"the token endpoint gave no access token: {answer.status}{code}; check client id, secret and placement"
