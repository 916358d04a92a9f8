"""Deviations of queries and of the lists that answer them (RFC 7644 §3.4.2, §3.4.2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from scimcheck.core import urns
from scimcheck.core.errors import InvalidFilter, InvalidValue, ScimError
from scimcheck.core.filter.ast import Comparison, Filter, Not, Present
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, on_response, variant, wrap
from scimcheck.provider.faults.rewriting import EVERYTHING, map_filter, rewrite_whole
from scimcheck.provider.shapes import Shape
from scimcheck.provider.store import Record

_PARAMETERS = {
    "filter", "attributes", "excludedAttributes", "sortBy", "sortOrder", "startIndex", "count", "cursor",
    "aadOptscim062020",
}  # fmt: skip


def _lists(provider: Provider, change: Any) -> None:
    """Let ``change(ctx, body)`` alter the body of every list."""

    def body(original: Any, ctx: Context, records: Sequence[Record]) -> JSONObject:
        found: JSONObject = original(ctx, records)
        change(ctx, found)
        return found

    wrap(provider, "list_body", body)


@deviation(
    "list-without-its-urn",
    breaks=["RFC7644-3.4.2-01"],
    also=["ENTRA-1.2-06", "RFC7644-8.2-01"],
    text="Lists by GET have another URN in schemas.",
)
def list_without_its_urn(provider: Provider) -> None:
    def change(ctx: Context, body: JSONObject) -> None:
        if ctx.method == "GET" and ctx.shape is not None:
            body["schemas"] = [urns.SEARCH_REQUEST]

    _lists(provider, change)


@deviation(
    "total-is-text",
    breaks=["RFC7644-3.4.2-02"],
    also=[
        "ENTRA-1.2-02",
        "ENTRA-1.2-03",
        "ENTRA-1.2-04",
        "ENTRA-1.2-05",
        "ENTRA-2.1-14",
        "ENTRA-2.1-18",
        "ENTRA-2.2-09",
        "ENTRA-2.6-01",
        "ENTRA-2.6-02",
        "ENTRA-3.2-59",
        "ENTRA-4.3-05",
        "ENTRA-4.3-07",
        "RFC7644-3.4.2.2-11",
        "RFC7644-3.4.2.2-15",
        "RFC7644-3.4.2.2-17",
        "RFC7644-3.4.2.2-18",
        "RFC7644-3.4.2.2-19",
        "RFC7644-3.4.2.2-20",
        "RFC7644-3.4.2.2-27",
        "RFC7644-3.4.2.2-34",
        "RFC7644-3.4.2.2-41",
        "RFC7644-3.4.2.2-48",
        "RFC7644-6.1-01",
        "ENTRA-1.2-06",
        "RFC7644-3.4.2-03",
        "RFC7644-3.4.2-07",
        "RFC7644-3.4.2.4-06",
        "RFC7644-3.4.2.4-10",
    ],
    text="totalResults is a string.",
)
def total_is_text(provider: Provider) -> None:
    _lists(provider, lambda ctx, body: body.update(totalResults=str(body["totalResults"])))


@deviation(
    "total-is-missing",
    breaks=["RFC7644-3.4.2-02"],
    also=["ENTRA-1.2-06", "RFC7644-3.4.2-03", "RFC7644-3.4.2-07", "RFC7644-3.4.2.4-06", "RFC7644-3.4.2.4-10"],
    text="Lists have no totalResults.",
)
def total_is_missing(provider: Provider) -> None:
    _lists(provider, lambda ctx, body: body.pop("totalResults"))


@deviation(
    "whole-list-under-another-name",
    breaks=["RFC7644-3.4.2-04"],
    also=["ENTRA-2.1-18", "ENTRA-2.1-19", "ENTRA-2.1-20"],
    text="A query without filter has its resources under a name in lower case.",
)
def whole_list_under_another_name(provider: Provider) -> None:
    def change(ctx: Context, body: JSONObject) -> None:
        if ctx.query.filter is None and "Resources" in body:
            body["resources"] = body.pop("Resources")

    _lists(provider, change)


@deviation("page-without-start", breaks=["RFC7644-3.4.2-05"], text="A page does not say where it begins.")
def page_without_start(provider: Provider) -> None:
    _lists(provider, lambda ctx, body: body.pop("startIndex", None))


@deviation("page-without-size", breaks=["RFC7644-3.4.2-06"], text="A page does not say how many resources it has.")
def page_without_size(provider: Provider) -> None:
    _lists(provider, lambda ctx, body: body.pop("itemsPerPage", None))


@deviation(
    "unknown-parameters-refused",
    breaks=["RFC7644-3.4.2-08"],
    also=["ENTRA-3.1-06"],
    text="A query parameter that is not known is refused.",
)
def unknown_parameters_refused(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        for name, _ in parse_qsl(ctx.request.query, keep_blank_values=True):
            if name not in _PARAMETERS:
                raise InvalidValue(f"{name} is not a parameter")
        return original(ctx)

    wrap(provider, "parse_query", parse)


@deviation(
    "lists-are-forbidden",
    breaks=["RFC7644-3.4.2-10"],
    also=["ENTRA-2.1-20", "RFC7644-3.2-03", "RFC7644-3.4.2.1-03", "RFC7644-3.12-18", "RFC7643-5-15"],
    text="A query of an endpoint without filter is answered with 403.",
)
def lists_are_forbidden(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        found = original(ctx)
        if found.filter is None and ctx.shape is not None and ctx.target is None and ctx.method == "GET":
            raise ScimError("lists are not offered", status=403)
        return found

    wrap(provider, "parse_query", parse)


@deviation(
    "query-on-a-resource-fails",
    breaks=["RFC7644-3.4.2-11"],
    also=["RFC7644-3.12-15"],
    text="A filter on a single resource is answered with an internal error.",
)
def query_on_a_resource_fails(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        found = original(ctx)
        if found.filter is not None and ctx.target is not None and ctx.method == "GET":
            raise ScimError("not a collection", status=500)
        return found

    wrap(provider, "parse_query", parse)


@deviation(
    "projected-list-without-id",
    breaks=["RFC7644-3.4.2-12"],
    also=["ENTRA-2.6-01", "ENTRA-2.6-02", "RFC7643-3.1-03"],
    text="Listed resources lose their id with attributes.",
)
def projected_list_without_id(provider: Provider) -> None:
    def change(ctx: Context, body: JSONObject) -> None:
        if ctx.query.attributes and ctx.method == "GET" and ctx.shape is not None:
            for resource in body.get("Resources", []):
                resource.pop("id", None)

    _lists(provider, change)


# --- too long --------------------------------------------------------------------------------------------------------

variant(
    "long-lists-refused",
    reading="RFC7644-3.4.2.1-03",
    text="A query with more than three results and no count is refused with tooMany.",
    settings={"too_many": 3},
)


@deviation(
    "long-lists-refused-nameless",
    breaks=["RFC7644-3.4.2.1-03"],
    also=["RFC7644-3.12-18", "RFC7644-3.4.2-10"],
    settings={"too_many": 3},
    text="A query with too many results is refused with 400 and another scimType.",
)
def long_lists_refused_nameless(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        if isinstance(reply.body, dict) and reply.body.get("scimType") == "tooMany":
            reply.body["scimType"] = "invalidValue"

    on_response(provider, change, status=400)


# --- the base URL ----------------------------------------------------------------------------------------------------


@deviation(
    "root-knows-users-alone",
    breaks=["RFC7644-3.4.2.1-01"],
    also=["RFC7644-3.4.2.1-02", "RFC7644-3.4.2.1-04", "RFC7644-3.4.3-12"],
    text="Queries at the base URL find users alone.",
)
def root_knows_users_alone(provider: Provider) -> None:
    def candidates(original: Any, ctx: Context, shape: Shape, expression: Filter | None) -> Sequence[Record]:
        found: Sequence[Record] = original(ctx, shape, expression)
        return [] if ctx.shape is None and shape.name != "User" else found

    wrap(provider, "list_candidates", candidates)


def _at_root(provider: Provider, change: Any) -> None:
    """Let ``change`` replace the parts of filters at the base URL."""
    rewrite_whole(provider, lambda ctx, tree: map_filter(tree, change) if ctx.shape is None else tree)


@deviation(
    "root-ignores-types", breaks=["RFC7644-3.4.2.1-02"], text="At the base URL meta.resourceType matches any type."
)
def root_ignores_types(provider: Provider) -> None:
    def change(part: Filter) -> Filter:
        typed = isinstance(part, Comparison) and (part.path.sub or "").lower() == "resourcetype"
        return EVERYTHING if typed else part

    _at_root(provider, change)


@deviation("root-ignores-negation", breaks=["RFC7644-3.4.2.1-04"], text="At the base URL not has no effect.")
def root_ignores_negation(provider: Provider) -> None:
    _at_root(provider, lambda part: part.operand if isinstance(part, Not) else part)


@deviation(
    "root-refuses-foreign-attributes",
    breaks=["RFC7644-3.4.2.1-05"],
    also=["RFC7644-3.4.2.1-04"],
    text="At the base URL an attribute that some type does not define is refused.",
)
def root_refuses_foreign_attributes(provider: Provider) -> None:
    def check(original: Any, ctx: Context, expression: Filter, shapes: Sequence[Shape]) -> None:
        original(ctx, expression, shapes)
        path = expression.path if isinstance(expression, (Comparison, Present)) else None
        foreign = path and any(shape.model.find(path.urn, path.name, path.sub) is None for shape in shapes)
        if path and foreign and ctx.method == "GET":
            raise InvalidFilter(f"not every type has {path}")

    wrap(provider, "check_filter", check)


@deviation(
    "root-matches-foreign-attributes",
    breaks=["RFC7644-3.4.2.1-05"],
    text="At the base URL an attribute that a type does not define matches all of that type.",
)
def root_matches_foreign_attributes(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: Any) -> bool:
        path = expression.path if isinstance(expression, (Comparison, Present)) else None
        foreign = ctx.shape is None and path and model.find(path.urn, path.name, path.sub) is None
        return bool(foreign) or bool(original(ctx, expression, resource, model))

    wrap(provider, "list_candidates", lambda original, ctx, shape, expression: original(ctx, shape, None))
    wrap(provider, "matches", matches)
