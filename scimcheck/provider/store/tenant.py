"""The resources of one tenant: tables by resource type, their indexes and the memberships, under one lock."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scimcheck.core.json import JSONObject
from scimcheck.provider.store.indexes import Index, IndexedPath
from scimcheck.provider.store.memberships import Memberships
from scimcheck.provider.store.records import Record


@dataclass(slots=True)
class Table:
    """The records of one resource type in order of creation, with their indexes."""

    indexes: dict[str, Index]
    records: dict[str, Record] = field(default_factory=dict)
    _snapshot: tuple[Record, ...] | None = None

    @classmethod
    def over(cls, paths: Iterable[IndexedPath]) -> Table:
        """An empty table with an index for each path."""
        return cls({path.key: Index(path) for path in paths})

    def put(self, record: Record, after: JSONObject | None, before: JSONObject | None) -> None:
        """Add the record, or let it take the place of the one with its id."""
        if before is None:
            known = self.records.get(record.id)
            before = known.attributes() if known else {}
        if after is None:
            after = record.attributes()
        for index in self.indexes.values():
            index.change(record.id, before, after)
        self.records[record.id] = record
        self._snapshot = None

    def touch(self, record: Record) -> None:
        """Let a record with unchanged attributes take the place of the one with its id."""
        self.records[record.id] = record
        self._snapshot = None

    def drop(self, record_id: str) -> Record | None:
        """Take the record out; ``None`` when there is none."""
        record = self.records.pop(record_id, None)
        if record is not None:
            attributes = record.attributes()
            for index in self.indexes.values():
                index.remove(record_id, index.path.keys(attributes))
            self._snapshot = None
        return record

    def snapshot(self) -> tuple[Record, ...]:
        """All records as they are now; the tuple stays valid whatever is written later."""
        if self._snapshot is None:
            self._snapshot = tuple(self.records.values())
        return self._snapshot


class TenantStore:
    """The resources of one tenant. Writers hold :attr:`lock` from reading to storing; readers need it for lists."""

    def __init__(self, indexed: Mapping[str, Sequence[IndexedPath]]) -> None:
        self.lock = threading.RLock()
        self.memberships = Memberships()
        self._tables = {name: Table.over(paths) for name, paths in indexed.items()}
        self._revision = 0
        self._number = 0

    def get(self, type_name: str, record_id: str) -> Record | None:
        """The record of that type and id, or ``None``."""
        return self._tables[type_name].records.get(record_id)

    def find(self, record_id: str) -> Record | None:
        """The record with that id, of whatever type; ids are unique across types (RFC 7643 §3.1)."""
        for table in self._tables.values():
            record = table.records.get(record_id)
            if record is not None:
                return record
        return None

    def put(self, record: Record, after: JSONObject | None = None, before: JSONObject | None = None) -> None:
        """Store the record under its type and id.

        ``after`` are its attributes and ``before`` those of the record that it replaces; who has them at hand spares
        unpacking them.
        """
        with self.lock:
            self._tables[record.type_name].put(record, after, before)

    def touch(self, record: Record) -> None:
        """Store a record whose attributes are those of the one it replaces."""
        with self.lock:
            self._tables[record.type_name].touch(record)

    def drop(self, record: Record) -> list[str]:
        """Delete the record and its memberships; returns the ids of the groups that it was a member of."""
        with self.lock:
            self._tables[record.type_name].drop(record.id)
            return self.memberships.forget(record.id)

    def snapshot(self, type_name: str) -> tuple[Record, ...]:
        """All records of the type, in order of creation."""
        with self.lock:
            return self._tables[type_name].snapshot()

    def count(self, type_name: str) -> int:
        """How many resources of that type there are."""
        return len(self._tables[type_name].records)

    def index(self, type_name: str, key: str) -> Index | None:
        """The index of a path in lower case, or ``None`` when the path has none."""
        return self._tables[type_name].indexes.get(key)

    def holders(self, type_name: str, key: str, text: str) -> list[Record]:
        """The records that hold the text at an indexed path."""
        with self.lock:
            table = self._tables[type_name]
            return [table.records[holder] for holder in table.indexes[key].holders(text)]

    def next_revision(self) -> int:
        """A number that no earlier version of any resource has."""
        with self.lock:
            self._revision += 1
            return self._revision

    def next_number(self) -> int:
        """A number for a new id; never given twice."""
        with self.lock:
            self._number += 1
            return self._number


class Store:
    """The tenants of a provider; a tenant comes into being when it is first asked for."""

    def __init__(self, indexed: Mapping[str, Sequence[IndexedPath]]) -> None:
        self._indexed = indexed
        self._tenants: dict[str, TenantStore] = {}
        self._lock = threading.Lock()

    def tenant(self, name: str) -> TenantStore:
        """The store of that tenant."""
        found = self._tenants.get(name)
        if found is None:
            with self._lock:
                found = self._tenants.setdefault(name, TenantStore(self._indexed))
        return found
