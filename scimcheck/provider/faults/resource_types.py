"""Deviations and variants of further resource types, required extensions and tenants (RFC 7643 §6, RFC 7644 §6)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.errors import InvalidValue, Uniqueness
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.urns import ENTERPRISE_USER, GROUP, USER
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.documents import change_attribute, change_types
from scimcheck.provider.faults.registry import deviation, variant, wrap


def _require_extension(provider: Provider) -> None:
    """Make the enterprise extension, with a department, a required part of every user."""
    definitions = provider.definitions.copy()
    for item in definitions.resource_types:
        if item["schema"] == USER:
            item["schemaExtensions"] = [{"schema": ENTERPRISE_USER, "required": True}]
    for schema in definitions.schemas:
        if schema["id"] == ENTERPRISE_USER:
            change_attribute(schema, "department", {"required": True})
    provider.redefine(definitions)


@deviation(
    "resource-type-renamed",
    breaks=["RFC7643-6-06"],
    also=["RFC7643-7-42", "RFC7644-3.2-02", "RFC7644-3.4.2.1-02", "RFC7643-3.1-20", "RFC7644-3.3.1-01"],
    text="Users say that they are of a type which is not listed.",
)
def resource_type_renamed(provider: Provider) -> None:
    change_types(provider, lambda item: item.update(name="Person", id="Person"))


@deviation(
    "required-extension-only-published",
    breaks=["RFC7643-6-14"],
    also=["RFC7643-7-17", "RFC7643-3.3-01"],
    text="An extension is published as required, and users do without it.",
)
def required_extension_only_published(provider: Provider) -> None:
    def publish(item: JSONObject) -> None:
        item["schemaExtensions"] = [{"schema": ENTERPRISE_USER, "required": True}]

    change_types(provider, publish)


@deviation(
    "optional-extension-demanded",
    breaks=["RFC7643-6-15"],
    also=["RFC7644-3.3-01"],
    text="Users without the enterprise extension are refused, though it is published as optional.",
)
def optional_extension_demanded(provider: Provider) -> None:
    def validate(original: Any, ctx: Context, body: JSON) -> JSONObject:
        if ctx.endpoint == "/Users" and isinstance(body, dict) and ENTERPRISE_USER not in body:
            raise InvalidValue(f"{ENTERPRISE_USER} is missing")
        attributes: JSONObject = original(ctx, body)
        return attributes

    wrap(provider, "validate_create", validate)


def _another_type(provider: Provider, name: str, endpoint: str) -> None:
    """Serve a further resource type that follows the Group schema."""
    definitions = provider.definitions.copy()
    group = next(item for item in definitions.resource_types if item["schema"] == GROUP)
    kind = {**group, "name": name, "id": name, "endpoint": endpoint}
    provider.redefine(type(definitions)(definitions.schemas, (*definitions.resource_types, kind)))


@deviation("endpoint-is-no-plural", breaks=["RFC7644-3.2-02"], text="Resources of the type Team are at /Collection.")
def endpoint_is_no_plural(provider: Provider) -> None:
    _another_type(provider, "Team", "/Collection")


@deviation(
    "external-ids-of-tenants-collide",
    breaks=["RFC7644-6.2-02"],
    also=["RFC7643-3.1-14"],
    text="An externalId that another tenant uses is refused.",
)
def external_ids_of_tenants_collide(provider: Provider) -> None:
    owners: dict[str, str] = {}

    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        original(ctx, attributes, record_id)
        external, tenant = attributes.get("externalId"), ctx.token.tenant if ctx.token else "main"
        if external and owners.setdefault(str(external), tenant) != tenant:
            raise Uniqueness("externalId is in use")

    wrap(provider, "check_uniqueness", check)


@variant(
    "extension-completed",
    reading="RFC7643-6-14",
    text="The enterprise extension is required, and added where it lacks.",
)
def extension_completed(provider: Provider) -> None:
    _require_extension(provider)

    def completed(body: JSON) -> JSON:
        if isinstance(body, dict) and "userName" in body and not body.get(ENTERPRISE_USER):
            return {**body, ENTERPRISE_USER: {"department": "Unassigned"}}
        return body

    def create(original: Any, ctx: Context, body: JSON) -> JSONObject:
        attributes: JSONObject = original(ctx, completed(body))
        return attributes

    def replace(original: Any, ctx: Context, current: JSONObject, body: JSON) -> JSONObject:
        attributes: JSONObject = original(ctx, current, completed(body))
        return attributes

    wrap(provider, "validate_create", create)
    wrap(provider, "validate_replace", replace)


@variant("more-resource-types", reading="RFC7644-3.2-02", text="Teams follow the Group schema, too.")
def more_resource_types(provider: Provider) -> None:
    _another_type(provider, "Team", "/Teams")
