"""RFC 7644 §3.4.2.2: what a filtered query returns as a whole, and which attributes it is about."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.core import urns
from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.resource import listed_schemas
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check
from scimcheck.harness.capabilities import State
from scimcheck.harness.judge import Judge
from scimcheck.harness.paths import leaves, path_of, put, value_at
from scimcheck.harness.population import Population, literal, population, quoted
from scimcheck.harness.querying import ALL_MATCHES, ONLY_MATCHES, judge_filter, observed, query, several
from scimcheck.harness.target import Target, ids

#: ``or`` matches when at least one expression is true: the last that is tried for finding several resources.
EITHER = "RFC7644-3.4.2.2-26"


@check("RFC7644-3.4.2.2-02", needs=("create", "list"), depth="quick")
def test_a_filter_is_never_ignored(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Whether filters are supported or not, a filter that matches nothing yields an error or nothing."""
    capability = scim.capabilities.of("filter", model)
    exchange = scim.search(model.endpoint, f"id eq {quoted(scim.unique('nobody'))}")
    told = capability.state is State.ABSENT or capability.advertised is False
    judge.expect(
        "RFC7644-3.4.2.2-02",
        not told or not exchange.ok or not exchange.resources,
        expected="an error, or no resources",
        observed=f"{exchange.summary()} with {len(exchange.resources)} resources",
        at=exchange,
    )


