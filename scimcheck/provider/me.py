"""``/Me``: the resource that the credentials stand for (RFC 7644 §3.11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scimcheck.core.errors import NotFound, ScimError
from scimcheck.provider import resources
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.rendering import location
from scimcheck.provider.store import Record

_STEPS: Mapping[str, Callable[[Context], Reply]] = {
    "GET": resources.retrieve,
    "HEAD": resources.retrieve,
    "PUT": resources.replace,
    "PATCH": resources.patch,
    "DELETE": resources.delete,
}


def me(ctx: Context) -> Reply:
    """Answer as the aliased resource would, or redirect to it with 308; 501 for credentials without a resource."""
    if ctx.token is None or ctx.token.user is None:
        raise ScimError("these credentials stand for no resource", status=501)
    record = _own(ctx, ctx.token.user)
    permanent = location(ctx, record.type_name, record.id)
    if ctx.settings.me_answers == "redirect":
        return Reply(308, headers={"Location": permanent})
    if ctx.method not in _STEPS:
        raise ScimError("the resource of these credentials exists already", status=409)
    ctx.shape, ctx.target = ctx.provider.shape(record.type_name), record.id
    reply = _STEPS[ctx.method](ctx)
    if reply.body is not None:
        reply.headers["Location"] = permanent
    return reply


def _own(ctx: Context, user: str) -> Record:
    """The resource with that id, or with that value of an attribute that is unique."""
    record = ctx.store.find(user)
    if record is not None:
        return record
    for shape in ctx.provider.shapes:
        for path in shape.unique:
            held = ctx.store.holders(shape.name, path.key, user)
            if held:
                return held[0]
    raise NotFound("the resource of these credentials does not exist")
