"""Deviations of meta and of the URIs that the provider makes (RFC 7643 §3.1, RFC 7644 §1.2 and §1.3)."""

from __future__ import annotations

import dataclasses
from typing import Any

from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.editing import edit_created, show_meta
from scimcheck.provider.faults.registry import deviation, on_resource, on_response, wrap
from scimcheck.provider.store import Record


@deviation(
    "without-meta",
    breaks=["RFC7643-3.1-01", "RFC7643-3.1-02", "RFC7643-3.1-19"],
    also=["RFC7643-3.1-20", "RFC7644-3.14-03", "RFC7643-3.1-21", "RFC7644-3.3-04", "RFC7643-3.1-27"],
    text="Resources have no meta.",
)
def without_meta(provider: Provider) -> None:
    on_resource(provider, lambda resource, stored: resource.pop("meta", None))


@deviation("meta-without-location", breaks=["RFC7643-3.1-02"], also=["RFC7644-3.3-04"], text="meta has no location.")
def meta_without_location(provider: Provider) -> None:
    show_meta(provider, "location", lambda value: None)


@deviation(
    "meta-cannot-be-left-out",
    breaks=["RFC7643-3.1-19"],
    also=[
        "RFC7644-3.4.2.5-04",
        "RFC7644-3.5.2-23",
        "RFC7644-3.9-05",
        "RFC7644-3.9-06",
        "RFC7643-7-33",
        "RFC7644-3.9-02",
        "RFC7644-3.9-03",
        "RFC7644-3.4.2.5-01",
        "RFC7644-3.4.2.5-02",
    ],
    text="meta is in every response, whatever is asked for.",
)
def meta_cannot_be_left_out(provider: Provider) -> None:
    on_resource(provider, lambda resource, stored: resource.setdefault("meta", stored["meta"]))


@deviation(
    "resource-type-of-another-type",
    breaks=["RFC7643-3-10", "RFC7644-3.3.1-01"],
    also=[
        "RFC7643-3-05",
        "RFC7643-3.3-01",
        "RFC7643-4.1-01",
        "RFC7643-4.1.1-01",
        "RFC7644-3.4.2.1-02",
        "RFC7643-6-06",
        "RFC7643-3-07",
    ],
    text="meta.resourceType of a Group is User.",
)
def resource_type_of_another_type(provider: Provider) -> None:
    def turn(resource: JSONObject, stored: JSONObject) -> None:
        if "resourceType" in resource.get("meta", {}):
            resource["meta"] = {**resource["meta"], "resourceType": "User"}

    on_resource(provider, turn, resource_type="Group")


