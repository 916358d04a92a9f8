"""Conditional requests (RFC 7644 §3.14, RFC 9110 §13)."""

from __future__ import annotations

import re

from scimcheck.core.errors import PreconditionFailed
from scimcheck.core.json import JSONObject
from scimcheck.provider.context import Context

_TAG = re.compile(r'(?:W/)?"[^"]*"|[^\s,]+')


def entity_tag(resource: JSONObject) -> str | None:
    """The entity-tag in a rendered resource's meta."""
    tag = resource.get("meta", {}).get("version")
    return tag if isinstance(tag, str) else None


def check_preconditions(ctx: Context, resource: JSONObject) -> None:
    """Raise PreconditionFailed when the request's conditions are false for the resource as it is now.

    If-Match goes first (RFC 9110 §13.2.2). On GET and HEAD a false If-None-Match is no error: see :func:`not_modified`.
    """
    tag = entity_tag(resource)
    if not ctx.settings.etag_supported or tag is None:
        return
    wanted = ctx.header("if-match")
    if wanted is not None and not _matches(ctx, wanted, tag):
        raise PreconditionFailed(f"the resource is at version {tag} now", status=ctx.settings.version_mismatch)
    unwanted = ctx.header("if-none-match")
    if unwanted is not None and ctx.method not in ("GET", "HEAD") and _matches_weakly(unwanted, tag):
        raise PreconditionFailed(f"the resource is at version {tag}", status=ctx.settings.version_mismatch)


def not_modified(ctx: Context, resource: JSONObject) -> bool:
    """Whether a GET is answered with 304, for the client has the current version."""
    tag = entity_tag(resource)
    unwanted = ctx.header("if-none-match")
    return ctx.settings.etag_supported and tag is not None and unwanted is not None and _matches_weakly(unwanted, tag)


def _matches(ctx: Context, header: str, tag: str) -> bool:
    """If-Match: strong comparison by HTTP, under which a weak tag never matches; SCIM's examples send weak ones."""
    if header.strip() == "*":
        return True
    if tag.startswith("W/"):
        return ctx.settings.weak_if_match == "match" and _matches_weakly(header, tag)
    return tag in _TAG.findall(header)


def _matches_weakly(header: str, tag: str) -> bool:
    if header.strip() == "*":
        return True
    opaque = tag.removeprefix("W/")
    return any(candidate.removeprefix("W/") == opaque for candidate in _TAG.findall(header))
