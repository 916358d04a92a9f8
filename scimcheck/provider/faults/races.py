"""Deviations that only show when requests come at the same time: steps that belong together are taken apart."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from scimcheck.core.json import JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.patch_steps import whole_groups
from scimcheck.provider.faults.registry import deviation, wrap

#: Seconds for which others get their turn in the midst of a request.
PAUSE = 0.02


def let_others(ctx: Context) -> None:
    """Give up the lock of the store for a moment, as who never took it would."""
    threading.Condition(ctx.store.lock).wait(PAUSE)


@deviation(
    "names-are-checked-too-early",
    breaks=["RFC7643-4.1.1-03"],
    text="Whether a userName is in use is looked up some time before the user is stored.",
)
def names_are_checked_too_early(provider: Provider) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        original(ctx, attributes, record_id)
        if record_id is None and "userName" in attributes:
            let_others(ctx)

    wrap(provider, "check_uniqueness", check)


def _patch_in_pieces(provider: Provider, resource_type: str) -> None:
    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        changed: JSONObject = original(ctx, current, operations)
        if ctx.typed().name == resource_type:
            let_others(ctx)
        return changed

    wrap(provider, "apply_patch", apply)


@deviation(
    "group-patches-overwrite-each-other",
    breaks=["RFC7644-3.5.2.1-10"],
    text="PATCH reads a group, changes it and writes it back some time later.",
)
def group_patches_overwrite_each_other(provider: Provider) -> None:
    _patch_in_pieces(provider, "Group")
    whole_groups(provider)


@deviation(
    "user-patches-overwrite-each-other",
    breaks=["RFC7644-3.5.2.3-02"],
    text="PATCH reads a user, changes it and writes it back some time later.",
)
def user_patches_overwrite_each_other(provider: Provider) -> None:
    _patch_in_pieces(provider, "User")


@deviation(
    "versions-are-checked-too-early",
    breaks=["RFC7644-3.14-06"],
    text="If-Match is compared with the version some time before the resource is stored.",
)
def versions_are_checked_too_early(provider: Provider) -> None:
    def check(original: Any, ctx: Context, current: JSONObject) -> None:
        original(ctx, current)
        if ctx.method == "PUT":
            let_others(ctx)

    wrap(provider, "check_preconditions", check)
