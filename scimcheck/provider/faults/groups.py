"""Deviations of groups and membership (RFC 7643 §4.1.2, §4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.json import JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.editing import edit_created, edit_replaced, refuse_written, show
from scimcheck.provider.faults.registry import deviation, on_resource, variant, wrap
from scimcheck.provider.store import Record


@deviation("groups-outlive-themselves", breaks=["RFC7643-4.1.2-12"], text="User.groups still lists a deleted group.")
def groups_outlive_themselves(provider: Provider) -> None:
    ghosts: dict[str, list[str]] = {}

    def delete(original: Any, ctx: Context, record: Record) -> None:
        for member in ctx.store.memberships.members(record.id):
            ghosts.setdefault(member, []).append(record.id)
        original(ctx, record)

    def haunt(resource: JSONObject, stored: JSONObject) -> None:
        gone = [{"value": ghost} for ghost in ghosts.get(str(stored["id"]), ())]
        if gone and "meta" in resource:
            resource["groups"] = [*resource.get("groups", []), *gone]

    wrap(provider, "store_delete", delete)
    on_resource(provider, haunt, resource_type="User")


@deviation("groups-have-wrong-ids", breaks=["RFC7643-4.1.2-12"], text="User.groups.value is the group's name.")
def groups_have_wrong_ids(provider: Provider) -> None:
    def rename(resource: JSONObject, stored: JSONObject) -> None:
        if "groups" in resource:
            resource["groups"] = [{**group, "value": group.get("display", "group")} for group in resource["groups"]]

    on_resource(provider, rename, resource_type="User")


@deviation(
    "filtered-removal-empties-group",
    breaks=["RFC7644-3.5.2.2-10"],
    also=["ENTRA-3.2-43", "RFC7644-3.5.2.2-04", "RFC7644-3.5.2.2-09", "RFC7643-4.2-03"],
    text="Removing one member by filter removes all.",
)
def filtered_removal_empties_group(provider: Provider) -> None:
    def changes(original: Any, ctx: Context, record: Record, operations: Sequence[Operation]) -> dict[str, bool] | None:
        asked: dict[str, bool] | None = original(ctx, record, operations)
        if asked and any(op.op == "remove" and op.path is not None and op.path.filter for op in operations):
            return dict.fromkeys(ctx.store.memberships.members(record.id), False)
        return asked

    wrap(provider, "membership_changes", changes)


def _alter_groups(provider: Provider, change: Any) -> None:
    """Let ``change(entry)`` replace every entry of a user's groups."""
    show(provider, "groups", lambda values: [change(value) for value in values], "User")


