"""Deviations of schemas, common attributes and extensions in resources (RFC 7643 §3, RFC 7644 §1)."""

from __future__ import annotations

import dataclasses
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import InvalidFilter, Uniqueness
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.editing import edit_replaced, edit_written, show
from scimcheck.provider.faults.registry import deviation, on_resource, on_response, wrap
from scimcheck.provider.settings import Settings
from scimcheck.provider.shapes import Shape
from scimcheck.provider.store import Record

_LISTED = ("RFC7643-3.3-01", "RFC7643-3.3-02", "RFC7643-4.1-01", "RFC7643-4.2-01", "RFC7643-4.3-01", "RFC7644-3.1-05")

# schemas ------------------------------------------------------------------------------------------------------------


@deviation(
    "schemas-empty",
    breaks=["RFC7643-3-02"],
    also=["RFC7644-3.5.2-16", "RFC7644-3.5.2-17", "RFC7644-3.5.2.1-03", "RFC7644-3.1-05"],
    text="schemas of a resource is empty.",
)
def schemas_empty(provider: Provider) -> None:
    show(provider, "schemas", lambda listed: [])


@deviation(
    "schemas-are-names",
    breaks=["RFC7643-3-03"],
    also=["RFC7643-3.1-32", "RFC7643-7-01", *_LISTED],
    text="schemas of a User holds the word User beside the URIs.",
)
def schemas_are_names(provider: Provider) -> None:
    show(provider, "schemas", lambda listed: [*listed, "User"], "User")


@deviation("schemas-twice", breaks=["RFC7643-3-04"], text="schemas of a resource lists every URI twice.")
def schemas_twice(provider: Provider) -> None:
    show(provider, "schemas", lambda listed: [*listed, *listed])


@deviation(
    "foreign-schema-listed",
    breaks=["RFC7643-3-05"],
    also=["RFC7643-7-01"],
    text="schemas of a Group holds the URI of an extension that groups do not have.",
)
def foreign_schema_listed(provider: Provider) -> None:
    show(provider, "schemas", lambda listed: [*listed, "urn:example:params:scim:schemas:Badge"], "Group")


@deviation(
    "common-schema-listed",
    breaks=["RFC7643-3.1-32"],
    also=["RFC7643-3-05", "RFC7643-7-01"],
    text="schemas of a resource holds a URI for the common attributes.",
)
def common_schema_listed(provider: Provider) -> None:
    show(provider, "schemas", lambda listed: [*listed, "urn:ietf:params:scim:schemas:core:2.0:Common"])


@deviation(
    "user-without-its-schema",
    breaks=["RFC7643-4.1-01", "RFC7643-3.3-01"],
    also=["RFC7644-3.1-05"],
    text="schemas of a User holds the enterprise extension alone.",
)
def user_without_its_schema(provider: Provider) -> None:
    show(provider, "schemas", lambda listed: [urns.ENTERPRISE_USER], "User")


@deviation(
    "group-without-its-schema",
    breaks=["RFC7643-4.2-01", "RFC7643-3.3-01"],
    also=["RFC7643-3.1-32", "RFC7643-3-05", "RFC7643-7-01", "RFC7644-3.1-05"],
    text="schemas of a Group holds another version's URI.",
)
def group_without_its_schema(provider: Provider) -> None:
    show(provider, "schemas", lambda listed: ["urn:scim:schemas:core:1.0:Group"], "Group")


# extensions ---------------------------------------------------------------------------------------------------------


@deviation(
    "extension-not-listed",
    breaks=["RFC7643-3.3-02", "RFC7643-4.3-01"],
    also=["RFC7644-3.5.2-16", "RFC7644-3.5.2-17", "RFC7644-3.5.2.1-03"],
    text="schemas of a User never names the enterprise extension.",
)
def extension_not_listed(provider: Provider) -> None:
    show(provider, "schemas", lambda listed: [urn for urn in listed if urn != urns.ENTERPRISE_USER], "User")


@deviation(
    "core-attributes-in-a-container",
    breaks=["RFC7643-3-08"],
    also=["RFC7643-7-33", "RFC7644-3.9-03", "RFC7644-3.9-04"],
    text="A User repeats active in a container named after the core schema.",
)
def core_attributes_in_a_container(provider: Provider) -> None:
    def nest(resource: JSONObject, stored: JSONObject) -> None:
        if "active" in resource:
            resource[urns.USER] = {"active": resource["active"]}

    on_resource(provider, nest, resource_type="User")


