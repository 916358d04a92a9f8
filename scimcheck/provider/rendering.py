"""A stored resource as clients may see it: with id, meta, members, mirrors of membership and resolved references."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from scimcheck.core.json import JSONObject
from scimcheck.core.schema import Attribute
from scimcheck.provider.content import serialise
from scimcheck.provider.context import Context
from scimcheck.provider.shapes import Shape
from scimcheck.provider.store import Record
from scimcheck.provider.store.records import from_milliseconds

#: Attributes to leave out because nobody will look at them, by lower-case name: large groups are costly to show.
NOTHING: frozenset[str] = frozenset()
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")


def render(ctx: Context, record: Record, without: frozenset[str] = NOTHING) -> JSONObject:
    """The whole resource, before projection; a fresh copy that may be changed."""
    shape = ctx.provider.shape(record.type_name)
    stored = record.attributes()
    resource: JSONObject = {"schemas": stored.pop("schemas"), "id": record.id, **stored}
    if shape.membership and shape.membership.name.lower() not in without:
        _set(resource, shape.membership.name, list(_members(ctx, record, shape.membership)))
    if ctx.settings.groups_on_user:
        for attribute, types in shape.mirrors:
            if attribute.name.lower() not in without:
                _set(resource, attribute.name, list(_mirror(ctx, record, attribute, types)))
    for located, _ in shape.references:
        if located.attribute.name.lower() in without:
            continue
        container = resource if located.schema is None else resource.get(located.schema)
        if isinstance(container, dict):
            _resolve(ctx, container, located.attribute)
    if "meta" not in without:
        resource["meta"] = _meta(ctx, record, shape, resource)
    return resource


def _set(resource: JSONObject, name: str, values: list[JSONObject]) -> None:
    if values:
        resource[name] = values


def location(ctx: Context, type_name: str, record_id: str) -> str:
    """The URI of a resource, percent-encoded; relative URIs stand below the base URL (RFC 7643 §2.3.7)."""
    segment = record_id if _UNRESERVED.fullmatch(record_id) else quote(record_id, safe="")
    return ctx.provider.url(f"{ctx.provider.shape(type_name).endpoint}/{segment}")


def timestamp(ctx: Context, milliseconds: int) -> str:
    """An xsd:dateTime in UTC."""
    seconds, fraction = divmod(milliseconds, 1000)
    return _second(seconds) + (f".{fraction:03}Z" if ctx.settings.precision == "milliseconds" else "Z")


@lru_cache(maxsize=1024)
def _second(seconds: int) -> str:
    """A second since 1970, without zone; most resources of a list, and times of a resource, share theirs."""
    return from_milliseconds(seconds * 1000).isoformat(timespec="seconds")[:-6]


def _meta(ctx: Context, record: Record, shape: Shape, resource: JSONObject) -> JSONObject:
    meta: JSONObject = {
        "resourceType": shape.name,
        "created": timestamp(ctx, record.created),
        "lastModified": timestamp(ctx, record.modified),
        "location": ctx.ops.location(ctx, record.type_name, record.id),
    }
    if ctx.settings.etag_supported:
        meta["version"] = ctx.ops.version(ctx, record, resource)
    return meta


def version(ctx: Context, record: Record, resource: JSONObject) -> str:
    """The entity-tag of a resource: weak by its revision, or strong over all that it shows (RFC 9110 §8.8.3)."""
    memberships = ctx.store.memberships.revisions.get(record.id, 0)
    tag = f"{record.revision:x}.{memberships:x}"
    if ctx.settings.etag_style == "weak":
        return f'W/"{tag}"'
    digest = hashlib.sha256(serialise({**resource, "meta": record.modified})).hexdigest()[:16]
    return f'"{tag}.{digest}"'


def label(record: Record, shape: Shape) -> str | None:
    """What people call a resource: its displayName, or else the text that identifies it."""
    attributes = record.attributes()
    name = attributes.get("displayName")
    if isinstance(name, str):
        return name
    return next((text for path in shape.unique for text in path.texts(attributes)), None)


def _members(ctx: Context, record: Record, attribute: Attribute) -> Iterator[JSONObject]:
    for member in ctx.store.memberships.members(record.id):
        yield _pointer(ctx, member, attribute, None)


def _mirror(ctx: Context, record: Record, attribute: Attribute, types: tuple[str, ...]) -> Iterator[JSONObject]:
    memberships = ctx.store.memberships
    found = [(group, "direct") for group in memberships.groups(record.id)]
    if ctx.settings.indirect_groups:
        found += [(group, "indirect") for group in memberships.ancestors(record.id)]
    for group, kind in found:
        known = ctx.store.find(group)
        if known is not None and known.type_name in types:
            yield _pointer(ctx, group, attribute, kind)


def _pointer(ctx: Context, target: str, attribute: Attribute, kind: str | None) -> JSONObject:
    """A value that points to a resource, with those of ``$ref``, ``type`` and ``display`` that the schema defines."""
    pointer: JSONObject = {"value": target}
    record = ctx.store.find(target)
    if record is None:
        return pointer
    parts: dict[str, Any] = {"type": kind or record.type_name}
    if ctx.settings.member_references:
        parts["$ref"] = ctx.ops.location(ctx, record.type_name, record.id)
    if attribute.sub_attribute("display"):
        parts["display"] = label(record, ctx.provider.shape(record.type_name))
    pointer.update((n, v) for n, v in parts.items() if v is not None and attribute.sub_attribute(n))
    return pointer


def _resolve(ctx: Context, container: JSONObject, attribute: Attribute) -> None:
    """Complete the values of an attribute that point to resources: their ``$ref``, their read-only name."""
    value = container.get(attribute.name)
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        record = ctx.store.find(item.get("value", ""))
        if record is None:
            continue
        if ctx.settings.member_references:
            item["$ref"] = ctx.ops.location(ctx, record.type_name, record.id)
        name = label(record, ctx.provider.shape(record.type_name))
        for sub in ("displayName", "display"):
            if name is not None and attribute.sub_attribute(sub):
                item[sub] = name
