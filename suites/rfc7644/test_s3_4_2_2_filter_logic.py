"""RFC 7644 §3.4.2.2: and, or, not, groups and precedence (tables 4 and 5).

Operands are comparisons by eq on names alone, so that nothing but the logic is tested; each expression has another
result under every wrong reading.
"""

from __future__ import annotations

from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import Population, population, quoted
from scimcheck.harness.querying import demand_filter, judge_filter, query
from scimcheck.harness.target import Target

AND, OR, NOT = "RFC7644-3.4.2.2-25", "RFC7644-3.4.2.2-26", "RFC7644-3.4.2.2-27"


def _terms(people: Population) -> dict[str, str]:
    """Comparisons that one member satisfies, by its first letter, and ``n`` that none does."""
    terms = {word[0]: people.named(word) for word in ("amber", "birch", "cedar")}
    return {**terms, "n": f"{people.naming} eq {quoted(people.tag + '-nobody')}"}


def _judge(judge: Judge, requirement: str, people: Population, *templates: str) -> None:
    for template in templates:
        judge_filter(judge, requirement, people, template.format(**_terms(people)))


#: What an operator has to get right by itself before it is combined with others.
ALONE = {
    AND: ("{a} and {a}", "{a} and {b}", "{b} and {a}"),
    OR: ("{a} or {n}", "{n} or {a}", "{n} or {n}"),
    NOT: ("not ({a})",),
}


def _demand(judge: Judge, people: Population, *requirements: str) -> None:
    """Block the check by an operator's own clause when the operator does not work by itself."""
    for requirement in requirements:
        for template in ALONE[requirement]:
            demand_filter(judge, requirement, people, template.format(**_terms(people)))


@check(AND, needs=("filter", "read"), depth="quick", every_type="deep")
def test_and_needs_both(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """and is true when both of its operands are true, and only then."""
    _judge(judge, AND, population(scim, model), "{a} and {a}", "{a} and {b}", "{b} and {a}", "{a} and {n}")


@check(AND, needs=("filter", "read"))
def test_and_combines_two_attributes(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """and combines conditions on different attributes."""
    people = population(scim, model)
    if people.text is None or not people.value("amber", people.text.name):
        judge.not_applicable(f"{model.name} has no optional text")
        return
    shared = f"{people.text.name} eq {quoted(str(people.value('amber', people.text.name)))}"
    if people.ask(shared).refused:
        judge.not_applicable(f"filters on {people.text.name} are not offered")
    terms = _terms(people)
    for expression in (f"{terms['a']} and {shared}", f"{shared} and {terms['b']}", f"{shared} and {terms['c']}"):
        judge_filter(judge, AND, people, expression)


@check(OR, needs=("filter", "read"), depth="quick", every_type="deep")
def test_or_needs_one(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """or is true when at least one of its operands is true, whichever, and not otherwise."""
    _judge(judge, OR, population(scim, model), "{a} or {n}", "{n} or {a}", "{n} or {n}", "{a} or {b}")


@check(OR, needs=("filter", "read"), every_type="deep")
def test_or_takes_many(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A chain of or is true when any of its operands is."""
    _judge(judge, OR, population(scim, model), "{n} or {n} or {c}", "{a} or {b} or {c}")


@check(NOT, needs=("filter", "read"), every_type="deep")
def test_not_finds_the_others(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """not is true when the group behind it is false."""
    _judge(judge, NOT, population(scim, model), "not ({a})", "not ({n})")


@check(NOT, needs=("filter", "read"))
def test_not_can_be_doubled(scim: Target, judge: Judge) -> None:
    """not of a negated group is the group itself."""
    model = scim.primary
    _judge(judge, NOT, population(scim, model), "not (not ({a}))")


@check("RFC7644-3.4.2.2-28", needs=("filter", "read"))
def test_parentheses_group(scim: Target, judge: Judge) -> None:
    """Parentheses decide what belongs together, wherever they stand, and redundant ones change nothing."""
    model = scim.primary
    people = population(scim, model)
    _demand(judge, people, AND, OR)
    _judge(
        judge,
        "RFC7644-3.4.2.2-28",
        people,
        "(({a}))",
        "({a} or {b}) and {b}",
        "{b} and ({a} or {b})",
        "({a} or {b}) and ({b} or {c})",
        "({a} or ({b} and {c})) and {a}",
    )


@check("RFC7644-3.4.2.2-29", needs=("filter", "read"))
def test_and_binds_tighter_than_or(scim: Target, judge: Judge) -> None:
    """Without parentheses and goes before or, on either side of it."""
    model = scim.primary
    people = population(scim, model)
    _demand(judge, people, AND, OR)
    _judge(judge, "RFC7644-3.4.2.2-29", people, "{a} or {b} and {c}", "{a} and {n} or {b}", "{a} or {b} and {b} or {n}")


@check("RFC7644-3.4.2.2-29", needs=("filter", "read"))
def test_not_binds_tighter_than_and_and_or(scim: Target, judge: Judge) -> None:
    """not belongs to the group that follows it and to nothing else."""
    model = scim.primary
    people = population(scim, model)
    _demand(judge, people, AND, OR, NOT)
    _judge(judge, "RFC7644-3.4.2.2-29", people, "not ({a}) and {b}", "not ({a}) and {a}", "not ({a}) or {a}")


@check("RFC7644-3.4.2.2-07", needs=("filter", "read"))
def test_logical_operators_in_any_letter_case(scim: Target, judge: Judge) -> None:
    """and, or and not may be written in any letter case; a target that does not know them so is worth a remark."""
    model = scim.primary
    people = population(scim, model)
    pairs = {
        "{a} AND {a}": "{a} and {a}", "{a} And {b}": "{a} and {b}", "{n} OR {a}": "{n} or {a}",
        "{n} Or {n}": "{n} or {n}", "NOT ({a}) and {b}": "not ({a}) and {b}",
    }  # fmt: skip
    for spelled, usual in pairs.items():
        expression = spelled.format(**_terms(people))
        outcome = query(people, expression)
        if outcome.right or not query(people, usual.format(**_terms(people))).right:
            judge.expect("RFC7644-3.4.2.2-07", True, expected="", observed="", at=outcome.answer.exchanges)
        else:
            judge.advise(
                "RFC7644-3.4.2.2-07",
                expected=f"{expression} as with lower-case letters",
                observed=outcome.answer.last.summary(),
                at=outcome.answer.exchanges,
            )
