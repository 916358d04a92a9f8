"""RFC 7643 §7, the definition side: the form of every entry of /Schemas. What the definitions mean for the behaviour of
resources is judged elsewhere, and their content against the standard in ``test_s8_7_schemas``.
"""

from __future__ import annotations

from collections.abc import Mapping

from scimcheck.checks import definitions
from scimcheck.checks.definitions import Judgement
from scimcheck.checks.discovery import text_flaws
from scimcheck.checks.flaws import Flaw, names_urn
from scimcheck.core import urns
from scimcheck.core.json import JSON
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.documents import CONFIG, SCHEMAS, TYPES, Document, answer, document, judge_flaws
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

NAMES: Mapping[str, Judgement] = {
    "RFC7643-7-09": definitions.name_given,
    "RFC7643-2.1-02": definitions.name_form,
}
KEYWORDS: Mapping[str, Judgement] = {
    "RFC7643-7-11": definitions.type_keyword,
    "RFC7643-7-24": definitions.keyword("mutability"),
    "RFC7643-7-30": definitions.keyword("returned"),
    "RFC7643-7-37": definitions.keyword("uniqueness"),
}
FLAGS: Mapping[str, Judgement] = {
    "RFC7643-7-14": definitions.boolean("multiValued", required=True),
    "RFC7643-7-16": definitions.boolean("required"),
    "RFC7643-7-20": definitions.boolean("caseExact"),
    "RFC7643-7-15": definitions.description,
    "RFC7643-7-18": definitions.canonical_values,
}
PARTS: Mapping[str, Judgement] = {
    "RFC7643-7-12": definitions.complex_has_parts,
    "RFC7643-7-13": lambda definition: (
        *definitions.part_form(definition),
        *definitions.part_not_complex(definition),
    ),
    "RFC7643-1.2-01": definitions.simple_has_no_parts,
    "RFC7643-2.3.8-02": definitions.part_not_complex,
    "RFC7643-2.3.8-03": definitions.meaningless("complex"),
    "RFC7643-2.3.2-02": definitions.meaningless("boolean"),
}


def _schemas(scim: Target, judge: Judge) -> Document:
    return document(scim, judge, SCHEMAS)


def _judge_all(scim: Target, judge: Judge, judgements: Mapping[str, Judgement]) -> None:
    found = _schemas(scim, judge)
    for requirement, judgement in judgements.items():
        judge_flaws(judge, requirement, definitions.judged(found.entries, judgement), found.exchanges)


@check("RFC7643-7-03", depth="quick", writes=False)
def test_schemas_carry_their_urn(scim: Target, judge: Judge) -> None:
    """Every entry of /Schemas says in schemas what it is."""
    found = _schemas(scim, judge)
    bare = [str(entry.get("id")) for entry in found.entries if not names_urn(entry, urns.SCHEMA)]
    judge.expect(
        "RFC7643-7-03",
        not bare,
        expected=f"schemas with {urns.SCHEMA} in every entry",
        observed=f"not in {', '.join(bare)}",
        at=found.exchanges,
    )


@check("RFC7643-7-04", "RFC7643-7-07", "RFC7643-7-08", depth="quick", writes=False)
def test_schemas_have_id_and_attributes(scim: Target, judge: Judge) -> None:
    """The id of a schema is its URI, and its attribute definitions stand in an array."""
    found = _schemas(scim, judge)
    judge_flaws(judge, "RFC7643-7-04", definitions.id_flaws(found.entries), found.exchanges)
    judge_flaws(judge, "RFC7643-7-07", definitions.missing_flaws(found.entries), found.exchanges)
    with_some = [entry for entry in found.entries if "attributes" in entry]
    judge_flaws(judge, "RFC7643-7-08", definitions.attributes_flaws(with_some), found.exchanges)


@check("RFC7643-7-05", "RFC7643-7-06", writes=False)
def test_schemas_describe_themselves_in_texts(scim: Target, judge: Judge) -> None:
    """Name and description of a schema are texts where they are given."""
    found = _schemas(scim, judge)
    judge_flaws(judge, "RFC7643-7-05", text_flaws(found.entries, "name", required=False), found.exchanges)
    judge_flaws(judge, "RFC7643-7-06", text_flaws(found.entries, "description", required=False), found.exchanges)


@check(*NAMES, "RFC7643-7-10", writes=False)
def test_attributes_are_named(scim: Target, judge: Judge) -> None:
    """Every definition has a name of the right form, once on its level whatever the letter case."""
    _judge_all(scim, judge, NAMES)
    found = _schemas(scim, judge)
    judge_flaws(judge, "RFC7643-7-10", definitions.repeated_name_flaws(found.entries), found.exchanges)


