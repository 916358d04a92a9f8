"""Deviations that show in what was done to a resource before (RFC 7644 §3.3 to §3.6)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.filter.ast import Filter
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap
from scimcheck.provider.faults.rewriting import scan
from scimcheck.provider.store import Record


def _last_written(provider: Provider) -> dict[str, str]:
    """By which method each resource was written last, by id; kept up to date, for PATCH when it is answered."""
    last: dict[str, str] = {}

    def store(original: Any, ctx: Context, record: Record, attributes: JSONObject, **options: Any) -> Record:
        stored: Record = original(ctx, record, attributes, **options)
        last[record.id] = ctx.method
        return stored

    wrap(provider, "store_replace", store)
    return last


@deviation(
    "replacements-after-patches-are-lost",
    breaks=["RFC7644-3.5.1-02"],
    text="A PUT that follows a PATCH of the resource keeps the nickName.",
)
def replacements_after_patches_are_lost(provider: Provider) -> None:
    last = _last_written(provider)

    def validate(original: Any, ctx: Context, current: JSONObject, body: JSON) -> JSONObject:
        attributes: JSONObject = original(ctx, current, body)
        if last.get(str(current["id"])) == "PATCH" and "nickName" in current and "nickName" in attributes:
            attributes["nickName"] = current["nickName"]
        return attributes

    wrap(provider, "validate_replace", validate)


@deviation(
    "patched-resources-outlive-deletion",
    breaks=["RFC7644-3.6-02"],
    also=["ENTRA-2.1-13", "ENTRA-2.1-14", "ENTRA-3.1-04", "ENTRA-4.7-03", "ENTRA-4.7-05", "RFC7644-3.6-03"],
    text="A resource that was written by PATCH last is there after its deletion.",
)
def patched_resources_outlive_deletion(provider: Provider) -> None:
    last = _last_written(provider)

    def delete(original: Any, ctx: Context, record: Record) -> None:
        if last.get(record.id) != "PATCH":
            original(ctx, record)

    wrap(provider, "store_delete", delete)


@deviation(
    "patched-values-are-found-by-their-past",
    breaks=["RFC7644-3.4.2.2-03"],
    also=["ENTRA-3.2-59", "RFC7644-3.5.2.2-05"],
    text="Filters find a resource that was patched by what it was before, too.",
)
def patched_values_are_found_by_their_past(provider: Provider) -> None:
    past: dict[str, JSONObject] = {}

    def apply(original: Any, ctx: Context, current: JSONObject, operations: Any) -> JSONObject:
        changed: JSONObject = original(ctx, current, operations)
        past[ctx.target or ""] = dict(current)
        return changed

    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        before = past.get(str(resource.get("id")))
        now = bool(original(ctx, expression, resource, model))
        return now or (before is not None and bool(original(ctx, expression, before, model)))

    scan(provider)
    wrap(provider, "apply_patch", apply)
    wrap(provider, "matches", matches)
