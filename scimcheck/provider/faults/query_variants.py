"""Variants of queries: matching, order and projections where RFC 7644 §3.4.2 and §3.9 leave a choice."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from scimcheck.core.characteristics import DataType
from scimcheck.core.errors import InvalidFilter, InvalidPath, InvalidValue
from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Present
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.path import parse_attr_path
from scimcheck.core.resource import get
from scimcheck.core.schema import ResourceModel
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import on_response, variant, wrap
from scimcheck.provider.faults.rewriting import compare, map_filter, rewrite_whole, scan

_ORDERS = {"gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le}

# --- matching ---------------------------------------------------------------------------------------------------------


@variant(
    "ne-needs-a-value",
    reading="RFC7644-3.4.2.2-11",
    text="ne does not match what has no value.",
)
def ne_needs_a_value(provider: Provider) -> None:
    compare(provider, lambda part: And((part, Present(part.path))) if part.op == "ne" else part)


@variant(
    "ne-is-not-eq",
    reading="RFC7644-3.4.2.2-11",
    text="ne matches what eq does not match: of several values none may be equal.",
)
def ne_is_not_eq(provider: Provider) -> None:
    compare(provider, lambda part: Not(dataclasses.replace(part, op="eq")) if part.op == "ne" else part)


def _dictionary(text: str) -> tuple[str, str]:
    """What dictionaries go by: letters and digits without case, and then all the rest."""
    folded = text.casefold()
    return "".join(sign for sign in folded if sign.isalnum()), folded


@variant(
    "texts-in-dictionary-order",
    reading="RFC7644-3.4.2.2-21",
    text="Texts are compared and sorted as in a dictionary: signs and letter case do not count at first.",
)
def texts_in_dictionary_order(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, tree: Filter, resource: JSONObject, model: ResourceModel) -> bool:
        known = _ordering(tree, resource, model)
        return bool(original(ctx, tree, resource, model)) if known is None else known

    def sort(original: Any, ctx: Context, resources: list[JSONObject], by: str, descending: bool) -> list[JSONObject]:
        usual: list[JSONObject] = original(ctx, resources, by, descending)
        path, model = parse_attr_path(by), (ctx.shape or ctx.provider.shapes[0]).model
        if not _is_text(path, model):
            return usual
        known = [item for item in usual if isinstance(get(item, path, model), str)]
        rest = [item for item in usual if not isinstance(get(item, path, model), str)]
        known.sort(key=lambda item: _dictionary(str(get(item, path, model))), reverse=descending)
        return [*rest, *known] if descending else [*known, *rest]

    scan(provider)
    wrap(provider, "matches", matches)
    wrap(provider, "sort", sort)


def _ordering(tree: Filter, resource: JSONObject, model: ResourceModel) -> bool | None:
    """Whether a single comparison of texts by order holds; ``None`` for every other filter."""
    if not isinstance(tree, Comparison) or tree.op not in _ORDERS or not _is_text(tree.path, model):
        return None
    held = get(resource, tree.path, model)
    if not isinstance(held, str) or not isinstance(tree.value, str):
        return None
    return bool(_ORDERS[tree.op](_dictionary(held), _dictionary(tree.value)))


def _is_text(path: AttrPath, model: ResourceModel) -> bool:
    located = model.find(path.urn, path.name, path.sub)
    if located is None or located.attribute.multi_valued or (located.parent and located.parent.multi_valued):
        return False
    return located.attribute.type is DataType.STRING and not located.attribute.case_exact


@variant(
    "unsaid-is-not-false",
    reading="RFC7643-2.4-05",
    text="primary eq false does not match values that say nothing of primary.",
)
def unsaid_is_not_false(provider: Provider) -> None:
    compare(
        provider,
        lambda part: And((part, Present(part.path))) if part.path.sub == "primary" and part.value is False else part,
    )


@variant(
    "short-names-mean-nothing",
    reading="RFC7644-3.10-04",
    text="Filters know extension attributes by their qualified names alone.",
)
def short_names_mean_nothing(provider: Provider) -> None:
    def check(ctx: Context, tree: Filter) -> Filter:
        def known(part: Filter) -> Filter:
            path = getattr(part, "path", None)
            if path is not None and path.urn is None and ctx.shape and not ctx.shape.model.find(None, path.name):
                raise InvalidFilter(f"{ctx.shape.name} has no attribute {path}")
            return part

        return map_filter(tree, known)

    rewrite_whole(provider, check)


# --- projections ------------------------------------------------------------------------------------------------------


def _projections(provider: Provider, change: Callable[[Any, ResourceModel | None], Any]) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        model = ctx.shape.model if ctx.shape else None
        return change(query, model)

    wrap(provider, "parse_query", parse)
    wrap(provider, "parse_search", parse)


def _names_something(name: str, model: ResourceModel | None) -> bool:
    if model is None or model.extension(name) is not None or name.lower() == model.core.id.lower():
        return True
    try:
        path = parse_attr_path(name)
    except InvalidPath:
        return False
    known = [model.find(path.urn, path.name, path.sub)]
    if path.urn is None:
        known += [model.find(extension.id, path.name, path.sub) for extension in model.extensions]
    return any(known)


@variant(
    "unknown-names-refused-in-projections",
    reading="RFC7644-3.9-10",
    text="attributes and excludedAttributes with a name that means nothing are refused with 400.",
)
def unknown_names_refused_in_projections(provider: Provider) -> None:
    def check(query: Any, model: ResourceModel | None) -> Any:
        for name in (*(query.attributes or ()), *(query.excluded_attributes or ())):
            if not _names_something(name, model):
                raise InvalidValue(f"there is no attribute {name}")
        return query

    _projections(provider, check)


@variant(
    "blanks-belong-to-names",
    reading="RFC7644-3.9-06",
    text="A name behind a comma and a blank means nothing.",
)
def blanks_belong_to_names(provider: Provider) -> None:
    def parse(original: Any, ctx: Context) -> Any:
        query = original(ctx)
        sent = parse_qs(ctx.request.query)
        for parameter, name in (("attributes", "attributes"), ("excludedAttributes", "excluded_attributes")):
            listed = sent.get(parameter, [""])[0].split(",")
            if any(each != each.strip() for each in listed):
                query = dataclasses.replace(query, **{name: tuple(each for each in listed if each == each.strip())})
        return query

    wrap(provider, "parse_query", parse)


@variant(
    "etags-vary-with-projections",
    reading="RFC7644-3.14-09",
    text="A part of a resource has another entity-tag than the whole.",
)
def etags_vary_with_projections(provider: Provider) -> None:
    def turn(request: Request, reply: Reply) -> None:
        tag = reply.headers.get("ETag")
        if tag and "ttributes=" in request.query:
            reply.headers["ETag"] = tag[:-1] + ';part"'
            meta = reply.body.get("meta") if isinstance(reply.body, dict) else None
            if isinstance(meta, dict) and "version" in meta:
                meta["version"] = reply.headers["ETag"]

    on_response(provider, turn, method="GET", status=200)
