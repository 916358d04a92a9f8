"""The record of a run: everything a report is made from, as frozen data and as versioned JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from typing import Any, TypeVar

from scimcheck.checks.findings import Finding
from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSONObject
from scimcheck.report.decode import Fields, RecordError, reading

_T = TypeVar("_T")

#: Version of the JSON form; a reader refuses any other.
FORMAT = 1

#: What a capability can turn out to be: does what it should, tried and found wanting, not there.
CAPABILITY_STATES = ("works", "broken", "absent")


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What was run, where and how; everything in it is fit for publication.

    ``started`` and ``finished`` are ISO 8601 instants, ``duration`` is in seconds. ``target`` is the redacted base URL
    or ``in-process reference provider``. ``dialects`` holds ``legacy`` (compatibility flag off) and ``compliant`` (flag
    on) as far as they were replayed. ``options`` holds JSON values. ``workers`` is 0 without pytest-xdist.
    """

    version: str
    python: str
    started: str
    finished: str
    duration: float
    target: str
    profile: str = ""
    seed: int = 0
    dialects: tuple[str, ...] = ("legacy", "compliant")
    depth: str = "standard"
    selection: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    workers: int = 0

    @classmethod
    def from_json(cls, fields: Fields) -> RunInfo:
        """Read it from the record's JSON."""
        return cls(
            version=fields.text("version"),
            python=fields.text("python"),
            started=fields.text("started"),
            finished=fields.text("finished"),
            duration=fields.number("duration"),
            target=fields.text("target"),
            profile=fields.text("profile"),
            seed=fields.integer("seed"),
            dialects=fields.texts("dialects"),
            depth=fields.text("depth"),
            selection=fields.texts("selection"),
            options=fields.mapping("options"),
            workers=fields.integer("workers"),
        )


@dataclass(frozen=True, slots=True)
class Capability:
    """A feature as it was seen (``works``, ``broken``, ``absent``) beside what the target advertises of it.

    ``advertised`` is ``None`` when the target has no way to say.
    """

    name: str
    state: str
    advertised: bool | None = None
    reason: str = ""

    @property
    def contradicts(self) -> bool:
        """Whether the target says one thing and does another."""
        return self.advertised is not None and self.advertised != (self.state == "works")

    @classmethod
    def from_json(cls, fields: Fields) -> Capability:
        """Read it from the record's JSON."""
        state = fields.text("state")
        if state not in CAPABILITY_STATES:
            raise ValueError(f"state {state!r} is none of {', '.join(CAPABILITY_STATES)}")
        return cls(fields.text("name"), state, fields.optional_flag("advertised"), fields.text("reason"))


@dataclass(frozen=True, slots=True)
class Census:
    """What the run did to the target's resources, counted before and after.

    ``before`` and ``after`` are totals per endpoint; ``complete`` says whether every resource could be listed both
    times. ``left`` are URLs of own resources still there; ``changed`` and ``missing`` the ids of resources not ours.
    """

    before: Mapping[str, int] = field(default_factory=dict)
    after: Mapping[str, int] = field(default_factory=dict)
    complete: bool = True
    created: int = 0
    deleted: int = 0
    left: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    requests: int = 0

    @property
    def nothing_left(self) -> bool:
        """Whether everything the run created is gone again."""
        return not self.left

    @property
    def nothing_touched(self) -> bool:
        """Whether no resource of others was seen to change or vanish."""
        return not self.changed and not self.missing

    @classmethod
    def from_json(cls, fields: Fields) -> Census:
        """Read it from the record's JSON."""
        return cls(
            before=fields.counts("before"),
            after=fields.counts("after"),
            complete=fields.flag("complete"),
            created=fields.integer("created"),
            deleted=fields.integer("deleted"),
            left=fields.texts("left"),
            changed=fields.texts("changed"),
            missing=fields.texts("missing"),
            requests=fields.integer("requests"),
        )


