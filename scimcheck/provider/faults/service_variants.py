"""Variants of what is served: fewer, other and further resource types, schemas, tenants and limits.

RFC 7643 §6 to §8 and RFC 7644 §4 leave to the provider what it has; whoever reads its documents can tell.
"""

from __future__ import annotations

import itertools
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import Uniqueness
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.definitions import Definitions
from scimcheck.provider.faults.documents import change_attribute, change_config, change_published
from scimcheck.provider.faults.enriching import STAFF, attribute, enrich
from scimcheck.provider.faults.registry import change_schema, change_settings, on_response, variant, wrap
from scimcheck.provider.tokens import DEFAULT_TOKENS

# --- resource types ---------------------------------------------------------------------------------------------------


@variant("users-alone", reading="RFC7644-3.2-01", text="There are users and no groups; references still name Group.")
def users_alone(provider: Provider) -> None:
    definitions = provider.definitions.copy()
    kinds = tuple(kind for kind in definitions.resource_types if kind["name"] != "Group")
    provider.redefine(Definitions(definitions.schemas, kinds))


@variant("people", reading="RFC7644-3.2-02", text="Persons, with a schema of the provider's own, live at /People.")
def people(provider: Provider) -> None:
    definitions = provider.definitions.copy()
    urn = "urn:example:params:scim:schemas:core:2.0:Person"
    for schema in definitions.schemas:
        if schema["id"] == urns.USER:
            schema.update(id=urn, name="Person")
        _name_persons(schema)
    for kind in definitions.resource_types:
        if kind["name"] == "User":
            kind.update(id="Person", name="Person", endpoint="/People", schema=urn)
    change_settings(provider, defaults={"Person": {"active": True}})
    provider.redefine(definitions)


def _name_persons(item: JSONObject) -> None:
    """Call User Person wherever a definition speaks of the type, in place."""
    for name in ("referenceTypes", "canonicalValues"):
        if "User" in item.get(name, ()):
            item[name] = ["Person" if each == "User" else each for each in item[name]]
    for each in (*item.get("attributes", ()), *item.get("subAttributes", ())):
        _name_persons(each)


@variant(
    "own-extension-required",
    reading="RFC7643-6-14",
    text="Users have to have an extension of the provider's own, with two required attributes.",
)
def own_extension_required(provider: Provider) -> None:
    site = attribute("site", required=True, canonicalValues=["Berlin", "Lisbon"])
    enrich(provider, site, attribute("floor", "integer", required=True))
    definitions = provider.definitions.copy()
    for kind in definitions.resource_types:
        for entry in kind.get("schemaExtensions", ()):
            entry["required"] = entry["schema"] == STAFF
    provider.redefine(definitions)


# --- attributes -------------------------------------------------------------------------------------------------------


def _shows(provider: Provider, **made: Any) -> None:
    """Show these attributes of the further extension in every user, each made by a function of the resource's id."""

    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
        if type_name == "User":
            held = {name: make(resource["id"]) for name, make in made.items()}
            listed = [urn for urn in resource["schemas"] if urn != STAFF]
            extension = {**resource.get(STAFF, {}), **held}
            resource = {**resource, "schemas": [*listed, STAFF], STAFF: extension}
        shown: JSONObject = original(ctx, resource, type_name)
        return shown

    wrap(provider, "project", project)


@variant("names-begin-with-a-dollar", reading="RFC7643-2.1-02", text="An attribute is called $source.")
def names_begin_with_a_dollar(provider: Provider) -> None:
    enrich(provider, attribute("$source", mutability="readOnly"))
    _shows(provider, **{"$source": lambda record_id: "directory"})


@variant(
    "references-name-things",
    reading="RFC7643-2.3.7-05",
    text="A reference of kind uri is a URN, and an external one leads nowhere.",
)
def references_name_things(provider: Provider) -> None:
    more = {"mutability": "readOnly", "caseExact": True}
    enrich(
        provider,
        attribute("handle", "reference", referenceTypes=["uri"], **more),
        attribute("card", "reference", referenceTypes=["external"], **more),
    )
    _shows(
        provider,
        handle=lambda record_id: f"urn:uuid:{record_id}",
        card=lambda record_id: f"https://cards.example.test/{record_id}",
    )


