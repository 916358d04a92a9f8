"""Deviations of the PATCH operation replace (RFC 7644 §3.5.2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scimcheck.core.errors import NoTarget
from scimcheck.core.json import JSONObject
from scimcheck.core.patch import MISSING, Operation
from scimcheck.core.schema import Attribute
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
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
)
from scimcheck.provider.faults.registry import deviation, on_response, wrap


@deviation(
    "replacement-ignored",
    breaks=["RFC7644-3.5.2.3-02"],
    also=[
        "ENTRA-2.1-04",
        "ENTRA-2.2-08",
        "ENTRA-3.2-03",
        "ENTRA-3.2-04",
        "ENTRA-3.2-09",
        "ENTRA-3.2-14",
        "ENTRA-3.2-16",
        "ENTRA-3.2-31",
        "ENTRA-3.2-33",
        "ENTRA-3.2-48",
        "ENTRA-3.2-50",
        "ENTRA-3.2-55",
        "ENTRA-3.2-60",
        "RFC7644-3.10-01",
        "RFC7644-3.10-05",
        "RFC7644-3.5.2-18",
        "RFC7644-3.5.2-25",
        "RFC7644-3.5.2-26",
        "ENTRA-4.5-06",
        "RFC7644-3.5.2-15",
        "RFC7644-3.5.2-17",
    ],
    text="replace of a single-valued attribute does nothing.",
)
def replacement_ignored(provider: Provider) -> None:
    instead(
        provider,
        lambda ctx, now, item: [] if on_single(ctx, item, "replace") and not _guarded(ctx, item) else [item],
    )


def _guarded(ctx: Context, item: Operation) -> bool:
    """Whether the provider has to look at the operation all the same, because it is to be refused."""
    attribute = attribute_of(ctx, item)
    text = isinstance(item.value, (str, bool))
    return not text or attribute is None or attribute.name in ("id", "userName") or not _fits(attribute, item.value)


def _fits(attribute: Attribute, value: Any) -> bool:
    return isinstance(value, bool) == (attribute.type.value == "boolean")


@deviation(
    "false-is-no-value",
    breaks=["RFC7644-3.5.2.3-02"],
    also=["RFC7644-3.5.2-18", "RFC7644-3.5.2.1-07", "RFC7644-3.5.2.1-04"],
    text="Setting a boolean to false does nothing.",
)
def false_is_no_value(provider: Provider) -> None:
    instead(provider, lambda ctx, now, item: [] if item.value is False else [item])


@deviation(
    "replacement-of-absent-has-no-target",
    breaks=["RFC7644-3.5.2.3-04"],
    also=["ENTRA-4.5-06", "RFC7644-3.5.2-17", "RFC7644-3.5.2-14", "RFC7644-3.5.2-26", "RFC7644-3.12-24"],
    text="replace of an attribute without value is refused with noTarget.",
)
def replacement_of_absent_has_no_target(provider: Provider) -> None:
    def refuse(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        guarded = item.op == "replace" and item.path is not None and item.path.filter is None
        known = attribute_of(ctx, item)
        optional = known is not None and known.name not in ("displayName", "members")
        if guarded and optional and isinstance(item.value, (str, list)) and not assigned(ctx, now, item):
            raise NoTarget("there is nothing to replace")
        return [item]

    instead(provider, refuse)


@deviation(
    "replacement-of-list-appends",
    breaks=["RFC7644-3.5.2.3-03"],
    also=["ENTRA-3.2-44", "ENTRA-3.2-53", "RFC7644-3.5.2-18"],
    text="replace of a multi-valued attribute adds to its values.",
)
def replacement_of_list_appends(provider: Provider) -> None:
    instead(
        provider,
        lambda ctx, now, item: (
            [replace(item, op="add")] if on_list(ctx, item, "replace") and isinstance(item.value, list) else [item]
        ),
    )


@deviation(
    "replacement-wipes-sub-attributes",
    breaks=["RFC7644-3.5.2.3-05"],
    also=["RFC7644-3.12-24"],
    text="replace of a complex attribute takes away the sub-attributes it does not name.",
)
def replacement_wipes_sub_attributes(provider: Provider) -> None:
    def wipe(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if on_single(ctx, item, "replace") and isinstance(item.value, dict) and assigned(ctx, now, item):
            return [replace(item, op="remove", value=MISSING), item]
        return [item]

    instead(provider, wipe)


@deviation(
    "replacement-of-sub-attribute-wipes-siblings",
    breaks=["RFC7644-3.5.2.3-02"],
    also=["ENTRA-3.2-16", "RFC7644-3.5.2-14"],
    text="replace of a sub-attribute takes away its siblings.",
)
def replacement_of_sub_attribute_wipes_siblings(provider: Provider) -> None:
    def wipe(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if on_sub(item, "replace") and isinstance(held(ctx, now, item), dict) and attribute_of(ctx, item) is not None:
            return [replace(item, op="remove", path=whole(item), value=MISSING), item]
        return [item]

    instead(provider, wipe)


@deviation(
    "replacement-affects-first-match-only",
    breaks=["RFC7644-3.5.2.3-06"],
    also=["RFC7644-3.5.2-14", "RFC7644-3.5.2-09", "RFC7644-3.5.2-19"],
    text="replace behind a value filter changes the first match only.",
)
def replacement_affects_first_match_only(provider: Provider) -> None:
    def first(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done: JSONObject = original(ctx, current, operations)
        for item in operations:
            old, new = held(ctx, current, item), held(ctx, done, item)
            same = isinstance(old, list) and isinstance(new, list) and len(old) == len(new)
            if on_selected(item, "replace", sub=True) and same and item.path is not None:
                done = {**done, item.path.attr.name: _first_change(old, new)}
        return done

    wrap(provider, "apply_patch", first)


def _first_change(old: Any, new: Any) -> list[Any]:
    """The old values with the first one that has changed in its new state."""
    changed = next((number for number, value in enumerate(new) if value != old[number]), 0)
    return [new[number] if number == changed else value for number, value in enumerate(old)]


@deviation(
    "replacement-of-selected-value-ignored",
    breaks=["RFC7644-3.5.2.3-07"],
    also=["RFC7644-3.5.2-19"],
    text="replace of a selected value as a whole does nothing.",
)
def replacement_of_selected_value_ignored(provider: Provider) -> None:
    instead(
        provider,
        lambda ctx, now, item: (
            [] if on_selected(item, "replace", sub=False) and _first_kind(ctx, now, item) else [item]
        ),
    )


def _first_kind(ctx: Context, now: JSONObject, item: Operation) -> bool:
    """Whether the filter names the type of a value that is there."""
    values = held(ctx, now, item)
    kinds = [str(value.get("type")) for value in values if isinstance(value, dict)] if isinstance(values, list) else []
    return any(f'"{kind}"' in str(item) for kind in kinds)


@deviation(
    "replacement-behind-filter-drops-siblings",
    breaks=["RFC7644-3.5.2.3-08"],
    also=["ENTRA-8.1-03", "RFC7644-3.5.2-09", "RFC7644-3.5.2.3-06", "RFC7644-3.5.2-14", "RFC7644-3.5.2-18"],
    text="replace of a sub-attribute behind a value filter leaves nothing of the value but that and its type.",
)
def replacement_behind_filter_drops_siblings(provider: Provider) -> None:
    def drop(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        attribute = attribute_of(ctx, item)
        if not on_selected(item, "replace", sub=True) or item.path is None or attribute is None:
            return [item]
        kept = ("type", "primary", "value", item.path.sub)
        others = [sub.name for sub in attribute.sub_attributes if sub.name not in kept and sub.name != "$ref"]
        gone = [replace(item, op="remove", path=replace(item.path, sub=name)) for name in others]
        return [item, *gone] if "type eq" in str(item) or not gone else [item]

    instead(provider, drop)


@deviation(
    "path-less-replacement-clears-the-rest",
    breaks=["RFC7644-3.5.2.3-01"],
    also=["ENTRA-3.2-15", "RFC7644-3.5.2-18", "RFC7644-3.5.2-08"],
    text="A path-less replace takes away title and nickName unless it names them.",
)
def path_less_replacement_clears_the_rest(provider: Provider) -> None:
    def clear(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if item.op != "replace" or item.path is not None or not isinstance(item.value, dict):
            return [item]
        bare = {name: None for name in ("title", "nickName") if ctx.typed().model.find(None, name)}
        return [replace(item, value={**bare, **item.value})]

    instead(provider, clear)


@deviation(
    "path-less-replacement-adds-to-lists",
    breaks=["RFC7644-3.5.2.3-01"],
    also=["RFC7644-3.5.2.3-03"],
    text="A path-less replace adds to multi-valued attributes.",
)
def path_less_replacement_adds_to_lists(provider: Provider) -> None:
    instead(
        provider,
        lambda ctx, now, item: (
            [replace(item, op="add")]
            if item.op == "replace" and item.path is None and item.extension is None
            else [item]
        ),
    )


@deviation(
    "replacement-without-match-is-an-invalid-path",
    breaks=["RFC7644-3.5.2.3-09", "RFC7644-3.12-23"],
    text="A replace whose value filter matches nothing is refused with invalidPath.",
)
def replacement_without_match_is_an_invalid_path(provider: Provider) -> None:
    def relabel(request: Any, reply: Any) -> None:
        if isinstance(reply.body, dict) and "matches the filter" in str(reply.body.get("detail")):
            reply.body["scimType"] = "invalidPath"

    on_response(provider, relabel, method="PATCH", status=400)
