"""Filters on resources: compiled once per filter and resource model, then a plain call per resource.

Where the standard leaves the meaning open, these readings hold, all of them legal:

* ``ne`` on an attribute without a value does not match; on a multi-valued attribute it matches as soon as one value
  differs, by the letter.
* ``x eq null`` means that x is unassigned, ``x ne null`` that it has a value; other operators never match null.
* An unknown attribute, or an operand of another type than the attribute, does not match.
* A complex attribute without sub-attribute compares by its ``value``.
* A value path on a single-valued attribute treats it as one value.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Operand, Or, Present, ValuePath
from scimcheck.core.filter.check import check_filter
from scimcheck.core.filter.compare import comparator
from scimcheck.core.filter.lookup import ByIdentity, Reader, Target, comparable_target, resource_target, value_target
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import has_value

__all__ = ["Predicate", "check_filter", "compile_filter", "equality_terms", "matches"]

Predicate = Callable[[JSONObject], bool]


def matches(f: Filter, resource: JSONObject, model: ResourceModel | None = None) -> bool:
    """Whether the resource satisfies the filter; see compile_filter."""
    return compile_filter(f, model)(resource)


def compile_filter(f: Filter, model: ResourceModel | None = None) -> Predicate:
    """The filter as a function of a resource; cached, safe to share between threads.

    The model gives types and caseExact; without one only the common attributes are known, and for everything else
    the defaults of RFC 7643 §2.2 hold. Raises InvalidFilter where check_filter does.
    """
    return _compiled(f, ByIdentity(model))


@lru_cache(maxsize=512)
def _compiled(f: Filter, key: ByIdentity) -> Predicate:
    check_filter(f, key.model)
    return _compile(f, partial(resource_target, model=key.model))


def _compile(f: Filter, resolve: Callable[[AttrPath], Target]) -> Predicate:
    if isinstance(f, And):
        return _all([_compile(operand, resolve) for operand in f.operands])
    if isinstance(f, Or):
        return _any([_compile(operand, resolve) for operand in f.operands])
    if isinstance(f, Not):
        return _not(_compile(f.operand, resolve))
    if isinstance(f, ValuePath):
        if f.path.sub is not None:  # grammatical, but sub-attributes hold no complex values
            return lambda resource: False
        target = resolve(f.path)
        part = _compile(f.filter, partial(value_target, parent=target.attribute))
        return _any_of(lambda value: part(_as_object(value)), target.read)
    if isinstance(f, Present):
        return _present(resolve(f.path))
    return _comparison(f, resolve)


def _comparison(f: Comparison, resolve: Callable[[AttrPath], Target]) -> Predicate:
    if f.value is None and f.op in ("eq", "ne"):
        present = _present(resolve(f.path))
        return present if f.op == "ne" else _not(present)
    target = comparable_target(f.path, resolve)
    return _any_of(comparator(f.op, f.value, target.attribute), target.read)


def _any_of(test: Callable[[Any], bool], read: Reader) -> Predicate:
    return lambda resource: any(map(test, read(resource)))


def _all(parts: list[Predicate]) -> Predicate:
    return lambda resource: all(part(resource) for part in parts)


def _any(parts: list[Predicate]) -> Predicate:
    return lambda resource: any(part(resource) for part in parts)


def _not(part: Predicate) -> Predicate:
    return lambda resource: not part(resource)


def _present(target: Target) -> Predicate:
    read = target.read
    return lambda resource: has_value(read(resource))


def _as_object(value: Any) -> JSONObject:
    """A value as what brackets look into: simple values have the one sub-attribute ``value``."""
    return value if isinstance(value, dict) else {"value": value}


def equality_terms(f: Filter) -> list[tuple[AttrPath, Operand]]:
    """The ``eq`` comparisons that every match of ``f`` satisfies: those connected by ``and`` alone.

    Conditions in brackets come as sub-attributes: ``emails[type eq "work" and value eq "x"]`` gives ``emails.type``
    and ``emails.value``. Each term is necessary, together they need not suffice. Comparisons with null are left out. A
    path without sub-attribute may name a complex attribute and then means its ``value``.
    """
    if isinstance(f, And):
        return [term for operand in f.operands for term in equality_terms(operand)]
    if isinstance(f, ValuePath) and f.path.sub is None:
        inner = equality_terms(f.filter)
        return [(AttrPath(f.path.name, path.name, f.path.urn), value) for path, value in inner]
    if isinstance(f, Comparison) and f.op == "eq" and f.value is not None:
        return [(f.path, f.value)]
    return []
