"""Permission for pages of other origins, such as Microsoft's SCIM Validator, to call the provider from a browser."""

from __future__ import annotations

from scimcheck.provider.context import Context, Reply


def is_preflight(ctx: Context) -> bool:
    """Whether a browser asks, without credentials, if it may send a request of another origin."""
    asked = ctx.header("origin") and ctx.header("access-control-request-method")
    return ctx.method == "OPTIONS" and bool(asked) and ctx.settings.cross_origin


def preflight_reply(ctx: Context) -> Reply:
    """Permission for every method and for the headers that were asked for; cookies are no credentials here."""
    headers = {
        "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
        "Access-Control-Allow-Headers": ctx.header("access-control-request-headers") or "Authorization, Content-Type",
        "Access-Control-Max-Age": "600",
    }
    return permit(ctx, Reply(204, headers=headers))


def permit(ctx: Context, reply: Reply) -> Reply:
    """Let pages of any origin read the reply, where a browser says that it is for one."""
    if ctx.settings.cross_origin and ctx.header("origin"):
        reply.headers["Access-Control-Allow-Origin"] = "*"
    return reply
