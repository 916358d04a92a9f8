"""Deviations of reading, paging, deleting and discovering as Entra does (ENTRA-2.1, 2.3, 2.7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import ScimError, Uniqueness
from scimcheck.core.filter.ast import Comparison
from scimcheck.core.filter.parser import parse_filter
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.messages import SearchRequest
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import change_schema, deviation, on_response, wrap
from scimcheck.provider.rendering import render
from scimcheck.provider.store import Record

# --- groups without members ------------------------------------------------------------------------------------------


def _keeping_members(provider: Provider, concerned: Callable[[Context], bool]) -> None:
    """Ignore excludedAttributes of the requests that are concerned."""

    def parse(original: Any, ctx: Context) -> SearchRequest:
        query: SearchRequest = original(ctx)
        if (ctx.method, ctx.endpoint) == ("GET", "/Groups") and concerned(ctx):
            return SearchRequest(filter=query.filter, start_index=query.start_index, count=query.count)
        return query

    wrap(provider, "parse_query", parse)


@deviation(
    "group-read-with-members",
    breaks=["ENTRA-2.1-09"],
    also=["RFC7644-3.4.2.5-01", "RFC7644-3.4.2.5-02", "RFC7644-3.9-04", "RFC7644-3.9-05"],
    text="excludedAttributes has no effect on reading one group.",
)
def group_read_with_members(provider: Provider) -> None:
    _keeping_members(provider, lambda ctx: ctx.target is not None)


@deviation("group-search-with-members", breaks=["ENTRA-2.1-10"], text="excludedAttributes has no effect on searches.")
def group_search_with_members(provider: Provider) -> None:
    _keeping_members(provider, lambda ctx: ctx.target is None and "excludedAttributes=members&" in ctx.request.query)


@deviation("group-search-without-members", breaks=["ENTRA-8.2-01"], text="Groups in a search result have no members.")
def group_search_without_members(provider: Provider) -> None:
    def strip(request: Request, reply: Reply) -> None:
        if "filter=displayName%20eq" in request.query and isinstance(reply.body, dict):
            for resource in reply.body.get("Resources", ()):
                resource.pop("members", None)

    on_response(provider, strip, method="GET", endpoint="/Groups", status=200)


# --- reading by id ---------------------------------------------------------------------------------------------------


@deviation(
    "user-read-as-list",
    breaks=["ENTRA-2.1-02"],
    also=[
        "RFC7644-3.5.1-01",
        "RFC7644-3.5.1-12",
        "RFC7644-3.5.2-22",
        "RFC7643-7-33",
        "RFC7644-3.4.2.5-04",
        "RFC7644-3.9-03",
        "RFC7644-3.9-06",
        "RFC7644-3.1-02",
        "RFC7644-3.1-04",
        "RFC7644-8.2-01",
    ],
    text="GET of a user shows it inside a list as well.",
)
def user_read_as_list(provider: Provider) -> None:
    def listed(request: Request, reply: Reply) -> None:
        if reply.context.target and isinstance(reply.body, dict):
            reply.body = {**reply.body, "totalResults": 1, "Resources": [dict(reply.body)]}

    on_response(provider, listed, method="GET", endpoint="/Users", status=200)


@deviation(
    "unknown-user-answers-410",
    breaks=["ENTRA-2.1-03", "ENTRA-2.1-13"],
    also=[
        "RFC7644-3.12-11",
        "RFC7644-3.7-20",
        "RFC7644-6.1-01",
        "RFC7644-3.4.1-02",
        "RFC7644-3.6-02",
        "RFC7644-3.12-04",
    ],
    text="GET of an unknown user is answered with 410.",
)
def unknown_user_answers_410(provider: Provider) -> None:
    def gone(request: Request, reply: Reply) -> None:
        reply.status, reply.body = 410, ScimError("gone", status=410).body()

    on_response(provider, gone, method="GET", endpoint="/Users", status=404)


@deviation("renamed-user-has-new-id", breaks=["ENTRA-2.2-02"], text="The reply to a change of userName has a new id.")
def renamed_user_has_new_id(provider: Provider) -> None:
    def renumber(request: Request, reply: Reply) -> None:
        if b'"path":"userName"' in request.body and isinstance(reply.body, dict):
            reply.body = {**reply.body, "id": f"{reply.body['id']}-2"}

    on_response(provider, renumber, method="PATCH", endpoint="/Users", status=200)


# --- deletions -------------------------------------------------------------------------------------------------------


def _delete_answers_200(provider: Provider, endpoint: str) -> None:
    def answer(request: Request, reply: Reply) -> None:
        reply.status = 200

    on_response(provider, answer, method="DELETE", endpoint=endpoint, status=204)


@deviation(
    "user-deletion-answers-200", breaks=["ENTRA-2.1-11"], also=["RFC7644-3.6-01"], text="DELETE of a user answers 200."
)
def user_deletion_answers_200(provider: Provider) -> None:
    _delete_answers_200(provider, "/Users")


@deviation(
    "group-deletion-answers-200",
    breaks=["ENTRA-2.1-12"],
    also=["RFC7644-3.6-01"],
    text="DELETE of a group answers 200.",
)
def group_deletion_answers_200(provider: Provider) -> None:
    _delete_answers_200(provider, "/Groups")


def _remember_deleted(provider: Provider) -> dict[str, JSONObject]:
    """Everything that is deleted from now on, by id, as it was shown."""
    graves: dict[str, JSONObject] = {}

    def drop(original: Any, ctx: Context, record: Record) -> None:
        graves[record.id] = render(ctx, record)
        original(ctx, record)

    wrap(provider, "store_delete", drop)
    return graves


def _still_readable(provider: Provider, endpoint: str) -> None:
    graves = _remember_deleted(provider)

    def show(request: Request, reply: Reply) -> None:
        body = graves.get(reply.context.target or "")
        if body is not None:
            reply.status, reply.body = 200, dict(body)

    on_response(provider, show, method="GET", endpoint=endpoint, status=404)


@deviation(
    "deleted-user-is-readable",
    breaks=["ENTRA-2.1-13"],
    also=["RFC7644-3.7-20", "RFC7644-3.6-02"],
    text="A deleted user is still read.",
)
def deleted_user_is_readable(provider: Provider) -> None:
    _still_readable(provider, "/Users")


@deviation(
    "deleted-group-is-readable", breaks=["ENTRA-2.1-15"], also=["RFC7644-3.6-02"], text="A deleted group is still read."
)
def deleted_group_is_readable(provider: Provider) -> None:
    _still_readable(provider, "/Groups")


@deviation(
    "deleted-user-is-found",
    breaks=["ENTRA-2.1-14"],
    also=["RFC7644-3.6-03"],
    text="A deleted user is found by its name.",
)
def deleted_user_is_found(provider: Provider) -> None:
    graves = _remember_deleted(provider)

    def show(request: Request, reply: Reply) -> None:
        search = reply.context.query.filter
        expression = parse_filter(search, lenient=True) if search else None
        if isinstance(expression, Comparison) and expression.path.name == "userName":
            found = [body for body in graves.values() if body.get("userName") == expression.value]
            if found and isinstance(reply.body, dict) and reply.body.get("totalResults") == 0:
                reply.body = {**reply.body, "totalResults": 1, "itemsPerPage": 1, "Resources": [dict(found[0])]}

    on_response(provider, show, method="GET", endpoint="/Users", status=200)


@deviation(
    "deleted-names-stay-taken",
    breaks=["ENTRA-2.1-16"],
    also=["RFC7644-3.6-04"],
    text="The userName of a deleted user is never given again.",
)
def deleted_names_stay_taken(provider: Provider) -> None:
    graves = _remember_deleted(provider)

    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        taken = {body.get("userName") for body in graves.values()} - {None}
        if attributes.get("userName") in taken:
            raise Uniqueness("the userName is in use")
        original(ctx, attributes, record_id)

    wrap(provider, "check_uniqueness", check)


@deviation("old-names-stay-taken", breaks=["ENTRA-2.1-22"], text="A userName that a user gave up is never given again.")
def old_names_stay_taken(provider: Provider) -> None:
    given_up: dict[str, str] = {}

    def replace(original: Any, ctx: Context, record: Record, attributes: JSONObject, **options: Any) -> Record:
        old = record.attributes().get("userName")
        stored: Record = original(ctx, record, attributes, **options)
        if old and old != attributes.get("userName"):
            given_up[old] = record.id
        return stored

    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        name = attributes.get("userName")
        if given_up.get(str(name), record_id) != record_id:
            raise Uniqueness("the userName was somebody's")
        original(ctx, attributes, record_id)

    wrap(provider, "store_replace", replace)
    wrap(provider, "check_uniqueness", check)


@deviation(
    "member-cannot-be-deleted",
    breaks=["ENTRA-2.1-17"],
    also=["RFC7643-4.2-05"],
    text="A user who is a member of a group is kept.",
)
def member_cannot_be_deleted(provider: Provider) -> None:
    def drop(original: Any, ctx: Context, record: Record) -> None:
        if record.type_name == "User" and ctx.store.memberships.groups(record.id):
            raise ScimError("the user is a member of a group", status=409)
        original(ctx, record)

    wrap(provider, "store_delete", drop)


@deviation(
    "unknown-user-deletion-answers-204",
    breaks=["ENTRA-4.7-03"],
    also=["RFC7644-3.6-06", "RFC7644-3.6-02"],
    text="Deleting a user that does not exist is answered with 204.",
)
def unknown_user_deletion_answers_204(provider: Provider) -> None:
    _unknown_deletion(provider, "/Users")


@deviation(
    "unknown-group-deletion-answers-204",
    breaks=["ENTRA-4.7-04"],
    also=["RFC7644-3.12-11", "RFC7644-3.6-06", "RFC7644-3.6-02"],
    text="Deleting a group that does not exist is answered with 204.",
)
def unknown_group_deletion_answers_204(provider: Provider) -> None:
    _unknown_deletion(provider, "/Groups")


def _unknown_deletion(provider: Provider, endpoint: str) -> None:
    def answer(request: Request, reply: Reply) -> None:
        reply.status, reply.body = 204, None
        reply.headers.pop("Content-Type", None)

    on_response(provider, answer, method="DELETE", endpoint=endpoint, status=404)


# --- pages and limits ------------------------------------------------------------------------------------------------


def _start_always_one(provider: Provider, endpoint: str) -> None:
    def reset(request: Request, reply: Reply) -> None:
        if "startIndex" in request.query and isinstance(reply.body, dict):
            reply.body = {**reply.body, "startIndex": 1}

    on_response(provider, reset, method="GET", endpoint=endpoint, status=200)


@deviation(
    "user-pages-echo-one",
    breaks=["ENTRA-2.1-18"],
    also=["RFC7644-3.4.2.4-09", "RFC7644-3.4.2.4-11"],
    text="startIndex of a page of users is always 1.",
)
def user_pages_echo_one(provider: Provider) -> None:
    _start_always_one(provider, "/Users")


@deviation(
    "group-pages-echo-one",
    breaks=["ENTRA-2.1-20"],
    also=["RFC7644-3.4.2.4-09", "RFC7644-3.4.2.4-11"],
    text="startIndex of a page of groups is always 1.",
)
def group_pages_echo_one(provider: Provider) -> None:
    _start_always_one(provider, "/Groups")


@deviation("pages-overlap", breaks=["ENTRA-2.1-19"], text="A page begins with the last user of the one before it.")
def pages_overlap(provider: Provider) -> None:
    def page(
        original: Any, ctx: Context, records: Sequence[Record], start: int | None, count: int | None
    ) -> tuple[list[Record], int]:
        if ctx.query.filter or ctx.endpoint != "/Users" or not start or start <= 2 or len(records) < 8:
            shown: tuple[list[Record], int] = original(ctx, records, start, count)
            return shown
        overlapping, _ = original(ctx, records, start - 1, count)
        return overlapping, start

    wrap(provider, "page", page)


@deviation(
    "reads-are-throttled", breaks=["ENTRA-2.3-01"], text="More than fifteen reads of one user are refused with 429."
)
def reads_are_throttled(provider: Provider) -> None:
    seen: Counter[str] = Counter()

    def throttle(request: Request, reply: Reply) -> None:
        seen[request.path] += 1 if reply.context.target else 0
        if seen[request.path] > 15:
            reply.status, reply.body = 429, ScimError("slow down", status=429).body()
            reply.headers["Retry-After"] = "0"

    on_response(provider, throttle, method="GET", endpoint="/Users", status=200)


@deviation(
    "other-origins-refused",
    breaks=["ENTRA-8.1-01"],
    text="No page of another origin gets permission.",
    settings={"cross_origin": False},
)
def other_origins_refused(provider: Provider) -> None:
    pass


# --- discovery -------------------------------------------------------------------------------------------------------


@deviation(
    "schemas-without-envelope-urn",
    breaks=["ENTRA-2.7-01"],
    also=["RFC7644-3.1-02", "RFC7644-8.2-01", "RFC7644-4-06", "RFC7644-3.4.2-01", "RFC7644-4-05"],
    text="The list of schemas does not say that it is a ListResponse.",
)
def schemas_without_envelope_urn(provider: Provider) -> None:
    def rename(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "Resources" in reply.body:
            reply.body = {**reply.body, "schemas": ["urn:example:list"]}

    on_response(provider, rename, method="GET", endpoint="/Schemas", status=200)


@deviation(
    "schema-of-groups-left-out",
    breaks=["ENTRA-2.7-02"],
    also=["RFC7643-7-01", "RFC7643-6-10", "RFC7644-4-02"],
    text="/Schemas leaves the Group schema out.",
)
def schema_of_groups_left_out(provider: Provider) -> None:
    def shorten(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "Resources" in reply.body:
            kept = [item for item in reply.body["Resources"] if item.get("id") != urns.GROUP]
            reply.body = {**reply.body, "Resources": kept, "totalResults": len(kept), "itemsPerPage": len(kept)}

    on_response(provider, shorten, method="GET", endpoint="/Schemas", status=200)


def _on_nick_name(provider: Provider, **characteristics: Any) -> None:
    """Show other characteristics of nickName in the list of schemas; what is enforced stays the same."""

    def change(request: Request, reply: Reply) -> None:
        if not isinstance(reply.body, dict) or "Resources" not in reply.body:
            return
        for schema in reply.body["Resources"]:
            if schema.get("id") == urns.USER:
                schema["attributes"] = [
                    {**item, **characteristics} if item["name"] == "nickName" else item for item in schema["attributes"]
                ]

    on_response(provider, change, method="GET", endpoint="/Schemas", status=200)


@deviation(
    "keywords-misspelled",
    breaks=["ENTRA-2.7-03"],
    also=["RFC7643-8.7.1-04", "RFC7644-4-03", "RFC7643-7-30"],
    text="A keyword in /Schemas begins with a capital letter.",
)
def keywords_misspelled(provider: Provider) -> None:
    _on_nick_name(provider, returned="Default")


@deviation("nulls-in-schemas", breaks=["ENTRA-2.7-04"], text="/Schemas shows what has no value as null.")
def nulls_in_schemas(provider: Provider) -> None:
    _on_nick_name(provider, canonicalValues=None)


@deviation(
    "title-not-described",
    breaks=["ENTRA-8.2-02"],
    also=["ENTRA-3.6-08"],
    text="Users have no title, which the default mapping writes.",
)
def title_not_described(provider: Provider) -> None:
    def without(schema: JSONObject) -> None:
        schema["attributes"] = [item for item in schema["attributes"] if item["name"] != "title"]

    change_schema(provider, urns.USER, without)
