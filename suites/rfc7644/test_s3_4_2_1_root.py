"""RFC 7644 §3.4.2.1: queries at the base URL, which serve every resource type."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSONObject
from scimcheck.core.resource import listed_schemas
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.population import population, quoted
from scimcheck.harness.querying import judge_filter, query
from scimcheck.harness.target import Resource, Target, ids


def _both(scim: Target, judge: Judge) -> tuple[Resource, Resource]:
    """A user and a group of the run's own."""
    user, group = scim.user, scim.group
    if user is None or group is None:
        judge.not_applicable("the target has no users or no groups")
    return scim.shared(user)[0], scim.shared(group)[0]


def _at_root(scim: Target, filter: str) -> Exchange:
    return scim.get("/", params={"filter": filter, "count": "100"})


@check("RFC7644-3.4.2.1-01", needs=("root-query", "User", "Group"))
def test_root_queries_cover_every_type(scim: Target, judge: Judge) -> None:
    """A query at the base URL finds resources of every type."""
    both = _both(scim, judge)
    queries = [_at_root(scim, f"{attributes.naming(each.model)} eq {quoted(each.name)}") for each in both]
    found = [identifier for exchange in queries for identifier in ids(exchange.resources)]
    if not {resource.id for resource in both} <= set(found):
        found = ids(scim.everything("/"))
        queries = scim.session.journal.since(len(scim.session.journal) - 1)
    judge.expect(
        "RFC7644-3.4.2.1-01",
        {resource.id for resource in both} <= set(found),
        expected="the user and the group",
        observed=f"{queries[-1].summary()}: {' and '.join(r.model.name for r in both if r.id in found) or 'neither'}",
        at=(*(resource.exchange for resource in both), *queries),
    )


def _kind(resource: JSONObject) -> str:
    meta = resource.get("meta")
    return str(meta.get("resourceType", "")) if isinstance(meta, dict) else ""


@check("RFC7644-3.4.2.1-02", needs=("root-query", "filter", "User", "Group"))
def test_root_queries_can_be_limited_to_a_type(scim: Target, judge: Judge) -> None:
    """A filter on meta.resourceType restricts a query at the base URL to that type."""
    user, group = _both(scim, judge)
    for resource, other in ((user, group), (group, user)):
        expression = f"meta.resourceType eq {quoted(resource.model.name)}"
        exchange = _at_root(scim, expression)
        if exchange.status == 400 and scim.search(resource.model.endpoint, expression).status == 400:
            judge.not_applicable("filters on meta.resourceType are not offered")
        found = ids(exchange.resources)
        kinds = {_kind(item) for item in exchange.resources} - {""}
        judge.expect(
            "RFC7644-3.4.2.1-02",
            exchange.status == 200 and found and kinds <= {resource.model.name} and other.id not in found,
            expected=f"resources of type {resource.model.name}, and nothing else",
            observed=f"{exchange.summary()}: {', '.join(sorted(kinds)) or 'no resources'}",
            at=(resource.exchange, other.exchange, exchange),
        )


@check("RFC7644-3.4.2.1-04", needs=("root-query", "filter", "read"))
def test_root_queries_follow_the_filter_rules(scim: Target, judge: Judge) -> None:
    """At the base URL a filter means what it means everywhere else."""
    model = scim.primary
    people = population(scim, model)

    def ask(expression: str, start: int) -> Exchange:
        paging = {"startIndex": str(start)} if start > 1 else {}
        return scim.get("/", params={"filter": expression, **paging})

    for expression in (
        people.named("birch"),
        f"{people.named('amber')} or {people.named('cedar')}",
        f"{people.named('amber')} and {people.named('cedar')}",
        f"{people.named('amber')} and not ({people.named('amber')})",
        f"{people.naming} sw {quoted(people.name('delta')[:-2])}",
    ):
        if query(people, expression).right:  # what the type's own endpoint gets wrong is another clause
            judge_filter(judge, "RFC7644-3.4.2.1-04", people, expression, ask=ask)
    judge.expect("RFC7644-3.4.2.1-04", True, expected="", observed="")


@check("RFC7644-3.4.2.1-05", needs=("root-query", "filter", "User", "Group"))
def test_undefined_attributes_have_no_value(scim: Target, judge: Judge) -> None:
    """An attribute that a type does not define has no value there: no error, and no match for that type."""
    user, group = _both(scim, judge)
    own = attributes.naming(user.model)
    if group.model.find(None, own) is not None:
        judge.not_applicable(f"groups have {own}, too")
    for expression in (f"{own} eq {quoted(user.name)}", *([f"{own} pr"] if _presence_works(scim, user.model) else [])):
        exchange = _at_root(scim, expression)
        wrong = [item for item in exchange.resources if _is_of(item, group.model)]
        judge.expect(
            "RFC7644-3.4.2.1-05",
            exchange.status == 200 and not wrong and group.id not in ids(exchange.resources),
            expected="200 without groups",
            observed=f"{exchange.summary()} with {len(wrong)} groups",
            at=(user.exchange, group.exchange, exchange),
        )


def _presence_works(scim: Target, model: ResourceModel) -> bool:
    """Whether pr tells resources with a value from those without, as far as that can be seen."""
    people = population(scim, model)
    return people.text is None or query(people, f"{people.text.name} pr", ("amber", "delta")).right


def _is_of(resource: JSONObject, model: ResourceModel) -> bool:
    listed = {urn.lower() for urn in listed_schemas(resource)}
    return model.core.id.lower() in listed or _kind(resource) == model.name
