"""RFC 7644 §3.5.1: booleans in the answer to PUT. That false is stored: RFC 7643 §4.1.1."""

from __future__ import annotations

from scimcheck.core.characteristics import DataType
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import differences, put_body
from scimcheck.harness.target import Target

STORED = "RFC7644-3.5.1-12"


@check(STORED, needs=("put", "read", "attr:boolean"))
def test_false_is_told(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The answer to a PUT that makes a boolean false shows it as a GET does."""
    flag = next((place for place in places.typed(model) if place.attribute.type is DataType.BOOLEAN), None)
    if flag is None:
        judge.not_applicable(f"{model.name} has no writable boolean")
        return
    resource = scim.some(model)
    exchange = scim.put(resource.path, json=put_body(scim, resource, **{flag.attribute.name: False}))
    if not exchange.ok or "id" not in exchange.body:
        judge.not_applicable(
            f"{places.path_of(flag)} false is refused, or the answer has no body: {exchange.summary()}"
        )
    read = scim.read(resource)
    wrong = differences(exchange.body, read.body, model)
    judge.expect(
        STORED,
        not wrong,
        expected="the answer to PUT equals a following GET",
        observed="; ".join(wrong),
        at=(resource.exchange, exchange, read),
    )
