"""Deviations of filters in how they name attributes, what they return, and where letter case matters."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import Any

from scimcheck.core.errors import InvalidFilter, Sensitive
from scimcheck.core.filter.ast import AttrPath, Comparison, Filter, Present
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import Attribute, ResourceModel, Schema
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import change_schema, deviation, on_resource, on_response, variant, wrap
from scimcheck.provider.faults.rewriting import EVERYTHING, NOTHING, compare, look_at, look_with, refuse, rewrite
from scimcheck.provider.store import Record

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def _path(part: Filter) -> AttrPath | None:
    return part.path if isinstance(part, (Comparison, Present)) else None


def _by_path(provider: Provider, concerned: Callable[[AttrPath], Any], change: Callable[[Filter], Filter]) -> None:
    """Let ``change`` replace comparisons and tests of presence whose path is ``concerned``."""

    def rewritten(part: Filter) -> Filter:
        path = _path(part)
        return change(part) if path is not None and concerned(path) else part

    rewrite(provider, rewritten)


def _refused(part: Filter) -> Filter:
    raise InvalidFilter(f"filters on {_path(part)} are not supported")


def _unmatched(part: Filter) -> Filter:
    return NOTHING


# --- names -----------------------------------------------------------------------------------------------------------


@deviation(
    "filter-names-case-sensitive",
    breaks=["RFC7644-3.4.2.2-05"],
    text="In filters attribute names in another letter case are unknown.",
)
def filter_names_case_sensitive(provider: Provider) -> None:
    known = ("userName", "displayName", "externalId", "id", "meta", "active", "name", "emails")
    spelled = {name.lower(): name for name in known}
    _by_path(provider, lambda path: spelled.get(path.name.lower(), path.name) != path.name, _refused)


@deviation(
    "operators-in-lower-case-alone", breaks=["RFC7644-3.4.2.2-06"], text="Operators in capital letters are refused."
)
def operators_in_lower_case_alone(provider: Provider) -> None:
    refuse(provider, lambda text: re.match(r"\S+ (?![a-z]{2}\b)[A-Za-z]{2}\b", text))


@deviation("urns-refused-in-filters", breaks=["RFC7644-3.4.2.2-37"], text="A core URN in a filter is refused.")
def urns_refused_in_filters(provider: Provider) -> None:
    _by_path(provider, lambda path: path.urn and ":core:" in path.urn.lower(), _refused)


@deviation(
    "urns-case-sensitive-in-filters", breaks=["RFC7644-3.10-05"], text="URNs in filters have to be spelled exactly."
)
def urns_case_sensitive_in_filters(provider: Provider) -> None:
    _by_path(provider, lambda path: path.urn and path.urn == path.urn.upper(), _refused)


@deviation(
    "parts-case-sensitive-in-filters",
    breaks=["RFC7644-3.10-05"],
    text="In filters sub-attributes in capital letters are unknown.",
)
def parts_case_sensitive_in_filters(provider: Provider) -> None:
    _by_path(provider, lambda path: path.sub and path.sub == path.sub.upper(), _refused)


@deviation(
    "extension-attributes-never-match", breaks=["RFC7644-3.4.2.2-38"], also=["RFC7643-4.3-07"],
    text="A filter on an extension attribute finds nothing.",
)  # fmt: skip
def extension_attributes_never_match(provider: Provider) -> None:
    _by_path(provider, lambda path: path.urn and ":extension:" in path.urn.lower(), _unmatched)


@variant(
    "extension-filters-refused", reading="RFC7644-3.4.2.2-38", text="Filters on extension attributes are not supported."
)
def extension_filters_refused(provider: Provider) -> None:
    _by_path(provider, lambda path: path.urn and ":extension:" in path.urn.lower(), _refused)


@deviation(
    "unknown-attribute-finds-all",
    breaks=["RFC7644-3.4.2.2-47"],
    settings={"unknown_filter_attribute": "no-match"},
    text="A filter on an unknown attribute returns everything.",
)
def unknown_attribute_finds_all(provider: Provider) -> None:
    _by_path(provider, lambda path: path.name == "doesNotExist", lambda part: EVERYTHING)


@deviation(
    "ids-never-match",
    breaks=["RFC7644-3.4.2.2-48"],
    text="A filter on id finds nothing.",
    also=["ENTRA-2.6-01", "ENTRA-2.6-02", "ENTRA-4.3-04", "RFC7643-3-07", "RFC7644-3.4.2.1-02", "RFC7644-3.4.3-12"],
)
def ids_never_match(provider: Provider) -> None:
    _by_path(provider, lambda path: path.name.lower() == "id", _unmatched)


@deviation(
    "meta-not-compared", breaks=["RFC7644-3.4.2.2-48"], also=["RFC7644-3.4.2.1-02"],
    text="A filter on meta.resourceType matches everything.",
)  # fmt: skip
def meta_not_compared(provider: Provider) -> None:
    _by_path(provider, lambda path: (path.sub or "").lower() == "resourcetype", lambda part: EVERYTHING)


@variant("meta-filters-refused", reading="RFC7644-3.4.2.2-48", text="Filters on the parts of meta are not supported.")
def meta_filters_refused(provider: Provider) -> None:
    _by_path(provider, lambda path: path.name.lower() == "meta", _refused)


@deviation("schemas-never-match", breaks=["RFC7644-3.4.2.2-46"], text="A filter on schemas finds nothing.")
def schemas_never_match(provider: Provider) -> None:
    _by_path(provider, lambda path: path.name.lower() == "schemas", _unmatched)


@variant("schemas-filter-refused", reading="RFC7644-3.4.2.2-46", text="Filters on schemas are not supported.")
def schemas_filter_refused(provider: Provider) -> None:
    _by_path(provider, lambda path: path.name.lower() == "schemas", _refused)


@variant("names-filtered-alone", reading="RFC7644-3.4.2.2-38", text="Filters know userName, displayName and id alone.")
def names_filtered_alone(provider: Provider) -> None:
    known = ("username", "displayname", "id", "externalid", "name", "emails")
    _by_path(provider, lambda path: path.name.lower() not in known, _refused)


# --- results ---------------------------------------------------------------------------------------------------------


@deviation(
    "first-match-alone-returned",
    breaks=["RFC7644-3.4.2.2-04"],
    text="A filtered query returns one match, whatever else matches.",
)
def first_match_alone_returned(provider: Provider) -> None:
    def body(original: Any, ctx: Context, records: Sequence[Record]) -> JSONObject:
        found: JSONObject = original(ctx, records if ctx.query.filter is None else records[:1])
        return found

    wrap(provider, "list_body", body)


@deviation(
    "filter-goes-behind-the-page",
    breaks=["RFC7644-3.4.2.2-04"],
    also=[
        "RFC7644-3.4.2.3-12",
        "RFC7644-3.4.2.4-01",
        "RFC7644-3.4.2.4-06",
        "RFC7644-3.4.2.4-10",
        "RFC7644-3.4.2.4-11",
        "RFC7644-3.4.2-03",
        "RFC7644-3.4.3-09",
    ],
    text="A filter with a count looks at the first resources alone, as many as are asked for.",
)
def filter_goes_behind_the_page(provider: Provider) -> None:
    def candidates(original: Any, ctx: Context, shape: Any, expression: Filter | None) -> Sequence[Record]:
        found: Sequence[Record] = original(ctx, shape, expression)
        count = ctx.query.count
        if expression is None or count is None or ctx.method != "GET" or ctx.shape is None:
            return found
        first = {record.id for record in ctx.store.snapshot(shape.name)[:count]}
        return [record for record in found if record.id in first]

    wrap(provider, "list_candidates", candidates)


@deviation(
    "a-neighbour-returned",
    breaks=["RFC7644-3.4.2.2-03"],
    also=[
        "ENTRA-2.1-10",
        "ENTRA-2.2-02",
        "ENTRA-2.2-10",
        "ENTRA-2.2-11",
        "ENTRA-2.2-13",
        "ENTRA-2.5-04",
        "ENTRA-2.5-05",
        "ENTRA-2.6-01",
        "ENTRA-2.6-02",
        "ENTRA-3.1-01",
        "ENTRA-3.2-48",
        "ENTRA-3.2-49",
        "ENTRA-3.2-58",
        "ENTRA-4.3-01",
        "ENTRA-4.3-02",
        "ENTRA-4.3-03",
        "ENTRA-4.3-04",
        "ENTRA-4.3-05",
        "ENTRA-4.3-06",
        "ENTRA-4.3-07",
        "ENTRA-4.5-02",
        "ENTRA-4.5-04",
        "ENTRA-8.3-01",
        "RFC7643-3-07",
        "ENTRA-4.3-09",
    ],
    text="A filtered query with one match also returns the oldest resource of the type.",
)
def a_neighbour_returned(provider: Provider) -> None:
    def body(original: Any, ctx: Context, records: Sequence[Record]) -> JSONObject:
        oldest = ctx.store.snapshot(ctx.shape.name)[:1] if ctx.shape and ctx.query.filter and len(records) == 1 else ()
        extra = [record for record in oldest if record.id != records[0].id]
        found: JSONObject = original(ctx, [*records, *extra])
        return found

    wrap(provider, "list_body", body)


@deviation(
    "unsupported-filter-ignored",
    breaks=["RFC7644-3.4.2.2-02"],
    also=["ENTRA-4.3-01"],
    settings={"filter_supported": False},
    text="Filters are not supported, and a query with one returns everything.",
)
def unsupported_filter_ignored(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        return dataclasses.replace(original(ctx), filter=None)

    wrap(provider, "parse_query", parse)
    wrap(provider, "parse_search", parse)


variant(
    "without-filters",
    reading="RFC7644-3.4.2.2-01",
    text="Filters are not supported; queries with one are refused.",
    settings={"filter_supported": False},
    costs=("ENTRA-1.2-01", "ENTRA-1.2-05", "ENTRA-4.3-01", "ENTRA-4.3-05"),
)


@deviation(
    "defaults-not-filtered", breaks=["RFC7644-3.4.2.2-41"], text="Filters do not see values that the provider set."
)
def defaults_not_filtered(provider: Provider) -> None:
    defaulted: set[str] = set()

    def create(original: Any, ctx: Context, attributes: JSONObject) -> Record:
        record: Record = original(ctx, attributes)
        if "active" not in {name.lower() for name in ctx.requested}:
            defaulted.add(record.id)
        return record

    def seen(resource: JSONObject) -> JSONObject:
        hidden = resource.get("id") in defaulted
        return {name: value for name, value in resource.items() if name != "active"} if hidden else resource

    wrap(provider, "store_create", create)
    look_at(provider, seen)


# --- letter case -----------------------------------------------------------------------------------------------------


def _recased(model: ResourceModel, exact: Callable[[Attribute], bool]) -> ResourceModel:
    """The model with another idea of which attributes are case exact; common attributes become part of it."""

    def attribute(found: Attribute) -> Attribute:
        subs = tuple(attribute(sub) for sub in found.sub_attributes)
        return dataclasses.replace(found, case_exact=exact(found), sub_attributes=subs)

    def schema(found: Schema, more: Sequence[Attribute] = ()) -> Schema:
        return dataclasses.replace(found, attributes=tuple(attribute(item) for item in (*found.attributes, *more)))

    common = [located.attribute for located in model.attributes() if located.schema is None]
    added = [item for item in common if model.core.attribute(item.name) is None]
    return ResourceModel(model.resource_type, schema(model.core, added), tuple(schema(e) for e in model.extensions))


@deviation(
    "letter-case-always-matters",
    breaks=["RFC7644-3.4.2.2-45"],
    also=["RFC7643-7-21", "RFC7643-4.1.1-04"],
    text="Filters compare every text with its letter case.",
)
def letter_case_always_matters(provider: Provider) -> None:
    look_with(provider, lambda model: _recased(model, lambda attribute: True))


@deviation(
    "letter-case-never-matters",
    breaks=["RFC7644-3.4.2.2-45"],
    also=["RFC7643-7-21", "RFC7643-3.1-15", "RFC7643-3.1-09", "RFC7643-4.3-07"],
    text="Filters compare no text with its letter case; userType is declared as case exact.",
)
def letter_case_never_matters(provider: Provider) -> None:
    change_schema(provider, USER, lambda schema: _declare(schema, "userType", caseExact=True))
    look_with(provider, lambda model: _recased(model, lambda attribute: False))


def _declare(schema: JSONObject, name: str, **characteristics: Any) -> None:
    for attribute in schema["attributes"]:
        if attribute["name"] == name:
            attribute.update(characteristics)


@variant("user-types-case-exact", reading="RFC7644-3.4.2.2-45", text="userType is declared, and is, case exact.")
def user_types_case_exact(provider: Provider) -> None:
    change_schema(provider, USER, lambda schema: _declare(schema, "userType", caseExact=True))


@deviation(
    "user-name-case-sensitive",
    breaks=["RFC7643-4.1.1-04"],
    also=["ENTRA-2.2-10", "RFC7644-3.4.2.2-45", "RFC7643-7-21"],
    text="Filters compare userName with its letter case.",
)
def user_name_case_sensitive(provider: Provider) -> None:
    look_with(provider, lambda model: _recased(model, lambda a: a.case_exact or a.name == "userName"))


@deviation("external-id-ignores-case", breaks=["RFC7643-3.1-15"], text="externalId is found in any letter case.")
def external_id_ignores_case(provider: Provider) -> None:
    look_with(provider, lambda model: _recased(model, lambda a: a.case_exact and a.name != "externalId"))


@deviation("external-id-in-lower-case", breaks=["RFC7643-3.1-15"], text="externalId is shown in lower case.")
def external_id_in_lower_case(provider: Provider) -> None:
    def lower(resource: JSONObject, stored: JSONObject) -> None:
        if isinstance(resource.get("externalId"), str):
            resource["externalId"] = resource["externalId"].lower()

    on_resource(provider, lower)


@deviation("ids-ignore-case-in-filters", breaks=["RFC7643-3.1-09"], text="An id is found in any letter case by filter.")
def ids_ignore_case_in_filters(provider: Provider) -> None:
    look_with(provider, lambda model: _recased(model, lambda a: a.case_exact and a.name != "id"))


@deviation("manager-ignores-case", breaks=["RFC7643-4.3-07"], text="A manager's id is found in any letter case.")
def manager_ignores_case(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        managed = part.path.name.lower() == "manager" and isinstance(part.value, str)
        return dataclasses.replace(part, value=str(part.value).lower()) if managed else part

    compare(provider, change)


@deviation(
    "silent-texts-case-exact",
    breaks=["RFC7643-2.2-03"],
    text="displayName does not say whether it is case exact, and is compared with its letter case.",
)
def silent_texts_case_exact(provider: Provider) -> None:
    _silence(provider)
    look_with(
        provider,
        lambda model: _recased(model, lambda a: a.case_exact or (model.name, a.name) == ("User", "displayName")),
    )


def _silence(provider: Provider) -> None:
    def silence(schema: JSONObject) -> None:
        for attribute in schema["attributes"]:
            if attribute["name"] == "displayName":
                attribute.pop("caseExact", None)

    change_schema(provider, USER, silence)


@variant("silent-about-case", reading="RFC7643-2.2-03", text="displayName does not say whether it is case exact.")
def silent_about_case(provider: Provider) -> None:
    _silence(provider)


# --- what should not stand in a URL ----------------------------------------------------------------------------------


@deviation("sensitive-filter-answers-400", breaks=["RFC7644-7.5.2-01"], text="A sensitive filter is refused with 400.")
def sensitive_filter_answers_400(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        if isinstance(reply.body, dict) and reply.body.get("scimType") == "sensitive":
            reply.status = 400
            reply.body["status"] = "400"

    on_response(provider, change, status=403)


@deviation(
    "sensitive-filter-refused-by-post",
    breaks=["RFC7644-7.5.2-02"],
    text="A sensitive filter is refused in the body of a search, too.",
)
def sensitive_filter_refused_by_post(provider: Provider) -> None:
    def check(original: Any, ctx: Context, expression: Filter, shapes: Any) -> None:
        original(ctx, expression, shapes)
        path = _path(expression)
        if path is not None and path.name.lower() == "password":
            raise Sensitive("use POST and .search")

    wrap(provider, "check_filter", check)


@deviation(
    "sensitive-filter-without-keyword",
    breaks=["RFC7644-3.12-26"],
    text="A sensitive filter is refused without scimType.",
)
def sensitive_filter_without_keyword(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        if isinstance(reply.body, dict) and reply.body.get("scimType") == "sensitive":
            reply.body.pop("scimType")

    on_response(provider, change, status=403)


variant(
    "nothing-is-sensitive",
    reading="RFC7644-7.5.2-01",
    text="No filter is refused for what it is about.",
    settings={"sensitive_attributes": ()},
)


@deviation(
    "filtered-passwords-shown",
    breaks=["RFC7643-4.1.1-22"],
    also=["RFC7643-7-36", "RFC7643-7-29", "RFC7643-7-32", "RFC7643-4.1.1-16"],
    settings={"sensitive_attributes": ()},
    text="A filter on password is answered with users and their passwords.",
)
def filtered_passwords_shown(provider: Provider) -> None:
    def body(original: Any, ctx: Context, records: Sequence[Record]) -> JSONObject:
        found: JSONObject = original(ctx, records)
        if ctx.query.filter and "password" in ctx.query.filter:
            found["Resources"] = [{**item, "password": "hunter2"} for item in found.get("Resources", [])]
        return found

    wrap(provider, "list_body", body)
    _by_path(provider, lambda path: path.name.lower() == "password", lambda part: EVERYTHING)
