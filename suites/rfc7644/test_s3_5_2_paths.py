"""RFC 7644 §3.5.2: the ``path`` of an operation, its notation and its errors. Value filters: see value paths."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.core.json import JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import of_kind, value_at, with_sub, with_value
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import (
    Patching,
    Step,
    holding,
    keyword,
    no_server_error,
    operation,
    refused,
    settled,
    typed_holding,
)
from scimcheck.harness.target import Target


def _malformed(model: ResourceModel) -> Iterator[str]:
    """Paths that do not follow the grammar, on attributes that exist."""
    name = places.path_of(places.texts(model)[0])
    yield from (f"/{name}", f"{name}.", f".{name}", f"{name} eq", f"{name}..x")
    group = places.singular_complex(model)
    if group:
        yield f"{group.attribute.name}..{places.sub_texts(group)[0].attribute.name}"
    listed = places.collection(model)
    many = listed.attribute.name if listed else next((a.name for a in model.core.attributes if a.multi_valued), None)
    if many:
        yield from (f"{many}[type eq", f'{many}[type eq "work"', f"{many}[]", f'{many}[type "work"]')


@check("RFC7644-3.5.2-07", "RFC7644-3.12-22", needs=("patch",))
def test_malformed_path_is_refused(scim: Target, judge: Judge) -> None:
    """A path off the grammar answers 400 invalidPath, and nothing changes."""
    subject = Patching(scim, scim.create(scim.primary))
    paths = list(_malformed(scim.primary))
    sent = subject.refusals(Step.of(operation("replace", path, value=scim.unique())) for path in paths)
    for path, patched in zip(paths, sent, strict=True):
        refused(judge, "RFC7644-3.5.2-07", patched)
        words = ("invalidPath", "invalidFilter") if "[" in path else ("invalidPath",)
        for requirement in ("RFC7644-3.5.2-07", "RFC7644-3.12-22"):
            keyword(judge, requirement, patched, *words)


@check("RFC7644-3.5.2-07", needs=("patch",))
def test_path_has_to_be_text(scim: Target, judge: Judge) -> None:
    """A path that is no JSON string answers 400; an empty one may count as absent."""
    subject = Patching(scim, scim.create(scim.primary))
    name = places.texts(scim.primary)[0].attribute.name
    bodies: list[JSONObject] = [
        {"op": "replace", "path": path, "value": "x"} for path in (42, [name], {"attribute": name})
    ]
    for patched in subject.refusals(map(Step.of, bodies)):
        refused(judge, "RFC7644-3.5.2-07", patched)
    no_server_error(judge, "RFC7644-3.5.2-07", subject.send(operation("replace", "", value={name: scim.unique()})))


def _unknown(model: ResourceModel) -> Iterator[str]:
    yield from ("doesNotExist", f"{model.core.id}:doesNotExist", "urn:example:schemas:2.0:Unknown:doesNotExist")
    group = places.singular_complex(model)
    if group:
        yield f"{group.attribute.name}.doesNotExist"
    for schema in model.extensions[:1]:
        yield f"{schema.id}:doesNotExist"
    listed = places.collection(model)
    if listed:
        yield f'{listed.attribute.name}[doesNotExist eq "x"].{places.sub_texts(listed)[0].attribute.name}'


@check("RFC7644-3.5.2-08", needs=("patch",))
def test_path_to_an_unknown_attribute_stores_nothing(scim: Target, judge: Judge) -> None:
    """A path that names an undefined attribute answers 400; at the least its value is stored nowhere."""
    resource = scim.create(scim.primary)
    subject = Patching(scim, resource)
    tried = [(path, scim.unique("undefined")) for path in _unknown(resource.model)]
    sent = subject.refusals(Step.of(operation("replace", path, value=value)) for path, value in tried)
    for (_, value), patched in zip(tried, sent, strict=True):
        if not patched.exchange.ok:
            refused(judge, "RFC7644-3.5.2-08", patched)
        elif judge.expect(
            "RFC7644-3.5.2-08",
            value not in patched.read.text,
            expected="400 (invalidPath or noTarget)",
            observed=f"{patched.answer}, and the value is stored",
            at=patched.evidence,
            subject=f"{resource.model.name}: {patched.told}",
        ):
            judge.advise(
                "RFC7644-3.5.2-08",
                expected="400 (invalidPath or noTarget)",
                observed=f"{patched.told}: {patched.answer}, without effect",
                at=patched.evidence,
            )


def _notations(model: ResourceModel, place: Located) -> Iterator[str]:
    """The legal ways to write the path of a core attribute, except the plainest."""
    plain = places.path_of(place)
    yield from (plain.upper(), plain.swapcase())
    yield places.path_of(place, core=model.core.id)
    yield places.path_of(place, core=model.core.id.upper())


@check("RFC7644-3.5.2-14", needs=("patch-replace",), every_type="deep")
def test_attribute_notation_of_a_simple_attribute(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Names in any letter case and names behind the core schema's URN name the attribute."""
    place = places.texts(model)[0]
    subject = Patching(scim, scim.some(model))
    for path in _notations(model, place):
        value = places.fresh(scim, place)
        patched = subject.send(operation("replace", path, value=value))
        settled(judge, "RFC7644-3.5.2-14", patched, with_value(patched.before, place, value))


@check("RFC7644-3.5.2-14", needs=("patch-replace",), every_type="deep")
def test_attribute_notation_of_a_sub_attribute(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A dot leads to a sub-attribute, in any letter case and behind a URN."""
    group = places.singular_complex(model)
    if group is None:
        judge.not_applicable(f"{model.name} has no complex attribute with texts")
    subs = places.sub_texts(group)[:3]
    subject = holding(scim, judge, model, *((sub, places.fresh(scim, sub)) for sub in subs))
    for path in (places.path_of(subs[0]), *_notations(model, subs[0])):
        value = places.fresh(scim, subs[0], value_at(subject.state, subs[0]))
        patched = subject.send(operation("replace", path, value=value))
        settled(judge, "RFC7644-3.5.2-14", patched, with_value(patched.before, subs[0], value))


@check("RFC7644-3.5.2-14", needs=("patch-filter",))
def test_attribute_notation_around_a_value_filter(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Names before, in and behind a value filter are free in letter case; a URN may stand before them."""
    subject, listed, _ = typed_holding(scim, judge, model, 1)
    sub, name, kind = places.sub_texts(listed)[0], listed.attribute.name, places.kinds(listed)[0]
    key = sub.attribute.name
    for path in (
        f'{model.core.id}:{name}[type eq "{kind}"].{key}',
        f'{name.upper()}[TYPE eq "{kind}"].{key.upper()}',
    ):
        value = places.fresh(scim, sub)
        patched = subject.send(operation("replace", path, value=value))
        expected = with_sub(patched.before, listed, of_kind(kind), key, value)
        settled(judge, "RFC7644-3.5.2-14", patched, expected)