@variant(
    "required-attributes-supplied",
    reading="RFC7643-7-17",
    text="Users have a required readOnly attribute, and e-mails have to have a value where there are any.",
)
def required_attributes_supplied(provider: Provider) -> None:
    enrich(provider, attribute("serial", required=True, mutability="readOnly", uniqueness="server"))
    _shows(provider, serial=lambda record_id: f"no-{record_id}")
    change_schema(provider, urns.USER, lambda schema: change_attribute(schema, "emails.value", {"required": True}))


@variant(
    "required-names-supplied",
    reading="RFC7644-3.5.1-09",
    text="displayName is required, and made of userName where it lacks.",
)
def required_names_supplied(provider: Provider) -> None:
    change_schema(provider, urns.USER, lambda schema: change_attribute(schema, "displayName", {"required": True}))

    def filled(body: JSON) -> JSON:
        known = {name.lower(): value for name, value in body.items()} if isinstance(body, dict) else {}
        if isinstance(body, dict) and isinstance(known.get("username"), str) and not known.get("displayname"):
            rest = {name: value for name, value in body.items() if name.lower() != "displayname"}
            return {**rest, "displayName": known["username"]}
        return body

    wrap(provider, "validate_create", lambda original, ctx, body: original(ctx, filled(body)))
    wrap(provider, "validate_replace", lambda original, ctx, current, body: original(ctx, current, filled(body)))


def _names_of(*parts: str) -> Any:
    def cut(schema: JSONObject) -> None:
        for item in schema["attributes"]:
            if item["name"] == "name":
                item["subAttributes"] = [sub for sub in item["subAttributes"] if sub["name"] in parts]

    return cut


@variant("names-in-one-piece", reading="RFC7643-4.1.1-05", text="A name is its formatted text alone.")
def names_in_one_piece(provider: Provider) -> None:
    change_schema(provider, urns.USER, _names_of("formatted"))


@variant("names-in-pieces", reading="RFC7643-4.1.1-05", text="A name has no formatted text.")
def names_in_pieces(provider: Provider) -> None:
    change_schema(provider, urns.USER, _names_of("givenName", "familyName"))


@variant(
    "empty-lists-shown",
    reading="RFC7643-2.5-03",
    text="Multi-valued attributes without values are shown as empty arrays.",
)
def empty_lists_shown(provider: Provider) -> None:
    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
        whole = dict(resource)
        for located in ctx.provider.shape(type_name).model.attributes():
            if located.schema is None and located.attribute.multi_valued:
                whole.setdefault(located.attribute.name, [])
        shown: JSONObject = original(ctx, whole, type_name)
        return shown

    wrap(provider, "project", project)


@variant(
    "undeclared-attributes-shown",
    reading="RFC7643-3.2-01",
    text="Resources have attributes that no schema declares, unless the request names what it wants.",
)
def undeclared_attributes_shown(provider: Provider) -> None:
    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
        shown: JSONObject = original(ctx, resource, type_name)
        if not ctx.query.attributes:
            shown.update({"_links": {"self": resource["meta"]["location"]}, "internalNumber": len(resource)})
        return shown

    wrap(provider, "project", project)


@variant(
    "groups-of-users-lag",
    reading="RFC7643-4.1.2-12",
    text="A user shows a group from the sixth request on after the membership was looked at first.",
)
def groups_of_users_lag(provider: Provider) -> None:
    clock = itertools.count(1)
    first: dict[tuple[str, str], int] = {}

    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
        now = ctx.notes["clock"] = ctx.notes.get("clock") or next(clock)
        shown: JSONObject = original(ctx, resource, type_name)
        if type_name == "User" and shown.get("groups"):
            known = [(group, first.setdefault((resource["id"], group["value"]), now)) for group in shown["groups"]]
            shown["groups"] = [group for group, seen in known if now - seen > 5]
            if not shown["groups"]:
                del shown["groups"]
        return shown

    wrap(provider, "project", project)


