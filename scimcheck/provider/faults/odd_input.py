"""Deviations that break down on input nobody means to send (RFC 7644 §3.12), and legal ways of refusing it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from scimcheck.core.errors import InvalidValue, ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.messages import SearchRequest
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_response, variant, wrap

_CRASH = "RFC7644-3.12-15"


def crash_when(provider: Provider, test: Callable[[Request], Any], *methods: str) -> None:
    """Answer those requests with an internal error that ``test`` is true of; of these methods, or of all."""

    def negotiate(original: Any, ctx: Context) -> str:
        if (not methods or ctx.method in methods) and test(ctx.request):
            raise ScimError("internal error", status=500)
        media_type: str = original(ctx)
        return media_type

    wrap(provider, "negotiate", negotiate)


def _parameters(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.query, keep_blank_values=True, errors="replace")


def _given(name: str, test: Callable[[str], Any]) -> Callable[[Request], bool]:
    """Whether a query parameter of that name has a value that ``test`` is true of."""
    return lambda request: any(key == name and test(value) for key, value in _parameters(request))


def members_of(request: Request) -> JSONObject:
    """The members of a request's body; none when it is no JSON object."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def operations_of(request: Request) -> list[Any]:
    """The operations of a PATCH or bulk request."""
    listed = members_of(request).get("Operations")
    return listed if isinstance(listed, list) else []


def _in_operation(name: str, test: Callable[[Any], Any]) -> Callable[[Request], bool]:
    """Whether an operation of a PATCH has a member of that name that ``test`` is true of."""
    return lambda request: any(
        isinstance(item, dict) and name in item and test(item[name]) for item in operations_of(request)
    )


# queries --------------------------------------------------------------------------------------------------------------


@deviation("huge-counts-crash", breaks=[_CRASH], text="A count of more than 64 bits is answered with 500.")
def huge_counts_crash(provider: Provider) -> None:
    crash_when(provider, _given("count", lambda value: value.isdecimal() and int(value) >= 2**63))


@deviation(
    "huge-indexes-crash",
    breaks=["RFC7644-3.4.2.4-12"],
    also=[_CRASH],
    text="A startIndex of more than 64 bits is answered with 500.",
)
def huge_indexes_crash(provider: Provider) -> None:
    crash_when(provider, _given("startIndex", lambda value: value.isdecimal() and int(value) >= 2**63))


@deviation("empty-projections-crash", breaks=[_CRASH], text="attributes without a value is answered with 500.")
def empty_projections_crash(provider: Provider) -> None:
    crash_when(provider, _given("attributes", lambda value: not value))


@deviation(
    "empty-names-in-projections-crash",
    breaks=[_CRASH],
    text="excludedAttributes with nothing between commas is answered with 500.",
)
def empty_names_in_projections_crash(provider: Provider) -> None:
    crash_when(provider, _given("excludedAttributes", lambda value: "" in value.split(",")))


@deviation(
    "unknown-schemas-in-projections-crash",
    breaks=[_CRASH],
    text="attributes with the URN of a schema that does not exist is answered with 500.",
)
def unknown_schemas_in_projections_crash(provider: Provider) -> None:
    crash_when(provider, _given("attributes", lambda value: value.startswith("urn:example:")))


@deviation("unknown-sort-attributes-crash", breaks=[_CRASH], text="sortBy with an unknown name is answered with 500.")
def unknown_sort_attributes_crash(provider: Provider) -> None:
    crash_when(provider, _given("sortBy", lambda value: value.isalpha() and value.startswith("scimcheck")))


@deviation("repeated-parameters-crash", breaks=[_CRASH], text="A count that is given twice is answered with 500.")
def repeated_parameters_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: len([name for name, _ in _parameters(request) if name == "count"]) > 1)


@deviation("broken-escapes-crash", breaks=[_CRASH], text="A percent sign without digits is answered with 500.")
def broken_escapes_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: re.search("%(?![0-9A-Fa-f]{2})", request.query))


@deviation("long-filters-crash", breaks=[_CRASH], text="A filter of more than 5,000 letters is answered with 500.")
def long_filters_crash(provider: Provider) -> None:
    crash_when(provider, _given("filter", lambda value: len(value) > 5000))


@deviation("times-that-are-none-crash", breaks=[_CRASH], text="A filter with a time that is none is answered with 500.")
def times_that_are_none_crash(provider: Provider) -> None:
    crash_when(provider, _given("filter", lambda value: value.startswith("meta.") and value.endswith('"yesterday"')))


