"""Variants of values: rules that texts have to follow, and the canonical forms that a provider gives them.

RFC 7643 §2.3 and §4.1 and RFC 7644 §3.3 leave both to the provider; what is refused is refused with invalidValue.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from scimcheck.core.errors import InvalidValue
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.urns import USER
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.documents import change_attribute
from scimcheck.provider.faults.registry import change_schema, variant, wrap

Settle = Callable[[JSONObject], None]
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_LANGUAGES = re.compile(r"[A-Za-z0-9*-]+(?:\s*;\s*q=[0-9.]+)?(?:\s*,\s*[A-Za-z0-9*-]+(?:\s*;\s*q=[0-9.]+)?)*")


def _settled(provider: Provider, settle: Settle, *endpoints: str) -> None:
    """Let ``settle`` change in place, or refuse, what is going to be stored at these endpoints, or at all."""

    def step(original: Any, ctx: Context, *arguments: Any) -> JSONObject:
        new: JSONObject = original(ctx, *arguments)
        if not endpoints or ctx.endpoint in endpoints:
            settle(new)
        return new

    for name in ("validate_create", "validate_replace", "validate_patched"):
        wrap(provider, name, step)


def _texts(value: JSON, change: Callable[[str], str]) -> JSON:
    """The value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_texts(each, change) for each in value]
    if isinstance(value, dict):
        return {name: each if name == "schemas" else _texts(each, change) for name, each in value.items()}
    return value


def _all_texts(provider: Provider, change: Callable[[str], str]) -> None:
    """Store every text, but for passwords and external ids, as ``change`` makes it."""

    def settle(new: JSONObject) -> None:
        for name, value in list(new.items()):
            if name not in ("schemas", "password", "externalId"):
                new[name] = _texts(value, change)

    _settled(provider, settle)


def _values(new: JSONObject, name: str) -> list[JSONObject]:
    return [each for each in new.get(name) or () if isinstance(each, dict)]


# --- rules ------------------------------------------------------------------------------------------------------------


def _check(holds: object, told: str) -> None:
    if not holds:
        raise InvalidValue(told)


