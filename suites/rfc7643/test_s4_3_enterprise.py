"""RFC 7643 §4.3: the enterprise extension of User."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import container, listed_schemas, member
from scimcheck.core.schema import Attribute
from scimcheck.core.values import has_value
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import follow, kept
from scimcheck.harness.target import Resource, Target, ids

_TEXTS = ("employeeNumber", "costCenter", "organization", "division", "department")
_URN = urns.ENTERPRISE_USER


def _defined(user: Resource, name: str) -> Attribute | None:
    schema = user.model.extension(_URN)
    return schema.attribute(name) if schema else None


def _manager(judge: Judge, user: Resource) -> Attribute:
    attribute = _defined(user, "manager")
    if attribute is None or attribute.mutability.value != "readWrite":
        judge.not_applicable("the target declares no manager that a client may set")
        raise AssertionError
    return attribute


def _body(scim: Target, user: Resource, inner: JSONObject) -> JSONObject:
    """A body with these attributes in the extension's container."""
    body = scim.payload(user.model)
    schemas = list(dict.fromkeys([*body["schemas"], _URN]))
    return {**body, "schemas": schemas, _URN: {**body.get(_URN, {}), **inner}}


def _created(scim: Target, judge: Judge, user: Resource, inner: JSONObject) -> tuple[Resource, Exchange]:
    """A user with these enterprise attributes, and the GET that shows it."""
    body = _body(scim, user, inner)
    exchange = scim.post(user.model.endpoint, json=body)
    if not exchange.ok:
        judge.not_applicable(f"no User with {', '.join(inner)} could be created: {exchange.summary()}")
    resource = scim.resource_of(user.model, body, exchange)
    return resource, scim.read(resource)


@check("RFC7643-4.3-01", "RFC7643-4.3-02", needs=("EnterpriseUser", "read"))
def test_enterprise_attributes_have_their_container(scim: Target, judge: Judge, user: Resource) -> None:
    """Enterprise attributes are strings in the container of their URN, which schemas names."""
    wanted: JSONObject = {name: scim.unique(name)[:40] for name in _TEXTS if _defined(user, name)}
    if not wanted:
        judge.not_applicable("the target declares none of the simple enterprise attributes")
    body = _body(scim, user, wanted)
    exchange = scim.post(user.model.endpoint, json=body)
    if not exchange.ok:
        judge.expect("RFC7643-4.3-02", False, expected="201", observed=exchange.summary(), at=exchange)
        judge.blocked("RFC7643-4.3-02", f"no User with enterprise attributes could be created: {exchange.summary()}")
    found = scim.read(scim.resource_of(user.model, body, exchange))
    inner = container(found.body, _URN)
    judge.expect(
        "RFC7643-4.3-01",
        inner is not None and _URN.lower() in [urn.lower() for urn in listed_schemas(found.body) or [_URN]],
        expected=f"a container {_URN}, named in schemas",
        observed=f"members {', '.join(found.body)}; schemas: {found.body.get('schemas')}",
        at=(exchange, found),
    )
    if inner is None:
        judge.skip("RFC7643-4.3-02", "there is no container to look into")
        return
    lost = {
        name: inner.get(name)
        for name in wanted
        if not kept(wanted[name], member(inner, name), _defined(user, name) or Attribute(name))
    }
    judge.expect(
        "RFC7643-4.3-02",
        not lost,
        expected=f"{wanted}",
        observed=f"{lost}",
        at=(exchange, found),
    )


