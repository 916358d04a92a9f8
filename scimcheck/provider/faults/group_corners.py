"""Deviations that show in the life of a group, or of a user that comes and goes (RFC 7643 §4, RFC 7644 §3.5)."""

from __future__ import annotations

import copy
import dataclasses
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from scimcheck.core.errors import InvalidValue, Uniqueness
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.editing import bodies_of
from scimcheck.provider.faults.registry import deviation, on_resource, on_response, wrap
from scimcheck.provider.store import Record

#: Changes who joins and who leaves a group, given the group's record.
Change = Callable[[Context, Record, list[str], list[str]], tuple[Sequence[str], Sequence[str]]]


def _change_members(provider: Provider, change: Change) -> None:
    """Let ``change`` decide who joins and leaves when single members are added and removed."""

    def store(original: Any, ctx: Context, record: Record, joining: Iterable[str], leaving: Iterable[str]) -> Record:
        stored: Record = original(ctx, record, *change(ctx, record, list(joining), list(leaving)))
        return stored

    wrap(provider, "store_members", store)


@deviation("last-member-stays", breaks=["RFC7643-4.2-03"], text="The last member of a group cannot be removed.")
def last_member_stays(provider: Provider) -> None:
    def keep(ctx: Context, record: Record, joining: list[str], leaving: list[str]) -> tuple[list[str], list[str]]:
        alone = not joining and len(leaving) == ctx.store.memberships.count(record.id)
        return joining, leaving[:-1] if alone else leaving

    _change_members(provider, keep)


@deviation("groups-need-a-member", breaks=["RFC7643-4.2-03"], text="Removing the last member of a group is refused.")
def groups_need_a_member(provider: Provider) -> None:
    def refuse(ctx: Context, record: Record, joining: list[str], leaving: list[str]) -> tuple[list[str], list[str]]:
        if leaving and not joining and len(leaving) == ctx.store.memberships.count(record.id):
            raise InvalidValue("a group has to have a member")
        return joining, leaving

    _change_members(provider, refuse)


@deviation(
    "who-left-stays-out",
    breaks=["RFC7643-4.2-03"],
    also=["ENTRA-3.2-37"],
    text="Who was removed from a group cannot be added again.",
)
def who_left_stays_out(provider: Provider) -> None:
    left: set[tuple[str, str]] = set()

    def change(ctx: Context, record: Record, joining: list[str], leaving: list[str]) -> tuple[list[str], list[str]]:
        left.update((record.id, member) for member in leaving)
        return [member for member in joining if (record.id, member) not in left], leaving

    _change_members(provider, change)


