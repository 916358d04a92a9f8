"""RFC 7644 §3.5.2: several operations in one request: their order, and that all or none take effect."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.core.json import JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import differences, elements, of_kind, with_sub, with_value
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patched, Patching, Step, holding, operation, settled
from scimcheck.harness.target import Target


@check("RFC7644-3.5.2-18", needs=("patch-replace",), every_type="deep")
def test_later_operations_win(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Of two replacements of one attribute the later one counts, even when it restores the first state."""
    subject = Patching(scim, scim.some(model))
    place = places.texts(model)[0]
    path = places.path_of(place)
    first, second = places.fresh(scim, place), places.fresh(scim, place)
    for one, other in ((first, second), (second, first)):
        patched = subject.send(operation("replace", path, value=one), operation("replace", path, value=other))
        settled(judge, "RFC7644-3.5.2-18", patched, with_value(patched.before, place, other))


@check("RFC7644-3.5.2-18", needs=("patch-add", "patch-remove"))
def test_operations_take_effect_in_their_order(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Adding and then removing leaves nothing; removing and then adding leaves what was added."""
    place = places.texts(model, optional=True)[0]
    path = places.path_of(place)
    subject = holding(scim, judge, model, (place, places.fresh(scim, place)))
    value = places.fresh(scim, place)
    patched = subject.send(operation("remove", path), operation("add", path, value=value))
    settled(judge, "RFC7644-3.5.2-18", patched, with_value(patched.before, place, value))
    patched = subject.send(operation("add", path, value=places.fresh(scim, place)), operation("remove", path))
    settled(judge, "RFC7644-3.5.2-18", patched, with_value(patched.before, place, None))


@check("RFC7644-3.5.2-18", needs=("patch-filter", "patch-add"))
def test_operations_see_the_result_of_earlier_ones(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A value added by one operation can be selected by the next."""
    listed = places.collection(model)
    if listed is None or len(places.kinds(listed)) < 2:
        judge.not_applicable(f"{model.name} has no list of values with types")
    first, second, *_ = places.three(scim, listed)
    sub = places.sub_texts(listed)[0]
    new = places.fresh(scim, sub, first[sub.attribute.name], second[sub.attribute.name])
    subject = holding(scim, judge, model, (listed, [first]))
    path = f'{listed.attribute.name}[type eq "{second["type"]}"].{sub.attribute.name}'
    patched = subject.send(
        operation("add", listed.attribute.name, value=[second]), operation("replace", path, value=new)
    )
    joined = with_value(patched.before, listed, [*elements(patched.before, listed), second])
    expected = with_sub(joined, listed, of_kind(second["type"]), sub.attribute.name, new)
    settled(judge, "RFC7644-3.5.2-18", patched, expected)


@check("RFC7644-3.5.2-18", needs=("patch-replace",), every_type="deep")
def test_all_operations_take_effect(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Operations on different attributes, with a path and without, all take effect."""
    subject = Patching(scim, scim.some(model))
    chosen = places.texts(model)[:3]
    if len(chosen) < 2:
        judge.not_applicable(f"{model.name} has just one text to change")
    values = [places.fresh(scim, place) for place in chosen]
    expected = subject.state
    for place, value in zip(chosen, values, strict=True):
        expected = with_value(expected, place, value)
    bodies = [
        operation("replace", places.path_of(place), value=value) for place, value in zip(chosen, values, strict=True)
    ]
    bodies[1] = operation("replace", value={chosen[1].attribute.name: values[1]})
    settled(judge, "RFC7644-3.5.2-18", subject.send(*bodies), expected)


def _faulty(scim: Target, model: ResourceModel, taken: str) -> Iterator[JSONObject]:
    """Operations that a provider refuses at different stages: in the message, the path, the values, the store."""
    yield operation("replace", "id", value=scim.unique("forged"))
    yield operation("replace", "doesNotExist", value="x")
    yield operation("remove")
    yield operation("increment", places.path_of(places.texts(model)[0]), value="x")
    listed = places.collection(model)
    if listed:
        sub = places.sub_texts(listed)[0].attribute.name
        yield operation("replace", f'{listed.attribute.name}[type eq "{scim.unique()}"].{sub}', value="x")
        yield operation("replace", listed.attribute.name, value=42)
    required = [
        a.name for a in model.core.attributes if places.required(model, a) and a.mutability.value == "readWrite"
    ]
    yield from (operation("remove", name) for name in required[:1])
    if taken:
        yield operation("replace", "userName", value=taken)


def _target(model: ResourceModel) -> Located:
    """What the faultless operation changes: nothing that the faulty ones speak of."""
    return places.texts(model, optional=True)[0] if places.texts(model, optional=True) else places.texts(model)[0]


@check("RFC7644-3.5.2-20", needs=("patch-replace",), every_type="deep")
def test_failed_request_has_no_effect(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """When one operation fails, those before and after it take no effect either."""
    subject = Patching(scim, scim.create(model))
    place = _target(model)
    other = scim.create(model).sent if model.core.attribute("userName") else {}
    steps: list[Step] = []
    for faulty in _faulty(scim, model, str(other.get("userName", ""))):
        if places.path_of(place) != faulty.get("path"):
            good = operation("replace", places.path_of(place), value=places.fresh(scim, place))
            steps += [Step.of(good, faulty), Step.of(faulty, good)][: 1 if steps else 2]
    sent = [patched for patched in subject.refusals(steps) if not patched.exchange.ok]
    for patched in sent:
        _expect_nothing(judge, patched)
    if not sent:
        judge.skip("RFC7644-3.5.2-20", "no faulty operation was refused")


def _expect_nothing(judge: Judge, patched: Patched) -> None:
    found = differences(patched.before, patched.after, patched.model)
    old, new = (state.get("meta") for state in (patched.before, patched.after))
    if not found and isinstance(old, dict) and isinstance(new, dict):
        found = [
            f"meta.{name} is {new.get(name)!r} instead of {old[name]!r}"
            for name in ("lastModified", "version")
            if name in old and old[name] != new.get(name)
        ]
    judge.expect(
        "RFC7644-3.5.2-20",
        not found,
        expected="nothing has changed, for one operation was refused",
        observed=f"{patched.exchange.summary()}, and then {'; '.join(found)}",
        at=patched.evidence,
        subject=f"{patched.model.name}: {patched.told}",
    )