@check(*KEYWORDS, "RFC7643-2.3-01", writes=False)
def test_characteristics_use_the_keywords(scim: Target, judge: Judge) -> None:
    """Type, mutability, returned and uniqueness take their values from the standard's lists."""
    _judge_all(scim, judge, KEYWORDS)
    found = _schemas(scim, judge)
    flaws = definitions.judged(found.entries, definitions.type_keyword)
    judge_flaws(judge, "RFC7643-2.3-01", [flaw for flaw in flaws if not flaw.tolerated], found.exchanges)


@check(*FLAGS, writes=False)
def test_characteristics_have_the_right_form(scim: Target, judge: Judge) -> None:
    """Plurality, necessity and case are booleans, a description is a text, canonical values are an array."""
    _judge_all(scim, judge, FLAGS)


@check(*PARTS, writes=False)
def test_sub_attributes_belong_to_complex_attributes(scim: Target, judge: Judge) -> None:
    """Complex attributes have sub-attributes, others have none, and no sub-attribute is complex."""
    _judge_all(scim, judge, PARTS)


@check("RFC7643-2.3.7-04", "RFC7643-7-41", "RFC7643-7-42", writes=False)
def test_references_say_what_they_refer_to(scim: Target, judge: Judge) -> None:
    """Reference types stand on references alone, and name resource types, ``external`` or ``uri``."""
    _judge_all(
        scim,
        judge,
        {
            "RFC7643-2.3.7-04": definitions.reference_types_given,
            "RFC7643-7-41": definitions.reference_types_form,
        },
    )
    found, types = _schemas(scim, judge), document(scim, judge, TYPES)
    names = {str(entry.get(key)) for entry in types.entries for key in ("name", "id")}
    flaws = definitions.judged(found.entries, definitions.reference_types_known(names))
    judge_flaws(judge, "RFC7643-7-42", flaws, (*types.exchanges, *found.exchanges))


@check("RFC7643-1.1-01", writes=False)
def test_keywords_are_not_quoted(scim: Target, judge: Judge) -> None:
    """No keyword of the definitions or of the configuration has quotation marks inside its value."""
    found, config = _schemas(scim, judge), answer(scim, CONFIG)
    flaws = definitions.judged(found.entries, definitions.unquoted)
    flaws += [
        Flaw(f"configuration: {where}", "a keyword without quotation marks", repr(value))
        for where, value in _texts_of(config.json, "")
        if where.endswith((".type", "schemas")) and definitions.is_quoted(value)
    ]
    judge_flaws(judge, "RFC7643-1.1-01", flaws, (*found.exchanges, config))


@check("RFC7643-10.2.1-01", writes=False)
def test_schema_urns_have_the_registered_form(scim: Target, judge: Judge) -> None:
    """URIs below ``urn:ietf:params:scim`` are schemas or messages, followed by a name."""
    found = _schemas(scim, judge)
    uris = [str(entry.get("id")) for entry in found.entries]
    exchanges = list(found.exchanges)
    for endpoint in (CONFIG, TYPES):
        exchange = answer(scim, endpoint)
        exchanges.append(exchange)
        uris += [str(value) for where, value in _texts_of(exchange.json, "") if where.endswith(("schemas", ".schema"))]
    judge_flaws(judge, "RFC7643-10.2.1-01", definitions.urn_flaws(uris), exchanges)


def _texts_of(value: JSON, where: str) -> list[tuple[str, JSON]]:
    """The simple values of a document with the names that lead to them."""
    if isinstance(value, dict):
        return [pair for name, member in value.items() for pair in _texts_of(member, f"{where}.{name}")]
    if isinstance(value, list):
        return [pair for member in value for pair in _texts_of(member, where)]
    return [(where, value)]


@check("RFC7643-7-01", needs=("create", "read"))
def test_every_schema_of_a_resource_is_published(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Every URI that a resource has in schemas is the id of an entry of /Schemas."""
    found = _schemas(scim, judge)
    resource = scim.shared(model)[0]
    exchange = scim.shown(resource)
    listed = exchange.body.get("schemas")
    if not isinstance(listed, list):
        judge.blocked("RFC7643-3-01", "the resource has no schemas")
    unknown = [str(uri) for uri in listed if str(uri).lower() not in found.ids]
    judge.expect(
        "RFC7643-7-01",
        not unknown,
        expected="an entry of /Schemas for each URI",
        observed=f"none for {', '.join(unknown)}",
        at=(*found.exchanges, resource.exchange, exchange),
    )
