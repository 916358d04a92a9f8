"""Protocol messages: list responses and search requests (RFC 7644 §3.4.2, §3.4.3, RFC 9865 §2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from scimcheck.core import urns
from scimcheck.core.errors import InvalidSyntax, InvalidValue
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member


def list_response(
    resources: Iterable[JSONObject] | None,
    total: int | None,
    start_index: int | None = None,
    items_per_page: int | None = None,
    **extra: Any,
) -> JSONObject:
    """A ListResponse. What is ``None`` is left out; ``extra`` holds further members such as ``nextCursor``."""
    body: JSONObject = {"schemas": [urns.LIST_RESPONSE]}
    members = {
        "totalResults": total,
        "startIndex": start_index,
        "itemsPerPage": items_per_page,
        "Resources": None if resources is None else list(resources),
        **extra,
    }
    body.update((name, value) for name, value in members.items() if value is not None)
    return body


def require_schema(body: JSON, urn: str, what: str) -> JSONObject:
    """``body`` as an object that ``schemas`` identifies as the message ``urn``; raises ``InvalidSyntax``."""
    if not isinstance(body, dict):
        raise InvalidSyntax(f"{what} must be a JSON object")
    listed = member(body, "schemas")
    if not isinstance(listed, list) or urn.lower() not in (str(item).lower() for item in listed):
        raise InvalidSyntax(f"schemas must contain {urn}")
    return body


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """The parameters of a query, from the URL or from the body of ``/.search``; ``None`` is what was not given.

    ``start_index`` and ``count`` stand as sent, without the limits of RFC 7644 §3.4.2.4; ``sort_order`` is
    ``ascending`` or ``descending``. An empty ``cursor`` asks for the first page (RFC 9865 §2).
    """

    attributes: tuple[str, ...] | None = None
    excluded_attributes: tuple[str, ...] | None = None
    filter: str | None = None
    sort_by: str | None = None
    sort_order: str | None = None
    start_index: int | None = None
    count: int | None = None
    cursor: str | None = None

    @property
    def descending(self) -> bool:
        """Whether the order is descending."""
        return self.sort_order == "descending"

    @classmethod
    def from_query(cls, query: str) -> SearchRequest:
        """Read a raw query string; unknown parameters are ignored, and of a repeated one the first counts.

        Raises ``InvalidValue`` for a number or a sort order that is none, and for text that is not UTF-8.
        """
        if not query:
            return _NOTHING_ASKED
        try:
            pairs = [_pair(part) for part in query.split("&") if part]
        except UnicodeDecodeError as error:
            raise InvalidValue(f"the query string cannot be decoded: {error}") from None
        given = dict(reversed(pairs))
        return cls(
            attributes=_names(pairs, "attributes"),
            excluded_attributes=_names(pairs, "excludedAttributes"),
            filter=given.get("filter"),
            sort_by=given.get("sortBy") or None,
            sort_order=_sort_order(given.get("sortOrder") or None),
            start_index=_number("startIndex", given.get("startIndex") or None),
            count=_number("count", given.get("count") or None),
            cursor=given.get("cursor"),
        )

    @classmethod
    def from_json(cls, body: JSON) -> SearchRequest:
        """Read a SearchRequest message; unknown members are ignored, ``null`` counts as absent.

        Raises ``InvalidSyntax`` when it is no SearchRequest or a member has the wrong type, ``InvalidValue`` for a sort
        order that is none.
        """
        message = require_schema(body, urns.SEARCH_REQUEST, "a search request")
        return cls(
            attributes=_string_list(message, "attributes"),
            excluded_attributes=_string_list(message, "excludedAttributes"),
            filter=_string(message, "filter"),
            sort_by=_string(message, "sortBy") or None,
            sort_order=_sort_order(_string(message, "sortOrder") or None),
            start_index=_integer(message, "startIndex"),
            count=_integer(message, "count"),
            cursor=_string(message, "cursor"),
        )


_NOTHING_ASKED = SearchRequest()


def _pair(part: str) -> tuple[str, str]:
    """Name and value of a parameter in a query string; raises UnicodeDecodeError."""
    name, _, value = part.partition("=")
    return _decoded(name), _decoded(value)


def _decoded(text: str) -> str:
    text = text.replace("+", " ")
    return unquote_to_bytes(text).decode("utf-8") if "%" in text else text


def _names(pairs: Sequence[tuple[str, str]], parameter: str) -> tuple[str, ...] | None:
    """Attribute names out of the comma-separated lists of a parameter; ``None`` when there is not one."""
    return _listed(value for name, value in pairs if name == parameter)


def _listed(values: Iterable[str]) -> tuple[str, ...] | None:
    names = (name.strip() for value in values for name in value.split(","))
    return tuple(name for name in names if name) or None


def _number(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    stripped = text.strip()
    digits = stripped[1:] if stripped[:1] in ("-", "+") else stripped
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise InvalidValue(f"{name} must be an integer, not {text!r}")
    return int(stripped)


def _sort_order(text: str | None) -> str | None:
    if text is None or text.lower() in ("ascending", "descending"):
        return text.lower() if text else None
    raise InvalidValue(f"sortOrder must be ascending or descending, not {text!r}")


def _string(message: JSONObject, name: str) -> str | None:
    value = member(message, name)
    if value is None or isinstance(value, str):
        return value
    raise InvalidSyntax(f"{name} must be a string")


def _integer(message: JSONObject, name: str) -> int | None:
    value = member(message, name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise InvalidSyntax(f"{name} must be an integer")


def _string_list(message: JSONObject, name: str) -> tuple[str, ...] | None:
    value = member(message, name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidSyntax(f"{name} must be an array of strings")
    return _listed(value)
