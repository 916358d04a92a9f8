"""Deviations of published schemas: their form (RFC 7643 §7) and their content (§8.7).

What is wrong with the form stands on an extra attribute in the schema of ServiceProviderConfig, which no resource has:
nothing else depends on it.
"""

from __future__ import annotations

from typing import Any

from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.urns import ENTERPRISE_USER, GROUP, RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG, USER
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.documents import change_attribute, change_published
from scimcheck.provider.faults.registry import change_schema, deviation, on_response, variant, wrap

_SOUND: JSONObject = {
    "name": "extra",
    "type": "string",
    "multiValued": False,
    "description": "An attribute of the vendor's own.",
    "required": False,
    "caseExact": False,
    "mutability": "readOnly",
    "returned": "default",
    "uniqueness": "none",
}


def _extra(deviation_name: str, breaks: str, text: str, *also: str, **characteristics: Any) -> None:
    """Register a deviation that publishes an extra attribute with these characteristics."""

    @deviation(deviation_name, breaks=[breaks], also=also, text=text)
    def apply(provider: Provider) -> None:
        item = {**_SOUND, **characteristics}
        change_published(provider, SERVICE_PROVIDER_CONFIG, lambda schema: schema["attributes"].append(item))


_PART = {**_SOUND, "name": "part"}
_extra("attribute-without-name", "RFC7643-7-09", "An attribute definition has an empty name.", name="")
_extra("attribute-name-with-blank", "RFC7643-2.1-02", "An attribute name has a blank in it.", name="extra name")
_extra("attribute-twice", "RFC7643-7-10", "A schema defines an attribute twice, in two cases.", name="DocumentationURI")
_extra(
    "attribute-of-unknown-type",
    "RFC7643-7-11",
    "An attribute has the type text.",
    "RFC7643-2.3-01",
    type="text",
)
_extra(
    "complex-without-parts",
    "RFC7643-7-12",
    "A complex attribute has no sub-attributes.",
    type="complex",
)
_extra(
    "parts-as-object",
    "RFC7643-7-13",
    "subAttributes is an object.",
    "RFC7643-7-12",
    type="complex",
    subAttributes={"part": _PART},
)
_extra(
    "complex-in-complex",
    "RFC7643-2.3.8-02",
    "A sub-attribute is complex.",
    "RFC7643-7-13",
    type="complex",
    subAttributes=[{**_PART, "type": "complex", "subAttributes": [{**_PART, "name": "deep"}]}],
)
_extra(
    "simple-with-parts",
    "RFC7643-1.2-01",
    "A string has sub-attributes.",
    subAttributes=[_PART],
)
_extra("plurality-in-words", "RFC7643-7-14", "multiValued is a string.", multiValued="false")
_extra(
    "description-as-array", "RFC7643-7-15", "The description of an attribute is an array.", description=["one", "two"]
)
_extra("required-in-words", "RFC7643-7-16", "required is a string.", required="false")
_extra("canonical-values-as-text", "RFC7643-7-18", "canonicalValues is a string.", canonicalValues="work,home")
_extra("case-in-words", "RFC7643-7-20", "caseExact is a string.", caseExact="true")
_extra("unknown-mutability", "RFC7643-7-24", "mutability is read-only, with a hyphen.", mutability="read-only")
_extra("unknown-returned", "RFC7643-7-30", "returned is a boolean.", returned=True)
_extra("unknown-uniqueness", "RFC7643-7-37", "uniqueness is in capitals.", uniqueness="SERVER")
_extra("string-with-reference-types", "RFC7643-7-41", "A string has reference types.", referenceTypes=["external"])
_extra(
    "reference-to-the-unknown",
    "RFC7643-7-42",
    "A reference is to a resource type that does not exist.",
    type="reference",
    caseExact=True,
    referenceTypes=["Spaceship"],
)
_extra("reference-to-anything", "RFC7643-2.3.7-04", "A reference has no reference types.", type="reference")
_extra(
    "complex-is-unique",
    "RFC7643-2.3.8-03",
    "A complex attribute is unique.",
    type="complex",
    uniqueness="server",
    subAttributes=[_PART],
)
_extra("boolean-is-unique", "RFC7643-2.3.2-02", "A boolean is unique.", type="boolean", uniqueness="server")


