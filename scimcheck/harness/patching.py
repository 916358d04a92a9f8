"""Sending PATCH requests and judging their outcome: the answer, and the whole resource as read afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from scimcheck.checks.findings import Blocked
from scimcheck.client import context
from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import places
from scimcheck.harness.expected import alike, differences, elements, value_at
from scimcheck.harness.judge import Judge
from scimcheck.harness.places import path_of
from scimcheck.harness.target import RETRIEVAL, Resource, Target, error_text


@dataclass(frozen=True, slots=True)
class Patched:
    """A PATCH request: the resource as read before it, the exchange, and the resource as read after it."""

    resource: Resource
    before: JSONObject
    exchange: Exchange
    read: Exchange
    told: str

    @property
    def after(self) -> JSONObject:
        """The resource as a GET showed it afterwards."""
        return self.read.body

    @property
    def model(self) -> ResourceModel:
        """The resource's type."""
        return self.resource.model

    @property
    def evidence(self) -> tuple[Exchange, ...]:
        """Creation, PATCH, and the GET after it."""
        return (self.resource.exchange, self.exchange, self.read)

    @property
    def answer(self) -> str:
        """What the target answered, for people."""
        return f"{self.exchange.summary()} {error_text(self.exchange)}".strip()


def operation(op: str, path: str | None = None, **value: JSON) -> JSONObject:
    """An operation; ``value=`` gives it a value."""
    return {"op": op, **({"path": path} if path is not None else {}), **value}


@dataclass(frozen=True, slots=True)
class Step:
    """A PATCH to come: its operations, or ``content``, a body of any form; ``told`` says what it is about."""

    operations: tuple[JSONObject, ...] = ()
    told: str = ""
    content: bytes | None = None

    @classmethod
    def of(cls, *operations: JSONObject) -> Step:
        """A PATCH with these operations."""
        return cls(operations)


class Patching:
    """A resource under a series of PATCH requests; ``state`` is what was last seen of it."""

    def __init__(self, scim: Target, resource: Resource, state: JSONObject | None = None) -> None:
        self.scim = scim
        self.resource = resource
        self.state = scim.initial(resource) if state is None else state

    @property
    def model(self) -> ResourceModel:
        """The resource's type."""
        return self.resource.model

    def send(self, *operations: JSONObject, told_as: str = "", **options: Any) -> Patched:
        """Send a PATCH and read the resource again; Blocked when it cannot be read any more.

        ``told_as`` says in a few words what the request is about; by default that is its operations.
        """
        exchange = self.scim.patch(self.resource.path, *operations, **options)
        return self._after(Step(operations, told_as), exchange, self.scim.read(self.resource))

    def refusals(self, steps: Iterable[Step]) -> list[Patched]:
        """Send PATCHes each of which should be refused, and read the resource once: nothing should have changed.

        When one is accepted, or something has changed, each is sent again to another new resource and read after, so
        that it shows which one it was. For resources that have nothing special about them.
        """
        listed = list(steps)
        sent = [self._send(step) for step in listed]
        read = self.scim.read(self.resource)
        if read.json != self.state or any(exchange.ok for exchange in sent):
            again = Patching(self.scim, self.scim.create(self.model))
            return [again._after(step, again._send(step), again.scim.read(again.resource)) for step in listed]
        self.scim.spares.unchanged(self.resource, read.json, context.current()[1])
        return [self._after(step, exchange, read) for step, exchange in zip(listed, sent, strict=True)]

    def _send(self, step: Step) -> Exchange:
        options = {} if step.content is None else {"content": step.content}
        return self.scim.patch(self.resource.path, *step.operations, **options)

    def _after(self, step: Step, exchange: Exchange, read: Exchange) -> Patched:
        if read.status != 200 or not isinstance(read.json, dict):
            raise Blocked(RETRIEVAL, f"{self.model.name} could not be read after PATCH: {read.summary()}")
        patched = Patched(self.resource, self.state, exchange, read, step.told or told(step.operations))
        self.state = read.body
        return patched


def told(operations: Iterable[JSONObject]) -> str:
    """Operations as a short text: ``replace name.givenName``."""
    words = (f"{item.get('op', 'no op')} {item.get('path', '')}".strip() for item in operations)
    return ", then ".join(words) or "PATCH"


def settled(
    judge: Judge,
    requirement: str,
    patched: Patched,
    expected: JSONObject,
    *alternatives: JSONObject,
    leave_out: Iterable[str] = (),
) -> bool:
    """Expect success, and the whole resource afterwards as expected, or as one of the alternatives."""
    subject = f"{patched.model.name}: {patched.told}"
    if not judge.expect(
        requirement,
        patched.exchange.ok,
        expected="success (200 or 204)",
        observed=patched.answer,
        at=patched.evidence,
        subject=subject,
    ):
        return False
    found = [
        differences(wanted, patched.after, patched.model, leave_out=leave_out) for wanted in (expected, *alternatives)
    ]
    return judge.expect(
        requirement,
        not all(found),
        expected="what the operation names has changed, and nothing else",
        observed=f"{patched.exchange.summary()}, and then {'; '.join(found[0])}",
        at=patched.evidence,
        subject=subject,
    )


def unchanged(judge: Judge, requirement: str, patched: Patched) -> bool:
    """Expect that nothing has changed."""
    found = differences(patched.before, patched.after, patched.model)
    return judge.expect(
        requirement,
        not found,
        expected="a resource that has not changed",
        observed=f"{patched.exchange.summary()}, and then {'; '.join(found)}",
        at=patched.evidence,
        subject=f"{patched.model.name}: {patched.told}",
    )


