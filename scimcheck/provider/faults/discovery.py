"""Deviations of the discovery endpoints (RFC 7643 §5 to §7, RFC 7644 §4)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.urns import USER
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import change_schema, deviation, on_response, wrap


@deviation("schemas-as-bare-array", breaks=["RFC7644-4-02"], text="/Schemas answers with a JSON array.")
def schemas_as_bare_array(provider: Provider) -> None:
    def unwrap(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "Resources" in reply.body:
            reply.body = reply.body["Resources"]

    on_response(provider, unwrap, method="GET", endpoint="/Schemas", status=200)


@deviation("config-without-patch", breaks=["RFC7643-5-05"], text="The configuration says nothing of PATCH.")
def config_without_patch(provider: Provider) -> None:
    def config(original: Any, ctx: Context) -> JSONObject:
        whole: JSONObject = original(ctx)
        return {name: value for name, value in whole.items() if name != "patch"}

    wrap(provider, "service_provider_config", config)


@deviation("user-name-published-optional", breaks=["RFC7643-8.7.1-01"], text="/Schemas says userName is not required.")
def user_name_published_optional(provider: Provider) -> None:
    def publish(original: Any, ctx: Context) -> list[JSONObject]:
        listed: list[JSONObject] = original(ctx)
        for schema in listed:
            for attribute in schema["attributes"]:
                if schema["id"] == USER and attribute["name"] == "userName":
                    attribute["required"] = False
        return listed

    wrap(provider, "schemas", publish)


@deviation("emails-single-valued", breaks=["RFC7643-8.7.1-12"], text="emails is defined and served as one object.")
def emails_single_valued(provider: Provider) -> None:
    def single(schema: JSONObject) -> None:
        for attribute in schema["attributes"]:
            if attribute["name"] == "emails":
                attribute["multiValued"] = False

    change_schema(provider, USER, single)
