"""Pages by cursor (RFC 9865).

A cursor is stateless: a position, sealed so that it can be neither read nor forged, and bound to the query, the
endpoint and the tenant that it was given for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from scimcheck.core.errors import ScimError
from scimcheck.core.json import JSONObject
from scimcheck.core.messages import list_response
from scimcheck.provider.context import Context
from scimcheck.provider.store import Record

_FIELDS = struct.Struct(">QQQ")
_NONCE = _SEAL = 12


class InvalidCursor(ScimError):
    """The cursor was not given out for this query (RFC 9865 §2.1)."""

    scim_type = "invalidCursor"


class ExpiredCursor(ScimError):
    """The cursor is past its lifetime (RFC 9865 §2.1)."""

    scim_type = "expiredCursor"


class InvalidCount(ScimError):
    """The count is too large, or not that of the first page (RFC 9865 §2.1)."""

    scim_type = "invalidCount"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins, from 0, how many resources it holds at most, and until when (epoch seconds) it is served."""

    offset: int
    size: int
    expires: int


def is_cursor_paged(ctx: Context) -> bool:
    """Whether the request is paged by cursor: because it has one, or because that is the default (RFC 9865 §2.4)."""
    if not ctx.settings.cursor_supported:
        return False
    if ctx.query.cursor is not None or not ctx.settings.index_supported:
        return True
    return ctx.settings.default_pagination == "cursor" and ctx.query.start_index is None


def cursor_page(ctx: Context, records: Sequence[Record]) -> tuple[list[Record], JSONObject]:
    """The records of the page that the request asks for, and the cursors of its neighbours."""
    now = int(ctx.ops.now(ctx).timestamp())
    position = _requested_position(ctx, now)
    shown = list(records[position.offset : position.offset + position.size])
    expires = now + ctx.settings.cursor_timeout
    cursors: JSONObject = {}
    following = position.offset + len(shown)
    if shown and following < len(records):
        cursors["nextCursor"] = seal(ctx, Position(following, position.size, expires))
    if position.offset > 0:
        before = Position(max(position.offset - position.size, 0), position.size, expires)
        cursors["previousCursor"] = seal(ctx, before)
    return shown, cursors


def cursor_body(resources: list[JSONObject], total: int, cursors: JSONObject) -> JSONObject:
    """The ListResponse of a page."""
    return list_response(resources, total, None, len(resources), **cursors)


def _requested_position(ctx: Context, now: int) -> Position:
    count = ctx.query.count
    if count is not None and count > ctx.settings.max_results:
        raise InvalidCount(f"count is {ctx.settings.max_results} at most")
    size = ctx.settings.default_page_size if count is None else max(count, 0)
    if not ctx.query.cursor:
        return Position(0, min(size, ctx.settings.max_results), now + ctx.settings.cursor_timeout)
    position = unseal(ctx, ctx.query.cursor)
    if now > position.expires:
        raise ExpiredCursor("the cursor has expired; begin again with the first page")
    if count is not None and max(count, 0) != position.size:
        raise InvalidCount(f"count was {position.size} on the first page")
    return position


def seal(ctx: Context, position: Position) -> str:
    """A position as a cursor: letters, digits, ``-`` and ``_`` only."""
    nonce = secrets.token_bytes(_NONCE)
    plain = _FIELDS.pack(position.offset, position.size, position.expires)
    hidden = _mask(ctx, nonce, plain)
    sealed = nonce + hidden + _signature(ctx, nonce + hidden)
    return base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")


def unseal(ctx: Context, cursor: str) -> Position:
    """The position in a cursor; raises InvalidCursor when it was not given out for this query."""
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        sealed = b""
    nonce, hidden, signature = sealed[:_NONCE], sealed[_NONCE:-_SEAL], sealed[-_SEAL:]
    genuine = len(hidden) == _FIELDS.size and hmac.compare_digest(signature, _signature(ctx, nonce + hidden))
    if not genuine:
        raise InvalidCursor("the cursor does not belong to this query")
    return Position(*_FIELDS.unpack(_mask(ctx, nonce, hidden)))


def _mask(ctx: Context, nonce: bytes, text: bytes) -> bytes:
    stream = hmac.digest(ctx.provider.secret, b"mask" + nonce, "sha256")
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))


def _signature(ctx: Context, text: bytes) -> bytes:
    query = ctx.query
    bound = (
        ctx.token.tenant if ctx.token else "",
        ctx.shape.name if ctx.shape else "",
        query.filter,
        query.sort_by,
        query.descending,
        query.attributes,
        query.excluded_attributes,
    )
    digest = hashlib.sha256(repr(bound).encode("utf-8", "surrogatepass")).digest()
    return hmac.digest(ctx.provider.secret, b"seal" + digest + text, "sha256")[:_SEAL]
