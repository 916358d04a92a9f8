"""Deviations of what Entra searches for, reads and deletes (ENTRA-2.1, 2.5, 2.6, 4.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from scimcheck.core import urns
from scimcheck.core.errors import InvalidFilter, ScimError
from scimcheck.core.filter.ast import And, Comparison, Filter
from scimcheck.core.filter.parser import parse_filter
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.resource import get
from scimcheck.core.schema import ResourceModel
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_request, on_response, wrap


def _comparing(provider: Provider, concerned: Callable[[Comparison, ResourceModel], bool], equal: Any) -> None:
    """Let ``equal(found, wanted)`` decide about the eq comparisons that are concerned, on every record."""

    def candidates(original: Any, ctx: Context, shape: Any, expression: Filter | None) -> Any:
        whole = isinstance(expression, Comparison) and concerned(expression, shape.model)
        return original(ctx, shape, None if whole else expression)

    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        if isinstance(expression, Comparison) and expression.op == "eq" and concerned(expression, model):
            return bool(equal(get(resource, expression.path, model), expression.value))
        return bool(original(ctx, expression, resource, model))

    wrap(provider, "list_candidates", candidates)
    wrap(provider, "matches", matches)


def _on(name: str, type_name: str) -> Callable[[Comparison, ResourceModel], bool]:
    return lambda found, model: found.path.name.lower() == name.lower() and model.name == type_name


def _refusing(provider: Provider, refused: Callable[[Context, str], bool]) -> None:
    """Refuse filters by their text with invalidFilter."""

    def parse(original: Any, ctx: Context, text: str) -> Filter:
        if refused(ctx, text):
            raise InvalidFilter("the filter is not supported")
        parsed: Filter = original(ctx, text)
        return parsed

    wrap(provider, "parse_filter", parse)


def _like_entra(request: Request) -> bool:
    """Whether it is a search in the wire form of Entra's library."""
    return "filter=userName+eq+" in request.query


def _on_hits(provider: Provider, change: Callable[[JSONObject], Any]) -> None:
    """Change every resource that a search in Entra's wire form finds."""

    def hook(request: Request, reply: Reply) -> None:
        if _like_entra(request) and isinstance(reply.body, dict):
            for resource in reply.body.get("Resources", ()):
                change(resource)

    on_response(provider, hook, method="GET", endpoint="/Users", status=200)


# --- what is found ---------------------------------------------------------------------------------------------------


@deviation("user-names-compared-as-numbers", breaks=["ENTRA-4.3-01"], text="Names of digits are compared as numbers.")
def user_names_compared_as_numbers(provider: Provider) -> None:
    def concerned(found: Comparison, model: ResourceModel) -> bool:
        return _on("userName", "User")(found, model) and str(found.value).isdigit()

    _comparing(provider, concerned, lambda found, value: str(found).isdigit() and float(found) == float(value))


@deviation(
    "user-names-compared-by-beginning",
    breaks=["ENTRA-4.3-01"],
    text="Of userName the first 90 characters are compared.",
)
def user_names_compared_by_beginning(provider: Provider) -> None:
    def concerned(found: Comparison, model: ResourceModel) -> bool:
        return _on("userName", "User")(found, model) and len(str(found.value)) > 90

    _comparing(provider, concerned, lambda found, value: str(found).lower()[:90] == str(value).lower()[:90])


@deviation("percent-sign-is-a-wildcard", breaks=["ENTRA-4.3-07"], text="% at the end of a userName matches any rest.")
def percent_sign_is_a_wildcard(provider: Provider) -> None:
    def concerned(found: Comparison, model: ResourceModel) -> bool:
        return _on("userName", "User")(found, model) and str(found.value).endswith("%")

    _comparing(provider, concerned, lambda found, value: str(found).startswith(str(value)[:-1]))


