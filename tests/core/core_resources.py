"""Hypothesis strategies for attribute values, and for Badges as their schemas define them."""

from __future__ import annotations

from typing import Any

from core_patching import BADGE, BADGE_URN, LOCK_URN
from hypothesis import strategies as st

from scimcheck.core.characteristics import DataType
from scimcheck.core.schema import Attribute

#: Few words, so that values meet each other; some differ by letter case alone.
words = st.sampled_from(["a", "A", "b", "work", "Work", "straße", "ß", "日本", "x y"])

_SCALARS: dict[DataType, st.SearchStrategy[Any]] = {
    DataType.STRING: words,
    DataType.BOOLEAN: st.booleans(),
    DataType.DECIMAL: st.sampled_from([0, 1.5, -2]),
    DataType.INTEGER: st.integers(-3, 3),
    DataType.DATE_TIME: st.sampled_from(["2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00"]),
    DataType.BINARY: st.sampled_from(["", "aGk=", "aGk"]),
    DataType.REFERENCE: st.sampled_from(["https://example.test/Users/a", "../Users/b"]),
}


def single(attribute: Attribute) -> st.SearchStrategy[Any]:
    """One value of the attribute; complex values have what is required."""
    if attribute.type is not DataType.COMPLEX:
        return _SCALARS[attribute.type]
    needed = {sub.name: value(sub) for sub in attribute.sub_attributes if sub.required}
    free = {sub.name: value(sub) for sub in attribute.sub_attributes if not sub.required}
    return st.fixed_dictionaries(needed, optional=free)


def value(attribute: Attribute) -> st.SearchStrategy[Any]:
    """A value of the attribute: a list when it is multi-valued, with at most one primary value."""
    if not attribute.multi_valued:
        return single(attribute)
    return st.lists(single(attribute), min_size=1, max_size=4).map(_one_primary)


def _one_primary(items: list[Any]) -> list[Any]:
    seen = False
    found = []
    for item in items:
        if isinstance(item, dict) and item.get("primary"):
            item = {**item, "primary": not seen}
            seen = True
        found.append(item)
    return found


def _container(attributes: tuple[Attribute, ...]) -> st.SearchStrategy[dict[str, Any]]:
    needed = {a.name: value(a) for a in attributes if a.required}
    return st.fixed_dictionaries(needed, optional={a.name: value(a) for a in attributes if not a.required})


@st.composite
def badges(draw: st.DrawFn) -> dict[str, Any]:
    """A stored Badge of any content."""
    found: dict[str, Any] = {"schemas": [BADGE_URN], "id": draw(words), **draw(_container(BADGE.core.attributes))}
    if draw(st.booleans()):
        found[LOCK_URN] = draw(_container(BADGE.extensions[0].attributes))
        found["schemas"] = [BADGE_URN, LOCK_URN]
    return found


def writable() -> list[Attribute]:
    """The Badge's attributes that any client may change at any time."""
    return [a for a in BADGE.core.attributes if a.mutability.value in ("readWrite", "writeOnly")]


@st.composite
def operations(draw: st.DrawFn) -> dict[str, Any]:
    """An operation on a Badge, sensible or not."""
    attribute = draw(st.sampled_from(BADGE.core.attributes))
    path = draw(st.sampled_from([attribute.name, attribute.name.upper(), f"{BADGE_URN}:{attribute.name}"]))
    given: Any = value(attribute) | single(attribute)
    if attribute.sub_attributes and draw(st.booleans()):
        sub = draw(st.sampled_from(attribute.sub_attributes))
        selection = draw(st.sampled_from(["", '[value eq "a"]', '[type eq "work"]', "[value pr]"]))
        path, given = f"{path}{selection}.{sub.name}", value(sub)
    odd = st.none() | st.just("") | st.just([]) | st.just({}) | st.just({"value": "x"}) | words
    kind = draw(st.sampled_from(["add", "replace", "remove", "Add"]))
    step: dict[str, Any] = {"op": kind, "path": path, "value": draw(given | odd)}
    if kind != "remove" and draw(st.integers(0, 4)) == 0:
        step = {"op": kind, "value": {attribute.name: draw(given | odd), "unknown": 1}}
    return step
