"""RFC 7644 §3.5.2.3: the operation ``replace``. Group members are in ``test_s3_5_2_members.py``."""

from __future__ import annotations

from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import of_kind, value_at, with_elements, with_sub, with_value
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import (
    Patching,
    holding,
    keyword,
    lacks_operator,
    operation,
    refused,
    settled,
    typed_holding,
    typed_values,
)
from scimcheck.harness.target import Target

NOTHING = "no attribute of the resource type fits"


@check("RFC7644-3.5.2.3-02", needs=("patch",), depth="quick")
def test_replacement_of_a_simple_value(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Replacing a single-valued attribute sets the new value and touches nothing else."""
    chosen = [*places.texts(model)[:2], *places.typed(model)]
    subject = holding(scim, judge, model, *((place, places.fresh(scim, place)) for place in chosen))
    for place in chosen:
        value = places.fresh(scim, place, value_at(subject.state, place))
        patched = subject.send(operation("replace", places.path_of(place), value=value))
        settled(judge, "RFC7644-3.5.2.3-02", patched, with_value(patched.before, place, value))


@check("RFC7644-3.5.2.3-02", needs=("patch-replace",))
def test_replacement_of_a_boolean_both_ways(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A boolean can be set to false and back to true."""
    place = next((p for p in places.typed(model) if p.attribute.type.value == "boolean"), None)
    if place is None:
        judge.not_applicable(NOTHING)
    subject = Patching(scim, scim.some(model))
    for value in (False, True, False):
        patched = subject.send(operation("replace", places.path_of(place), value=value))
        settled(judge, "RFC7644-3.5.2.3-02", patched, with_value(patched.before, place, value))


@check("RFC7644-3.5.2.3-02", needs=("patch-replace",), every_type="deep")
def test_replacement_keeps_every_character(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A text with quotation marks, brackets, a backslash and letters of other alphabets is stored as sent."""
    place = places.texts(model)[0]
    subject = Patching(scim, scim.some(model))
    value = f'{scim.unique("text")} "Ž" \\ [x] <é> 漢字 & %41'
    patched = subject.send(operation("replace", places.path_of(place), value=value))
    if patched.exchange.status == 400 and patched.exchange.scim_type == "invalidValue":
        told = patched.exchange.summary()  # a rule of the provider's own may refuse some characters (RFC 7643 §7)
        judge.advise("RFC7644-3.5.2.3-02", expected="the text, as sent", observed=told, at=patched.exchange)
        return
    settled(judge, "RFC7644-3.5.2.3-02", patched, with_value(patched.before, place, value))


@check("RFC7644-3.5.2.3-04", needs=("patch-replace",))
def test_replacement_of_an_absent_attribute_adds_it(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Replacing what has no value sets it: simple, complex, below a complex attribute, and multi-valued."""
    subject = Patching(scim, scim.create(model))
    absent = [(place, places.fresh(scim, place)) for place in places.optional_texts(model, subject.state)[:1]]
    group, listed = places.singular_complex(model), places.collection(model)
    if group and value_at(subject.state, group) is None:
        sub = places.sub_texts(group)[0]
        absent.append((sub, places.fresh(scim, sub)))
    if listed and value_at(subject.state, listed) is None:
        absent.append((listed, [*places.three(scim, listed)[:1]]))
    if not absent:
        judge.not_applicable(NOTHING)
    for place, value in absent:
        patched = subject.send(operation("replace", places.path_of(place), value=value))
        settled(judge, "RFC7644-3.5.2.3-04", patched, with_value(patched.before, place, value))


@check("RFC7644-3.5.2.3-01", needs=("patch-replace",), depth="quick")
def test_replacement_without_path(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Without path the value is a set of attributes; each is replaced, and the others stay."""
    listed = places.collection(model)
    values = places.three(scim, listed) if listed else []
    text, *others = places.texts(model)
    held = [(place, places.fresh(scim, place)) for place in others[:1]]
    subject = holding(scim, judge, model, *held, *([(listed, values[:2])] if listed else []))
    value: JSONObject = {text.attribute.name: places.fresh(scim, text)}
    expected = with_value(subject.state, text, value[text.attribute.name])
    if listed and len(values) > 2:
        value[listed.attribute.name] = values[2:]
        expected = with_value(expected, listed, values[2:])
    settled(judge, "RFC7644-3.5.2.3-01", subject.send(operation("replace", value=value)), expected)


@check("RFC7644-3.5.2.3-05", needs=("patch-replace", "User"), depth="quick")
def test_replacement_of_a_complex_attribute_merges(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Replacing a complex attribute sets the given sub-attributes and leaves those not mentioned."""
    group = places.singular_complex(model)
    if group is None:
        judge.not_applicable(NOTHING)
    subs = places.sub_texts(group)[:3]
    first = subs[0]
    subject = holding(scim, judge, model, *((sub, places.fresh(scim, sub)) for sub in subs))
    value = places.fresh(scim, first, value_at(subject.state, first))
    patched = subject.send(operation("replace", group.attribute.name, value={first.attribute.name: value}))
    settled(judge, "RFC7644-3.5.2.3-05", patched, with_value(patched.before, first, value))


@check("RFC7644-3.5.2.3-02", needs=("patch-replace", "User"))
def test_replacement_of_a_sub_attribute_leaves_its_siblings(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Replacing a sub-attribute sets just that one."""
    group = places.singular_complex(model)
    if group is None:
        judge.not_applicable(NOTHING)
    subs = places.sub_texts(group)[:3]
    subject = holding(scim, judge, model, *((sub, places.fresh(scim, sub)) for sub in subs))
    for sub in subs:
        value = places.fresh(scim, sub, value_at(subject.state, sub))
        patched = subject.send(operation("replace", places.path_of(sub), value=value))
        settled(judge, "RFC7644-3.5.2.3-02", patched, with_value(patched.before, sub, value))


@check("RFC7644-3.5.2.3-03", needs=("patch-replace",))
def test_replacement_of_a_list_substitutes_it(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Replacing a multi-valued attribute without filter leaves the new values, and none of the old."""
    listed, (first, second, third) = typed_values(scim, judge, model, 3)
    subject = holding(scim, judge, model, (listed, [first, second]))
    for values in ([third], [first, second]):
        patched = subject.send(operation("replace", listed.attribute.name, value=values))
        settled(judge, "RFC7644-3.5.2.3-03", patched, with_value(patched.before, listed, values))


@check("RFC7644-3.5.2.3-03", needs=("patch-replace",))
def test_replacement_of_a_list_of_simple_values(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A list of simple values is substituted, too."""
    place = places.simple_list(model)
    if place is None:
        judge.not_applicable(NOTHING)
    subject = holding(scim, judge, model, (place, [scim.unique("a"), scim.unique("b")]))
    value = [scim.unique("c"), scim.unique("d")]
    patched = subject.send(operation("replace", places.path_of(place), value=value))
    settled(judge, "RFC7644-3.5.2.3-03", patched, with_value(patched.before, place, value))


@check("RFC7644-3.5.2.3-06", needs=("patch-filter",))
def test_replacement_behind_a_filter_affects_all_matches(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """With two values of one type, both get the new sub-attribute, and a third one does not."""
    listed, values = typed_values(scim, judge, model, 2, subs=2)
    kind = values[0]["type"]
    twins = [values[0], {**values[1], "type": kind}, {**values[2 % len(values)], "type": values[1]["type"]}]
    subject = holding(scim, judge, model, (listed, twins))
    sub = places.sub_texts(listed)[1]
    value = places.fresh(scim, sub, *(item[sub.attribute.name] for item in twins))
    path = f'{listed.attribute.name}[type eq "{kind}"].{sub.attribute.name}'
    patched = subject.send(operation("replace", path, value=value))
    expected = with_sub(patched.before, listed, of_kind(kind), sub.attribute.name, value)
    settled(judge, "RFC7644-3.5.2.3-06", patched, expected)


@check("RFC7644-3.5.2.3-07", needs=("patch-filter",))
def test_replacement_of_a_selected_value(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Replacing a selected value with a complete one sets it to that, and leaves the other values."""
    subject, listed, values = typed_holding(scim, judge, model, 2)
    kind = values[1]["type"]
    new = {**places.three(scim, listed)[1], "type": kind}
    patched = subject.send(operation("replace", f'{listed.attribute.name}[type eq "{kind}"]', value=new))
    expected = with_elements(patched.before, listed, lambda item: new if of_kind(kind)(item) else item)
    settled(judge, "RFC7644-3.5.2.3-07", patched, expected)


@check("RFC7644-3.5.2.3-08", needs=("patch-filter",), depth="quick")
def test_replacement_behind_a_filter_changes_one_sub_attribute(
    scim: Target, judge: Judge, model: ResourceModel
) -> None:
    """The other sub-attributes of the selected value, and the other values, stay."""
    for subs in (1, 2):
        subject, listed, values = typed_holding(scim, judge, model, 2, subs)
        kind = values[1]["type"]
        sub = places.sub_texts(listed)[0]
        value = places.fresh(scim, sub, *(item[sub.attribute.name] for item in values))
        path = f'{listed.attribute.name}[type eq "{kind}"].{sub.attribute.name}'
        patched = subject.send(operation("replace", path, value=value))
        expected = with_sub(patched.before, listed, of_kind(kind), sub.attribute.name, value)
        settled(judge, "RFC7644-3.5.2.3-08", patched, expected)
        if places.collection(model, subs=2) in (None, listed):
            break


@check("RFC7644-3.5.2.3-09", "RFC7644-3.12-23", needs=("patch-filter",))
def test_replacement_without_match_has_no_target(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Replacing behind a value filter that matches nothing answers 400 noTarget and changes nothing."""
    listed, values = typed_values(scim, judge, model, 2)
    name, sub = listed.attribute.name, places.sub_texts(listed)[0].attribute.name
    new = places.three(scim, listed)[1]
    kind = values[1]["type"]
    subject = holding(scim, judge, model, (listed, values[:1]))
    for path, value in (
        (f'{name}[type eq "{kind}"].{sub}', new[sub]),
        (f'{name}[type eq "{kind}"]', new),
        (f'{name}[type eq "{values[0]["type"]}" and {sub} eq "{new[sub]}"].{sub}', new[sub]),
    ):
        patched = subject.send(operation("replace", path, value=value))
        if " and " in path and lacks_operator(scim, patched, "and"):
            continue
        if refused(judge, "RFC7644-3.5.2.3-09", patched):
            judge.expect(
                "RFC7644-3.5.2.3-09",
                patched.exchange.scim_type == "noTarget",
                expected="400 with scimType noTarget",
                observed=f"{patched.exchange.summary()} with scimType {patched.exchange.scim_type!r}",
                at=patched.evidence,
            )
        keyword(judge, "RFC7644-3.12-23", patched, "noTarget")
