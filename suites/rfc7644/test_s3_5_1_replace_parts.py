"""RFC 7644 §3.5.1: parts that a PUT leaves out of what it sends. Whole attributes: ``…_replace_cleared``."""

from __future__ import annotations

from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import value_at
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import put_body, with_value, without
from scimcheck.harness.target import Target

CLEARED, REPLACED = "RFC7644-3.5.1-03", "RFC7644-3.5.1-02"


def _pairs(model: ResourceModel) -> list[tuple[Located, Located]]:
    """Two texts of a complex attribute, and two of an extension."""
    whole, extended = places.singular_complex(model), places.extension_texts(model)
    found = [places.sub_texts(whole)[:2]] if whole else []
    found.append([place for place in extended if place.schema == extended[0].schema][:2])
    return [(pair[0], pair[1]) for pair in found if len(pair) == 2]


@check(CLEARED, REPLACED, needs=("put", "read"))
def test_parts_that_are_left_out_are_gone(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A PUT with a part of a complex attribute or of an extension sets it; the parts it leaves out do not stay."""
    pairs = _pairs(model)
    if not pairs:
        judge.not_applicable(f"{model.name} has neither a complex attribute nor an extension with two texts")
    body = scim.payload(model)
    for place in (place for pair in pairs for place in pair):
        body = with_value(body, place, places.fresh(scim, place))
    created = scim.post(model.endpoint, json=body)
    if not created.ok:
        judge.not_applicable(f"the attributes are refused: {created.summary()}")
    resource, sent = scim.resource_of(model, body, created), body
    for stays, leaves in pairs:
        sent = without(with_value(sent, stays, places.fresh(scim, stays)), leaves)
    replaced = scim.put(resource.path, json={**put_body(scim, resource), **sent})
    if not replaced.ok:
        judge.not_applicable(f"the PUT is refused: {replaced.summary()}")
    found = scim.read(resource)
    at = (created, replaced, found)
    for requirement in (CLEARED, REPLACED):
        judge.expect(requirement, True, expected="", observed="", at=at)
    for stays, leaves in pairs:
        old, new = value_at(created.body, leaves), value_at(found.body, leaves)
        if value_at(created.body, stays) is None:
            continue  # what a creation does not keep is told by RFC7643-2.2-04
        judge.expect(
            REPLACED,
            str(value_at(found.body, stays)).lower() == str(value_at(sent, stays)).lower(),
            expected=f"{places.path_of(stays)} {value_at(sent, stays)!r}",
            observed=f"{value_at(found.body, stays)!r}",
            at=at,
        )
        judge.expect(
            CLEARED,
            old is None or new != old,
            expected=f"no {places.path_of(leaves)}, which the PUT does not hold, or a default",
            observed=f"still {new!r}",
            at=at,
        )
