"""Deviations of data types, multi-valued attributes and references in resources (RFC 7643 §2.3, §2.4)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import InvalidValue, ScimError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.values import type_error
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.editing import edit_created, edit_written, refuse_written, show, show_meta
from scimcheck.provider.faults.enriching import STAFF, enrich
from scimcheck.provider.faults.registry import change_settings, deviation, on_resource, variant, wrap


def _show_staff(provider: Provider, name: str, change: Callable[[Any], Any]) -> None:
    """Let ``change(value)`` replace an attribute of the further extension wherever it is shown."""

    def alter(resource: JSONObject, stored: JSONObject) -> None:
        inner = resource.get(STAFF)
        if isinstance(inner, dict) and name in inner:
            resource[STAFF] = {**inner, name: change(inner[name])}

    enrich(provider)
    on_resource(provider, alter, resource_type="User")


def _parts(name: str, change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A change of one sub-attribute of every element of a list."""
    return lambda values: [
        {**value, name: change(value[name])} if isinstance(value, dict) and name in value else value for value in values
    ]


@deviation(
    "booleans-as-texts",
    breaks=["RFC7643-2.3.2-01"],
    also=["RFC7644-3.5.2-18", "RFC7643-4.1.1-15", "RFC7644-3.1-05"],
    text="active is the text True or False.",
)
def booleans_as_texts(provider: Provider) -> None:
    show(provider, "active", str, "User")


@deviation(
    "primary-as-text",
    breaks=["RFC7643-2.3.2-01"],
    also=["ENTRA-3.2-24", "ENTRA-3.2-25", "RFC7643-2.2-04", "RFC7644-3.4.2.3-03", "RFC7644-3.1-05"],
    text="primary is a text.",
)
def primary_as_text(provider: Provider) -> None:
    for name in ("emails", "phoneNumbers"):
        show(provider, name, _parts("primary", lambda value: str(value).lower()), "User")


@deviation(
    "texts-as-numbers",
    breaks=["RFC7643-2.3.1-01"],
    also=["ENTRA-2.2-04", "ENTRA-3.5-04", "RFC7643-4.3-02", "RFC7644-3.1-05"],
    text="employeeNumber is a JSON number.",
)
def texts_as_numbers(provider: Provider) -> None:
    def alter(resource: JSONObject, stored: JSONObject) -> None:
        inner = resource.get(urns.ENTERPRISE_USER)
        if isinstance(inner, dict) and str(inner.get("employeeNumber", "")).isdigit():
            resource[urns.ENTERPRISE_USER] = {**inner, "employeeNumber": int(inner["employeeNumber"])}

    on_resource(provider, alter, resource_type="User")


