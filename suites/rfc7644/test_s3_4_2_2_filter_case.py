"""RFC 7644 §3.4.2.2 and RFC 7643 §2.2, §3.1, §4, §7: where the letter case of values matters in filters.

The letter case of names and operators is judged in ``…_filter_names``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scimcheck.core import urns
from scimcheck.core.characteristics import DataType
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.paths import leaves, path_of, put, settable, value_at
from scimcheck.harness.population import Population, population, quoted
from scimcheck.harness.querying import EQUAL, judge_filter, query
from scimcheck.harness.target import Target

EXTERNAL = "RFC7643-3.1-15"
IN_FILTERS, BY_SCHEMA = "RFC7644-3.4.2.2-45", "RFC7643-7-21"


def _exact_texts(model: ResourceModel) -> list[Located]:
    """Case-exact texts that a client may set, besides externalId, which has a clause of its own."""
    exact = (leaf for leaf in leaves(model) if leaf.attribute.case_exact and leaf.attribute.type is DataType.STRING)
    return [leaf for leaf in exact if settable(leaf) and leaf.attribute.name.lower() != "externalid"]


def _exact_member(people: Population, word: str, located: Located) -> str:
    """The text of a member with letters of both cases in a case-exact attribute; empty when it cannot be had."""
    text = f"{people.tag}-AbCdE"
    if word not in people.members and not people.add(word, put(people.body(word), located, text)):
        return ""
    path = path_of(located)
    kept = value_at(people.members[word].state, located, people.model) == text
    return text if kept and not people.ask(f"{path} eq {quoted(text)}").refused else ""


@check(IN_FILTERS, BY_SCHEMA, needs=("filter", "read"))
def test_letter_case_does_not_matter_unless_exact(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Texts that are not case exact are found in any letter case, by every operator; case-exact ones in their own."""
    people = population(scim, model)
    name = people.name("birch")
    at = name.lower().index("birch")
    parts = {"eq": name, "ne": name, "co": name[at - 2 : at + 3], "sw": name[: at + 3], "ew": name[at + 1 :]}
    for op, part in parts.items():
        expression = f"{people.naming} {op} {quoted(part.swapcase())}"
        if not query(people, expression).right and not query(people, f"{people.naming} {op} {quoted(part)}").right:
            continue  # the operator itself is broken, which its own check reports
        for clause in (IN_FILTERS, BY_SCHEMA):
            judge_filter(judge, clause, people, expression)
    for located in _exact_texts(model)[:1]:
        text = _exact_member(people, "exact", located)
        for clause in (IN_FILTERS, BY_SCHEMA) if text else ():
            judge_filter(judge, clause, people, f"{path_of(located)} eq {quoted(text.swapcase())}")
    for clause in (IN_FILTERS, BY_SCHEMA):
        judge.expect(clause, True, expected="", observed="")


