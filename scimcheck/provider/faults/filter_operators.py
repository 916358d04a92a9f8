"""Deviations of the attribute operators (RFC 7644 §3.4.2.2, table 3)."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from scimcheck.core.characteristics import DataType
from scimcheck.core.errors import InvalidFilter
from scimcheck.core.filter.ast import Comparison, Filter, Not, Or, Present
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import Attribute, ResourceModel, Schema
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.enriching import attribute
from scimcheck.provider.faults.registry import change_schema, deviation, variant, wrap
from scimcheck.provider.faults.rewriting import EVERYTHING, NOTHING, compare, look_at, look_with, rewrite

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def _as(provider: Provider, op: str, other: str) -> None:
    """Carry out one operator as another, on texts."""

    def change(part: Comparison) -> Filter:
        swapped = part.op == op and isinstance(part.value, str)
        return dataclasses.replace(part, op=other) if swapped else part

    compare(provider, change)


def _unlike(provider: Provider, op: str, wrong: str) -> None:
    """Turn wildcards in the operand of an operator into a match with any letter: by leaving out what they stand in."""

    def change(part: Comparison) -> Filter:
        if part.op != op or not isinstance(part.value, str) or wrong not in part.value:
            return part
        head, _, tail = part.value.partition(wrong)
        parts: list[Filter] = [Comparison(part.path, "sw" if op in ("eq", "sw") else "co", head)]
        parts += [Comparison(part.path, "ew" if op in ("eq", "ew") else "co", tail)] if tail else []
        return Not(Or(tuple(Not(each) for each in parts))) if len(parts) > 1 else parts[0]

    compare(provider, change)


@deviation(
    "eq-finds-beginnings",
    breaks=["RFC7644-3.4.2.2-10"],
    also=["ENTRA-4.3-02", "ENTRA-4.3-05", "ENTRA-4.3-06", "ENTRA-4.3-07", "ENTRA-8.3-01"],
    text="eq matches values that begin with the operand.",
)
def eq_finds_beginnings(provider: Provider) -> None:
    _as(provider, "eq", "sw")


@deviation(
    "eq-finds-substrings",
    breaks=["RFC7644-3.4.2.2-10"],
    also=["ENTRA-4.3-02", "ENTRA-4.3-05", "ENTRA-4.3-06", "ENTRA-4.3-07", "ENTRA-8.3-01"],
    text="eq matches values that hold the operand.",
)
def eq_finds_substrings(provider: Provider) -> None:
    _as(provider, "eq", "co")


@deviation(
    "eq-knows-wildcards",
    breaks=["RFC7644-3.4.2.2-10"],
    also=["ENTRA-4.3-07"],
    text="A % in the operand of eq stands for anything.",
)
def eq_knows_wildcards(provider: Provider) -> None:
    _unlike(provider, "eq", "%")


@deviation("ne-finds-nothing", breaks=["RFC7644-3.4.2.2-11"], text="ne never matches.")
def ne_finds_nothing(provider: Provider) -> None:
    compare(provider, lambda part: NOTHING if part.op == "ne" else part)


@deviation("ne-is-eq", breaks=["RFC7644-3.4.2.2-11"], text="ne is carried out as eq.")
def ne_is_eq(provider: Provider) -> None:
    _as(provider, "ne", "eq")


@deviation("ne-finds-everything", breaks=["RFC7644-3.4.2.2-11"], text="ne matches whatever the value is.")
def ne_finds_everything(provider: Provider) -> None:
    compare(provider, lambda part: Present(part.path) if part.op == "ne" else part)


@deviation("co-finds-beginnings", breaks=["RFC7644-3.4.2.2-12"], text="co is carried out as sw.")
def co_finds_beginnings(provider: Provider) -> None:
    _as(provider, "co", "sw")


@deviation("co-knows-wildcards", breaks=["RFC7644-3.4.2.2-12"], text="A _ in the operand of co stands for any letter.")
def co_knows_wildcards(provider: Provider) -> None:
    _unlike(provider, "co", "_")


@deviation("co-is-refused", breaks=["RFC7644-3.4.2.2-12"], text="co is refused as an unknown operator.")
def co_is_refused(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        if part.op == "co":
            raise InvalidFilter("co is not supported")
        return part

    compare(provider, change)


@deviation("sw-finds-substrings", breaks=["RFC7644-3.4.2.2-13"], text="sw is carried out as co.")
def sw_finds_substrings(provider: Provider) -> None:
    _as(provider, "sw", "co")


@deviation("sw-needs-more", breaks=["RFC7644-3.4.2.2-13"], text="sw does not match a value that equals the operand.")
def sw_needs_more(provider: Provider) -> None:
    rewrite(provider, lambda part: _and_differs(part, "sw"))


@deviation("ew-finds-substrings", breaks=["RFC7644-3.4.2.2-14"], text="ew is carried out as co.")
def ew_finds_substrings(provider: Provider) -> None:
    _as(provider, "ew", "co")


@deviation("ew-needs-more", breaks=["RFC7644-3.4.2.2-14"], text="ew does not match a value that equals the operand.")
def ew_needs_more(provider: Provider) -> None:
    rewrite(provider, lambda part: _and_differs(part, "ew"))


def _and_differs(part: Filter, op: str) -> Filter:
    if not isinstance(part, Comparison) or part.op != op:
        return part
    return Not(Or((Not(part), Comparison(part.path, "eq", part.value))))


@deviation("present-finds-nothing", breaks=["RFC7644-3.4.2.2-15"], text="pr never matches.")
def present_finds_nothing(provider: Provider) -> None:
    rewrite(provider, lambda part: NOTHING if isinstance(part, Present) else part)


@deviation(
    "complex-attributes-never-present", breaks=["RFC7644-3.4.2.2-15"], text="pr never matches a complex attribute."
)
def complex_attributes_never_present(provider: Provider) -> None:
    whole = ("name", "emails", "addresses", "phonenumbers", "ims", "photos")
    rewrite(
        provider,
        lambda part: (
            NOTHING if isinstance(part, Present) and part.path.sub is None and part.path.name.lower() in whole else part
        ),
    )


@deviation(
    "empty-arrays-present",
    breaks=["RFC7644-3.4.2.2-16"],
    also=["RFC7644-3.5.2.2-05"],
    text="pr matches multi-valued attributes without values.",
)
def empty_arrays_present(provider: Provider) -> None:
    rewrite(
        provider,
        lambda part: (
            EVERYTHING if isinstance(part, Present) and part.path.name.lower() in ("emails", "phonenumbers") else part
        ),
    )


def _ordering(name: str, op: str, other: str, number: int, text: str) -> None:
    @deviation(name, breaks=[f"RFC7644-3.4.2.2-{number}"], text=text)
    def exchanged(provider: Provider) -> None:
        compare(provider, lambda part: dataclasses.replace(part, op=other) if part.op == op else part)


_ordering("gt-includes-equal", "gt", "ge", 17, "gt is carried out as ge.")
_ordering("ge-excludes-equal", "ge", "gt", 18, "ge is carried out as gt.")
_ordering("lt-includes-equal", "lt", "le", 19, "lt is carried out as le.")
_ordering("le-excludes-equal", "le", "lt", 20, "le is carried out as lt.")
_ordering("gt-is-lt", "gt", "lt", 17, "gt is carried out as lt.")
_ordering("le-is-ge", "le", "ge", 20, "le is carried out as ge.")


@deviation(
    "texts-have-no-order", breaks=["RFC7644-3.4.2.2-21"], text="Ordering operators on texts are refused with 400."
)
def texts_have_no_order(provider: Provider) -> None:
    def check(original: Any, ctx: Context, expression: Filter, shapes: Any) -> None:
        original(ctx, expression, shapes)
        for shape in shapes:
            _refuse_order(expression, shape.model)

    wrap(provider, "check_filter", check)


def _refuse_order(expression: Filter, model: ResourceModel) -> None:
    if isinstance(expression, Comparison) and expression.op in ("gt", "ge", "lt", "le"):
        path = expression.path
        located = model.find(path.urn, path.name, path.sub)
        if located and located.attribute.type is DataType.STRING:
            raise InvalidFilter(f"{path} has no order")


@deviation(
    "texts-ordered-by-length", breaks=["RFC7644-3.4.2.2-21"], text="Ordering operators compare the length of texts."
)
def texts_ordered_by_length(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        found = isinstance(expression, Comparison) and expression.op in ("gt", "ge", "lt", "le")
        if found and isinstance(expression, Comparison) and expression.path.sub is None:
            value = resource.get(expression.path.name)
            if isinstance(value, str) and isinstance(expression.value, str):
                sizes = len(value), len(expression.value)
                orders = {"gt": sizes[0] > sizes[1], "ge": sizes[0] >= sizes[1], "lt": sizes[0] < sizes[1]}
                return orders.get(expression.op, sizes[0] <= sizes[1])
        return bool(original(ctx, expression, resource, model))

    wrap(provider, "matches", matches)


def _retyped(model: ResourceModel, kind: DataType, other: DataType) -> ResourceModel:
    """The model with every attribute of one type given another type."""

    def attribute(found: Attribute) -> Attribute:
        subs = tuple(attribute(sub) for sub in found.sub_attributes)
        return dataclasses.replace(found, type=other if found.type is kind else found.type, sub_attributes=subs)

    def schema(found: Schema) -> Schema:
        return dataclasses.replace(found, attributes=tuple(attribute(item) for item in found.attributes))

    return ResourceModel(model.resource_type, schema(model.core), tuple(schema(each) for each in model.extensions))


@deviation("instants-compared-as-text", breaks=["RFC7644-3.4.2.2-22"], text="Instants compare letter by letter.")
def instants_compared_as_text(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        if isinstance(expression, Comparison) and expression.path.name.lower() == "meta":
            value = resource["meta"].get(expression.path.sub or "")
            wrong = _by_text(expression, value)
            if wrong is not None:
                return wrong
        return bool(original(ctx, expression, resource, model))

    wrap(provider, "matches", matches)


def _by_text(expression: Comparison, value: Any) -> bool | None:
    """Whether an instant satisfies a comparison letter by letter; ``None`` where nothing is out of order."""
    operand = expression.value
    if not isinstance(value, str) or not isinstance(operand, str) or not re.match(r"\d{4}-", operand):
        return None
    orders = {"gt": value > operand, "ge": value >= operand, "lt": value < operand, "le": value <= operand}
    return orders.get(expression.op)


def _numbers(schema: JSONObject) -> None:
    """Add an integer and a decimal to a schema."""
    for name, kind in (("loginCount", "integer"), ("workload", "decimal")):
        schema["attributes"].append(
            {
                "name": name, "type": kind, "multiValued": False, "description": f"A number ({kind}).",
                "required": False, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
            }
        )  # fmt: skip


@deviation(
    "integers-compared-as-text",
    breaks=["RFC7644-3.4.2.2-23"],
    text="Users have numbers, which the ordering operators compare letter by letter.",
)
def integers_compared_as_text(provider: Provider) -> None:
    change_schema(provider, USER, _numbers)

    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        if isinstance(expression, Comparison) and expression.op in ("gt", "ge", "lt", "le"):
            value = resource.get(expression.path.name)
            if isinstance(value, int) and isinstance(expression.value, int):
                texts = str(value), str(expression.value)
                orders = {"gt": texts[0] > texts[1], "ge": texts[0] >= texts[1], "lt": texts[0] < texts[1]}
                return orders.get(expression.op, texts[0] <= texts[1])
        return bool(original(ctx, expression, resource, model))

    wrap(provider, "matches", matches)


@deviation(
    "integers-greater-than-themselves",
    breaks=["RFC7644-3.4.2.2-23"],
    text="Users have numbers, of which gt finds those that equal the operand, too.",
)
def integers_greater_than_themselves(provider: Provider) -> None:
    change_schema(provider, USER, _numbers)

    def loose(part: Comparison) -> Comparison:
        return dataclasses.replace(part, op="ge") if part.op == "gt" and isinstance(part.value, int) else part

    compare(provider, loose)


def _by_first_letter(provider: Provider, name: str) -> None:
    """Let the ordering operators compare that attribute by the texts of its values."""

    def matches(original: Any, ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        value = resource.get(name)
        if value is not None and isinstance(expression, Comparison) and expression.path.name == name:
            text, operand = str(value), str(expression.value)
            orders = {"gt": text > operand, "ge": text >= operand, "lt": text < operand, "le": text <= operand}
            if expression.op in orders:
                return orders[expression.op]
        return bool(original(ctx, expression, resource, model))

    wrap(provider, "matches", matches)


@deviation(
    "decimals-compared-as-text",
    breaks=["RFC7644-3.4.2.2-23"],
    text="Users have a decimal, which the ordering operators compare letter by letter.",
)
def decimals_compared_as_text(provider: Provider) -> None:
    change_schema(provider, USER, _numbers)
    _by_first_letter(provider, "workload")


@deviation(
    "times-of-a-schema-compared-as-text",
    breaks=["RFC7644-3.4.2.2-22"],
    text="Users have a time of their own, which the ordering operators compare letter by letter.",
)
def times_of_a_schema_compared_as_text(provider: Provider) -> None:
    change_schema(provider, USER, lambda schema: schema["attributes"].append(attribute("hiredAt", "dateTime")))
    _by_first_letter(provider, "hiredAt")


@deviation(
    "decimals-cut-to-integers",
    breaks=["RFC7644-3.4.2.2-34"],
    text="Users have numbers; in filters their operands lose what stands behind the point.",
)
def decimals_cut_to_integers(provider: Provider) -> None:
    change_schema(provider, USER, _numbers)
    compare(
        provider,
        lambda part: dataclasses.replace(part, value=int(part.value)) if isinstance(part.value, float) else part,
    )


@variant("users-with-numbers", reading="RFC7644-3.4.2.2-23", text="Users have an integer and a decimal attribute.")
def users_with_numbers(provider: Provider) -> None:
    change_schema(provider, USER, _numbers)


@deviation(
    "booleans-have-an-order",
    breaks=["RFC7644-3.4.2.2-24"],
    text="Ordering operators on booleans and binaries are carried out.",
)
def booleans_have_an_order(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        ordered = part.op in ("gt", "ge", "lt", "le")
        unordered = isinstance(part.value, bool) or part.path.name.lower() == "x509certificates"
        return dataclasses.replace(part, op="eq") if ordered and unordered else part

    compare(provider, change)


@deviation(
    "booleans-compared-as-text", breaks=["RFC7644-3.4.2.2-34"], text="true and false in filters match texts alone.",
    also=["RFC7644-3.4.2.2-41"],
)  # fmt: skip
def booleans_compared_as_text(provider: Provider) -> None:
    look_with(provider, lambda model: _retyped(model, DataType.BOOLEAN, DataType.STRING))
    compare(
        provider,
        lambda part: dataclasses.replace(part, value=str(part.value).lower()) if isinstance(part.value, bool) else part,
    )


@deviation(
    "first-value-alone-compared",
    breaks=["RFC7644-3.4.2.2-39"],
    also=["RFC7644-3.4.2.2-31", "RFC7644-3.4.2.2-46"],
    text="Of a multi-valued attribute filters look at the first value.",
)
def first_value_alone_compared(provider: Provider) -> None:
    def first(resource: JSONObject) -> JSONObject:
        return {name: value[:1] if isinstance(value, list) else value for name, value in resource.items()}

    look_at(provider, first)


@deviation(
    "sub-attributes-never-match",
    breaks=["RFC7644-3.4.2.2-40"],
    also=["RFC7644-3.4.2.2-10"],
    text="A condition on a part of name matches nothing.",
)
def sub_attributes_never_match(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        return NOTHING if part.path.name.lower() == "name" and part.path.sub else part

    compare(provider, change)


@deviation("sub-attributes-refused", breaks=["RFC7644-3.4.2.2-40"], text="A condition on a part of name is refused.")
def sub_attributes_refused(provider: Provider) -> None:
    def change(part: Comparison) -> Filter:
        if part.path.name.lower() == "name" and part.path.sub:
            raise InvalidFilter("dots are not understood")
        return part

    compare(provider, change)
