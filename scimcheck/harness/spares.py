"""Resources that earlier checks had and need no more: the next check may have them, which saves a creation.

Some are as new. Others have changed, but a GET after the last change showed what they are like, and the check that
changed them found no fault.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes

if TYPE_CHECKING:
    from scimcheck.harness.target import Resource

#: Says of a representation whether it is what a check needs.
Fits = Callable[[JSONObject], bool]


@dataclass(slots=True)
class _Known:
    """A resource of the run, with the check that has it. ``shown`` is the GET that tells what it is like now."""

    resource: Resource
    owner: str
    plain: bool
    new: bool = True
    free: bool = False
    shown: Exchange | None = None


class Spares:
    """Resources of checks, as long as they exist and no check keeps them for itself.

    Each belongs to the check that has it now. Another check may take it over as new when nobody has written to it or
    named it in a request that writes; or in the state that a GET showed last, once its check has ended well.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def offer(self, resource: Resource, check: str, *, plain: bool = True) -> None:
        """Remember a new resource of that check's; one that no check made is somebody's to keep.

        ``plain`` ones have nothing special about them, so that they may be taken over as new.
        """
        if check:
            self._known[unquote(resource.path)] = _Known(_copy(resource), check, plain, new=plain)

    def withhold(self, *resources: Resource) -> None:
        """Let nobody take them over: somebody keeps them beyond a check."""
        for resource in resources:
            self._known.pop(unquote(resource.path), None)

    def end(self, check: str, *, well: bool) -> None:
        """A check has ended: what it had is free for others when it found no fault."""
        for path, known in list(self._known.items()):
            if known.owner == check and not known.new:
                if well:
                    known.free = True
                else:
                    self._known.pop(path, None)

    def take(self, model: ResourceModel, check: str) -> Resource | None:
        """A resource of the type that is as new and that an earlier check had."""
        for known in self._known.values():
            if check and known.new and known.owner != check and known.resource.model.name == model.name:
                known.owner, known.free = check, False
                return _copy(known.resource)
        return None

    def take_used(self, model: ResourceModel, check: str, fits: Fits) -> Resource | None:
        """A resource of the type that an earlier check has changed, in a state that fits.

        Its ``exchange`` is the GET that showed it, its ``body`` what that showed.
        """
        for known in self._known.values():
            if not check or not known.free or known.new or known.shown is None:
                continue
            if known.resource.model.name == model.name and fits(known.shown.body):
                known.owner, known.free = check, False
                return _as_shown(known.resource, known.shown)
        return None

    def shown(self, resource: Resource) -> Exchange | None:
        """The GET that shows what it is like now; ``None`` when there was none since it was written to."""
        known = self._known.get(unquote(resource.path))
        return known.shown if known is not None else None

    def unchanged(self, resource: Resource, shown: JSON, check: str) -> None:
        """Take it for new again when a GET shows it as its creation did, although there were requests to change it."""
        known = self._known.get(unquote(resource.path))
        if known is not None and known.plain and shown == known.resource.exchange.json:
            known.owner, known.new = check, True

    def watch(self, exchange: Exchange) -> None:
        """Listen to every exchange: what is written to, or named in what is written, is not as it was any more."""
        path = unquote(exchange.path)
        if exchange.method == "GET":
            known = self._known.get(path)
            if known is not None and not exchange.query:
                known.shown = exchange if exchange.status == 200 and isinstance(exchange.json, dict) else None
        elif exchange.method in ("POST", "PUT", "PATCH", "DELETE") and not path.endswith("/.search"):
            self._disturb(exchange.method, path, exchange.request_body.decode("utf-8", "replace"))

    def _disturb(self, method: str, written: str, body: str) -> None:
        for path, known in list(self._known.items()):
            if written.startswith(path) or known.resource.id in body:
                known.new, known.shown = False, None
                if method == "DELETE":
                    self._known.pop(path, None)
            elif known.shown is not None and _concerns(method, written, known.shown):
                known.shown = None


def _concerns(method: str, written: str, shown: Exchange) -> bool:
    """Whether a request may have changed what a resource refers to: a group its member, a user its group or manager."""
    if method == "POST":
        return written.endswith("/Bulk")
    return written.rpartition("/")[2] in shown.text


def _copy(resource: Resource) -> Resource:
    made = copy.copy(resource)
    made.body, made.sent = copy.deepcopy(resource.body), copy.deepcopy(resource.sent)
    return made


def _as_shown(resource: Resource, shown: Exchange) -> Resource:
    made = _copy(resource)
    made.body, made.exchange = copy.deepcopy(shown.body), shown
    naming = attributes.naming(resource.model)
    if shown.body.get(naming) is not None and naming in made.sent:
        made.sent[naming] = shown.body[naming]
    return made