@check("RFC7643-4.3-03", "RFC7643-4.3-04", "RFC7643-4.3-05", needs=("EnterpriseUser", "User", "read"))
def test_manager_is_an_object_with_the_id(scim: Target, judge: Judge) -> None:
    """manager is an object with the id of a User, and a $ref that leads to this User where there is one."""
    user = scim.some(scim.user or scim.primary)
    _manager(judge, user)
    resource, found = _created(scim, judge, user, {"manager": {"value": user.id}})
    shown = member(container(found.body, _URN) or {}, "manager")
    at = (user.exchange, resource.exchange, found)
    if container(found.body, _URN) is None:
        judge.blocked("RFC7643-4.3-01", f"the User shows no container {_URN}")
    judge.expect(
        "RFC7643-4.3-03",
        shown is None or isinstance(shown, dict),
        expected="manager is an object",
        observed=f"manager: {shown!r}",
        at=at,
    )
    parts = shown if isinstance(shown, dict) else {}
    judge.expect(
        "RFC7643-4.3-04",
        parts.get("value") == user.id or isinstance(shown, str),
        expected=f"manager.value: {user.id}",
        observed=f"manager: {shown!r}",
        at=at,
    )
    reference = parts.get("$ref")
    answer = follow(scim, str(reference)) if reference else None
    if answer is None:
        judge.skip("RFC7643-4.3-05", f"manager has no $ref on the target's own origin: {reference}")
        return
    judge.expect(
        "RFC7643-4.3-05",
        answer.status == 200 and str(answer.body.get("id")) == user.id,
        expected=f"GET {reference} → 200 with id {user.id}",
        observed=f"{answer.summary()} with id {answer.body.get('id')!r}",
        at=(*at, answer),
    )


@check("RFC7643-4.3-06", needs=("EnterpriseUser", "User", "read"))
def test_display_name_of_the_manager_is_derived(scim: Target, judge: Judge) -> None:
    """manager.displayName is not what a client sends; where it is shown, it is the manager's own."""
    user = scim.some(scim.user or scim.primary)
    attribute = _manager(judge, user)
    name = attribute.sub_attribute("displayName")
    if name is None or name.mutability.value != "readOnly":
        judge.not_applicable("the target declares no read-only manager.displayName")
    forged = scim.unique("forged")
    named = scim.post(user.model.endpoint, json=scim.payload(user.model, displayName=scim.unique("Boss")))
    boss = scim.resource_of(user.model, {}, named) if named.ok else user
    resource, found = _created(scim, judge, user, {"manager": {"value": boss.id, "displayName": forged}})
    manager = member(container(found.body, _URN) or {}, "manager")
    shown: JSON = member(manager, "displayName") if isinstance(manager, dict) else None
    own = scim.initial(boss).get("displayName")
    judge.expect(
        "RFC7643-4.3-06",
        shown != forged and (not has_value(shown) or not has_value(own) or shown == own),
        expected=f"manager.displayName: {own}, or none",
        observed=f"manager.displayName: {shown!r}",
        at=(boss.exchange, resource.exchange, found),
    )


@check("RFC7643-4.3-07", needs=("EnterpriseUser", "User", "filter", "read"))
def test_id_of_the_manager_is_case_exact(scim: Target, judge: Judge) -> None:
    """A filter on manager.value with the id in other letters matches nothing, unless the schema says otherwise."""
    user = scim.some(scim.user or scim.primary)
    value = _manager(judge, user).sub_attribute("value")
    if value is None or not value.case_exact:
        judge.not_applicable("the schema does not call manager.value case exact")
    turned = user.id.swapcase()
    if turned == user.id:
        judge.not_applicable("the ids of this target have no letters")
    resource, found = _created(scim, judge, user, {"manager": {"value": user.id}})
    exact = scim.search(user.model.endpoint, f'{_URN}:manager.value eq "{user.id}"')
    if exact.status != 200 or resource.id not in ids(exact.resources):
        judge.not_applicable(f"a filter on manager.value finds nothing: {exact.summary()}")
    other = scim.search(user.model.endpoint, f'{_URN}:manager.value eq "{turned}"')
    judge.expect(
        "RFC7643-4.3-07",
        resource.id not in ids(other.resources),
        expected="no match",
        observed=f"{turned} matches {user.id}",
        at=(resource.exchange, found, exact, other),
    )
