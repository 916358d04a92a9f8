"""Variants of values and definitions: what RFC 7643 leaves to the provider beyond its settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scimcheck.core.errors import InvalidSyntax, InvalidValue
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.urns import ENTERPRISE_USER, GROUP, USER
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.documents import (
    change_attribute,
    change_config,
    change_published,
)
from scimcheck.provider.faults.registry import change_schema, on_resource, variant, wrap

Settle = Callable[[JSONObject], None]

variant(
    "external-ids-unique",
    reading="RFC7643-3.1-14",
    text="A second user with the same externalId is refused with 409.",
    settings={"also_unique": {"Group": ("displayName",), "User": ("externalId",)}},
)
variant(
    "sent-ids-refused",
    reading="RFC7643-3.1-07",
    text="POST with an id is refused.",
    settings={"sent_id_in_post": "refuse"},
)
variant(
    "users-without-default-status",
    reading="RFC7643-4.1.1-15",
    text="A user of whom nobody says so is neither active nor inactive.",
    settings={"defaults": {}},
)
variant(
    "users-begin-inactive",
    reading="RFC7643-4.1.1-15",
    text="A user of whom nobody says so is inactive.",
    settings={"defaults": {"User": {"active": False}}},
)


def _before_storing(provider: Provider, settle: Settle) -> None:
    """Let ``settle`` change in place, or refuse, what is going to be stored of a resource."""

    def step(original: Any, ctx: Context, *arguments: Any) -> JSONObject:
        new: JSONObject = original(ctx, *arguments)
        settle(new)
        return new

    for name in ("validate_create", "validate_replace", "validate_patched"):
        wrap(provider, name, step)


def _dates(resource: JSONObject, change: Callable[[str], str]) -> None:
    meta = resource.get("meta")
    for name in ("created", "lastModified"):
        if isinstance(meta, dict) and isinstance(meta.get(name), str):
            meta[name] = change(meta[name])


@variant(
    "times-in-another-zone",
    reading="RFC7643-2.3.5-01",
    text="Times are told with an offset: +00:00.",
)
def times_in_another_zone(provider: Provider) -> None:
    on_resource(
        provider,
        lambda resource, stored: _dates(resource, lambda text: text.replace("Z", "+00:00")),
    )


@variant(
    "times-without-zone",
    reading="RFC7643-2.3.5-01",
    text="Times are told without a zone.",
)
def times_without_zone(provider: Provider) -> None:
    on_resource(
        provider,
        lambda resource, stored: _dates(resource, lambda text: text.rstrip("Z")),
    )


@variant(
    "times-to-the-microsecond",
    reading="RFC7643-2.3.5-01",
    text="Times have six digits behind the point.",
)
def times_to_the_microsecond(provider: Provider) -> None:
    on_resource(
        provider,
        lambda resource, stored: _dates(resource, lambda text: text.replace("Z", "000Z")),
    )


@variant(
    "stamped-twice",
    reading="RFC7643-3.1-23",
    text="A new resource is modified a moment after it is created.",
)
def stamped_twice(provider: Provider) -> None:
    def show(resource: JSONObject, stored: JSONObject) -> None:
        meta = resource.get("meta")
        if isinstance(meta, dict) and meta.get("created") and meta.get("created") == meta.get("lastModified"):
            meta["created"] = meta["created"].replace("Z", "000Z")
            meta["lastModified"] = meta["lastModified"].replace("Z", "321Z")

    on_resource(provider, show)


def _numbers(value: JSON) -> JSON:
    if isinstance(value, dict):
        return {name: _numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_numbers(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@variant(
    "whole-decimals",
    reading="RFC7643-2.3.3-01",
    text="A decimal without fraction is shown as an integer.",
)
def whole_decimals(provider: Provider) -> None:
    def show(resource: JSONObject, stored: JSONObject) -> None:
        for name, value in list(resource.items()):
            resource[name] = _numbers(value)

    on_resource(provider, show)


@variant(
    "unpadded-binaries",
    reading="RFC7643-2.3.6-01",
    text="Certificates are shown without padding.",
)
def unpadded_binaries(provider: Provider) -> None:
    def show(resource: JSONObject, stored: JSONObject) -> None:
        for each in resource.get("x509Certificates") or ():
            if isinstance(each.get("value"), str):
                each["value"] = each["value"].rstrip("=")

    on_resource(provider, show, resource_type="User")


@variant(
    "extension-always-listed",
    reading="RFC7643-3.3-02",
    text="schemas names the extension of users without any.",
)
def extension_always_listed(provider: Provider) -> None:
    def show(resource: JSONObject, stored: JSONObject) -> None:
        if isinstance(resource.get("schemas"), list) and ENTERPRISE_USER not in resource["schemas"]:
            resource["schemas"] = [*resource["schemas"], ENTERPRISE_USER]

    on_resource(provider, show, resource_type="User")


@variant(
    "formatted-name-is-computed",
    reading="RFC7643-4.1.1-05",
    text="name.formatted is made of the other parts.",
)
def formatted_name_is_computed(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        name = new.get("name")
        parts = [str(name[part]) for part in ("givenName", "familyName") if name.get(part)] if name else []
        if isinstance(name, dict) and parts:
            name["formatted"] = " ".join(parts)

    _before_storing(provider, settle)


@variant(
    "user-names-case-exact",
    reading="RFC7643-4.1.1-04",
    text="userName is declared, and is, case exact.",
    costs=["ENTRA-2.2-10"],
)
def user_names_case_exact(provider: Provider) -> None:
    change_schema(
        provider,
        USER,
        lambda schema: change_attribute(schema, "userName", {"caseExact": True}),
    )


def _listed_only(provider: Provider, attribute: str, known: tuple[str, ...]) -> None:
    def settle(new: JSONObject) -> None:
        if new.get(attribute) is not None and str(new[attribute]).lower() not in known:
            raise InvalidValue(f"{attribute} is one of {', '.join(known)}")

    _before_storing(provider, settle)


@variant(
    "user-types-listed",
    reading="RFC7643-4.1.1-10",
    text="userType publishes its values and has no others.",
)
def user_types_listed(provider: Provider) -> None:
    known = ["Employee", "Contractor"]
    change_schema(
        provider,
        USER,
        lambda schema: change_attribute(schema, "userType", {"canonicalValues": known}),
    )
    _listed_only(provider, "userType", ("employee", "contractor"))


@variant(
    "one-language-only",
    reading="RFC7643-4.1.1-11",
    text="preferredLanguage is a single tag.",
)
def one_language_only(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        if any(sign in str(new.get("preferredLanguage", "")) for sign in ",;"):
            raise InvalidValue("preferredLanguage is one language tag")

    _before_storing(provider, settle)


@variant(
    "telephone-uris",
    reading="RFC7643-4.1.2-04",
    text="Telephone numbers are stored as tel: URIs.",
)
def telephone_uris(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        for each in new.get("phoneNumbers") or ():
            number = each.get("value")
            if isinstance(number, str) and number[:1] in "+0123456789(" and not number.startswith("tel:"):
                each["value"] = "tel:" + "-".join(number.replace("(", " ").replace(")", " ").split())

    _before_storing(provider, settle)


@variant(
    "groups-need-no-name",
    reading="RFC7643-4.2-02",
    text="Group.displayName is optional, as was printed first.",
)
def groups_need_no_name(provider: Provider) -> None:
    change_schema(
        provider,
        GROUP,
        lambda schema: change_attribute(schema, "displayName", {"required": False}),
    )


@variant(
    "fewer-enterprise-attributes",
    reading="RFC7643-4.3-02",
    text="The enterprise extension is a part of it.",
)
def fewer_enterprise_attributes(provider: Provider) -> None:
    kept = {"employeeNumber", "department", "manager"}

    def cut(schema: JSONObject) -> None:
        schema["attributes"] = [each for each in schema["attributes"] if each["name"] in kept]

    change_schema(provider, ENTERPRISE_USER, cut)


@variant(
    "managers-without-name",
    reading="RFC7643-4.3-06",
    text="A manager is shown without displayName.",
)
def managers_without_name(provider: Provider) -> None:
    def show(resource: JSONObject, stored: JSONObject) -> None:
        manager = (resource.get(ENTERPRISE_USER) or {}).get("manager")
        if isinstance(manager, dict):
            manager.pop("displayName", None)

    on_resource(provider, show, resource_type="User")


@variant(
    "no-limit-of-results-told",
    reading="RFC7643-5-14",
    text="filter.maxResults is 0, for no limit at all.",
)
def no_limit_of_results_told(provider: Provider) -> None:
    change_config(provider, lambda config: config["filter"].update(maxResults=0))


@variant(
    "reference-types-left-out",
    reading="RFC7643-2.3.7-04",
    text="references are defined without referenceTypes.",
)
def reference_types_left_out(provider: Provider) -> None:
    def strip(item: JSONObject) -> None:
        item.pop("referenceTypes", None)
        for each in (*item.get("attributes", ()), *item.get("subAttributes", ())):
            strip(each)

    change_published(provider, USER, strip)


@variant("booleans-fully-defined", reading="RFC7643-2.3.2-02", text="Booleans are defined with all defaults.")
def booleans_fully_defined(provider: Provider) -> None:
    def fill(item: JSONObject) -> None:
        if item.get("type") == "boolean":
            item.update(caseExact=False, uniqueness="none")
        for each in (*item.get("attributes", ()), *item.get("subAttributes", ())):
            fill(each)

    change_published(provider, "", fill)


@variant(
    "uniqueness-not-published",
    reading="RFC7643-2.2-06",
    text="That names of groups are unique is not published.",
)
def uniqueness_not_published(provider: Provider) -> None:
    change_published(
        provider,
        GROUP,
        lambda schema: change_attribute(schema, "displayName", {"uniqueness": "none"}),
    )


@variant(
    "missing-names-break-the-schema",
    reading="RFC7643-4.1.1-02",
    text="A user without name: invalidSyntax.",
)
def missing_names_break_the_schema(provider: Provider) -> None:
    def check(original: Any, ctx: Context, *arguments: Any) -> JSONObject:
        body = arguments[-1]
        named = isinstance(body, dict) and any(body[name] for name in body if name.lower() == "username")
        if ctx.endpoint == "/Users" and isinstance(body, dict) and not named:
            raise InvalidSyntax("userName is missing")
        checked: JSONObject = original(ctx, *arguments)
        return checked

    wrap(provider, "validate_create", check)
    wrap(provider, "validate_replace", check)


@variant(
    "user-names-without-blanks",
    reading="RFC7644-5-01",
    text="userName takes no blanks.",
)
def user_names_without_blanks(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        if " " in str(new.get("userName", "")):
            raise InvalidValue("userName has a blank")

    _before_storing(provider, settle)


@variant(
    "single-objects-become-lists",
    reading="RFC7644-3.12-27",
    text="One object stands for a list of one.",
)
def single_objects_become_lists(provider: Provider) -> None:
    def read(original: Any, ctx: Context) -> JSON:
        body: JSON = original(ctx)
        if isinstance(body, dict) and ctx.method in ("POST", "PUT") and isinstance(body.get("emails"), dict):
            return {**body, "emails": [body["emails"]]}
        return body

    wrap(provider, "read_body", read)
