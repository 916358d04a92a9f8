"""RFC 7644 §3.5.2: changes of a boolean, an extension and a list in one PATCH, and its answer. Texts: ``…_patch``."""

from __future__ import annotations

from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import value_at, with_value
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patching, operation, settled
from scimcheck.harness.representation import differences
from scimcheck.harness.target import Target

IN_ORDER, ENTIRE = "RFC7644-3.5.2-18", "RFC7644-3.5.2-22"


def _changes(scim: Target, model: ResourceModel) -> list[tuple[Located, JSON]]:
    """A change for each kind of attribute that there is: a boolean made false, a text of an extension, a list."""
    found: list[tuple[Located, JSON]] = [
        (place, False) for place in places.typed(model) if place.attribute.type is DataType.BOOLEAN
    ]
    found += [(place, places.fresh(scim, place)) for place in places.extension_texts(model)[:1]]
    listed = places.collection(model)
    if listed is not None:
        found.append((listed, [places.element(scim, listed, kind) for kind in places.kinds(listed)[:2]]))
    return found


def _after(before: JSONObject, changes: list[tuple[Located, JSON]]) -> JSONObject:
    for place, value in changes:
        before = with_value(before, place, value)
    return before


@check(IN_ORDER, ENTIRE, needs=("patch-replace", "read"))
def test_answer_shows_every_kind_of_change(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Several replacements in one PATCH are all carried out, nothing else changes, and the answer shows it all."""
    changes = _changes(scim, model)
    if not changes:
        judge.not_applicable(f"{model.name} has neither booleans nor extensions nor lists to change")
    subject = Patching(scim, scim.create(model, full=scim.capabilities.full_payloads(model)))
    changes = [change for change in changes if change[1] is False or value_at(subject.state, change[0]) is not None]
    if not changes:
        judge.not_applicable("the target keeps none of the attributes that it is created with")
    patched = subject.send(*(operation("replace", places.path_of(place), value=value) for place, value in changes))
    if not patched.exchange.ok:
        judge.not_applicable(f"one of the values is refused: {patched.answer}")
    settled(judge, IN_ORDER, patched, _after(patched.before, changes))
    if patched.exchange.status != 200 or "id" not in patched.exchange.body:
        judge.skip(ENTIRE, "the PATCH is answered without a body")
        return
    wrong = differences(patched.exchange.body, patched.after, model)
    judge.expect(
        ENTIRE,
        not wrong,
        expected="the resource as a GET shows it after the PATCH",
        observed=f"{patched.exchange.summary()}, answer against GET: {'; '.join(wrong)}",
        at=patched.evidence,
    )
