"""Value filters of PATCH paths: which values they select, and the value that they describe."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from scimcheck.core.filter.ast import And, Comparison, Filter
from scimcheck.core.filter.evaluate import compile_filter
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import key_of
from scimcheck.core.schema import Attribute, ResourceModel, ResourceType, Schema
from scimcheck.core.values import is_case_exact

Predicate: TypeAlias = "Callable[[JSON], bool]"


def selector(value_filter: Filter, attribute: Attribute) -> Predicate:
    """Whether a value of the attribute satisfies the filter; a simple value counts as its own ``value``.

    Raises ``InvalidFilter`` for combinations of type and operator that have no meaning.
    """
    quick = _equality(value_filter, attribute)
    if quick is not None:
        return quick
    matches = compile_filter(value_filter, _value_model(attribute))
    return lambda value: matches(value if isinstance(value, dict) else {"value": value})


def described(value_filter: Filter) -> JSONObject:
    """The sub-attributes that the filter's equalities fix: ``{"type": "work"}`` for ``type eq "work"``."""
    if isinstance(value_filter, Comparison) and value_filter.op == "eq":
        return {value_filter.path.name: value_filter.value}
    if isinstance(value_filter, And):
        return {name: value for operand in value_filter.operands for name, value in described(operand).items()}
    return {}


def _equality(value_filter: Filter, attribute: Attribute) -> Predicate | None:
    """A shortcut for ``sub eq "text"``, so that one member among thousands is found without the evaluator."""
    if not isinstance(value_filter, Comparison) or value_filter.op != "eq":
        return None
    sub, wanted = attribute.sub_attribute(value_filter.path.name), value_filter.value
    if sub is None or sub.multi_valued or sub.type.value not in ("string", "reference") or not isinstance(wanted, str):
        return None
    name, exact = sub.name, is_case_exact(sub)
    folded = wanted.casefold()

    def equals(value: JSON) -> bool:
        if not isinstance(value, dict):
            return False
        found = value.get(name)
        if found is None and (key := key_of(value, name)) is not None:
            found = value[key]
        return found == wanted or (not exact and isinstance(found, str) and found.casefold() == folded)

    return equals


@lru_cache(maxsize=256)
def _value_model(attribute: Attribute) -> ResourceModel:
    """A model whose resources are the values of the attribute."""
    simple = Attribute("value", attribute.type, case_exact=attribute.case_exact)
    schema = Schema("", attributes=attribute.sub_attributes or (simple,))
    return ResourceModel(ResourceType(attribute.name, "/", ""), schema)
