"""Create, retrieve, replace, patch and delete resources (RFC 7644 §3.3 to §3.6)."""

from __future__ import annotations

from scimcheck.core.errors import NotFound, ScimError
from scimcheck.core.json import JSONObject
from scimcheck.provider.answers import empty_reply, resource_reply
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.patching import patch_record
from scimcheck.provider.rendering import render
from scimcheck.provider.store import Record


def create(ctx: Context) -> Reply:
    """POST to a resource type's endpoint (§3.3)."""
    if not ctx.settings.create_supported:
        raise unsupported(ctx, f"no {ctx.typed().name} is created here")
    attributes = ctx.ops.validate_create(ctx, ctx.ops.read_body(ctx))
    with ctx.store.lock:
        record = ctx.ops.store_create(ctx, attributes)
    return resource_reply(ctx, record, 201)


def retrieve(ctx: Context) -> Reply:
    """GET of one resource (§3.4.1)."""
    record = existing(ctx)
    return resource_reply(ctx, record, 200)


def replace(ctx: Context) -> Reply:
    """PUT on one resource (§3.5.1)."""
    body = ctx.ops.read_body(ctx)
    with ctx.store.lock:
        record = existing(ctx)
        current = render(ctx, record)
        attributes = ctx.ops.validate_replace(ctx, _writable(record, current), body)
        ctx.ops.check_preconditions(ctx, current)
        record = ctx.ops.store_replace(ctx, record, attributes)
    if ctx.settings.replace_answers == "no-content":
        return empty_reply(ctx, record)
    return resource_reply(ctx, record, 200)


def patch(ctx: Context) -> Reply:
    """PATCH on one resource (§3.5.2)."""
    if not ctx.settings.patch_supported:
        raise unsupported(ctx, "PATCH is not supported")
    body = ctx.ops.read_body(ctx)
    with ctx.store.lock:
        record = patch_record(ctx, existing(ctx), body)
    return ctx.ops.patch_reply(ctx, record)


def patch_reply(ctx: Context, record: Record) -> Reply:
    """200 with the resource or 204, as the settings say; always 200 when ``attributes`` is given (§3.5.2)."""
    answers = ctx.settings.patch_answers
    silent = answers == "no-content" or (answers == "no-content-for-groups" and ctx.typed().membership is not None)
    if silent and not ctx.query.attributes:
        return empty_reply(ctx, record)
    return resource_reply(ctx, record, 200)


def delete(ctx: Context) -> Reply:
    """DELETE of one resource (§3.6)."""
    with ctx.store.lock:
        record = existing(ctx)
        ctx.ops.check_preconditions(ctx, render(ctx, record))
        ctx.ops.store_delete(ctx, record)
    return Reply(204)


def existing(ctx: Context) -> Record:
    """The record that the path names; NotFound when there is none in this tenant and under this endpoint."""
    record = ctx.ops.find_record(ctx, ctx.target or "")
    if record is None:
        raise NotFound(f"{ctx.typed().name} {ctx.target} does not exist")
    return record


def find_record(ctx: Context, record_id: str) -> Record | None:
    """The record of the path's resource type with that id."""
    return ctx.store.get(ctx.typed().name, record_id)


def unsupported(ctx: Context, detail: str) -> ScimError:
    """The error for a feature that is switched off."""
    return ScimError(detail, status=ctx.settings.unsupported_status)


def _writable(record: Record, rendered: JSONObject) -> JSONObject:
    """The stored attributes together with members, which stand in their own index."""
    return {**rendered, **record.attributes()}
