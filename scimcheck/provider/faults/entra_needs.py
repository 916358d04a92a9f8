"""Deviations of Entra's needs beside PATCH's forms: probes, tokens, limits, stale links, disabled users, addresses."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import InvalidPath, InvalidValue, ScimError, Uniqueness
from scimcheck.core.http import Request
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.entra_forms import rewrite, with_path
from scimcheck.provider.faults.registry import deviation, on_request, on_response, variant, wrap
from scimcheck.provider.store import Record
from scimcheck.provider.tokens import Token

_USERS = "/Users"
_FORMER = re.compile(r"(^|&)AzureAdScimPatch\d+($|[&=])")


# --- connection ------------------------------------------------------------------------------------------------------


@deviation("surplus-slash-unknown", breaks=["ENTRA-1.1-01"], text="Two slashes before Users are another path.")
def surplus_slash_unknown(provider: Provider) -> None:
    def elsewhere(request: Request) -> Request | None:
        if not request.path.startswith("//"):
            return None
        return Request(request.method, f"/nowhere{request.path[1:]}", request.query, request.headers, request.body)

    on_request(provider, elsewhere)


@deviation("display-name-probe-refused", breaks=["ENTRA-1.2-06"], text="A GUID is refused as the name of a user.")
def display_name_probe_refused(provider: Provider) -> None:
    guid = re.compile(r"filter=displayName\+eq\+%22[0-9a-f-]{36}%22", re.IGNORECASE)

    def refuse(request: Request, reply: Reply) -> None:
        if guid.search(request.query):
            reply.status, reply.body = 400, ScimError("no such name", scim_type="invalidFilter").body()

    on_response(provider, refuse, method="GET", endpoint=_USERS, status=200)


@deviation(
    "forged-entra-tokens-accepted", breaks=["ENTRA-1.4-08"], text="JWTs that name Entra as issuer are not verified."
)
def forged_entra_tokens_accepted(provider: Provider) -> None:
    def check_token(original: Any, ctx: Context, value: str) -> Token:
        trusted = _claims(value).get("iss", "").startswith("https://sts.windows.net/")
        token: Token = ctx.settings.tokens[0] if trusted else original(ctx, value)
        return token

    wrap(provider, "check_token", check_token)


def _claims(token: str) -> JSONObject:
    """The claims of a JWT; empty for anything else."""
    try:
        payload = token.split(".")[1]
        claims: JSONObject = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims


# --- limits ----------------------------------------------------------------------------------------------------------


@deviation("large-pages-refused", breaks=["ENTRA-2.1-21"], text="A count above 500 is refused.")
def large_pages_refused(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        count = re.search(r"(?:^|&)count=(\d+)", request.query)
        if count is not None and int(count[1]) > 500:
            reply.status, reply.body = 400, InvalidValue("count is above 500").body()

    on_response(provider, refuse, method="GET", endpoint=_USERS, status=200)


def _throttle(provider: Provider, status: int) -> None:
    """Refuse reads of one user that follow each other, from the sixteenth on."""
    row: list[str] = []

    def refuse(request: Request, reply: Reply) -> None:
        read = request.method == "GET" and request.path.startswith(f"{_USERS}/") and not request.query
        if not read or request.path not in row[-1:]:
            row.clear()
        row.append(request.path if read else "")
        if read and len(row) > 15:
            reply.status, reply.body = status, ScimError("slow down", status=status).body()

    on_response(provider, refuse)


@deviation(
    "throttling-answers-503",
    breaks=["ENTRA-2.3-01", "ENTRA-2.3-02"],
    text="More than fifteen reads of one user in a row are refused with 503.",
)
def throttling_answers_503(provider: Provider) -> None:
    _throttle(provider, 503)


@deviation(
    "throttling-without-retry-after",
    breaks=["ENTRA-2.3-01"],
    text="More than fifteen reads of one user in a row are refused with 429, which says nothing of how long to wait.",
)
def throttling_without_retry_after(provider: Provider) -> None:
    _throttle(provider, 429)


@deviation(
    "retry-after-in-words", breaks=["RFC9110-10.2.3-01"], text="404 comes with Retry-After: never, which is no date."
)
def retry_after_in_words(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.headers.update({"Retry-After": "never"}), status=404)


# --- the flag and stale links ----------------------------------------------------------------------------------------


@deviation("former-flag-refused", breaks=["ENTRA-3.1-06"], text="The flag's former names are refused in a query.")
def former_flag_refused(provider: Provider) -> None:
    def authorize(original: Any, ctx: Context) -> None:
        original(ctx)
        if _FORMER.search(ctx.request.query):
            raise ScimError("unknown query parameter")

    wrap(provider, "authorize", authorize)


@deviation(
    "stale-links-answer-400",
    breaks=["ENTRA-4.7-05"],
    also=["RFC7644-3.6-02", "RFC7644-3.5.2-24", "RFC7644-3.12-11"],
    text="A change of a user that does not exist is answered with 400.",
)
def stale_links_answer_400(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        reply.status, reply.body = 400, InvalidValue("no such user").body()

    on_response(provider, refuse, method="PATCH", endpoint=_USERS, status=404)


@deviation(
    "misspelt-members-of-put-refused",
    breaks=["ENTRA-8.3-02"],
    text="PUT with a member that no schema knows is refused.",
)
def misspelt_members_of_put_refused(provider: Provider) -> None:
    def replace(original: Any, ctx: Context, current: JSONObject, body: JSON) -> JSONObject:
        shape = ctx.typed()
        if isinstance(body, dict) and any(":" not in name and not _known(shape.model, name) for name in body):
            raise InvalidValue("unknown attribute")
        attributes: JSONObject = original(ctx, current, body)
        return attributes

    wrap(provider, "validate_replace", replace)


def _known(model: Any, name: str) -> bool:
    return name.lower() in ("schemas", "id", "externalid", "meta") or model.core.attribute(name) is not None


# --- disabled users --------------------------------------------------------------------------------------------------


def _is_disabled(ctx: Context) -> bool:
    record = ctx.store.get("User", ctx.target or "")
    return record is not None and record.attributes().get("active") is False


@deviation(
    "disabled-users-cannot-be-deleted",
    breaks=["ENTRA-4.5-05"],
    also=["ENTRA-2.1-11", "ENTRA-2.1-17", "ENTRA-3.1-04", "ENTRA-4.7-05", "RFC7644-3.6-01", "RFC7644-3.6-02"],
    text="DELETE does not find a disabled user.",
)
def disabled_users_cannot_be_deleted(provider: Provider) -> None:
    def drop(original: Any, ctx: Context, record: Record) -> None:
        if record.type_name == "User" and record.attributes().get("active") is False:
            raise ScimError("no such user", status=404)
        original(ctx, record)

    wrap(provider, "store_delete", drop)


@deviation(
    "changes-enable-again",
    breaks=["ENTRA-4.5-06"],
    also=["RFC7644-3.5.2.1-05", "RFC7644-3.5.2.3-02"],
    text="A change without active enables a disabled user.",
)
def changes_enable_again(provider: Provider) -> None:
    def enable(ctx: Context, listed: list[Any]) -> list[Any]:
        about = any("active" in str(item).lower() for item in listed)
        return listed if about or not _is_disabled(ctx) else [*listed, {"op": "add", "path": "active", "value": True}]

    rewrite(provider, enable, _USERS)


@deviation(
    "disabled-users-do-not-change", breaks=["ENTRA-4.5-06"], text="Changes of a disabled user succeed without effect."
)
def disabled_users_do_not_change(provider: Provider) -> None:
    def freeze(ctx: Context, listed: list[Any]) -> list[Any]:
        about = any("active" in str(item).lower() for item in listed)
        return listed if about or not _is_disabled(ctx) else []

    rewrite(provider, freeze, _USERS)


# --- addresses -------------------------------------------------------------------------------------------------------


def _addresses(attributes: JSONObject) -> list[str]:
    return [str(entry.get("value", "")) for entry in attributes.get("emails", []) if isinstance(entry, dict)]


@deviation(
    "addresses-are-unique",
    breaks=["ENTRA-4.3-09"],
    also=["RFC7643-2.3.8-01", "RFC7643-3-06"],
    text="Two users may not share an e-mail address.",
)
def addresses_are_unique(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        original(ctx, attributes, record_id)
        wanted = set(_addresses(attributes)) if record_id is None else set()
        if wanted and any(wanted & set(_addresses(record.attributes())) for record in ctx.store.snapshot("User")):
            raise Uniqueness("the e-mail address is in use")

    wrap(provider, "check_uniqueness", check)


@deviation(
    "letter-case-of-address-refused",
    breaks=["ENTRA-3.6-10"],
    text="An address that differs in letter case only is taken for a change of what must not change.",
)
def letter_case_of_address_refused(provider: Provider) -> None:
    form = with_path("replace", "Replace", matching=lambda path: path.startswith("emails["), value=str)

    def compare(ctx: Context, listed: list[Any]) -> list[Any]:
        record = ctx.store.get("User", ctx.target or "")
        held = _addresses(record.attributes()) if record is not None else []
        for item in listed:
            if form(item) and any(old != item["value"] and old.lower() == item["value"].lower() for old in held):
                raise InvalidValue("the e-mail address must not change")
        return listed

    rewrite(provider, compare, _USERS)


@variant(
    "addresses-keep-their-letter-case",
    reading="ENTRA-3.6-10",
    text="A replacement of an e-mail address that differs in letter case only changes nothing.",
)
def addresses_keep_their_letter_case(provider: Provider) -> None:
    form = with_path("replace", "Replace", matching=lambda path: path.startswith("emails["), value=str)

    def keep(ctx: Context, listed: list[Any]) -> list[Any]:
        record = ctx.store.get("User", ctx.target or "")
        held = [address.lower() for address in _addresses(record.attributes())] if record is not None else []
        return [item for item in listed if not (form(item) and item["value"].lower() in held)]

    rewrite(provider, keep, _USERS)


@deviation(
    "manager-value-path-refused",
    breaks=["ENTRA-3.2-61"],
    text="manager.value behind the extension's URN is no path.",
)
def manager_value_path_refused(provider: Provider) -> None:
    def refuse(ctx: Context, listed: list[Any]) -> list[Any]:
        if any(item.get("path") == f"{urns.ENTERPRISE_USER}:manager.value" for item in listed):
            raise InvalidPath("one level of attributes is known behind a URN")
        return listed

    rewrite(provider, refuse, _USERS)
