"""RFC 7643 §7 as behaviour: required, mutability, uniqueness. The form of definitions: test_s7_definition files;
what is returned: RFC 7644 §3.9; caseExact in filters: §3.4.2.2.
"""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType, Mutability, Returned, Uniqueness
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import has_value, same_value
from scimcheck.harness import attributes, check
from scimcheck.harness.attributes import having
from scimcheck.harness.judge import Judge
from scimcheck.harness.payloads import writable
from scimcheck.harness.representation import (
    differences,
    fresh_value,
    kept,
    path_of,
    put_body,
    value_at,
    with_value,
    without,
)
from scimcheck.harness.target import Resource, Target


def _required(model: ResourceModel) -> list[Located]:
    """Required attributes that a client has to send, beside those that have checks of their own."""
    return [
        located
        for located in model.attributes()
        if located.attribute.required
        and writable(located.attribute)
        and located.attribute.name.lower() != "schemas"
        and (located.schema is None or model.requires(located.schema))
    ]


@check("RFC7643-7-17", needs=("create", "read", "attr:required"))
def test_required_attributes_are_required(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """POST and PUT without a required attribute are refused with 400, or the provider puts in a value of its own."""
    chosen = _required(model)
    if not chosen:
        judge.not_applicable(f"{model.name} has no required attribute that a client sends")
    resource = scim.create(model)
    for located in chosen[:4]:
        for body in (without(scim.payload(model), located), with_value(scim.payload(model), located, None)):
            _lacks(scim, judge, model, located, scim.post(model.endpoint, json=body))
        if scim.capabilities.works("put", model):
            exchange = scim.put(resource.path, json=without(put_body(scim, resource), located))
            if not exchange.ok:
                _is_invalid(judge, located, exchange)
            elif _is_shown(located) and not has_value(value_at(scim.state(resource), located)):
                judge.status("RFC7643-7-17", exchange, 400)
    for located in _required_parts(model):
        _part_is_required(scim, judge, model, located)


def _lacks(scim: Target, judge: Judge, model: ResourceModel, located: Located, exchange: Exchange) -> None:
    """A creation without the attribute: refused, or the attribute has a value all the same."""
    if not exchange.ok:
        _is_invalid(judge, located, exchange)
        return
    if not _is_shown(located):
        judge.skip("RFC7643-7-17", f"whether the provider made up a value of {path_of(located)} does not show")
        return
    shown = value_at(scim.read(scim.resource_of(model, {}, exchange)).body, located)
    judge.expect(
        "RFC7643-7-17",
        has_value(shown),
        expected=f"400: {path_of(located)} is required",
        observed=f"{exchange.summary()}; {path_of(located)}: {shown!r}",
        at=exchange,
    )


def _is_shown(located: Located) -> bool:
    return located.attribute.returned is not Returned.NEVER


def _is_invalid(judge: Judge, located: Located, exchange: Exchange) -> None:
    judge.expect(
        "RFC7643-7-17",
        exchange.status == 400,
        expected=f"400 with scimType invalidValue: {path_of(located)} is required",
        observed=exchange.summary(),
        at=exchange,
    )


def _required_parts(model: ResourceModel) -> list[Located]:
    """Required sub-attributes of optional attributes, one for each attribute."""
    found: dict[str, Located] = {}
    for located in model.attributes():
        attribute = located.attribute
        if located.schema is not None or not writable(attribute) or attribute.name.lower() == "meta":
            continue
        for sub in attribute.sub_attributes:
            if sub.required and writable(sub) and len(attribute.sub_attributes) > 1:
                found.setdefault(attribute.name, Located(None, sub, attribute))
    return list(found.values())[:2]


def _part_is_required(scim: Target, judge: Judge, model: ResourceModel, located: Located) -> None:
    parent, needed = located.parent, located.attribute.name
    if parent is None:
        return
    whole = fresh_value(scim, model, Located(None, parent))
    items = whole if isinstance(whole, list) else [whole]
    cut = [{name: v for name, v in item.items() if name != needed} for item in items if isinstance(item, dict)][:1]
    if not cut or not cut[0]:
        return
    value: JSON = cut if parent.multi_valued else cut[0]
    exchange = scim.post(model.endpoint, json={**scim.payload(model), parent.name: value})
    shown: JSON = None
    if exchange.ok:
        shown = value_at(scim.read(scim.resource_of(model, {}, exchange)).body, Located(None, parent))
    first = shown[0] if isinstance(shown, list) and shown else shown
    judge.expect(
        "RFC7643-7-17",
        exchange.status == 400 or (exchange.ok and (not isinstance(first, dict) or has_value(first.get(needed)))),
        expected=f"400: {path_of(located)} is required",
        observed=f"{exchange.summary()}; {parent.name}: {shown!r}",
        at=exchange,
    )


@check("RFC7643-7-22", needs=("create", "read", "attr:caseExact"))
def test_letters_of_case_exact_values_stay(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A case-exact value comes back in the letters in which it was sent."""
    chosen = [
        located
        for located in having(model, "caseExact")
        if not located.parent
        and located.attribute.name.lower() not in ("externalid", "username")
        and attributes.simple_text(located.attribute)
    ]
    if not chosen:
        judge.not_applicable(f"{model.name} has no case-exact text beside externalId")
    for located in chosen[:3]:
        value = scim.unique("MiXeD")
        exchange = scim.post(model.endpoint, json=with_value(scim.payload(model), located, value))
        if not exchange.ok:
            judge.not_applicable(f"{path_of(located)} could not be set: {exchange.summary()}")
        shown = value_at(scim.read(scim.resource_of(model, {}, exchange)).body, located)
        judge.expect(
            "RFC7643-7-22",
            shown is None or shown == value,
            expected=f"{path_of(located)}: {value}",
            observed=f"{path_of(located)}: {shown!r}",
            at=exchange,
        )


@check("RFC7643-7-25", needs=("create", "read"))
def test_read_only_attributes_stay(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """No request of a client changes a read-only attribute."""
    resource = scim.create(model)
    before = scim.current(resource)
    sent: list[Exchange] = []
    forged: JSONObject = {
        located.attribute.name: [{"value": scim.unique("forged")}] if located.attribute.multi_valued else "forged"
        for located in resource.model.attributes()
        if located.schema is None
        and located.attribute.mutability is Mutability.READ_ONLY
        and located.attribute.name.lower() not in ("id", "meta")
    }
    forged["meta"] = {"created": "1999-12-31T23:59:59Z", "resourceType": resource.model.name}
    if scim.capabilities.works("put", resource.model):
        sent.append(scim.put(resource.path, json={**put_body(scim, resource), **forged}))
    if scim.capabilities.works("patch", resource.model):
        for name, value in forged.items():
            sent.append(scim.patch(resource.path, {"op": "replace", "path": name, "value": value}))
    if not sent:
        judge.not_applicable("the target can neither replace nor patch")
    after = scim.read(resource)
    told = [text for text in differences(before.body, after.body, resource.model) if "meta.lastModified" not in text]
    names = {name.lower() for name in forged}
    told = [text for text in told if text.split(":")[0].split(".")[0].lower() in names]
    judge.expect(
        "RFC7643-7-25",
        not told,
        expected="read-only attributes as they were",
        observed="; ".join(told),
        at=(before, *sent, after),
    )


def _immutable(model: ResourceModel) -> list[Located]:
    """Immutable top-level attributes, and immutable parts of single complex ones."""
    return [
        located
        for located in having(model, "immutable")
        if not (located.parent and located.parent.multi_valued) and located.attribute.returned.value != "never"
    ]


@check("RFC7643-7-27", "RFC7643-7-28", needs=("create", "read", "attr:immutable"))
def test_immutable_attributes_are_set_once(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An immutable attribute takes a value at creation, and neither PUT nor PATCH changes it."""
    chosen = _immutable(model)[:3]
    if not chosen:
        judge.not_applicable(f"{model.name} has no immutable attribute that could be replaced")
    body = scim.payload(model)
    for located in chosen:
        body = with_value(body, located, fresh_value(scim, model, located))
    created = scim.post(model.endpoint, json=body)
    judge.demand("RFC7643-7-27", created.ok, expected="201", observed=created.summary(), at=created)
    resource = scim.resource_of(model, body, created)
    before = scim.read(resource)
    for located in chosen:
        judge.expect(
            "RFC7643-7-27",
            kept(value_at(body, located), value_at(before.body, located), located.attribute),
            expected=f"{path_of(located)}: {value_at(body, located)}",
            observed=f"{path_of(located)}: {value_at(before.body, located)}",
            at=(created, before),
        )
        _does_not_change(scim, judge, resource, located, before)


def _does_not_change(scim: Target, judge: Judge, resource: Resource, located: Located, before: Exchange) -> None:
    old = value_at(before.body, located)
    value = fresh_value(scim, resource.model, located, old)
    sent: list[Exchange] = []
    if scim.capabilities.works("put", resource.model):
        sent.append(scim.put(resource.path, json=with_value(put_body(scim, resource), located, value)))
    if scim.capabilities.works("patch", resource.model):
        sent.append(scim.patch(resource.path, {"op": "replace", "path": path_of(located), "value": value}))
    after = scim.read(resource)
    judge.expect(
        "RFC7643-7-28",
        not has_value(old) or same_value(old, value_at(after.body, located), located.attribute),
        expected=f"{path_of(located)}: {old}",
        observed=f"{path_of(located)}: {value_at(after.body, located)}",
        at=(before, *sent, after),
    )


def _unique(model: ResourceModel, kind: Uniqueness) -> list[Located]:
    """Unique text attributes beside userName, which has a clause of its own, and id."""
    return [
        located
        for located in model.attributes()
        if located.attribute.uniqueness is kind
        and located.attribute.type in (DataType.STRING, DataType.REFERENCE)
        and located.attribute.mutability in (Mutability.READ_WRITE, Mutability.IMMUTABLE)
        and not located.attribute.multi_valued
        and located.attribute.name.lower() not in ("username", "id")
    ]


@check("RFC7643-7-38", needs=("create", "read", "attr:unique"))
def test_server_wide_values_occur_once(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A second resource with a value that is unique within the server is refused."""
    _occurs_once(scim, judge, "RFC7643-7-38", model, Uniqueness.SERVER)


@check("RFC7643-7-39", needs=("create", "read", "attr:global-unique"))
def test_global_values_occur_once(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A second resource with a value that is unique everywhere is refused."""
    _occurs_once(scim, judge, "RFC7643-7-39", model, Uniqueness.GLOBAL)


def _occurs_once(scim: Target, judge: Judge, requirement: str, model: ResourceModel, kind: Uniqueness) -> None:
    chosen = _unique(model, kind)
    if not chosen:
        judge.not_applicable(f"{model.name} has no attribute with uniqueness {kind.value} beside userName")
    for located in chosen[:2]:
        value = scim.unique("once")
        if located.attribute.type is DataType.REFERENCE:
            value = f"https://www.example.com/{value}"
        bodies = [with_value(scim.payload(model), located, value) for _ in range(2)]
        first, second = (scim.post(model.endpoint, json=body) for body in bodies)
        if not first.ok:
            judge.not_applicable(f"{path_of(located)} could not be set: {first.summary()}")
        judge.expect(
            requirement,
            not second.ok,
            expected=f"409: {path_of(located)} is unique",
            observed=second.summary(),
            at=(first, second),
        )


@check("RFC7643-7-40", needs=("User", "put", "attr:unique"))
def test_refusal_of_a_taken_value_is_a_conflict(scim: Target, judge: Judge, user: Resource) -> None:
    """A value that is taken is refused with 409, by PUT also with 400, when it is refused at all."""
    posted = scim.post(user.model.endpoint, json=scim.payload(user.model, userName=user.name))
    other = scim.create(user.model)
    put = scim.put(other.path, json=put_body(scim, other, userName=user.name))
    judge.expect(
        "RFC7643-7-40",
        posted.ok or posted.status in (400, 409),  # which of both a POST has to use: RFC7644-3.3-09
        expected="409",
        observed=posted.summary(),
        at=(user.exchange, posted),
    )
    judge.expect(
        "RFC7643-7-40",
        put.ok or put.status in (400, 409),
        expected="409 or 400",
        observed=put.summary(),
        at=(user.exchange, other.exchange, put),
    )
