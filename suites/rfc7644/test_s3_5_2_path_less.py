"""RFC 7644 §3.5.2.1, §3.5.2.3: operations without path whose value holds complex attributes and extensions.

Those that hold texts and lists alone are in ``…_add`` and ``…_replace``, those that begin an
extension in ``…_extension``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import alike, differences, value_at, with_value
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patched, Patching, holding, operation, settled
from scimcheck.harness.target import Target

ADD, ADD_EXTENSION, ADD_PART = "RFC7644-3.5.2.1-02", "RFC7644-3.5.2.1-03", "RFC7644-3.5.2.1-05"
REPLACE = "RFC7644-3.5.2.3-01"
ANY_CASE = "RFC7643-2.1-01"


def _pairs(model: ResourceModel) -> list[tuple[Located, Located]]:
    """Two texts of a complex attribute, two of an extension: where a change of one may harm the other."""
    whole = places.singular_complex(model)
    found = [places.sub_texts(whole)[:2]] if whole else []
    extended = places.extension_texts(model)
    found.append([place for place in extended if place.schema == extended[0].schema][:2])
    return [(pair[0], pair[1]) for pair in found if len(pair) == 2]


def _value(changes: Sequence[tuple[Located, JSON]]) -> JSONObject:
    """A value without path that holds nothing but these, each in its container."""
    value: JSONObject = {}
    for place, text in changes:
        home = value if place.schema is None else value.setdefault(place.schema, {})
        if place.parent is not None:
            home = home.setdefault(place.parent.name, {})
        home[place.attribute.name] = text
    return value


def _after(patched: Patched, changes: Sequence[tuple[Located, JSON]]) -> JSONObject:
    expected = patched.before
    for place, text in changes:
        expected = with_value(expected, place, text)
    return expected


def _subject(scim: Target, judge: Judge, model: ResourceModel) -> tuple[Patching, list[tuple[Located, Located]]]:
    pairs = _pairs(model)
    if not pairs:
        judge.not_applicable(f"{model.name} has neither a complex attribute nor an extension with two texts")
    held = [(place, places.fresh(scim, place)) for pair in pairs for place in pair]
    return holding(scim, judge, model, *held), pairs


@check(REPLACE, needs=("patch-replace",))
def test_replacement_of_parts(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A replace without path that names a part of a complex attribute or of an extension leaves the other parts."""
    subject, pairs = _subject(scim, judge, model)
    changes = [(place, places.fresh(scim, place)) for place, _ in pairs]
    patched = subject.send(operation("replace", value=_value(changes)))
    settled(judge, REPLACE, patched, _after(patched, changes))


@check(ADD, ADD_EXTENSION, ADD_PART, needs=("patch-add",))
def test_addition_of_parts(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An add without path sets parts of complex attributes and of extensions, and leaves the other parts."""
    subject, pairs = _subject(scim, judge, model)
    changes = [(place, places.fresh(scim, place)) for place, _ in pairs]
    patched = subject.send(operation("add", value=_value(changes)))
    judge.demand(
        ADD, patched.exchange.ok, expected="success (200 or 204)", observed=patched.answer, at=patched.evidence
    )
    for requirement in (ADD, ADD_EXTENSION, ADD_PART):
        judge.expect(requirement, True, expected="", observed="", at=patched.evidence)
    for change, (_, other) in zip(changes, pairs, strict=True):
        _judge_added(judge, patched, change, other)


def _judge_added(judge: Judge, patched: Patched, change: tuple[Located, JSON], other: Located) -> None:
    """Judge one change of an addition: the part itself, and the one beside it, which only extensions have to keep."""
    place, text = change
    judge.expect(
        ADD_EXTENSION if place.schema else ADD,
        alike(text, value_at(patched.after, place), place.attribute),
        expected=f"{places.path_of(place)} {text!r}",
        observed=f"{patched.exchange.summary()}, and then {value_at(patched.after, place)!r}",
        at=patched.evidence,
    )
    before, after = (value_at(state, other) for state in (patched.before, patched.after))
    if alike(before, after, other.attribute):
        return
    told: dict[str, Any] = {
        "expected": f"{places.path_of(other)} {before!r}, which the operation does not name",
        "observed": f"{patched.exchange.summary()}, and then {after!r}",
        "at": patched.evidence,
    }
    if place.schema:
        judge.expect(ADD_EXTENSION, False, **told)
    else:
        judge.advise(ADD_PART, **told)


@check(ANY_CASE, needs=("patch-replace",), every_type="deep")
def test_names_in_a_value_in_any_letter_case(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The names of attributes in a value without path may be written in any letter case."""
    place = places.texts(model)[0]
    subject = Patching(scim, scim.create(model))
    usual = (place, places.fresh(scim, place))
    patched = subject.send(operation("replace", value={place.attribute.name.upper(): usual[1]}))
    if patched.exchange.ok and not differences(_after(patched, [usual]), patched.after, model):
        judge.expect(ANY_CASE, True, expected="", observed="", at=patched.evidence)
        return
    control = subject.send(operation("replace", value=_value([usual])))
    if differences(_after(control, [usual]), control.after, model):
        judge.blocked(REPLACE, f"the name in its usual spelling does not work either: {control.answer}")
    judge.expect(
        ANY_CASE,
        False,
        expected=f"{place.attribute.name.upper()} understood as {place.attribute.name}",
        observed=f"{patched.answer}, and then {value_at(patched.after, place)!r}",
        at=patched.evidence,
    )
