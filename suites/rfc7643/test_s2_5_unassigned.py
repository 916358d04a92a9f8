"""RFC 7643 §2.5: absence, null and the empty array are one. Clearing values with PUT: RFC 7644 §3.5.1."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target, ids

_ABSENT = object()


@check("RFC7643-2.5-01", needs=("create", "read"))
def test_absent_null_and_empty_are_one(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A creation with null or [] has the outcome of one that leaves the attribute out."""
    text, multiple = attributes.optional_text(model), attributes.multi_complex(model)
    if text is None and multiple is None:
        judge.not_applicable(f"{model.name} has no optional attribute")
    if text is not None:
        _agree(scim, judge, model, text, (_ABSENT, None))
    if multiple is not None and not multiple.required:
        _agree(scim, judge, model, multiple, (_ABSENT, None, []))
    judge.expect("RFC7643-2.5-01", True, expected="", observed="")


def _agree(scim: Target, judge: Judge, model: ResourceModel, attribute: Attribute, values: tuple[object, ...]) -> None:
    made: dict[str, tuple[Exchange, JSON]] = {}
    own: list[Resource] = []
    for value in values:
        body = scim.payload(model)
        body.pop(attribute.name, None)
        if value is not _ABSENT:
            body[attribute.name] = value
        exchange = scim.post(model.endpoint, json=body)
        word = "absent" if value is _ABSENT else str(value)
        if exchange.status == 409 and made:
            continue  # both are one to the provider, whose default is unique and taken now
        if not judge.expect(
            "RFC7643-2.5-01",
            exchange.ok,
            expected=f"201 with {attribute.name} {word}, as when it is left out",
            observed=exchange.summary(),
            at=exchange,
        ):
            continue
        resource = scim.resource_of(model, body, exchange)
        own.append(resource)
        made[word] = (exchange, scim.state(resource).get(attribute.name))
    assigned = {word: has_value(shown) for word, (_, shown) in made.items()}
    judge.expect(
        "RFC7643-2.5-01",
        len(set(assigned.values())) <= 1,
        expected=f"{attribute.name} is the same whether absent, null or empty",
        observed=", ".join(f"{word}: {shown!r}" for word, (_, shown) in made.items()),
        at=[exchange for exchange, _ in made.values()],
    )
    if scim.capabilities.works("filter", model) and not any(assigned.values()):
        _not_present(scim, judge, model, attribute, own)


def _not_present(scim: Target, judge: Judge, model: ResourceModel, attribute: Attribute, own: list[Resource]) -> None:
    """pr does not find what has no value, however that was said."""
    name = attributes.naming(model)
    either = " or ".join(f'{name} eq "{resource.name}"' for resource in own)
    found = scim.search(model.endpoint, f"{attribute.name} pr and ({either})")
    if found.status != 200:
        return  # the filter is the business of RFC 7644 §3.4.2.2
    present = sorted({resource.id for resource in own} & set(ids(found.resources)))
    agree = not present or len(present) == len(own)
    judge.expect(
        "RFC7643-2.5-01",
        agree,
        expected=f"{attribute.name} pr matches all or none of them",
        observed=f"it matches {len(present)} of {len(own)}",
        at=(*(resource.exchange for resource in own), found),
    )
