"""Order and pages of query results (RFC 7644 §3.4.2.3 and §3.4.2.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from scimcheck.core.characteristics import DataType
from scimcheck.core.filter.lookup import Target, comparable_target, resource_target
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.path import AttrPath, parse_attr_path
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.core.values import is_case_exact, parse_instant

T = TypeVar("T")


def sort_resources(
    resources: Sequence[JSONObject], sort_by: str, descending: bool, model: ResourceModel | None = None
) -> list[JSONObject]:
    """The resources in the order of the attribute ``sort_by``; resources with equal values keep their order.

    Values compare by type: dateTimes as instants, numbers numerically, strings by code point, without regard to case
    unless the attribute is case exact. A multi-valued attribute counts by its primary value, else its first. Resources
    without a value come last, or first when descending. An attribute unknown to the model, or complex without
    ``value``, orders nothing. Raises InvalidPath when ``sort_by`` is no attribute path.
    """
    key = _key_function(parse_attr_path(sort_by), model)
    return sorted(resources, key=key, reverse=descending)


def _key_function(path: AttrPath, model: ResourceModel | None) -> Callable[[JSONObject], tuple[Any, ...]]:
    resolve = partial(resource_target, model=model)
    target = comparable_target(path, resolve)
    whole = resolve(AttrPath(path.name, None, path.urn))
    sub = path.sub or "value"

    def key(resource: JSONObject) -> tuple[Any, ...]:
        primary = _primary(whole, resource)
        value = member(primary, sub) if primary is not None else None
        if value is None:
            value = next(iter(target.read(resource)), None)
        return sort_key(value, target.attribute)

    return key


def _primary(whole: Target, resource: JSONObject) -> JSONObject | None:
    values = (value for value in whole.read(resource) if isinstance(value, dict))
    return next((value for value in values if member(value, "primary") is True), None)


def sort_key(value: JSON, attribute: Attribute | None) -> tuple[Any, ...]:
    """A key by which any two values of an attribute can be ordered, whatever their JSON types.

    Booleans come before numbers, instants, texts, and values without order; what is unassigned comes last.
    """
    if value is None:
        return (5,)
    if isinstance(value, bool):
        return (0, value)
    if isinstance(value, (int, float)):
        return (1, value)
    if not isinstance(value, str):
        return (4,)
    instant = parse_instant(value) if attribute is not None and attribute.type is DataType.DATE_TIME else None
    if instant is not None:
        return (2, *instant)
    return (3, value if is_case_exact(attribute) else value.casefold())


def page(items: Sequence[T], start_index: int | None, count: int | None, maximum: int) -> tuple[list[T], int]:
    """The page of ``items`` that begins at the 1-based ``start_index``, and the index it really begins at.

    A start index below 1, or none, counts as 1, a negative count as 0; no count, or one above ``maximum``, counts as
    ``maximum``. A start index beyond the end gives an empty page.
    """
    start = max(start_index or 1, 1)
    size = maximum if count is None else min(max(count, 0), maximum)
    return list(items[start - 1 : start - 1 + size]), start
