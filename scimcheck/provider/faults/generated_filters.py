"""Deviations of filters that show in combinations and operands that nobody writes by hand (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

import re
from typing import Any

from scimcheck.core.filter.ast import And, Comparison, Filter, Not, Or
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import get
from scimcheck.core.schema import ResourceModel
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap
from scimcheck.provider.faults.rewriting import NOTHING, map_filter, rewrite, scan


@deviation(
    "negation-of-any-value",
    breaks=["RFC7644-3.4.2.2-27"],
    text="not before a comparison with a list matches when one value of the list does not satisfy it.",
)
def negation_of_any_value(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        def change(part: Filter) -> Filter:
            if not isinstance(part, Not) or not isinstance(part.operand, Comparison):
                return part
            values = get(resource, part.operand.path, model)
            several = isinstance(values, list) and len(set(map(str, values))) > 1
            return Not(NOTHING) if several else part

        return bool(original(ctx, map_filter(expression, change), resource, model))

    scan(provider)
    wrap(provider, "matches", matches)


@deviation(
    "or-of-groups-keeps-one",
    breaks=["RFC7644-3.4.2.2-29"],
    also=["RFC7644-3.4.2.2-28"],
    text="Of operands joined by or, those after the first are lost when they are combinations themselves.",
)
def or_of_groups_keeps_one(provider: Provider) -> None:
    def change(part: Filter) -> Filter:
        if not isinstance(part, Or) or not any(isinstance(operand, And) for operand in part.operands[1:]):
            return part
        return part.operands[0]

    rewrite(provider, change)


def _like(operand: str) -> re.Pattern[str]:
    parts = ({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in operand)
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def _matches_like(values: JSON, operator: str, operand: str) -> bool:
    pattern = _like(operand)
    test = {"sw": pattern.match, "co": pattern.search, "ew": re.compile(f"{pattern.pattern}$", pattern.flags).search}
    texts = values if isinstance(values, list) else [values]
    return any(isinstance(text, str) and test[operator](text) is not None for text in texts)


@deviation(
    "operands-are-patterns",
    breaks=["RFC7644-3.4.2.2-13"],
    also=["RFC7644-3.4.2.2-12", "RFC7644-3.4.2.2-14", "RFC7644-3.4.2.2-38", "RFC7644-3.4.2.2-39", "RFC7644-3.4.2.2-40"],
    text="A percent sign in the operand of sw, co and ew stands for any letters.",
)
def operands_are_patterns(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        def change(part: Filter) -> Filter:
            if not isinstance(part, Comparison) or part.op not in ("sw", "co", "ew") or "%" not in str(part.value):
                return part
            values = get(resource, part.path, model)
            return Not(NOTHING) if _matches_like(values, part.op, str(part.value)) else NOTHING

        return bool(original(ctx, map_filter(expression, change), resource, model))

    scan(provider)
    wrap(provider, "matches", matches)