@check(EXTERNAL, needs=("filter", "read"))
def test_external_id_is_case_exact(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """externalId keeps its letter case, and is not found in another one."""
    people = population(scim, model)
    located = model.find(None, "externalId")
    text = f"{people.tag}-AbC"
    if located is None or ("external" not in people.members and not _with_external_id(people, located, text)):
        judge.not_applicable("the target takes no externalId")
    stored = people.value("external", "externalId")
    if not isinstance(stored, str) or stored.lower() != text.lower():
        judge.not_applicable("the target does not keep externalId")
    creation = people.evidence(["external"])
    judge.expect(EXTERNAL, stored == text, expected=text, observed=stored, at=creation)
    exact = people.ask(f"externalId eq {quoted(text)}")
    if exact.refused:
        return
    if "external" not in exact.found:
        judge.blocked(EQUAL, "externalId is not found by its own value")
    if stored == text:
        _judge_unfound(judge, EXTERNAL, people, "external", f"externalId eq {quoted(text.swapcase())}")


def _judge_unfound(judge: Judge, requirement: str, people: Population, word: str, expression: str) -> None:
    """Expect a filter not to find a member, whatever the schemas say of the attribute's letter case."""
    answer = people.ask(expression)
    judge.expect(
        requirement,
        word not in answer.found,
        expected="no match",
        observed=f"{answer.last.summary()}: {people.name(word)}",
        at=[*people.evidence([word]), *answer.exchanges],
    )


def _with_external_id(people: Population, located: Located, text: str) -> bool:
    return people.add("external", put(people.body("external"), located, text))


@check("RFC7643-3.1-09", needs=("filter", "read"), every_type="deep")
def test_id_is_case_exact(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An id in another letter case finds nothing, neither by filter nor in the path."""
    people = population(scim, model)
    resource = people.members["amber"].resource
    swapped = resource.id.swapcase()
    if swapped == resource.id:
        judge.not_applicable("ids have no letters")
    exchange = scim.get(f"{model.endpoint}/{swapped}")
    judge.expect(
        "RFC7643-3.1-09",
        exchange.status != 200 or str(exchange.body.get("id")) != resource.id,
        expected="404",
        observed=exchange.summary(),
        at=(resource.exchange, exchange),
    )
    if not people.ask(f"id eq {quoted(resource.id)}").refused:
        _judge_unfound(judge, "RFC7643-3.1-09", people, "amber", f"id eq {quoted(swapped)}")


@check("RFC7643-4.1.1-04", needs=("User", "filter", "read"), depth="quick")
def test_user_name_ignores_letter_case(scim: Target, judge: Judge) -> None:
    """userName is found in any letter case; a second user whose name differs in letter case alone is worth a remark."""
    user = scim.user
    if user is None:
        judge.not_applicable("the target has no users")
    people = population(scim, user)
    attribute = user.core.attribute("userName")
    if attribute is None or attribute.case_exact or people.naming.lower() != "username":
        judge.not_applicable("the target declares userName as case exact")
    for spelled in (people.name("cedar").upper(), people.name("cedar").title()):
        judge_filter(judge, "RFC7643-4.1.1-04", people, f"{people.naming} eq {quoted(spelled)}")
    taken = scim.create(user)  # none of the population, whose filters a twin would match as well
    twin = scim.post(user.endpoint, json={**people.body("twin"), people.naming: taken.name.upper()})
    if twin.ok:
        judge.advise(
            "RFC7643-4.1.1-04",
            expected="409: the userName is taken in another letter case",
            observed=twin.summary(),
            at=(taken.exchange, twin),
        )


def _omitting(attributes: Any) -> list[str]:
    """The names of texts in raw attribute definitions that do not say ``caseExact``."""
    listed = attributes if isinstance(attributes, list) else []
    return [
        str(item.get("name"))
        for item in listed
        if isinstance(item, Mapping) and item.get("type", "string") == "string" and "caseExact" not in item
    ]


@check("RFC7643-2.2-03", needs=("filter", "read"))
def test_texts_are_not_case_exact_by_default(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A text whose definition does not mention caseExact is found in any letter case."""
    people = population(scim, model)
    exchange = scim.get(f"/Schemas/{model.core.id}")
    silent = {name.lower() for name in _omitting(exchange.body.get("attributes"))}
    names = [people.naming, *([people.text.name] if people.text else [])]
    found = [name for name in names if name.lower() in silent]
    if not found:
        judge.not_applicable("every definition of a text that can be tested here says whether it is case exact")
    for name in found:
        text = str(people.value("cedar", name))
        if people.ask(f"{name} eq {quoted(text)}").refused:
            judge.not_applicable(f"filters on {name} are not offered")
        judge_filter(judge, "RFC7643-2.2-03", people, f"{name} eq {quoted(text.swapcase())}")


@check("RFC7643-4.3-07", needs=("EnterpriseUser", "filter", "read"))
def test_manager_is_case_exact(scim: Target, judge: Judge) -> None:
    """The id of a manager is compared with its letter case."""
    user = scim.user
    manager = user.find(urns.ENTERPRISE_USER, "manager", "value") if user else None
    if user is None or manager is None:
        judge.not_applicable("users have no manager")
    people = population(scim, user)
    boss = people.members["amber"].resource.id
    body = people.body("managed")
    body.setdefault(urns.ENTERPRISE_USER, {})["manager"] = {"value": boss}
    body["schemas"] = list(dict.fromkeys([*body["schemas"], urns.ENTERPRISE_USER]))
    if "managed" not in people.members and not people.add("managed", body):
        judge.not_applicable("the target takes no manager")
    if boss.swapcase() == boss or value_at(people.members["managed"].state, manager, user) != boss:
        judge.not_applicable("the manager's id has no letters, or is not kept")
    path = path_of(manager)
    if "managed" not in people.ask(f"{path} eq {quoted(boss)}").found:
        judge.not_applicable("filters on the manager are not offered")
    _judge_unfound(judge, "RFC7643-4.3-07", people, "managed", f"{path} eq {quoted(boss.swapcase())}")
