"""Reading the facts out of an error text: status, method, resource, error codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from scimcheck.entra.errors import ErrorCode, error_codes

_STATUS = re.compile(
    r"Status ?Code:? *<?(?P<name>[A-Za-z]+|\d{3})"
    r"|\bHTTP(?:/[\d.]+)?[ /](?P<http>[1-5]\d\d)\b"
    r"|\bstatus\b\W{1,5}(?P<number>[1-5]\d\d)\b",
    re.IGNORECASE,
)
_METHOD = re.compile(r"\bOperation: ?(GET|POST|PUT|PATCH|DELETE)\b", re.IGNORECASE)
_SCIM_TYPE = re.compile(r"\bscimType\b\W{1,6}(\w+)", re.IGNORECASE)
_PROBE = re.compile(
    r"CredentialValidation|validate our authorization|testing (the )?connection|entered invalid credentials"
    r"|rather than the expected HTTP/200",
    re.IGNORECASE,
)
_HTML = re.compile(r"<!doctype html|<html|<h1|<body", re.IGNORECASE)
_SEARCH = re.compile(r"[?&] ?filter=", re.IGNORECASE)
# .NET names a status by its phrase without blanks: Unauthorized, InternalServerError.
_STATUS_NAMES = {name.replace("_", "").lower(): int(status) for name, status in HTTPStatus.__members__.items()}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an error text tells. ``text`` is the text with every run of blanks and line breaks made one blank."""

    text: str
    status: int | None
    method: str | None
    scim_type: str | None
    codes: tuple[ErrorCode, ...]
    is_probe: bool
    is_search: bool
    is_html: bool


def read_evidence(text: str) -> Evidence:
    """The facts of an error text, which line breaks may have been forced upon."""
    flat = " ".join(text.split())
    method, scim_type = _METHOD.search(flat), _SCIM_TYPE.search(flat)
    return Evidence(
        text=flat,
        status=_status(flat),
        method=method.group(1).upper() if method else None,
        scim_type=scim_type.group(1) if scim_type else None,
        codes=tuple(_codes(flat)),
        is_probe=_PROBE.search(flat) is not None,
        is_search=_SEARCH.search(flat) is not None,
        is_html=_HTML.search(flat) is not None,
    )


def _status(text: str) -> int | None:
    for match in _STATUS.finditer(text):
        found = match.group("name") or match.group("http") or match.group("number")
        number = int(found) if found.isdigit() else _STATUS_NAMES.get(found.lower())
        if number is not None:
            return number
    return None


def _codes(text: str) -> Iterator[ErrorCode]:
    """The error codes in the text; one that is an everyday word counts only where a code is announced."""
    for name, code in error_codes().items():
        everyday = len(re.findall("[A-Z]", name)) == 1
        announced = rf"\b(?:error ?code|result)\W{{1,6}}{name}\b|^{name}$"
        if re.search(announced if everyday else rf"\b{name}\b", text, re.IGNORECASE if everyday else 0):
            yield code
