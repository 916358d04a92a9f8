"""Which checks a deviation can reach at all: those of whose exchanges it changes one.

The requests of a run against the plain provider are recorded once, and sent again to a provider with the deviation on.
A check all of whose answers are the same comes to the same verdict, so the proof that a deviation breaks nothing else
has to run the other checks alone. The provider's clock, ids and keys are steadied meanwhile; where answers differ all
the same (threads, chance), and where what differs is the common ground of checks, they are run.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any
from unittest.mock import patch

from scimcheck.checks.findings import Blocked, NotApplicable
from scimcheck.client import context
from scimcheck.core.http import Request, Response
from scimcheck.core.schema import ResourceModel
from scimcheck.harness.attributes import naming
from scimcheck.harness.capabilities import Capabilities, Capability, State
from scimcheck.harness.entra_search import match
from scimcheck.harness.target import Resource, Target
from scimcheck.provider import build_provider
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.store import TenantStore
from tests.meta import bench

#: Purposes whose exchanges every check builds on.
_COMMON = ("discovery", "census", "preflight")
#: What stands for a probe that asks for no capability: whether creations tell what GETs show, what is searched for.
_LOOSE = "loose probes"
_LOOSE_KEYS = (("told as kept", "User"), ("told as kept", "Group"), ("entra", "plus is a blank"))
#: An id of the plain provider, or the part of a name of the run's that no other resource has.
_WORD = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|scimcheck-meta(?:-[A-Za-z]+)*-\d+")
#: Ways of a check to a resource that may not take a request.
_ACCESSORS = ("shown", "current", "state", "initial", "read", "member")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request of the recorded run, what it was for, and what the plain provider answered."""

    purpose: str
    check: str
    request: Request
    answer: tuple[Any, ...]
    created: str = ""
    capability: str = ""


@dataclass(slots=True)
class Tape:
    """A recorded run.

    ``users`` are the checks that had to do with a resource or a capability, by its id or name, ``rests_on`` the
    capabilities that a probe asked for, ``asking`` those that are being probed, the innermost last; ``states`` has what
    was asked for by its name: the need, the resource type, and what was found out; ``loose`` the rest of that.
    """

    sent: list[Sent] = field(default_factory=list)
    users: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    rests_on: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    asking: list[str] = field(default_factory=list)
    states: dict[str, tuple[str, str, State]] = field(default_factory=dict)
    loose: dict[Any, Any] = field(default_factory=dict)
    restless: frozenset[str] = frozenset()


class _Clock:
    """The place of the request that is being answered; ids and times follow from it."""

    def __init__(self) -> None:
        self.place = 0
        self.made = 0
        self.began = datetime.now(timezone.utc)

    def new_id(self, ctx: Context) -> str:
        self.made += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.place}.{self.made}"))

    def now(self, ctx: Context) -> datetime:
        return self.began + timedelta(milliseconds=self.place)

    def revision(self, store: object) -> int:
        self.made += 1
        return (self.place << 12) + self.made

    def at(self, place: int) -> None:
        self.place, self.made = place, 0


@contextmanager
def _steady(clock: _Clock) -> Iterator[None]:
    """Providers built inside have that clock, and no secrets; deviations change them as ever."""
    original = Provider.__init__

    def initialise(self: Provider, *args: Any, **options: Any) -> None:
        original(self, *args, **options)
        plain_id = self.ops.new_id

        def new_id(ctx: Context) -> str:
            return clock.new_id(ctx) if ctx.settings.id_style == "uuid" else plain_id(ctx)

        self.ops.new_id, self.ops.now, self.secret = new_id, clock.now, bytes(32)

    with (
        patch.object(Provider, "__init__", initialise),
        patch.object(TenantStore, "next_revision", lambda store: clock.revision(store)),
    ):
        yield


def _fingerprint(answer: Response) -> tuple[Any, ...]:
    return answer.status, tuple(sorted(answer.headers.items())), answer.body


@cache
def tape() -> tuple[Tape, _Clock]:
    """The run of all checks against the plain provider."""
    clock, recorded = _Clock(), Tape()
    handle = Provider.handle

    def record(self: Provider, request: Request) -> Response:
        clock.at(len(recorded.sent) + 1)
        answer = handle(self, request)
        purpose, check = context.current()
        created = str(answer.headers.get("Location", "")).rpartition("/")[2] if answer.status == 201 else ""
        capability = (recorded.asking or [_LOOSE])[-1] if purpose == "probe" else ""
        recorded.sent.append(Sent(purpose, check, request, _fingerprint(answer), created, capability))
        return answer

    with _steady(clock), patch.object(Provider, "handle", record), _watched(recorded):
        bench.run([])
    _note_users(recorded)
    recorded.loose = _loose(bench.target([]))
    recorded.restless = frozenset(recorded.sent[place].check for place in _differing(recorded, clock, []))
    return recorded, clock


