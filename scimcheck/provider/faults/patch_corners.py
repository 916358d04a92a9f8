"""Deviations of PATCH without path and of its answers, which plain texts do not show (RFC 7644 §3.5.2)."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from scimcheck.core.filter.ast import And
from scimcheck.core.http import Request
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_response, wrap


def _after_path_less(provider: Provider, op: str, change: Callable[[JSONObject, JSONObject, JSONObject], Any]) -> None:
    """Let ``change(value, before, after)`` alter what an operation without path has made of a resource."""

    def apply(original: Any, ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        before = copy.deepcopy(current)
        after: JSONObject = original(ctx, current, operations)
        for operation in operations:
            if operation.op == op and operation.path is None and isinstance(operation.value, dict):
                change(operation.value, before, after)
        return after

    wrap(provider, "apply_patch", apply)


def _lone_parts(*, extensions: bool) -> Callable[[JSONObject, JSONObject, JSONObject], None]:
    """Leave nothing of complex attributes, or of extensions, but the parts that a value holds."""

    def change(value: JSONObject, before: JSONObject, after: JSONObject) -> None:
        for name, part in value.items():
            if isinstance(part, dict) and name in after and name.startswith("urn:") is extensions:
                after[name] = dict(part)

    return change


@deviation(
    "path-less-addition-wipes-extension",
    breaks=["RFC7644-3.5.2.1-03"],
    text="add without path of an attribute of an extension takes away the others of that extension.",
)
def path_less_addition_wipes_extension(provider: Provider) -> None:
    _after_path_less(provider, "add", _lone_parts(extensions=True))


@deviation(
    "path-less-addition-wipes-parts",
    breaks=["RFC7644-3.5.2.1-05"],
    text="add without path of a part of a complex attribute takes away the other parts.",
)
def path_less_addition_wipes_parts(provider: Provider) -> None:
    _after_path_less(provider, "add", _lone_parts(extensions=False))


@deviation(
    "path-less-replacement-wipes-extension",
    breaks=["RFC7644-3.5.2.3-01"],
    text="replace without path of an attribute of an extension takes away the others of that extension.",
)
def path_less_replacement_wipes_extension(provider: Provider) -> None:
    _after_path_less(provider, "replace", _lone_parts(extensions=True))


@deviation(
    "path-less-replacement-wipes-parts",
    breaks=["RFC7644-3.5.2.3-01"],
    text="replace without path of a part of a complex attribute takes away the other parts.",
)
def path_less_replacement_wipes_parts(provider: Provider) -> None:
    _after_path_less(provider, "replace", _lone_parts(extensions=False))


def _operations(provider: Provider, change: Callable[[Operation], Operation]) -> None:
    """Let ``change`` replace operations before they are carried out."""

    def parse(original: Any, ctx: Context, body: JSON) -> tuple[Operation, ...]:
        return tuple(change(operation) for operation in original(ctx, body))

    wrap(provider, "parse_patch", parse)


@deviation(
    "path-less-complex-ignored",
    breaks=["RFC7644-3.5.2.3-01", "RFC7644-3.5.2.1-02"],
    text="Operations without path pass over complex attributes.",
)
def path_less_complex_ignored(provider: Provider) -> None:
    def change(operation: Operation) -> Operation:
        value = operation.value
        if operation.path is not None or operation.extension or not isinstance(value, dict):
            return operation
        kept = {name: part for name, part in value.items() if name.startswith("urn:") or not isinstance(part, dict)}
        return dataclasses.replace(operation, value=kept)

    _operations(provider, change)


@deviation(
    "path-less-names-need-their-case",
    breaks=["RFC7643-2.1-01"],
    text="Operations without path pass over names that do not begin with a small letter.",
)
def path_less_names_need_their_case(provider: Provider) -> None:
    def change(operation: Operation) -> Operation:
        if operation.path is not None or operation.extension or not isinstance(operation.value, dict):
            return operation
        kept = {name: part for name, part in operation.value.items() if name[:1].islower()}
        return dataclasses.replace(operation, value=kept)

    _operations(provider, change)


@deviation(
    "value-filter-and-takes-last",
    breaks=["RFC7644-3.5.2-09"],
    text="Of an and in a value filter of a path the last part counts.",
)
def value_filter_and_takes_last(provider: Provider) -> None:
    def change(operation: Operation) -> Operation:
        path = operation.path
        if path is None or not isinstance(path.filter, And):
            return operation
        return dataclasses.replace(operation, path=dataclasses.replace(path, filter=path.filter.operands[-1]))

    _operations(provider, change)


def _without_false(request: Request, reply: Reply) -> None:
    if isinstance(reply.body, dict):
        for name in [name for name, value in reply.body.items() if value is False]:
            del reply.body[name]


@deviation(
    "patch-answers-without-false",
    breaks=["RFC7644-3.5.2-22"],
    text="The answer to a PATCH leaves out booleans that are false.",
)
def patch_answers_without_false(provider: Provider) -> None:
    on_response(provider, _without_false, method="PATCH", status=200)


@deviation(
    "put-answers-without-false",
    breaks=["RFC7644-3.5.1-12"],
    text="The answer to a PUT leaves out booleans that are false.",
)
def put_answers_without_false(provider: Provider) -> None:
    on_response(provider, _without_false, method="PUT", status=200)


@deviation(
    "patch-answers-without-extensions",
    breaks=["RFC7644-3.5.2-22"],
    text="The answer to a PATCH shows no extension.",
)
def patch_answers_without_extensions(provider: Provider) -> None:
    def strip(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict):
            for name in [name for name in reply.body if name.startswith("urn:")]:
                del reply.body[name]

    on_response(provider, strip, method="PATCH", status=200)
