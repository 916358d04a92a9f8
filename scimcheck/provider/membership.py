"""Members of groups as clients write them, apart from the group's other attributes: the store keeps them indexed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scimcheck.core.errors import InvalidValue
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import Attribute
from scimcheck.provider.context import Context
from scimcheck.provider.shapes import referred_types


def take_members(ctx: Context, attributes: JSONObject) -> list[str] | None:
    """Take the members out of the attributes to store; ``None`` when resources of this type have none.

    Raises InvalidValue for a member without ``value``.
    """
    membership = ctx.typed().membership
    if membership is None:
        return None
    return member_ids(membership, attributes.pop(membership.name, None) or [])


def member_ids(membership: Attribute, values: Iterable[Any]) -> list[str]:
    """The ids in member values, each once; raises InvalidValue for a value without id."""
    ids: dict[str, None] = {}
    for number, item in enumerate(values):
        value = item.get("value") if isinstance(item, dict) else None
        if not isinstance(value, str) or not value:
            raise InvalidValue(f"{membership.name}[{number}].value is required")
        ids[value] = None
    return list(ids)


def check_members(ctx: Context, group: str | None, members: Iterable[str]) -> None:
    """Refuse members that do not exist or may not be members; raises InvalidValue."""
    membership = ctx.typed().membership
    if membership is None:
        return
    allowed = set(referred_types(membership, {shape.name for shape in ctx.provider.shapes}))
    if not ctx.settings.nested_groups:
        allowed.discard(ctx.typed().name)
    for member in members:
        record = ctx.store.find(member)
        if record is None and ctx.settings.unknown_members == "refuse":
            raise InvalidValue(f"{membership.name}: there is no resource with id {member}")
        if record is not None and record.type_name not in allowed:
            raise InvalidValue(f"{membership.name}: a {record.type_name} cannot be a member")
        if group is not None and member == group:
            raise InvalidValue(f"{membership.name}: a group cannot be a member of itself")


def check_references(ctx: Context, attributes: JSONObject) -> None:
    """Refuse references to resources that do not exist, where the settings ask for it; raises InvalidValue."""
    if ctx.settings.unknown_references == "accept":
        return
    for located, types in ctx.typed().references:
        container = attributes if located.schema is None else attributes.get(located.schema, {})
        value = container.get(located.attribute.name)
        for item in value if isinstance(value, list) else [value]:
            target = item.get("value") if isinstance(item, dict) else None
            record = ctx.store.find(target) if isinstance(target, str) else None
            if target is not None and (record is None or record.type_name not in types):
                raise InvalidValue(f"{located.attribute.name}: there is no {' or '.join(types)} with id {target}")
