"""Deviations of User's own attributes (RFC 7643 §4.1, §9)."""

from __future__ import annotations

from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import InvalidValue, ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.documents import change_attribute, change_published
from scimcheck.provider.faults.editing import edit_created, edit_replaced, edit_written, refuse_written, show
from scimcheck.provider.faults.registry import deviation, on_response, variant, wrap

# userName -----------------------------------------------------------------------------------------------------------


@deviation(
    "user-name-shown-empty",
    breaks=["RFC7643-4.1.1-01"],
    also=["RFC7644-3.1-05", "RFC7644-3.5.1-12", "RFC7644-3.1-04"],
    text="Lists of users show no userName.",
)
def user_name_shown_empty(provider: Provider) -> None:
    def hide(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "filter" not in request.query:
            for resource in reply.body.get("Resources", []):
                resource.pop("userName", None)

    on_response(provider, hide, method="GET", endpoint="/Users", status=200)


@deviation(
    "empty-user-names-accepted",
    breaks=["RFC7643-4.1.1-02"],
    also=["RFC7643-7-17", "RFC7643-4.1.1-01"],
    text="POST with an empty userName is accepted.",
)
def empty_user_names_accepted(provider: Provider) -> None:
    counter = iter(range(1, 1_000_000))

    def validate(original: Any, ctx: Context, body: JSON) -> JSONObject:
        if isinstance(body, dict) and body.get("userName") == "":
            body = {**body, "userName": f"unnamed-{next(counter)}"}
        attributes: JSONObject = original(ctx, body)
        return attributes

    wrap(provider, "validate_create", validate)


@deviation(
    "user-names-found-with-case",
    breaks=["RFC7643-4.1.1-04"],
    also=["RFC7644-3.4.2.2-45", "RFC7643-7-21", "RFC7643-2.2-03", "RFC7644-3.4.2.2-18", "ENTRA-2.2-10"],
    text="A filter on userName regards letter case.",
)
def user_names_found_with_case(provider: Provider) -> None:
    def candidates(original: Any, ctx: Context, shape: Any, filter: Any) -> Any:
        found = original(ctx, shape, filter)
        named = str(getattr(getattr(filter, "path", None), "name", "")).lower() == "username"
        if named and getattr(filter, "op", "") == "eq":
            return [record for record in found if record.attributes().get("userName") == filter.value]
        return found

    wrap(provider, "list_candidates", candidates)


@deviation(
    "user-names-not-prepared",
    breaks=["RFC7644-5-01"],
    also=["ENTRA-2.1-18", "ENTRA-2.2-14", "RFC7643-4.1.1-04", "RFC7644-7.8-01"],
    text="A userName in decomposed letters is another name than the composed one.",
    settings={"unique_across_cases": False},
)
def user_names_not_prepared(provider: Provider) -> None:
    """The setting, by which names are compared as they are stored, is all there is to it."""


@deviation(
    "nick-name-copied",
    breaks=["RFC7643-4.1.1-08"],
    also=["ENTRA-3.5-05", "RFC7644-3.3-08"],
    text="nickName is userName.",
)
def nick_name_copied(provider: Provider) -> None:
    def copy(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if ctx.endpoint == "/Users":
            attributes.setdefault("nickName", attributes["userName"])

    edit_created(provider, copy)


# singular attributes ------------------------------------------------------------------------------------------------


@deviation(
    "profile-url-refused",
    breaks=["RFC7643-4.1.1-09"],
    text="profileUrl may not have digits at its end.",
)
def profile_url_refused(provider: Provider) -> None:
    refuse_written(
        provider, lambda body: str(body.get("profileUrl", "")).endswith("/42"), InvalidValue("profileUrl is no URL")
    )


@deviation(
    "user-types-from-a-list",
    breaks=["RFC7643-4.1.1-10"],
    text="userType is Contractor, Employee or nothing, which the schema does not say.",
)
def user_types_from_a_list(provider: Provider) -> None:
    known = ("Contractor", "Employee", None)
    refuse_written(provider, lambda body: body.get("userType") not in known, InvalidValue("unknown userType"))


@deviation(
    "language-cut",
    breaks=["RFC7643-4.1.1-11"],
    text="preferredLanguage is cut to two letters.",
    also=["RFC7643-2.2-04", "RFC7644-3.5.1-02", "RFC7643-7-26"],
)
def language_cut(provider: Provider) -> None:
    edit_written(provider, _change("preferredLanguage", lambda value: value[:2]))


@deviation(
    "locale-with-blank",
    breaks=["RFC7643-4.1.1-12"],
    text="locale comes back with a blank for the hyphen.",
    also=["RFC7643-2.2-04", "RFC7644-3.5.1-02", "RFC7643-7-26"],
)
def locale_with_blank(provider: Provider) -> None:
    edit_written(provider, _change("locale", lambda value: value.replace("-", " ")))


@deviation(
    "timezone-as-offset",
    breaks=["RFC7643-4.1.1-14"],
    text="timezone comes back as an offset.",
    also=["RFC7643-2.2-04", "RFC7644-3.5.1-02", "RFC7643-7-26"],
)
def timezone_as_offset(provider: Provider) -> None:
    edit_written(provider, _change("timezone", lambda value: "+01:00"))


@deviation(
    "always-active",
    breaks=["RFC7643-4.1.1-15"],
    also=["ENTRA-3.5-09", "RFC7643-2.3.2-01"],
    text="active is always true.",
)
def always_active(provider: Provider) -> None:
    edit_written(provider, _change("active", lambda value: True))


def _change(name: str, change: Any) -> Any:
    """A change of one stored attribute, where it has a value."""

    def alter(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if name in attributes:
            attributes[name] = change(attributes[name])

    return alter


@deviation(
    "password-change-refused",
    breaks=["RFC7643-4.1.1-17"],
    text="PUT with a password is refused, though changePassword is supported.",
)
def password_change_refused(provider: Provider) -> None:
    def refuse(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if "password" in body:
            raise InvalidValue("passwords cannot be changed")

    edit_replaced(provider, refuse)


@deviation(
    "password-in-another-attribute",
    breaks=["RFC7643-4.1.1-16"],
    text="A password is shown as part of the title.",
)
def password_in_another_attribute(provider: Provider) -> None:
    def leak(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if isinstance(body.get("password"), str):
            attributes["title"] = f"initial password {body['password']}"

    edit_created(provider, leak)


# lists --------------------------------------------------------------------------------------------------------------


@deviation("phone-uris-refused", breaks=["RFC7643-4.1.2-04"], text="A telephone number may not be a tel: URI.")
def phone_uris_refused(provider: Provider) -> None:
    refuse_written(provider, lambda body: "tel:" in str(body.get("phoneNumbers")), InvalidValue("no telephone number"))


@deviation(
    "ims-types-of-its-own",
    breaks=["RFC7643-4.1.2-06"],
    also=["RFC7643-8.7.1-22", "RFC7643-8.7.1-01"],
    text="The canonical types of ims hold one that the standard does not know.",
)
def ims_types_of_its_own(provider: Provider) -> None:
    _publish(provider, "ims.type", ["aim", "carrier-pigeon"])


@deviation(
    "photo-types-of-its-own",
    breaks=["RFC7643-4.1.2-08"],
    also=["RFC7643-8.7.1-22", "RFC7643-8.7.1-01"],
    text="The canonical types of photos lack thumbnail.",
)
def photo_types_of_its_own(provider: Provider) -> None:
    _publish(provider, "photos.type", ["photo", "portrait"])


def _publish(provider: Provider, path: str, values: list[str]) -> None:
    change_published(provider, urns.USER, lambda schema: change_attribute(schema, path, {"canonicalValues": values}))


@deviation(
    "address-lines-joined",
    breaks=["RFC7643-4.1.2-09"],
    text="Line breaks in addresses.formatted are lost.",
)
def address_lines_joined(provider: Provider) -> None:
    def join(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        for item in attributes.get("addresses") or []:
            if "formatted" in item:
                item["formatted"] = item["formatted"].replace("\n", " ")

    edit_written(provider, join)


@deviation(
    "incomplete-addresses-refused",
    breaks=["RFC7643-4.1.2-09"],
    also=["ENTRA-2.1-18"],
    text="An address without a street is refused.",
)
def incomplete_addresses_refused(provider: Provider) -> None:
    def lacks(body: JSONObject) -> bool:
        items = body.get("addresses")
        return isinstance(items, list) and any(
            isinstance(item, dict) and "locality" in item and "streetAddress" not in item for item in items
        )

    refuse_written(provider, lacks, InvalidValue("streetAddress is required"))


@deviation(
    "countries-spelled-out",
    breaks=["RFC7643-4.1.2-10"],
    also=["RFC7643-4.1.2-09", "RFC7643-2.2-04", "RFC7644-3.5.1-02", "RFC7643-7-26"],
    text="A country code comes back as the name of the country.",
)
def countries_spelled_out(provider: Provider) -> None:
    names = {"SE": "Sweden", "US": "United States", "DE": "Germany", "FR": "France"}

    def spell(values: Any) -> Any:
        return [{**v, "country": names.get(v["country"], v["country"])} if "country" in v else v for v in values]

    show(provider, "addresses", spell, "User")


@deviation("roles-from-a-list", breaks=["RFC7643-4.1.2-16"], text="Roles come from a list that nobody publishes.")
def roles_from_a_list(provider: Provider) -> None:
    refuse_written(provider, lambda body: "deckhand" in str(body.get("roles")), InvalidValue("unknown role"))


# security -----------------------------------------------------------------------------------------------------------


@deviation(
    "quotes-crash",
    breaks=["RFC7643-9.2-02"],
    also=["RFC7644-3.3-01", "RFC7644-3.12-15", "RFC7643-2.3.1-01"],
    text="A text with an apostrophe is answered with 500.",
)
def quotes_crash(provider: Provider) -> None:
    refuse_written(
        provider,
        lambda body: any(isinstance(value, str) and "'" in value for value in body.values()),
        ScimError('unterminated string near "\'"', status=500),
    )


@deviation(
    "limited-clients-may-delete",
    breaks=["RFC7643-9.3-01"],
    also=["RFC7644-2-02", "RFC7644-3.12-10", "RFC7644-7.7-02", "RFC9110-15.5.4-01"],
    text="A token with read access may delete.",
)
def limited_clients_may_delete(provider: Provider) -> None:
    def authorize(original: Any, ctx: Context) -> None:
        if ctx.method != "DELETE":
            original(ctx)

    wrap(provider, "authorize", authorize)


variant(
    "password-changes-not-supported",
    reading="RFC7643-4.1.1-17",
    text="changePassword is not supported.",
    settings={"change_password_supported": False},
)