@deviation(
    "texts-lose-letters",
    breaks=["RFC7643-2.3.1-01"],
    also=["ENTRA-2.2-04", "RFC7644-3.8-01", "RFC7644-5-01", "RFC7644-7.8-01"],
    text="Letters beyond ASCII become question marks.",
)
def texts_lose_letters(provider: Provider) -> None:
    def flatten(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        for name in ("displayName", "nickName", "title"):
            if isinstance(attributes.get(name), str):
                attributes[name] = attributes[name].encode("ascii", "replace").decode()

    edit_created(provider, flatten)


@deviation(
    "long-texts-crash",
    breaks=["RFC7643-2.3.1-01"],
    also=["RFC7644-3.12-15"],
    text="A text of more than 255 characters is answered with 500.",
)
def long_texts_crash(provider: Provider) -> None:
    refuse_written(
        provider,
        lambda body: any(isinstance(value, str) and len(value) > 255 for value in body.values()),
        ScimError("value too long for column", status=500),
    )


@deviation("decimals-as-texts", breaks=["RFC7643-2.3.3-01"], also=["RFC7644-3.1-05"], text="A decimal is a text.")
def decimals_as_texts(provider: Provider) -> None:
    _show_staff(provider, "rate", str)


@deviation("integers-with-fraction", breaks=["RFC7643-2.3.4-01"], also=["RFC7644-3.1-05"], text="An integer is 3.0.")
def integers_with_fraction(provider: Provider) -> None:
    _show_staff(provider, "grade", lambda value: value + 0.5)


@deviation(
    "times-in-local-form",
    breaks=["RFC7643-2.3.5-01"],
    also=["RFC7643-3.1-21", "RFC7643-3.1-23", "RFC7643-3.1-24"],
    text="Times of meta have a blank between date and time.",
)
def times_in_local_form(provider: Provider) -> None:
    for name in ("created", "lastModified"):
        show_meta(provider, name, lambda value: value.replace("T", " "))


@deviation(
    "last-modified-as-number",
    breaks=["RFC7643-2.3.5-01"],
    text="meta.lastModified is a number of seconds.",
)
def last_modified_as_number(provider: Provider) -> None:
    show_meta(provider, "lastModified", lambda value: 1700000000)


@deviation("any-text-is-a-date", breaks=["RFC7643-2.3.5-02"], text="A dateTime attribute takes any text.")
def any_text_is_a_date(provider: Provider) -> None:
    def validate(original: Any, ctx: Context, body: JSON) -> JSONObject:
        inner = body.get(STAFF) if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(inner, dict) or not isinstance(inner.get("since"), str):
            return dict(original(ctx, body))
        located = ctx.typed().model.find(STAFF, "since")
        if located is None or not type_error(inner["since"], located.attribute):
            return dict(original(ctx, body))
        attributes: JSONObject = original(ctx, {**body, STAFF: {**inner, "since": "2020-01-01T00:00:00Z"}})
        del attributes[STAFF]["since"]
        return attributes

    enrich(provider)
    wrap(provider, "validate_create", validate)


@deviation(
    "binary-in-hexadecimal",
    breaks=["RFC7643-2.3.6-01"],
    also=["RFC7643-2.3.6-02", "RFC7643-4.1.2-17", "RFC7644-3.1-05"],
    text="Certificates are shown with line breaks and dashes.",
)
def binary_in_hexadecimal(provider: Provider) -> None:
    show(provider, "x509Certificates", _parts("value", lambda value: f"-----BEGIN-----{value}"), "User")


@deviation(
    "binary-folded",
    breaks=["RFC7643-2.3.6-02"],
    also=["RFC7643-2.2-04", "RFC7643-4.1.2-17", "RFC7643-4.1.2-18", "RFC7643-2.3.6-01"],
    text="Binary values are stored in lower case.",
)
def binary_folded(provider: Provider) -> None:
    def lower(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        inner = attributes.get(STAFF, {})
        if "picture" in inner:
            inner["picture"] = inner["picture"].lower()

    enrich(provider)
    edit_created(provider, lower)


@deviation(
    "certificates-in-url-alphabet",
    breaks=["RFC7643-4.1.2-17"],
    also=["RFC7643-2.3.6-02", "RFC7643-4.1.2-18"],
    text="Certificates come back in the alphabet for URLs.",
)
def certificates_in_url_alphabet(provider: Provider) -> None:
    show(
        provider,
        "x509Certificates",
        _parts("value", lambda value: value.replace("+", "-").replace("/", "_")),
        "User",
    )


@deviation(
    "certificates-in-one-value",
    breaks=["RFC7643-4.1.2-18"],
    also=["RFC7643-2.3.6-02", "RFC7644-3.1-05"],
    text="A certificate comes back twice in one value.",
)
def certificates_in_one_value(provider: Provider) -> None:
    def double(value: str) -> str:
        try:
            return base64.b64encode(base64.b64decode(value) * 2).decode()
        except ValueError:
            return value

    show(provider, "x509Certificates", _parts("value", double), "User")


@deviation(
    "references-with-blanks",
    breaks=["RFC7643-2.3.7-01"],
    also=["RFC7643-4.1.1-09", "RFC7644-3.1-05"],
    text="profileUrl is shown with a label behind the URL.",
)
def references_with_blanks(provider: Provider) -> None:
    show(provider, "profileUrl", lambda value: f"{value} (profile)", "User")


@deviation("references-folded", breaks=["RFC7643-2.3.7-03"], text="profileUrl is stored in lower case.")
def references_folded(provider: Provider) -> None:
    def lower(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if isinstance(attributes.get("profileUrl"), str):
            attributes["profileUrl"] = attributes["profileUrl"].lower()

    edit_written(provider, lower)


@deviation(
    "one-element-is-no-array",
    breaks=["RFC7643-2.4-01"],
    also=[
        "ENTRA-2.2-16",
        "ENTRA-3.6-02",
        "RFC7644-3.5.2.2-04",
        "RFC7644-3.5.2.3-01",
        "RFC7644-3.5.2.3-03",
        "RFC7644-3.5.2.3-04",
        "RFC7643-2.4-08",
        "RFC7644-3.1-05",
    ],
    text="A list with one element is shown as this element.",
)
def one_element_is_no_array(provider: Provider) -> None:
    show(provider, "emails", lambda values: values[0] if len(values) == 1 else values, "User")


@deviation(
    "elements-are-texts",
    breaks=["RFC7643-2.4-01"],
    also=[
        "ENTRA-2.2-04",
        "ENTRA-3.2-18",
        "ENTRA-3.2-19",
        "RFC7643-2.2-04",
        "RFC7644-3.5.2.3-04",
        "RFC7644-3.8-08",
        "RFC7644-3.5.2-18",
        "RFC7643-4.2-05",
        "RFC7644-3.1-05",
    ],
    text="Elements of emails are shown as texts.",
)
def elements_are_texts(provider: Provider) -> None:
    show(provider, "emails", lambda values: [value.get("value") for value in values], "User")


@deviation(
    "several-primaries",
    breaks=["RFC7643-2.4-03", "RFC7643-2.4-04"],
    text="Two primary values are stored as they are sent.",
    also=["RFC7644-3.5.2-14"],
)
def several_primaries(provider: Provider) -> None:
    def restore(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        sent = body.get("emails")
        for stored, item in zip(attributes.get("emails") or [], sent if isinstance(sent, list) else [], strict=False):
            if isinstance(item, dict) and item.get("primary") is True:
                stored["primary"] = True

    change_settings(provider, several_primaries="first")
    edit_written(provider, restore)


@deviation(
    "every-value-primary",
    breaks=["RFC7643-2.4-05", "RFC7643-2.4-03"],
    text="Values that were sent without primary are stored as primary.",
    also=["RFC7644-3.9-08", "RFC7643-2.4-04", "RFC7644-3.1-05", "RFC7644-3.5.2-14"],
)
def every_value_primary(provider: Provider) -> None:
    show(provider, "emails", lambda values: [{**value, "primary": True} for value in values], "User")


@deviation("values-repeated", breaks=["RFC7643-2.4-08"], text="Equal values of emails are all stored.")
def values_repeated(provider: Provider) -> None:
    def restore(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        sent = body.get("emails")
        if isinstance(sent, list) and len(sent) > 1 and sent[0] == sent[1]:
            attributes["emails"] = sent

    edit_written(provider, restore)


@deviation(
    "undefined-display-changes",
    breaks=["RFC7643-2.4-10"],
    text="A PATCH changes the display of a member, which no schema defines.",
    settings={"member_display": False},
)
def undefined_display_changes(provider: Provider) -> None:
    labels: dict[str, str] = {}

    def parse(original: Any, ctx: Context, body: JSON) -> Any:
        operations = body.get("Operations") if isinstance(body, dict) else None
        first = operations[0] if isinstance(operations, list) and operations else {}
        found = re.search(r'members\[value eq "([^"]+)"\]\.display', str(first.get("path")))
        if found and isinstance(first, dict):
            labels[found[1]] = str(first.get("value"))
            return ()
        return original(ctx, body)

    def reveal(values: Any) -> Any:
        return [{**value, "display": labels.get(value["value"], "member")} for value in values]

    show(provider, "members", reveal, "Group")
    wrap(provider, "parse_patch", parse)


@deviation(
    "versioned-references-refused",
    breaks=["RFC7643-2.4-06"],
    text="A member's $ref without the version segment is refused.",
    settings={"base_url": "https://scim.example.test/scim/v2"},
)
def versioned_references_refused(provider: Provider) -> None:
    def refuse(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        members = body.get("members")
        for item in members if isinstance(members, list) else []:
            if isinstance(item, dict) and "/v2/" not in str(item.get("$ref", "/v2/")):
                raise InvalidValue("members.$ref is not a resource of this version")

    edit_created(provider, refuse)


variant(
    "members-without-display",
    reading="RFC7643-2.4-10",
    text="Members of groups have no display.",
    settings={"member_display": False},
)
variant(
    "versioned-base-url",
    reading="RFC7643-2.4-06",
    text="The base URL has a version segment.",
    settings={"base_url": "https://scim.example.test/scim/v2"},
)
variant(
    "last-primary-stays",
    reading="RFC7643-2.4-04",
    text="Of two primary values the last one stays primary.",
    settings={"several_primaries": "last"},
)
variant(
    "repeated-values-refused",
    reading="RFC7643-2.4-08",
    text="Equal values of a multi-valued attribute are refused.",
    settings={"duplicate_values": "refuse"},
)
variant(
    "unlisted-values-refused",
    reading="RFC7643-2.3.1-02",
    text="Values beside the canonical ones are refused.",
    settings={"noncanonical_values": "refuse"},
)