@variant(
    "formats-enforced",
    reading="RFC7643-2.2-02",
    text="Texts have to have the format that the standard documents for their attribute.",
)
def formats_enforced(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        if new.get("locale"):
            _check(_LANGUAGE.fullmatch(str(new["locale"])), "locale is a language tag")
        if new.get("preferredLanguage"):
            _check(_LANGUAGES.fullmatch(str(new["preferredLanguage"])), "preferredLanguage is as in Accept-Language")
        if new.get("timezone"):
            _check(re.fullmatch(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*", str(new["timezone"])), "timezone is of the IANA")
        if new.get("profileUrl"):
            _check(urlsplit(str(new["profileUrl"])).scheme, "profileUrl is a URI")
        for each in _values(new, "emails"):
            _check(re.fullmatch(r"[^@\s]+@[^@\s]+", str(each.get("value"))), "an e-mail address has one @")
        for each in _values(new, "photos"):
            _check(urlsplit(str(each.get("value"))).scheme, "a photo is a URI")

    _settled(provider, settle, "/Users")


@variant(
    "telephone-numbers-checked",
    reading="RFC7643-4.1.2-04",
    text="Telephone numbers have digits, blanks and signs, or are tel: URIs.",
)
def telephone_numbers_checked(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        for each in _values(new, "phoneNumbers"):
            _check(re.fullmatch(r"(?:tel:)?\+?[0-9 ()./;=a-z-]+", str(each.get("value"))), "no telephone number")

    _settled(provider, settle, "/Users")


@variant(
    "countries-checked",
    reading="RFC7643-4.1.2-10",
    text="Countries that are not two letters are refused.",
)
def countries_checked(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        for each in _values(new, "addresses"):
            if each.get("country"):
                _check(re.fullmatch("[A-Za-z]{2}", str(each["country"])), "a country is two letters")

    _settled(provider, settle, "/Users")


@variant(
    "markup-refused",
    reading="RFC7643-9.2-02",
    text="Texts that look like markup or like database commands are refused.",
)
def markup_refused(provider: Provider) -> None:
    hostile = re.compile(r"[<>]|--|;\s*drop|\$\{|\)\(|'\s*or\s|\x00", re.IGNORECASE)

    def settle(new: JSONObject) -> None:
        _texts({name: value for name, value in new.items() if name != "password"}, check)

    def check(text: str) -> str:
        _check(not hostile.search(text), "these characters are not accepted")
        return text

    _settled(provider, settle)


@variant(
    "passwords-have-a-policy",
    reading="RFC7643-4.1.1-17",
    text="A password has twelve characters of three kinds at least.",
)
def passwords_have_a_policy(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        password = new.get("password")
        if isinstance(password, str):
            kinds = ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]")
            found = sum(1 for kind in kinds if re.search(kind, password))
            _check(len(password) >= 12 and found >= 3, "the password is too weak")

    _settled(provider, settle, "/Users")


@variant(
    "user-names-are-addresses",
    reading="RFC7644-5-01",
    text="userName has the form of an e-mail address.",
)
def user_names_are_addresses(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        _check(re.fullmatch(r"[^@\s]+@[^@\s]+", str(new.get("userName"))), "userName is an e-mail address")

    _settled(provider, settle, "/Users")


# --- canonical forms --------------------------------------------------------------------------------------------------


@variant(
    "profile-urls-normalised",
    reading="RFC7643-4.1.1-09",
    text="profileUrl is stored in normal form: scheme and host in lower case, an empty path as a slash.",
)
def profile_urls_normalised(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        if isinstance(new.get("profileUrl"), str):
            parts = urlsplit(new["profileUrl"])
            if parts.scheme in ("http", "https"):
                new["profileUrl"] = parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl()

    _settled(provider, settle, "/Users")


@variant(
    "texts-normalised",
    reading="RFC7644-7.8-01",
    text="Every text is stored in normalisation form C.",
)
def texts_normalised(provider: Provider) -> None:
    _all_texts(provider, lambda text: unicodedata.normalize("NFC", text))


@variant(
    "blanks-trimmed",
    reading="RFC7643-7-23",
    text="Blanks around texts are dropped.",
)
def blanks_trimmed(provider: Provider) -> None:
    _all_texts(provider, str.strip)


@variant(
    "countries-in-capitals",
    reading="RFC7643-2.4-07",
    text="Countries are stored in capital letters, types of values in small ones.",
)
def countries_in_capitals(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        for each in _values(new, "addresses"):
            if isinstance(each.get("country"), str):
                each["country"] = each["country"].upper()
        for name in ("emails", "phoneNumbers", "addresses"):
            for each in _values(new, name):
                if isinstance(each.get("type"), str):
                    each["type"] = each["type"].lower()

    _settled(provider, settle, "/Users")


@variant(
    "domains-in-small-letters",
    reading="RFC7643-4.1.2-01",
    text="The domain of an e-mail address is stored in small letters.",
)
def domains_in_small_letters(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        for each in _values(new, "emails"):
            local, sign, domain = str(each.get("value")).rpartition("@")
            if sign:
                each["value"] = local + sign + domain.lower()

    _settled(provider, settle, "/Users")


@variant(
    "telephone-numbers-compact",
    reading="RFC7643-4.1.2-04",
    text="Telephone numbers are stored without blanks, brackets and hyphens.",
)
def telephone_numbers_compact(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        for each in _values(new, "phoneNumbers"):
            if isinstance(each.get("value"), str) and not each["value"].startswith("tel:"):
                each["value"] = re.sub(r"[ ()./-]", "", each["value"])

    _settled(provider, settle, "/Users")


# --- what the provider adds -------------------------------------------------------------------------------------------


@variant(
    "display-names-supplied",
    reading="RFC7644-3.3-11",
    text="A missing displayName is made of the name, or else of userName.",
)
def display_names_supplied(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        name = new.get("name")
        parts = [name.get("givenName"), name.get("familyName")] if isinstance(name, dict) else []
        made = " ".join(part for part in parts if isinstance(part, str)) or new.get("userName")
        if not new.get("displayName") and isinstance(made, str):
            new["displayName"] = made

    _settled(provider, settle, "/Users")


@variant(
    "null-means-the-default",
    reading="RFC7644-3.3-08",
    text="Every user is active or not: who sends null gets the default.",
)
def null_means_the_default(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        if new.get("active") is None:
            new["active"] = True

    _settled(provider, settle, "/Users")


@variant(
    "values-get-a-type",
    reading="RFC7643-2.4-07",
    text="A value of emails, telephone numbers or addresses without a type becomes one of work.",
)
def values_get_a_type(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        for name in ("emails", "phoneNumbers", "addresses"):
            for each in _values(new, name):
                if not each.get("type"):
                    each["type"] = "work"

    _settled(provider, settle, "/Users")


@variant(
    "values-get-a-display",
    reading="RFC7643-2.4-10",
    text="A value of emails or telephone numbers without display shows itself there.",
)
def values_get_a_display(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        for name in ("emails", "phoneNumbers"):
            for each in _values(new, name):
                if not each.get("display") and isinstance(each.get("value"), str):
                    each["display"] = each["value"]

    _settled(provider, settle, "/Users")


@variant(
    "empty-texts-are-no-values",
    reading="RFC7644-3.4.2.2-15",
    text="An empty text is stored as no value.",
)
def empty_texts_are_no_values(provider: Provider) -> None:
    def settle(new: JSONObject) -> None:
        for name in [name for name, value in new.items() if value == "" and name != "userName"]:
            del new[name]

    _settled(provider, settle)


# --- definitions of User ----------------------------------------------------------------------------------------------


@variant(
    "addresses-declared-unique",
    reading="ENTRA-4.3-09",
    text="The address of a user is declared, and is, unique.",
)
def addresses_declared_unique(provider: Provider) -> None:
    change_schema(provider, USER, lambda schema: change_attribute(schema, "emails.value", {"uniqueness": "server"}))


@variant(
    "user-names-never-change",
    reading="RFC7643-8.7.1-01",
    text="userName is declared, and is, immutable.",
    costs=["ENTRA-3.2-04", "ENTRA-3.2-58"],
)
def user_names_never_change(provider: Provider) -> None:
    change_schema(provider, USER, lambda schema: change_attribute(schema, "userName", {"mutability": "immutable"}))


@variant(
    "display-names-are-computed",
    reading="RFC7643-8.7.1-03",
    text="displayName of a user is declared readOnly, and is made of other attributes.",
)
def display_names_are_computed(provider: Provider) -> None:
    change_schema(provider, USER, lambda schema: change_attribute(schema, "displayName", {"mutability": "readOnly"}))


@variant(
    "names-and-addresses-required",
    reading="RFC7643-8.7.1-02",
    text="A user has to have a family name and an e-mail address.",
)
def names_and_addresses_required(provider: Provider) -> None:
    def demand(schema: JSONObject) -> None:
        for path in ("name", "name.familyName", "emails"):
            change_attribute(schema, path, {"required": True})

    change_schema(provider, USER, demand)


@variant(
    "passwords-required",
    reading="RFC7643-8.7.1-12",
    text="A user has to have a password.",
)
def passwords_required(provider: Provider) -> None:
    change_schema(provider, USER, lambda schema: change_attribute(schema, "password", {"required": True}))


@variant(
    "groups-shown-on-request",
    reading="RFC7643-4.1.2-12",
    text="The groups of a user are returned on request.",
)
def groups_shown_on_request(provider: Provider) -> None:
    change_schema(provider, USER, lambda schema: change_attribute(schema, "groups", {"returned": "request"}))


@variant(
    "types-of-emails-listed",
    reading="RFC7643-8.7.1-13",
    text="emails, telephone numbers and addresses know the types that are listed alone; emails.display is readOnly.",
)
def types_listed(provider: Provider) -> None:
    def narrow(schema: JSONObject) -> None:
        change_attribute(schema, "emails.type", {"canonicalValues": ["work"]})
        change_attribute(schema, "emails.display", {"mutability": "readOnly"})

    change_schema(provider, USER, narrow)
    from scimcheck.provider.faults.registry import change_settings

    change_settings(provider, noncanonical_values="refuse")
