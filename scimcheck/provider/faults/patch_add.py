"""Deviations of the PATCH operation add (RFC 7644 §3.5.2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scimcheck.core.errors import InvalidValue
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch import MISSING, Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.entra_forms import rewrite
from scimcheck.provider.faults.patch_steps import assigned, filtered, held, instead, on_list, on_single, on_sub, whole
from scimcheck.provider.faults.registry import deviation, wrap
from scimcheck.provider.store import Record
from scimcheck.provider.storing import updated


@deviation(
    "addition-to-absent-ignored",
    breaks=["RFC7644-3.5.2.1-04"],
    also=["RFC7644-3.5.2.1-06", "RFC7644-3.5.2-18", "RFC7644-3.5.2-17", "RFC7644-3.5.2-13", "RFC7643-7-27"],
    text="add to a single-valued attribute without value does nothing.",
)
def addition_to_absent_ignored(provider: Provider) -> None:
    instead(
        provider,
        lambda ctx, now, item: [] if on_single(ctx, item, "add") and not assigned(ctx, now, item) else [item],
    )


@deviation(
    "addition-keeps-present-value",
    breaks=["RFC7644-3.5.2.1-07"],
    also=["ENTRA-3.2-06", "ENTRA-3.2-13", "ENTRA-3.2-28", "RFC7644-3.5.2-15", "RFC7644-3.5.2.1-05"],
    text="add to a single-valued attribute with a value does nothing.",
)
def addition_keeps_present_value(provider: Provider) -> None:
    instead(provider, lambda ctx, now, item: [] if on_single(ctx, item, "add") and assigned(ctx, now, item) else [item])


@deviation(
    "addition-replaces-list",
    breaks=["RFC7644-3.5.2.1-06", "RFC7644-3.5.2.1-10"],
    also=["ENTRA-3.2-38", "ENTRA-3.2-43", "RFC7644-3.5.2.1-08", "RFC7644-3.5.2-18", "RFC7644-3.5.2-19"],
    text="add to a multi-valued attribute replaces its values.",
)
def addition_replaces_list(provider: Provider) -> None:
    instead(provider, lambda ctx, now, item: [replace(item, op="replace")] if on_list(ctx, item, "add") else [item])


@deviation(
    "addition-takes-first-of-many",
    breaks=["RFC7644-3.5.2.1-06", "RFC7644-3.5.2.1-10"],
    also=["ENTRA-2.3-04", "RFC7644-3.5.2.1-08"],
    text="Of an array of values just the first one is added.",
)
def addition_takes_first_of_many(provider: Provider) -> None:
    def first(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if on_list(ctx, item, "add") and isinstance(item.value, list):
            return [replace(item, value=item.value[:1])]
        return [item]

    instead(provider, first)


@deviation(
    "addition-wipes-sub-attributes",
    breaks=["RFC7644-3.5.2.1-05"],
    text="add to a complex attribute takes away the sub-attributes it does not name.",
)
def addition_wipes_sub_attributes(provider: Provider) -> None:
    def wipe(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if on_single(ctx, item, "add") and isinstance(held(ctx, now, item), dict):
            return [replace(item, op="remove", value=MISSING), item]
        return [item]

    instead(provider, wipe)


@deviation(
    "addition-to-complex-ignored",
    breaks=["RFC7644-3.5.2.1-05"],
    text="add to a complex attribute that has a value does nothing.",
)
def addition_to_complex_ignored(provider: Provider) -> None:
    instead(
        provider,
        lambda ctx, now, item: [] if on_single(ctx, item, "add") and isinstance(held(ctx, now, item), dict) else [item],
    )


@deviation(
    "addition-of-sub-attribute-wipes-siblings",
    breaks=["RFC7644-3.5.2.1-12"],
    text="add to a sub-attribute takes away its siblings.",
)
def addition_of_sub_attribute_wipes_siblings(provider: Provider) -> None:
    def wipe(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if on_sub(item, "add") and isinstance(held(ctx, now, item), dict):
            return [replace(item, op="remove", path=whole(item), value=MISSING), item]
        return [item]

    instead(provider, wipe)


@deviation(
    "addition-without-match-changes-others",
    breaks=["RFC7644-3.5.2.1-11"],
    also=["ENTRA-3.2-19", "ENTRA-3.2-21", "RFC7644-3.5.2-19"],
    text="add behind a filter that matches nothing changes all values.",
)
def addition_without_match_changes_others(provider: Provider) -> None:
    def spread(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        path = item.path
        if item.op == "add" and path is not None and path.filter is not None and path.sub is not None:
            everyone = replace(path, filter=None, sub=None, attr=replace(path.attr, sub=path.sub))
            return [replace(item, path=everyone)]
        return [filtered(item, path.filter)] if path is not None else [item]

    instead(provider, spread)


@deviation(
    "path-less-addition-forgets-lists",
    breaks=["RFC7644-3.5.2.1-02"],
    also=["RFC7644-3.5.2.1-10"],
    text="A path-less add passes over arrays.",
)
def path_less_addition_forgets_lists(provider: Provider) -> None:
    _without(provider, list)


@deviation(
    "path-less-addition-forgets-extensions",
    breaks=["RFC7644-3.5.2.1-03"],
    also=["RFC7644-3.5.2.1-02"],
    text="A path-less add passes over objects, containers of extensions included.",
)
def path_less_addition_forgets_extensions(provider: Provider) -> None:
    _without(provider, dict)


def _without(provider: Provider, kind: type) -> None:
    """Leave members of that type out of the values of path-less adds."""

    def change(ctx: Context, listed: list[Any]) -> list[Any]:
        return [_cut(item, kind) for item in listed]

    rewrite(provider, change)


def _cut(item: Any, kind: type) -> Any:
    value = item.get("value") if isinstance(item, dict) else None
    if not isinstance(value, dict) or item.get("op") != "add" or "path" in item:
        return item
    return {**item, "value": {name: part for name, part in value.items() if not isinstance(part, kind)}}


@deviation(
    "repeated-values-are-doubled",
    breaks=["RFC7644-3.5.2.1-08"],
    also=["RFC7643-2.4-08"],
    text="Adding a value that is there makes two of it.",
)
def repeated_values_are_doubled(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        for item in operations:
            if on_list(ctx, item, "add") and item.path is not None:
                old = held(ctx, current, item)
                added = item.value if isinstance(item.value, list) else [item.value]
                if isinstance(old, list):
                    twins = [value for value in added if value in old]
                    ctx.notes["twins"] = (item.path.attr.name, twins)
        done: JSONObject = original(ctx, current, operations)
        return done

    def validate(original: Any, ctx: Context, patched: JSON) -> JSONObject:
        attributes: JSONObject = original(ctx, patched)
        name, twins = ctx.notes.get("twins", ("", []))
        if name in attributes and name != "members":
            attributes[name] = [*attributes[name], *twins]
        return attributes

    wrap(provider, "apply_patch", apply)
    wrap(provider, "validate_patched", validate)


@deviation(
    "repeated-value-is-refused",
    breaks=["RFC7644-3.5.2.1-08"],
    also=["RFC7644-3.5.2.1-09"],
    text="Adding a member that is there is an error.",
)
def repeated_value_is_refused(provider: Provider) -> None:
    def changes(original: Any, ctx: Context, record: Record, operations: Sequence[Operation]) -> Any:
        asked = original(ctx, record, operations)
        known = set(ctx.store.memberships.members(record.id))
        if any(joins and member in known for member, joins in (asked or {}).items()):
            raise InvalidValue("there is such a member already")
        return asked

    wrap(provider, "membership_changes", changes)


@deviation(
    "repeated-value-moves-last-modified",
    breaks=["RFC7644-3.5.2.1-09"],
    text="A PATCH that changes nothing moves meta.lastModified.",
)
def repeated_value_moves_last_modified(provider: Provider) -> None:
    def store(original: Any, ctx: Context, record: Record, attributes: JSONObject, **options: Any) -> Record:
        stored: Record = original(ctx, record, attributes, **options)
        if stored is record and ctx.method == "PATCH":
            stored = updated(ctx, record, record.data)
            ctx.store.put(stored)
        return stored

    wrap(provider, "store_replace", store)