# resources ------------------------------------------------------------------------------------------------------------


@deviation(
    "schemas-of-numbers-crash",
    breaks=["RFC7644-3.12-21"],
    also=[_CRASH],
    text="A POST whose schemas is a number is answered with 500.",
)
def schemas_of_numbers_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: isinstance(members_of(request).get("schemas"), int), "POST")


@deviation(
    "schemas-of-null-crash",
    breaks=["RFC7644-3.12-21"],
    also=[_CRASH],
    text="A POST whose schemas is null is answered with 500.",
)
def schemas_of_null_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: members_of(request).get("schemas", ()) is None, "POST")


@deviation("mistyped-ids-crash", breaks=[_CRASH], text="A POST with a number as id is answered with 500.")
def mistyped_ids_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: isinstance(members_of(request).get("id"), int), "POST")


@deviation("half-surrogates-crash", breaks=[_CRASH], text="Half of a surrogate pair in a text is answered with 500.")
def half_surrogates_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: re.search(rb"\\ud800(?!\\)", request.body), "POST", "PUT")


@deviation("long-numbers-crash", breaks=[_CRASH], text="A number of more than 4,300 digits is answered with 500.")
def long_numbers_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: re.search(rb"\d{4301}", request.body), "POST")


@deviation("unlabelled-bodies-crash", breaks=[_CRASH], text="A body without Content-Type is answered with 500.")
def unlabelled_bodies_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: request.body and "content-type" not in request.headers, "POST")


def _odd_members(kind: type) -> Callable[[Request], bool]:
    def odd(request: Request) -> bool:
        members = members_of(request).get("members")
        return isinstance(members, list) and any(isinstance(item, kind) for item in members)

    return odd


@deviation(
    "members-as-texts-crash",
    breaks=["RFC7644-3.12-27"],
    also=[_CRASH],
    text="A POST with texts as members is answered with 500.",
)
def members_as_texts_crash(provider: Provider) -> None:
    crash_when(provider, _odd_members(str), "POST")


@deviation(
    "null-members-crash",
    breaks=["RFC7644-3.12-27"],
    also=[_CRASH],
    text="A POST with null among the members is answered with 500.",
)
def null_members_crash(provider: Provider) -> None:
    crash_when(provider, _odd_members(type(None)), "POST")


@deviation(
    "members-as-numbers-dropped",
    breaks=["RFC7644-3.12-27"],
    text="A POST with a number as members is carried out without members.",
)
def members_as_numbers_dropped(provider: Provider) -> None:
    def create(original: Any, ctx: Context, body: JSON) -> JSONObject:
        if isinstance(body, dict) and isinstance(body.get("members"), int):
            body = {name: value for name, value in body.items() if name != "members"}
        attributes: JSONObject = original(ctx, body)
        return attributes

    wrap(provider, "validate_create", create)


@deviation(
    "nulls-crash",
    breaks=["RFC7643-2.5-01"],
    also=[_CRASH],
    text="A POST with null as members or emails is answered with 500.",
)
def nulls_crash(provider: Provider) -> None:
    def odd(request: Request) -> bool:
        return any(name in ("members", "emails") and value is None for name, value in members_of(request).items())

    crash_when(provider, odd, "POST")


@deviation("empty-values-crash", breaks=[_CRASH], text="A POST with an empty object in a list is answered with 500.")
def empty_values_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: [{}] in members_of(request).values(), "POST")


@deviation("deep-objects-crash", breaks=[_CRASH], text="Twenty objects in each other are answered with 500.")
def deep_objects_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: b"}" * 20 in request.body, "POST")


# PATCH messages -------------------------------------------------------------------------------------------------------


@deviation(
    "patch-schemas-of-numbers-crash",
    breaks=["RFC7644-3.5.2-02"],
    also=[_CRASH],
    text="A PATCH whose schemas is a number is answered with 500.",
)
def patch_schemas_of_numbers_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: isinstance(members_of(request).get("schemas"), int), "PATCH")


@deviation(
    "arrays-as-operations-crash",
    breaks=["RFC7644-3.5.2-03"],
    also=[_CRASH],
    text="A PATCH with an array as operation is answered with 500.",
)
def arrays_as_operations_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: any(isinstance(item, list) for item in operations_of(request)), "PATCH")


