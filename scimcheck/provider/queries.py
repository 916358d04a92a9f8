"""Queries on one resource type or on all of them (RFC 7644 §3.4.2, §3.4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scimcheck.core.errors import InvalidFilter, InvalidPath, InvalidSyntax, InvalidValue, Sensitive, TooMany
from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Or, Present, ValuePath
from scimcheck.core.filter.check import check_filter as check_operators
from scimcheck.core.filter.evaluate import equality_terms
from scimcheck.core.filter.evaluate import matches as filter_matches
from scimcheck.core.filter.parser import parse_filter as parse_expression
from scimcheck.core.json import JSONObject
from scimcheck.core.messages import SearchRequest, list_response
from scimcheck.core.path import parse_attr_path
from scimcheck.core.projection import project
from scimcheck.core.query import page as cut_page
from scimcheck.core.query import sort_resources
from scimcheck.core.schema import ResourceModel
from scimcheck.provider.answers import show
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.cursors import cursor_body, is_cursor_paged
from scimcheck.provider.parameters import without_faulty_numbers
from scimcheck.provider.rendering import render
from scimcheck.provider.shapes import Shape
from scimcheck.provider.store import Record
from scimcheck.provider.unneeded import unneeded_attributes

#: What nearly every query of Entra is: one attribute, eq, a text without escapes. It needs no parser.
_PROBE = re.compile(r'([A-Za-z][A-Za-z0-9_-]*)(?:\.([A-Za-z][A-Za-z0-9_-]*))? eq "([^"\\\x00-\x1f]*)"')
#: Candidates up to this number are rendered once, for the filter and for the response.
_FEW = 8


def parse_query(ctx: Context) -> SearchRequest:
    """The parameters of the query string; raises InvalidValue for faulty ones."""
    return SearchRequest.from_query(without_faulty_numbers(ctx.request.query, ctx.settings))


def parse_filter(ctx: Context, text: str) -> Filter:
    """The filter expression as a tree; raises InvalidFilter."""
    probe = _PROBE.fullmatch(text)
    if probe is not None:
        return Comparison(AttrPath(probe[1], probe[2]), "eq", probe[3])
    return parse_expression(text, lenient=True)


def query(ctx: Context) -> Reply:
    """Answer a query on the path's resource type, or on every type at the root, with a ListResponse."""
    shapes = ctx.provider.shapes if ctx.shape is None else (ctx.shape,)
    request = ctx.query
    expression = _filter(ctx, request, shapes)
    records = _matching(ctx, shapes, expression)
    if request.sort_by is not None:
        records = _sorted(ctx, records, request)
    return Reply(200, ctx.ops.list_body(ctx, records))


def _filter(ctx: Context, request: SearchRequest, shapes: Sequence[Shape]) -> Filter | None:
    if request.filter is None:
        return None
    if not ctx.settings.filter_supported:
        raise InvalidFilter("filters are not supported")
    expression = ctx.ops.parse_filter(ctx, request.filter)
    ctx.ops.check_filter(ctx, expression, shapes)
    return expression


def check_filter(ctx: Context, expression: Filter, shapes: Sequence[Shape]) -> None:
    """Refuse filters that this endpoint cannot answer: raises InvalidFilter, or Sensitive for secrets in a URL.

    An attribute that the path's one type does not define is refused or matches nothing, as the settings say; where
    several types are asked it has no value (§3.4.2.1).
    """
    for shape in shapes:
        check_operators(expression, shape.model)
    for path in _paths(expression):
        if ctx.method in ("GET", "HEAD") and path.name.lower() in _lowered(ctx.settings.sensitive_attributes):
            raise Sensitive(f"{path.name} is sensitive; use POST and .search instead of the URL")
        if len(shapes) == 1 and ctx.settings.unknown_filter_attribute == "refuse" and not _known(path, shapes[0].model):
            raise InvalidFilter(f"{shapes[0].name} has no attribute {path}")
        if len(shapes) == 1 and ctx.settings.bare_complex_filter == "refuse" and _is_complex(path, shapes[0].model):
            raise InvalidFilter(f"{path} is complex; compare one of its sub-attributes")
    if not ctx.settings.value_paths_supported and _has_value_path(expression):
        raise InvalidFilter("filters in square brackets are not supported")


