"""Deviations of searches by POST (RFC 7644 §3.4.3) and of how attributes are named (§3.10)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from scimcheck.core.errors import InvalidFilter, InvalidPath, InvalidSyntax
from scimcheck.core.filter.ast import Filter
from scimcheck.core.json import JSONObject
from scimcheck.core.messages import SearchRequest
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, on_response, variant, wrap
from scimcheck.provider.faults.rewriting import NOTHING
from scimcheck.provider.shapes import Shape
from scimcheck.provider.store import Record


@deviation(
    "search-answers-201",
    breaks=["RFC7644-3.4.3-01", "RFC7644-3.4.3-03"],
    also=[f"RFC7644-3.4.3-{number:02}" for number in (4, 5, 6, 7, 8, 9, 10, 11)],
    text="A search is answered like a creation, with 201.",
)
def search_answers_201(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        if request.path.endswith("/.search"):
            reply.status = 201

    on_response(provider, change, method="POST", status=200)


@deviation("search-answers-like-a-resource", breaks=["RFC7644-3.4.3-01"], text="A search is answered with an id.")
def search_answers_like_a_resource(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        if request.path.endswith("/.search"):
            reply.body["id"] = "1"

    on_response(provider, change, method="POST", status=200)


@variant("search-has-a-location", reading="RFC7644-3.4.3-01", text="A search is answered with a Location header.")
def search_has_a_location(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        if request.path.endswith("/.search"):
            reply.headers["Location"] = provider.url(request.path)

    on_response(provider, change, method="POST", status=200)


@deviation(
    "search-without-list-urn",
    breaks=["RFC7644-3.4.3-03"],
    also=["RFC7644-3.4.2-01", "RFC7644-3.1-02", "RFC7644-8.2-01"],
    text="The list that answers a search has no schemas.",
)
def search_without_list_urn(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        if request.path.endswith("/.search") and isinstance(reply.body, dict):
            reply.body["schemas"] = []

    on_response(provider, change, method="POST", status=200)


@deviation(
    "nameless-search-fails",
    breaks=["RFC7644-3.4.3-02"],
    also=["RFC7644-3.12-08", "RFC7644-3.12-21", "RFC7644-3.12-15", "RFC7644-3.4.3-13"],
    text="A search without its URN is answered with an internal error.",
)
def nameless_search_fails(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        if request.path.endswith("/.search") and reply.body.get("scimType") == "invalidSyntax":
            reply.status = 500
            reply.body["status"] = "500"

    on_response(provider, change, method="POST", status=400)


@variant("nameless-searches-answered", reading="RFC7644-3.4.3-02", text="A search needs no URN.")
def nameless_searches_answered(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> SearchRequest:
        body = ctx.ops.read_body(ctx)
        if not isinstance(body, dict):
            raise InvalidSyntax("a search is an object")
        return SearchRequest.from_json({**body, "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]})

    wrap(provider, "parse_search", parse)


def _ignored(member: str, field: str, number: int, also: Sequence[int] = ()) -> None:
    """A deviation that ignores one member of a search."""

    @deviation(
        f"search-ignores-{field.replace('_', '-')}",
        breaks=[f"RFC7644-3.4.3-{number:02}"],
        also=[f"RFC7644-3.4.3-{other:02}" for other in also],
        text=f"A search ignores {member}.",
    )
    def ignored(provider: Provider) -> None:
        wrap(provider, "parse_search", lambda original, ctx: dataclasses.replace(original(ctx), **{field: None}))


_ignored("attributes", "attributes", 4)
_ignored("excludedAttributes", "excluded_attributes", 5)
_ignored("filter", "filter", 6, also=(13,))
_ignored("sortBy", "sort_by", 7, also=(8,))
_ignored("sortOrder", "sort_order", 8, also=(7,))
_ignored("startIndex", "start_index", 9)
_ignored("count", "count", 10, also=(9,))


@deviation(
    "search-excludes-ids",
    breaks=["RFC7644-3.4.3-11"],
    also=["RFC7643-3.1-03", "RFC7644-3.4.2-12"],
    text="excludedAttributes in a search removes the id.",
)
def search_excludes_ids(provider: Provider) -> None:
    def body(original: Any, ctx: Context, records: Sequence[Record]) -> JSONObject:
        found: JSONObject = original(ctx, records)
        if ctx.search is not None and "id" in (ctx.search.excluded_attributes or ()):
            for resource in found.get("Resources", []):
                resource.pop("id", None)
        return found

    wrap(provider, "list_body", body)


@deviation(
    "root-search-finds-users-alone", breaks=["RFC7644-3.4.3-12"], text="A search at the base URL finds users alone."
)
def root_search_finds_users_alone(provider: Provider) -> None:
    def candidates(original: Any, ctx: Context, shape: Shape, expression: Filter | None) -> Sequence[Record]:
        found: Sequence[Record] = original(ctx, shape, expression)
        return [] if ctx.endpoint == "/.search" and shape.name != "User" else found

    wrap(provider, "list_candidates", candidates)


@deviation(
    "faulty-search-finds-nothing", breaks=["RFC7644-3.4.3-13"], text="A faulty filter in a search finds nothing."
)
def faulty_search_finds_nothing(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Filter:
        try:
            parsed: Filter = original(ctx, text)
        except InvalidFilter:
            if ctx.search is None:
                raise
            return NOTHING
        return parsed

    wrap(provider, "parse_filter", parse)


# --- how attributes are named ----------------------------------------------------------------------------------------


def _rename(provider: Provider, change: Callable[[str], str]) -> None:
    """Let ``change`` replace the names in ``attributes`` and ``excludedAttributes``."""

    def parse(original: Any, ctx: Context) -> SearchRequest:
        found: SearchRequest = original(ctx)
        return dataclasses.replace(
            found,
            attributes=found.attributes and tuple(map(change, found.attributes)),
            excluded_attributes=found.excluded_attributes and tuple(map(change, found.excluded_attributes)),
        )

    wrap(provider, "parse_query", parse)


@deviation(
    "urns-unknown-in-attributes",
    breaks=["RFC7644-3.10-01"],
    text="attributes does not understand URNs of core schemas.",
)
def urns_unknown_in_attributes(provider: Provider) -> None:
    _rename(provider, lambda name: "unknown" if ":core:" in name.lower() and "." not in name[-15:] else name)


@deviation(
    "urns-refused-in-patch-paths",
    breaks=["RFC7644-3.10-01"],
    also=["RFC7644-3.5.2-14"],
    text="PATCH paths with the URN of a core schema are refused.",
)
def urns_refused_in_patch_paths(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, body: Any) -> Any:
        found = original(ctx, body)
        for operation in body.get("Operations", []) if isinstance(body, dict) else []:
            path = operation.get("path")
            if isinstance(path, str) and path.startswith("urn:ietf:params:scim:schemas:core"):
                raise InvalidPath("no URNs, please")
        return found

    wrap(provider, "parse_patch", parse)


@deviation(
    "attributes-need-urns",
    breaks=["RFC7644-3.10-02"],
    also=[
        "RFC7643-7-33",
        "RFC7644-3.4.2.5-01",
        "RFC7644-3.4.2.5-02",
        "RFC7644-3.5.2-23",
        "RFC7644-3.9-02",
        "RFC7644-3.9-05",
        "RFC7644-3.10-01",
    ],
    text="attributes understands displayName behind its URN alone.",
)
def attributes_need_urns(provider: Provider) -> None:
    _rename(provider, lambda name: "unknown" if name.lower() == "displayname" else name)


@deviation(
    "sub-attributes-bring-siblings",
    breaks=["RFC7644-3.10-03"],
    also=["RFC7644-3.10-05"],
    text="attributes with a sub-attribute shows the whole attribute.",
)
def sub_attributes_bring_siblings(provider: Provider) -> None:
    def whole(name: str) -> str:
        head, dot, tail = name.rpartition(".")
        return head if dot and tail[:1].isalpha() else name

    _rename(provider, whole)


@deviation(
    "extension-attributes-bring-siblings",
    breaks=["RFC7644-3.10-04"],
    text="attributes with an extension's attribute shows the whole extension.",
)
def extension_attributes_bring_siblings(provider: Provider) -> None:
    _rename(provider, lambda name: name.rpartition(":")[0] if ":extension:" in name else name)


@deviation(
    "names-case-sensitive-in-attributes",
    breaks=["RFC7644-3.10-05"],
    also=["RFC7644-3.4.2.5-04"],
    text="attributes does not understand names in capital letters.",
)
def names_case_sensitive_in_attributes(provider: Provider) -> None:
    _rename(provider, lambda name: "unknown" if name == name.upper() else name)


@deviation("names-case-sensitive-in-order", breaks=["RFC7644-3.10-05"], text="sortBy ignores names in capital letters.")
def names_case_sensitive_in_order(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> SearchRequest:
        found: SearchRequest = original(ctx)
        odd = found.sort_by is not None and found.sort_by == found.sort_by.upper()
        return dataclasses.replace(found, sort_by=None) if odd else found

    wrap(provider, "parse_query", parse)