@deviation(
    "empty-list-of-members-ignored", breaks=["RFC7644-3.5.2.3-03"], text="replace of members with [] does nothing."
)
def empty_list_of_members_ignored(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        kept = [each for each in operations if not (each.op == "replace" and each.value == [])]
        done: JSONObject = original(ctx, current, kept)
        return done

    wrap(provider, "apply_patch", apply)


@deviation(
    "renaming-comes-without-members",
    breaks=["RFC7644-3.5.2-18"],
    text="Of a PATCH that renames a group and changes its members, the name counts alone.",
)
def renaming_comes_without_members(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, body: JSON) -> tuple[Operation, ...]:
        operations: tuple[Operation, ...] = original(ctx, body)
        others = tuple(each for each in operations if each.path is None or each.path.attr.name != "members")
        return others or operations

    wrap(provider, "parse_patch", parse)


@deviation(
    "put-of-groups-answers-without-members",
    breaks=["RFC7644-3.5.1-12"],
    text="The answer to PUT of a group lists no members.",
)
def put_of_groups_answers_without_members(provider: Provider) -> None:
    on_response(
        provider, bodies_of(lambda body: body.pop("members", None)), method="PUT", endpoint="/Groups", status=200
    )


@deviation("lists-show-one-member", breaks=["RFC7644-3.9-01"], text="Groups in lists show one of their members.")
def lists_show_one_member(provider: Provider) -> None:
    def shorten(body: JSONObject) -> None:
        for group in body.get("Resources", []):
            if isinstance(group.get("members"), list):
                group["members"] = group["members"][:1]

    on_response(provider, bodies_of(shorten), method="GET", endpoint="/Groups", status=200)


@deviation(
    "groups-of-users-know-no-put",
    breaks=["RFC7643-4.1.2-12"],
    text="User.groups leaves out groups that the user joined by PUT of the group.",
)
def groups_of_users_know_no_put(provider: Provider) -> None:
    hidden: set[tuple[str, str]] = set()

    def store(original: Any, ctx: Context, record: Record, attributes: JSONObject, **options: Any) -> Record:
        before = set(ctx.store.memberships.members(record.id))
        stored: Record = original(ctx, record, attributes, **options)
        if ctx.method == "PUT":
            hidden.update(
                (record.id, member) for member in ctx.store.memberships.members(record.id) if member not in before
            )
        return stored

    def show(resource: JSONObject, stored: JSONObject) -> None:
        if "groups" in resource:
            resource["groups"] = [each for each in resource["groups"] if (each["value"], stored["id"]) not in hidden]

    wrap(provider, "store_replace", store)
    on_resource(provider, show, resource_type="User")


@deviation("nested-groups-dropped", breaks=["RFC7643-4.2-05"], text="A group as a member is accepted and dropped.")
def nested_groups_dropped(provider: Provider) -> None:
    def change(ctx: Context, record: Record, joining: list[str], leaving: list[str]) -> tuple[list[str], list[str]]:
        return [member for member in joining if ctx.store.get(record.type_name, member) is None], leaving

    _change_members(provider, change)


def _show_members(provider: Provider, change: Callable[[JSONObject], Any]) -> None:
    def show(resource: JSONObject, stored: JSONObject) -> None:
        for member in resource.get("members") or []:
            change(member)

    on_resource(provider, show, resource_type="Group")


@deviation("members-are-all-users", breaks=["RFC7643-4.2-10"], text="members.type is User, whatever the member is.")
def members_are_all_users(provider: Provider) -> None:
    _show_members(provider, lambda member: member.update(type="User") if "type" in member else None)


@deviation("members-refer-to-users", breaks=["RFC7643-4.2-06"], text="members.$ref of a nested group leads to /Users.")
def members_refer_to_users(provider: Provider) -> None:
    def change(member: JSONObject) -> None:
        if "$ref" in member:
            member["$ref"] = member["$ref"].replace("/Groups/", "/Users/")

    _show_members(provider, change)


# --- users that come and go ------------------------------------------------------------------------------------------


def _patched(provider: Provider, change: Callable[[Context, JSONObject, JSONObject], Any]) -> None:
    """Let ``change(ctx, before, after)`` alter what a PATCH has made of a resource."""

    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        before = copy.deepcopy(current)
        after: JSONObject = original(ctx, current, operations)
        change(ctx, before, after)
        return after

    wrap(provider, "apply_patch", apply)


@deviation(
    "users-come-back-once",
    breaks=["RFC7644-3.5.2.3-02"],
    also=["ENTRA-3.2-09"],
    text="A user can be enabled again once.",
)
def users_come_back_once(provider: Provider) -> None:
    back: set[str] = set()

    def change(ctx: Context, before: JSONObject, after: JSONObject) -> None:
        if before.get("active") is False and after.get("active") is True:
            after["active"] = ctx.target not in back
            back.add(ctx.target or "")

    _patched(provider, change)


@deviation("second-disable-refused", breaks=["RFC7644-3.5.2.3-02"], text="A disable of a disabled user is refused.")
def second_disable_refused(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, body: JSON) -> tuple[Operation, ...]:
        operations: tuple[Operation, ...] = original(ctx, body)
        record = ctx.ops.find_record(ctx, ctx.target or "")
        disabled = record is not None and record.attributes().get("active") is False
        if disabled and any(each.path and each.path.attr.name == "active" and not each.value for each in operations):
            raise InvalidValue("the user is disabled")
        return operations

    wrap(provider, "parse_patch", parse)


@deviation(
    "names-of-the-disabled-are-free",
    breaks=["RFC7643-4.1.1-03"],
    text="A userName counts as taken as long as its user is active.",
)
def names_of_the_disabled_are_free(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        try:
            original(ctx, attributes, record_id)
        except Uniqueness:
            name = str(attributes.get("userName")).lower()
            others = (each.attributes() for each in ctx.store.snapshot(ctx.typed().name) if each.id != record_id)
            if any(str(each.get("userName")).lower() == name and each.get("active") is not False for each in others):
                raise

    wrap(provider, "check_uniqueness", check)


@deviation(
    "names-conflict-with-themselves",
    breaks=["RFC7644-3.5.2.3-02"],
    text="A PATCH that gives a user its own userName in another letter case is a conflict.",
)
def names_conflict_with_themselves(provider: Provider) -> None:
    def store(original: Any, ctx: Context, record: Record, attributes: JSONObject, **options: Any) -> Record:
        old, new = record.attributes().get("userName"), attributes.get("userName")
        if ctx.method == "PATCH" and old != new and str(old).lower() == str(new).lower():
            raise Uniqueness("that userName is in use")
        stored: Record = original(ctx, record, attributes, **options)
        return stored

    wrap(provider, "store_replace", store)


@deviation(
    "disabling-clears-external-id",
    breaks=["RFC7644-3.5.2-18"],
    also=["RFC7644-3.5.2.1-07", "RFC7644-3.5.2.3-02"],
    text="A user that is disabled loses its externalId.",
)
def disabling_clears_external_id(provider: Provider) -> None:
    def change(ctx: Context, before: JSONObject, after: JSONObject) -> None:
        if before.get("active") is not False and after.get("active") is False:
            after.pop("externalId", None)

    _patched(provider, change)


# --- what comes back -------------------------------------------------------------------------------------------------


def _by_name(provider: Provider, keep: Callable[[Context, Record], Any]) -> dict[str, Any]:
    """What ``keep`` makes of deleted users, by their names in small letters."""
    kept: dict[str, Any] = {}

    def delete(original: Any, ctx: Context, record: Record) -> None:
        name = record.attributes().get("userName")
        if isinstance(name, str):
            kept[name.lower()] = keep(ctx, record)
        original(ctx, record)

    wrap(provider, "store_delete", delete)
    return kept


@deviation(
    "deleted-users-come-back-whole",
    breaks=["RFC7644-3.6-04"],
    text="Who is created with the name of a deleted user has what that user had and the creation does not say.",
)
def deleted_users_come_back_whole(provider: Provider) -> None:
    kept = _by_name(provider, lambda ctx, record: record.attributes())

    def create(original: Any, ctx: Context, attributes: JSONObject) -> Record:
        former = kept.pop(str(attributes.get("userName")).lower(), {})
        schemas = list(dict.fromkeys([*attributes.get("schemas", []), *former.get("schemas", [])]))
        record: Record = original(ctx, {**former, **attributes, "schemas": schemas})
        return record

    wrap(provider, "store_create", create)


@deviation(
    "deleted-users-come-back-as-members",
    breaks=["RFC7643-4.2-05"],
    text="Who is created with the name of a deleted user is in the groups of that user.",
)
def deleted_users_come_back_as_members(provider: Provider) -> None:
    kept = _by_name(provider, lambda ctx, record: ctx.store.memberships.groups(record.id))

    def create(original: Any, ctx: Context, attributes: JSONObject) -> Record:
        record: Record = original(ctx, attributes)
        for group in kept.pop(str(attributes.get("userName")).lower(), []):
            if ctx.store.find(group) is not None:
                ctx.store.memberships.add(group, [record.id])
        return record

    wrap(provider, "store_create", create)


@deviation(
    "member-changes-clear-external-id",
    breaks=["RFC7643-4.2-03"],
    text="A group loses its externalId when a member is added or removed.",
)
def member_changes_clear_external_id(provider: Provider) -> None:
    def store(original: Any, ctx: Context, record: Record, joining: Sequence[str], leaving: Sequence[str]) -> Record:
        stored: Record = original(ctx, record, joining, leaving)
        attributes = {name: value for name, value in stored.attributes().items() if name != "externalId"}
        return ctx.ops.store_replace(ctx, stored, attributes, keep_members=True)

    wrap(provider, "store_members", store)


@deviation(
    "versions-know-no-members",
    breaks=["RFC7644-3.14-08"],
    text="The version of a group stays the same when its members change.",
)
def versions_know_no_members(provider: Provider) -> None:
    def version(original: Any, ctx: Context, record: Record, resource: JSONObject) -> str:
        if record.type_name != "Group":
            return str(original(ctx, record, resource))
        return f'W/"{zlib.crc32(record.data):x}"'

    wrap(provider, "version", version)


@deviation(
    "put-creates-anew",
    breaks=["RFC7643-3.1-22"],
    text="meta.created is the time of the last PUT.",
)
def put_creates_anew(provider: Provider) -> None:
    def store(original: Any, ctx: Context, record: Record, attributes: JSONObject, **options: Any) -> Record:
        stored: Record = original(ctx, record, attributes, **options)
        if ctx.method == "PUT" and stored is not record:
            stored = dataclasses.replace(stored, created=stored.modified)
            ctx.store.touch(stored)
        return stored

    wrap(provider, "store_replace", store)


@deviation(
    "groups-of-users-know-no-removal",
    breaks=["RFC7643-4.1.2-12"],
    text="User.groups shows a group that the user was removed from by PATCH.",
)
def groups_of_users_know_no_removal(provider: Provider) -> None:
    former: dict[str, set[str]] = {}

    def store(original: Any, ctx: Context, record: Record, joining: Sequence[str], leaving: Sequence[str]) -> Record:
        for member in leaving:
            former.setdefault(member, set()).add(record.id)
        stored: Record = original(ctx, record, joining, leaving)
        return stored

    def show(resource: JSONObject, stored: JSONObject) -> None:
        listed = [str(each["value"]) for each in resource.get("groups") or []]
        stale = [group for group in sorted(former.get(stored["id"], ())) if group not in listed]
        if stale:
            resource["groups"] = [*(resource.get("groups") or []), *({"value": group} for group in stale)]

    wrap(provider, "store_members", store)
    on_resource(provider, show, resource_type="User")
