"""Which attributes and operators go together (RFC 7644 §3.4.2.2, table 3)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from scimcheck.core.characteristics import DataType
from scimcheck.core.errors import InvalidFilter
from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Or, ValuePath
from scimcheck.core.filter.compare import ORDERING, SUBSTRING
from scimcheck.core.filter.lookup import Target, comparable_target, resource_target, value_target
from scimcheck.core.schema import Attribute, ResourceModel

_NUMERIC = (DataType.INTEGER, DataType.DECIMAL)


def check_filter(f: Filter, model: ResourceModel | None) -> None:
    """Raise InvalidFilter when attribute and operator do not go together.

    Prescribed: ordering of boolean and binary attributes, and comparing a complex attribute that has no ``value``.
    Expected though not prescribed: ``co``, ``sw``, ``ew`` on booleans and numbers. Attributes unknown to the model,
    and operands of another type than the attribute, are no fault: they match nothing.
    """
    _check(f, partial(resource_target, model=model))


def _check(f: Filter, resolve: Callable[[AttrPath], Target]) -> None:
    if isinstance(f, (And, Or)):
        for operand in f.operands:
            _check(operand, resolve)
    elif isinstance(f, Not):
        _check(f.operand, resolve)
    elif isinstance(f, ValuePath):
        _check(f.filter, partial(value_target, parent=resolve(f.path).attribute))
    elif isinstance(f, Comparison):
        fault = _fault(f, comparable_target(f.path, resolve).attribute)
        if fault:
            raise InvalidFilter(f"{f.path}: {fault}")


def _fault(f: Comparison, attribute: Attribute | None) -> str | None:
    kind = attribute.type if attribute else None
    if f.op in ORDERING and (kind in (DataType.BOOLEAN, DataType.BINARY) or isinstance(f.value, bool)):
        return f"{f.op} has no meaning for {'binary' if kind is DataType.BINARY else 'boolean'} values"
    if f.op in SUBSTRING and kind is not None and (kind is DataType.BOOLEAN or kind in _NUMERIC):
        return f"{f.op} has no meaning for {kind.value} values"
    if kind is DataType.COMPLEX and f.value is not None:
        return "is complex; compare one of its sub-attributes"
    return None