def _lowered(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


def _operands(expression: Filter) -> tuple[Filter, ...]:
    if isinstance(expression, (And, Or)):
        return expression.operands
    return (expression.operand,) if isinstance(expression, Not) else ()


def _paths(expression: Filter) -> list[AttrPath]:
    """The attribute paths of an expression; sub-attributes in brackets come behind their attribute's name."""
    if isinstance(expression, (Comparison, Present)):
        return [expression.path]
    if isinstance(expression, ValuePath):
        inner = _paths(expression.filter)
        return [AttrPath(expression.path.name, path.name, expression.path.urn) for path in inner]
    return [path for operand in _operands(expression) for path in _paths(operand)]


def _has_value_path(expression: Filter) -> bool:
    return isinstance(expression, ValuePath) or any(_has_value_path(operand) for operand in _operands(expression))


def _known(path: AttrPath, model: ResourceModel) -> bool:
    """Whether the model defines the path: as a core or common attribute, or as an extension's, even without its URN."""
    located = model.find(path.urn, path.name, path.sub)
    if located is not None or path.urn is not None:
        return located is not None or model.extension(f"{path.urn}:{path.name}") is not None
    simple = model.find(None, path.name)
    if simple is not None:  # the values of a simple multi-valued attribute can be called "value" in brackets
        return not simple.attribute.sub_attributes and (path.sub or "").lower() == "value"
    return any(model.find(extension.id, path.name, path.sub) for extension in model.extensions)


def _is_complex(path: AttrPath, model: ResourceModel) -> bool:
    located = model.find(path.urn, path.name, path.sub)
    return located is not None and bool(located.attribute.sub_attributes)


# --- finding ---------------------------------------------------------------------------------------------------------


def _matching(ctx: Context, shapes: Sequence[Shape], expression: Filter | None) -> list[Record]:
    """The records that match, in order of creation."""
    found: list[Record] = []
    for shape in shapes:
        candidates = ctx.ops.list_candidates(ctx, shape, expression)
        if expression is None:
            found.extend(candidates)
            continue
        found.extend(_satisfying(ctx, shape, expression, candidates))
    limit = ctx.settings.too_many
    if limit is not None and len(found) > limit and ctx.query.count is None:
        raise TooMany(f"{len(found)} resources match, and {limit} is the limit; ask for pages or narrow the filter")
    return found


def _satisfying(ctx: Context, shape: Shape, expression: Filter, candidates: Sequence[Record]) -> Iterator[Record]:
    """The candidates that satisfy the filter. A few are rendered as they will be shown, and kept for that."""
    named = {path.name.lower() for path in _paths(expression)}
    few = len(candidates) <= _FEW
    derived = shape.derived
    for record in candidates:
        without = unneeded_attributes(ctx, record) if few else derived
        resource = render(ctx, record, without - named)
        if ctx.ops.matches(ctx, expression, resource, shape.model):
            if few:
                ctx.rendered[record.id] = resource
            yield record


def matches(ctx: Context, expression: Filter, resource: JSONObject, model: ResourceModel) -> bool:
    """Whether a rendered resource satisfies the filter."""
    return filter_matches(expression, resource, model)


def list_candidates(ctx: Context, shape: Shape, expression: Filter | None) -> Sequence[Record]:
    """Records of the type among which are all that match: those an index names, or else every one."""
    if expression is not None:
        for path, value in equality_terms(expression):
            found = _indexed(ctx, shape, path, value)
            if found is not None:
                return found
    return ctx.store.snapshot(shape.name)


def _indexed(ctx: Context, shape: Shape, path: AttrPath, value: Any) -> list[Record] | None:
    """The records that an index names for ``path eq value``; ``None`` when there is no index for it."""
    if not isinstance(value, str):
        return None
    located = shape.model.find(path.urn, path.name, path.sub)
    if located is None:
        return None
    name = (located.parent or located.attribute).name
    if located.schema is None and name == "id":
        record = ctx.store.get(shape.name, value)
        return [record] if record else []
    if shape.membership is not None and located.schema is None and name == shape.membership.name:
        return _groups_of(ctx, shape, value) if path.sub is None or path.sub.lower() == "value" else None
    sub = path.sub or ("value" if located.attribute.sub_attributes else None)
    key = (f"{located.schema}:" if located.schema else "") + name + (f".{sub}" if sub else "")
    if ctx.store.index(shape.name, key.lower()) is None:
        return None
    return ctx.store.holders(shape.name, key.lower(), value)


def _groups_of(ctx: Context, shape: Shape, member: str) -> list[Record] | None:
    """The groups with that member; ``None`` when the id may stand there in another letter case."""
    found = [ctx.store.get(shape.name, group) for group in ctx.store.memberships.groups(member)]
    return [record for record in found if record is not None] if member.islower() or found else None


# --- ordering --------------------------------------------------------------------------------------------------------


def _sorted(ctx: Context, records: list[Record], request: SearchRequest) -> list[Record]:
    if not ctx.settings.sort_supported:
        return records
    sort_by = request.sort_by or ""
    path = _sort_path(sort_by)
    name = path.name.lower()
    whole = str(AttrPath(path.name, None, path.urn))  # which value of a list is primary stands beside it
    keyed: list[JSONObject] = []
    for record in records:
        shape = ctx.provider.shape(record.type_name)
        resource = render(ctx, record, shape.derived - {name})
        keyed.append({**project(resource, shape.model, [whole]), "id": record.id})
    by_id = {record.id: record for record in records}
    return [by_id[resource["id"]] for resource in ctx.ops.sort(ctx, keyed, sort_by, request.descending)]


def _sort_path(sort_by: str) -> AttrPath:
    try:
        return parse_attr_path(sort_by)
    except InvalidPath as error:
        raise InvalidValue(f"sortBy: {error.detail}") from None


def sort(ctx: Context, resources: list[JSONObject], sort_by: str, descending: bool) -> list[JSONObject]:
    """The resources in order; with several types, by the definition of the first type that knows the attribute."""
    path = parse_attr_path(sort_by)
    models = [shape.model for shape in ([ctx.shape] if ctx.shape else ctx.provider.shapes)]
    model = next((m for m in models if m.find(path.urn, path.name, path.sub)), models[0])
    return sort_resources(resources, sort_by, descending, model)


# --- answering -------------------------------------------------------------------------------------------------------


def list_body(ctx: Context, records: Sequence[Record]) -> JSONObject:
    """The ListResponse for the page of the matches that the request asks for."""
    if is_cursor_paged(ctx):
        shown, cursors = ctx.ops.cursor_page(ctx, records)
        return cursor_body([listed(ctx, record) for record in shown], len(records), cursors)
    request = ctx.query
    shown, start = ctx.ops.page(ctx, records, request.start_index, request.count)
    if not shown and records and ctx.settings.beyond_end == "refuse" and start > len(records):
        raise InvalidValue(f"startIndex {start} is beyond the last result, {len(records)}")
    resources = [listed(ctx, record) for record in shown]
    partial = len(resources) < len(records)
    positions = partial or ctx.settings.list_positions == "always"
    return list_response(
        resources if resources or ctx.settings.empty_resources == "array" else None,
        len(records),
        start if positions else None,
        len(resources) if positions else None,
    )


def listed(ctx: Context, record: Record) -> JSONObject:
    """A resource as an element of a list."""
    resource = ctx.rendered.get(record.id) or render(ctx, record, unneeded_attributes(ctx, record))
    return show(ctx, record.type_name, resource)


def page(
    ctx: Context, records: Sequence[Record], start_index: int | None, count: int | None
) -> tuple[list[Record], int]:
    """The records of the page and the 1-based index of its first."""
    size = ctx.settings.default_page_size if count is None else count
    return cut_page(records, start_index, size, ctx.settings.max_results)


def search(ctx: Context) -> Reply:
    """POST to ``.search`` of a resource type or of the root (§3.4.3)."""
    ctx.search = ctx.ops.parse_search(ctx)
    return query(ctx)


def parse_search(ctx: Context) -> SearchRequest:
    """The parameters in a SearchRequest message."""
    body = ctx.ops.read_body(ctx)
    if not isinstance(body, dict):
        raise InvalidSyntax("a search request is a JSON object")
    return SearchRequest.from_json(body)