@contextmanager
def _watched(recorded: Tape) -> Iterator[None]:
    """Note which checks look at which resources, whether that takes a request or not."""
    patches = []
    for name in _ACCESSORS:
        plain: Callable[..., Any] = getattr(Target, name)

        def look(
            self: Target, resource: Resource, *args: Any, _plain: Callable[..., Any] = plain, **options: Any
        ) -> Any:
            recorded.users[resource.id].add(context.current()[1])
            recorded.users[_LOOSE].add(context.current()[1])
            return _plain(self, resource, *args, **options)

        patches.append(patch.object(Target, name, look))
    shared = Target.shared

    def take(self: Target, *args: Any, **options: Any) -> list[Resource]:
        found = shared(self, *args, **options)
        for resource in found:
            recorded.users[resource.id].add(context.current()[1])
        return found

    find_out = Capabilities.of

    def of(self: Capabilities, need: str, model: ResourceModel | None = None) -> Capability:
        key = f"{need} of {(model or self.target.primary).name}"
        recorded.users[key].add(context.current()[1])
        if recorded.asking:
            recorded.rests_on[recorded.asking[-1]].add(key)
        recorded.asking.append(key)
        try:
            found = find_out(self, need, model)
        finally:
            recorded.asking.pop()
        recorded.states[key] = (need, (model or self.target.primary).name, found.state)
        return found

    patches += [patch.object(Target, "shared", take), patch.object(Capabilities, "of", of)]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def _note_users(recorded: Tape) -> None:
    """Whoever names a resource in a request, by id or by the name that the run gave it, has to do with it, too."""
    for sent in recorded.sent:
        for word in _words(sent.request):
            recorded.users[word].add(sent.check)


def _words(request: Request) -> set[str]:
    """The ids and names of resources that occur in a request."""
    text = f"{request.path} {request.query} {request.body.decode('utf-8', 'replace')}"
    return set(_WORD.findall(text))


def _differing(recorded: Tape, clock: _Clock, names: list[str]) -> list[int]:
    """The places whose requests a provider with these names answers otherwise than recorded."""
    found = []
    with _steady(clock):
        provider = build_provider(*names)
        for place, sent in enumerate(recorded.sent):
            clock.at(place + 1)
            if _fingerprint(provider.handle(sent.request)) != sent.answer:
                found.append(place)
    return found


def reached(name: str) -> frozenset[str] | None:
    """The checks that meet a change when a deviation or variant is on; ``None`` for all of them.

    Where a probe meets one, those that rely on what it finds out are among them if it finds out something else.
    """
    recorded, clock = tape()
    checks: set[str] = set(recorded.restless)
    probed: set[str] = set()
    for place in _differing(recorded, clock, [name]):
        sent = recorded.sent[place]
        if sent.purpose in _COMMON:
            return None
        checks.add(sent.check)
        probed.add(sent.capability)
        for word in _touched(sent):
            checks |= recorded.users.get(word, set())
    for capability in _changed(recorded, name, probed - {""}):
        checks |= recorded.users.get(capability, set())
    return frozenset(checks)


def _changed(recorded: Tape, name: str, probed: set[str]) -> set[str]:
    """Which of these capabilities, and of those whose probes ask for them, another target has or lacks."""
    if not probed:
        return set()
    target = bench.target([name])
    with target.session.check("replayed"):
        found = {
            key
            for key in {each for one in probed for each in _dependent(recorded, one)} - {_LOOSE}
            if _state(target, *recorded.states[key][:2]) is not recorded.states[key][2]
        }
        if _LOOSE in probed and _loose(target) != recorded.loose:
            found.add(_LOOSE)
    return found


def _state(target: Target, need: str, model: str) -> State | None:
    """The state of a capability; ``None`` when it cannot be found out."""
    try:
        return target.capabilities.of(need, target.model(model)).state
    except (Blocked, NotApplicable):
        return None


def _loose(target: Target) -> dict[Any, Any]:
    """What is found out without a capability."""
    try:
        for model in target.models:
            target.initial(target.create(model))
        match(target, target.primary, naming(target.primary), "replayed")
    except (Blocked, NotApplicable):
        return {}
    return {key: target.cache[key] for key in _LOOSE_KEYS if key in target.cache}


def _touched(sent: Sent) -> set[str]:
    """The resources that an exchange is about: what its path names, what it created under which names."""
    if sent.created:
        return {sent.created, *_words(sent.request)}
    return set(_WORD.findall(sent.request.path))


def _dependent(recorded: Tape, capability: str) -> set[str]:
    """A capability, and those whose probes ask for it; empty for an exchange that is no probe's."""
    found: set[str] = set()
    waiting = [capability] if capability else []
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting += [each for each, needed in recorded.rests_on.items() if name in needed and each not in found]
    return found
