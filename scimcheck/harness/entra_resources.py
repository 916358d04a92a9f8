"""What Entra's checks start from: documented creations, groups that have members, users who have a manager."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member as value_of
from scimcheck.core.schema import ResourceModel, Schema
from scimcheck.entra.creation import group_body, is_declared, user_body
from scimcheck.entra.dialect import MANAGER, operation, patch_body
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import identifier_of
from scimcheck.harness.provisioned import mapped_group, mapped_user
from scimcheck.harness.target import Resource, Target
from scimcheck.resources import bundled

#: The work e-mail address as mappings name it.
WORK_MAIL = 'emails[type eq "work"].value'


def documented_user(scim: Target, model: ResourceModel, **more: JSON) -> JSONObject:
    """The documented creation of a user, with whatever else the target's schemas require.

    With an app it is what the app sends of a user.
    """
    mapped = mapped_user(scim)
    if mapped is not None:
        return with_required(scim, model, {**user_body(mapped, model), **more})
    name = scim.payloads.user_name("entra")
    values: dict[str, JSON] = {
        "externalId": scim.unique("ext"),
        "userName": name,
        "active": True,
        "displayName": "Mara Lindqvist",
        WORK_MAIL: name,
        "name.formatted": "Mara Lindqvist",
        "name.familyName": "Lindqvist",
        "name.givenName": "Mara",
    }
    return with_required(scim, model, {**user_body(values, model), **more})


def documented_group(scim: Target, model: ResourceModel) -> JSONObject:
    """The documented creation of a group in the form of today's captures, with whatever the schemas require."""
    values: Mapping[str, JSON] = mapped_group(scim) or {
        "externalId": scim.unique("group-ext"),
        "displayName": scim.unique("Group"),
    }
    return with_required(scim, model, group_body(values))


def with_required(scim: Target, model: ResourceModel, body: JSONObject) -> JSONObject:
    """The body together with what the target's schemas require, schema URNs included."""
    base = scim.payload(model)
    listed = [*body["schemas"], *(urn for urn in base["schemas"] if urn not in body["schemas"])]
    parts = {key: {**base[key], **part} for key, part in body.items() if _objects(base.get(key), part)}
    return {**base, **body, **parts, "schemas": listed}


def _objects(*values: JSON) -> bool:
    return all(isinstance(value, dict) for value in values)


def refused(exchange: Exchange) -> bool:
    """Whether a creation did not create: no 2xx, or nothing that names the new resource."""
    return not exchange.ok or not identifier_of(exchange)


def culprit(scim: Target, model: ResourceModel, features: Mapping[str, JSONObject]) -> tuple[str, Exchange] | None:
    """The first requirement whose members alone, added to a plain body, make a creation fail."""
    for requirement, members in features.items():
        exchange = scim.post(model.endpoint, json={**scim.payload(model), **members})
        if refused(exchange):
            return requirement, exchange
    return None


def member_ids(scim: Target, group: Resource) -> list[str]:
    """The ids of a group's members as a fresh GET shows them, asked for by name where they are not shown by default."""
    shown = value_of(scim.state(group), "members") or value_of(scim.read(group, attributes="members").body, "members")
    return listed_values(shown)


def listed_values(shown: JSON) -> list[str]:
    """The values of a multi-valued complex attribute, as text."""
    entries = shown if isinstance(shown, list) else []
    return [str(value_of(item, "value")) for item in entries if isinstance(item, dict)]


def group_with(scim: Target, judge: Judge, model: ResourceModel, *members: Resource) -> Resource:
    """A fresh group with these members, by whatever means the target offers; ends the check when there is none."""
    wanted = [scim.member(member) for member in members]
    body = scim.payload(model, members=wanted)
    exchange = scim.post(model.endpoint, json=body)
    group = scim.create(model) if refused(exchange) else scim.resource_of(model, body, exchange)
    identifiers = {member.id for member in members}
    if identifiers <= set(listed_values(value_of(scim.initial(group), "members"))):
        return group
    for op in ("add", "Add"):
        if identifiers <= set(member_ids(scim, group)):
            return group
        scim.patch(group.path, json=patch_body([operation(op, "members", wanted)]))
    if not identifiers <= set(member_ids(scim, group)):
        judge.blocked("ENTRA-3.2-37", "no member could be brought into a group")
    return group


def manager_of(resource: JSONObject) -> str:
    """The id of the manager that a user shows; empty without one."""
    extension = value_of(resource, urns.ENTERPRISE_USER)
    manager = value_of(extension, "manager") if isinstance(extension, dict) else None
    found = value_of(manager, "value") if isinstance(manager, dict) else manager
    return str(found or "")


def user_with_manager(scim: Target, judge: Judge, model: ResourceModel, boss: Resource) -> Resource:
    """A fresh user whose manager that is, by whatever means the target offers; ends the check when there is none."""
    if not is_declared(MANAGER, model):
        judge.not_applicable(f"{model.name} declares no manager that clients may write")
    body = with_manager(scim, model, {"value": boss.id})
    exchange = scim.post(model.endpoint, json=body)
    user = scim.create(model) if refused(exchange) else scim.resource_of(model, body, exchange)
    if manager_of(scim.initial(user)) == boss.id:
        return user
    for op, value in _manager_forms(boss):
        if manager_of(scim.state(user)) == boss.id:
            return user
        scim.patch(user.path, json=patch_body([operation(op, MANAGER, value)]))
    if manager_of(scim.state(user)) != boss.id:
        judge.blocked("ENTRA-3.2-30", "no manager could be set")
    return user


def with_manager(scim: Target, model: ResourceModel, manager: JSON) -> JSONObject:
    """A plain creation with that manager in the enterprise extension, which ``schemas`` names."""
    body = scim.payload(model)
    listed = dict.fromkeys([*body["schemas"], urns.ENTERPRISE_USER])
    held = body.get(urns.ENTERPRISE_USER) or {}
    return {**body, "schemas": list(listed), urns.ENTERPRISE_USER: {**held, "manager": manager}}


def standard_schemas() -> dict[str, Schema]:
    """The resource schemas of RFC 7643 §8.7.1 by URN in lower case."""
    folder = bundled("fixtures") / "schemas"
    texts = ((folder / f"{name}.json").read_text(encoding="utf-8") for name in ("User", "EnterpriseUser", "Group"))
    found = [Schema.from_json(json.loads(text)) for text in texts]
    return {schema.id.lower(): schema for schema in found}


def _manager_forms(boss: Resource) -> Iterable[tuple[str, JSON]]:
    yield "add", {"value": boss.id}
    yield "add", boss.id
