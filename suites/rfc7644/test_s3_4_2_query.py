"""RFC 7644 §3.4.2: queries and the lists that answer them. The form of every list is judged by exchange rules."""

from __future__ import annotations

from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import population, quoted
from scimcheck.harness.querying import ALL_MATCHES, query, several
from scimcheck.harness.target import Resource, Target, ids


@check("RFC7644-3.4.2-10", needs=("create",), depth="quick")
def test_every_endpoint_can_be_queried(scim: Target, judge: Judge, model: ResourceModel, resource: Resource) -> None:
    """A GET on a resource type's endpoint is answered with a list, or refused because it would be too long."""
    exchange = scim.get(model.endpoint)
    if exchange.status == 400 and exchange.scim_type == "tooMany":
        exchange = scim.get(model.endpoint, params={"count": "1"})
    judge.expect(
        "RFC7644-3.4.2-10",
        exchange.status == 200 and isinstance(exchange.json, dict),
        expected="200 with a ListResponse",
        observed=exchange.summary(),
        at=(resource.exchange, exchange),
    )


@check("RFC7644-3.4.2-03", needs=("filter", "read"), depth="quick")
def test_total_counts_all_matches(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """totalResults counts what matches, not what the page holds."""
    people = population(scim, model)
    whole = next((outcome for outcome in (query(people, each) for each in several(people)) if outcome.right), None)
    if whole is None:
        judge.blocked(ALL_MATCHES, "no query returns several resources")
    expression = next(each for each in several(people) if query(people, each).right)
    for count in (1, 100):
        exchange = scim.search(model.endpoint, expression, count=count)
        judge.expect(
            "RFC7644-3.4.2-03",
            exchange.body.get("totalResults") == len(whole.wanted),
            expected=f"totalResults {len(whole.wanted)}",
            observed=f"{exchange.summary()} with totalResults {exchange.body.get('totalResults')!r}",
            at=[*people.evidence(sorted(whole.wanted)[:4]), exchange],
        )


@check("RFC7644-3.4.2-07", needs=("filter",), depth="quick")
def test_no_match_is_an_empty_list(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A query without matches is answered with 200 and a list of nothing."""
    people = population(scim, model)
    names = [people.naming, *([people.text.name] if people.text else [])]
    for name in names:
        exchange = scim.search(model.endpoint, f"{name} eq {quoted(scim.unique('nobody'))}")
        if exchange.status == 400 and exchange.scim_type == "invalidFilter" and name != people.naming:
            continue  # a target need not filter on every attribute
        judge.expect(
            "RFC7644-3.4.2-07",
            exchange.status == 200 and exchange.body.get("totalResults") == 0 and not exchange.resources,
            expected="200 with totalResults 0 and no resources",
            observed=f"{exchange.summary()} with totalResults {exchange.body.get('totalResults')!r}",
            at=exchange,
        )


@check("RFC7644-3.4.2-08", needs=("filter", "read"))
def test_unknown_parameters_are_ignored(scim: Target, judge: Judge) -> None:
    """A query parameter that the standard does not know changes nothing."""
    model = scim.primary
    people = population(scim, model)
    plain = scim.search(model.endpoint, people.named("cedar"))
    exchange = scim.search(model.endpoint, people.named("cedar"), scimcheckUnknown="1")
    judge.expect(
        "RFC7644-3.4.2-08",
        exchange.status == plain.status and ids(exchange.resources) == ids(plain.resources),
        expected="the same answer as without the parameter",
        observed=exchange.summary(),
        at=(*people.evidence(["cedar"]), plain, exchange),
    )


@check("RFC7644-3.4.2-11", needs=("filter", "read"))
def test_queries_elsewhere_have_an_answer(scim: Target, judge: Judge) -> None:
    """A query at the base URL or on a single resource is answered or refused, but is no internal error."""
    people = population(scim, scim.primary)
    cedar = people.members["cedar"].resource
    for path in ("/", cedar.path):
        exchange = scim.search(path, people.named("cedar"), count=1)
        judge.expect(
            "RFC7644-3.4.2-11",
            exchange.status < 500 or exchange.status == 501,
            expected="a list, the resource, or an error such as 404, 403, 400 or 501",
            observed=exchange.summary(),
            at=exchange,
        )


@check("RFC7644-3.4.2.1-03", "RFC7644-3.12-18", needs=("create",))
def test_too_long_results_are_refused_by_name(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A target that refuses a query because of its size says so with 400 tooMany; returning a page is as good."""
    exchange = scim.get(model.endpoint)
    if exchange.status in (401, 404, 405, 429) or exchange.status >= 500:
        judge.not_applicable(f"the refusal is not about size: {exchange.summary()}")
    judge.expect(
        "RFC7644-3.4.2.1-03",
        exchange.ok or (exchange.status == 400 and exchange.scim_type == "tooMany"),
        expected="a page, or 400 tooMany",
        observed=exchange.summary(),
        at=exchange,
    )
    if exchange.ok or exchange.scim_type == "tooMany":
        judge.expect("RFC7644-3.12-18", True, expected="", observed="", at=exchange)
    else:
        judge.advise("RFC7644-3.12-18", expected="tooMany", observed=exchange.summary(), at=exchange)
