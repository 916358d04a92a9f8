"""RFC 7644 §3.4.2.2: equality, substrings and presence. Order is judged in ``…_order``, letter case in ``…_case``.

Each operator has controls that differ in just the tested point: what another operator, a pattern or a wildcard would
find and this one must not.
"""

from __future__ import annotations

from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import Population, population, quoted, specimens
from scimcheck.harness.querying import judge_filter, judge_nothing
from scimcheck.harness.target import Target


def _parts(people: Population) -> tuple[str, str, str]:
    """Beginning, middle and end of cedar's name, which no other name holds; the middle is neither begin nor end."""
    name = people.name("cedar")
    at = name.lower().index("cedar")
    return name[: at + 3], name[at - 3 : at + 4], name[at + 2 :]


def _wild(people: Population, character: str) -> str:
    """cedar's name with one letter replaced by a character that means anything in a pattern language."""
    name = people.name("cedar")
    at = name.lower().index("cedar") + 1
    return name[:at] + character + name[at + 1 :]


def _judge(judge: Judge, requirement: str, people: Population, op: str, *operands: str) -> None:
    for operand in operands:
        judge_filter(judge, requirement, people, f"{people.naming} {op} {quoted(operand)}")


def _judge_nothing(judge: Judge, requirement: str, people: Population, op: str, *operands: str) -> None:
    judge_nothing(judge, requirement, people, [f"{people.naming} {op} {quoted(operand)}" for operand in operands])


