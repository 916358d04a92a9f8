"""What deviations of filters are written with: changing expressions, texts of expressions, and what matches."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from scimcheck.core.errors import InvalidFilter
from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Or, Present
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import wrap

#: An expression that no resource satisfies, and one that every resource does.
NOTHING: Filter = Comparison(AttrPath("id"), "eq", "no such id")
EVERYTHING: Filter = Present(AttrPath("id"))

Change = Callable[[Filter], Filter]


def map_filter(tree: Filter, change: Change) -> Filter:
    """The expression with ``change`` applied to every part, the innermost first; brackets count as one part."""
    if isinstance(tree, (And, Or)):
        tree = dataclasses.replace(tree, operands=tuple(map_filter(operand, change) for operand in tree.operands))
    elif isinstance(tree, Not):
        tree = Not(map_filter(tree.operand, change))
    return change(tree)


def rewrite(provider: Provider, change: Change) -> None:
    """Let ``change`` replace the parts of every filter."""
    rewrite_whole(provider, lambda ctx, tree: map_filter(tree, change))


def rewrite_whole(provider: Provider, change: Callable[[Context, Filter], Filter]) -> None:
    """Let ``change(ctx, expression)`` replace every filter as a whole."""

    def parse(original: Any, ctx: Context, text: str) -> Filter:
        return change(ctx, original(ctx, text))

    wrap(provider, "parse_filter", parse)


def compare(provider: Provider, change: Callable[[Comparison], Filter]) -> None:
    """Let ``change`` replace the comparisons of every filter, those in brackets left alone."""
    rewrite(provider, lambda part: change(part) if isinstance(part, Comparison) else part)


def reword(provider: Provider, change: Callable[[str], str]) -> None:
    """Let ``change`` replace the text of every filter before it is parsed."""
    wrap(provider, "parse_filter", lambda original, ctx, text: original(ctx, change(text)))


def refuse(provider: Provider, faulty: Callable[[str], Any]) -> None:
    """Refuse filters whose text is ``faulty`` as if they did not follow the grammar."""

    def parse(original: Any, ctx: Context, text: str) -> Filter:
        if faulty(text):
            raise InvalidFilter("this form of a filter is not understood")
        parsed: Filter = original(ctx, text)
        return parsed

    wrap(provider, "parse_filter", parse)


def fallback(provider: Provider, guess: Callable[[str], Filter | None]) -> None:
    """Let ``guess`` interpret what is no filter; ``None`` refuses it as usual."""

    def parse(original: Any, ctx: Context, text: str) -> Filter:
        try:
            parsed: Filter = original(ctx, text)
        except InvalidFilter:
            guessed = guess(text)
            if guessed is None:
                raise
            return guessed
        return parsed

    wrap(provider, "parse_filter", parse)


def scan(provider: Provider) -> None:
    """Have every record looked at, whatever an index says."""
    wrap(provider, "list_candidates", lambda original, ctx, shape, expression: original(ctx, shape, None))


def look_at(provider: Provider, change: Callable[[JSONObject], JSONObject]) -> None:
    """Evaluate filters on what ``change`` makes of each resource; resources are shown as they are."""

    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        return bool(original(ctx, expression, change(resource), model))

    scan(provider)
    wrap(provider, "matches", matches)


def look_with(provider: Provider, change: Callable[[ResourceModel], ResourceModel]) -> None:
    """Evaluate filters by what ``change`` makes of the resource types' definitions; asked once for each type."""
    changed: dict[str, ResourceModel] = {}

    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        if model.name not in changed:
            changed[model.name] = change(model)
        return bool(original(ctx, expression, resource, changed[model.name]))

    scan(provider)
    wrap(provider, "matches", matches)