@deviation(
    "users-join-by-themselves",
    breaks=["RFC7643-4.1.2-11"],
    also=["RFC7643-7-25", "RFC7644-3.5.1-08", "RFC7644-3.3-05"],
    text="PUT of a User with groups makes it a member.",
)
def users_join_by_themselves(provider: Provider) -> None:
    def join(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        for item in body.get("groups") or [] if ctx.endpoint == "/Users" else []:
            group = ctx.store.find(str(item.get("value"))) if isinstance(item, dict) else None
            if group is not None and group.type_name == "Group":
                ctx.store.memberships.add(group.id, [str(ctx.target)])

    edit_replaced(provider, join)


@deviation("groups-with-dead-references", breaks=["RFC7643-4.1.2-13"], text="User.groups.$ref leads nowhere.")
def groups_with_dead_references(provider: Provider) -> None:
    _alter_groups(provider, lambda item: {**item, "$ref": str(item.get("$ref")) + "/details"})


@deviation("groups-with-wrong-types", breaks=["RFC7643-4.1.2-14"], text="User.groups.type is always indirect.")
def groups_with_wrong_types(provider: Provider) -> None:
    _alter_groups(provider, lambda item: {**item, "type": "indirect"})


@deviation(
    "nested-groups-shown-as-direct",
    breaks=["RFC7643-4.1.2-14"],
    text="Membership by way of another group is shown as direct.",
    settings={"indirect_groups": True},
)
def nested_groups_shown_as_direct(provider: Provider) -> None:
    _alter_groups(provider, lambda item: {**item, "type": "direct"})


@deviation(
    "groups-stay-after-removal",
    breaks=["RFC7643-4.1.2-15"],
    text="A user goes on showing a group that it was removed from.",
)
def groups_stay_after_removal(provider: Provider) -> None:
    seen: dict[str, list[JSONObject]] = {}

    def remember(resource: JSONObject, stored: JSONObject) -> None:
        if resource.get("groups"):
            seen[stored["id"]] = resource["groups"]
        elif stored["id"] in seen:
            resource["groups"] = seen[stored["id"]]

    on_resource(provider, remember, resource_type="User")


@deviation(
    "groups-shown-without-name",
    breaks=["RFC7643-4.2-02"],
    also=[
        "ENTRA-2.1-06",
        "ENTRA-3.2-48",
        "ENTRA-3.2-49",
        "RFC7644-3.14-06",
        "RFC7644-3.4.2.2-03",
        "RFC7644-3.4.2.2-04",
        "RFC7644-3.4.2.2-05",
        "RFC7644-3.4.2.2-10",
        "RFC7644-3.4.2.2-11",
        "RFC7644-3.4.2.2-12",
        "RFC7644-3.4.2.2-13",
        "RFC7644-3.4.2.2-14",
        "RFC7644-3.4.2.2-15",
        "RFC7644-3.4.2.2-21",
        "RFC7644-3.4.2.2-35",
        "RFC7644-3.4.2.2-37",
        "RFC7644-3.5.1-02",
        "RFC7644-3.1-05",
        "RFC7643-2.1-01",
        "RFC7643-2.2-04",
        "RFC7644-3.5.2.3-02",
    ],
    text="Groups show no displayName.",
)
def groups_shown_without_name(provider: Provider) -> None:
    show(provider, "displayName", lambda value: None, "Group")


@deviation(
    "members-cannot-be-removed",
    breaks=["RFC7643-4.2-03"],
    also=["RFC7644-3.5.1-02", "RFC7643-4.1.2-15", "RFC7644-3.5.1-04"],
    text="PUT adds members and removes none.",
)
def members_cannot_be_removed(provider: Provider) -> None:
    def keep(ctx: Context, attributes: JSONObject, body: JSONObject, current: JSONObject) -> None:
        if ctx.endpoint == "/Groups":
            held = [{"value": member} for member in ctx.store.memberships.members(str(ctx.target))]
            attributes["members"] = [*(attributes.get("members") or []), *held]

    edit_replaced(provider, keep)


@deviation(
    "members-named-by-user-name",
    breaks=["RFC7643-4.2-05"],
    also=["RFC7644-3.5.2.1-10", "RFC7643-4.2-03", "RFC7643-4.2-06"],
    text="members.value is the userName of the member.",
)
def members_named_by_user_name(provider: Provider) -> None:
    def rename(values: Any) -> Any:
        return [{**value, "value": value.get("display") or value["value"]} for value in values]

    show(provider, "members", rename, "Group")


@deviation(
    "creation-without-its-members",
    breaks=["RFC7643-4.2-05"],
    also=["RFC7644-3.7.1-01", "RFC7644-3.7.2-01", "RFC7644-3.7.2-04", "RFC7643-4.2-06"],
    text="POST of a Group with members creates an empty group.",
)
def creation_without_its_members(provider: Provider) -> None:
    edit_created(provider, lambda ctx, attributes, body: attributes.pop("members", None))


@deviation("members-with-dead-references", breaks=["RFC7643-4.2-06"], text="members.$ref leads nowhere.")
def members_with_dead_references(provider: Provider) -> None:
    def break_reference(values: Any) -> Any:
        return [{**value, "$ref": f"{value['$ref']}/details"} if "$ref" in value else value for value in values]

    show(provider, "members", break_reference, "Group")


@deviation(
    "member-without-value-crashes",
    breaks=["RFC7643-4.2-07"],
    also=["RFC7644-3.12-15"],
    text="A member without value is answered with 500.",
)
def member_without_value_crashes(provider: Provider) -> None:
    def nameless(body: JSONObject) -> bool:
        members = body.get("members")
        return isinstance(members, list) and any(isinstance(m, dict) and "value" not in m for m in members)

    refuse_written(provider, nameless, ScimError("value is undefined", status=500))


variant(
    "unknown-members-accepted",
    reading="RFC7643-2.3.7-06",
    text="A group may have members that do not exist.",
    settings={"unknown_members": "accept"},
)
variant(
    "groups-are-not-nested",
    reading="RFC7643-4.2-08",
    text="A group cannot be a member of a group.",
    settings={"nested_groups": False},
)
variant(
    "indirect-groups-shown",
    reading="RFC7643-4.1.2-14",
    text="Users show the groups that they belong to indirectly.",
    settings={"indirect_groups": True},
)
variant(
    "without-member-references",
    reading="RFC7643-4.2-06",
    text="Members, groups and managers have no $ref.",
    settings={"member_references": False},
)