@check("RFC7644-3.4.2.2-10", needs=("filter", "read"), depth="quick")
def test_eq_finds_the_equal_value_alone(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """eq finds the resource whose value equals the operand, and none whose value merely holds it."""
    people = population(scim, model)
    start, middle, end = _parts(people)
    _judge(judge, "RFC7644-3.4.2.2-10", people, "eq", people.name("birch"))
    _judge_nothing(judge, "RFC7644-3.4.2.2-10", people, "eq", start, middle, end)


@check("RFC7644-3.4.2.2-10", needs=("filter", "read"))
def test_eq_knows_no_wildcards(scim: Target, judge: Judge) -> None:
    """Characters that are wildcards elsewhere stand for themselves in the operand of eq."""
    model = scim.primary
    people = population(scim, model)
    _judge_nothing(judge, "RFC7644-3.4.2.2-10", people, "eq", *(_wild(people, char) for char in "%_*"))


@check("RFC7644-3.4.2.2-11", needs=("filter", "read"), depth="quick")
def test_ne_finds_the_others(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """ne finds the resources whose value differs, not the one whose value is equal."""
    people = population(scim, model)
    judge_filter(judge, "RFC7644-3.4.2.2-11", people, people.named("birch", "ne"))


@check("RFC7644-3.4.2.2-11", needs=("filter", "read"))
def test_ne_on_a_shared_value(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """ne on a value that resources share finds those that have another one; nothing is asked of those without."""
    people = population(scim, model)
    if people.text is None or not people.value("amber", people.text.name):
        judge.not_applicable(f"{model.name} has no optional text to tell resources apart by")
        return
    expression = f"{people.text.name} ne {quoted(str(people.value('amber', people.text.name)))}"
    if people.ask(expression).refused:
        judge.not_applicable(f"filters on {people.text.name} are not offered")
    judge_filter(judge, "RFC7644-3.4.2.2-11", people, expression, among=("amber", "birch", "cedar"))


@check("RFC7644-3.4.2.2-12", needs=("filter", "read"), depth="quick")
def test_co_finds_substrings(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """co finds a value by its beginning, middle, end and whole."""
    people = population(scim, model)
    start, middle, end = _parts(people)
    _judge(judge, "RFC7644-3.4.2.2-12", people, "co", middle, start, end, people.name("cedar"))


@check("RFC7644-3.4.2.2-12", needs=("filter", "read"))
def test_co_knows_no_patterns(scim: Target, judge: Judge) -> None:
    """Characters that are wildcards elsewhere stand for themselves in the operand of co."""
    model = scim.primary
    people = population(scim, model)
    _judge_nothing(judge, "RFC7644-3.4.2.2-12", people, "co", *(_wild(people, char) for char in "%_*."))


@check("RFC7644-3.4.2.2-13", needs=("filter", "read"))
def test_sw_finds_beginnings(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """sw finds a value by its beginning and by the whole of it, not by what stands further behind."""
    people = population(scim, model)
    start, middle, end = _parts(people)
    _judge(judge, "RFC7644-3.4.2.2-13", people, "sw", start, people.name("cedar"))
    _judge_nothing(judge, "RFC7644-3.4.2.2-13", people, "sw", middle, end)


@check("RFC7644-3.4.2.2-13", needs=("filter", "read"))
def test_sw_knows_no_patterns(scim: Target, judge: Judge) -> None:
    """Characters that are wildcards elsewhere stand for themselves in the operand of sw."""
    model = scim.primary
    people = population(scim, model)
    _judge_nothing(judge, "RFC7644-3.4.2.2-13", people, "sw", *(_wild(people, char) for char in "%_"))


@check("RFC7644-3.4.2.2-14", needs=("filter", "read"))
def test_ew_finds_endings(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """ew finds a value by its end and by the whole of it, not by what stands further in front."""
    people = population(scim, model)
    start, middle, end = _parts(people)
    _judge(judge, "RFC7644-3.4.2.2-14", people, "ew", end, people.name("cedar"))
    _judge_nothing(judge, "RFC7644-3.4.2.2-14", people, "ew", middle, start)


@check("RFC7644-3.4.2.2-14", needs=("filter", "read"))
def test_ew_knows_no_patterns(scim: Target, judge: Judge) -> None:
    """Characters that are wildcards elsewhere stand for themselves in the operand of ew."""
    model = scim.primary
    people = population(scim, model)
    _judge_nothing(judge, "RFC7644-3.4.2.2-14", people, "ew", *(_wild(people, char) for char in "%_"))


@check("RFC7644-3.4.2.2-15", needs=("filter", "read"), depth="quick")
def test_pr_finds_what_has_a_value(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """pr finds the resources in which the attribute has a value."""
    people = population(scim, model)
    judge_filter(judge, "RFC7644-3.4.2.2-15", people, f"{people.naming} pr")
    if people.text and people.value("amber", people.text.name):
        expression = f"{people.text.name} pr"
        if not people.ask(expression).refused:
            judge_filter(judge, "RFC7644-3.4.2.2-15", people, expression, among=("amber", "birch", "cedar"))


@check("RFC7644-3.4.2.2-16", needs=("filter", "read"))
def test_pr_does_not_find_what_has_none(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """pr does not find resources in which the attribute is absent or was set to null."""
    people = population(scim, model)
    if people.text is None:
        judge.not_applicable(f"{model.name} has no optional text")
        return
    if "empty" not in people.members:
        people.add("empty", {**people.body("empty"), people.text.name: None, **_no_values(model)})
    empty = [word for word in ("delta", "empty") if word in people.members and not people.value(word, people.text.name)]
    if not empty:
        judge.not_applicable(f"the target gives {people.text.name} a value of its own")
    expression = f"{people.text.name} pr"
    if people.ask(expression).refused:
        judge.not_applicable(f"filters on {people.text.name} are not offered")
    judge_filter(judge, "RFC7644-3.4.2.2-16", people, expression, among=empty)
    for name in _no_values(model):
        if not people.ask(f"{name} pr").refused:
            judge_filter(judge, "RFC7644-3.4.2.2-16", people, f"{name} pr", among=empty)


def _no_values(model: ResourceModel) -> JSONObject:
    """A multi-valued attribute set to an empty array, where the type has one that can be set."""
    holder = attributes.multi_complex(model)
    return {holder.name: []} if holder and not holder.required else {}


@check("RFC7644-3.4.2.2-15", needs=("filter", "read"))
def test_pr_finds_what_has_a_part(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """pr on a complex attribute finds the resources in which some part of it, or some value, is there."""
    people = specimens(scim, model)
    complex_ones = [a.name for a in model.core.attributes if a.type is DataType.COMPLEX]
    filled = [name for name in complex_ones if has_value(people.value("first", name))]
    if not filled:
        judge.not_applicable(f"{model.name} shows no complex attribute")
    for name in filled[:3]:
        if not people.ask(f"{name} pr").refused:
            judge_filter(judge, "RFC7644-3.4.2.2-15", people, f"{name} pr", among=("first",))
    judge.expect("RFC7644-3.4.2.2-15", True, expected="", observed="")
