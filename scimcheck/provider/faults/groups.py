"""Deviations of groups and membership (RFC 7643 §4.1.2, §4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scimcheck.core.json import JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, on_resource, wrap
from scimcheck.provider.store import Record


@deviation("groups-have-wrong-ids", breaks=["RFC7643-4.1.2-12"], text="User.groups.value is the group's name.")
def groups_have_wrong_ids(provider: Provider) -> None:
    def rename(resource: JSONObject, stored: JSONObject) -> None:
        if "groups" in resource:
            resource["groups"] = [{**group, "value": group.get("display", "group")} for group in resource["groups"]]

    on_resource(provider, rename, resource_type="User")


@deviation(
    "filtered-removal-empties-group",
    breaks=["RFC7644-3.5.2.2-10"],
    also=["RFC7644-3.5.2.2-04", "RFC7644-3.5.2.2-09", "RFC7643-4.2-03"],
    text="Removing one member by filter removes all.",
)
def filtered_removal_empties_group(provider: Provider) -> None:
    def changes(original: Any, ctx: Context, record: Record, operations: Sequence[Operation]) -> dict[str, bool] | None:
        asked: dict[str, bool] | None = original(ctx, record, operations)
        if asked and any(op.op == "remove" and op.path is not None and op.path.filter for op in operations):
            return dict.fromkeys(ctx.store.memberships.members(record.id), False)
        return asked

    wrap(provider, "membership_changes", changes)
