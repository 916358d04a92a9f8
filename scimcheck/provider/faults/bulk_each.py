"""Deviations of single methods within bulk jobs (RFC 7644 §3.7), and of versions after PATCH (§3.14)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.editing import edit_request
from scimcheck.provider.faults.registry import deviation, on_response, wrap
from scimcheck.provider.store import Record


def _without_versions(provider: Provider, method: str) -> None:
    """Let operations of that method lose their versions before anybody sees them."""

    def strip(body: JSONObject) -> None:
        listed = body.get("Operations")
        for item in listed if isinstance(listed, list) else ():
            if isinstance(item, dict) and item.get("method") == method:
                item.pop("version", None)

    edit_request(provider, "POST", strip, "/Bulk")


@deviation(
    "bulk-patches-any-version",
    breaks=["RFC7644-3.7-08"],
    text="A PATCH operation of a bulk job is carried out whatever its version is.",
)
def bulk_patches_any_version(provider: Provider) -> None:
    _without_versions(provider, "PATCH")


@deviation(
    "bulk-deletes-any-version",
    breaks=["RFC7644-3.7-08"],
    text="A DELETE operation of a bulk job is carried out whatever its version is.",
)
def bulk_deletes_any_version(provider: Provider) -> None:
    _without_versions(provider, "DELETE")


def _results(provider: Provider, method: str, change: Callable[[JSONObject], Any]) -> None:
    """Let ``change`` alter the results of operations of that method."""

    def alter(request: Request, reply: Reply) -> None:
        for item in reply.body.get("Operations", ()) if isinstance(reply.body, dict) else ():
            if item["method"] == method:
                change(item)

    on_response(provider, alter, endpoint="/Bulk", status=200)


@deviation(
    "bulk-deletions-answer-200",
    breaks=["RFC7644-3.7.3-02"],
    text="A DELETE operation that succeeds has the status 200.",
)
def bulk_deletions_answer_200(provider: Provider) -> None:
    _results(provider, "DELETE", lambda item: item["status"] == "204" and item.update(status="200"))


@deviation(
    "bulk-deletions-without-location",
    breaks=["RFC7644-3.7-11"],
    text="The result of a DELETE operation has no location.",
)
def bulk_deletions_without_location(provider: Provider) -> None:
    _results(provider, "DELETE", lambda item: item.pop("location", None))


@deviation(
    "bulk-patches-located-elsewhere",
    breaks=["RFC7644-3.7-11"],
    text="The location of a PATCH operation's result is that of the collection.",
)
def bulk_patches_located_elsewhere(provider: Provider) -> None:
    _results(provider, "PATCH", lambda item: item.update(location=str(item["location"]).rpartition("/")[0]))


@deviation(
    "patch-shows-the-old-etag",
    breaks=["RFC9110-8.8.3-03"],
    text="The answer to a PATCH has the ETag of the state before it.",
)
def patch_shows_the_old_etag(provider: Provider) -> None:
    def find(original: Any, ctx: Context, record_id: str) -> Record | None:
        record: Record | None = original(ctx, record_id)
        if record is not None and ctx.method == "PATCH" and "etag" not in ctx.notes:
            ctx.notes["etag"] = ctx.ops.version(ctx, record, {})
        return record

    def show(request: Request, reply: Reply) -> None:
        if reply.context.notes.get("etag"):
            reply.headers["ETag"] = reply.context.notes["etag"]

    wrap(provider, "find_record", find)
    on_response(provider, show, method="PATCH", status=(200, 204))


@deviation(
    "versions-without-members",
    breaks=["RFC7644-3.14-08"],
    text="The version of a group does not depend on its members.",
)
def versions_without_members(provider: Provider) -> None:
    def version(original: Any, ctx: Context, record: Record, resource: JSONObject) -> str:
        if record.type_name != "Group":
            told: str = original(ctx, record, resource)
            return told
        kept = {name: value for name, value in resource.items() if name not in ("members", "meta")}
        return f'W/"{hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]}"'

    wrap(provider, "version", version)