@dataclass(frozen=True, slots=True)
class RuleSummary:
    """An exchange rule over the whole run: how many exchanges it judged and how many of them broke it."""

    name: str
    requirements: tuple[str, ...]
    judged: int
    broken: int

    @classmethod
    def from_json(cls, fields: Fields) -> RuleSummary:
        """Read it from the record's JSON."""
        return cls(
            fields.text("name"), fields.texts("requirements"), fields.integer("judged"), fields.integer("broken")
        )


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A whole run.

    ``exchanges`` holds those that findings rest on and the first of each purpose (see :func:`evidence`);
    ``exchange_count`` counts all that went over the wire, ``requests`` the same by the check that sent them, or by
    purpose (``probe``, ``clean-up``) where no check answers for them; ``census`` is ``None`` when none was taken;
    ``notes`` are sentences for people.
    """

    info: RunInfo
    capabilities: tuple[Capability, ...] = ()
    findings: tuple[Finding, ...] = ()
    exchanges: Mapping[str, Exchange] = field(default_factory=dict)
    exchange_count: int = 0
    requests: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[RuleSummary, ...] = ()
    census: Census | None = None
    notes: tuple[str, ...] = ()
    gallery: JSONObject | None = None

    def to_json(self) -> JSONObject:
        """The record as a JSON object; :meth:`from_json` reads it back as an equal record."""
        return {
            "format": FORMAT,
            "info": _plain(self.info),
            "capabilities": [_plain(capability) for capability in self.capabilities],
            "findings": [finding.to_json() for finding in self.findings],
            "exchanges": [exchange.to_json() for exchange in self.exchanges.values()],
            "exchangeCount": self.exchange_count,
            "requests": dict(self.requests),
            "rules": [_plain(rule) for rule in self.rules],
            "census": _plain(self.census) if self.census else None,
            "notes": list(self.notes),
            "gallery": self.gallery,
        }

    @classmethod
    def from_json(cls, data: Any) -> RunRecord:
        """The inverse of :meth:`to_json`; RecordError, naming the place, when the document is something else."""
        fields = Fields(data, "")
        if data.get("format") != FORMAT:
            raise RecordError(f"format is {data.get('format')!r}, but this version reads format {FORMAT} only")
        exchanges = _each(fields, "exchanges", _exchange)
        return cls(
            info=RunInfo.from_json(fields.child("info")),
            capabilities=tuple(_each(fields, "capabilities", Capability.from_json)),
            findings=tuple(_each(fields, "findings", _finding)),
            exchanges={exchange.id: exchange for exchange in exchanges},
            exchange_count=fields.integer("exchangeCount"),
            requests=fields.counts("requests") if "requests" in data else {},
            rules=tuple(_each(fields, "rules", RuleSummary.from_json)),
            census=Census.from_json(fields.child("census")) if data.get("census") is not None else None,
            notes=fields.texts("notes"),
            gallery=fields.mapping("gallery") if data.get("gallery") is not None else None,
        )


def evidence(findings: Iterable[Finding], exchanges: Iterable[Exchange]) -> dict[str, Exchange]:
    """Of all exchanges of a run those a record keeps: what findings rest on, and the first of each purpose."""
    cited = {name for finding in findings for name in finding.exchanges}
    kept: dict[str, Exchange] = {}
    purposes: set[str] = set()
    for exchange in exchanges:
        if exchange.id in cited or exchange.purpose not in purposes:
            kept[exchange.id] = exchange
        purposes.add(exchange.purpose)
    return kept


def _each(fields: Fields, key: str, read: Callable[[Fields], _T]) -> list[_T]:
    """The items of the array at ``key``, each read from its fields."""
    return [reading(where, read, Fields(item, where)) for where, item in fields.items(key)]


def _exchange(fields: Fields) -> Exchange:
    for key in ("id", "method", "url", "path", "query", "reason", "started", "purpose", "check"):
        fields.text(key)
    fields.integer("status")
    fields.number("elapsed")
    return Exchange.from_json(fields.data)


def _finding(fields: Fields) -> Finding:
    for key in ("requirement", "check", "subject", "expected", "observed", "blocked_by", "hint"):
        fields.text(key)
    fields.texts("exchanges")
    fields.integer("count")
    return Finding.from_json(dict(fields.data))


def _plain(value: Any) -> JSONObject:
    """The fields of a dataclass as JSON gives them back: tuples as lists, mappings as plain objects."""
    return {item.name: _plain_value(getattr(value, item.name)) for item in dataclass_fields(value)}


def _plain_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
