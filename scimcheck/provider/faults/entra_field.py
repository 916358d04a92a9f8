"""Failures that people reported from the field, each as it was reported (``fixtures/entra/field_failures.json``).

What other modules hold already is not here again; a failure's entry names every deviation that reproduces it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import InvalidPath, InvalidSyntax, InvalidValue, ScimError
from scimcheck.core.filter.ast import Filter
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.editing import edit_created
from scimcheck.provider.faults.entra_forms import ignore, plain, refuse, refusing, replaced, rewrite, with_path
from scimcheck.provider.faults.registry import deviation, on_resource, on_response, wrap
from scimcheck.provider.store import Record

_USERS, _GROUPS = "/Users", "/Groups"


def _active(path: str) -> bool:
    return path == "active"


def _members(path: str) -> bool:
    return path == "members"


# --- operations and booleans -----------------------------------------------------------------------------------------


@deviation(
    "capital-operations-dropped",
    breaks=["ENTRA-2.2-07"],
    also=["ENTRA-3.2-19", "ENTRA-3.2-31", "RFC7644-3.5.2-04"],
    text="Add, Replace and Remove succeed and do nothing.",
)
def capital_operations_dropped(provider: Provider) -> None:
    ignore(provider, lambda item: item.get("op") in ("Add", "Replace", "Remove"))


@deviation(
    "active-as-text-refused",
    breaks=["ENTRA-3.2-01", "ENTRA-3.2-08"],
    also=["ENTRA-3.2-06", "ENTRA-3.2-07", "ENTRA-3.6-03"],
    text="A PATCH with active as a text is refused.",
)
def active_as_text_refused(provider: Provider) -> None:
    refuse(provider, with_path("Add", "Replace", "add", "replace", matching=_active, value=str), _USERS)


@deviation(
    "active-as-text-is-true",
    breaks=["ENTRA-3.2-01"],
    also=["RFC7644-3.5.2-26", "ENTRA-3.2-06", "ENTRA-3.2-07", "ENTRA-3.6-03"],
    text="Any text for active counts as true, as it is not empty.",
)
def active_as_text_is_true(provider: Provider) -> None:
    form = with_path("Add", "Replace", "add", "replace", matching=_active, value=str)
    replaced(provider, form, lambda item: {**item, "value": True}, _USERS)


@deviation(
    "active-in-lower-case-alone",
    breaks=["ENTRA-3.2-01", "ENTRA-3.2-08"],
    also=["ENTRA-3.2-06", "ENTRA-3.6-03"],
    text="active is understood as true, false and the texts of these, not as True and False.",
)
def active_in_lower_case_alone(provider: Provider) -> None:
    form = with_path("Add", "Replace", matching=_active, value=str)
    refuse(provider, lambda item: form(item) and item["value"] in ("True", "False"), _USERS)


@deviation("addition-to-value-refused", breaks=["ENTRA-3.2-13"], text="Add of a text that has a value is refused.")
def addition_to_value_refused(provider: Provider) -> None:
    form = with_path("Add", matching=plain, value=str)

    def check(ctx: Context, listed: list[Any]) -> list[Any]:
        record = ctx.store.get("User", ctx.target or "")
        held = record.attributes() if record is not None else {}
        if any(form(item) and item["path"] in held for item in listed):
            raise InvalidValue("the attribute has a value")
        return listed

    rewrite(provider, check, _USERS)


# --- paths -----------------------------------------------------------------------------------------------------------


@deviation(
    "value-filters-of-entra-refused",
    breaks=["ENTRA-3.2-17"],
    also=["ENTRA-3.2-19", "ENTRA-3.2-24", "ENTRA-3.2-26", "ENTRA-3.6-02"],
    text="Paths with square brackets are refused as invalid when the operation is in capitals.",
)
def value_filters_of_entra_refused(provider: Provider) -> None:
    def check(ctx: Context, listed: list[Any]) -> list[Any]:
        if any("[type eq" in str(item.get("path")) and item.get("op") in ("Add", "Replace") for item in listed):
            raise InvalidPath("value filters are not supported")
        return listed

    rewrite(provider, check, _USERS)


@deviation(
    "entry-into-empty-list-alone",
    breaks=["ENTRA-3.2-19"],
    also=["ENTRA-3.2-21"],
    text="Add behind a filter creates an entry where the list is empty, and fails beside an entry of another type.",
)
def entry_into_empty_list_alone(provider: Provider) -> None:
    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        ctx.notes["entry"] = any(item.get("op") == "Add" and "[type eq" in str(item.get("path")) for item in listed)
        return listed

    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done: JSONObject = original(ctx, current, operations)
        before, after = current.get("emails", []), done.get("emails", [])
        if ctx.notes.get("entry") and before and len(after) > len(before):
            raise InvalidPath("no such entry")
        return done

    rewrite(provider, note, _USERS)
    wrap(provider, "apply_patch", apply)


@deviation(
    "removal-overwrites-another-entry",
    breaks=["RFC7644-3.5.2.2-04"],
    also=["RFC7644-3.5.2.2-05"],
    text="remove of one e-mail address behind a filter writes it over the one that is left.",
)
def removal_overwrites_another_entry(provider: Provider) -> None:
    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        removing = [str(item.get("path")) for item in listed if str(item.get("op")).lower() == "remove"]
        ctx.notes["removing"] = any(path.startswith("emails[") for path in removing)
        return listed

    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done: JSONObject = original(ctx, current, operations)
        kept = done.get("emails", [])
        gone = [entry for entry in current.get("emails", []) if entry not in kept]
        if ctx.notes.get("removing") and gone and kept:
            done = {**done, "emails": [{**kept[0], "value": gone[0].get("value")}, *kept[1:]]}
        return done

    rewrite(provider, note, _USERS)
    wrap(provider, "apply_patch", apply)


# --- members ---------------------------------------------------------------------------------------------------------

refusing(
    "member-array-removal-refused",
    "ENTRA-3.2-40",
    with_path("Remove", matching=_members),
    "Remove of members by a value array is refused.",
    endpoint=_GROUPS,
)


def _added_again(ctx: Context, listed: list[Any]) -> list[str]:
    """The members that an add names although the group has them."""
    held = set(ctx.store.memberships.members(ctx.target or ""))
    form = with_path("Add", "add", matching=_members, value=list)
    named = [entry.get("value") for item in listed if form(item) for entry in item["value"] if isinstance(entry, dict)]
    return [name for name in named if name in held]


@deviation(
    "member-listed-twice",
    breaks=["ENTRA-3.2-39"],
    also=["RFC7644-3.5.2.1-08", "RFC7643-2.4-08"],
    text="A member that is added again is listed twice.",
)
def member_listed_twice(provider: Provider) -> None:
    doubled: dict[str, set[str]] = {}

    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        doubled.setdefault(ctx.target or "", set()).update(_added_again(ctx, listed))
        return listed

    def show(resource: JSONObject, stored: JSONObject) -> None:
        again = doubled.get(stored["id"], set())
        shown = resource.get("members", [])
        if again and shown:
            resource["members"] = [*shown, *(entry for entry in shown if entry.get("value") in again)]

    rewrite(provider, note, _GROUPS)
    on_resource(provider, show, resource_type="Group")


@deviation(
    "second-addition-crashes",
    breaks=["ENTRA-3.2-39"],
    also=["RFC7644-3.5.2.1-08", "RFC7644-3.12-15"],
    text="Adding a member again is answered with 500.",
)
def second_addition_crashes(provider: Provider) -> None:
    def check(ctx: Context, listed: list[Any]) -> list[Any]:
        if _added_again(ctx, listed):
            raise ScimError("duplicate key value violates a constraint", status=500)
        return listed

    rewrite(provider, check, _GROUPS)


@deviation(
    "nested-group-stops-the-others",
    breaks=["ENTRA-3.2-47"],
    text="A group among the members is answered with 500, and nobody is added.",
    also=["RFC7644-3.12-15"],
)
def nested_group_stops_the_others(provider: Provider) -> None:
    def check(ctx: Context, listed: list[Any]) -> list[Any]:
        form = with_path("Add", "add", matching=_members, value=list)
        named = [entry.get("value", "") for item in listed if form(item) for entry in item["value"]]
        if any(ctx.store.get("Group", name) for name in named):
            raise ScimError("a group is no user", status=500)
        return listed

    rewrite(provider, check, _GROUPS)


# --- searches, creation, deletion ------------------------------------------------------------------------------------


@deviation(
    "group-names-not-filtered",
    breaks=["ENTRA-4.3-05", "ENTRA-1.2-05"],
    also=[
        "ENTRA-2.1-10",
        "ENTRA-2.2-11",
        "ENTRA-2.5-05",
        "ENTRA-3.2-48",
        "ENTRA-3.2-49",
        "ENTRA-8.2-01",
        "RFC7644-3.4.2.2-03",
    ],
    text="A filter on displayName of groups finds every group.",
)
def group_names_not_filtered(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: Any) -> bool:
        path = getattr(expression, "path", None)
        if model.name == "Group" and path is not None and path.name.lower() == "displayname":
            return True
        return bool(original(ctx, expression, resource, model))

    wrap(provider, "matches", matches)
    wrap(provider, "list_candidates", lambda original, ctx, shape, expression: original(ctx, shape, None))


@deviation(
    "mapped-attribute-dropped",
    breaks=["ENTRA-2.2-04"],
    also=["RFC7643-2.2-04", "RFC7643-3.3-05", "RFC7643-4.1.1-11", "RFC7644-3.3-06"],
    text="preferredLanguage is accepted on creation and not stored.",
)
def mapped_attribute_dropped(provider: Provider) -> None:
    edit_created(provider, lambda ctx, attributes, body: attributes.pop("preferredLanguage", None))


@deviation(
    "creation-shows-another-name",
    breaks=["ENTRA-2.2-05"],
    also=["RFC7644-3.3-13", "RFC7644-3.3-05", "RFC7644-3.1-04"],
    text="The answer to a creation shows displayName without accents, which is not what was stored.",
)
def creation_shows_another_name(provider: Provider) -> None:
    def plain_letters(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and isinstance(reply.body.get("displayName"), str):
            decomposed = unicodedata.normalize("NFKD", reply.body["displayName"])
            reply.body["displayName"] = decomposed.encode("ascii", "ignore").decode("ascii")

    on_response(provider, plain_letters, method="POST", endpoint=_USERS, status=201)


@deviation(
    "names-returned-in-lower-case",
    breaks=["ENTRA-2.2-04"],
    also=["ENTRA-4.3-01"],
    text="userName is shown in lower case, whatever was stored.",
)
def names_returned_in_lower_case(provider: Provider) -> None:
    def lower(resource: JSONObject, stored: JSONObject) -> None:
        if isinstance(resource.get("userName"), str):
            resource["userName"] = resource["userName"].lower()

    on_resource(provider, lower, resource_type="User")


@deviation(
    "groups-cannot-be-deleted",
    breaks=["ENTRA-2.1-12"],
    also=["RFC7644-3.6-01", "RFC7644-3.2-05"],
    text="DELETE of a group is answered with 400.",
)
def groups_cannot_be_deleted(provider: Provider) -> None:
    def drop(original: Any, ctx: Context, record: Record) -> None:
        if record.type_name == "Group":
            raise InvalidSyntax("groups are not deleted")
        original(ctx, record)

    wrap(provider, "store_delete", drop)


@deviation(
    "managers-deletion-crashes",
    breaks=["ENTRA-2.1-17"],
    also=["RFC7644-3.12-15"],
    text="DELETE of somebody's manager is answered with 500.",
)
def managers_deletion_crashes(provider: Provider) -> None:
    def drop(original: Any, ctx: Context, record: Record) -> None:
        people = (other.attributes().get(urns.ENTERPRISE_USER, {}) for other in ctx.store.snapshot("User"))
        if any((held.get("manager") or {}).get("value") == record.id for held in people):
            raise ScimError("foreign key violation", status=500)
        original(ctx, record)

    wrap(provider, "store_delete", drop)


@deviation(
    "patch-not-allowed",
    breaks=["ENTRA-2.1-04", "ENTRA-2.1-06"],
    also=["RFC7644-3.12-16", "RFC7644-3.5-02"],
    text="PATCH is answered with 405: resources are changed by PUT alone.",
    settings={"patch_supported": False},
)
def patch_not_allowed(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        reply.status, reply.body = 405, ScimError("use PUT", status=405).body()
        reply.headers["Allow"] = "GET, PUT, DELETE"

    on_response(provider, refuse, method="PATCH", status=501)