@check(ONLY_MATCHES, needs=("filter", "read"), depth="quick")
def test_only_matches_are_returned(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """What does not match is not in the result: of resources that differ in a value the one with that value."""
    people = population(scim, model)
    for word in ("amber", "cedar"):
        outcome = query(people, people.named(word))
        judge.expect(
            ONLY_MATCHES,
            not outcome.surplus and not outcome.strangers,
            expected=f"{people.name(word)} alone",
            observed=observed(people, outcome),
            at=[*people.evidence([word, *outcome.surplus]), *outcome.answer.exchanges],
        )


@check(ALL_MATCHES, needs=("filter", "read"), depth="quick")
def test_all_matches_are_returned(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """When several resources match, all of them are in the result, over as many pages as it takes."""
    people = population(scim, model)
    outcomes = []
    for expression in several(people):
        outcomes.append(query(people, expression))
        if outcomes[-1].right and outcomes[-1].answer.complete:
            break
    last = outcomes[-1]
    if all(outcome.answer.last.scim_type == "invalidFilter" for outcome in outcomes):
        judge.blocked(EITHER, "no operator that finds several resources is supported")
    judge.expect(
        ALL_MATCHES,
        any(outcome.right for outcome in outcomes),
        expected="every resource that matches",
        observed=f"{last.answer.last.summary()}: {', '.join(last.missing)} missing",
        at=[*people.evidence(last.wanted), *(exchange for each in outcomes for exchange in each.answer.exchanges)],
    )


@check(ALL_MATCHES, needs=("filter", "read"), every_type="deep")
def test_the_filter_goes_before_the_page(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A match is found however far behind it stands among all resources: pages are cut from what matches."""
    people = population(scim, model)
    expression = people.named("delta")
    single = scim.get(model.endpoint, params={"count": "1"})
    if len(single.resources) != 1 or not query(people, expression).right:
        judge.not_applicable("count or the filter does not work by itself")
    exchange = scim.search(model.endpoint, expression, count=1)
    judge.expect(
        ALL_MATCHES,
        people.members["delta"].resource.id in ids(exchange.resources),
        expected=people.name("delta"),
        observed=f"{exchange.summary()} with {len(exchange.resources)} resources",
        at=[*people.evidence(["delta"]), single, exchange],
    )


@check("RFC7644-3.4.2.2-47", needs=("filter", "read"), depth="quick", every_type="deep")
def test_an_unknown_attribute_matches_nothing(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A filter on an attribute that no schema defines is refused or finds nothing."""
    people = population(scim, model)
    for expression in ('doesNotExist eq "x"', "doesNotExist pr", f'{model.core.id}:doesNotExist eq "x"'):
        answer = people.ask(expression)
        judge.expect(
            "RFC7644-3.4.2.2-47",
            answer.last.status in (200, 400) and not answer.found and not answer.foreign,
            expected="400 invalidFilter, or no match",
            observed=f"{answer.last.summary()} with {len(answer.last.resources)} resources",
            at=answer.exchanges,
        )


@check("RFC7644-3.4.2.2-48", needs=("filter", "read"), every_type="deep")
def test_common_attributes_can_be_filtered(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """id and the parts of meta can be filtered on; a target that refuses gets a remark."""
    people = population(scim, model)
    birch = people.members["birch"]
    meta = birch.state.get("meta")
    kind = meta.get("resourceType") if isinstance(meta, dict) else None
    questions = {f"id eq {quoted(birch.resource.id)}": True, 'id eq "nobody"': True}
    if isinstance(kind, str):
        questions[f"meta.resourceType eq {quoted(kind)}"] = True
        questions['meta.resourceType eq "NoSuchType"'] = True
    for expression in questions:
        answer = people.ask(expression)
        if answer.last.status == 400 and answer.last.scim_type == "invalidFilter":
            judge.advise(
                "RFC7644-3.4.2.2-48",
                expected=f"{expression} is answered",
                observed=answer.last.summary(),
                at=answer.last,
            )
        else:
            judge_filter(judge, "RFC7644-3.4.2.2-48", people, expression)


@check("RFC7644-3.4.2.2-46", needs=("filter", "read", "EnterpriseUser"))
def test_resources_are_found_by_their_schemas(scim: Target, judge: Judge) -> None:
    """A filter on schemas finds the users of an extension, and not the others; a target that refuses gets a remark."""
    user = scim.user
    if user is None:
        judge.not_applicable("the target has no users")
    people = population(scim, user)
    if "enterprise" not in people.members:
        _add_enterprise(people)
    wanted = {word for word, member in people.members.items() if _uses(member.state, urns.ENTERPRISE_USER)}
    if not wanted or len(wanted) == len(people.members):
        judge.not_applicable("users with and without the extension cannot be told apart by schemas")
    answer = people.ask(f"schemas eq {quoted(urns.ENTERPRISE_USER)}")
    if answer.last.status in (400, 501):
        judge.advise("RFC7644-3.4.2.2-46", expected="a match", observed=answer.last.summary(), at=answer.last)
        return
    judge_filter(
        judge, "RFC7644-3.4.2.2-46", people, f"schemas eq {quoted(urns.ENTERPRISE_USER)}",
        among=[*sorted(wanted)[:2], *sorted(set(people.members) - wanted)[:2]],
    )  # fmt: skip


def _uses(state: dict[str, object], urn: str) -> bool:
    return urn.lower() in (listed.lower() for listed in listed_schemas(state))


def _add_enterprise(people: Population) -> None:
    text = people.model.find(urns.ENTERPRISE_USER, "department") or people.model.find(
        urns.ENTERPRISE_USER, "employeeNumber"
    )
    if text is not None:
        people.add("enterprise", put(people.body("enterprise"), text, people.tag))


def _defaulted(people: Population) -> Iterator[tuple[Located, str]]:
    """Attributes that clients may set, did not, and that have a value all the same."""
    member = people.members["delta"]
    for leaf in leaves(people.model):
        holder = leaf.parent or leaf.attribute
        fixed = holder.mutability is not Mutability.READ_WRITE or leaf.attribute.mutability is not Mutability.READ_WRITE
        if fixed or holder.name.lower() in ("id", "meta", "externalid"):
            continue
        value = value_at(member.state, leaf, people.model)
        if value is not None and value_at(member.resource.sent, leaf, people.model) is None:
            yield leaf, literal(value)


@check("RFC7644-3.4.2.2-41", needs=("filter", "read"))
def test_defaulted_values_can_be_filtered(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Where the target gave an attribute a value of its own, filters work on that value."""
    people = population(scim, model)
    for leaf, value in _defaulted(people):
        path = path_of(leaf)
        usable = leaf.attribute.type in (DataType.STRING, DataType.BOOLEAN, DataType.INTEGER, DataType.DATE_TIME)
        if not usable or people.ask(f"{path} eq {value}").refused:
            continue
        judge_filter(judge, "RFC7644-3.4.2.2-41", people, f"{path} eq {value}", among=("delta",))
        if query(people, f"{people.naming} pr").right:
            judge_filter(judge, "RFC7644-3.4.2.2-41", people, f"{path} pr", among=("delta",))
        return
    judge.not_applicable("the target gives no attribute a value of its own")
