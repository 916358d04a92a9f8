"""Deviations of projection (RFC 7644 §3.9)."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap
from scimcheck.resources import bundled


@deviation(
    "attributes-without-id",
    breaks=["RFC7643-3.1-11"],
    also=["RFC7644-3.5.2-23", "RFC7643-3.1-03", "RFC7643-3.1-03", "RFC7644-3.4.2-12", "RFC7643-7-31"],
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
    also=["ENTRA-2.1-09", "ENTRA-2.1-10", "RFC7644-3.9-04", "RFC7644-3.9-05"],
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


Keeps = Callable[[Context, JSONObject, JSONObject], Any]


def _reproject(provider: Provider, change: Keeps) -> None:
    """Let ``change(ctx, shown, whole)`` change in place what is shown of a resource."""

    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
        shown: JSONObject = copy.deepcopy(original(ctx, resource, type_name))
        change(ctx, shown, resource)
        return shown

    wrap(provider, "project", project)


def _unprojected(provider: Provider, concerned: Callable[[Context], bool], *parameters: str) -> None:
    """Take no notice of parameters of the requests concerned."""

    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        return dataclasses.replace(query, **dict.fromkeys(parameters)) if concerned(ctx) else query

    wrap(provider, "parse_query", parse)
    wrap(provider, "parse_search", parse)


_EVERYTHING = {"definition_files": (str(bundled("fixtures") / "definitions"),)}
_BOTH = ("attributes", "excluded_attributes")


@deviation(
    "attributes-ignored",
    breaks=["RFC7644-3.4.2.5-01"],
    also=[
        "RFC7644-3.10-03",
        "RFC7644-3.10-04",
        "RFC7644-3.10-05",
        "RFC7644-3.4.3-04",
        "RFC7644-3.5.2-23",
        "RFC7644-3.9-05",
        "RFC7644-3.10-01",
    ],
    text="attributes has no effect.",
)
def attributes_ignored(provider: Provider) -> None:
    _unprojected(provider, lambda ctx: True, "attributes")


@deviation(
    "creation-unprojected",
    breaks=["RFC7644-3.9-05"],
    text="POST takes no notice of attributes and excludedAttributes.",
)
def creation_unprojected(provider: Provider) -> None:
    _unprojected(provider, lambda ctx: ctx.method == "POST" and ctx.target is None, *_BOTH)


@deviation(
    "replacement-unprojected",
    breaks=["RFC7644-3.9-05"],
    text="PUT takes no notice of attributes and excludedAttributes.",
)
def replacement_unprojected(provider: Provider) -> None:
    _unprojected(provider, lambda ctx: ctx.method == "PUT", *_BOTH)


@deviation(
    "lists-unprojected",
    breaks=["RFC7644-3.9-05"],
    also=["RFC7644-3.4.3-04", "RFC7644-3.4.3-05", "ENTRA-2.1-10"],
    text="Queries take no notice of attributes and excludedAttributes.",
)
def lists_unprojected(provider: Provider) -> None:
    _unprojected(provider, lambda ctx: ctx.method == "GET" and ctx.target is None, *_BOTH)


@deviation(
    "attributes-keep-meta",
    breaks=["RFC7644-3.9-03"],
    also=[
        "RFC7643-3.1-19",
        "RFC7643-7-33",
        "RFC7644-3.9-05",
        "RFC7644-3.9-06",
        "RFC7644-3.4.2.5-04",
        "RFC7644-3.5.2-23",
    ],
    text="With attributes, meta is returned all the same.",
)
def attributes_keep_meta(provider: Provider) -> None:
    def keep(ctx: Context, shown: JSONObject, whole: JSONObject) -> None:
        if ctx.query.attributes:
            shown["meta"] = whole["meta"]

    _reproject(provider, keep)


@deviation(
    "attributes-without-lists",
    breaks=["RFC7644-3.9-02"],
    also=["RFC7643-7-33", "RFC7644-3.9-06", "RFC7644-3.9-08", "RFC7644-3.4.2.5-04"],
    text="With attributes, multi-valued attributes are left out though they were asked for.",
)
def attributes_without_lists(provider: Provider) -> None:
    def strip(ctx: Context, shown: JSONObject, whole: JSONObject) -> None:
        if ctx.query.attributes:
            for name in [name for name, value in shown.items() if isinstance(value, list) and name != "schemas"]:
                del shown[name]

    _reproject(provider, strip)


@deviation(
    "attributes-drop-what-is-always-returned",
    breaks=["RFC7643-7-31"],
    text="With attributes, only the id of what is always returned stays.",
    settings=_EVERYTHING,
)
def attributes_drop_always(provider: Provider) -> None:
    def strip(ctx: Context, shown: JSONObject, whole: JSONObject) -> None:
        if ctx.query.attributes and "kind" not in [name.lower() for name in ctx.query.attributes]:
            shown.pop("kind", None)

    _reproject(provider, strip)


@deviation(
    "id-can-be-excluded",
    breaks=["RFC7644-3.4.2.5-03"],
    also=["RFC7643-3.1-03", "RFC7644-3.4.3-11", "RFC7644-3.4.2-12", "RFC7643-3.1-11"],
    text="excludedAttributes=id leaves out the id.",
)
def id_can_be_excluded(provider: Provider) -> None:
    def strip(ctx: Context, shown: JSONObject, whole: JSONObject) -> None:
        if "id" in [name.lower() for name in ctx.query.excluded_attributes or ()]:
            shown.pop("id", None)

    _reproject(provider, strip)


@deviation(
    "exclusion-drops-neighbours",
    breaks=["RFC7644-3.9-04"],
    text="With excludedAttributes, meta is left out, too.",
)
def exclusion_drops_neighbours(provider: Provider) -> None:
    def strip(ctx: Context, shown: JSONObject, whole: JSONObject) -> None:
        if ctx.query.excluded_attributes:
            shown.pop("meta", None)

    _reproject(provider, strip)


def _renamed(provider: Provider, change: Callable[[tuple[str, ...]], Sequence[str]]) -> None:
    """Let ``change`` replace the names in both parameters of a URL."""

    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        changed = {name: getattr(query, name) for name in _BOTH}
        return dataclasses.replace(query, **{name: value and tuple(change(value)) for name, value in changed.items()})

    wrap(provider, "parse_query", parse)


@deviation(
    "qualified-names-unknown",
    breaks=["RFC7644-3.4.2.5-04"],
    also=["RFC7644-3.10-03", "RFC7644-3.10-04", "RFC7644-3.10-05"],
    text="attributes and excludedAttributes do not know names with the URN of a core schema.",
)
def qualified_names_unknown(provider: Provider) -> None:
    _renamed(provider, lambda names: [f"unknown{name}" if ":core:" in name.lower() else name for name in names])


@deviation(
    "projection-is-case-sensitive",
    breaks=["RFC7644-3.4.2.5-04"],
    also=["RFC7644-3.10-05", "RFC7644-3.10-02"],
    text="attributes and excludedAttributes know names in lower camel case alone.",
)
def projection_is_case_sensitive(provider: Provider) -> None:
    _renamed(provider, lambda names: [f"unknown{name}" if name == name.upper() else name for name in names])


def _without_subs(name: str) -> str:
    head, _, tail = name.rpartition(":")
    return f"{head}:{tail.partition('.')[0]}" if head else tail.partition(".")[0]


@deviation(
    "sub-attributes-come-whole",
    breaks=["RFC7644-3.9-07"],
    also=["RFC7644-3.9-08", "RFC7644-3.10-02"],
    text="attributes=name.givenName returns all of name.",
)
def sub_attributes_come_whole(provider: Provider) -> None:
    _renamed(provider, lambda names: [_without_subs(name) for name in names])


@deviation(
    "elements-come-whole",
    breaks=["RFC7644-3.9-08"],
    text="attributes=emails.value returns all sub-attributes of the elements.",
)
def elements_come_whole(provider: Provider) -> None:
    lists = ("emails", "phonenumbers", "addresses", "photos", "ims", "entitlements", "roles", "members")

    def whole(name: str) -> str:
        return _without_subs(name) if _without_subs(name).lower() in lists else name

    _renamed(provider, lambda names: [whole(name) for name in names])


@deviation(
    "first-name-counts",
    breaks=["RFC7644-3.9-06"],
    also=["RFC7644-3.9-04"],
    text="Of several names in attributes or excludedAttributes only the first counts.",
)
def first_name_counts(provider: Provider) -> None:
    _renamed(provider, lambda names: names[:1])


def _crash(provider: Provider, faulty: Callable[[Any], Any]) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        if faulty(query):
            raise ScimError("the projection failed", status=500)
        return query

    wrap(provider, "parse_query", parse)


@deviation(
    "both-parameters-crash",
    breaks=["RFC7644-3.9-09"],
    also=["RFC7644-3.12-15"],
    text="Both parameters at once are answered with 500.",
)
def both_parameters_crash(provider: Provider) -> None:
    _crash(provider, lambda query: query.attributes and query.excluded_attributes)


@deviation(
    "unknown-names-crash",
    breaks=["RFC7644-3.9-10"],
    also=["RFC7644-3.12-15"],
    text="Unknown names in attributes are answered with 500.",
)
def unknown_names_crash(provider: Provider) -> None:
    _crash(provider, lambda query: "doesNotExist" in (*(query.attributes or ()), *(query.excluded_attributes or ())))


@deviation(
    "lists-are-abridged",
    breaks=["RFC7644-3.9-01"],
    also=["ENTRA-2.2-05", "ENTRA-4.3-02", "RFC7644-3.4.3-07", "RFC7644-3.4.3-08"],
    text="Resources in lists lack the externalId.",
)
def lists_are_abridged(provider: Provider) -> None:
    def strip(ctx: Context, shown: JSONObject, whole: JSONObject) -> None:
        if ctx.method == "GET" and ctx.target is None and not ctx.query.attributes:
            shown.pop("externalId", None)

    _reproject(provider, strip)


@deviation(
    "replacement-answers-abridged",
    breaks=["RFC7644-3.9-01"],
    also=["RFC7644-3.5.1-01", "RFC7644-3.5.1-12", "RFC7643-3.1-01", "RFC7643-3.1-21", "RFC7643-3.1-22"],
    text="The answer to PUT lacks the externalId and all lists.",
)
def replacement_answers_abridged(provider: Provider) -> None:
    def strip(ctx: Context, shown: JSONObject, whole: JSONObject) -> None:
        if ctx.method == "PUT" and not ctx.query.attributes:
            shown.pop("externalId", None)

    _reproject(provider, strip)


@deviation(
    "on-request-always-shown",
    breaks=["RFC7643-7-34"],
    text="Attributes returned on request are returned always.",
    settings=_EVERYTHING,
)
def on_request_always_shown(provider: Provider) -> None:
    def show(ctx: Context, shown: JSONObject, whole: JSONObject) -> None:
        if ctx.method == "GET" and not ctx.query.attributes and "notes" in whole:
            shown["notes"] = whole["notes"]

    _reproject(provider, show)


@deviation(
    "on-request-not-shown-to-writers",
    breaks=["RFC7643-7-35"],
    text="The answer to a write lacks attributes returned on request.",
    settings=_EVERYTHING,
)
def on_request_not_shown_to_writers(provider: Provider) -> None:
    def hide(ctx: Context, shown: JSONObject, whole: JSONObject) -> None:
        if ctx.method in ("POST", "PUT", "PATCH") and not ctx.query.attributes:
            shown.pop("notes", None)

    _reproject(provider, hide)