def _whole(name: str, breaks: str, text: str, urn: str, change: Any, *also: str) -> None:
    """Register a deviation that changes a published schema as a whole."""

    @deviation(name, breaks=[breaks], also=also, text=text)
    def apply(provider: Provider) -> None:
        change_published(provider, urn, change)


_whole("schema-without-urn", "RFC7643-7-03", "A schema has no schemas.", GROUP, lambda schema: schema.pop("schemas"))
_whole(
    "schema-id-is-no-uri",
    "RFC7643-7-04",
    "The id of a schema is its name.",
    SERVICE_PROVIDER_CONFIG,
    lambda schema: schema.update(id="ServiceProviderConfig"),
)
_whole(
    "schema-name-is-a-number",
    "RFC7643-7-05",
    "The name of a schema is a number.",
    GROUP,
    lambda schema: schema.update(name=2),
)
_whole(
    "schema-description-is-an-array",
    "RFC7643-7-06",
    "The description of a schema is an array.",
    GROUP,
    lambda schema: schema.update(description=["a", "group"]),
)
_whole(
    "schema-without-attributes",
    "RFC7643-7-07",
    "A schema has no attributes.",
    SERVICE_PROVIDER_CONFIG,
    lambda schema: schema.pop("attributes"),
)
_whole(
    "schema-attributes-as-object",
    "RFC7643-7-08",
    "The attributes of a schema are an object.",
    SERVICE_PROVIDER_CONFIG,
    lambda schema: schema.update(attributes={item["name"]: item for item in schema["attributes"]}),
)


@deviation("schemas-can-be-replaced", breaks=["RFC7643-7-02"], text="PUT on a schema answers 200.")
def schemas_can_be_replaced(provider: Provider) -> None:
    def succeed(request: Request, reply: Reply) -> None:
        if reply.context.target is not None:
            reply.status, reply.body = 200, {}

    on_response(provider, succeed, method="PUT", endpoint="/Schemas")


@deviation("malformed-scim-urn", breaks=["RFC7643-10.2.1-01"], text="A schema has a URN off the SCIM form.")
def malformed_scim_urn(provider: Provider) -> None:
    def more(original: Any, ctx: Context) -> list[JSONObject]:
        listed: list[JSONObject] = original(ctx)
        return [*listed, {**listed[0], "id": "urn:ietf:params:scim:custom:Extra", "name": "Extra", "attributes": []}]

    wrap(provider, "schemas", more)


@deviation(
    "published-id-counts",
    breaks=["RFC7643-3.1-31"],
    also=[
        "RFC7644-3.4.2-12",
        "RFC7643-3.1-03",
        "RFC7643-3.1-11",
        "RFC7644-3.5.2-23",
        "RFC7643-7-31",
        "RFC7644-3.9-05",
        "RFC7644-3.9-03",
    ],
    text="User lists id as returned by default, and with attributes it is left out.",
)
def published_id_counts(provider: Provider) -> None:
    _list_id(provider)

    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
        shown: JSONObject = original(ctx, resource, type_name)
        if ctx.query.attributes and type_name == "User":
            shown.pop("id", None)
        return shown

    wrap(provider, "project", project)


def _list_id(provider: Provider) -> None:
    item = {**_SOUND, "name": "id", "description": "The id.", "mutability": "readWrite"}
    change_published(provider, USER, lambda schema: schema["attributes"].append(item))


@variant("common-attributes-listed", reading="RFC7643-3.1-31", text="User lists id, with other characteristics.")
def common_attributes_listed(provider: Provider) -> None:
    _list_id(provider)


# --- the standard's content -------------------------------------------------------------------------------------------


