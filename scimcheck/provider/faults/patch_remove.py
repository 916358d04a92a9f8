"""Deviations of the PATCH operation remove (RFC 7644 §3.5.2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scimcheck.core.errors import InvalidSyntax, ScimError
from scimcheck.core.json import JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.entra_forms import ignore
from scimcheck.provider.faults.patch_steps import (
    assigned,
    attribute_of,
    held,
    instead,
    on_list,
    on_selected,
    on_single,
    on_sub,
    whole,
    whole_groups,
)
from scimcheck.provider.faults.registry import deviation, on_response, wrap


@deviation(
    "removal-ignored",
    breaks=["RFC7644-3.5.2.2-02"],
    also=["RFC7644-3.5.2-15"],
    text="remove of a single-valued attribute does nothing.",
)
def removal_ignored(provider: Provider) -> None:
    instead(
        provider, lambda ctx, now, item: [] if on_single(ctx, item, "remove") and not _required(ctx, item) else [item]
    )


def _required(ctx: Context, item: Operation) -> bool:
    attribute = attribute_of(ctx, item)
    return attribute is not None and (attribute.required or attribute.name == "id")


@deviation(
    "removal-leaves-first-value",
    breaks=["RFC7644-3.5.2.2-03"],
    also=["ENTRA-3.2-40", "ENTRA-3.2-41", "RFC7644-3.5.2-18", "RFC7644-3.5.2.2-10"],
    text="remove of a multi-valued attribute leaves its first value.",
)
def removal_leaves_first_value(provider: Provider) -> None:
    def leave(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        values = held(ctx, now, item)
        if on_list(ctx, item, "remove") and isinstance(values, list):
            return [replace(item, op="replace", value=values[:1])]
        return [item]

    instead(provider, leave)


@deviation(
    "removal-by-filter-removes-all",
    breaks=["RFC7644-3.5.2.2-04", "RFC7644-3.5.2.2-10", "RFC7643-4.2-03"],
    also=["RFC7644-3.5.2.2-09"],
    text="remove behind a value filter removes all values.",
)
def removal_by_filter_removes_all(provider: Provider) -> None:
    instead(
        provider,
        lambda ctx, now, item: [replace(item, path=whole(item))] if on_selected(item, "remove", sub=False) else [item],
    )


@deviation(
    "removal-by-filter-removes-first-match",
    breaks=["RFC7644-3.5.2.2-04"],
    text="remove behind a value filter removes one matching value at most.",
)
def removal_by_filter_removes_first_match(provider: Provider) -> None:
    def first(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done: JSONObject = original(ctx, current, operations)
        for item in operations:
            before, after = held(ctx, current, item), held(ctx, done, item)
            if on_selected(item, "remove", sub=False) and item.path is not None and isinstance(before, list):
                left = after if isinstance(after, list) else []
                gone = [value for value in before if value not in left]
                kept = [value for value in before if value not in gone[:1]]
                done = {**done, item.path.attr.name: kept}
        return done

    wrap(provider, "apply_patch", first)


@deviation(
    "last-value-cannot-go",
    breaks=["RFC7644-3.5.2.2-05"],
    text="The last value of a multi-valued attribute stays when a filter selects it.",
)
def last_value_cannot_go(provider: Provider) -> None:
    def stay(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        values = held(ctx, now, item)
        single = isinstance(values, list) and len(values) == 1
        return [] if on_selected(item, "remove", sub=False) and single else [item]

    instead(provider, stay)


@deviation(
    "removal-of-sub-attribute-removes-value",
    breaks=["RFC7644-3.5.2.2-06"],
    text="remove of a sub-attribute behind a value filter removes the values.",
)
def removal_of_sub_attribute_removes_value(provider: Provider) -> None:
    def widen(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if on_selected(item, "remove", sub=True) and item.path is not None:
            return [replace(item, path=replace(item.path, sub=None))]
        return [item]

    instead(provider, widen)


@deviation(
    "removal-of-sub-attribute-removes-siblings",
    breaks=["RFC7644-3.5.2.2-07"],
    text="remove of a sub-attribute removes the whole complex attribute.",
)
def removal_of_sub_attribute_removes_siblings(provider: Provider) -> None:
    instead(
        provider,
        lambda ctx, now, item: [replace(item, path=whole(item))] if on_sub(item, "remove") else [item],
    )


@deviation(
    "removal-of-complex-attribute-ignored",
    breaks=["RFC7644-3.5.2.2-02"],
    text="remove of a complex attribute does nothing.",
)
def removal_of_complex_attribute_ignored(provider: Provider) -> None:
    instead(
        provider,
        lambda ctx, now, item: (
            [] if on_single(ctx, item, "remove") and isinstance(held(ctx, now, item), dict) else [item]
        ),
    )


@deviation(
    "removal-of-required-ignored",
    breaks=["RFC7644-3.5.2.2-08"],
    text="remove of a required or readOnly attribute succeeds and does nothing.",
)
def removal_of_required_ignored(provider: Provider) -> None:
    ignore(provider, lambda item: item.get("op") == "remove" and item.get("path") in ("userName", "displayName", "id"))


@deviation(
    "removal-of-required-is-bad-syntax",
    breaks=["RFC7644-3.5.2.2-08"],
    text="remove of a required or readOnly attribute is refused with another scimType than mutability.",
)
def removal_of_required_is_bad_syntax(provider: Provider) -> None:
    _refuse_required(provider, InvalidSyntax("this attribute may not be removed"))


@deviation(
    "removal-of-required-is-an-invalid-value",
    breaks=["RFC7644-3.5.2.2-08"],
    text="remove of a required or readOnly attribute is refused with invalidValue.",
)
def removal_of_required_is_an_invalid_value(provider: Provider) -> None:
    _refuse_required(provider, ScimError("this attribute may not be removed", scim_type="invalidValue"))


def _refuse_required(provider: Provider, error: ScimError) -> None:
    def refuse(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if item.op == "remove" and item.path is not None and item.path.filter is None and _required(ctx, item):
            raise error
        return [item]

    instead(provider, refuse)


@deviation(
    "removal-of-absent-crashes",
    breaks=["RFC7644-3.5.2.2-09"],
    also=["RFC7644-3.12-15"],
    text="remove of what is not there answers 500.",
)
def removal_of_absent_crashes(provider: Provider) -> None:
    def crash(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if item.op == "remove" and attribute_of(ctx, item) is not None and not assigned(ctx, now, item):
            raise ScimError("an internal error occurred", status=500)
        return [item]

    instead(provider, crash)


@deviation(
    "removal-without-path-is-an-invalid-path",
    breaks=["RFC7644-3.5.2.2-01", "RFC7644-3.12-23"],
    text="A remove without path is refused with invalidPath.",
)
def removal_without_path_is_an_invalid_path(provider: Provider) -> None:
    def relabel(request: Any, reply: Any) -> None:
        if isinstance(reply.body, dict) and "remove needs a path" in str(reply.body.get("detail")):
            reply.body["scimType"] = "invalidPath"

    on_response(provider, relabel, method="PATCH", status=400)


@deviation(
    "removal-of-one-member-ignored",
    breaks=["RFC7644-3.5.2.2-10", "RFC7643-4.2-03"],
    also=["ENTRA-3.2-42", "RFC7643-4.1.2-12"],
    text="remove of one member by its id does nothing.",
)
def removal_of_one_member_ignored(provider: Provider) -> None:
    ignore(provider, lambda item: item.get("op") == "remove" and str(item.get("path")).startswith("members["))
    whole_groups(provider)


@deviation(
    "removal-of-members-ignored",
    breaks=["RFC7644-3.5.2.2-03"],
    also=["RFC7644-3.5.2-18", "RFC7644-3.5.2.2-10"],
    text="remove of all members does nothing.",
)
def removal_of_members_ignored(provider: Provider) -> None:
    ignore(provider, lambda item: item.get("op") == "remove" and item.get("path") == "members")
