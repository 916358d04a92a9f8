"""Which step answers which path and method (RFC 7644 §3.2 table 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from scimcheck.core.errors import NotFound, ScimError
from scimcheck.core.schema import DISCOVERY_ENDPOINTS
from scimcheck.provider import bulk, discovery, federation, health, me, oauth, queries, resources
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.replies import MethodNotAllowed

Step: TypeAlias = Callable[[Context], Reply]

_KNOWN_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
_COLLECTION: Mapping[str, Step] = {"GET": queries.query, "POST": resources.create}
_RESOURCE: Mapping[str, Step] = {
    "GET": resources.retrieve,
    "PUT": resources.replace,
    "PATCH": resources.patch,
    "DELETE": resources.delete,
}
_SEARCH: Mapping[str, Step] = {"POST": queries.search}
_DISCOVERY: Mapping[str, Step] = {"GET": discovery.discover}
_ROOT: Mapping[str, Step] = {"GET": queries.query}
_BULK: Mapping[str, Step] = {"POST": bulk.bulk}
_ME: Mapping[str, Step] = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), me.me)
_TOKEN: Mapping[str, Step] = {"POST": oauth.issue_token}
_HEALTH: Mapping[str, Step] = {"GET": health.health}
_ISSUER: Mapping[str, Mapping[str, Step]] = {
    federation.ISSUER_ENDPOINT: {"POST": federation.issue_assertion},
    federation.KEYS_ENDPOINT: {"GET": federation.published_keys},
}


def locate(ctx: Context) -> None:
    """Fill in the context's endpoint, target and resource type from the path."""
    path = "/" + ctx.request.path.lstrip("/")
    for shape in ctx.provider.shapes:
        if path.rstrip("/") == shape.endpoint or path.startswith(shape.endpoint + "/"):
            ctx.shape, ctx.endpoint = shape, shape.endpoint
            ctx.target = path[len(shape.endpoint) + 1 :].rstrip("/") or None
            return
    if path.rstrip("/") in _open_endpoints(ctx):
        ctx.endpoint = path.rstrip("/")
        return
    head, _, tail = path[1:].partition("/")
    ctx.endpoint = "/" + head
    ctx.target = tail.rstrip("/") or None


def is_open(ctx: Context) -> bool:
    """Whether the endpoint takes part in authentication itself, or tells how the service fares: both need no token."""
    return ctx.endpoint in _open_endpoints(ctx)


def _open_endpoints(ctx: Context) -> Mapping[str, Mapping[str, Step]]:
    """The endpoints that issue tokens or tell of health, with what they answer, where the settings have them."""
    own, health_endpoint = ctx.settings.token_endpoint, ctx.settings.health_endpoint
    found = {own: _TOKEN, **_ISSUER} if own else {}
    return {**found, health_endpoint: _HEALTH} if health_endpoint else found


def step(ctx: Context) -> Step:
    """The step that answers the request; raises NotFound, MethodNotAllowed, or ScimError 501."""
    steps = _steps(ctx)
    allowed = (*steps, "OPTIONS") if "GET" not in steps else (*steps, "HEAD", "OPTIONS")
    if ctx.method == "OPTIONS":
        return lambda _: Reply(204, headers={"Allow": ", ".join(allowed)})
    if ctx.method not in _KNOWN_METHODS:
        raise ScimError(f"the method {ctx.method[:20]} is not known", status=501)
    found = steps.get("GET" if ctx.method == "HEAD" else ctx.method)
    if found is None:
        raise MethodNotAllowed(allowed)
    return found


def _steps(ctx: Context) -> Mapping[str, Step]:
    """The steps by method of the endpoint that the path names; raises NotFound when it names none."""
    if ctx.shape is not None:
        if ctx.target == ".search":
            return _available(ctx, _SEARCH, ctx.settings.search_supported, "searching by POST")
        return _COLLECTION if ctx.target is None else _RESOURCE
    if ctx.endpoint in DISCOVERY_ENDPOINTS.values():
        return _DISCOVERY
    if is_open(ctx):
        return _open_endpoints(ctx)[ctx.endpoint]
    if ctx.target is None:
        if ctx.endpoint == "/":
            return _available(ctx, _ROOT, ctx.settings.root_query_supported, "querying all resource types")
        if ctx.endpoint == "/.search":
            supported = ctx.settings.search_supported and ctx.settings.root_query_supported
            return _available(ctx, _SEARCH, supported, "searching all resource types")
        if ctx.endpoint == "/Bulk":
            return _available(ctx, _BULK, ctx.settings.bulk_supported, "bulk")
        if ctx.endpoint == "/Me":
            return _available(ctx, _ME, ctx.settings.me_supported, "/Me")
    raise NotFound(f"there is no endpoint {ctx.request.path[:200]}")


def _available(ctx: Context, steps: Mapping[str, Step], supported: bool, what: str) -> Mapping[str, Step]:
    if not supported:
        raise resources.unsupported(ctx, f"{what} is not supported")
    return steps
