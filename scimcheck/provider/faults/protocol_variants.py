"""Variants of queries, PATCH, bulk and cursors: what RFC 7644 and RFC 9865 leave open beyond the settings."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import (
    InvalidPath,
    InvalidSyntax,
    InvalidValue,
    ScimError,
    Sensitive,
    Uniqueness,
)
from scimcheck.core.http import Request
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.entra_forms import rewrite
from scimcheck.provider.faults.registry import on_request, on_response, variant, wrap
from scimcheck.provider.faults.rewriting import refuse

variant(
    "bare-complex-refused",
    reading="RFC7644-3.4.2.2-40",
    text="A filter on a complex attribute without a sub-attribute is refused.",
    settings={"bare_complex_filter": "refuse"},
)
variant(
    "value-paths-refused",
    reading="RFC7644-3.4.2.2-30",
    text="Brackets in filters are not supported.",
    settings={"value_paths_supported": False},
)
variant(
    "beyond-the-end-refused",
    reading="RFC7644-3.4.2.4-12",
    text="A startIndex beyond the end is refused.",
    settings={"beyond_end": "refuse"},
)
variant(
    "other-ids-in-put-refused",
    reading="RFC7644-3.5.1-08",
    text="PUT with another id is refused.",
    settings={"sent_id_in_put": "refuse"},
)


# --- requests for resources -------------------------------------------------------------------------------------------


@variant(
    "malformed-ids-refused",
    reading="RFC7644-3.4.1-02",
    text="Ids are numbers; anything else in their place is answered with 400.",
    settings={"id_style": "integer"},
)
def malformed_ids_refused(provider: Provider) -> None:
    def find(original: Any, ctx: Context, identifier: str) -> Any:
        if ctx.shape is not None and not identifier.isdecimal():
            raise InvalidValue("an id is a number", scim_type="")
        return original(ctx, identifier)

    wrap(provider, "find_record", find)


@variant(
    "found-by-user-name",
    reading="RFC7644-3.4.1-03",
    text="GET /Users/{userName} finds the user, too.",
)
def found_by_user_name(provider: Provider) -> None:
    def find(original: Any, ctx: Context, identifier: str) -> Any:
        found = original(ctx, identifier)
        if found is None and ctx.method == "GET" and ctx.shape is not None and ctx.endpoint == "/Users":
            for record in ctx.ops.list_candidates(ctx, ctx.shape, None):
                if record.attributes().get("userName") == identifier:
                    return record
        return found

    wrap(provider, "find_record", find)


@variant(
    "put-without-etag",
    reading="RFC7644-3.14-02",
    text="PUT answers without ETag, as HTTP has it.",
)
def put_without_etag(provider: Provider) -> None:
    on_response(
        provider,
        lambda request, reply: reply.headers.pop("ETag", None),
        method="PUT",
        status=200,
    )


@variant(
    "plain-json-content-refused", reading="RFC7644-3.8-06", text="Content in application/json is refused with 415."
)
def plain_json_content_refused(provider: Provider) -> None:
    def read(original: Any, ctx: Context) -> JSON:
        if ctx.request.headers.get("content-type", "").startswith("application/json"):
            raise ScimError("send application/scim+json", status=415)
        body: JSON = original(ctx)
        return body

    wrap(provider, "read_body", read)


# --- queries ----------------------------------------------------------------------------------------------------------


@variant(
    "start-index-echoed",
    reading="RFC7644-3.4.2.4-02",
    text="A startIndex below 1 is repeated in the answer.",
)
def start_index_echoed(provider: Provider) -> None:
    def echo(request: Request, reply: Reply) -> None:
        sent = re.search(r"(?:^|&)startIndex=(0|-\d+)", request.query)
        if sent and isinstance(reply.body, dict) and "startIndex" in reply.body:
            reply.body["startIndex"] = int(sent[1])

    on_response(provider, echo, method="GET", status=200)


@variant(
    "page-size-told",
    reading="RFC7644-3.4.2.4-08",
    text="itemsPerPage of the last page is that of the others.",
)
def page_size_told(provider: Provider) -> None:
    def tell(request: Request, reply: Reply) -> None:
        sent = re.search(r"(?:^|&)count=([1-9]\d*)", request.query)
        if sent and isinstance(reply.body, dict) and reply.body.get("itemsPerPage"):
            reply.body["itemsPerPage"] = min(int(sent[1]), provider.settings.max_results)

    on_response(provider, tell, method="GET", status=200)


@variant(
    "sorting-by-lists-refused",
    reading="RFC7644-3.4.2.3-03",
    text="Nothing is sorted by multi-valued attributes.",
)
def sorting_by_lists_refused(provider: Provider) -> None:
    def sort(original: Any, ctx: Context, resources: Any, sort_by: str, descending: bool) -> Any:
        if sort_by.split(".")[0].lower() in (
            "emails",
            "phonenumbers",
            "addresses",
            "members",
            "photos",
            "ims",
        ):
            raise InvalidValue(f"nothing is sorted by {sort_by}")
        return original(ctx, resources, sort_by, descending)

    wrap(provider, "sort", sort)


@variant(
    "blanks-forgiven",
    reading="RFC7644-3.4.2.2-33",
    text="Filters may have blanks around and between their words.",
)
def blanks_forgiven(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Any:
        tidy = text if '"' in text else " ".join(text.split())
        return original(ctx, tidy.strip())

    wrap(provider, "parse_filter", parse)


@variant(
    "both-projections-refused",
    reading="RFC7644-3.9-09",
    text="attributes beside excludedAttributes is refused.",
)
def both_projections_refused(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        if query.attributes and query.excluded_attributes:
            raise InvalidValue("attributes and excludedAttributes exclude each other")
        return query

    wrap(provider, "parse_query", parse)
    wrap(provider, "parse_search", parse)


@variant(
    "schemas-left-out-of-projections",
    reading="RFC7643-3-01",
    text="A selection of attributes has no schemas.",
)
def schemas_left_out_of_projections(provider: Provider) -> None:
    def strip(request: Request, reply: Reply) -> None:
        wanted = re.search(r"(?:^|&)attributes=([^&]*)", request.query)
        if not wanted or "schemas" in wanted[1].lower() or not isinstance(reply.body, dict):
            return
        for item in reply.body.get("Resources", ()):
            item.pop("schemas", None)

    on_response(provider, strip, method="GET", status=200)


_LITTLE = ("bulk_supported", "sort_supported", "search_supported", "root_query_supported", "me_supported")
variant(
    "unsupported-is-404",
    reading="RFC7644-3.12-16",
    text="What is not supported is answered with 404.",
    settings={**dict.fromkeys(_LITTLE, False), "unsupported_status": 404},
)


@variant(
    "unsupported-is-405",
    reading="RFC7644-3.12-16",
    text="What is not supported is answered with 405.",
    settings={**dict.fromkeys(_LITTLE, False), "unsupported_status": 405},
)
def unsupported_is_405(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.headers.setdefault("Allow", "OPTIONS"), status=405)


@variant("not-with-a-blank-only", reading="RFC7644-3.4.2.2-27", text="Between not and its bracket there is a blank.")
def not_with_a_blank_only(provider: Provider) -> None:
    refuse(provider, lambda text: re.search(r"\bnot\(", text))


@variant("sensitive-filters-400", reading="RFC7644-3.12-26", text="A sensitive filter is refused with 400.")
def sensitive_filters_400(provider: Provider) -> None:
    def check(original: Any, ctx: Context, *arguments: Any) -> None:
        try:
            original(ctx, *arguments)
        except Sensitive as error:
            raise ScimError(error.detail, scim_type="sensitive") from None

    wrap(provider, "check_filter", check)


# --- PATCH ------------------------------------------------------------------------------------------------------------


@variant(
    "patch-needs-no-urn",
    reading="RFC7644-3.5.2-02",
    text="PATCH is carried out without schemas.",
)
def patch_needs_no_urn(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, body: JSON) -> Any:
        return original(
            ctx,
            {**body, "schemas": [urns.PATCH_OP]} if isinstance(body, dict) else body,
        )

    wrap(provider, "parse_patch", parse)


@variant(
    "empty-patch-succeeds",
    reading="RFC7644-3.5.2-03",
    text="A PATCH without any operation succeeds.",
)
def empty_patch_succeeds(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, body: JSON) -> Any:
        empty = isinstance(body, dict) and body.get("Operations") == []
        return () if empty else original(ctx, body)

    wrap(provider, "parse_patch", parse)


@variant(
    "required-removal-is-a-value",
    reading="RFC7644-3.5.2.2-08",
    text="remove of a required attribute: invalidValue.",
)
def required_removal_is_a_value(provider: Provider) -> None:
    def check(ctx: Context, listed: list[Any]) -> list[Any]:
        for item in listed:
            if str(item.get("op")).lower() == "remove" and str(item.get("path")).lower() == "username":
                raise InvalidValue("userName is required")
        return listed

    rewrite(provider, check)


@variant(
    "few-keywords",
    reading="RFC7644-3.12-24",
    text="scimType is given where a section of its own demands it.",
)
def few_keywords(provider: Provider) -> None:
    def forget(original: Any, ctx: Context, error: ScimError) -> JSONObject:
        body: JSONObject = original(ctx, error)
        dispensable = isinstance(error, (InvalidValue, InvalidPath, InvalidSyntax))
        if dispensable or (isinstance(error, Uniqueness) and ctx.method != "POST"):
            body.pop("scimType", None)
        return body

    wrap(provider, "error_body", forget)


# --- bulk and /Me -----------------------------------------------------------------------------------------------------


@variant(
    "bulk-status-with-code",
    reading="RFC7644-3.7.3-02",
    text="The status of a bulk operation is an object.",
)
def bulk_status_with_code(provider: Provider) -> None:
    def rephrase(request: Request, reply: Reply) -> None:
        for item in reply.body.get("Operations", ()) if isinstance(reply.body, dict) else ():
            item["status"] = item["status"] if isinstance(item["status"], dict) else {"code": item["status"]}

    on_response(provider, rephrase, endpoint="/Bulk", status=200)


@variant(
    "bulk-errors-described",
    reading="RFC7644-3.7.3-03",
    text="Errors of bulk operations are told in status.",
)
def bulk_errors_described(provider: Provider) -> None:
    def rephrase(request: Request, reply: Reply) -> None:
        for item in reply.body.get("Operations", ()) if isinstance(reply.body, dict) else ():
            told = item.get("response")
            if isinstance(told, dict) and isinstance(item["status"], str):
                item["status"] = {
                    "code": item["status"],
                    "description": told.pop("detail", "refused"),
                }

    on_response(provider, rephrase, endpoint="/Bulk", status=200)


@variant(
    "me-can-only-be-read",
    reading="RFC7644-3.11-05",
    text="/Me is answered to GET alone.",
)
def me_can_only_be_read(provider: Provider) -> None:
    def refuse(request: Request) -> Request | None:
        if request.path.rstrip("/") == "/Me" and request.method != "GET":
            return dataclasses.replace(request, path="/Me/nothing")
        return None

    on_request(provider, refuse)


# --- pages by cursor --------------------------------------------------------------------------------------------------

_CURSORS = {"cursor_supported": True}


def _pages(provider: Provider, change: Any) -> None:
    def show(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "cursor" in request.query and "Resources" in reply.body:
            change(reply.body)

    on_response(provider, show, method="GET", status=200)


@variant(
    "cursor-pages-without-total",
    reading="RFC9865-2-06",
    text="Pages by cursor have no total.",
    settings=_CURSORS,
)
def cursor_pages_without_total(provider: Provider) -> None:
    _pages(
        provider,
        lambda body: body.pop("totalResults", None) if body["Resources"] else None,
    )


@variant(
    "cursor-null-at-the-end",
    reading="RFC9865-2-04",
    text="The last nextCursor is null.",
    settings=_CURSORS,
)
def cursor_null_at_the_end(provider: Provider) -> None:
    _pages(provider, lambda body: body.setdefault("nextCursor", None))


@variant(
    "cursor-pages-with-positions",
    reading="RFC9865-2.4-02",
    text="They have startIndex.",
    settings=_CURSORS,
)
def cursor_pages_with_positions(provider: Provider) -> None:
    _pages(provider, lambda body: body.setdefault("startIndex", 1))


@variant(
    "negative-counts-with-cursors-refused",
    reading="RFC9865-2-05",
    text="A negative count beside a cursor is refused with invalidCount.",
    settings=_CURSORS,
)
def negative_counts_with_cursors_refused(provider: Provider) -> None:
    def page(original: Any, ctx: Context, records: Any) -> Any:
        if ctx.query.count is not None and ctx.query.count < 0:
            raise ScimError("count is 0 at least", scim_type="invalidCount")
        return original(ctx, records)

    wrap(provider, "cursor_page", page)


@variant(
    "excessive-counts-with-cursors-capped",
    reading="RFC9865-2.1-04",
    text="A count beyond what is announced is cut down beside a cursor.",
    settings=_CURSORS,
)
def excessive_counts_with_cursors_capped(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        most = ctx.settings.max_results
        return dataclasses.replace(query, count=most) if (query.count or 0) > most else query

    wrap(provider, "parse_query", parse)