@deviation(
    "client-sets-created",
    breaks=["RFC7643-3.1-17"],
    text="POST answers, and GET goes on answering, with the meta.created that the client sent.",
)
def client_sets_created(provider: Provider) -> None:
    forged: dict[str, Any] = {}

    def note(request: Request, reply: Reply) -> None:
        created = reply.context.notes.get("created")
        if created and isinstance(reply.body, dict):
            forged[reply.body["id"]] = created

    def remember(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        meta = body.get("meta")
        if isinstance(meta, dict) and "created" in meta:
            ctx.notes["created"] = meta["created"]

    def alter(resource: JSONObject, stored: JSONObject) -> None:
        if stored["id"] in forged and "meta" in resource:
            resource["meta"] = {**resource["meta"], "created": forged[stored["id"]]}

    edit_created(provider, remember)
    on_response(provider, note, method="POST", status=201)
    on_resource(provider, alter)


@deviation(
    "created-moves",
    breaks=["RFC7643-3.1-22"],
    also=["RFC7643-3.1-23", "RFC7644-3.1-05", "RFC7644-3.5.1-08", "RFC7643-7-25"],
    text="meta.created is one hour before lastModified, whenever that is.",
)
def created_moves(provider: Provider) -> None:
    def store(original: Any, ctx: Context, record: Record, attributes: JSONObject, **options: Any) -> Record:
        replaced: Record = original(ctx, record, attributes, **options)
        if replaced.modified != record.modified:
            replaced = dataclasses.replace(replaced, created=record.created + 5000)
            ctx.store.touch(replaced)
        return replaced

    wrap(provider, "store_replace", store)


@deviation("created-long-ago", breaks=["RFC7643-3.1-21"], also=["RFC7643-3.1-23"], text="meta.created is in 1970.")
def created_long_ago(provider: Provider) -> None:
    show_meta(provider, "created", lambda value: "1970-01-01T00:00:00Z")


@deviation(
    "last-modified-before-creation",
    breaks=["RFC7643-3.1-23"],
    text="meta.lastModified of a new resource is a minute after meta.created.",
)
def last_modified_before_creation(provider: Provider) -> None:
    def store(original: Any, ctx: Context, attributes: JSONObject) -> Record:
        record: Record = original(ctx, attributes)
        record = dataclasses.replace(record, modified=record.modified + 60000)
        ctx.store.touch(record)
        return record

    wrap(provider, "store_create", store)


@deviation(
    "last-modified-stands-still",
    breaks=["RFC7643-3.1-24"],
    also=["RFC7644-3.5.2-24"],
    text="meta.lastModified is the time of creation for ever.",
)
def last_modified_stands_still(provider: Provider) -> None:
    def still(resource: JSONObject, stored: JSONObject) -> None:
        if "lastModified" in resource.get("meta", {}) and "created" in resource["meta"]:
            resource["meta"] = {**resource["meta"], "lastModified": resource["meta"]["created"]}

    on_resource(provider, still)


@deviation(
    "location-of-another-endpoint",
    breaks=["RFC7643-3.1-25", "RFC7643-2.3.7-05"],
    also=["RFC7644-3.3-04", "RFC7644-3.3-03", "RFC7643-4.1.2-13", "RFC7643-4.2-06", "RFC7643-4.3-05"],
    text="meta.location of a User is below an endpoint that does not exist.",
)
def location_of_another_endpoint(provider: Provider) -> None:
    show_meta(provider, "location", lambda value: value.replace("/Users/", "/Accounts/"))


@deviation(
    "relative-location-to-the-origin",
    breaks=["RFC7643-2.3.7-02"],
    also=["RFC7643-2.3.7-05", "RFC7643-3.1-25", "RFC7644-3.3-04"],
    text="meta.location is relative to something other than the base URL.",
)
def relative_location_to_the_origin(provider: Provider) -> None:
    show_meta(provider, "location", lambda value: "/directory/" + value.rpartition("/scim/")[2])


@deviation(
    "content-location-differs",
    breaks=["RFC7643-3.1-26"],
    also=["RFC9110-15.4.5-02", "RFC9110-8.7-01"],
    text="Content-Location is not meta.location.",
)
def content_location_differs(provider: Provider) -> None:
    def other(request: Request, reply: Reply) -> None:
        meta = reply.body.get("meta") if isinstance(reply.body, dict) else None
        if meta and "location" in meta and "Resources" not in reply.body:
            reply.headers["Content-Location"] = meta["location"] + "/current"

    on_response(provider, other, endpoint=("/Users", "/Groups"), status=(200, 201))


@deviation(
    "uris-not-encoded",
    breaks=["RFC7644-1.2-01"],
    also=["RFC7644-3.5.2.1-10", "RFC7644-3.5.2.3-03", "RFC7643-2.3.7-01", "RFC9110-10.2.2-01"],
    text="Ids with braces stand in URIs as they are.",
)
def uris_not_encoded(provider: Provider) -> None:
    def plain(original: Any, ctx: Context, type_name: str, record_id: str) -> str:
        return ctx.provider.url(f"{ctx.provider.shape(type_name).endpoint}/{record_id}")

    wrap(provider, "new_id", lambda original, ctx: f"{{{original(ctx)}}}")
    wrap(provider, "location", plain)


@deviation(
    "uris-with-a-query",
    breaks=["RFC7644-1.3-01"],
    also=["RFC7644-3.3-04"],
    text="URIs that the provider makes have a query in front of the resource path.",
)
def uris_with_a_query(provider: Provider) -> None:
    def queried(original: Any, ctx: Context, type_name: str, record_id: str) -> str:
        return f"{original(ctx, type_name, record_id)}?tenant=main"

    wrap(provider, "location", queried)
