"""Deviations of ResourceTypes (RFC 7643 §6) and of the discovery endpoints as a protocol (RFC 7644 §4).

Deviations of the configuration stand in ``configuration``, of schemas in ``schemas``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.urns import ENTERPRISE_USER, GROUP, LIST_RESPONSE, USER
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.documents import change_types
from scimcheck.provider.faults.registry import deviation, on_resource, on_response, variant, wrap

# --- ResourceTypes ----------------------------------------------------------------------------------------------------


def _types(name: str, breaks: str, text: str, change: Callable[[JSONObject], Any], *also: str) -> None:
    """Register a deviation that changes the published resource type User."""

    @deviation(name, breaks=[breaks], also=also, text=text)
    def apply(provider: Provider) -> None:
        change_types(provider, change)


_types(
    "resource-types-without-urn",
    "RFC7643-6-01",
    "A resource type has no schemas.",
    lambda item: item.pop("schemas"),
)
_types(
    "resource-type-without-name",
    "RFC7643-6-04",
    "A resource type has no name.",
    lambda item: item.pop("name"),
)
_types(
    "resource-type-description-as-object",
    "RFC7643-6-07",
    "The description of a resource type is an object.",
    lambda item: item.update(description={"en": "Users"}),
)
_types(
    "extensions-as-object",
    "RFC7643-6-11",
    "schemaExtensions is one object.",
    lambda item: item.update(schemaExtensions=item["schemaExtensions"][0]),
    "RFC7644-4-06",
    "RFC7643-3.1-32",
    "RFC7643-3-05",
)
_types(
    "extension-required-in-words",
    "RFC7643-6-13",
    "schemaExtensions.required is a string.",
    lambda item: item["schemaExtensions"][0].update(required="false"),
)
_types(
    "extension-not-named",
    "RFC7644-4-06",
    "The resource type User does not name the extension that users carry.",
    lambda item: item.update(schemaExtensions=[]),
    "RFC7643-3.1-32",
    "RFC7643-3-05",
)


@deviation(
    "resource-type-ids-collide",
    breaks=["RFC7643-6-03"],
    also=["RFC7644-4-05"],
    text="All resource types have one id.",
)
def resource_type_ids_collide(provider: Provider) -> None:
    change_types(provider, lambda item: item.update(id="Resource"), "")


@deviation(
    "resource-type-names-collide",
    breaks=["RFC7643-6-05"],
    also=["RFC7644-4-05", "RFC7643-6-09"],
    text="Group is listed a second time, under another address.",
)
def resource_type_names_collide(provider: Provider) -> None:
    def twice(original: Any, ctx: Context) -> list[JSONObject]:
        listed: list[JSONObject] = original(ctx)
        group = next(item for item in listed if item["name"] == "Group")
        return [*listed, {**group, "id": "Team", "endpoint": "/Groups/"}]

    wrap(provider, "resource_types", twice)


@deviation(
    "endpoints-collide",
    breaks=["RFC7643-6-09"],
    also=["RFC7644-3.2-02"],
    text="A resource type Team has the endpoint of Group.",
)
def endpoints_collide(provider: Provider) -> None:
    def twice(original: Any, ctx: Context) -> list[JSONObject]:
        listed: list[JSONObject] = original(ctx)
        group = next(item for item in listed if item["name"] == "Group")
        return [*listed, {**group, "name": "Team", "id": "Team"}]

    wrap(provider, "resource_types", twice)


@deviation(
    "endpoint-not-served",
    breaks=["RFC7643-6-08"],
    also=["RFC7644-3.2-04", "RFC7644-3.3-01"],
    text="A resource type is listed whose endpoint does not exist.",
)
def endpoint_not_served(provider: Provider) -> None:
    def more(original: Any, ctx: Context) -> list[JSONObject]:
        listed: list[JSONObject] = original(ctx)
        ghost = {**listed[0], "name": "Ghost", "id": "Ghost", "endpoint": "/Ghosts"}
        return [*listed, ghost]

    wrap(provider, "resource_types", more)


@deviation(
    "endpoints-from-the-origin",
    breaks=["RFC7643-6-08"],
    text="ResourceType.endpoint is the whole path, that of the base URL included.",
)
def endpoints_from_the_origin(provider: Provider) -> None:
    base = provider.settings.base_path
    change_types(provider, lambda item: item.update(endpoint=f"{base}/{item['endpoint'].strip('/')}"), "")


@deviation(
    "foreign-schema-in-resources",
    breaks=["RFC7643-3.1-32", "RFC7643-7-01"],
    also=["RFC7643-3-05"],
    text="Resources name a schema of common attributes, which is listed nowhere.",
)
def foreign_schema_in_resources(provider: Provider) -> None:
    def append(resource: JSONObject, stored: JSONObject) -> None:
        if "schemas" in resource:
            resource["schemas"] = [*resource["schemas"], "urn:ietf:params:scim:schemas:core:2.0:Common"]

    on_resource(provider, append)


@deviation("resource-types-can-be-deleted", breaks=["RFC7643-6-02"], text="DELETE of a resource type answers 204.")
def resource_types_can_be_deleted(provider: Provider) -> None:
    on_response(provider, _delete, method="DELETE", endpoint="/ResourceTypes")


def _delete(request: Request, reply: Reply) -> None:
    reply.status, reply.body = 204, None


# --- the protocol -----------------------------------------------------------------------------------------------------


def _answer_not_found(request: Request, reply: Reply) -> None:
    reply.status, reply.body = 404, ScimError("no such endpoint", status=404).body()


@deviation("resource-types-not-found", breaks=["RFC7644-3.2-06"], text="/ResourceTypes answers 404.")
def resource_types_not_found(provider: Provider) -> None:
    on_response(provider, _answer_not_found, method="GET", endpoint="/ResourceTypes")


def _lists(provider: Provider, change: Callable[[JSONObject], Any], *endpoints: str) -> None:
    def alter(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "Resources" in reply.body:
            change(reply.body)

    on_response(provider, alter, method="GET", endpoint=endpoints or ("/Schemas", "/ResourceTypes"), status=200)


@deviation(
    "schemas-as-bare-array",
    breaks=["RFC7644-4-02"],
    also=["ENTRA-2.7-01"],
    text="/Schemas answers with a JSON array.",
)
def schemas_as_bare_array(provider: Provider) -> None:
    _bare(provider, "/Schemas")


@deviation("resource-types-as-bare-array", breaks=["RFC7644-4-04"], text="/ResourceTypes answers with a JSON array.")
def resource_types_as_bare_array(provider: Provider) -> None:
    _bare(provider, "/ResourceTypes")


def _bare(provider: Provider, endpoint: str) -> None:
    def unwrap(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "Resources" in reply.body:
            reply.body = reply.body["Resources"]

    on_response(provider, unwrap, method="GET", endpoint=endpoint, status=200)


@deviation("discovery-counts-wrong", breaks=["RFC7644-4-10"], text="totalResults of /Schemas is one too many.")
def discovery_counts_wrong(provider: Provider) -> None:
    _lists(provider, lambda body: body.update(totalResults=body["totalResults"] + 1), "/Schemas")


@deviation("schema-has-no-address", breaks=["RFC7644-4-03"], text="GET of a single schema answers 404.")
def schema_has_no_address(provider: Provider) -> None:
    _single(provider, "/Schemas")


@deviation(
    "resource-type-has-no-address",
    breaks=["RFC7644-4-05"],
    also=["RFC7644-4-03"],
    text="GET of a single resource type answers 404.",
)
def resource_type_has_no_address(provider: Provider) -> None:
    _single(provider, "/ResourceTypes")


def _single(provider: Provider, endpoint: str) -> None:
    def hide(request: Request, reply: Reply) -> None:
        if reply.context.target is not None:
            _answer_not_found(request, reply)

    on_response(provider, hide, method="GET", endpoint=endpoint, status=200)


@deviation(
    "schema-in-a-list",
    breaks=["RFC7644-4-03"],
    text="GET of a single schema answers with a ListResponse of one.",
)
def schema_in_a_list(provider: Provider) -> None:
    def listed(request: Request, reply: Reply) -> None:
        if reply.context.target is not None:
            reply.body = {"schemas": [LIST_RESPONSE], "totalResults": 1, "Resources": [reply.body]}

    on_response(provider, listed, method="GET", endpoint="/Schemas", status=200)


@deviation("discovery-has-pages", breaks=["RFC7644-4-07"], text="/Schemas obeys count and startIndex.")
def discovery_has_pages(provider: Provider) -> None:
    def page(request: Request, reply: Reply) -> None:
        given = parse_qs(request.query)
        if isinstance(reply.body, dict) and "Resources" in reply.body and "count" in given:
            first = int(given.get("startIndex", ["1"])[0]) - 1
            shown = reply.body["Resources"][first : first + int(given["count"][0])]
            reply.body.update(Resources=shown, itemsPerPage=len(shown), startIndex=first + 1)

    on_response(provider, page, method="GET", endpoint="/Schemas", status=200)


@deviation(
    "discovery-filter-400", breaks=["RFC7644-4-08"], text="A filter at a discovery endpoint is answered with 400."
)
def discovery_filter_400(provider: Provider) -> None:
    def refuse(original: Any, ctx: Context) -> None:
        try:
            original(ctx)
        except ScimError as error:
            raise ScimError("discovery endpoints take no filter", status=400) from error

    wrap(provider, "check_discovery_query", refuse)


@deviation("unknown-schema-is-empty", breaks=["RFC7644-4-09"], text="An unknown schema is answered with 200 and {}.")
def unknown_schema_is_empty(provider: Provider) -> None:
    def empty(request: Request, reply: Reply) -> None:
        if "api:messages" not in request.path:
            reply.status, reply.body = 200, {}

    on_response(provider, empty, method="GET", endpoint="/Schemas", status=404)


def _hidden(provider: Provider, urn: str) -> None:
    """Leave a schema out of the list; it is found at its own address."""

    def listed(original: Any, ctx: Context) -> list[JSONObject]:
        found: list[JSONObject] = original(ctx)
        return [item for item in found if item["id"] != urn or ctx.target is not None]

    wrap(provider, "schemas", listed)


@deviation(
    "group-schema-not-listed",
    breaks=["RFC7643-6-10", "RFC7644-4-02"],
    also=["ENTRA-2.7-02", "RFC7643-7-01"],
    text="The schema of Group is at its address only.",
)
def group_schema_not_listed(provider: Provider) -> None:
    _hidden(provider, GROUP)


@deviation(
    "extension-schema-not-listed",
    breaks=["RFC7643-6-12", "RFC7644-4-02"],
    also=["RFC7643-7-01"],
    text="The schema of the enterprise extension is at its address only.",
)
def extension_schema_not_listed(provider: Provider) -> None:
    _hidden(provider, ENTERPRISE_USER)


@deviation("messages-among-schemas", breaks=["RFC7644-3.1-03"], text="/Schemas lists the ListResponse message.")
def messages_among_schemas(provider: Provider) -> None:
    def more(original: Any, ctx: Context) -> list[JSONObject]:
        listed: list[JSONObject] = original(ctx)
        return [*listed, {**listed[0], "id": LIST_RESPONSE, "name": "ListResponse", "attributes": []}]

    wrap(provider, "schemas", more)


def _at(provider: Provider, urn: str, endpoint: str) -> None:
    definitions = provider.definitions.copy()
    for item in definitions.resource_types:
        if item["schema"] == urn:
            item["endpoint"] = endpoint
    provider.redefine(definitions)


@deviation("users-elsewhere", breaks=["RFC7644-3.2-01"], text="Users are at /People.")
def users_elsewhere(provider: Provider) -> None:
    _at(provider, USER, "/People")


# --- legal choices ----------------------------------------------------------------------------------------------------

variant(
    "only-schemas-of-resources",
    reading="RFC7644-4-02",
    text="/Schemas does not list the schemas of the discovery documents.",
    settings={"discovery_meta_schemas": False},
)


@variant(
    "resource-types-without-ids", reading="RFC7643-6-03", text="Resource types have no id and are found by their names."
)
def resource_types_without_ids(provider: Provider) -> None:
    change_types(provider, lambda item: item.pop("id", None), "")


@variant("absolute-endpoints", reading="RFC7643-6-08", text="ResourceType.endpoint is an absolute URL.")
def absolute_endpoints(provider: Provider) -> None:
    base = provider.settings.base_url
    change_types(provider, lambda item: item.update(endpoint=f"{base}/{item['endpoint'].strip('/')}"), "")


@variant(
    "discovery-lists-without-positions",
    reading="RFC7644-4-10",
    text="Lists of definitions have no startIndex and no itemsPerPage.",
)
def discovery_lists_without_positions(provider: Provider) -> None:
    _lists(provider, lambda body: (body.pop("startIndex", None), body.pop("itemsPerPage", None)))
