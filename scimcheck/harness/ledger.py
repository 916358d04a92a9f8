"""What this run created: watched on the wire, written down for a crash, deleted at the end; all else is guarded."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON, JSONObject


class ForeignWrite(Exception):
    """A check tried to write to a resource the run did not create: an error of ours, stopped before it went out."""


class Ledger:
    """Knows every resource the run created, by path (``/Users/42``), in order of creation.

    ``file`` receives one JSON line for each creation and deletion, so that an interrupted run can be cleaned up
    later. ``endpoints`` are the resource types' endpoints.
    """

    def __init__(self, endpoints: Iterable[str], file: Path | None = None) -> None:
        self._endpoints = sorted(endpoints, key=len, reverse=True)
        self._file = file
        self._alive: dict[str, None] = {}
        self._minted: set[str] = set()
        self._lock = threading.Lock()
        self.created = 0
        self.deleted = 0

    def watch(self, exchange: Exchange) -> None:
        """Listen to every exchange: note creations, deletions and the items of bulk responses."""
        if exchange.method == "POST" and exchange.ok and exchange.status != 202:
            for path in self._created_by(exchange):
                self._note(path)
        elif exchange.method == "DELETE" and exchange.status in (200, 202, 204):
            self._forget(exchange.path)

    def guard(self, method: str, path: str) -> None:
        """Refuse a PUT, PATCH or DELETE to a resource that is not ours and not an id minted by this run."""
        if method not in ("PUT", "PATCH", "DELETE"):
            return
        found = self._split(path)
        if found is None or not found[1]:
            return
        normal = unquote(path)
        if normal not in self._alive and normal not in self._minted:
            raise ForeignWrite(f"{method} {path}: this run did not create that resource")

    def mint(self, endpoint: str, identifier: str) -> str:
        """Register an id that names no resource, so that a check may write to it; returns its path."""
        path = f"{endpoint}/{identifier}"
        self._minted.add(unquote(path))
        return path

    def example(self, endpoint: str) -> str | None:
        """An id of that endpoint that the target gave out in this run; ``None`` before the first."""
        head = f"{endpoint}/"
        return next((path[len(head) :] for path in self._alive if path.startswith(head)), None)

    @property
    def alive(self) -> list[str]:
        """Paths of what exists still, the youngest first: groups go before the users they hold."""
        return list(reversed(self._alive))

    def adopt(self, path: str) -> None:
        """Take a resource into the ledger that carries the run's prefix but was not announced (a refused create)."""
        self._note(path)

    def gone(self, path: str) -> None:
        """Note that a resource does not exist any more."""
        self._forget(path)

    def close(self) -> None:
        """Remove the file when nothing is left; keep it for a later clean-up otherwise."""
        if self._file and not self._alive and self._file.exists():
            self._file.unlink()

    def _created_by(self, exchange: Exchange) -> list[str]:
        path = unquote(exchange.path).rstrip("/")
        if path == "/Bulk":
            return [p for p in map(self._path_of, _bulk_locations(exchange.json)) if p]
        found = self._split(path)
        if found is None or found[1]:
            return []
        identifier = identifier_of(exchange)
        return [f"{found[0]}/{identifier}"] if identifier else []

    def _path_of(self, location: str) -> str | None:
        for endpoint in self._endpoints:
            head, found, tail = location.rpartition(f"{endpoint}/")
            if found and tail and (head == "" or "://" in head or head.startswith("/")):
                return f"{endpoint}/{unquote(tail)}"
        return None

    def _split(self, path: str) -> tuple[str, str] | None:
        clean = unquote(path)
        for endpoint in self._endpoints:
            if clean == endpoint or clean.startswith(endpoint + "/"):
                rest = clean[len(endpoint) + 1 :].strip("/")
                return None if rest == ".search" else (endpoint, rest)
        return None

    def _note(self, path: str) -> None:
        with self._lock:
            if path not in self._alive:
                self._alive[path] = None
                self.created += 1
                self._write({"created": path})

    def _forget(self, path: str) -> None:
        with self._lock:
            clean = unquote(path)
            if clean in self._alive:
                del self._alive[clean]
                self._minted.add(clean)
                self.deleted += 1
                self._write({"deleted": clean})

    def _write(self, line: JSONObject) -> None:
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


def identifier_of(exchange: Exchange) -> str:
    """The id of the resource that a response shows: from the body, from a wrapped body, or from Location."""
    body = exchange.body
    if "id" not in body and exchange.resources:
        body = exchange.resources[0]
    if isinstance(body.get("id"), (str, int)) and not isinstance(body.get("id"), bool):
        return str(body["id"])
    location = (exchange.header("location") or "").split("?")[0].rstrip("/")
    return unquote(location.rpartition("/")[2]) if location else ""


def _bulk_locations(body: JSON) -> list[str]:
    operations = body.get("Operations") if isinstance(body, dict) else None
    if not isinstance(operations, list):
        return []
    return [
        str(item["location"])
        for item in operations
        if isinstance(item, dict) and str(item.get("method", "")).upper() == "POST" and item.get("location")
    ]


def read_ledger(file: Path) -> list[str]:
    """Paths that an interrupted run left behind, the youngest first."""
    alive: dict[str, None] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "created" in entry:
            alive[entry["created"]] = None
        else:
            alive.pop(entry.get("deleted", ""), None)
    return list(reversed(alive))
