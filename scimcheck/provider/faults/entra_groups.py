"""Deviations of Entra's PATCH of groups: their members and their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.entra_forms import (
    ignoring,
    refusing,
    replaced,
    rewrite,
    with_path,
    without_path,
)
from scimcheck.provider.faults.registry import deviation, on_response, wrap
from scimcheck.provider.store import Record

_GROUPS = "/Groups"


def _members(path: str) -> bool:
    return path == "members"


def _ids(item: JSONObject) -> list[str]:
    value = item.get("value")
    return [entry.get("value", "") for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _current(ctx: Context) -> list[str]:
    return list(ctx.store.memberships.members(ctx.target or ""))


def _as_members(ids: list[str]) -> list[JSONObject]:
    return [{"value": identifier} for identifier in ids]


# --- adding ----------------------------------------------------------------------------------------------------------

ignoring(
    "entra-member-addition-ignored",
    "ENTRA-3.2-36",
    with_path("Add", matching=_members),
    "Add of a member succeeds and does nothing.",
    endpoint=_GROUPS,
)
ignoring(
    "entra-member-addition-with-flag-ignored",
    "ENTRA-3.2-37",
    with_path("add", matching=_members),
    "add of a member succeeds and does nothing.",
    "RFC7643-4.2-03",
    "RFC7643-4.2-05",
    "RFC7644-3.5.2-18",
    "RFC7644-3.5.2.1-08",
    "RFC7644-3.5.2.1-10",
    endpoint=_GROUPS,
)


@deviation("entra-members-replaced-on-add", breaks=["ENTRA-3.2-38"], text="A single added member is the only one left.")
def entra_members_replaced_on_add(provider: Provider) -> None:
    form = with_path("Add", "add", matching=_members, value=list)

    def single(item: JSONObject) -> bool:
        return form(item) and len(item["value"]) == 1 and item["value"][0].get("$ref", "") is None

    replaced(provider, single, lambda item: {**item, "op": "replace"}, _GROUPS)


@deviation(
    "entra-second-addition-refused",
    breaks=["ENTRA-3.2-39"],
    also=["RFC7644-3.5.2.1-08"],
    text="Adding a member again is refused with 409.",
)
def entra_second_addition_refused(provider: Provider) -> None:
    def check(ctx: Context, listed: list[Any]) -> list[Any]:
        held = set(_current(ctx))
        for item in listed:
            if str(item.get("op")).lower() == "add" and set(_ids(item)) & held:
                raise ScimError("is a member already", status=409)
        return listed

    rewrite(provider, check, _GROUPS)


@deviation(
    "entra-first-member-only",
    breaks=["ENTRA-2.3-04"],
    also=["RFC7644-3.5.2.1-08", "RFC7644-3.5.2.1-10"],
    text="Of several added members the first one is taken.",
)
def entra_first_member_only(provider: Provider) -> None:
    form = with_path("Add", "add", matching=_members, value=list)
    replaced(provider, form, lambda item: {**item, "value": item["value"][:1]}, _GROUPS)


@deviation("entra-ten-members-at-most", breaks=["ENTRA-2.3-04"], text="Of added members the first ten are taken.")
def entra_ten_members_at_most(provider: Provider) -> None:
    def store(original: Any, ctx: Context, record: Record, joining: Sequence[str], leaving: Sequence[str]) -> Record:
        stored: Record = original(ctx, record, joining[:10], leaving)
        return stored

    wrap(provider, "store_members", store)


@deviation(
    "entra-unknown-member-crash",
    breaks=["ENTRA-3.2-45"],
    also=["RFC7644-3.12-15"],
    text="An unknown member is answered with 500.",
)
def entra_unknown_member_crash(provider: Provider) -> None:
    def crash(ctx: Context, listed: list[Any]) -> list[Any]:
        if any(ctx.store.find(identifier) is None for item in listed for identifier in _ids(item)):
            raise ScimError("foreign key violation", status=500)
        return listed

    rewrite(provider, crash, _GROUPS)


@deviation("entra-unknown-member-empties-group", breaks=["ENTRA-3.2-46"], text="An unknown member empties the group.")
def entra_unknown_member_empties_group(provider: Provider) -> None:
    def empty(ctx: Context, listed: list[Any]) -> list[Any]:
        if any(ctx.store.find(identifier) is None for item in listed for identifier in _ids(item)):
            return [{"op": "remove", "path": "members"}]
        return listed

    rewrite(provider, empty, _GROUPS)


@deviation(
    "entra-nested-group-crash",
    breaks=["ENTRA-3.2-47"],
    also=["RFC7644-3.12-15"],
    text="A group as a member is answered with 500.",
)
def entra_nested_group_crash(provider: Provider) -> None:
    def crash(ctx: Context, listed: list[Any]) -> list[Any]:
        for item in listed:
            if any(ctx.store.get("Group", identifier) for identifier in _ids(item)):
                raise ScimError("no such user", status=500)
        return listed

    rewrite(provider, crash, _GROUPS)


refusing(
    "entra-unknown-keys-refused",
    "ENTRA-3.6-05",
    lambda item: bool(item.keys() - {"op", "path", "value"}),
    "Unknown keys in an operation are refused.",
    endpoint=_GROUPS,
)


# --- removing and replacing ------------------------------------------------------------------------------------------

ignoring(
    "entra-member-array-removal-ignored",
    "ENTRA-3.2-40",
    with_path("Remove", matching=_members),
    "Remove of members by a value array succeeds and does nothing.",
    endpoint=_GROUPS,
)
ignoring(
    "entra-member-removal-ignored",
    "ENTRA-3.2-42",
    with_path("remove", matching=lambda path: path.startswith("members[")),
    "remove of members[value eq …] succeeds and does nothing.",
    "RFC7643-4.2-03",
    "RFC7644-3.5.2.2-10",
    endpoint=_GROUPS,
)


@deviation("entra-array-removal-empties-group", breaks=["ENTRA-3.2-41"], text="Remove with a value array removes all.")
def entra_array_removal_empties_group(provider: Provider) -> None:
    form = with_path("Remove", matching=_members)
    replaced(provider, form, lambda item: {"op": "remove", "path": "members"}, _GROUPS)


@deviation("entra-flag-empties-group", breaks=["ENTRA-3.6-06"], text="With the flag a value array removes all members.")
def entra_flag_empties_group(provider: Provider) -> None:
    def empty(ctx: Context, listed: list[Any]) -> list[Any]:
        if "aadOptscim062020" in ctx.request.query and any(item.get("op") == "Remove" for item in listed):
            return [{"op": "remove", "path": "members"}]
        return listed

    rewrite(provider, empty, _GROUPS)


@deviation(
    "entra-filtered-removal-empties-group",
    breaks=["ENTRA-3.2-43"],
    also=["RFC7643-4.2-03", "RFC7644-3.5.2.2-04", "RFC7644-3.5.2.2-09", "RFC7644-3.5.2.2-10"],
    text="remove of members[value eq …] removes all members.",
)
def entra_filtered_removal_empties_group(provider: Provider) -> None:
    form = with_path("remove", matching=lambda path: path.startswith("members["))
    replaced(provider, form, lambda item: {"op": "remove", "path": "members"}, _GROUPS)


@deviation(
    "entra-members-added-on-replace",
    breaks=["ENTRA-3.2-44"],
    also=["RFC7644-3.5.2.3-03", "RFC7644-3.5.2.3-04"],
    text="replace of members adds to the members.",
)
def entra_members_added_on_replace(provider: Provider) -> None:
    form = with_path("replace", matching=_members)
    replaced(provider, form, lambda item: {**item, "op": "add"}, _GROUPS)


@deviation("entra-removals-come-first", breaks=["ENTRA-8.1-02"], text="Members are removed first and added afterwards.")
def entra_removals_come_first(provider: Provider) -> None:
    def order(ctx: Context, listed: list[Any]) -> list[Any]:
        return sorted(listed, key=lambda item: str(item.get("op")).lower() != "remove")

    rewrite(provider, order, _GROUPS)


# --- answers ---------------------------------------------------------------------------------------------------------

deviation(
    "entra-group-patch-answers-with-members",
    breaks=["ENTRA-2.1-08"],
    also=["ENTRA-2.1-07"],
    text="PATCH of a group answers 200 with the group and its members.",
    settings={"patch_answers": "resource"},
)(lambda provider: None)


@deviation(
    "entra-group-patch-answers-200",
    breaks=["ENTRA-2.1-07"],
    text="PATCH of a group answers 200 with the group, without its members.",
    settings={"patch_answers": "resource"},
)
def entra_group_patch_answers_200(provider: Provider) -> None:
    def drop(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict):
            reply.body.pop("members", None)

    on_response(provider, drop, method="PATCH", endpoint=_GROUPS, status=200)


@deviation(
    "entra-group-patch-answers-202",
    breaks=["ENTRA-2.1-06"],
    also=["RFC7644-3.5.2-22", "RFC7644-3.5.2-23", "ENTRA-2.1-07"],
    text="PATCH of a group is answered with 202.",
)
def entra_group_patch_answers_202(provider: Provider) -> None:
    def accepted(request: Request, reply: Reply) -> None:
        reply.status = 202

    on_response(provider, accepted, method="PATCH", endpoint=_GROUPS, status=(200, 204))


# --- the group itself ------------------------------------------------------------------------------------------------

ignoring(
    "entra-group-rename-ignored",
    "ENTRA-3.2-48",
    with_path("Replace", matching=lambda path: path == "displayName"),
    "Replace of a group's displayName succeeds and does nothing.",
    endpoint=_GROUPS,
)
ignoring(
    "entra-path-less-group-rename-ignored",
    "ENTRA-3.2-49",
    without_path("replace", lambda value: "displayName" in value),
    "A path-less replace of a group's displayName succeeds and does nothing.",
    endpoint=_GROUPS,
)
ignoring(
    "entra-group-external-id-ignored",
    "ENTRA-3.2-50",
    with_path("Replace", matching=lambda path: path == "externalId"),
    "Replace of a group's externalId succeeds and does nothing.",
    endpoint=_GROUPS,
)
ignoring(
    "entra-path-less-group-external-id-ignored",
    "ENTRA-3.2-51",
    without_path("replace", lambda value: "externalId" in value),
    "A path-less replace of a group's externalId succeeds and does nothing.",
    endpoint=_GROUPS,
)
