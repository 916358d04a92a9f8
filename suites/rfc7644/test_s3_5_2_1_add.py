"""RFC 7644 §3.5.2.1: the operation ``add``. Group members are in ``test_s3_5_2_members.py``."""

from __future__ import annotations

from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import parse_instant
from scimcheck.harness import check, places
from scimcheck.harness.expected import differences, elements, of_kind, value_at, with_value
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patched, Patching, holding, no_server_error, operation, settled, typed_values
from scimcheck.harness.target import Target

NOTHING = "no attribute of the resource type fits"


@check("RFC7644-3.5.2.1-04", needs=("patch",), depth="quick")
def test_addition_to_an_absent_attribute(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Adding to an attribute without a value gives it the value."""
    subject = Patching(scim, scim.create(model))
    absent = places.optional_texts(model, subject.state)[:1]
    absent += [place for place in places.typed(model) if value_at(subject.state, place) is None]
    if not absent:
        judge.not_applicable(NOTHING)
    for place in absent:
        value = places.fresh(scim, place)
        patched = subject.send(operation("add", places.path_of(place), value=value))
        settled(judge, "RFC7644-3.5.2.1-04", patched, with_value(patched.before, place, value))


@check("RFC7644-3.5.2.1-07", needs=("patch",))
def test_addition_to_a_present_attribute_replaces_its_value(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Adding to a single-valued attribute that has a value replaces the value."""
    chosen = [*places.texts(model)[:1], *places.typed(model)]
    subject = holding(scim, judge, model, *((place, places.fresh(scim, place)) for place in chosen))
    for place in chosen:
        value = places.fresh(scim, place, value_at(subject.state, place))
        patched = subject.send(operation("add", places.path_of(place), value=value))
        settled(judge, "RFC7644-3.5.2.1-07", patched, with_value(patched.before, place, value))


@check("RFC7644-3.5.2.1-02", needs=("patch-add",))
def test_addition_without_path_adds_each_attribute(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Without path the value is a set of attributes; each is added, lists included."""
    listed, value = places.collection(model), {}
    subject = holding(scim, judge, model, *([(listed, places.three(scim, listed)[:1])] if listed else []))
    expected = subject.state
    for place in [*places.optional_texts(model, subject.state)[:2], *places.texts(model)[:1]]:
        value[place.attribute.name] = new = places.fresh(scim, place)
        expected = with_value(expected, place, new)
    if listed and len(places.kinds(listed)) > 1:
        more = places.three(scim, listed)[1]
        value[listed.attribute.name] = [more]
        expected = with_value(expected, listed, [*elements(expected, listed), more])
    settled(judge, "RFC7644-3.5.2.1-02", subject.send(operation("add", value=value)), expected)


@check("RFC7644-3.5.2.1-05", needs=("patch-add", "User"))
def test_addition_to_a_complex_attribute_adds_sub_attributes(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Adding a set of sub-attributes sets them; that the others stay is expected, but not clear from the standard."""
    group = places.singular_complex(model)
    if group is None:
        judge.not_applicable(NOTHING)
    first, second, *_ = places.sub_texts(group)
    subject = holding(scim, judge, model, (second, places.fresh(scim, second)))
    value = places.fresh(scim, first)
    patched = subject.send(operation("add", group.attribute.name, value={first.attribute.name: value}))
    merged = with_value(patched.before, first, value)
    alone = with_value(patched.before, group, {first.attribute.name: value})
    if settled(judge, "RFC7644-3.5.2.1-05", patched, merged, alone) and differences(merged, patched.after, model):
        judge.advise(
            "RFC7644-3.5.2.1-05",
            expected=f"{places.path_of(second)} stays",
            observed="the other sub-attributes are gone",
            at=patched.evidence,
        )


@check("RFC7644-3.5.2.1-12", needs=("patch-add", "User"))
def test_addition_to_a_sub_attribute_leaves_its_siblings(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Adding at the path of a sub-attribute sets just that one, whether it had a value or not."""
    group = places.singular_complex(model)
    if group is None:
        judge.not_applicable(NOTHING)
    first, second, third, *_ = places.sub_texts(group)
    subject = holding(scim, judge, model, *((sub, places.fresh(scim, sub)) for sub in (first, second)))
    for sub in (third, first):
        value = places.fresh(scim, sub, value_at(subject.state, sub))
        patched = subject.send(operation("add", places.path_of(sub), value=value))
        settled(judge, "RFC7644-3.5.2.1-12", patched, with_value(patched.before, sub, value))


@check("RFC7644-3.5.2.1-06", needs=("patch",))
def test_addition_to_a_list_keeps_what_is_there(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Values added to a multi-valued attribute, alone or as an array, join those that are there."""
    listed, (first, second, third) = typed_values(scim, judge, model, 3)
    name = listed.attribute.name
    subject = holding(scim, judge, model, (listed, [first]))
    patched = subject.send(operation("add", name, value=[second]))
    if settled(judge, "RFC7644-3.5.2.1-06", patched, with_value(patched.before, listed, [first, second])):
        patched = subject.send(operation("add", name, value=third))
        settled(judge, "RFC7644-3.5.2.1-06", patched, with_value(patched.before, listed, [first, second, third]))
    empty = Patching(scim, scim.some(model, lambda state: not elements(state, listed)))
    if not elements(empty.state, listed):
        others = places.three(scim, listed)  # they may have to be unique
        patched = empty.send(operation("add", name, value=others))
        settled(judge, "RFC7644-3.5.2.1-06", patched, with_value(patched.before, listed, others))


@check("RFC7644-3.5.2.1-06", needs=("patch",))
def test_addition_to_a_list_of_simple_values(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Simple values, too, join those of a multi-valued attribute."""
    place = places.simple_list(model)
    if place is None:
        judge.not_applicable(NOTHING)
    first, second, third = (scim.unique(place.attribute.name) for _ in range(3))
    subject = holding(scim, judge, model, (place, [first]))
    patched = subject.send(operation("add", places.path_of(place), value=[second, third]))
    settled(judge, "RFC7644-3.5.2.1-06", patched, with_value(patched.before, place, [first, second, third]))


def _repeat(scim: Target, judge: Judge, model: ResourceModel) -> list[Patched]:
    """Requests that add what is there already: a text, and one of two values of a list."""
    text = places.texts(model)[0]
    listed = places.collection(model)
    values = places.three(scim, listed)[:2] if listed else []
    subject = holding(scim, judge, model, (text, places.fresh(scim, text)), *([(listed, values)] if listed else []))
    value = value_at(subject.state, text)
    bodies = [operation("add", places.path_of(text), value=value)]
    if listed:
        held = next(filter(of_kind(values[0]["type"]), elements(subject.state, listed)), values[0])
        # A provider may show one value as primary of its own accord; to send that back would be a change.
        again = {name: part for name, part in held.items() if name != "primary"}
        bodies += [
            operation("add", listed.attribute.name, value=[again]),
            operation("add", value={text.attribute.name: value}),
        ]
    return [subject.send(body) for body in bodies]


@check("RFC7644-3.5.2.1-08", "RFC7644-3.5.2.1-09", needs=("patch-add",))
def test_addition_of_what_is_there_changes_nothing(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Adding a value that exists succeeds, doubles nothing and does not move ``meta.lastModified``."""
    for patched in _repeat(scim, judge, model):
        same = settled(judge, "RFC7644-3.5.2.1-08", patched, patched.before)
        old, new = _modified(patched.before), _modified(patched.after)
        if not same or old is None:
            judge.skip("RFC7644-3.5.2.1-09", "the resource has changed, or has no meta.lastModified")
            continue
        judge.expect(
            "RFC7644-3.5.2.1-09",
            new is not None and parse_instant(new) == parse_instant(old),
            expected=f"meta.lastModified still {old}",
            observed=f"meta.lastModified {new!r}",
            at=patched.evidence,
            subject=f"{model.name}: {patched.told}",
        )


def _modified(state: JSONObject) -> str | None:
    meta = state.get("meta")
    value = meta.get("lastModified") if isinstance(meta, dict) else None
    return value if isinstance(value, str) and parse_instant(value) else None


@check("RFC7644-3.5.2.1-11", needs=("patch-filter",))
def test_addition_behind_a_filter_without_match(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An add whose value filter matches nothing is refused or creates a value; the others stay as they are."""
    listed, (first, second, _) = typed_values(scim, judge, model, 2)
    sub = places.sub_texts(listed)[0]
    subject = holding(scim, judge, model, (listed, [first]))
    value = second[sub.attribute.name]
    path = f'{listed.attribute.name}[type eq "{second["type"]}"].{sub.attribute.name}'
    patched = subject.send(operation("add", path, value=value))
    if not no_server_error(judge, "RFC7644-3.5.2.1-11", patched):
        return
    left = [item for item in elements(patched.after, listed) if not of_kind(second["type"])(item)]
    kept = with_value(patched.after, listed, left)
    wrong = differences(with_value(patched.before, listed, elements(patched.before, listed)), kept, model)
    judge.expect(
        "RFC7644-3.5.2.1-11",
        not wrong,
        expected="no other value is touched",
        observed=f"{patched.exchange.summary()}, and then {'; '.join(wrong)}",
        at=patched.evidence,
    )
