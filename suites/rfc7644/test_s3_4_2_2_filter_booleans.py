"""RFC 7644 §3.4.2.2: false is a value. That eq compares booleans is judged in ``…_filter_operands``."""

from __future__ import annotations

from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.booleans import FLAGS, flagged
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import Population
from scimcheck.harness.querying import demand_filter, judge_filter
from scimcheck.harness.target import Target

UNEQUAL, PRESENT, LITERALS = "RFC7644-3.4.2.2-11", "RFC7644-3.4.2.2-15", "RFC7644-3.4.2.2-34"


def _judge(judge: Judge, requirement: str, people: Population, expression: str, usual: str) -> None:
    """Judge a filter among the members with the boolean, unless it is not offered or ``usual`` does not work either."""
    if people.ask(expression).refused:
        judge.skip(requirement, f"{expression} is not offered")
        return
    demand_filter(judge, requirement, people, usual)
    judge_filter(judge, requirement, people, expression, among=tuple(FLAGS))


@check(UNEQUAL, PRESENT, needs=("filter", "read", "attr:boolean"))
def test_false_is_a_value(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A boolean that is false is unequal to true alone, and is present."""
    people, path = flagged(scim, judge, model)
    if not people.ask(f"{path} eq false").refused:
        demand_filter(judge, LITERALS, people, f"{path} eq false", among=tuple(FLAGS))
    _judge(judge, UNEQUAL, people, f"{path} ne false", people.named("birch", "ne"))
    _judge(judge, PRESENT, people, f"{path} pr", f"{people.naming} pr")