@deviation(
    "null-as-op-crashes",
    breaks=["RFC7644-3.5.2-04"],
    also=[_CRASH],
    text="A PATCH with null as op is answered with 500.",
)
def null_as_op_crashes(provider: Provider) -> None:
    crash_when(provider, _in_operation("op", lambda op: op is None), "PATCH")


@deviation(
    "nul-in-paths-crashes",
    breaks=["RFC7644-3.5.2-07"],
    also=[_CRASH],
    text="A PATCH with a NUL character in its path is answered with 500.",
)
def nul_in_paths_crashes(provider: Provider) -> None:
    crash_when(provider, _in_operation("path", lambda path: "\0" in str(path)), "PATCH")


@deviation(
    "conditions-end-paths",
    breaks=["RFC7644-3.5.2-07"],
    text="What follows a single quote in the path of a PATCH is cut off.",
)
def conditions_end_paths(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, body: JSON) -> Any:
        if isinstance(body, dict) and isinstance(body.get("Operations"), list):
            listed = [_cut_path(item) for item in body["Operations"]]
            body = {**body, "Operations": listed}
        return original(ctx, body)

    wrap(provider, "parse_patch", parse)


def _cut_path(item: Any) -> Any:
    if isinstance(item, dict) and isinstance(item.get("path"), str):
        return {**item, "path": item["path"].partition("'")[0]}
    return item


def _pathless(op: str, test: Callable[[Any], bool]) -> Callable[[Request], bool]:
    return lambda request: any(
        isinstance(item, dict) and item.get("op") == op and "path" not in item and test(item.get("value", ()))
        for item in operations_of(request)
    )


@deviation(
    "texts-without-path-crash",
    breaks=["RFC7644-3.5.2.1-02"],
    also=[_CRASH],
    text="An add of a text without a path is answered with 500.",
)
def texts_without_path_crash(provider: Provider) -> None:
    crash_when(provider, _pathless("add", lambda value: isinstance(value, str)), "PATCH")


@deviation(
    "nulls-without-path-crash",
    breaks=["RFC7644-3.5.2.3-01"],
    also=[_CRASH],
    text="A replace by null without a path is answered with 500.",
)
def nulls_without_path_crash(provider: Provider) -> None:
    crash_when(provider, _pathless("replace", lambda value: value is None), "PATCH")


@deviation(
    "null-as-path-crashes",
    breaks=["RFC7644-3.5.2.3-01"],
    also=[_CRASH],
    text="A PATCH with null as path is answered with 500.",
)
def null_as_path_crashes(provider: Provider) -> None:
    crash_when(provider, _in_operation("path", lambda path: path is None), "PATCH")


@deviation(
    "patched-members-as-texts-crash",
    breaks=["RFC7644-3.5.2-26"],
    also=[_CRASH],
    text="A PATCH with texts as members is answered with 500.",
)
def patched_members_as_texts_crash(provider: Provider) -> None:
    def odd(request: Request) -> bool:
        return any(
            isinstance(item, dict) and item.get("path") == "members" and item.get("value") == ["scimcheck"]
            for item in operations_of(request)
        )

    crash_when(provider, odd, "PATCH")


# legal choices --------------------------------------------------------------------------------------------------------


@variant(
    "odd-parameters-refused",
    reading="RFC7644-3.9-10",
    text="Names in attributes that name nothing and numbers of more than 64 bits are refused.",
)
def odd_parameters_refused(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> SearchRequest:
        for name, value in _parameters(ctx.request):
            if name.endswith("ttributes") and not re.fullmatch(r"[\w.:$,-]+", value):
                raise InvalidValue(f"{name} has to hold names")
            if name in ("count", "startIndex") and len(value) > 18:
                raise InvalidValue(f"{name} is out of range")
        query: SearchRequest = original(ctx)
        return query

    wrap(provider, "parse_query", parse)


@variant(
    "long-addresses-refused",
    reading="RFC7644-3.12-01",
    text="A gateway answers addresses of more than 4,000 letters with 414 and a page of its own.",
)
def long_addresses_refused(provider: Provider) -> None:
    def page(request: Request, reply: Reply) -> None:
        if len(request.query) + len(request.path) > 4000:
            reply.status, reply.raw = 414, b"<html><body>Request-URI Too Long</body></html>"
            reply.headers["Content-Type"] = "text/html"

    on_response(provider, page)
