"""RFC 7644 §3.5.2: how a PATCH request is answered, and what it does to ``meta``.

What a message must look like is in ``test_s3_5_2_messages.py``, paths are in ``test_s3_5_2_paths.py``, the operations
in the files of §3.5.2.1 to §3.5.2.3.
"""

from __future__ import annotations

import time

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import Instant, parse_instant
from scimcheck.harness import attributes, check, places
from scimcheck.harness.expected import differences, value_at
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patched, Patching, operation
from scimcheck.harness.probes import advertised
from scimcheck.harness.representation import unmoved
from scimcheck.harness.target import Resource, Target, error_text


@check("RFC7644-3.5.2-01", needs=("create",))
def test_missing_support_is_answered_as_such(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A provider that announces to have no PATCH answers 501 or 405."""
    if advertised(scim, "patch") is not False:
        judge.not_applicable("ServiceProviderConfig does not say that PATCH is not supported")
    resource = scim.create(model)
    exchange = scim.patch(resource.path, operation("replace", attributes.naming(model), value=scim.unique()))
    if exchange.ok:
        judge.not_applicable(f"PATCH works although it is not announced: {exchange.summary()}")
    judge.status("RFC7644-3.5.2-01", exchange, 501, 405, also=(resource.exchange,))


def _full(scim: Target, model: ResourceModel) -> Resource:
    return scim.create(model, full=scim.capabilities.full_payloads(model))


@check("RFC7644-3.5.2-22", needs=("patch",), depth="quick")
def test_answer_is_the_entire_resource_or_nothing(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A successful PATCH is answered with 200 and the resource as a GET shows it, or with 204 without a body."""
    resource = _full(scim, model)
    target = places.texts(model)[0]
    body = operation("replace", places.path_of(target), value=places.fresh(scim, target))
    patched = Patching(scim, resource, {}).send(body)
    if patched.exchange.status >= 400:
        judge.blocked("RFC7644-3.5.2.3-02", f"the operation was refused: {patched.answer}")
    judge.demand(
        "RFC7644-3.5.2-22",
        patched.exchange.status in (200, 204),
        expected="200 or 204",
        observed=patched.answer,
        at=patched.evidence,
    )
    if patched.exchange.status == 204:
        judge.expect(
            "RFC7644-3.5.2-22",
            not patched.exchange.response_body,
            expected="204 without a body",
            observed=f"204 with {len(patched.exchange.response_body)} bytes",
            at=patched.evidence,
        )
    else:
        _expect_entire(judge, patched)


def _expect_entire(judge: Judge, patched: Patched) -> None:
    body = patched.exchange.body
    wrong = differences(patched.after, body, patched.model)
    wrong += [f"{name} is missing" for name in ("schemas", "meta") if name in patched.after and name not in body]
    judge.expect(
        "RFC7644-3.5.2-22",
        not wrong,
        expected="the entire resource, as GET shows it after the PATCH",
        observed=f"200 with a body in which {'; '.join(wrong)}",
        at=patched.evidence,
    )


def _left_in(body: JSONObject, model: ResourceModel, *asked: str) -> list[str]:
    """Attributes in the body that are returned by default only, and that nobody asked for."""
    shown = []
    for place in model.attributes():
        name = place.attribute.name
        default = place.attribute.returned.value == "default" and name not in (*asked, "schemas", "id")
        if default and place.schema is None and value_at(body, place) is not None:
            shown.append(name)
    return [*shown, *(schema.id for schema in model.extensions if schema.id in body)]


@check("RFC7644-3.5.2-23", "RFC7644-3.9-05", needs=("patch-replace",), every_type="deep")
def test_attributes_parameter_projects_the_answer(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """With ``attributes`` the answer is 200 with those attributes and what is always returned."""
    target = places.texts(model)[0]
    name, value = target.attribute.name, places.fresh(scim, target)
    resource = scim.some(model)
    exchange = scim.patch(resource.path, operation("replace", name, value=value), params={"attributes": name})
    at = (resource.exchange, exchange)
    judge.demand(
        "RFC7644-3.5.2-23",
        exchange.status == 200,
        expected=f"200 with {name}, because attributes={name} was given",
        observed=f"{exchange.summary()} {error_text(exchange)}".strip(),
        at=at,
    )
    right = str(value_at(exchange.body, target)).lower() == str(value).lower() and "id" in exchange.body
    judge.expect(
        "RFC7644-3.5.2-23", right, expected=f"id and {name} {value!r}", observed=repr(exchange.body)[:300], at=at
    )
    extra = _left_in(exchange.body, model, name)
    for requirement in ("RFC7644-3.5.2-23", "RFC7644-3.9-05"):
        judge.expect(
            requirement,
            not extra,
            expected=f"only {name} and what is always returned",
            observed=f"the answer also has {', '.join(extra)}",
            at=at,
        )


@check("RFC7644-3.9-05", needs=("patch-replace",), every_type="deep")
def test_excluded_attributes_are_left_out_of_the_answer(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """With ``excludedAttributes`` the answer, if it has a body, lacks the attribute."""
    target = places.texts(model)[0]
    name = target.attribute.name
    if target.attribute.returned.value == "always":
        judge.not_applicable(f"{name} is always returned")
    resource = scim.some(model)
    body = operation("replace", name, value=places.fresh(scim, target))
    exchange = scim.patch(resource.path, body, params={"excludedAttributes": name})
    if exchange.status != 200:
        judge.not_applicable(f"the answer has no body to leave {name} out of: {exchange.summary()}")
    judge.expect(
        "RFC7644-3.9-05",
        value_at(exchange.body, target) is None,
        expected=f"a resource without {name}",
        observed=f"{name} is {value_at(exchange.body, target)!r}",
        at=(resource.exchange, exchange),
    )


@check("RFC7644-3.5.2-24", needs=("patch",), depth="quick")
def test_unknown_id_is_not_found(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """PATCH on an id that was never given out answers 404."""
    target = places.texts(model)[0]
    body = operation("replace", places.path_of(target), value=places.fresh(scim, target))
    judge.status("RFC7644-3.5.2-24", scim.patch(scim.unknown_id(model), body), 404)


@check("RFC7643-3.1-22", "RFC7643-3.1-24", needs=("patch-replace",))
def test_change_moves_last_modified(scim: Target, judge: Judge) -> None:
    """A change moves ``meta.lastModified`` forward and leaves ``meta.created`` alone."""
    name = places.texts(scim.primary)[0].attribute.name
    subject = Patching(scim, scim.some(scim.primary))
    first = subject.state
    patched = subject.send(operation("replace", name, value=scim.unique(name)))
    if _moment(first, "lastModified") == _moment(patched.after, "lastModified"):
        # A clock of whole seconds may not have ticked in between.
        time.sleep(1.1)
        patched = subject.send(operation("replace", name, value=scim.unique(name)))
    old, new = _moment(first, "lastModified"), _moment(patched.after, "lastModified")
    _expect_meta(
        judge, "RFC7643-3.1-24", patched, "lastModified", "a later instant", old, bool(old and new and new > old)
    )
    still = unmoved(_meta(first, "created"), _meta(patched.after, "created"))
    _expect_meta(judge, "RFC7643-3.1-22", patched, "created", "no change", _moment(first, "created"), still)


def _expect_meta(
    judge: Judge, requirement: str, patched: Patched, name: str, expected: str, old: Instant | None, holds: bool
) -> None:
    if old is None:
        judge.skip(requirement, f"meta has no usable {name} before the change")
        return
    judge.expect(
        requirement,
        holds,
        expected=f"meta.{name}: {expected}",
        observed=f"meta.{name} was {patched.before['meta'][name]!r}, and then {patched.after.get('meta')!r}",
        at=patched.evidence,
    )


def _meta(state: JSONObject, name: str) -> JSON:
    meta = state.get("meta")
    return meta.get(name) if isinstance(meta, dict) else None


def _moment(state: JSONObject, name: str) -> Instant | None:
    value = _meta(state, name)
    return parse_instant(value) if isinstance(value, str) else None


@check("RFC7644-3.14-08", needs=("etag", "patch-replace"))
def test_change_moves_the_entity_tag(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A change by PATCH gives the resource another entity-tag."""
    resource = scim.some(model)
    first = scim.current(resource)
    target = places.texts(model)[0]
    body = operation("replace", places.path_of(target), value=places.fresh(scim, target))
    patched = Patching(scim, resource, first.body).send(body)
    tag = patched.read.header("etag")
    judge.expect(
        "RFC7644-3.14-08",
        tag != first.header("etag"),
        expected=f"another ETag than {first.header('etag')}",
        observed=f"ETag {tag}",
        at=(first, *patched.evidence),
    )
