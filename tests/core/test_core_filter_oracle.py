"""Evaluation against an oracle: a second evaluator, written for plainness on the Gadget model alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core_models import GADGET, GADGET_URN, LABEL_URN
from hypothesis import given, settings
from hypothesis import strategies as st

from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Or, Present, ValuePath
from scimcheck.core.filter.evaluate import equality_terms, matches

TEXTS = ("", "a", "A", "ab", "aB", "b", "ba")
STAMPS = ("2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", "2020-01-01T00:00:00.5Z", "2019-12-31T23:59:59-01:00")

#: Each comparable path of the Gadget: how its values compare.
KINDS = {
    "title": "string",
    "code": "exact",
    "externalId": "exact",
    "level": "number",
    "ratio": "number",
    "active": "boolean",
    "since": "instant",
    "meta.created": "instant",
    "key": "binary",
    "link": "exact",
    "name.given": "string",
    "name.rank": "number",
    "tags": "string",
    "parts": "string",
    "parts.value": "string",
    "parts.type": "string",
    "parts.primary": "boolean",
    "parts.weight": "number",
    f"{LABEL_URN}:colour": "string",
    f"{LABEL_URN}:owner": "string",
    f"{LABEL_URN}:owner.value": "string",
}
WHOLES = ("name", "parts", "meta", f"{LABEL_URN}:owner", "nosuch", "name.nosuch", f"{LABEL_URN}:nosuch")

_values = {
    "string": st.sampled_from(TEXTS),
    "exact": st.sampled_from(TEXTS[1:]),
    "binary": st.sampled_from(["QUJD", "qujd", "QQ=="]),
    "number": st.sampled_from([-1, 0, 1, 1.0, 1.5, 10]),
    "boolean": st.booleans(),
    "instant": st.sampled_from(STAMPS),
}
_operators = {
    "string": ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"),
    "exact": ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"),
    "binary": ("eq", "ne"),
    "number": ("eq", "ne", "gt", "ge", "lt", "le"),
    "boolean": ("eq", "ne"),
    "instant": ("eq", "ne", "gt", "ge", "lt", "le"),
}


def _path(text: str) -> AttrPath:
    urn, _, rest = text.rpartition(":")
    name, _, sub = rest.partition(".")
    return AttrPath(name, sub or None, urn or None)


def _spelled(path: AttrPath) -> st.SearchStrategy[AttrPath]:
    """The path in one of several spellings that mean the same."""
    core = path if path.urn else AttrPath(path.name, path.sub, GADGET_URN)
    shouted = AttrPath(path.name.upper(), path.sub and path.sub.lower(), path.urn and path.urn.upper())
    return st.sampled_from([path, core, shouted])


@st.composite
def _comparisons(draw: st.DrawFn, inside: str = "") -> Filter:
    """A comparison that fits the types; ``inside`` brackets the sub-attributes of that attribute."""
    name = draw(st.sampled_from([path for path in KINDS if path.startswith(inside)]))
    kind = KINDS[name]
    path = AttrPath(name.removeprefix(inside)) if inside else draw(_spelled(_path(name)))
    return Comparison(path, draw(st.sampled_from(_operators[kind])), draw(_values[kind] | st.none()))


def _logic(leaves: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    several = st.lists(leaves, min_size=2, max_size=3).map(tuple)
    level = leaves | st.builds(And, several) | st.builds(Or, several) | st.builds(Not, leaves)
    pairs = st.lists(level, min_size=2, max_size=2).map(tuple)
    return level | st.builds(And, pairs) | st.builds(Or, pairs) | st.builds(Not, level)


_present = st.sampled_from([*KINDS, *WHOLES]).map(_path).map(Present)
_inner = _logic(_comparisons("parts.") | st.sampled_from(["value", "weight", "nosuch"]).map(AttrPath).map(Present))
_bracketed = st.builds(ValuePath, _spelled(AttrPath("parts")), _inner)
_filters = _logic(_comparisons() | _present | _bracketed)


def _some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: st.none() | value for name, value in members.items()})


_part = _some(
    value=_values["string"], type=_values["string"], primary=_values["boolean"], weight=_values["number"]
)  # fmt: skip
_gadgets = _some(
    title=_values["string"],
    code=_values["exact"],
    externalId=_values["exact"],
    level=_values["number"],
    ratio=_values["number"],
    active=_values["boolean"],
    since=_values["instant"],
    meta=_some(created=_values["instant"]),
    key=_values["binary"],
    link=_values["exact"],
    name=_some(given=_values["string"], rank=_values["number"]),
    tags=st.lists(_values["string"], max_size=3),
    parts=st.lists(_part, max_size=3),
    **{LABEL_URN: _some(colour=_values["string"], owner=_some(value=_values["string"]))},
)


def oracle(f: Filter, resource: dict[str, Any], prefix: str = "") -> bool:
    """Whether ``resource``, or the value at ``prefix`` inside brackets, satisfies the filter."""
    if isinstance(f, And):
        return False not in [oracle(operand, resource, prefix) for operand in f.operands]
    if isinstance(f, Or):
        return True in [oracle(operand, resource, prefix) for operand in f.operands]
    if isinstance(f, Not):
        return not oracle(f.operand, resource, prefix)
    if isinstance(f, ValuePath):
        return True in [oracle(f.filter, {"parts": part}, "parts.") for part in resource.get("parts") or []]
    name = prefix + _plain(f.path)
    if isinstance(f, Present):
        return _anything(_look(resource, name))
    if f.value is None:
        unassigned = not _anything(_look(resource, name))
        return {"eq": unassigned, "ne": not unassigned}.get(f.op, False)
    kind = KINDS[name]
    found = _look(resource, name + ".value" if name in ("parts", f"{LABEL_URN}:owner") else name)
    values = found if isinstance(found, list) else [found]
    return True in [_holds(f.op, _key(value, kind), _key(f.value, kind)) for value in values if value is not None]


def _plain(path: AttrPath) -> str:
    """The one spelling of the path that the tables above have."""
    text = str(path).lower().removeprefix(GADGET_URN.lower() + ":")
    return next((name for name in (*KINDS, *WHOLES) if name.lower() == text), text)


def _look(resource: Any, name: str) -> Any:
    urn, _, rest = name.rpartition(":")
    value = (resource.get(urn) or {}) if urn else resource
    for step in rest.split("."):
        if isinstance(value, list):
            value = [item.get(step) for item in value if isinstance(item, dict)]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _anything(value: Any) -> bool:
    if isinstance(value, dict):
        return True in [_anything(member) for member in value.values()]
    if isinstance(value, list):
        return True in [_anything(item) for item in value]
    return value is not None


def _key(value: Any, kind: str) -> Any:
    if kind == "instant":
        return datetime.fromisoformat(value.replace("Z", "+00:00").replace(".5", ".500000"))
    return value.lower() if kind == "string" else value


def _holds(op: str, left: Any, right: Any) -> bool:
    if op in ("eq", "ne"):
        return (left == right) == (op == "eq")
    if op in ("co", "sw", "ew"):
        return {"co": right in left, "sw": left[: len(right)] == right, "ew": left.endswith(right)}[op]
    return {"gt": left > right, "ge": left >= right, "lt": left < right, "le": left <= right}[op]


@settings(max_examples=400)
@given(_filters, _gadgets)
def test_core_evaluate_agrees_with_the_oracle(f: Filter, resource: dict[str, Any]) -> None:
    assert matches(f, resource, GADGET) == oracle(f, resource)


@settings(max_examples=200)
@given(_filters, _gadgets)
def test_core_equality_terms_are_necessary(f: Filter, resource: dict[str, Any]) -> None:
    """Whatever matches the filter matches each of its terms, so an index loses nothing."""
    if matches(f, resource, GADGET):
        assert all(matches(Comparison(path, "eq", value), resource, GADGET) for path, value in equality_terms(f))


@given(_filters, _gadgets)
def test_core_evaluate_negation_is_complement(f: Filter, resource: dict[str, Any]) -> None:
    assert matches(Not(f), resource, GADGET) != matches(f, resource, GADGET)
