"""RFC 7644 §3.5.2: ``replace`` on every single value of a resource type, sub-attributes and extensions included.

The files on single operations try an attribute or two of each kind; here none is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import check, places
from scimcheck.harness.expected import DERIVED, alike, refers, value_at, with_value
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patched, Patching, holding, operation, settled
from scimcheck.harness.places import path_of
from scimcheck.harness.target import Target

CORE, PARTS, EXTENSION = "RFC7644-3.5.2.3-02", "RFC7644-3.5.2-14", "RFC7644-3.5.2-15"

#: What has consequences beyond its own value, or is made of other values by many a provider.
_APART = frozenset({"active", "displayname", *DERIVED})


@check(CORE, PARTS, EXTENSION, needs=("patch-replace", "read"))
def test_every_single_value_is_replaced(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """One PATCH gives each attribute, each part of an attribute and each attribute of extensions another value."""
    for requirement in (CORE, PARTS, EXTENSION):
        judge.expect(requirement, True, expected="", observed="")
    subject = Patching(scim, scim.some(model))
    wanted = [(place, places.fresh(scim, place, value_at(subject.state, place))) for place in _single_values(model)]
    if not wanted:
        judge.not_applicable(f"{model.name} has no single values that a client may change")
    patched = subject.send(*map(_operation, wanted), told_as=f"replace of {len(wanted)} attributes")
    if patched.exchange.ok:
        _judge_values(judge, patched, wanted)
        return
    # What a rule of the provider's own refuses (RFC 7643 §7) must not keep the rest from being judged.
    for each in wanted:
        patched = subject.send(_operation(each))
        if patched.exchange.ok:
            _judge_values(judge, patched, [each])


@check(PARTS, needs=("patch-replace", "read"))
def test_a_part_is_replaced_without_its_siblings(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """One part of each complex attribute beside the one that other files try: the other parts stay."""
    tried = places.singular_complex(model)
    wholes = {
        located: parts
        for located in model.attributes()
        if (tried is None or located.attribute is not tried.attribute)
        and located.attribute.type is DataType.COMPLEX
        and len(parts := _parts(located)) > 1
    }
    if not wholes:
        judge.not_applicable(f"{model.name} has no further attribute with several parts that a client may change")
    values = [(part, places.fresh(scim, part)) for parts in wholes.values() for part in parts]
    subject = holding(scim, judge, model, *values)
    changes = [(parts[0], places.fresh(scim, parts[0], value_at(subject.state, parts[0]))) for parts in wholes.values()]
    expected = subject.state
    for place, value in changes:
        expected = with_value(expected, place, value)
    settled(judge, PARTS, subject.send(*map(_operation, changes)), expected)


def _operation(wanted: tuple[Located, JSON]) -> JSONObject:
    place, value = wanted
    return operation("replace", path_of(place), value=value)


def _single_values(model: ResourceModel) -> Iterator[Located]:
    """Free single values that stand for themselves: core, parts of complex attributes, extensions."""
    for located in model.attributes():
        attribute = located.attribute
        if attribute.name.lower() in _APART or not places.free(attribute) or refers(attribute):
            continue
        if attribute.type is DataType.COMPLEX:
            yield from _parts(located)
        elif _stands_alone(located):
            yield located


def _parts(located: Located) -> list[Located]:
    """The parts of a complex attribute that a client may set by themselves; none of a reference to a resource."""
    if not places.free(located.attribute) or refers(located.attribute):
        return []
    subs = (places.sub_place(located, sub) for sub in located.attribute.sub_attributes)
    return [place for place in subs if places.free(place.attribute) and _stands_alone(place)]


def _stands_alone(place: Located) -> bool:
    plain = place.attribute.type not in (DataType.COMPLEX, DataType.REFERENCE)
    return plain and place.attribute.name.lower() not in _APART


def _judge_values(judge: Judge, patched: Patched, wanted: Sequence[tuple[Located, JSON]]) -> None:
    """Each value is the new one; a provider that makes something else of it has changed it at least."""
    for requirement in (CORE, PARTS, EXTENSION):
        stale = [
            f"{path_of(place)} is {value_at(patched.after, place)!r} instead of {value!r}"
            for place, value in wanted
            if _clause(place) == requirement and _stale(patched, place, value)
        ]
        judge.expect(
            requirement,
            not stale,
            expected="the values that the operations name",
            observed=f"{patched.exchange.summary()}, and then {'; '.join(stale)}",
            at=patched.evidence,
            subject=f"{patched.model.name}: {patched.told}",
        )


def _clause(place: Located) -> str:
    if place.schema is not None:
        return EXTENSION
    return PARTS if place.parent is not None else CORE


def _stale(patched: Patched, place: Located, value: JSON) -> bool:
    """Whether the old value is still there, or none, where another was set."""
    shown = value_at(patched.after, place)
    if alike(value, shown, place.attribute):
        return False
    return not has_value(shown) or alike(value_at(patched.before, place), shown, place.attribute)
