"""RFC 7644 §3.4.2.2: eq on every attribute, many in one filter. Deep runs ask one by one, in ``…_names``.

A filter that is refused, or finds something else than it should, is asked again in halves: what a target calls too
long or too complex is no fault, and the comparison that is at fault is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scimcheck.core.characteristics import Mutability
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.paths import leaves, path_of
from scimcheck.harness.population import Population, literal, specimens
from scimcheck.harness.querying import EQUAL, judge_filter, query
from scimcheck.harness.target import Target

#: Comparisons in one filter: a URL of some 1,500 characters, which any server takes.
AT_ONCE = 16
#: Shortest text that is worth shortening.
SHORTEST = 4
#: Attributes whose values a target may compare by something else than their letters.
FREE = ("phonenumbers",)


def _kept(people: Population) -> Iterator[tuple[Located, str]]:
    """The attributes in which the first specimen holds the text that was sent, with the text."""
    for leaf in leaves(people.model):
        holder = leaf.parent or leaf.attribute
        written = (
            holder.mutability is not Mutability.READ_ONLY and leaf.attribute.mutability is not Mutability.READ_ONLY
        )
        value = people.kept("first", leaf) if written and holder.name.lower() not in FREE else None
        if isinstance(value, str):  # numbers and booleans have checks of their own
            yield leaf, value


def _wrong(people: Population, comparisons: Sequence[str], word: str) -> str:
    """A comparison that finds something else than it should; empty when there is none, or it is refused."""
    outcome = query(people, f" {word} ".join(comparisons))
    if outcome.right:
        return ""
    if len(comparisons) == 1:
        return "" if outcome.answer.refused else comparisons[0]
    middle = len(comparisons) // 2
    return _wrong(people, comparisons[:middle], word) or _wrong(people, comparisons[middle:], word)


def _judge(judge: Judge, people: Population, comparisons: Sequence[str], word: str) -> None:
    for start in range(0, len(comparisons), AT_ONCE):
        wrong = _wrong(people, comparisons[start : start + AT_ONCE], word)
        if wrong:
            judge_filter(judge, EQUAL, people, wrong)


@check(EQUAL, needs=("filter", "read"))
def test_all_attributes_are_compared(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """eq on each attribute that the target filters on finds the value of a resource, and not a part of it."""
    people = specimens(scim, model)
    kept = list(_kept(people))
    texts = [(leaf, value) for leaf, value in kept if len(value) >= SHORTEST]
    _judge(judge, people, [f"{path_of(leaf)} eq {literal(value)}" for leaf, value in kept], "and")
    _judge(judge, people, [f"{path_of(leaf)} eq {literal(text[:-1])}" for leaf, text in texts], "or")
    judge.expect(EQUAL, True, expected="", observed="")
