"""Deviations of filters (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.errors import InvalidFilter
from scimcheck.core.filter.ast import Comparison, Filter, Present
from scimcheck.core.json import JSONObject
from scimcheck.core.path import AttrPath
from scimcheck.core.schema import ResourceModel
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, on_response, wrap


@deviation("filter-ignored", breaks=["RFC7644-3.4.2.2-03"], text="A filter is accepted and everything is returned.")
def filter_ignored(provider: Provider) -> None:
    wrap(provider, "list_candidates", lambda original, ctx, shape, expression: original(ctx, shape, None))
    wrap(provider, "matches", lambda original, ctx, expression, resource, model: True)


@deviation(
    "faulty-filter-matches-nothing",
    breaks=["RFC7644-3.4.2.2-33"],
    also=["RFC7644-3.4.2.2-08", "RFC7644-3.4.2.2-09", "RFC7644-3.4.2.2-43", "RFC7644-3.4.3-13"],
    text="A filter that does not follow the grammar is answered with an empty list.",
)
def faulty_filter_matches_nothing(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Filter:
        try:
            parsed: Filter = original(ctx, text)
        except InvalidFilter:
            return Comparison(AttrPath("id"), "eq", "no such id")
        return parsed

    wrap(provider, "parse_filter", parse)


@deviation("present-is-always-true", breaks=["RFC7644-3.4.2.2-16"], text="pr matches whether or not there is a value.")
def present_is_always_true(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        return isinstance(expression, Present) or bool(original(ctx, expression, resource, model))

    wrap(provider, "matches", matches)


@deviation(
    "no-match-answers-404",
    breaks=["RFC7644-3.4.2-07"],
    also=["ENTRA-1.2-06", "ENTRA-3.1-06"],
    text="A query without matches is answered with 404.",
)
def no_match_answers_404(provider: Provider) -> None:
    def refuse(request: Any, reply: Any) -> None:
        if isinstance(reply.body, dict) and reply.body.get("totalResults") == 0:
            reply.status = 404
            reply.body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"}

    on_response(provider, refuse, method="GET", status=200)
