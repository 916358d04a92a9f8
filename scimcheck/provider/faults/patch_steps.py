"""How deviations of PATCH get at single operations, together with the resource that they meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from scimcheck.core.filter.ast import AttrPath, Filter
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch import Operation
from scimcheck.core.path import PatchPath
from scimcheck.core.resource import get
from scimcheck.core.schema import Attribute
from scimcheck.core.values import has_value
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import wrap

#: From an operation, and the resource as it is when the operation's turn comes, to what is carried out in its place.
Step: TypeAlias = "Callable[[Context, JSONObject, Operation], Sequence[Operation]]"


def instead(provider: Provider, step: Step) -> None:
    """Carry out what ``step`` makes of each operation; an empty list stands for success without effect."""

    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done = current
        for operation in operations:
            for item in step(ctx, done, operation):
                done = original(ctx, done, [item])
        return done

    wrap(provider, "apply_patch", apply)
    whole_groups(provider)


def whole_groups(provider: Provider) -> None:
    """Let operations on members go the way of all others."""
    wrap(provider, "membership_changes", lambda original, ctx, record, operations: None)


def attribute_of(ctx: Context, operation: Operation) -> Attribute | None:
    """The attribute that the path of an operation begins with."""
    if operation.path is None:
        return None
    located = ctx.typed().model.find(operation.path.attr.urn, operation.path.attr.name)
    return located.attribute if located else None


def held(ctx: Context, current: JSONObject, operation: Operation) -> JSON:
    """The value of the attribute that the path of an operation begins with."""
    if operation.path is None:
        return None
    attr = operation.path.attr
    return get(current, AttrPath(attr.name, urn=attr.urn), ctx.typed().model)


def is_plain(operation: Operation, op: str) -> bool:
    """Whether it is that op, on an attribute as a whole."""
    path = operation.path
    return operation.op == op and path is not None and path.filter is None and path.target_sub is None


def on_single(ctx: Context, operation: Operation, op: str) -> bool:
    """Whether it is that op, on a single-valued attribute as a whole."""
    attribute = attribute_of(ctx, operation)
    return is_plain(operation, op) and attribute is not None and not attribute.multi_valued


def on_list(ctx: Context, operation: Operation, op: str) -> bool:
    """Whether it is that op, on a multi-valued attribute as a whole."""
    attribute = attribute_of(ctx, operation)
    listed = attribute is not None and attribute.multi_valued and attribute.name != "schemas"
    return is_plain(operation, op) and listed


def on_sub(operation: Operation, op: str) -> bool:
    """Whether it is that op, on a sub-attribute without a value filter."""
    path = operation.path
    return operation.op == op and path is not None and path.filter is None and path.target_sub is not None


def on_selected(operation: Operation, op: str, *, sub: bool) -> bool:
    """Whether it is that op behind a value filter, on a sub-attribute or on whole values."""
    path = operation.path
    return operation.op == op and path is not None and path.filter is not None and (path.target_sub is not None) is sub


def whole(operation: Operation) -> PatchPath:
    """The path of the attribute, without filter and sub-attribute."""
    if operation.path is None:
        raise TypeError("the operation has no path")
    return PatchPath(AttrPath(operation.path.attr.name, urn=operation.path.attr.urn))


def filtered(operation: Operation, value_filter: Filter | None) -> Operation:
    """The operation with another value filter."""
    if operation.path is None:
        return operation
    return replace(operation, path=PatchPath(operation.path.attr, value_filter, operation.path.sub))


def assigned(ctx: Context, current: JSONObject, operation: Operation) -> bool:
    """Whether the attribute that the path begins with has a value."""
    return has_value(held(ctx, current, operation))
