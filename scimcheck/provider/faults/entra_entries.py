"""Deviations of Entra's PATCH of entries that a value filter names, of the manager and of roles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import NoTarget
from scimcheck.core.json import JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.entra_forms import (
    filtered,
    ignoring,
    refusing,
    replaced,
    rewrite,
    setting,
    with_path,
)
from scimcheck.provider.faults.registry import deviation, on_resource, wrap

_USERS = "/Users"
_MANAGER = f"{urns.ENTERPRISE_USER}:manager"

#: From the entries before a PATCH and after it to those that the deviation leaves.
Spoil = Callable[[list[JSONObject], list[JSONObject]], list[JSONObject]]


def _spoil(provider: Provider, op: str, fn: Spoil, attribute: str = "emails") -> None:
    """Let ``fn`` change the entries of an attribute after an ``op`` in that spelling on an entry of some type."""

    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        paths = [str(item.get("path")) for item in listed if item.get("op") == op]
        ctx.notes["spoil"] = any(path.startswith(f"{attribute}[type eq") for path in paths)
        return listed

    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done: JSONObject = original(ctx, current, operations)
        if not ctx.notes.get("spoil"):
            return done
        return {**done, attribute: fn(current.get(attribute, []), done.get(attribute, []))}

    rewrite(provider, note, _USERS)
    wrap(provider, "apply_patch", apply)


# --- entries ---------------------------------------------------------------------------------------------------------

ignoring(
    "entra-entry-replacement-ignored",
    "ENTRA-3.2-17",
    with_path("Replace", matching=filtered),
    "Replace of the value behind a filter on type succeeds and does nothing.",
)
ignoring(
    "entra-entry-replacement-with-flag-ignored",
    "ENTRA-3.2-18",
    with_path("replace", matching=filtered),
    "replace of the value behind a filter on type succeeds and does nothing.",
    "ENTRA-3.2-22",
    "RFC7644-3.5.2-09",
    "RFC7644-3.5.2-14",
    "RFC7644-3.5.2-18",
    "RFC7644-3.5.2.3-08",
    "RFC7644-3.5.2.3-09",
)
refusing(
    "entra-primary-by-text-refused",
    "ENTRA-3.2-24",
    with_path("Add", matching=lambda path: path.endswith(".primary"), value=str),
    'primary is not set by the string "True".',
)
refusing(
    "entra-primary-by-boolean-refused",
    "ENTRA-3.2-25",
    with_path("replace", matching=lambda path: path.endswith(".primary"), value=bool),
    "primary is not set behind a filter by a boolean.",
    "ENTRA-8.1-03",
    "RFC7644-3.5.2-19",
)
ignoring(
    "entra-entry-labels-ignored",
    "ENTRA-8.1-03",
    with_path("replace", matching=lambda path: path.endswith(".display")),
    "display behind a filter is not stored.",
)
ignoring(
    "entra-mobile-number-ignored",
    "ENTRA-3.2-26",
    with_path("Add", matching=lambda path: path.startswith('phoneNumbers[type eq "mobile"]')),
    "Add of a mobile number succeeds and does nothing.",
)


@deviation("entra-entry-not-created", breaks=["ENTRA-3.2-19"], text="Add without a match of its filter: noTarget.")
def entra_entry_not_created(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done: JSONObject = original(ctx, current, operations)
        if ctx.notes.get("entries") and len(done.get("emails", [])) > len(current.get("emails", [])):
            raise NoTarget("no value of emails matches the filter")
        return done

    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        ctx.notes["entries"] = all(item.get("op") == "Add" and "[" in str(item.get("path")) for item in listed)
        return listed

    rewrite(provider, note, _USERS)
    wrap(provider, "apply_patch", apply)


@deviation("entra-entry-without-type", breaks=["ENTRA-3.2-20"], text="An entry that Add creates has no type.")
def entra_entry_without_type(provider: Provider) -> None:
    def forget(before: list[JSONObject], after: list[JSONObject]) -> list[JSONObject]:
        if len(after) == len(before) or any(item.get("primary") for item in after):
            return after
        return [item if item in before else {k: v for k, v in item.items() if k != "type"} for item in after]

    _spoil(provider, "Add", forget)


@deviation("entra-other-entries-lost", breaks=["ENTRA-3.2-21"], text="An entry that Add creates is the only one left.")
def entra_other_entries_lost(provider: Provider) -> None:
    _spoil(provider, "Add", lambda before, after: after[-1:] if len(after) > len(before) else after)


@deviation(
    "entra-missing-entry-passed-over",
    breaks=["ENTRA-3.2-22"],
    also=["ENTRA-3.2-54", "RFC7644-3.5.2.3-09", "RFC7644-3.12-23"],
    text="A replace without a match of its filter succeeds and does nothing.",
)
def entra_missing_entry_passed_over(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        try:
            done: JSONObject = original(ctx, current, operations)
        except NoTarget:
            if not all(operation.op == "replace" for operation in operations):
                raise
            return current
        return done

    wrap(provider, "apply_patch", apply)


@deviation("entra-second-entry-added", breaks=["ENTRA-2.2-15"], text="Add to an entry that exists makes another one.")
def entra_second_entry_added(provider: Provider) -> None:
    def double(before: list[JSONObject], after: list[JSONObject]) -> list[JSONObject]:
        changed = [item for item in after if item not in before]
        kept = [item for item in before if item not in after and "primary" not in changed[0]] if changed else []
        return [*kept, *after] if len(after) == len(before) else after

    _spoil(provider, "Add", double)


@deviation("entra-address-in-pieces", breaks=["ENTRA-3.2-23"], text="Each part of a new address makes one of its own.")
def entra_address_in_pieces(provider: Provider) -> None:
    def split(before: list[JSONObject], after: list[JSONObject]) -> list[JSONObject]:
        parts = [{"type": item.get("type"), key: item[key]} for item in after for key in item if key != "type"]
        return after if before else parts

    _spoil(provider, "Add", split, "addresses")


@deviation("entra-entry-in-pieces", breaks=["ENTRA-3.6-02"], text="primary and value of a new entry make two entries.")
def entra_entry_in_pieces(provider: Provider) -> None:
    def split(before: list[JSONObject], after: list[JSONObject]) -> list[JSONObject]:
        if before or not any(item.get("primary") for item in after):
            return after
        return [{k: v for k, v in after[0].items() if k != "primary"}, {"type": after[0]["type"], "primary": True}]

    _spoil(provider, "Add", split)


# --- manager ---------------------------------------------------------------------------------------------------------

refusing(
    "entra-bare-manager-refused",
    "ENTRA-3.2-29",
    with_path("Add", matching=lambda path: path == _MANAGER, value=str),
    "Add of the manager by a bare id is refused.",
)
refusing(
    "entra-bare-manager-with-flag-refused",
    "ENTRA-3.2-30",
    with_path("add", "replace", matching=lambda path: path == _MANAGER, value=str),
    "add and replace of the manager by a bare id are refused.",
    "ENTRA-3.2-33",
)
refusing(
    "entra-manager-array-refused",
    "ENTRA-3.2-32",
    with_path("Add", matching=lambda path: path == "manager", value=list),
    "The manager is not set by an array.",
)
ignoring(
    "entra-manager-stays-for-empty-string",
    "ENTRA-3.2-33",
    setting("replace", _MANAGER, ""),
    "replace of the manager with the empty string succeeds and does nothing.",
)
ignoring(
    "entra-manager-stays-for-empty-object",
    "ENTRA-3.2-34",
    setting("replace", _MANAGER, {"value": ""}),
    "replace of the manager with an object whose value is empty succeeds and does nothing.",
)
refusing(
    "entra-manager-filter-refused",
    "ENTRA-3.2-35",
    with_path("remove", matching=lambda path: path.startswith("manager[")),
    "remove of manager[value eq …] is refused.",
)


@deviation(
    "entra-manager-is-text",
    breaks=["ENTRA-3.2-31"],
    also=["ENTRA-3.5-10", "RFC7643-4.3-03"],
    text="The manager is returned as a bare id.",
)
def entra_manager_is_text(provider: Provider) -> None:
    def flatten(resource: JSONObject, stored: JSONObject) -> None:
        held = resource.get(urns.ENTERPRISE_USER, {})
        if isinstance(held.get("manager"), dict):
            resource[urns.ENTERPRISE_USER] = {**held, "manager": held["manager"].get("value")}

    on_resource(provider, flatten, resource_type="User")


# --- roles -----------------------------------------------------------------------------------------------------------

refusing(
    "entra-role-text-refused",
    "ENTRA-3.2-52",
    with_path("Add", matching=lambda path: path == "roles", value=list),
    "A role in JSON text is refused.",
)
refusing(
    "entra-primary-role-refused",
    "ENTRA-3.2-54",
    with_path("Replace", matching=lambda path: path.startswith("roles[primary")),
    'roles[primary eq "True"] is refused.',
)


@deviation("entra-roles-added-on-replace", breaks=["ENTRA-3.2-53"], text="replace of roles adds to the roles.")
def entra_roles_added_on_replace(provider: Provider) -> None:
    form = with_path("replace", matching=lambda path: path == "roles", value=list)
    replaced(provider, form, lambda item: {**item, "op": "add"}, _USERS)
