"""RFC 7644 §3.4.2.2: value paths. The expression in square brackets is about one value at a time."""

from __future__ import annotations

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import Population, population, quoted
from scimcheck.harness.querying import judge_filter, query
from scimcheck.harness.target import Target
from scimcheck.harness.values import values_for

ONE_VALUE, INSIDE = "RFC7644-3.4.2.2-31", "RFC7644-3.4.2.2-32"


def _two_values(
    scim: Target, judge: Judge, model: ResourceModel
) -> tuple[Population, Attribute, tuple[JSONObject, JSONObject]]:
    """The population with a member that holds two values of different type, as stored, and the attribute."""
    holder = attributes.multi_complex(model)
    if holder is None:
        judge.not_applicable(f"{model.name} has no multi-valued attribute with value and type")
    people = population(scim, model)
    if "pair" not in people.members:
        values = _with_primary(holder, values_for(holder, scim.payloads.fake))
        if not people.add("pair", {**people.body("pair"), holder.name: values}):
            judge.not_applicable(f"the target does not take two values of {holder.name}")
    stored = people.value("pair", holder.name)
    pairs = [item for item in stored if isinstance(item, dict)] if isinstance(stored, list) else []
    usable = len(pairs) == 2 and all(isinstance(item.get(key), str) for item in pairs for key in ("value", "type"))
    if not usable or pairs[0]["type"] == pairs[1]["type"]:
        judge.not_applicable(f"the target does not keep two values of {holder.name}")
    return people, holder, (pairs[0], pairs[1])


def _with_primary(holder: Attribute, values: list[JSON]) -> list[JSON]:
    """The values with the first of them marked as the primary one, and the others as not, where that can be said."""
    if holder.sub_attribute("primary") is None:
        return values
    return [{**value, "primary": not at} for at, value in enumerate(values) if isinstance(value, dict)]


def _is(name: str, value: JSONObject) -> str:
    return f"{name} eq {quoted(str(value[name]))}"


@check(ONE_VALUE, needs=("filter", "complex-filter", "read"), depth="quick")
def test_brackets_hold_for_one_value(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Conditions in brackets hold for one and the same value; without brackets different values may satisfy them."""
    people, holder, (one, two) = _two_values(scim, judge, model)
    for inside in (f"{_is('type', one)} and {_is('value', one)}", f"{_is('type', one)} and {_is('value', two)}"):
        judge_filter(judge, ONE_VALUE, people, f"{holder.name}[{inside}]")
    apart = f"{holder.name}.{_is('type', one)} and {holder.name}.{_is('value', two)}"
    if query(people, f"{people.named()} and {people.named('birch')}").right:
        judge_filter(judge, ONE_VALUE, people, apart)


@check(ONE_VALUE, needs=("filter", "complex-filter", "read"))
def test_brackets_take_any_condition(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Brackets take the operators, not, or and groups like filters do, each about one value."""
    people, holder, (one, two) = _two_values(scim, judge, model)
    end = quoted(str(one["value"])[-6:])
    start = quoted(str(two["value"])[:6])
    conditions = {
        _is("value", two): "",
        f"value sw {start} and {_is('type', one)}": people.named(op="sw"),
        f"value ew {end} and {_is('value', one)}": people.named(op="ew"),
        f"not ({_is('type', one)}) and {_is('value', one)}": f"not ({people.named()})",
        f"{_is('value', two)} or value eq {quoted(people.tag)}": f"{people.named()} or {people.named('birch')}",
        f"({_is('value', one)} or {_is('value', two)}) and {_is('type', two)}": f"({people.named()})",
    }
    for inside, usual in conditions.items():
        if not usual or query(people, usual).right:  # what does not work outside of brackets is another clause
            judge_filter(judge, ONE_VALUE, people, f"{holder.name}[{inside}]")
    judge_filter(judge, ONE_VALUE, people, f"{people.named('pair')} and {holder.name}[{_is('value', one)}]")


@check(ONE_VALUE, needs=("filter", "complex-filter", "read", "attr:boolean"))
def test_brackets_compare_booleans(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """In brackets true and false are compared like outside: the primary value is one, any other is not."""
    people, holder, (one, two) = _two_values(scim, judge, model)
    if one.get("primary") is not True or two.get("primary") is not False:
        judge.not_applicable(f"the target does not keep which of {holder.name} is primary and which is not")
    if people.ask(f"{holder.name}[primary eq true]").refused:
        judge.not_applicable(f"filters on {holder.name}.primary are not offered")
    for flag, value in (("true", one), ("true", two), ("false", two)):
        judge_filter(judge, ONE_VALUE, people, f"{holder.name}[{_is('value', value)} and primary eq {flag}]")


@check(INSIDE, needs=("filter", "complex-filter", "read"))
def test_brackets_see_sub_attributes_alone(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Inside brackets an attribute of the resource is unknown: the filter is refused or finds nothing."""
    people, holder, _ = _two_values(scim, judge, model)
    answer = people.ask(f"{holder.name}[{people.named('pair')}]")
    judge.expect(
        INSIDE,
        "pair" not in answer.found and answer.last.status in (200, 400),
        expected="400 invalidFilter, or no match",
        observed=f"{answer.last.summary()}" + (": the resource of that name" if answer.found else ""),
        at=[*people.evidence(["pair"]), *answer.exchanges],
    )
