"""Deviations of projection (RFC 7644 §3.9)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap


@deviation(
    "attributes-without-id",
    breaks=["RFC7643-3.1-11"],
    also=["RFC7644-3.9-02", "RFC7643-7-31"],
    text="With attributes, id is returned only when named.",
)
def attributes_without_id(provider: Provider) -> None:
    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
        shown: JSONObject = original(ctx, resource, type_name)
        named = [name.lower() for name in ctx.query.attributes or ()]
        return {name: value for name, value in shown.items() if not named or name != "id" or "id" in named}

    wrap(provider, "project", project)


@deviation(
    "excluded-attributes-ignored",
    breaks=["RFC7644-3.4.2.5-02"],
    also=["RFC7644-3.9-04", "RFC7644-3.9-05"],
    text="excludedAttributes has no effect.",
)
def excluded_attributes_ignored(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        return type(query)(
            query.attributes,
            None,
            query.filter,
            query.sort_by,
            query.sort_order,
            query.start_index,
            query.count,
            query.cursor,
        )

    wrap(provider, "parse_query", parse)
