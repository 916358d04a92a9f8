"""New resources that a check only looked at: the next one may have them as its own, which saves their creation."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING
from urllib.parse import unquote

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON
from scimcheck.core.schema import ResourceModel

if TYPE_CHECKING:
    from scimcheck.harness.target import Resource


class Spares:
    """Plain resources of the run, as long as nobody has written to them or named them in a request that writes.

    Each belongs to the check that has it now; another check may take it over when it is as new.
    """

    def __init__(self) -> None:
        self._plain: dict[str, Resource] = {}
        self._owners: dict[str, str] = {}

    def offer(self, resource: Resource, check: str) -> None:
        """Remember a new resource of that check's; one that no check made is somebody's to keep."""
        if check:
            self._plain[resource.path] = _copy(resource)
            self._owners[resource.path] = check

    def take(self, model: ResourceModel, check: str) -> Resource | None:
        """A resource of the type that is as new and that an earlier check had."""
        for path, owner in self._owners.items():
            if check and owner != check and self._plain[path].model.name == model.name:
                self._owners[path] = check
                return _copy(self._plain[path])
        return None

    def unchanged(self, resource: Resource, shown: JSON, check: str) -> None:
        """Take it for new again when a GET shows it as its creation did, although there were requests to change it."""
        if resource.path in self._plain and shown == resource.exchange.json:
            self._owners[resource.path] = check

    def watch(self, exchange: Exchange) -> None:
        """Listen to every exchange: what is written to, or named in what is written, is not new any more."""
        if exchange.method not in ("POST", "PUT", "PATCH", "DELETE") or exchange.path.endswith("/.search"):
            return
        path, body = unquote(exchange.path), exchange.request_body.decode("utf-8", "replace")
        for known in list(self._owners):
            if path.startswith(unquote(known)) or self._plain[known].id in body:
                del self._owners[known]


def _copy(resource: Resource) -> Resource:
    made = copy.copy(resource)
    made.body, made.sent = copy.deepcopy(resource.body), copy.deepcopy(resource.sent)
    return made
