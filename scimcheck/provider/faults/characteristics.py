"""Deviations of attribute characteristics in behaviour: defaults, mutability, uniqueness (RFC 7643 §2.2, §2.5, §7)."""

from __future__ import annotations

from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import InvalidValue, MutabilityError, ScimError, Uniqueness
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.documents import change_attribute, change_published
from scimcheck.provider.faults.editing import edit_created, edit_replaced, edit_written, refuse_written
from scimcheck.provider.faults.enriching import STAFF, attribute, enrich
from scimcheck.provider.faults.registry import change_settings, deviation, wrap

# defaults -----------------------------------------------------------------------------------------------------------


@deviation(
    "optional-attribute-demanded",
    breaks=["RFC7643-2.2-01"],
    also=[
        "RFC7644-3.3-01",
        "RFC7643-3.3-05",
        "RFC7644-3.5.1-03",
        "RFC7643-2.5-01",
        "RFC7644-3.5.1-04",
        "RFC7643-2.5-02",
    ],
    text="A User without title is refused, though the schema calls title optional.",
)
def optional_attribute_demanded(provider: Provider) -> None:
    def demand(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if ctx.endpoint == "/Users" and not attributes.get("title"):
            raise InvalidValue("title is required")

    edit_created(provider, demand)


@deviation(
    "unpublished-value-list",
    breaks=["RFC7643-2.2-02"],
    also=["RFC7643-2.2-03", "RFC7643-2.3.1-01"],
    text="displayName of a User may not hold the word Unlisted.",
)
def unpublished_value_list(provider: Provider) -> None:
    refuse_written(provider, lambda body: "Unlisted" in str(body.get("displayName")), InvalidValue("not on the list"))


@deviation(
    "texts-compared-with-case",
    breaks=["RFC7643-2.2-03"],
    also=["ENTRA-2.2-11", "RFC7644-3.4.2.2-45", "RFC7643-7-21", "RFC7644-3.4.2.2-18"],
    text="displayName is compared with regard to letter case, though the schema does not say so.",
)
def texts_compared_with_case(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, filter: Any, resource: JSONObject, model: Any) -> bool:
        found: bool = original(ctx, filter, resource, model)
        value = getattr(filter, "value", None)
        named = str(getattr(getattr(filter, "path", None), "name", "")).lower() == "displayname"
        if found and named and getattr(filter, "op", "") == "eq" and isinstance(value, str):
            return value == resource.get("displayName")
        return found

    change_settings(provider, indexed=("userName", "externalId", "emails.value"))
    provider.redefine(provider.definitions)
    wrap(provider, "matches", matches)


@deviation(
    "attribute-dropped",
    breaks=["RFC7643-2.2-04"],
    also=["ENTRA-2.2-04", "RFC7644-3.5.1-02", "RFC7643-7-26"],
    text="title is accepted and never stored.",
)
def attribute_dropped(provider: Provider) -> None:
    edit_written(provider, lambda ctx, attributes, body: attributes.pop("title", None))


@deviation("two-emails-at-most", breaks=["RFC7643-2.2-04"], text="Of the emails of a new user the first two are kept.")
def two_emails_at_most(provider: Provider) -> None:
    def cut(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if isinstance(attributes.get("emails"), list):
            attributes["emails"] = attributes["emails"][:2]

    edit_created(provider, cut)


@deviation("ten-emails-at-most", breaks=["RFC7643-2.2-04"], text="Of the emails of a new user the first ten are kept.")
def ten_emails_at_most(provider: Provider) -> None:
    def cut(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if "emails" in attributes:
            attributes["emails"] = attributes["emails"][:10]

    edit_created(provider, cut)


@deviation(
    "family-names-cut",
    breaks=["RFC7643-2.2-04"],
    also=["ENTRA-2.2-04", "RFC7644-3.5.1-02", "RFC7643-7-26"],
    text="name.familyName is stored as its first letter.",
)
def family_names_cut(provider: Provider) -> None:
    def shorten(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        name = attributes.get("name")
        if isinstance(name, dict) and name.get("familyName"):
            name["familyName"] = name["familyName"][:1]

    edit_written(provider, shorten)


@deviation(
    "unpublished-uniqueness",
    breaks=["RFC7643-2.2-06"],
    text="Two users may not have one displayName, which the schema does not say.",
)
def unpublished_uniqueness(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        name = attributes.get("displayName") if ctx.endpoint == "/Users" else None
        for record in ctx.store.snapshot("User") if name and record_id is None else ():
            if record.attributes().get("displayName") == name:
                raise Uniqueness("that displayName is in use")
        original(ctx, attributes, record_id)

    wrap(provider, "check_uniqueness", check)


@deviation(
    "untyped-attribute-is-no-string",
    breaks=["RFC7643-2.2-07"],
    also=["RFC7643-7-11", "RFC7643-8.7.1-01", "RFC7643-2.2-04", "RFC7643-8.7.1-22", "RFC7643-3.3-05"],
    text="The definition of nickName has no type, and a nickName is dropped at creation.",
)
def untyped_attribute_is_no_string(provider: Provider) -> None:
    def untype(schema: JSONObject) -> None:
        change_attribute(schema, "nickName", {"type": None})

    change_published(provider, urns.USER, untype)
    edit_created(provider, lambda ctx, attributes, body: attributes.pop("nickName", None))


@deviation(
    "null-is-a-value",
    breaks=["RFC7643-2.5-01"],
    also=["RFC7644-3.3-08", "RFC7643-2.5-02", "RFC7644-3.5.1-04", "RFC7643-4.1.1-02", "RFC7643-7-17"],
    text="POST with an empty array for emails is refused.",
)
def null_is_a_value(provider: Provider) -> None:
    def refuse(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if body.get("emails") == []:
            raise InvalidValue("emails may not be empty")

    edit_created(provider, refuse)


@deviation(
    "null-is-a-default",
    breaks=["RFC7643-2.5-01"],
    also=["ENTRA-3.5-05"],
    text="POST with displayName null stores the word null.",
)
def null_is_a_default(provider: Provider) -> None:
    def store(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if ctx.endpoint == "/Users" and body.get("displayName", "") is None:
            attributes["displayName"] = "null"

    edit_created(provider, store)


# required -----------------------------------------------------------------------------------------------------------


@deviation(
    "required-group-name-not-demanded",
    breaks=["RFC7643-7-17", "RFC7643-4.2-02"],
    text="A Group without displayName is accepted.",
)
def required_group_name_not_demanded(provider: Provider) -> None:
    def validate(original: Any, ctx: Context, body: JSON) -> JSONObject:
        named = not isinstance(body, dict) or body.get("displayName") or "DISPLAYNAME" in body
        if named or ctx.endpoint != "/Groups" or not isinstance(body, dict):
            return dict(original(ctx, body))
        attributes: JSONObject = original(ctx, {**body, "displayName": "none"})
        del attributes["displayName"]
        return attributes

    wrap(provider, "validate_create", validate)


@deviation(
    "required-refusal-answers-422",
    breaks=["RFC7643-7-17", "RFC7643-4.1.1-02", "RFC7643-4.2-02", "RFC7644-3.5.1-09"],
    also=["RFC7644-3.12-08", "RFC7644-3.12-24"],
    text="What lacks a required attribute is refused with 422.",
)
def required_refusal_answers_422(provider: Provider) -> None:
    def step(original: Any, ctx: Context, *arguments: Any) -> JSONObject:
        try:
            attributes: JSONObject = original(ctx, *arguments)
        except InvalidValue as error:
            if "is required" in error.detail:
                raise ScimError(error.detail, status=422) from None
            raise
        return attributes

    wrap(provider, "validate_create", step)
    wrap(provider, "validate_replace", step)


# mutability ---------------------------------------------------------------------------------------------------------


def _badge(attributes: JSONObject) -> Any:
    return attributes.get(STAFF, {}).get("badge")


@deviation(
    "immutable-cannot-be-set",
    breaks=["RFC7643-7-27"],
    also=["RFC7643-2.2-04", "RFC7644-3.5.1-07", "RFC7644-3.5.1-05"],
    text="A value for an immutable attribute is dropped at creation.",
)
def immutable_cannot_be_set(provider: Provider) -> None:
    enrich(provider)
    edit_created(provider, lambda ctx, attributes, body: attributes.get(STAFF, {}).pop("badge", None))


def _validate_without_badge(provider: Provider, change: Any) -> None:
    """Wrap the validation of PUT so that another badge is seen by ``change(attributes, wanted, current)`` only."""

    def validate(original: Any, ctx: Context, current: JSONObject, body: JSON) -> JSONObject:
        if not isinstance(body, dict) or _badge(body) is None:
            return dict(original(ctx, current, body))
        inner = {name: value for name, value in body[STAFF].items() if name != "badge"}
        attributes: JSONObject = original(ctx, current, {**body, STAFF: inner})
        change(attributes, _badge(body), _badge(current))
        return attributes

    wrap(provider, "validate_replace", validate)


@deviation(
    "immutable-changes",
    breaks=["RFC7644-3.5.1-05", "RFC7643-7-28"],
    also=["RFC7644-3.5.1-06"],
    text="PUT changes an immutable attribute.",
)
def immutable_changes(provider: Provider) -> None:
    enrich(provider)
    _validate_without_badge(
        provider, lambda attributes, wanted, current: attributes.setdefault(STAFF, {}).update(badge=wanted)
    )


@deviation("immutable-change-ignored", breaks=["RFC7644-3.5.1-06"], text="PUT with another badge answers 200.")
def immutable_change_ignored(provider: Provider) -> None:
    enrich(provider)
    _validate_without_badge(
        provider, lambda attributes, wanted, current: attributes.setdefault(STAFF, {}).update(badge=current or wanted)
    )


@deviation("immutable-never-by-put", breaks=["RFC7644-3.5.1-07"], text="PUT cannot give a badge to who has none.")
def immutable_never_by_put(provider: Provider) -> None:
    def refuse(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if _badge(attributes) and not _badge(current):
            raise MutabilityError("badge is immutable")

    enrich(provider)
    edit_replaced(provider, refuse)


@deviation(
    "read-only-changes",
    breaks=["RFC7643-7-25", "RFC7644-3.5.1-08"],
    text="PUT with groups for a User shows them from then on.",
    also=["RFC7643-4.1.2-11", "RFC7643-4.1.2-12", "RFC7643-4.1.2-13"],
)
def read_only_changes(provider: Provider) -> None:
    forged: dict[str, Any] = {}

    def note(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if ctx.endpoint == "/Users" and body.get("groups") and not current.get("groups"):
            forged[str(ctx.target)] = body["groups"]

    def reveal(resource: JSONObject, stored: JSONObject) -> None:
        if stored["id"] in forged:
            resource["groups"] = forged[stored["id"]]

    edit_replaced(provider, note)
    provider.resource_hooks.append(reveal)


@deviation(
    "write-only-returned",
    breaks=["RFC7643-7-29", "RFC7643-7-32"],
    also=["RFC7643-7-36", "RFC7644-3.9-04", "RFC7644-3.1-05"],
    text="A write-only attribute beside password is returned.",
)
def write_only_returned(provider: Provider) -> None:
    def reveal(resource: JSONObject, stored: JSONObject) -> None:
        if isinstance(resource.get(STAFF), dict):
            resource[STAFF] = {**resource[STAFF], "pin": "4711"}

    enrich(provider)
    provider.resource_hooks.append(reveal)


@deviation(
    "filter-on-hidden-crashes",
    breaks=["RFC7643-7-36", "RFC7643-4.1.1-22"],
    also=["RFC7644-3.12-15", "RFC7644-7.5.2-01", "RFC7644-3.12-26"],
    text="A filter on password is answered with 500.",
)
def filter_on_hidden_crashes(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Any:
        if text.lower().startswith("password"):
            raise ScimError("no such column", status=500)
        return original(ctx, text)

    wrap(provider, "parse_filter", parse)


# uniqueness, letter case --------------------------------------------------------------------------------------------


@deviation("server-uniqueness-not-kept", breaks=["RFC7643-7-38"], text="Two users may have one seat.")
def server_uniqueness_not_kept(provider: Provider) -> None:
    _forgive(provider, "seat")


@deviation("global-uniqueness-not-kept", breaks=["RFC7643-7-39"], text="Two users may have one passport.")
def global_uniqueness_not_kept(provider: Provider) -> None:
    _forgive(provider, "passport")


def _forgive(provider: Provider, name: str) -> None:
    """Let values of that attribute of the extension occur twice."""

    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        inner = {key: value for key, value in attributes.get(STAFF, {}).items() if key != name}
        original(ctx, {**attributes, STAFF: inner}, record_id)

    enrich(provider)
    wrap(provider, "check_uniqueness", check)


@deviation(
    "conflicts-answer-422",
    breaks=["RFC7643-7-40", "RFC7644-3.3-09", "RFC7644-3.5.1-11"],
    also=["RFC7644-3.12-12", "RFC7644-3.12-19", "RFC7644-3.5.2-25"],
    text="A value that is taken is refused with 422.",
)
def conflicts_answer_422(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        try:
            original(ctx, attributes, record_id)
        except Uniqueness as error:
            raise Uniqueness(error.detail, status=422) from None

    wrap(provider, "check_uniqueness", check)


@deviation(
    "case-exact-in-lower-case",
    breaks=["RFC7643-7-22"],
    also=["RFC7643-2.2-04", "RFC7643-7-21"],
    text="A case-exact attribute is stored in lower case.",
)
def case_exact_in_lower_case(provider: Provider) -> None:
    def lower(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if isinstance(attributes.get(STAFF), dict) and "code" in attributes[STAFF]:
            attributes[STAFF]["code"] = attributes[STAFF]["code"].lower()

    enrich(provider)
    edit_created(provider, lower)


@deviation(
    "required-part-not-demanded",
    breaks=["RFC7643-7-17"],
    text="A device without the required serial is accepted.",
)
def required_part_not_demanded(provider: Provider) -> None:
    parts = [attribute("serial", required=True), attribute("model")]
    item = attribute("desk", "complex", subAttributes=parts)

    def validate(original: Any, ctx: Context, body: JSON) -> JSONObject:
        desk = body.get("desk") if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(desk, dict) or "serial" in desk:
            return dict(original(ctx, body))
        attributes: JSONObject = original(ctx, {**body, "desk": {**desk, "serial": "none"}})
        del attributes["desk"]["serial"]
        return attributes

    definitions = provider.definitions.copy()
    next(schema for schema in definitions.schemas if schema["id"] == urns.USER)["attributes"].append(item)
    provider.redefine(definitions)
    wrap(provider, "validate_create", validate)