def _published(breaks: str, urn: str, path: str, *also: str, **characteristics: Any) -> None:
    """Register a deviation that publishes other characteristics of an attribute than the standard's."""
    words = ", ".join(f"{key} {value!r}" for key, value in characteristics.items())

    @deviation(_name(urn, path, characteristics), breaks=[breaks], also=also, text=f"{path} is published with {words}.")
    def apply(provider: Provider) -> None:
        change_published(provider, urn, lambda schema: change_attribute(schema, path, characteristics))


def _defined(breaks: str, urn: str, path: str, *also: str, **characteristics: Any) -> None:
    """Register a deviation that defines an attribute otherwise than the standard, and acts accordingly."""
    words = ", ".join(f"{key} {value!r}" for key, value in characteristics.items())

    @deviation(_name(urn, path, characteristics), breaks=[breaks], also=also, text=f"{path} is defined with {words}.")
    def apply(provider: Provider) -> None:
        change_schema(provider, urn, lambda schema: change_attribute(schema, path, characteristics))


def _name(urn: str, path: str, characteristics: JSONObject) -> str:
    """A name such as ``schema-user-emails-type-required``."""
    kind = "enterprise" if urn == ENTERPRISE_USER else urn.rpartition(":")[2].lower()
    return "-".join(
        ["schema", kind, *path.lower().replace("$", "").split("."), *(key.lower() for key in characteristics)]
    )


_published("RFC7643-8.7.1-01", USER, "userName", required=False)
_defined("RFC7643-8.7.1-02", USER, "name.middleName", multiValued=True)
for _number, _attribute in (
    (3, "displayName"),
    (4, "nickName"),
    (5, "profileUrl"),
    (6, "title"),
    (7, "userType"),
    (8, "preferredLanguage"),
    (9, "locale"),
    (10, "timezone"),
):
    _defined(f"RFC7643-8.7.1-{_number:02}", USER, _attribute, multiValued=True)
_published("RFC7643-8.7.1-11", USER, "active", "RFC7643-2.3.2-02", uniqueness="server")
_published("RFC7643-8.7.1-12", USER, "password", "RFC7643-7-26", mutability="readWrite")
for _number, _attribute in (
    (13, "emails"),
    (14, "phoneNumbers"),
    (15, "ims"),
    (16, "photos"),
    (17, "addresses"),
):
    _defined(f"RFC7643-8.7.1-{_number:02}", USER, _attribute, multiValued=False)
_published("RFC7643-8.7.1-18", USER, "groups", "RFC7643-7-26", mutability="readWrite")
_published("RFC7643-8.7.1-19", USER, "entitlements.value", type="integer")
_published("RFC7643-8.7.1-20", USER, "roles.value", type="integer")
_published("RFC7643-8.7.1-21", USER, "x509Certificates.value", type="string")
_defined("RFC7643-8.7.1-22", GROUP, "displayName", caseExact=True)
_published("RFC7643-8.7.1-23", GROUP, "members.value", "RFC7643-7-26", mutability="readWrite")
for _number, _attribute in (
    (24, "employeeNumber"),
    (25, "costCenter"),
    (26, "organization"),
    (27, "division"),
    (28, "department"),
):
    _defined(f"RFC7643-8.7.1-{_number:02}", ENTERPRISE_USER, _attribute, multiValued=True)
