"""RFC 7644 §3.5.2.2: the operation ``remove``. Group members are in ``test_s3_5_2_members.py``.

Removing without a path is judged with the messages, removing what may not go with mutability.
"""

from __future__ import annotations

from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import elements, of_kind, value_at, with_elements, with_sub, with_value
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import (
    holding,
    lacks_operator,
    no_server_error,
    operation,
    settled,
    typed_holding,
    typed_values,
    unchanged,
)
from scimcheck.harness.target import Target, ids

NOTHING = "no attribute of the resource type fits"


@check("RFC7644-3.5.2.2-02", needs=("patch",), depth="quick")
def test_removal_leaves_an_attribute_unassigned(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Removing a single-valued attribute takes its value away, and nothing else."""
    chosen = [*places.texts(model, optional=True)[:1]]
    chosen += [place for place in places.typed(model) if place.attribute.name.lower() != "active"]
    chosen = [place for place in chosen if not places.required(model, place.attribute)]
    if not chosen:
        judge.not_applicable(NOTHING)
    subject = holding(scim, judge, model, *((place, places.fresh(scim, place)) for place in chosen))
    for place in chosen:
        patched = subject.send(operation("remove", places.path_of(place)))
        settled(judge, "RFC7644-3.5.2.2-02", patched, with_value(patched.before, place, None))


@check("RFC7644-3.5.2.2-03", needs=("patch-remove",))
def test_removal_of_a_list_removes_all_values(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Removing a multi-valued attribute without a filter leaves none of its values."""
    subject, listed, _ = typed_holding(scim, judge, model, 2)
    patched = subject.send(operation("remove", listed.attribute.name))
    settled(judge, "RFC7644-3.5.2.2-03", patched, with_value(patched.before, listed, None))


@check("RFC7644-3.5.2.2-04", needs=("patch-filter",), depth="quick")
def test_removal_by_filter_removes_what_matches(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Removing with a value filter removes exactly the matching values, be it one or several."""
    subject, listed, values = typed_holding(scim, judge, model, 3)
    name = listed.attribute.name
    second = values[1]["type"]
    patched = subject.send(operation("remove", f'{name}[type eq "{second}"]'))
    expected = with_elements(patched.before, listed, lambda item: None if of_kind(second)(item) else item)
    settled(judge, "RFC7644-3.5.2.2-04", patched, expected)
    subject, _, values = typed_holding(scim, judge, model, 3)
    patched = subject.send(operation("remove", f'{name}[type eq "{second}" or type eq "{values[2]["type"]}"]'))
    if lacks_operator(scim, patched, "or"):
        return
    expected = with_elements(patched.before, listed, lambda item: item if of_kind(values[0]["type"])(item) else None)
    settled(judge, "RFC7644-3.5.2.2-04", patched, expected)


@check("RFC7644-3.5.2.2-05", needs=("patch-filter",))
def test_removal_of_the_last_value_leaves_the_list_unassigned(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A multi-valued attribute whose only value was removed is absent, null or empty, and not present to filters."""
    listed, values = typed_values(scim, judge, model, 1)
    name = listed.attribute.name
    subject = holding(scim, judge, model, (listed, values[:1]))
    patched = subject.send(operation("remove", f'{name}[type eq "{values[0]["type"]}"]'))
    settled(judge, "RFC7644-3.5.2.2-05", patched, with_value(patched.before, listed, None))
    if patched.exchange.ok and scim.capabilities.works("filter", model):
        found = scim.search(model.endpoint, f'{name} pr and id eq "{subject.resource.id}"')
        judge.expect(
            "RFC7644-3.5.2.2-05",
            found.status != 200 or subject.resource.id not in ids(found.resources),
            expected=f"no match for {name} pr",
            observed="the resource without values is found",
            at=(*patched.evidence, found),
        )


@check("RFC7644-3.5.2.2-06", needs=("patch-filter",))
def test_removal_of_a_sub_attribute_keeps_the_values(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Removing a sub-attribute of selected values leaves the values, their other parts, and other values."""
    listed = places.collection(model, subs=2)
    if listed is None or len(places.kinds(listed)) < 2:
        judge.not_applicable(NOTHING)
    values = places.three(scim, listed)
    sub = next(s.attribute for s in reversed(places.sub_texts(listed)) if not s.attribute.required)
    subject = holding(scim, judge, model, (listed, values))
    kind = values[1]["type"]
    patched = subject.send(operation("remove", f'{listed.attribute.name}[type eq "{kind}"].{sub.name}'))
    settled(judge, "RFC7644-3.5.2.2-06", patched, with_sub(patched.before, listed, of_kind(kind), sub.name, None))


@check("RFC7644-3.5.2.2-07", needs=("patch-remove", "User"))
def test_removal_of_a_sub_attribute_leaves_its_siblings(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Removing a sub-attribute of a singular complex attribute leaves the rest of it."""
    group = places.singular_complex(model)
    if group is None:
        judge.not_applicable(NOTHING)
    subs = places.sub_texts(group)[:3]
    subject = holding(scim, judge, model, *((sub, places.fresh(scim, sub)) for sub in subs))
    gone = next((sub for sub in reversed(subs) if not sub.attribute.required), subs[-1])
    patched = subject.send(operation("remove", places.path_of(gone)))
    settled(judge, "RFC7644-3.5.2.2-07", patched, with_value(patched.before, gone, None))


@check("RFC7644-3.5.2.2-02", needs=("patch-remove", "User"))
def test_removal_of_a_complex_attribute(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Removing a singular complex attribute takes all of it away."""
    group = places.singular_complex(model)
    if group is None or group.attribute.required:
        judge.not_applicable(NOTHING)
    subs = places.sub_texts(group)[:2]
    subject = holding(scim, judge, model, *((sub, places.fresh(scim, sub)) for sub in subs))
    patched = subject.send(operation("remove", places.path_of(group)))
    settled(judge, "RFC7644-3.5.2.2-02", patched, with_value(patched.before, group, None))


@check("RFC7644-3.5.2.2-09", needs=("patch",))
def test_removal_of_what_is_absent(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Removing what is not there succeeds or is refused; it never breaks down or takes something else away."""
    listed = places.collection(model)
    values = places.three(scim, listed)[:1] if listed else []
    subject = holding(scim, judge, model, *([(listed, values)] if listed else []))
    paths = [places.path_of(place) for place in places.optional_texts(model, subject.state)[:1]]
    if listed and scim.capabilities.works("patch-filter", model):
        paths.append(f'{listed.attribute.name}[type eq "{scim.unique("kind")}"]')
    group = places.singular_complex(model)
    if group and value_at(subject.state, group) is None:
        paths.append(places.path_of(places.sub_texts(group)[0]))
    if not paths:
        judge.not_applicable(NOTHING)
    for path in paths:
        patched = subject.send(operation("remove", path))
        if no_server_error(judge, "RFC7644-3.5.2.2-09", patched):
            unchanged(judge, "RFC7644-3.5.2.2-09", patched)


@check("RFC7644-3.5.2.2-03", needs=("patch-remove",))
def test_removal_of_a_list_of_simple_values(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A list of simple values goes as a whole."""
    place = places.simple_list(model)
    if place is None:
        judge.not_applicable(NOTHING)
    subject = holding(scim, judge, model, (place, [scim.unique("a"), scim.unique("b")]))
    patched = subject.send(operation("remove", places.path_of(place)))
    settled(judge, "RFC7644-3.5.2.2-03", patched, with_value(patched.before, place, None))


@check("RFC7644-3.5.2.2-04", needs=("patch-filter",))
def test_removal_by_filter_spares_unmatched_twins(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Among two values of one type a second condition tells which one goes."""
    listed, values = typed_values(scim, judge, model, 2)
    sub = places.sub_texts(listed)[0].attribute.name
    twins = [values[0], {**values[1], "type": values[0]["type"]}]
    subject = holding(scim, judge, model, (listed, twins))
    condition = f'type eq "{twins[0]["type"]}" and {sub} eq "{twins[1][sub]}"'
    patched = subject.send(operation("remove", f"{listed.attribute.name}[{condition}]"))
    if lacks_operator(scim, patched, "and"):
        judge.blocked("RFC7644-3.4.2.2-25", "the target knows no and in filters")
    left = [item for item in elements(patched.before, listed) if str(item.get(sub)) != str(twins[1][sub])]
    settled(judge, "RFC7644-3.5.2.2-04", patched, with_value(patched.before, listed, left))
