"""RFC 7644 §3.5.2: generated PATCH requests of several operations. Each operation by itself is judged elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from hypothesis import strategies as st

from scimcheck.client.exchange import Exchange
from scimcheck.core.errors import ScimError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch import RFC, apply_patch
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import differences, elements
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import operation, told
from scimcheck.harness.properties import Broken, Effort, falsify, settle
from scimcheck.harness.target import Resource, Target, patch_op

ORDER, ATOMIC = "RFC7644-3.5.2-18", "RFC7644-3.5.2-20"


class Move(NamedTuple):
    """An operation to be: which kind of change, at which place or with which value. Numbers are taken modulo."""

    kind: str
    place: int
    value: int


KINDS = ("replace", "add", "remove", "path-less", "append", "drop", "clear", "refill")
MOVES = st.lists(
    st.builds(Move, st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=6
).map(tuple)

#: Changes that undo, repeat and build on each other.
SEQUENCES: tuple[tuple[Move, ...], ...] = (
    (Move("replace", 0, 0), Move("remove", 0, 0), Move("add", 0, 1), Move("replace", 1, 2)),
    (Move("append", 0, 0), Move("append", 0, 1), Move("drop", 0, 0), Move("append", 0, 2)),
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What operations are made of: texts to change, a list to fill, and values for both."""

    scim: Target
    model: ResourceModel
    texts: list[Located]
    words: list[str]
    listed: Located | None
    items: list[JSONObject]

    def operation(self, move: Move, state: JSONObject) -> JSONObject | None:
        """The operation; ``None`` when it makes no sense in that state."""
        if move.kind in ("append", "drop", "clear", "refill"):
            return self._on_list(move, state)
        name = self.texts[move.place % len(self.texts)].attribute.name
        value = self.words[move.value]
        if move.kind == "remove":
            return operation("remove", name) if state.get(name) else None
        if move.kind == "path-less":
            return operation("replace", value={name: value})
        return operation(move.kind, name, value=value)

    def _on_list(self, move: Move, state: JSONObject) -> JSONObject | None:
        if self.listed is None:
            return None
        name, item = self.listed.attribute.name, self.items[move.value % len(self.items)]
        kinds = [str(each.get("type")) for each in elements(state, self.listed)]
        there = str(item["type"]) in kinds
        if move.kind == "append":
            return None if there else operation("add", name, value=[item])
        if move.kind == "drop":
            return operation("remove", f'{name}[type eq "{item["type"]}"]') if there else None
        if move.kind == "clear":
            return operation("remove", name) if kinds else None
        return operation("replace", name, value=[item])


def _ground(scim: Target, judge: Judge, model: ResourceModel) -> Ground:
    texts = places.texts(model, optional=True)[:3]
    if len(texts) < 2:
        judge.not_applicable(f"{model.name} has less than two texts to change")
    listed = places.collection(model) if scim.capabilities.works("patch-filter", model) else None
    items = places.three(scim, listed) if listed else []
    return Ground(scim, model, texts, [scim.unique(word) for word in ("one", "two", "three")], listed, items)


@check(ORDER, needs=("patch-replace", "patch-add", "patch-remove", "read"))
def test_generated_sequences(scim: Target, judge: Judge) -> None:
    """Several operations in one request leave what they leave one after the other."""
    ground = _ground(scim, judge, scim.primary)
    found = falsify(scim, MOVES, lambda moves: _sequence(ground, moves), Effort(2, 40, 30), first=SEQUENCES)
    settle(judge, scim, found, ORDER)


def _sequence(ground: Ground, moves: tuple[Move, ...]) -> Broken | None:
    """Send the operations in one request; what is wrong one request after the other, too, is judged elsewhere."""
    resource = ground.scim.some(ground.model)
    operations, expected = _planned(ground, moves, ground.scim.initial(resource))
    if len(operations) < 2:
        return None
    sent, found = _carried_out(ground.scim, resource, [operations])
    wrong = differences(expected, found.body, ground.model)
    if sent[-1].ok and not wrong:
        return None
    other = ground.scim.create(ground.model)
    _, expected = _planned(ground, moves, ground.scim.state(other))
    singly, control = _carried_out(ground.scim, other, [[each] for each in operations])
    if not all(exchange.ok for exchange in singly) or differences(expected, control.body, ground.model):
        return None
    return Broken(
        ORDER,
        f"{told(operations)} leave in one request what they leave one after the other",
        f"{sent[-1].summary()}, and then {'; '.join(wrong) or 'nothing has changed'}",
        (resource.exchange, *sent, found, *singly, control),
    )


