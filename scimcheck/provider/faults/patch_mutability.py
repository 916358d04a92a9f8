"""Deviations of PATCH against mutability, uniqueness and types (RFC 7644 §3.5.2, RFC 7643 §7), and of group members."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import MutabilityError, ScimError
from scimcheck.core.json import JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.entra_forms import ignore, refuse, rewrite
from scimcheck.provider.faults.patch_steps import instead
from scimcheck.provider.faults.registry import change_schema, deviation, on_resource, on_response, variant, wrap

#: An attribute that no standard schema has: set once, and never changed.
_BADGE = {
    "name": "badge", "type": "string", "multiValued": False, "description": "Set once.", "required": False,
    "caseExact": False, "mutability": "immutable", "returned": "default", "uniqueness": "none",
}  # fmt: skip


def _add_badge(provider: Provider) -> None:
    change_schema(provider, urns.USER, lambda schema: schema["attributes"].append(dict(_BADGE)))


@variant("users-have-a-badge", reading="RFC7643-7-27", text="User has an immutable attribute of its own.")
def users_have_a_badge(provider: Provider) -> None:
    _add_badge(provider)


@variant(
    "users-have-values-of-every-type",
    reading="RFC7643-7-26",
    text="User has attributes of each data type, and a list of simple texts.",
)
def users_have_values_of_every_type(provider: Provider) -> None:
    def extend(schema: JSONObject) -> None:
        for name, kind in (("floor", "integer"), ("height", "decimal"), ("hired", "dateTime"), ("seal", "binary")):
            schema["attributes"].append({**_BADGE, "name": name, "type": kind, "mutability": "readWrite"})
        schema["attributes"].append({**_BADGE, "name": "tags", "multiValued": True, "mutability": "readWrite"})

    change_schema(provider, urns.USER, extend)


def _path(item: JSONObject) -> str:
    return str(item.get("path") or "")


@deviation(
    "read-only-paths-ignored",
    breaks=["RFC7644-3.5.2-10"],
    also=["RFC7643-4.1.2-11"],
    text="add and replace on readOnly attributes succeed and do nothing.",
)
def read_only_paths_ignored(provider: Provider) -> None:
    ignore(provider, lambda item: item.get("op") != "remove" and _path(item) in ("id", "groups"))


@deviation(
    "read-only-refusal-without-keyword",
    breaks=["RFC7644-3.12-20"],
    text="A change of a readOnly attribute is refused without scimType.",
)
def read_only_refusal_without_keyword(provider: Provider) -> None:
    def relabel(request: Any, reply: Any) -> None:
        if (
            isinstance(reply.body, dict)
            and "readOnly" in str(reply.body.get("detail"))
            and b"remove" not in request.body
        ):
            reply.body.pop("scimType", None)

    on_response(provider, relabel, method="PATCH", status=400)


@deviation(
    "patched-groups-shown",
    breaks=["RFC7644-3.5.2-11", "RFC7643-7-25", "RFC7644-3.5.2-10"],
    also=["RFC7643-4.1.2-11", "RFC7643-4.1.2-12"],
    text="A PATCH of a user's groups takes effect.",
)
def patched_groups_shown(provider: Provider) -> None:
    forged: dict[str, Any] = {}

    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        for item in listed:
            if isinstance(item, dict) and _path(item) == "groups":
                forged[ctx.target or ""] = item.get("value")
        return [item for item in listed if not isinstance(item, dict) or _path(item) != "groups"]

    def show(resource: JSONObject, stored: JSONObject) -> None:
        if stored["id"] in forged:
            resource["groups"] = forged[stored["id"]]

    rewrite(provider, note)
    on_resource(provider, show, resource_type="User")


@deviation(
    "patched-meta-stored",
    breaks=["RFC7643-3.1-18", "RFC7644-3.5.2-11"],
    text="A PATCH of meta.created takes effect.",
)
def patched_meta_stored(provider: Provider) -> None:
    forged: dict[str, Any] = {}

    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        for item in listed:
            if isinstance(item, dict) and _path(item) == "meta.created" and item.get("value"):
                forged[ctx.target or ""] = item["value"]
        return [item for item in listed if not isinstance(item, dict) or _path(item) != "meta.created"]

    def show(resource: JSONObject, stored: JSONObject) -> None:
        if stored["id"] in forged and "meta" in resource:
            resource["meta"] = {**resource["meta"], "created": forged[stored["id"]]}

    rewrite(provider, note)
    on_resource(provider, show)


@deviation(
    "path-less-meta-taken-over",
    breaks=["RFC7644-3.5.2-11"],
    text="A path-less value that holds meta.created changes it.",
)
def path_less_meta_taken_over(provider: Provider) -> None:
    forged: set[str] = set()

    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        for item in listed:
            value = item.get("value") if isinstance(item, dict) else None
            if isinstance(value, dict) and "meta" in value and "path" not in item:
                forged.add(ctx.target or "")
        return listed

    def show(resource: JSONObject, stored: JSONObject) -> None:
        if stored["id"] in forged and "meta" in resource:
            resource["meta"] = {**resource["meta"], "created": "2001-02-03T04:05:06Z"}

    rewrite(provider, note)
    on_resource(provider, show)


def _thaw(provider: Provider) -> None:
    """Let PATCH change the badge as if it were readWrite."""

    def apply(original: Any, ctx: Context, now: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done = now
        for item in operations:
            if item.path is not None and item.path.attr.name == "badge":
                done = {**done, "badge": item.value if item.op != "remove" else None}
            else:
                done = original(ctx, done, [item])
        return done

    wrap(provider, "apply_patch", apply)


@deviation(
    "immutable-values-change",
    breaks=["RFC7644-3.5.2-12", "RFC7643-7-28"],
    text="PATCH changes immutable attributes.",
)
def immutable_values_change(provider: Provider) -> None:
    _add_badge(provider)
    _thaw(provider)


@deviation(
    "immutable-refusals-are-silent",
    breaks=["RFC7644-3.5.2-12"],
    text="PATCH of an immutable attribute succeeds and does nothing.",
)
def immutable_refusals_are_silent(provider: Provider) -> None:
    _add_badge(provider)
    ignore(provider, lambda item: _path(item) == "badge" and item.get("op") != "add")


@deviation(
    "immutable-attribute-takes-no-first-value",
    breaks=["RFC7644-3.5.2-13", "RFC7643-7-27"],
    text="PATCH cannot give an immutable attribute its first value.",
)
def immutable_attribute_takes_no_first_value(provider: Provider) -> None:
    _add_badge(provider)

    def check(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if item.path is not None and item.path.attr.name == "badge":
            raise MutabilityError("badge is immutable")
        return [item]

    instead(provider, check)


@deviation(
    "required-value-can-be-nulled",
    breaks=["RFC7644-3.5.2-10"],
    also=["RFC7643-4.1.1-01"],
    text="A required attribute that is replaced with null is gone.",
)
def required_value_can_be_nulled(provider: Provider) -> None:
    bare: set[str] = set()

    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        for item in listed:
            if isinstance(item, dict) and _path(item) == "userName" and item.get("value", "") is None:
                bare.add(ctx.target or "")
        return [item for item in listed if not isinstance(item, dict) or item.get("value", "") is not None]

    def show(resource: JSONObject, stored: JSONObject) -> None:
        if stored["id"] in bare:
            resource.pop("userName", None)

    rewrite(provider, note)
    on_resource(provider, show, resource_type="User")


def _patching(ctx: Context) -> bool:
    return ctx.method == "PATCH"


@deviation("patch-forgets-uniqueness", breaks=["RFC7644-3.5.2-25"], text="PATCH may give two users one userName.")
def patch_forgets_uniqueness(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        if not _patching(ctx):
            original(ctx, attributes, record_id)

    wrap(provider, "check_uniqueness", check)


@deviation(
    "patch-conflict-without-keyword",
    breaks=["RFC7644-3.12-19"],
    text="A conflict on PATCH is reported without scimType.",
)
def patch_conflict_without_keyword(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.body.pop("scimType", None), method="PATCH", status=409)


@deviation(
    "patch-conflict-crashes",
    breaks=["RFC7644-3.5.2-25"],
    also=["RFC7644-3.12-15", "RFC7644-3.12-19"],
    text="A conflict on PATCH answers 500.",
)
def patch_conflict_crashes(provider: Provider) -> None:
    def change(request: Any, reply: Any) -> None:
        reply.status = 500
        reply.body = ScimError("an internal error occurred", status=500).body()

    on_response(provider, change, method="PATCH", status=409)


def _misfit(item: JSONObject) -> bool:
    return _path(item) == "active" and isinstance(item.get("value"), dict)


@deviation("misfits-ignored", breaks=["RFC7644-3.5.2-26"], text="An object for a boolean is passed over.")
def misfits_ignored(provider: Provider) -> None:
    ignore(provider, _misfit)


@deviation(
    "misfits-crash",
    breaks=["RFC7644-3.5.2-26"],
    also=["RFC7644-3.12-15", "RFC7644-3.12-24"],
    text="A number for a list answers 500.",
)
def misfits_crash(provider: Provider) -> None:
    def crash(ctx: Context, listed: list[Any]) -> list[Any]:
        if any(isinstance(item, dict) and item.get("value") == [42] for item in listed):
            raise ScimError("an internal error occurred", status=500)
        return listed

    rewrite(provider, crash)


@deviation(
    "misfits-are-invalid-paths",
    breaks=["RFC7644-3.12-24"],
    text="A value of the wrong type is refused with invalidPath.",
)
def misfits_are_invalid_paths(provider: Provider) -> None:
    def relabel(request: Any, reply: Any) -> None:
        misfit = isinstance(reply.body, dict) and "expected" in str(reply.body.get("detail"))
        if misfit and reply.body.get("scimType") == "invalidValue":
            reply.body["scimType"] = "invalidPath"

    on_response(provider, relabel, method="PATCH", status=400)


@deviation(
    "texts-for-booleans-stay-texts",
    breaks=["RFC7644-3.5.2-26"],
    also=["ENTRA-3.2-02", "RFC7643-2.3.2-01"],
    text="A text for a boolean is shown as that text from then on.",
)
def texts_for_booleans_stay_texts(provider: Provider) -> None:
    written: set[str] = set()

    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        if any(isinstance(i, dict) and _path(i) == "active" and i.get("value") == "True" for i in listed):
            written.add(ctx.target or "")
        return listed

    def show(resource: JSONObject, stored: JSONObject) -> None:
        if stored["id"] in written and "active" in resource:
            resource["active"] = "True"

    rewrite(provider, note)
    on_resource(provider, show, resource_type="User")


# --- members ---------------------------------------------------------------------------------------------------------


@deviation(
    "members-change-into-others-twice",
    breaks=["RFC7643-4.2-04"],
    text="A member that is changed into another one stays beside it.",
)
def members_change_into_others_twice(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, now: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        first = operations[0]
        if first.path is not None and first.path.attr.name == "members" and first.path.sub == "value":
            members = [*now.get("members", []), {"value": first.value}]
            return {**now, "members": members}
        done: JSONObject = original(ctx, now, operations)
        return done

    wrap(provider, "apply_patch", apply)


@deviation(
    "members-cannot-be-added",
    breaks=["RFC7644-3.5.2.1-10", "RFC7643-4.2-03", "RFC7643-4.2-05"],
    also=["RFC7644-3.5.2.1-08", "RFC7644-3.5.2-18"],
    text="add on members is refused.",
)
def members_cannot_be_added(provider: Provider) -> None:
    refuse(provider, lambda item: item.get("op") == "add" and _path(item) == "members")


@deviation(
    "members-are-kept-on-replacement",
    breaks=["RFC7644-3.5.2.3-03"],
    also=["ENTRA-3.2-44"],
    text="replace of members adds to them.",
)
def members_are_kept_on_replacement(provider: Provider) -> None:
    def keep(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        named = item.path is not None and item.path.attr.name == "members" and item.path.filter is None
        return [dataclasses.replace(item, op="add")] if named and item.op == "replace" else [item]

    instead(provider, keep)


@deviation(
    "list-of-members-to-remove-takes-the-others",
    breaks=["RFC7644-3.5.2.2-10"],
    text="A remove whose value lists members leaves just these.",
)
def list_of_members_to_remove_takes_the_others(provider: Provider) -> None:
    def turn(ctx: Context, listed: list[Any]) -> list[Any]:
        return [
            {**item, "op": "replace"} if item.get("op") == "remove" and item.get("value") is not None else item
            for item in listed
        ]

    rewrite(provider, turn, "/Groups")
