"""A stored resource: its attributes as compact bytes, and what the provider knows beside them."""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from scimcheck.core.json import JSONObject

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Record:
    """One version of a resource; a change makes a new record, so whoever holds one sees a consistent state.

    ``data`` are the attributes that clients wrote (with ``schemas``, without ``id``, ``meta``, members and derived
    attributes), packed: a tenth of the memory of the same dictionary, and unpacking is also the fastest deep copy.
    ``created`` and ``modified`` are milliseconds since 1970 in UTC.
    """

    id: str
    type_name: str
    data: bytes
    created: int
    modified: int
    revision: int

    def attributes(self) -> JSONObject:
        """A fresh copy of the stored attributes."""
        unpacked: JSONObject = marshal.loads(self.data)
        return unpacked


def pack(attributes: JSONObject) -> bytes:
    """The attributes as bytes; equal for equal attributes in equal order."""
    return marshal.dumps(attributes, 2)


def to_milliseconds(instant: datetime) -> int:
    """Milliseconds since 1970 of an aware instant."""
    return (instant - _EPOCH) // _MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    """The inverse of :func:`to_milliseconds`."""
    return _EPOCH + milliseconds * _MILLISECOND