@deviation(
    "sql-comment-breaks-search",
    breaks=["ENTRA-4.7-01"],
    also=["RFC7643-9.2-02", "RFC7644-3.12-15"],
    text="A search for a value with -- is answered with 500.",
)
def sql_comment_breaks_search(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Filter:
        if "--" in text:
            raise ScimError("query failed", status=500)
        parsed: Filter = original(ctx, text)
        return parsed

    wrap(provider, "parse_filter", parse)


@deviation(
    "single-hit-comes-bare",
    breaks=["ENTRA-2.2-03"],
    also=["ENTRA-3.1-01", "RFC7644-3.4.2-01", "RFC7644-3.4.2-02"],
    text="A search with one hit is answered with the resource.",
)
def single_hit_comes_bare(provider: Provider) -> None:
    def unwrap(request: Request, reply: Reply) -> None:
        if _like_entra(request) and isinstance(reply.body, dict) and reply.body.get("totalResults") == 1:
            reply.body = reply.body["Resources"][0]

    on_response(provider, unwrap, method="GET", endpoint="/Users", status=200)


@deviation(
    "hits-without-id",
    breaks=["ENTRA-2.2-01"],
    also=["RFC7643-3.1-03", "RFC7643-3.1-05", "RFC7643-3.1-11", "RFC7644-3.4.2-12", "ENTRA-2.2-05"],
    text="Hits have no id.",
)
def hits_without_id(provider: Provider) -> None:
    _on_hits(provider, lambda resource: resource.pop("id", None))


@deviation(
    "hits-without-user-name",
    breaks=["ENTRA-4.3-08"],
    also=["RFC7643-4.1.1-01", "RFC7643-4.1.1-02", "RFC7643-7-31", "ENTRA-2.2-05"],
    text="Hits of a search lack the userName searched for.",
)
def hits_without_user_name(provider: Provider) -> None:
    _on_hits(provider, lambda resource: resource.pop("userName", None))


@deviation("hits-without-name", breaks=["ENTRA-2.2-05"], text="Hits of a search lack the name of the user.")
def hits_without_name(provider: Provider) -> None:
    _on_hits(provider, lambda resource: resource.pop("name", None))


@deviation(
    "hits-without-active",
    breaks=["ENTRA-2.2-17"],
    also=["ENTRA-2.2-05", "ENTRA-4.5-02"],
    text="Hits of a search lack active.",
)
def hits_without_active(provider: Provider) -> None:
    _on_hits(provider, lambda resource: resource.pop("active", None))


@deviation("user-name-search-minds-case", breaks=["ENTRA-2.2-10"], text="A filter on userName minds letter case.")
def user_name_search_minds_case(provider: Provider) -> None:
    _comparing(provider, _on("userName", "User"), lambda found, value: found == value)


@deviation(
    "group-search-minds-case",
    breaks=["ENTRA-2.2-11"],
    also=["RFC7643-7-21", "RFC7644-3.4.2.2-45"],
    text="A filter on a group's name minds letter case.",
)
def group_search_minds_case(provider: Provider) -> None:
    _comparing(provider, _on("displayName", "Group"), lambda found, value: found == value)


@deviation(
    "second-comparison-ignored", breaks=["ENTRA-2.2-09"], text="Of userName and externalId only the first counts."
)
def second_comparison_ignored(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Filter:
        parsed: Filter = original(ctx, text)
        parts = parsed.operands if isinstance(parsed, And) else ()
        if [part.path.name for part in parts if isinstance(part, Comparison)] == ["userName", "externalId"]:
            return parts[0]
        return parsed

    wrap(provider, "parse_filter", parse)


@deviation("users-not-searched-by-external-id", breaks=["ENTRA-4.3-02"], text="No user is found by its externalId.")
def users_not_searched_by_external_id(provider: Provider) -> None:
    _comparing(provider, _on("externalId", "User"), lambda found, value: False)


@deviation("groups-not-searched-by-external-id", breaks=["ENTRA-4.3-06"], text="No group is found by its externalId.")
def groups_not_searched_by_external_id(provider: Provider) -> None:
    _comparing(provider, _on("externalId", "Group"), lambda found, value: False)


@deviation(
    "users-not-searched-by-id",
    breaks=["ENTRA-4.3-04"],
    also=["RFC7643-3-07", "RFC7644-3.4.2.2-48"],
    text="No user is found by a filter on id.",
)
def users_not_searched_by_id(provider: Provider) -> None:
    _comparing(provider, _on("id", "User"), lambda found, value: False)


@deviation(
    "value-path-needs-strict-grammar",
    breaks=["ENTRA-4.3-03"],
    also=["ENTRA-1.2-04"],
    text="A sub-attribute behind square brackets is refused, as the letter of the grammar has it.",
)
def value_path_needs_strict_grammar(provider: Provider) -> None:
    wrap(provider, "parse_filter", lambda original, ctx, text: parse_filter(text))


@deviation(
    "unknown-group-answers-404",
    breaks=["ENTRA-4.3-05"],
    also=["RFC7644-3.4.2-07", "ENTRA-1.2-05", "ENTRA-2.6-02"],
    text="A search that finds no group is answered with 404.",
)
def unknown_group_answers_404(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and reply.body.get("totalResults") == 0:
            reply.status, reply.body = 404, ScimError("no such group", status=404).body()

    on_response(provider, refuse, method="GET", endpoint="/Groups", status=200)


# --- how it is asked -------------------------------------------------------------------------------------------------


@deviation(
    "plus-is-no-blank",
    breaks=["ENTRA-2.5-01"],
    also=["ENTRA-1.2-01", "ENTRA-1.2-03", "ENTRA-1.2-04", "ENTRA-1.2-05", "ENTRA-1.2-06"],
    text="A plus sign in the query is taken literally.",
)
def plus_is_no_blank(provider: Provider) -> None:
    on_request(provider, lambda request: _queried(request, request.query.replace("+", "%2B")))


@deviation(
    "percent-20-is-no-blank",
    breaks=["ENTRA-2.5-02"],
    also=["RFC7644-3.4.2.2-10"],
    text="%20 in the query is taken literally.",
)
def percent_20_is_no_blank(provider: Provider) -> None:
    on_request(provider, lambda request: _queried(request, request.query.replace("%20", "%2520")))


@deviation(
    "small-letters-in-escapes",
    breaks=["ENTRA-2.5-03"],
    also=["ENTRA-1.2-04"],
    text="Percent escapes need capital letters.",
)
def small_letters_in_escapes(provider: Provider) -> None:
    small = re.compile(r"%(?=[0-9a-f]{2})(?![0-9]{2})")
    on_request(provider, lambda request: _queried(request, small.sub("%25", request.query)))


def _queried(request: Request, query: str) -> Request:
    return Request(request.method, request.path, query, request.headers, request.body)


@deviation("apostrophe-refused-in-search", breaks=["ENTRA-2.5-04"], text="A search for an apostrophe is refused.")
def apostrophe_refused_in_search(provider: Provider) -> None:
    _refusing(provider, lambda ctx, text: "o'" in text)


@deviation("parentheses-refused-in-search", breaks=["ENTRA-2.5-05"], text="A group's name cannot have parentheses.")
def parentheses_refused_in_search(provider: Provider) -> None:
    _refusing(provider, lambda ctx, text: ctx.endpoint == "/Groups" and re.search(r'"[^"]*[()]', text) is not None)


@deviation("manager-not-searched", breaks=["ENTRA-2.6-01"], text="A filter that compares manager is refused.")
def manager_not_searched(provider: Provider) -> None:
    _refusing(provider, lambda ctx, text: "manager eq" in text)


@deviation("members-not-searched", breaks=["ENTRA-2.6-02"], text="A filter that compares members is refused.")
def members_not_searched(provider: Provider) -> None:
    _refusing(provider, lambda ctx, text: "members eq" in text)


@deviation("slash-before-query-unknown", breaks=["ENTRA-8.3-01"], text="/Users/ is no endpoint.")
def slash_before_query_unknown(provider: Provider) -> None:
    def elsewhere(request: Request) -> Request | None:
        if not request.path.endswith("/") or request.path == "/":
            return None
        return Request(request.method, f"{request.path}nowhere", request.query, request.headers, request.body)

    on_request(provider, elsewhere)


def _flag_refused(provider: Provider, method: str) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        if "aadoptscim062020" in unquote_plus(request.query).lower():
            reply.status, reply.body = 400, ScimError("unknown query parameter").body()
            reply.headers["Content-Type"] = urns.MEDIA_TYPE

    on_response(provider, refuse, method=method)


@deviation("flag-refused-in-searches", breaks=["ENTRA-3.1-01"], text="A search with the bare flag is refused.")
def flag_refused_in_searches(provider: Provider) -> None:
    _flag_refused(provider, "GET")


@deviation("flag-refused-in-creations", breaks=["ENTRA-3.1-02"], text="A creation with the bare flag is refused.")
def flag_refused_in_creations(provider: Provider) -> None:
    _flag_refused(provider, "POST")


@deviation("flag-refused-in-deletions", breaks=["ENTRA-3.1-04"], text="A deletion with the bare flag is refused.")
def flag_refused_in_deletions(provider: Provider) -> None:
    _flag_refused(provider, "DELETE")
