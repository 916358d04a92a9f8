"""Deviations of parts and booleans in what is written and shown (RFC 7643 §2.4, §7, RFC 7644 §3.5.1, §3.9)."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import Uniqueness
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.editing import edit_created, edit_replaced, edit_written
from scimcheck.provider.faults.registry import deviation, wrap


@deviation(
    "read-only-part-written",
    breaks=["RFC7643-7-25"],
    also=["RFC7643-8.7.1-02"],
    text="name.formatted is published as read-only, and clients change it.",
)
def read_only_part_written(provider: Provider) -> None:
    def publish(original: Any, ctx: Context) -> list[JSONObject]:
        listed: list[JSONObject] = original(ctx)
        return [_published(schema) if schema["id"] == urns.USER else schema for schema in listed]

    wrap(provider, "schemas", publish)


def _published(schema: JSONObject) -> JSONObject:
    def part(sub: JSONObject) -> JSONObject:
        return {**sub, "mutability": "readOnly"} if sub["name"] == "formatted" else sub

    def attribute(each: JSONObject) -> JSONObject:
        return (
            {**each, "subAttributes": [part(sub) for sub in each["subAttributes"]]} if each["name"] == "name" else each
        )

    return {**schema, "attributes": [attribute(each) for each in schema["attributes"]]}


@deviation("primary-mark-lost", breaks=["RFC7643-2.2-04"], text="Which of the emails is primary is not stored.")
def primary_mark_lost(provider: Provider) -> None:
    def drop(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        for value in attributes.get("emails") or []:
            value.pop("primary", None)

    edit_written(provider, drop)


@deviation(
    "put-merges-names",
    breaks=["RFC7644-3.5.1-03"],
    text="PUT keeps the parts of name that it does not send.",
)
def put_merges_names(provider: Provider) -> None:
    def merge(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if isinstance(attributes.get("name"), dict) and isinstance(current.get("name"), dict):
            attributes["name"] = {**current["name"], **attributes["name"]}

    edit_replaced(provider, merge)


@deviation(
    "put-merges-extensions",
    breaks=["RFC7644-3.5.1-03"],
    text="PUT keeps the texts of the enterprise extension that it does not send.",
)
def put_merges_extensions(provider: Provider) -> None:
    def merge(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        sent, held = attributes.get(urns.ENTERPRISE_USER), current.get(urns.ENTERPRISE_USER)
        if isinstance(sent, dict) and isinstance(held, dict):
            texts = {name: value for name, value in held.items() if isinstance(value, str)}
            attributes[urns.ENTERPRISE_USER] = {**texts, **sent}

    edit_replaced(provider, merge)


@deviation(
    "projections-hide-false", breaks=["RFC7643-7-33"], text="With attributes a boolean that is false is left out."
)
def projections_hide_false(provider: Provider) -> None:
    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> JSONObject:
        shown: JSONObject = original(ctx, resource, type_name)
        if ctx.query.attributes:
            return {name: value for name, value in shown.items() if value is not False}
        return shown

    wrap(provider, "project", project)


@deviation(
    "refused-creation-enables",
    breaks=["RFC7643-4.1.1-03"],
    text="A creation with the userName of a disabled user is refused and enables that user.",
)
def refused_creation_enables(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        try:
            original(ctx, attributes, record_id)
        except Uniqueness:
            name = str(attributes.get("userName")).lower()
            for record in ctx.store.snapshot(ctx.typed().name) if record_id is None else ():
                held = record.attributes()
                if str(held.get("userName")).lower() == name and held.get("active") is False:
                    ctx.ops.store_replace(ctx, record, {**held, "active": True}, keep_members=True)
            raise

    wrap(provider, "check_uniqueness", check)


def _edit_patched(provider: Provider, change: Callable[[str], str]) -> None:
    """Let ``change`` alter the texts at the top of a resource that a PATCH has given it."""

    def apply(original: Any, ctx: Context, current: JSONObject, operations: Any) -> JSONObject:
        before = dict(current)
        after: JSONObject = original(ctx, current, operations)
        for name, value in after.items():
            if isinstance(value, str) and value != before.get(name):
                after[name] = change(value)
        return after

    wrap(provider, "apply_patch", apply)


@deviation("patched-texts-are-escaped", breaks=["RFC7644-3.5.2.3-02"], text="PATCH stores & and < as markup has them.")
def patched_texts_are_escaped(provider: Provider) -> None:
    _edit_patched(provider, lambda text: html.escape(text, quote=False))


@deviation(
    "patched-texts-lose-letters",
    breaks=["RFC7644-3.5.2.3-02"],
    also=["ENTRA-2.2-08"],
    text="PATCH stores letters beyond ASCII as question marks.",
)
def patched_texts_lose_letters(provider: Provider) -> None:
    _edit_patched(provider, lambda text: text.encode("ascii", "replace").decode())


@deviation("group-names-are-cut", breaks=["RFC7643-2.3.1-01"], text="The name of a new group ends after 64 characters.")
def group_names_are_cut(provider: Provider) -> None:
    def cut(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if ctx.endpoint == "/Groups" and isinstance(attributes.get("displayName"), str):
            attributes["displayName"] = attributes["displayName"][:64]

    edit_created(provider, cut)


@deviation("fax-numbers-dropped", breaks=["RFC7643-2.2-04"], text="Telephone numbers of the type fax are not stored.")
def fax_numbers_dropped(provider: Provider) -> None:
    def drop(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if isinstance(attributes.get("phoneNumbers"), list):
            numbers = attributes["phoneNumbers"]
            attributes["phoneNumbers"] = [number for number in numbers if str(number.get("type")).lower() != "fax"]

    edit_written(provider, drop)
