"""ServiceProviderConfig, ResourceTypes and Schemas (RFC 7643 §5 to §7, RFC 7644 §4)."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from scimcheck.core import urns
from scimcheck.core.errors import NotFound, ScimError
from scimcheck.core.json import JSONObject
from scimcheck.core.messages import list_response
from scimcheck.provider.context import Context, Reply


def _defined(name: str, kind: str, text: str, required: bool = False) -> JSONObject:
    return {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": text,
        "required": required,
        "mutability": "readOnly",
        "returned": "default",
    }


#: What RFC 9865 §4 adds to the schema of ServiceProviderConfig.
_PAGINATION: JSONObject = {
    **_defined("pagination", "complex", "Which kinds of pagination are supported."),
    "subAttributes": [
        _defined("cursor", "boolean", "Whether pages can be asked for by cursor.", True),
        _defined("index", "boolean", "Whether pages can be asked for by index.", True),
        _defined("defaultPaginationMethod", "string", "The kind of pagination of queries that ask for none."),
        _defined("defaultPageSize", "integer", "Number of results on a page when a query has no count."),
        _defined("maxPageSize", "integer", "Number of results that no page exceeds."),
        _defined("cursorTimeout", "integer", "Seconds for which a cursor is valid at least."),
    ],
}


def service_provider_config(ctx: Context) -> JSONObject:
    """The ServiceProviderConfig resource that the settings amount to."""
    settings = ctx.settings
    config: JSONObject = {
        "schemas": [urns.SERVICE_PROVIDER_CONFIG],
        "documentationUri": "https://www.rfc-editor.org/rfc/rfc7644",
        "patch": {"supported": settings.patch_supported},
        "bulk": {
            "supported": settings.bulk_supported,
            "maxOperations": settings.bulk_max_operations,
            "maxPayloadSize": settings.bulk_max_payload,
        },
        "filter": {"supported": settings.filter_supported, "maxResults": settings.max_results},
        "changePassword": {"supported": settings.change_password_supported},
        "sort": {"supported": settings.sort_supported},
        "etag": {"supported": settings.etag_supported},
        "authenticationSchemes": list(_schemes(ctx)),
    }
    if _shows_pagination(ctx):
        config["pagination"] = _pagination(ctx)
    if settings.extra_discovery_attributes:
        config["urn:example:scim:extras"] = {"supportContact": "scim@example.test"}
    config["meta"] = {
        "resourceType": "ServiceProviderConfig",
        "location": ctx.provider.url("/ServiceProviderConfig"),
    }
    return config


def _schemes(ctx: Context) -> Iterable[JSONObject]:
    if ctx.settings.authentication == "bearer":
        yield {
            "type": "oauthbearertoken",
            "name": "OAuth bearer token",
            "description": "A bearer token in the Authorization header.",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
        }
        if ctx.settings.token_endpoint:
            yield {
                "type": "oauth2",
                "name": "OAuth 2.0 client credentials",
                "description": f"Tokens are issued at {ctx.provider.url(ctx.settings.token_endpoint)}.",
                "specUri": "https://www.rfc-editor.org/rfc/rfc6749",
            }


def _shows_pagination(ctx: Context) -> bool:
    return ctx.settings.cursor_supported and ctx.settings.advertise_pagination


def _pagination(ctx: Context) -> JSONObject:
    settings = ctx.settings
    return {
        "cursor": settings.cursor_supported,
        "index": settings.index_supported,
        "defaultPaginationMethod": settings.default_pagination,
        "defaultPageSize": settings.default_page_size,
        "maxPageSize": settings.max_results,
        "cursorTimeout": settings.cursor_timeout,
    }


def resource_types(ctx: Context) -> list[JSONObject]:
    """The ResourceType resources."""
    found = copy.deepcopy(list(ctx.provider.definitions.resource_types))
    for item in found:
        endpoint = str(item["endpoint"]).strip("/")
        item["endpoint"] = f"/{endpoint}" if ctx.settings.leading_endpoint_slash else endpoint
        identifier = item.setdefault("id", item["name"])
        item["meta"] = {
            "resourceType": "ResourceType",
            "location": ctx.provider.url(f"/ResourceTypes/{identifier}"),
        }
    return found


def schemas(ctx: Context) -> list[JSONObject]:
    """The Schema resources."""
    served = ctx.provider.definitions.served_schemas(with_discovery=ctx.settings.discovery_meta_schemas)
    found = copy.deepcopy(served)
    for item in found:
        if item["id"] == urns.SERVICE_PROVIDER_CONFIG and _shows_pagination(ctx):
            item["attributes"].append(_PAGINATION)
        item["meta"] = {"resourceType": "Schema", "location": ctx.provider.url(f"/Schemas/{item['id']}")}
    return found


def discover(ctx: Context) -> Reply:
    """GET on a discovery endpoint; sorting, paging and projection are ignored there (RFC 7644 §4)."""
    ctx.ops.check_discovery_query(ctx)
    if ctx.endpoint == "/ServiceProviderConfig":
        if ctx.target is not None:
            raise NotFound("there is one service provider configuration, and it has no id")
        return Reply(200, ctx.ops.service_provider_config(ctx))
    listed = ctx.ops.resource_types(ctx) if ctx.endpoint == "/ResourceTypes" else ctx.ops.schemas(ctx)
    if ctx.target is None:
        return Reply(200, list_response(listed, len(listed), 1, len(listed)))
    return Reply(200, _one(ctx, listed))


def _one(ctx: Context, listed: list[JSONObject]) -> JSONObject:
    exact = ctx.endpoint == "/ResourceTypes"
    for item in listed:
        for key in ("id", "name") if exact else ("id",):
            if _same(item.get(key), ctx.target, exact):
                return item
    raise NotFound(f"there is no {ctx.target} at {ctx.endpoint}")


def _same(value: Any, wanted: str | None, exact: bool) -> bool:
    """Names of resource types are case exact, URNs are not (RFC 8141 §3.1)."""
    if not isinstance(value, str) or wanted is None:
        return False
    return value == wanted if exact else value.lower() == wanted.lower()


def check_discovery_query(ctx: Context) -> None:
    """Refuse a filter with 403 (RFC 7644 §4), unless the settings ignore it."""
    if ctx.settings.discovery_filter == "refuse":
        names = {name for name, _ in parse_qsl(ctx.request.query, keep_blank_values=True)}
        if "filter" in names:
            raise ScimError("discovery endpoints take no filter", status=403)
