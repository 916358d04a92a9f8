"""RFC 7644 §3.5.1, RFC 7643 §3.1: two PUTs of a boolean, their answers and times. That false is stored: §4.1.1."""

from __future__ import annotations

from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import Instant, parse_instant
from scimcheck.harness import check, places
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import differences, put_body
from scimcheck.harness.target import RETRIEVAL, Target

STORED, CREATED = "RFC7644-3.5.1-12", "RFC7643-3.1-22"


@check(STORED, CREATED, needs=("put", "read", "attr:boolean"))
def test_false_is_told(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The answer to a PUT that makes a boolean false shows it as a GET does; ``meta.created`` outlives another PUT."""
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
    if read.status != 200:
        judge.blocked(RETRIEVAL, f"the resource cannot be read any more: {read.summary()}")
    wrong = differences(exchange.body, read.body, model)
    judge.expect(
        STORED,
        not wrong,
        expected="the answer to PUT equals a following GET",
        observed="; ".join(wrong),
        at=(resource.exchange, exchange, read),
    )
    again = scim.put(resource.path, json=put_body(scim, resource, **{flag.attribute.name: True}))
    later = scim.read(resource)
    told, then = (_created(each.body) for each in (read, later))
    if told is None or not again.ok:
        judge.skip(CREATED, "meta has no created that is an instant, or the second PUT is refused")
        return
    judge.expect(
        CREATED,
        told == then,
        expected=f"meta.created {read.body['meta']['created']} as after the first PUT",
        observed=f"{again.summary()}, and then {later.body.get('meta', {}).get('created')}",
        at=(resource.exchange, exchange, read, again, later),
    )


def _created(body: JSONObject) -> Instant | None:
    """meta.created as it is stored, without any tolerance: both times come from the same GET."""
    meta = body.get("meta")
    value = meta.get("created") if isinstance(meta, dict) else None
    return parse_instant(value) if isinstance(value, str) else None
