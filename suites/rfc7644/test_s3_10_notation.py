"""RFC 7644 §3.10: how attributes are named in filter, attributes, excludedAttributes, sortBy and PATCH paths.

Names in filters have clauses of their own in §3.4.2.2; here they are left to ``…_filter_names``.
"""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.json import JSONObject
from scimcheck.core.path import AttrPath
from scimcheck.core.resource import get
from scimcheck.core.schema import Attribute, Located, ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.paths import leaves, path_of, value_at
from scimcheck.harness.population import literal, population, specimens
from scimcheck.harness.projecting import ATTRIBUTES
from scimcheck.harness.querying import demand_filter, judge_filter
from scimcheck.harness.target import Resource, Target, ids

QUALIFIED, PLAIN, DOTTED = "RFC7644-3.10-01", "RFC7644-3.10-02", "RFC7644-3.10-03"
EXTENDED, ANY_CASE = "RFC7644-3.10-04", "RFC7644-3.10-05"


def _names(exchange: Exchange) -> list[str]:
    """The attributes that a response shows a value of."""
    return sorted(name for name, value in exchange.body.items() if has_value(value))


def _judge_projection(
    scim: Target, judge: Judge, requirement: str, resource: Resource, name: str, spelled: str
) -> None:
    """Expect both projection parameters to understand this spelling as they understand the plain name."""
    for parameter in ("attributes", "excludedAttributes"):
        usual = scim.read(resource, **{parameter: name})
        found = scim.read(resource, **{parameter: spelled})
        judge.expect(
            requirement,
            found.status == usual.status and _names(found) == _names(usual),
            expected=f"{', '.join(_names(usual))}, as for {parameter}={name}",
            observed=f"{found.summary()} with {', '.join(_names(found))}",
            at=(resource.exchange, usual, found),
        )


def _judge_sorting(scim: Target, judge: Judge, requirement: str, model: ResourceModel, name: str, spelled: str) -> None:
    if not scim.capabilities.works("sort", model):
        return
    usual = scim.get(model.endpoint, params={"sortBy": name, "sortOrder": "descending", "count": "20"})
    found = scim.get(model.endpoint, params={"sortBy": spelled, "sortOrder": "descending", "count": "20"})
    if usual.status != 200:
        return
    judge.expect(
        requirement,
        found.status == 200 and ids(found.resources) == ids(usual.resources),
        expected=f"the order of sortBy={name}",
        observed=f"{found.summary()} in another order" if found.ok else found.summary(),
        at=(usual, found),
    )


def _judge_patch(
    scim: Target, judge: Judge, requirement: str, resource: Resource, text: Attribute, spelled: str
) -> None:
    if not scim.capabilities.works("patch", resource.model):
        return
    value = scim.unique("notation")
    patched = scim.patch(resource.path, {"op": "replace", "path": spelled, "value": value})
    read = scim.read(resource)
    judge.expect(
        requirement,
        patched.ok and str(read.body.get(text.name, "")).lower() == value.lower(),
        expected=f"{text.name} is {value} after PATCH with path {spelled}",
        observed=f"{patched.summary()}; {text.name} is {read.body.get(text.name)!r}",
        at=(resource.exchange, patched, read),
    )


def _subject(scim: Target, judge: Judge, model: ResourceModel) -> tuple[Resource, Attribute]:
    """A fresh resource with a text in an attribute that clients may change, and the attribute."""
    text = attributes.changeable(model)
    if text is None:
        judge.not_applicable(f"{model.name} has no text that clients may change")
    resource = scim.create_from(model, {**scim.payload(model), text.name: scim.unique(text.name)})
    if scim.initial(resource).get(text.name) is None:
        judge.not_applicable(f"the target does not show {text.name}")
    return resource, text


@check(QUALIFIED, PLAIN, needs=("create", "read"), every_type="deep")
def test_urns_may_stand_in_front(scim: Target, judge: Judge) -> None:
    """A core attribute is addressed by its name, and as well behind its schema's URN, wherever attributes are named."""
    model = scim.primary
    resource, text = _subject(scim, judge, model)
    if text.returned.value == "always":
        judge.not_applicable(f"{text.name} is always shown")
    shown = scim.read(resource, attributes=text.name)
    judge.expect(
        PLAIN,
        shown.status == 200 and any(key.lower() == text.name.lower() for key in shown.body),
        expected=f"{text.name} for attributes={text.name}",
        observed=f"{shown.summary()} with {', '.join(shown.body)}",
        at=(resource.exchange, shown),
    )
    qualified = f"{model.core.id}:{text.name}"
    _judge_projection(scim, judge, QUALIFIED, resource, text.name, qualified)
    _judge_patch(scim, judge, QUALIFIED, resource, text, qualified)
    naming = attributes.naming(model)
    _judge_sorting(scim, judge, QUALIFIED, model, naming, f"{model.core.id}:{naming}")


