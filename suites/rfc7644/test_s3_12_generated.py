"""RFC 7644 §3.12: generated bodies that are cut off, odd or of wrong types. Chosen ones: test_s3_12_malformed.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from hypothesis import strategies as st

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.characteristics import Mutability
from scimcheck.core.json import JSON, JSONObject
from scimcheck.harness import attributes, check
from scimcheck.harness.attempts import attempt
from scimcheck.harness.judge import Judge
from scimcheck.harness.properties import Broken, Effort, falsify, settle
from scimcheck.harness.representation import differences, put_body
from scimcheck.harness.target import Resource, Target

SYNTAX, UNCHANGED, INTERNAL = "RFC7644-3.12-21", "RFC7644-3.5.1-13", "RFC7644-3.12-15"


class Fault(NamedTuple):
    """What is done to a faultless body, where (taken modulo), and with which value."""

    method: str
    kind: str
    place: int
    value: JSON = None


METHODS = st.sampled_from(("PUT", "POST"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.sampled_from(("", "x", "[]", "true")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("value", "x", "$ref")), inner),
    max_leaves=5,
)
CUT = st.builds(Fault, METHODS, st.just("cut"), st.integers(0, 2000))
REPEATED = st.builds(Fault, METHODS, st.just("repeated"), st.integers(0, 50), VALUES)
DEEP = st.builds(Fault, METHODS, st.just("deep"), st.integers(0, 50), st.integers(1, 400))
LARGE = st.builds(Fault, METHODS, st.just("large"), st.integers(0, 50), st.integers(1, 50))
MISTYPED = st.builds(Fault, METHODS, st.just("mistyped"), st.integers(0, 50), VALUES)


@dataclass(frozen=True, slots=True)
class Ground:
    """The resource that replacements are for, and the names of attributes to be wrong about."""

    scim: Target
    resource: Resource
    names: tuple[str, ...]

    def body(self, fault: Fault) -> bytes:
        """The faulty body. What is cut off lacks a byte at least, and so is no JSON."""
        good = self._good(fault.method)
        name = self.names[fault.place % len(self.names)]
        text = json.dumps(good)
        if fault.kind == "cut":
            return text.encode()[: -1 - fault.place % (len(text) - 1)]
        if fault.kind == "repeated":
            return f"{text[:-1]}, {json.dumps(name)}: {json.dumps(fault.value)}, {text[1:]}".encode()
        return json.dumps({**good, name: _value(fault)}).encode()

    def _good(self, method: str) -> JSONObject:
        if method == "PUT":
            attribute = attributes.changeable(self.resource.model)
            change = {attribute.name: self.scim.unique("changed")} if attribute else {}
            return put_body(self.scim, self.resource, **change)
        return self.scim.payload(self.resource.model)


def _value(fault: Fault) -> JSON:
    """The value at fault: nested so many times, so many thousand characters long, or the given one."""
    if fault.kind == "large":
        return "x" * (1000 * int(str(fault.value)))
    if fault.kind != "deep":
        return fault.value
    value: JSON = "x"
    for level in range(int(str(fault.value))):
        value = [value] if level % 2 else {"value": value}
    return value


def _ground(scim: Target) -> Ground:
    model = scim.primary
    writable = (a.name for a in model.core.attributes if a.mutability is Mutability.READ_WRITE)
    names = dict.fromkeys(("schemas", "id", "meta", "externalId", *writable))
    return Ground(scim, scim.some(model), tuple(names))


def _to_colon(ground: Ground) -> int:
    """How much to cut off so that the last member of a creation lacks its value."""
    text = json.dumps(ground.scim.payload(ground.resource.model))
    return len(text) - text.rindex(":") - 2


def _refused(ground: Ground, fault: Fault) -> Broken | None:
    """What was cut off has to be refused; anything else may be accepted or refused; nothing may fail."""
    scim, resource = ground.scim, ground.resource
    path = resource.path if fault.method == "PUT" else resource.model.endpoint
    before = scim.current(resource) if fault.method == "PUT" else None
    content = ground.body(fault)
    sent = attempt(scim, fault.method, path, content=content, headers={"Content-Type": urns.MEDIA_TYPE})
    if sent is None:
        return None
    cut = fault.kind == "cut"
    if sent.status >= 500 or (cut and sent.ok):
        clause = SYNTAX if cut else INTERNAL
        return Broken(clause, f"a refusal: {_told(ground, fault, sent)}", sent.summary(), (resource.exchange, sent))
    if before is None or sent.ok:
        return None
    return _unchanged(ground, fault, before, sent)


def _unchanged(ground: Ground, fault: Fault, before: Exchange, sent: Exchange) -> Broken | None:
    found = ground.scim.read(ground.resource)
    wrong = differences(before.body, found.body, ground.resource.model)
    if before.status != 200 or not wrong:
        return None
    return Broken(
        UNCHANGED,
        f"the resource as it was: {_told(ground, fault, sent)}",
        f"{sent.summary()}, and then {'; '.join(wrong)}",
        (ground.resource.exchange, before, sent, found),
    )


def _told(ground: Ground, fault: Fault, sent: Exchange) -> str:
    if fault.kind == "cut":
        return f"the body ends with {sent.request_body[-20:].decode(errors='replace')!r}"
    name = ground.names[fault.place % len(ground.names)]
    words = {
        "repeated": f"{name} stands in the body again, with {fault.value!r}",
        "deep": f"{name} is nested {fault.value} times",
        "large": f"{name} has {fault.value} thousand characters",
    }
    return words.get(fault.kind, f"{name} is {fault.value!r}")


@check(SYNTAX, UNCHANGED, needs=("create", "put", "read"))
def test_bodies_cut_anywhere_are_refused(scim: Target, judge: Judge) -> None:
    """Wherever JSON ends too early, after a bracket, a colon or within a letter: it is refused, and changes nothing."""
    ground = _ground(scim)
    first = (Fault("PUT", "cut", 0), Fault("POST", "cut", _to_colon(ground)))
    found = falsify(scim, CUT, lambda fault: _refused(ground, fault), Effort(3, 60, 40), first=first)
    settle(judge, scim, found, SYNTAX, UNCHANGED)


@check(INTERNAL, UNCHANGED, needs=("create", "put", "read"))
def test_odd_bodies_do_no_harm(scim: Target, judge: Judge) -> None:
    """Repeated members, deep and long values, values of other types: accepted or refused, never a failure."""
    ground = _ground(scim)
    first = (Fault("PUT", "repeated", 3, 5), Fault("PUT", "mistyped", 0, 5))
    faults = st.one_of(MISTYPED, REPEATED, DEEP, LARGE)
    found = falsify(scim, faults, lambda fault: _refused(ground, fault), Effort(3, 80, 40), first=first)
    settle(judge, scim, found, INTERNAL, UNCHANGED)