def refused(judge: Judge, requirement: str, patched: Patched, statuses: Sequence[int] = (400,), hint: str = "") -> bool:
    """Expect a refusal with one of the statuses, and that nothing has changed."""
    answered = judge.expect(
        requirement,
        patched.exchange.status in statuses,
        expected=" or ".join(map(str, statuses)),
        observed=patched.answer,
        at=patched.evidence,
        subject=f"{patched.model.name}: {patched.told}",
        hint=hint,
    )
    return unchanged(judge, requirement, patched) and answered


def keyword(judge: Judge, requirement: str, patched: Patched, *words: str) -> None:
    """Advise when the ``scimType`` of a refusal is none of the words (RFC 7644 §3.12 makes it optional)."""
    exchange = patched.exchange
    judge.expect(requirement, True, expected="", observed="", at=patched.evidence)
    if not exchange.ok and exchange.scim_type not in words:
        judge.advise(
            requirement,
            expected=f"scimType {' or '.join(words)}",
            observed=f"{patched.told}: {exchange.summary()} with scimType {exchange.scim_type!r}",
            at=patched.evidence,
        )


def no_server_error(judge: Judge, requirement: str, patched: Patched) -> bool:
    """Expect anything but a status of 500 and above."""
    return judge.expect(
        requirement,
        patched.exchange.status < 500,
        expected="success, or a refusal with a status of 4xx",
        observed=patched.answer,
        at=patched.evidence,
        subject=f"{patched.model.name}: {patched.told}",
    )


def lacks_operator(scim: Target, patched: Patched, operator: str) -> bool:
    """Whether a PATCH was refused with invalidFilter by a target that knows ``and`` or ``or`` in no filter at all.

    That is judged with the operators (RFC 7644 §3.4.2.2), where filters are supported.
    """
    if patched.exchange.scim_type != "invalidFilter" or not scim.capabilities.works("filter", patched.model):
        return False
    single = f'id eq "{patched.resource.id}"'
    return scim.search(patched.model.endpoint, f"{single} {operator} {single}").scim_type == "invalidFilter"


def holding(scim: Target, judge: Judge, model: ResourceModel, *values: tuple[Located, JSON]) -> Patching:
    """A resource that holds these values: a fresh one, or one of an earlier check with other values in these places.

    Lists have these values in any case. The check does not apply to a target that takes them but does not keep them.
    """
    overrides: JSONObject = {}
    for place, value in values:
        home = overrides if place.schema is None else overrides.setdefault(place.schema, {})
        if place.parent is not None:
            home = home.setdefault(place.parent.name, {})
        home[place.attribute.name] = value
    body = scim.payload(model)
    held = context.current()[1]
    used = None if _lists(values) else scim.spares.take_used(model, held, lambda state: _has(state, values))
    if used is not None:
        return Patching(scim, used)
    for name, value in overrides.items():
        merge = isinstance(value, dict) and isinstance(body.get(name), dict)
        overrides[name] = {**body[name], **value} if merge else value
    patching = Patching(scim, scim.create(model, **overrides))
    for place, value in values:
        if not alike(value, value_at(patching.state, place), place.attribute):
            judge.not_applicable(f"the target does not keep {path_of(place)} as {value!r} when it creates a resource")
    return patching


def _lists(values: Sequence[tuple[Located, JSON]]) -> bool:
    return any(place.attribute.multi_valued for place, _ in values)


def _has(state: JSONObject, values: Sequence[tuple[Located, JSON]]) -> bool:
    return all(value_at(state, place) is not None for place, _ in values)


def typed_values(
    scim: Target, judge: Judge, model: ResourceModel, count: int, subs: int = 1
) -> tuple[Located, list[JSONObject]]:
    """A collection of the model and up to three values for it, each of another type; ends the check without such.

    ``count`` is the least number of types, ``subs`` the least number of texts beside ``type`` in each value.
    """
    listed = places.collection(model, subs=subs)
    if listed is None or len(places.kinds(listed)) < count or listed.attribute.required:
        judge.not_applicable(f"{model.name} has no list of values with {count} types and {subs} texts each")
    return listed, places.three(scim, listed)


def typed_holding(
    scim: Target, judge: Judge, model: ResourceModel, count: int, subs: int = 1
) -> tuple[Patching, Located, list[JSONObject]]:
    """A resource with a collection of up to three values, each of another type, as :func:`typed_values` has them.

    Texts of the values are all different. An earlier check may have left the resource behind.
    """
    listed, values = typed_values(scim, judge, model, count, subs)
    used = scim.spares.take_used(model, context.current()[1], lambda state: _distinct(state, listed))
    if used is not None:
        return Patching(scim, used), listed, elements(used.body, listed)
    return holding(scim, judge, model, (listed, values)), listed, values


def _distinct(state: JSONObject, listed: Located) -> bool:
    """Whether it has one value of each type, none of them primary, with different texts in all of them."""
    held = elements(state, listed)
    kinds = [str(item.get("type")).lower() for item in held]
    names = [sub.attribute.name for sub in places.sub_texts(listed)]
    texts = [[str(item.get(name, "")).lower() for item in held] for name in names]
    return (
        sorted(kinds) == sorted(kind.lower() for kind in places.kinds(listed))
        and not any(item.get("primary") for item in held)
        and all("" not in each and len(set(each)) == len(each) for each in texts)
    )