_published("RFC7643-8.7.1-29", ENTERPRISE_USER, "manager.displayName", "RFC7643-7-26", mutability="readWrite")
_published("RFC7643-8.7.2-01", SERVICE_PROVIDER_CONFIG, "documentationUri", mutability="readWrite")
_published("RFC7643-8.7.2-02", SERVICE_PROVIDER_CONFIG, "sort.supported", type="string")
_published("RFC7643-8.7.2-03", SERVICE_PROVIDER_CONFIG, "bulk.maxOperations", type="string")
_published("RFC7643-8.7.2-04", SERVICE_PROVIDER_CONFIG, "filter", multiValued=True)
_published("RFC7643-8.7.2-05", SERVICE_PROVIDER_CONFIG, "authenticationSchemes", multiValued=False)
_published("RFC7643-8.7.2-06", RESOURCE_TYPE, "endpoint", mutability="readWrite")
_published("RFC7643-8.7.2-07", RESOURCE_TYPE, "schema", "RFC7643-7-41", type="string")
_published("RFC7643-8.7.2-08", RESOURCE_TYPE, "schemaExtensions.required", type="string")
_published("RFC7643-8.7.2-09", SCHEMA, "name", multiValued=True)
_published("RFC7643-8.7.2-10", SCHEMA, "attributes", mutability="immutable")
_published("RFC7643-8.7.2-11", SCHEMA, "attributes.subAttributes", multiValued=False)


# --- legal choices ----------------------------------------------------------------------------------------------------


@variant("sparse-definitions", reading="RFC7643-2.2-01", text="Definitions leave out what equals the default.")
def sparse_definitions(provider: Provider) -> None:
    defaults = {name: _SOUND[name] for name in ("required", "caseExact", "returned", "uniqueness")}
    defaults["mutability"] = "readWrite"

    def leave_out(item: JSONObject) -> None:
        for part in [*item.get("attributes", []), *item.get("subAttributes", [])]:
            for name, value in defaults.items():
                if part.get(name) == value:
                    part.pop(name)
            leave_out(part)

    change_published(provider, "", leave_out)


@variant("schemas-as-printed", reading="RFC7643-8.7.1-22", text="Schemas have the errors that the standard printed.")
def schemas_as_printed(provider: Provider) -> None:
    printed = (
        (GROUP, "displayName", {"required": False}),
        (USER, "name", {"uniqueness": "none"}),
        (USER, "emails", {"uniqueness": "none"}),
        (USER, "groups.$ref", {"referenceTypes": ["User", "Group"]}),
        (ENTERPRISE_USER, "manager.value", {"caseExact": False}),
        (RESOURCE_TYPE, "schemaExtensions", {"multiValued": False}),
        (RESOURCE_TYPE, "name", {"caseExact": False, "uniqueness": "none"}),
    )
    for urn, path, characteristics in printed:
        _as_printed(provider, urn, path, characteristics)


def _as_printed(provider: Provider, urn: str, path: str, characteristics: JSONObject) -> None:
    change_published(provider, urn, lambda schema: change_attribute(schema, path, characteristics))


@variant("fewer-attributes", reading="RFC7643-8.7.1-03", text="User has the most necessary attributes only.")
def fewer_attributes(provider: Provider) -> None:
    kept = ("userName", "name", "displayName", "active", "emails", "password", "groups", "title")

    def leave_out(schema: JSONObject) -> None:
        schema["attributes"] = [item for item in schema["attributes"] if item["name"] in kept]

    change_schema(provider, USER, leave_out)


@variant("tighter-definitions", reading="RFC7643-8.7.1-03", text="displayName is required, and title has values.")
def tighter_definitions(provider: Provider) -> None:
    change_schema(provider, USER, lambda schema: change_attribute(schema, "displayName", {"required": True}))
    values = {"canonicalValues": ["Analyst", "Accountant", "Vice President"]}
    change_schema(provider, USER, lambda schema: change_attribute(schema, "title", values))


@variant("vendor-urn-below-scim", reading="RFC7643-10.2.1-01", text="A schema of the vendor's has a URN of SCIM's.")
def vendor_urn_below_scim(provider: Provider) -> None:
    urn = "urn:ietf:params:scim:schemas:extension:example:2.0:Extra"

    def more(original: Any, ctx: Context) -> list[JSONObject]:
        listed: list[JSONObject] = original(ctx)
        location = provider.url(f"/Schemas/{urn}")
        meta = {"resourceType": "Schema", "location": location}
        return [*listed, {**listed[0], "id": urn, "name": "Extra", "attributes": [dict(_SOUND)], "meta": meta}]

    wrap(provider, "schemas", more)
