"""RFC 7644 §3.4.2.2: how a filter names attributes and operators. Other places that name attributes are in §3.10."""

from __future__ import annotations

from collections.abc import Iterable

from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.json import JSON
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.paths import leaves, path_of, value_at
from scimcheck.harness.population import Population, literal, population, specimens
from scimcheck.harness.querying import demand_filter, judge_filter, query
from scimcheck.harness.target import Target


def _odd(name: str) -> str:
    """A name in alternating letter case, another than its own."""
    odd = "".join(char.upper() if index % 2 else char.lower() for index, char in enumerate(name))
    return odd if odd != name else odd.swapcase()


def _judge_like(judge: Judge, requirement: str, people: Population, spelled: str, usual: str, clause: str) -> None:
    """Judge another spelling of a filter; blocked by ``clause`` when the usual spelling does not work either."""
    if not query(people, spelled).right:
        demand_filter(judge, clause, people, usual)
    judge_filter(judge, requirement, people, spelled)


@check("RFC7644-3.4.2.2-05", needs=("filter", "read"), depth="quick")
def test_attribute_names_in_any_letter_case(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An attribute can be named in any letter case."""
    people = population(scim, model)
    for spelled in (people.naming.upper(), people.naming.lower(), _odd(people.naming)):
        judge_filter(judge, "RFC7644-3.4.2.2-05", people, people.named("birch", attribute=spelled))


@check("RFC7644-3.4.2.2-06", needs=("filter", "read"))
def test_operators_in_any_letter_case(scim: Target, judge: Judge) -> None:
    """An operator can be written in any letter case."""
    model = scim.primary
    people = population(scim, model)
    clauses = {"EQ": "10", "Eq": "10", "NE": "11", "Co": "12", "SW": "13", "GE": "18"}
    for op, number in clauses.items():
        among = None if number != "18" else ("amber", "cedar", "delta")
        spelled, usual = people.named("birch", op), people.named("birch", op.lower())
        if not query(people, spelled, among).right:
            demand_filter(judge, f"RFC7644-3.4.2.2-{number}", people, usual, among)
        judge_filter(judge, "RFC7644-3.4.2.2-06", people, spelled, among=among)
    _judge_like(judge, "RFC7644-3.4.2.2-06", people, f"{people.naming} PR", f"{people.naming} pr", "RFC7644-3.4.2.2-15")


@check("RFC7644-3.4.2.2-37", needs=("filter", "read"), depth="quick")
def test_core_attributes_behind_their_urn(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A core attribute can be named with its schema's URN in front."""
    people = population(scim, model)
    qualified = f"{model.core.id}:{people.naming}"
    judge_filter(judge, "RFC7644-3.4.2.2-37", people, people.named("birch", attribute=qualified))


def _text(leaf: Located, value: JSON) -> bool:
    return isinstance(value, str) and leaf.attribute.type is DataType.STRING


def _candidates(people: Population, wanted: Iterable[Located]) -> list[tuple[Located, JSON]]:
    """The attributes in which the first specimen has a text, those first by whose value the second differs."""
    found = [(leaf, people.kept("first", leaf)) for leaf in wanted]
    usable = [(leaf, value) for leaf, value in found if _text(leaf, value)]
    return sorted(usable, key=lambda item: value_at(people.members["second"].state, item[0], people.model) == item[1])


def _judge_class(
    judge: Judge, requirement: str, people: Population, wanted: Iterable[Located], limit: int, *, optional: bool
) -> None:
    """Judge eq on the first attributes that the target does not refuse to filter on; one it has to know, if any."""
    candidates = _candidates(people, wanted)
    if not candidates:
        judge.not_applicable(f"{people.model.name} shows no such attribute with a text")
    refused, judged = [], 0
    for leaf, value in candidates:
        expression = f"{path_of(leaf)} eq {literal(value)}"
        answer = people.ask(expression)
        if answer.last.status == 400 and answer.last.scim_type == "invalidFilter":
            refused.append(answer.last)
            continue
        judge_filter(judge, requirement, people, expression)
        judged += 1
        if judged == limit:
            return
    if not judged and optional:
        judge.not_applicable("the target filters on none of these attributes")
    elif not judged:
        judge.expect(
            requirement, False, expected="a match on at least one of these attributes",
            observed=refused[-1].summary(), at=[*people.evidence(["first"]), *refused],
        )  # fmt: skip


def _shown(model: ResourceModel) -> list[Located]:
    """Leaves whose holders a client may write."""
    holders = (leaf for leaf in leaves(model) if (leaf.parent or leaf.attribute).mutability is Mutability.READ_WRITE)
    return [leaf for leaf in holders if leaf.attribute.mutability is not Mutability.READ_ONLY]


def _core_subs(model: ResourceModel, *, multi: bool) -> list[Located]:
    subs = [leaf for leaf in _shown(model) if leaf.parent and leaf.schema is None]
    kind = [leaf for leaf in subs if leaf.parent and leaf.parent.multi_valued is multi]
    return sorted(kind, key=lambda leaf: leaf.attribute.name.lower() not in ("value", "familyname"))


def _extended(model: ResourceModel) -> list[Located]:
    return [leaf for leaf in _shown(model) if leaf.schema is not None]


@check("RFC7644-3.4.2.2-40", needs=("filter", "read"), depth="quick")
def test_sub_attributes_behind_a_dot(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A condition on a complex attribute names one of its sub-attributes."""
    people = specimens(scim, model)
    _judge_class(judge, "RFC7644-3.4.2.2-40", people, _core_subs(model, multi=False), 2, optional=False)


@check("RFC7644-3.4.2.2-38", needs=("filter", "read", "extension"))
def test_extension_attributes_behind_their_urn(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An extension's attribute can be filtered on under its URN; targets that do not support it refuse."""
    people = specimens(scim, model)
    _judge_class(judge, "RFC7644-3.4.2.2-38", people, _extended(model), 2, optional=True)


@check("RFC7644-3.4.2.2-10", "RFC7644-3.4.2.2-03", needs=("filter", "read"), depth="deep")
def test_every_attribute_can_be_told_by_its_value(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """eq on each attribute that the target filters on finds the resource that has the value, and none that has not."""
    people = specimens(scim, model)
    for leaf in _shown(model):
        value = people.kept("first", leaf)
        expression = f"{path_of(leaf)} eq {literal(value)}"
        if value is None or people.ask(expression).refused:
            continue
        outcome = query(people, expression)
        clause = "RFC7644-3.4.2.2-03" if outcome.surplus or outcome.strangers else "RFC7644-3.4.2.2-10"
        judge_filter(judge, clause, people, expression)
    for clause in ("RFC7644-3.4.2.2-10", "RFC7644-3.4.2.2-03"):
        judge.expect(clause, True, expected="", observed="")


@check("RFC7644-3.4.2.2-39", needs=("filter", "read", "attr:multi-complex"), depth="quick")
def test_any_value_of_several_satisfies(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A condition on a multi-valued attribute holds when any of its values satisfies it: the second as well."""
    holder = attributes.multi_complex(model)
    if holder is None:
        judge.not_applicable(f"{model.name} has no writable multi-valued complex attribute")
        return
    people = specimens(scim, model)
    listed = people.value("first", holder.name)
    values = [item.get("value") for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    if len(values) < 2 or not all(isinstance(value, str) for value in values):
        judge.not_applicable(f"the target does not keep two values of {holder.name}")
    for value in values[:2]:
        judge_filter(judge, "RFC7644-3.4.2.2-39", people, f"{holder.name}.value eq {literal(value)}")
