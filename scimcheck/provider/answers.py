"""Replies that carry a resource: projected, with its ETag and its location."""

from __future__ import annotations

from scimcheck.core.characteristics import Returned
from scimcheck.core.json import JSONObject
from scimcheck.provider.conditions import entity_tag, not_modified
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.rendering import render
from scimcheck.provider.store import Record
from scimcheck.provider.unneeded import unneeded_attributes


def resource_reply(ctx: Context, record: Record, status: int) -> Reply:
    """A reply with the projected resource, its ETag, and its Location where something was created."""
    resource = render(ctx, record, unneeded_attributes(ctx, record))
    headers = resource_headers(ctx, resource)
    if status == 201:
        headers["Location"] = resource["meta"]["location"]
    if status == 200 and ctx.method in ("GET", "HEAD"):
        ctx.ops.check_preconditions(ctx, resource)
        if not_modified(ctx, resource):
            return Reply(304, headers=headers)
    return Reply(status, show(ctx, record.type_name, resource), headers)


def empty_reply(ctx: Context, record: Record) -> Reply:
    """204 with the ETag of the resource."""
    return Reply(204, headers=resource_headers(ctx, render(ctx, record, unneeded_attributes(ctx, record, empty=True))))


def resource_headers(ctx: Context, resource: JSONObject) -> dict[str, str]:
    """The header fields that go with a representation of a resource."""
    headers: dict[str, str] = {}
    tag = entity_tag(resource)
    if tag is not None:
        headers["ETag"] = tag
    if ctx.settings.content_location:
        headers["Content-Location"] = resource["meta"]["location"]
    return headers


def show(ctx: Context, type_name: str, resource: JSONObject) -> JSONObject:
    """The projected resource after every hook on resources has seen it."""
    shown = ctx.ops.project(ctx, resource, type_name)
    for hook in ctx.provider.resource_hooks:
        hook(shown, resource)
    return shown


def project(ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
    """The part of a rendered resource that the request asks for (§3.9)."""
    query = ctx.query
    model = ctx.provider.shape(type_name).model
    shown = ctx.provider.projection(type_name, query, ctx.requested).apply(resource)
    if ctx.settings.unassigned == "null" and not query.attributes:
        for located in model.attributes():
            if located.schema is None and located.attribute.returned is Returned.DEFAULT:
                _fill(shown, located.attribute.name, query.excluded_attributes)
    return shown


def _fill(shown: JSONObject, name: str, excluded: tuple[str, ...] | None) -> None:
    if name not in shown and name.lower() not in {text.lower() for text in excluded or ()}:
        shown[name] = None
