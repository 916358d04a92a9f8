"""Requests whose answer holds a secret that is needed afterwards: tokens of token endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from scimcheck.client.auth import NoAuth
from scimcheck.client.errors import TargetError
from scimcheck.client.exchange import Exchange
from scimcheck.client.journal import Journal
from scimcheck.client.redact import Redactor
from scimcheck.client.session import Session
from scimcheck.client.url import BaseUrl
from scimcheck.core.json import JSON, JSONObject

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class _NothingHidden(Redactor):
    """Leaves everything as it is, for an exchange that nobody stores."""

    def text(self, text: str) -> str:
        """The text."""
        return text

    def url(self, url: str) -> str:
        """The URL."""
        return url

    def query(self, query: str) -> str:
        """The query."""
        return query

    def headers(self, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """The headers."""
        return tuple(pairs)

    def body(self, data: bytes) -> bytes:
        """The body."""
        return data


def post_form(session: Session, url: str, form: Mapping[str, str]) -> tuple[Exchange, JSONObject]:
    """POST a form to a token endpoint: the exchange as it is recorded, redacted, and the answer as it came."""
    return _post(session, url, _FORM, content=urlencode(form).encode("ascii"))


def post_json(session: Session, url: str, body: JSON, token: str = "") -> tuple[Exchange, JSONObject]:
    """POST JSON to a token endpoint, with a bearer token where there is one; returns as :func:`post_form`."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return _post(session, url, headers, json=body)


def _post(session: Session, url: str, headers: Mapping[str, str], **content: Any) -> tuple[Exchange, JSONObject]:
    aside = session.derive(base=BaseUrl.parse(url), credentials=NoAuth())
    aside.journal, aside.redactor = Journal(), _NothingHidden()
    known = session.redactor
    try:
        answer = aside.request("POST", "", headers=headers, auth=None, **content)
    except TargetError as error:
        # What is left of the exchange was hidden from nobody.
        raise TargetError(error.kind, error.method, known.url(error.url), known.text(error.reason)) from None
    for name in ("access_token", "accessToken", "id_token"):
        if isinstance(answer.body.get(name), str):
            known.add_secret(answer.body[name], "token")
    shown = replace(
        answer,
        id=session.journal.next_id(session._id_prefix),
        url=known.url(answer.url),
        path=known.url(answer.path),
        request_headers=known.headers(answer.request_headers),
        request_body=known.body(answer.request_body),
        response_headers=known.headers(answer.response_headers),
        response_body=known.body(answer.response_body),
        _parsed=[],
    )
    session.journal.append(shown)
    return shown, answer.body