def _planned(ground: Ground, moves: tuple[Move, ...], state: JSONObject) -> tuple[list[JSONObject], JSONObject]:
    """The operations that make sense one after the other, and what they have to leave."""
    operations: list[JSONObject] = []
    for move in moves:
        made = ground.operation(move, state)
        try:
            state = apply_patch(state, patch_op(made), ground.model, RFC) if made else state
        except ScimError:
            continue
        operations += [made] if made else []
    return operations, dict(state)


def _carried_out(scim: Target, resource: Resource, requests: list[list[JSONObject]]) -> tuple[list[Exchange], Exchange]:
    sent = [scim.patch(resource.path, *operations) for operations in requests]
    return sent, scim.read(resource)


#: Operations that nobody can carry out, with ``{}`` for the name of a text.
FAULTS: tuple[JSON, ...] = (
    {"op": "increment", "path": "{}", "value": "x"},
    {"op": 5, "path": "{}", "value": "x"},
    {"op": "replace", "path": "{}[[", "value": "x"},
    {"op": "replace", "path": ["{}"], "value": "x"},
    {"op": "replace", "path": "{}", "value": {"deep": [[[[["x"]]]]]}},
    {"op": "add", "path": "{}"},
    {"op": "remove"},
    {"path": "{}", "value": "x"},
    ["replace", "{}", "x"],
    "replace {}",
    None,
    {"op": "replace", "path": "doesNotExist.either", "value": "x"},
)
#: A fault, how many faultless operations come before it and how many after it.
MESSAGES = st.tuples(st.integers(0, len(FAULTS) - 1), st.integers(0, 4), st.integers(0, 2)).filter(
    lambda message: message[1] + message[2] > 0
)


@check(ATOMIC, needs=("patch-replace", "read"))
def test_generated_faults(scim: Target, judge: Judge) -> None:
    """Wherever the malformed operation stands among how many others, a request that is refused changes nothing."""
    ground = _ground(scim, judge, scim.primary)
    resource = scim.some(ground.model)
    found = falsify(
        scim,
        MESSAGES,
        lambda message: _faulty(ground, resource, message),
        Effort(3, 60),
        first=((11, 2, 0), (0, 3, 1), (10, 1, 0)),
    )
    settle(judge, scim, found, ATOMIC)


def _faulty(ground: Ground, resource: Resource, message: tuple[int, int, int]) -> Broken | None:
    fault, before, after = message
    scim, place = ground.scim, ground.texts[-1].attribute.name
    good = [_good(ground, number) for number in range(before + after)]
    bad = _filled(FAULTS[fault], place)
    operations = [*good[:before], bad, *good[before:]]
    start = scim.current(resource)
    body = {**patch_op(), "Operations": operations}
    sent = scim.request("PATCH", resource.path, json=body)
    found = scim.read(resource)
    wrong = differences(start.body, found.body, ground.model) if found.status == 200 == start.status else []
    if sent.ok or not wrong:
        return None
    return Broken(
        ATOMIC,
        f"a resource as it was: operation {before + 1} of {len(operations)} is {bad!r}",
        f"{sent.summary()}, and then {'; '.join(wrong)}",
        (resource.exchange, start, sent, found),
    )


def _good(ground: Ground, number: int) -> JSONObject:
    """A faultless operation that changes one of the texts but the last."""
    name = ground.texts[number % (len(ground.texts) - 1)].attribute.name
    return operation("replace", name, value=ground.scim.unique(name))


def _filled(fault: JSON, name: str) -> JSON:
    """The faulty operation with the name of a text."""
    if isinstance(fault, str):
        return fault.replace("{}", name)
    if isinstance(fault, list):
        return [_filled(item, name) for item in fault]
    return {key: _filled(item, name) for key, item in fault.items()} if isinstance(fault, dict) else fault