# --- documents --------------------------------------------------------------------------------------------------------


@variant("schemas-without-names", reading="RFC7643-7-05", text="Schemas have neither name nor description.")
def schemas_without_names(provider: Provider) -> None:
    def strip(schema: JSONObject) -> None:
        schema.pop("name", None)
        schema.pop("description", None)

    change_published(provider, "", strip)


@variant(
    "bulk-limits-of-nothing",
    reading="RFC7643-5-11",
    text="Without bulk its limits are 0.",
    settings={"bulk_supported": False},
)
def bulk_limits_of_nothing(provider: Provider) -> None:
    change_config(provider, lambda config: config["bulk"].update(maxOperations=0, maxPayloadSize=0))


@variant(
    "discovery-pages-of-ten",
    reading="RFC7644-4-10",
    text="Lists of definitions tell ten as their itemsPerPage, however long they are.",
)
def discovery_pages_of_ten(provider: Provider) -> None:
    def tell(request: Any, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "itemsPerPage" in reply.body:
            reply.body["itemsPerPage"] = 10

    on_response(provider, tell, endpoint=("/Schemas", "/ResourceTypes"), status=200)


# --- tenants and limits -----------------------------------------------------------------------------------------------

variant(
    "one-client-alone",
    reading="RFC7643-3.1-13",
    text="The service has one tenant, and no client beside the one.",
    settings={"tokens": DEFAULT_TOKENS[:1]},
)
variant(
    "open-service",
    reading="RFC7644-2-01",
    text="The service needs no credentials, and announces no way to give any.",
    settings={"authentication": "none", "tokens": ()},
)


@variant("ids-counted-by-tenant", reading="RFC7643-3.1-04", text="Every tenant counts its ids from 1.")
def ids_counted_by_tenant(provider: Provider) -> None:
    counters: dict[str, int] = {}

    def count(original: Any, ctx: Context) -> str:
        name = ctx.token.tenant if ctx.token else ""
        counters[name] = counters.get(name, 0) + 1
        return str(counters[name])

    wrap(provider, "new_id", count)


@variant("user-names-unique-everywhere", reading="RFC7643-4.1.1-03", text="A userName is unique over all tenants.")
def user_names_unique_everywhere(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        original(ctx, attributes, record_id)
        for tenant in ("main", "second") if ctx.endpoint == "/Users" else ():
            name = str(attributes.get("userName"))
            for holder in provider.store.tenant(tenant).holders("User", "username", name):
                if holder.id != record_id:
                    raise Uniqueness(f"userName {name} is in use")

    wrap(provider, "check_uniqueness", check)


variant(
    "group-names-shared",
    reading="RFC7643-2.2-06",
    text="Groups may have equal names.",
    settings={"also_unique": {}},
    costs=["ENTRA-2.2-12"],
)
variant(
    "bulk-of-one",
    reading="RFC7644-3.7.4-02",
    text="A bulk request has one operation at most.",
    settings={"bulk_max_operations": 1},
)
variant(
    "bulk-limits-out-of-reach",
    reading="RFC7644-3.7.4-02",
    text="A bulk request may have more operations and bytes than anybody sends.",
    settings={"bulk_max_operations": 2**31 - 1, "bulk_max_payload": 2**31 - 1, "max_body": 2**31 - 1},
)
variant(
    "pages-of-one",
    reading="RFC7644-3.4.2.4-04",
    text="A page has one resource, whatever count asks for.",
    settings={"default_page_size": 1, "max_results": 1},
)
variant(
    "texts-are-no-booleans",
    reading="RFC7644-3.5.2-26",
    text="The texts True and False are refused where the schema has a boolean.",
    settings={"text_booleans": False},
    costs=["ENTRA-3.5-09"],
)