def _dotted(model: ResourceModel, state: JSONObject) -> list[Located]:
    """Texts in singular complex core attributes, those that the resource has a value in."""
    subs = (leaf for leaf in leaves(model) if leaf.parent and leaf.schema is None and not leaf.parent.multi_valued)
    free = [leaf for leaf in subs if leaf.parent and leaf.parent.mutability is Mutability.READ_WRITE]
    return [leaf for leaf in free if leaf.attribute.type is DataType.STRING and value_at(state, leaf, model)]


def _judge_dotted(
    scim: Target, judge: Judge, requirement: str, resource: Resource, leaf: Located, spelled: str
) -> None:
    shown = scim.read(resource, attributes=spelled)
    path = path_of(leaf)
    whole = get(shown.body, AttrPath(path.name, None, path.urn), resource.model)
    members = [key.lower() for key in whole] if isinstance(whole, dict) else []
    alone = shown.status == 200 and members == [leaf.attribute.name.lower()]
    if not alone and shown.status == 200 and _names(shown) == _names(scim.read(resource)):
        judge.blocked(ATTRIBUTES, f"attributes={spelled} has no effect at all")
    judge.expect(
        requirement,
        alone,
        expected=f"{path} and none of its siblings for attributes={spelled}",
        observed=f"{shown.summary()} with {whole!r}",
        at=(resource.exchange, shown),
    )


def _filled(scim: Target, model: ResourceModel) -> Resource:
    return scim.create(model, full=scim.capabilities.full_payloads(model))


@check(DOTTED, needs=("create", "read"))
def test_sub_attributes_behind_a_dot(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A sub-attribute is addressed behind a dot, with and without the URN."""
    resource = _filled(scim, model)
    found = _dotted(model, scim.initial(resource))
    if not found:
        judge.not_applicable(f"{model.name} shows no text in a complex attribute")
    for spelled in (str(path_of(found[0])), f"{model.core.id}:{path_of(found[0])}"):
        _judge_dotted(scim, judge, DOTTED, resource, found[0], spelled)


@check(EXTENDED, needs=("create", "read", "extension"))
def test_extension_attributes_by_their_qualified_name(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """attributes with an extension's qualified attribute shows that attribute, and nothing else of the extension."""
    resource = _filled(scim, model)
    state = scim.initial(resource)
    own = [leaf for leaf in leaves(model) if leaf.schema and leaf.parent is None and value_at(state, leaf, model)]
    if not own:
        judge.not_applicable(f"{model.name} shows no extension attribute")
    wanted = own[0]
    urn = str(wanted.schema)
    shown = scim.read(resource, attributes=str(path_of(wanted)))
    container = next((value for key, value in shown.body.items() if key.lower() == urn.lower()), None)
    judge.expect(
        EXTENDED,
        shown.status == 200 and isinstance(container, dict) and [*container] == [wanted.attribute.name],
        expected=f"{urn} with {wanted.attribute.name} alone",
        observed=f"{shown.summary()} with {container!r}",
        at=(resource.exchange, shown),
    )


@check(ANY_CASE, needs=("create", "read"), every_type="deep")
def test_names_and_urns_in_any_letter_case(scim: Target, judge: Judge) -> None:
    """URN, attribute and sub-attribute are addressed in any letter case."""
    model = scim.primary
    resource, text = _subject(scim, judge, model)
    for usual in (text.name, f"{model.core.id}:{text.name}"):
        _judge_projection(scim, judge, ANY_CASE, resource, usual, usual.upper())
    _judge_patch(scim, judge, ANY_CASE, resource, text, text.name.upper())
    naming = attributes.naming(model)
    _judge_sorting(scim, judge, ANY_CASE, model, naming, naming.upper())
    filled = _filled(scim, model)
    for leaf in _dotted(model, scim.initial(filled))[:1]:
        _judge_dotted(scim, judge, ANY_CASE, filled, leaf, str(path_of(leaf)).upper())


@check(ANY_CASE, needs=("filter", "read"), every_type="deep")
def test_urns_in_filters_in_any_letter_case(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The URN in front of an attribute in a filter may be written in any letter case."""
    people = population(scim, model)
    usual = f"{model.core.id}:{people.naming}"
    demand_filter(judge, "RFC7644-3.4.2.2-37", people, people.named("birch", attribute=usual))
    odd = f"{model.core.id.upper()}:{people.naming}"
    judge_filter(judge, ANY_CASE, people, people.named("birch", attribute=odd))


@check(ANY_CASE, needs=("filter", "read"), every_type="deep")
def test_sub_attributes_in_filters_in_any_letter_case(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A sub-attribute in a filter may be written in any letter case."""
    people = specimens(scim, model)
    found = [leaf for leaf in _dotted(model, people.members["first"].state) if people.kept("first", leaf)]
    if not found:
        judge.not_applicable(f"{model.name} shows no text in a complex attribute")
    path, operand = path_of(found[0]), literal(people.kept("first", found[0]))
    if people.ask(f"{path} eq {operand}").refused:
        judge.not_applicable(f"filters on {path} are not offered")
    demand_filter(judge, "RFC7644-3.4.2.2-40", people, f"{path} eq {operand}")
    odd = AttrPath(path.name, found[0].attribute.name.upper(), path.urn)
    judge_filter(judge, ANY_CASE, people, f"{odd} eq {operand}")
