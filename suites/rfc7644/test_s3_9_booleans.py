"""RFC 7644 §3.9: false is a value that projections show. What they select: ``test_s3_4_2_5_projection.py``."""

from __future__ import annotations

from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.booleans import flagged
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import quoted
from scimcheck.harness.target import Target

NAMED = "RFC7643-7-33"


@check(NAMED, needs=("filter", "read", "attr:boolean"))
def test_false_is_shown_when_named(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A boolean that ``attributes`` names is shown when it is false, in a list like alone."""
    people, path = flagged(scim, judge, model)
    member = people.members["no"]
    if path.urn or path.sub:
        judge.not_applicable(f"{model.name} has no boolean at the top")
    alone = scim.read(member.resource, attributes=str(path))
    listed = scim.search(model.endpoint, f"{people.naming} eq {quoted(people.name('no'))}", attributes=str(path))
    for exchange in (alone, listed):
        shown = exchange.body if exchange is alone else next(iter(exchange.resources), {})
        judge.expect(
            NAMED,
            not exchange.ok or shown.get(path.name) is False,
            expected=f"{path} false",
            observed=f"{exchange.summary()} with {path} {shown.get(path.name)!r}",
            at=(member.resource.exchange, exchange),
        )
