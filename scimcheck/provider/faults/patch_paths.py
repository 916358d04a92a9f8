"""Deviations of paths and value filters in PATCH (RFC 7644 §3.5.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from scimcheck.core.errors import InvalidFilter, InvalidPath, ScimError
from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Or
from scimcheck.core.json import JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.entra_forms import ignore, refuse, replaced, rewrite
from scimcheck.provider.faults.patch_steps import filtered, held, instead
from scimcheck.provider.faults.registry import deviation, on_resource, on_response, wrap


def _path(item: JSONObject) -> str:
    return str(item.get("path") or "")


@deviation(
    "slash-paths-understood",
    breaks=["RFC7644-3.5.2-07"],
    text="The JSON Pointer /displayName is understood as displayName.",
)
def slash_paths_understood(provider: Provider) -> None:
    replaced(provider, lambda item: _path(item).startswith("/"), lambda item: {**item, "path": _path(item)[1:]})


@deviation(
    "malformed-paths-ignored", breaks=["RFC7644-3.5.2-07"], text="A malformed path makes an operation do nothing."
)
def malformed_paths_ignored(provider: Provider) -> None:
    ignore(provider, _malformed)


def _malformed(item: JSONObject) -> bool:
    path = _path(item)
    return "[]" in path or path.endswith(".") or path.count("[") != path.count("]")


@deviation(
    "malformed-path-crashes",
    breaks=["RFC7644-3.5.2-07"],
    also=["RFC7644-3.12-15", "RFC7644-3.12-22"],
    text="A path with an open bracket answers 500.",
)
def malformed_path_crashes(provider: Provider) -> None:
    def crash(ctx: Context, listed: list[Any]) -> list[Any]:
        if any(isinstance(item, dict) and _path(item).count("[") > _path(item).count("]") for item in listed):
            raise ScimError("an internal error occurred", status=500)
        return listed

    rewrite(provider, crash)


@deviation(
    "malformed-path-is-an-invalid-value",
    breaks=["RFC7644-3.5.2-07", "RFC7644-3.12-22"],
    text="A malformed path is refused with invalidValue.",
)
def malformed_path_is_an_invalid_value(provider: Provider) -> None:
    def relabel(request: Any, reply: Any) -> None:
        if isinstance(reply.body, dict) and reply.body.get("scimType") == "invalidPath":
            reply.body["scimType"] = "invalidValue"

    on_response(provider, relabel, method="PATCH", status=400)


@deviation("number-as-path-is-no-path", breaks=["RFC7644-3.5.2-07"], text="A path that is no text counts as absent.")
def number_as_path_is_no_path(provider: Provider) -> None:
    ignore(provider, lambda item: "path" in item and not isinstance(item["path"], (str, type(None))))


@deviation(
    "unknown-paths-ignored",
    breaks=["RFC7644-3.5.2-08"],
    also=["RFC7644-3.5.2-21"],
    text="Operations on unknown attributes succeed and do nothing.",
)
def unknown_paths_ignored(provider: Provider) -> None:
    ignore(provider, lambda item: "doesNotExist" in _path(item))


@deviation(
    "unknown-paths-stored",
    breaks=["RFC7644-3.5.2-08"],
    text="Operations on unknown attributes store what they are given.",
)
def unknown_paths_stored(provider: Provider) -> None:
    extra: dict[str, JSONObject] = {}

    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        known = [item for item in listed if not isinstance(item, dict) or _path(item) != "doesNotExist"]
        for item in listed:
            if item not in known:
                extra.setdefault(ctx.target or "", {})["doesNotExist"] = item.get("value")
        return known

    rewrite(provider, note)
    on_resource(provider, lambda resource, stored: resource.update(extra.get(stored["id"], {})))


@deviation(
    "paths-are-case-sensitive",
    breaks=["RFC7644-3.5.2-14"],
    also=["RFC7644-3.5.2-15", "RFC7643-2.1-01", "RFC7644-3.10-05"],
    text="Attribute names in paths have to be spelled as defined.",
)
def paths_are_case_sensitive(provider: Provider) -> None:
    def upper(item: JSONObject) -> bool:
        name = re.split(r"[\[.]", _path(item).rpartition(":")[2] or _path(item))[0]
        return len(name) > 1 and (name.isupper() or name[0].isupper())

    refuse(provider, upper)


@deviation(
    "qualified-core-paths-refused",
    breaks=["RFC7644-3.5.2-14"],
    also=["RFC7644-3.10-01", "RFC7644-3.10-03", "RFC7644-3.10-05"],
    text="Paths with the URN of the core schema are refused.",
)
def qualified_core_paths_refused(provider: Provider) -> None:
    refuse(provider, lambda item: ":core:" in _path(item).lower())


@deviation(
    "dotted-paths-refused",
    breaks=["RFC7644-3.5.2-14", "RFC7644-3.5.2.3-02", "RFC7644-3.5.2.1-12", "RFC7644-3.5.2.2-07"],
    also=["ENTRA-3.2-16", "ENTRA-3.2-61", "RFC7644-3.5.2.3-04", "RFC7644-3.10-03"],
    text="Paths with a dot are refused unless it stands behind a filter.",
)
def dotted_paths_refused(provider: Provider) -> None:
    def dotted(item: JSONObject) -> bool:
        path = _path(item)
        proper = ".." not in path and not path.startswith(("meta", ".")) and not path.endswith(".")
        return proper and "." in path.rpartition(":")[2] and "[" not in path

    refuse(provider, dotted)


# --- value filters ---------------------------------------------------------------------------------------------------


def _filters(provider: Provider, change: Callable[[Filter], Filter]) -> None:
    """Let ``change`` rewrite every value filter."""

    def step(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if item.path is None or item.path.filter is None:
            return [item]
        return [filtered(item, change(item.path.filter))]

    instead(provider, step)


def _operands(value_filter: Filter) -> tuple[Filter, ...]:
    return value_filter.operands if isinstance(value_filter, (And, Or)) else (value_filter,)


@deviation(
    "value-filter-selects-first-value",
    breaks=["RFC7644-3.5.2-09"],
    also=[
        "ENTRA-3.2-42",
        "RFC7643-4.1.2-12",
        "RFC7644-3.5.2-19",
        "RFC7644-3.5.2-18",
        "RFC7644-3.5.2.2-04",
        "RFC7644-3.5.2.2-06",
        "RFC7644-3.5.2.3-06",
        "RFC7644-3.5.2.3-07",
        "RFC7644-3.5.2.3-08",
        "RFC7644-3.5.2.2-10",
        "RFC7643-4.2-03",
    ],
    text="A value filter that matches anything selects the first value.",
)
def value_filter_selects_first_value(provider: Provider) -> None:
    def step(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        values = held(ctx, now, item)
        path = item.path
        if path is None or not isinstance(path.filter, Comparison) or not isinstance(values, list):
            return [item]
        name = path.filter.path.name
        first = values[0].get(name) if values and isinstance(values[0], dict) else None
        known = [value.get(name) for value in values if isinstance(value, dict)]
        if path.filter.value in known and isinstance(first, str):
            return [filtered(item, Comparison(AttrPath(name), "eq", first))]
        return [item]

    instead(provider, step)


@deviation(
    "value-filter-and-means-or",
    breaks=["RFC7644-3.5.2-09"],
    also=["RFC7644-3.5.2.2-04", "RFC7644-3.5.2.3-09"],
    text="and in a value filter means or.",
)
def value_filter_and_means_or(provider: Provider) -> None:
    _filters(provider, lambda tree: Or(_operands(tree)) if isinstance(tree, And) else tree)


@deviation(
    "value-filter-or-takes-first",
    breaks=["RFC7644-3.5.2-09"],
    also=["RFC7644-3.5.2.2-04"],
    text="Of an or in a value filter the first part counts.",
)
def value_filter_or_takes_first(provider: Provider) -> None:
    _filters(provider, lambda tree: _operands(tree)[0] if isinstance(tree, Or) else tree)


@deviation("value-filter-not-forgotten", breaks=["RFC7644-3.5.2-09"], text="not in a value filter has no effect.")
def value_filter_not_forgotten(provider: Provider) -> None:
    _filters(provider, lambda tree: tree.operand if isinstance(tree, Not) else tree)


@deviation(
    "value-filter-knows-eq-only",
    breaks=["RFC7644-3.5.2-09"],
    text="A value filter with another operator than eq is refused.",
)
def value_filter_knows_eq_only(provider: Provider) -> None:
    def check(tree: Filter) -> Filter:
        if isinstance(tree, Comparison) and tree.op != "eq":
            raise InvalidFilter(f"{tree.op} is not supported")
        return tree

    _filters(provider, check)


@deviation(
    "value-filter-operators-are-case-sensitive",
    breaks=["RFC7644-3.5.2-09"],
    text="Operators in value filters have to be in lower case.",
)
def value_filter_operators_are_case_sensitive(provider: Provider) -> None:
    refuse(provider, lambda item: " EQ " in _path(item))


@deviation(
    "value-filter-texts-are-case-sensitive",
    breaks=["RFC7644-3.5.2-09"],
    also=["ENTRA-3.2-54"],
    text="Value filters compare texts by case although the schema says otherwise.",
)
def value_filter_texts_are_case_sensitive(provider: Provider) -> None:
    def step(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        for item in operations:
            tree = item.path.filter if item.path else None
            values = held(ctx, current, item)
            if (
                isinstance(tree, Comparison)
                and tree.op == "eq"
                and isinstance(tree.value, str)
                and isinstance(values, list)
            ):
                known = [value.get(tree.path.name.lower()) for value in values if isinstance(value, dict)]
                folded = [str(value).lower() for value in known]
                if tree.value not in known and tree.value.lower() in folded:
                    raise InvalidPath("no value matches the filter")
        done: JSONObject = original(ctx, current, operations)
        return done

    wrap(provider, "apply_patch", step)


@deviation(
    "primary-is-not-handed-over",
    breaks=["RFC7644-3.5.2-19"],
    text="Where two values are primary after a PATCH, the first of them stays.",
    settings={"several_primaries": "first"},
)
def primary_is_not_handed_over(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done: JSONObject = original(ctx, current, operations)
        for name, values in done.items():
            before = current.get(name)
            if isinstance(values, list) and isinstance(before, list):
                marked = {str(item.get("type")) for item in before if isinstance(item, dict) and item.get("primary")}
                done[name] = [
                    {**item, "primary": True} if isinstance(item, dict) and str(item.get("type")) in marked else item
                    for item in values
                ]
        return done

    wrap(provider, "apply_patch", apply)


@deviation(
    "primary-values-lose-the-mark",
    breaks=["RFC7644-3.5.2-19"],
    text="Any change of a value makes it no longer primary.",
)
def primary_values_lose_the_mark(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done: JSONObject = original(ctx, current, operations)
        if any(item.path is not None and "primary" in str(item) and item.path.sub != "primary" for item in operations):
            emails = [{**item, "primary": False} for item in done.get("emails", [])]
            return {**done, "emails": emails}
        return done

    wrap(provider, "apply_patch", apply)
