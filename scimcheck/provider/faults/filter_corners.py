"""Deviations of filters that plain comparisons do not show: booleans, chains, negated groups (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

import re
from typing import Any

from scimcheck.core.errors import InvalidFilter
from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Or, Present, ValuePath
from scimcheck.core.json import JSONObject
from scimcheck.core.resource import get
from scimcheck.core.schema import ResourceModel
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap
from scimcheck.provider.faults.rewriting import EVERYTHING, NOTHING, compare, map_filter, reword, rewrite, scan

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


# --- booleans --------------------------------------------------------------------------------------------------------


@deviation("false-is-not-present", breaks=["RFC7644-3.4.2.2-15"], text="pr does not match a boolean that is false.")
def false_is_not_present(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        if isinstance(expression, Present) and get(resource, expression.path, model) is False:
            return False
        return bool(original(ctx, expression, resource, model))

    wrap(provider, "matches", matches)


@deviation("ne-false-ignored", breaks=["RFC7644-3.4.2.2-11"], text="A boolean compared with ne false always matches.")
def ne_false_ignored(provider: Provider) -> None:
    compare(provider, lambda part: EVERYTHING if part.op == "ne" and part.value is False else part)


@deviation(
    "booleans-need-quotes",
    breaks=["RFC7644-3.4.2.2-34"],
    text="Booleans in filters are refused unless they are written in quotation marks.",
)
def booleans_need_quotes(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, text: str) -> Filter:
        if re.search(r" (?:true|false)\b", _STRING.sub('""', text), re.IGNORECASE):
            raise InvalidFilter("an operand has to stand in quotation marks")
        parsed: Filter = original(ctx, re.sub(r'"(true|false)"', r"\1", text, flags=re.IGNORECASE))
        return parsed

    wrap(provider, "parse_filter", parse)


def _in_brackets(provider: Provider, change: Any) -> None:
    """Let ``change`` replace the comparisons with booleans in brackets."""

    def inner(part: Filter) -> Filter:
        found: Filter = change(part) if isinstance(part, Comparison) and isinstance(part.value, bool) else part
        return found

    def outer(part: Filter) -> Filter:
        return ValuePath(part.path, map_filter(part.filter, inner)) if isinstance(part, ValuePath) else part

    rewrite(provider, outer)


@deviation("booleans-in-brackets-ignored", breaks=["RFC7644-3.4.2.2-31"], text="In brackets booleans always match.")
def booleans_in_brackets_ignored(provider: Provider) -> None:
    _in_brackets(provider, lambda part: Present(AttrPath("value")))


@deviation("false-in-brackets-unfound", breaks=["RFC7644-3.4.2.2-31"], text="In brackets false never matches.")
def false_in_brackets_unfound(provider: Provider) -> None:
    nothing = Comparison(AttrPath("value"), "eq", "no such value")
    _in_brackets(provider, lambda part: part if part.value else nothing)


# --- logic and texts -------------------------------------------------------------------------------------------------


@deviation("and-takes-two", breaks=["RFC7644-3.4.2.2-25"], text="Of more than two operands of and the first two count.")
def and_takes_two(provider: Provider) -> None:
    rewrite(provider, lambda part: And(part.operands[:2]) if isinstance(part, And) else part)


@deviation(
    "negated-or-is-or-of-negations",
    breaks=["RFC7644-3.4.2.2-29"],
    text="not in front of a group joined by or negates each part, and leaves the or.",
)
def negated_or_is_or_of_negations(provider: Provider) -> None:
    def change(part: Filter) -> Filter:
        group = part.operand if isinstance(part, Not) else None
        return Or(tuple(Not(each) for each in group.operands)) if isinstance(group, Or) else part

    rewrite(provider, change)


@deviation(
    "ne-heeds-case",
    breaks=["RFC7644-3.4.2.2-45", "RFC7643-7-21"],
    text="ne finds a userName that differs from its operand in letter case alone.",
)
def ne_heeds_case(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        if isinstance(expression, Comparison) and expression.op == "ne" and expression.path.name.lower() == "username":
            return bool(resource.get("userName") != expression.value)
        return bool(original(ctx, expression, resource, model))

    scan(provider)
    wrap(provider, "matches", matches)


@deviation("blanks-folded-in-operands", breaks=["RFC7644-3.4.2.2-34"], text="Two blanks in an operand become one.")
def blanks_folded_in_operands(provider: Provider) -> None:
    reword(provider, lambda text: re.sub(" +", " ", text))


@deviation(
    "external-id-found-by-its-beginning",
    breaks=["RFC7644-3.4.2.2-10"],
    text="eq matches an externalId that begins with the operand.",
)
def external_id_found_by_its_beginning(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        beginning = part.op == "eq" and part.path.name.lower() == "externalid"
        return Comparison(part.path, "sw", part.value) if beginning else part

    scan(provider)
    compare(provider, change)


@deviation(
    "divisions-not-found",
    breaks=["RFC7644-3.4.2.2-10"],
    text="A filter finds no division of the enterprise extension.",
)
def divisions_not_found(provider: Provider) -> None:
    compare(provider, lambda part: NOTHING if part.path.name.lower() == "division" else part)