@deviation(
    "extension-attributes-at-the-top",
    breaks=["RFC7643-3-09"],
    also=["RFC7644-3.4.2.5-04"],
    text="Attributes of the enterprise extension stand at the top level as well.",
)
def extension_attributes_at_the_top(provider: Provider) -> None:
    def spill(resource: JSONObject, stored: JSONObject) -> None:
        resource.update(resource.get(urns.ENTERPRISE_USER, {}))

    on_resource(provider, spill, resource_type="User")


@deviation(
    "extension-lost",
    breaks=["RFC7643-3.3-03", "RFC7643-4.3-01"],
    also=["ENTRA-2.2-04", "ENTRA-3.5-04", "ENTRA-3.5-10", "RFC7644-3.7.2-02", "RFC7643-2.2-04"],
    text="Attributes of the enterprise extension are accepted and dropped.",
)
def extension_lost(provider: Provider) -> None:
    def drop(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if attributes.pop(urns.ENTERPRISE_USER, None):
            attributes["schemas"] = [urn for urn in attributes["schemas"] if urn != urns.ENTERPRISE_USER]

    edit_written(provider, drop)


@deviation(
    "extension-clears-core-attributes",
    breaks=["RFC7643-3.3-05"],
    text="PUT with the enterprise extension for the first time clears nickName.",
)
def extension_clears_core_attributes(provider: Provider) -> None:
    def clear(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if urns.ENTERPRISE_USER in attributes and urns.ENTERPRISE_USER not in current:
            attributes.pop("nickName", None)

    edit_replaced(provider, clear)


# id -----------------------------------------------------------------------------------------------------------------


@deviation(
    "numeric-ids-as-numbers",
    breaks=["RFC7643-3.1-03"],
    also=["RFC7643-2.3.1-01"],
    text="id is a JSON number.",
    settings={"id_style": "integer"},
)
def numeric_ids_as_numbers(provider: Provider) -> None:
    show(provider, "id", lambda value: int(value) if str(value).isdigit() else value)


@deviation("ids-contain-the-reserved-word", breaks=["RFC7643-3.1-08"], text="Every id begins with bulkId.")
def ids_contain_the_reserved_word(provider: Provider) -> None:
    wrap(provider, "new_id", lambda original, ctx: f"bulkId-{original(ctx)}")


@deviation(
    "ids-shared-by-types",
    breaks=["RFC7643-3.1-04"],
    also=["RFC7643-4.2-10", "RFC7644-3.4.2.1-02", "RFC7644-3.4.2.1-05"],
    text="Users and groups count their ids apart, from 1.",
)
def ids_shared_by_types(provider: Provider) -> None:
    counters: dict[str, int] = {}

    def count(original: Any, ctx: Context) -> str:
        counters[ctx.endpoint] = counters.get(ctx.endpoint, 0) + 1
        return f"id-{counters[ctx.endpoint]}"

    wrap(provider, "new_id", count)


@deviation(
    "put-shows-another-id",
    breaks=["RFC7643-3.1-05"],
    also=["RFC7644-3.5.1-12"],
    text="The reply to PUT shows another id than the one that the resource has.",
)
def put_shows_another_id(provider: Provider) -> None:
    def turn(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "id" in reply.body:
            reply.body["id"] = f"put-{reply.body['id']}"

    on_response(provider, turn, method="PUT", status=200)


@deviation(
    "ids-given-again",
    breaks=["RFC7643-3.1-06"],
    also=["RFC7644-3.7-20"],
    text="The id of a deleted user is given to the next one.",
)
def ids_given_again(provider: Provider) -> None:
    free: list[str] = []

    def forget(original: Any, ctx: Context, record: Record) -> None:
        original(ctx, record)
        if record.type_name == "User":
            free.append(record.id)

    def give(original: Any, ctx: Context) -> str:
        return free.pop() if free and ctx.endpoint == "/Users" else str(original(ctx))

    wrap(provider, "store_delete", forget)
    wrap(provider, "new_id", give)


@deviation("ids-in-any-case", breaks=["RFC7643-3.1-09"], text="GET finds a resource by its id in other letters.")
def ids_in_any_case(provider: Provider) -> None:
    def find(original: Any, ctx: Context, record_id: str) -> Record | None:
        record: Record | None = original(ctx, record_id)
        if record is not None:
            return record
        listed = ctx.store.snapshot(ctx.typed().name)
        return next((other for other in listed if other.id.lower() == record_id.lower()), None)

    wrap(provider, "find_record", find)


@deviation(
    "put-changes-the-id",
    breaks=["RFC7643-3.1-10"],
    also=["RFC7644-3.5.1-08", "RFC7643-7-25"],
    text="PUT with another id in the body moves the resource there.",
)
def put_changes_the_id(provider: Provider) -> None:
    def move(original: Any, ctx: Context, record: Record, attributes: JSONObject, **options: Any) -> Record:
        replaced: Record = original(ctx, record, attributes, **options)
        wanted = ctx.notes.pop("wanted", record.id)
        if wanted == record.id:
            return replaced
        ctx.store.drop(replaced)
        moved = dataclasses.replace(replaced, id=wanted)
        ctx.store.put(moved)
        return moved

    def note(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if isinstance(body.get("id"), str) and body["id"]:
            ctx.notes["wanted"] = body["id"]

    edit_replaced(provider, note)
    wrap(provider, "store_replace", move)


@deviation(
    "id-can-be-left-out",
    breaks=["RFC7643-3.1-11"],
    also=[
        "RFC7644-3.4.2-12",
        "RFC7644-3.4.3-11",
        "RFC7644-3.4.2.5-03",
        "RFC7643-3.1-03",
        "RFC7643-7-31",
        "RFC7644-3.4.2.5-04",
        "RFC7644-3.9-03",
        "RFC7644-3.9-05",
    ],
    text="excludedAttributes=id leaves out the id.",
)
def id_can_be_left_out(provider: Provider) -> None:
    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
        shown: JSONObject = original(ctx, resource, type_name)
        if "id" in (ctx.query.excluded_attributes or ()):
            shown.pop("id", None)
        return shown

    wrap(provider, "project", project)


# externalId ---------------------------------------------------------------------------------------------------------


@deviation(
    "external-ids-shared-by-clients",
    breaks=["RFC7643-3.1-13"],
    text="A query by externalId shows what other tenants have.",
)
def external_ids_shared_by_clients(provider: Provider) -> None:
    def candidates(original: Any, ctx: Context, shape: Shape, filter: Any) -> list[Record]:
        found = list(original(ctx, shape, filter))
        if filter is not None and "externalid" in str(filter).lower():
            other = "second" if ctx.token and ctx.token.tenant == "main" else "main"
            for name in (other, *(token.tenant for token in Settings().tokens)):
                if ctx.token and name != ctx.token.tenant:
                    found.extend(ctx.provider.store.tenant(name).snapshot(shape.name))
        return list({record.id: record for record in found}.values())

    wrap(provider, "list_candidates", candidates)


@deviation("external-ids-are-unique", breaks=["RFC7643-3.1-14"], text="An externalId can be used once.")
def external_ids_are_unique(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        value = attributes.get("externalId")
        for record in ctx.store.snapshot(ctx.typed().name) if value else ():
            if record.id != record_id and record.attributes().get("externalId") == value:
                raise Uniqueness("that externalId is in use")
        original(ctx, attributes, record_id)

    wrap(provider, "check_uniqueness", check)


@deviation(
    "external-id-set-once",
    breaks=["RFC7643-3.1-16"],
    also=["RFC7643-7-26", "RFC7644-3.5.1-02"],
    text="PUT does not change an externalId.",
)
def external_id_set_once(provider: Provider) -> None:
    def keep(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if "externalId" in attributes and "externalId" in current:
            attributes["externalId"] = current["externalId"]

    edit_replaced(provider, keep)


@deviation(
    "external-id-stored-in-lower-case",
    breaks=["RFC7643-7-22"],
    also=["RFC7643-3.1-15", "RFC7643-3.1-16"],
    text="externalId is stored in lower case.",
)
def external_id_stored_in_lower_case(provider: Provider) -> None:
    def lower(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if "externalId" in attributes:
            attributes["externalId"] = attributes["externalId"].lower()

    edit_written(provider, lower)


@deviation(
    "common-attributes-need-a-schema",
    breaks=["RFC7643-3-07"],
    also=["RFC7644-3.4.2.2-01", "RFC7644-3.10-01", "RFC7643-3.1-09"],
    text="A filter on meta.resourceType is refused.",
)
def common_attributes_need_a_schema(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Any:
        if "meta.resourcetype" in text.lower():
            raise InvalidFilter("meta.resourceType is no attribute")
        return original(ctx, text)

    wrap(provider, "parse_filter", parse)
