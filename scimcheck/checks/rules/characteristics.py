"""Values in responses against their definitions: data types, plurality, primary, what is never returned (RFC 7643)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.checks.rules._shown import Shown, Value, brief, shown, shows_resources, values
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.characteristics import DataType, Mutability, Returned
from scimcheck.core.json import JSON
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute
from scimcheck.core.values import has_value, is_unassigned, type_error

#: The clause that says how values of a type are written.
_CLAUSES = {
    DataType.STRING: "RFC7643-2.3.1-01",
    DataType.BOOLEAN: "RFC7643-2.3.2-01",
    DataType.DECIMAL: "RFC7643-2.3.3-01",
    DataType.INTEGER: "RFC7643-2.3.4-01",
    DataType.DATE_TIME: "RFC7643-2.3.5-01",
    DataType.BINARY: "RFC7643-2.3.6-01",
    DataType.REFERENCE: "RFC7643-2.3.7-01",
}


def _any_value(test: Callable[[Value], bool], exchange: Exchange, context: RuleContext) -> bool:
    return any(test(found) for item in shown(exchange, context) for found in values(item))


def _by_type(exchange: Exchange, context: RuleContext) -> Mapping[DataType, Sequence[tuple[Shown, Value]]]:
    """The values that a response shows by their data type, sorted once for the rules of all types."""
    if context.memo.get("typed-in") is not exchange:
        sorted_values: dict[DataType, list[tuple[Shown, Value]]] = {}
        for item in shown(exchange, context):
            for found in values(item):
                # schemas, and a masked secret, are judged elsewhere
                if found.path.lower() != "schemas" and not _hidden(found.attribute):
                    sorted_values.setdefault(found.attribute.type, []).append((item, found))
        context.memo["typed-in"], context.memo["typed"] = exchange, sorted_values
    typed: Mapping[DataType, Sequence[tuple[Shown, Value]]] = context.memo["typed"]
    return typed


def _shows_type(kind: DataType, exchange: Exchange, context: RuleContext) -> bool:
    return kind in _by_type(exchange, context)


def _typed(kind: DataType) -> None:
    """Register the rule for one data type."""
    clause = _CLAUSES[kind]

    @rule(f"type-{kind.value}", clause, when=partial(_shows_type, kind))
    def judge(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
        """Values are written as their data type demands; whether they come one by one or in arrays is not asked."""
        for item, found in _by_type(exchange, context)[kind]:
            yield from _faults(item, clause, found)


def _faults(item: Shown, clause: str, found: Value) -> Iterator[Problem]:
    single = Attribute(found.path, found.attribute.type)
    for value in found.value if isinstance(found.value, list) else [found.value]:
        fault = type_error(value, single)
        if fault and "[redacted" not in fault:
            yield item.problem(clause, f"{found.path} of type {found.attribute.type.value}", fault)


for _kind in _CLAUSES:
    _typed(_kind)


@rule("plurality", "RFC7643-2.4-01", when=shows_resources)
def plurality(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Multi-valued attributes are arrays and singular ones are not; complex values are objects."""
    for item in shown(exchange, context):
        for found in values(item):
            if found.path.lower() != "schemas" and not is_unassigned(found.value):
                yield from _plural(item, found)


def _plural(item: Shown, found: Value) -> Iterator[Problem]:
    array = isinstance(found.value, list)
    if array is not found.attribute.multi_valued:
        expected = f"{found.path} is {'an array' if found.attribute.multi_valued else 'a single value'}"
        yield item.problem("RFC7643-2.4-01", expected, f"{found.path}: {brief(found.value)}")
        return
    complex_type = found.attribute.type is DataType.COMPLEX
    elements: list[JSON] = found.value if isinstance(found.value, list) else []
    for element in elements:
        if element is not None and isinstance(element, dict) is not complex_type:
            expected = f"the elements of {found.path} are {'objects' if complex_type else 'simple values'}"
            yield item.problem("RFC7643-2.4-01", expected, f"{found.path} holds {brief(element)}")


def _has_primary(found: Value) -> bool:
    return found.attribute.multi_valued and found.attribute.sub_attribute("primary") is not None


@rule("one-primary", "RFC7643-2.4-03", when=partial(_any_value, _has_primary))
def one_primary(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """At most one value of an attribute is marked as primary."""
    for item in shown(exchange, context):
        for found in values(item):
            elements = found.value if isinstance(found.value, list) and _has_primary(found) else []
            count = sum(isinstance(e, dict) and member(e, "primary") is True for e in elements)
            if count > 1:
                yield item.problem(
                    "RFC7643-2.4-03", f"at most one primary value in {found.path}", f"{count} primary values"
                )


def _has_type(found: Value) -> bool:
    subs = found.attribute.sub_attribute
    return found.attribute.multi_valued and subs("type") is not None and subs("value") is not None


@rule("distinct-values", "RFC7643-2.4-08", when=partial(_any_value, _has_type))
def distinct_values(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """No combination of type and value occurs twice."""
    for item in shown(exchange, context):
        for found in values(item):
            elements = found.value if isinstance(found.value, list) and _has_type(found) else []
            pairs = [
                (str(member(e, "type")).lower(), str(member(e, "value")))
                for e in elements
                if isinstance(e, dict) and member(e, "value") is not None
            ]
            if len(set(pairs)) < len(pairs):
                twice = next(pair for pair in pairs if pairs.count(pair) > 1)
                yield item.problem("RFC7643-2.4-08", f"each type and value once in {found.path}", f"twice: {twice}")


def _hidden(attribute: Attribute) -> bool:
    return attribute.returned is Returned.NEVER or attribute.mutability is Mutability.WRITE_ONLY


def _declares(test: Callable[[Attribute], bool], exchange: Exchange, context: RuleContext) -> bool:
    return any(
        test(attribute)
        for item in shown(exchange, context)
        for located in item.model.attributes()
        for attribute in (located.attribute, *located.attribute.sub_attributes)
    )


def _write_only(attribute: Attribute) -> bool:
    return attribute.mutability is Mutability.WRITE_ONLY


def _never(attribute: Attribute) -> bool:
    return attribute.returned is Returned.NEVER


@rule("never-returned", "RFC7643-7-32", when=partial(_declares, _never))
def never_returned(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """What is declared as never returned is in no response."""
    for item in shown(exchange, context):
        for found in values(item):
            if _never(found.attribute) and has_value(found.value):
                yield item.problem(
                    "RFC7643-7-32", f"no {found.path}: it is never returned", f"{found.path} has a value"
                )


@rule("write-only", "RFC7643-7-29", when=partial(_declares, _write_only))
def write_only(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """What clients can only write is in no response."""
    for item in shown(exchange, context):
        for found in values(item):
            if _write_only(found.attribute) and has_value(found.value):
                yield item.problem("RFC7643-7-29", f"no {found.path}: it is write-only", f"{found.path} has a value")


def _shows_users(exchange: Exchange, context: RuleContext) -> bool:
    return any(item.model.core.id.lower() == urns.USER.lower() for item in shown(exchange, context))


@rule("no-password", "RFC7643-4.1.1-16", when=_shows_users)
def no_password(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """No User shows a password, however the schema declares it."""
    for item in shown(exchange, context):
        if item.model.core.id.lower() == urns.USER.lower() and has_value(member(item.resource, "password")):
            yield item.problem("RFC7643-4.1.1-16", "a User without password", "the response holds a password")
