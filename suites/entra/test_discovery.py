"""/Schemas as Entra's discovery for gallery applications reads it; custom applications never ask."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.characteristics import DataType, Mutability, Returned, Uniqueness
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import key_of, member
from scimcheck.entra.creation import target_attribute
from scimcheck.harness import check
from scimcheck.harness.entra_resources import standard_schemas
from scimcheck.harness.entra_search import groups, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.provisioned import described_as_mapped, mapped_by_default
from scimcheck.harness.target import Target

LISTED, GROUP, SPELLED, NULLS, MAPPED = ("ENTRA-2.7-01", "ENTRA-2.7-02", "ENTRA-2.7-03", "ENTRA-2.7-04", "ENTRA-8.2-02")

#: Names of the characteristics (RFC 7643 §7) and, for four of them, the keywords they may have.
CHARACTERISTICS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("name", "multiValued", "description", "required", "canonicalValues", "caseExact", "referenceTypes"), ()
    ),
    "subAttributes": (),
    "type": tuple(item.value for item in DataType),
    "mutability": tuple(item.value for item in Mutability),
    "returned": tuple(item.value for item in Returned),
    "uniqueness": tuple(item.value for item in Uniqueness),
}


def _schemas(scim: Target) -> Exchange:
    """The reply of /Schemas, asked for once in a run."""
    if ("entra", "schemas") not in scim.cache:
        scim.cache["entra", "schemas"] = scim.get("/Schemas")
    found: Exchange = scim.cache["entra", "schemas"]
    return found


def _definitions(exchange: Exchange) -> dict[str, JSONObject]:
    """The schemas of the reply by URN in lower case, whatever holds them."""
    value = exchange.json
    items = value if isinstance(value, list) else exchange.resources
    return {str(item.get("id", "")).lower(): item for item in items if isinstance(item, dict)}


def _usable(scim: Target, judge: Judge) -> Exchange:
    exchange = _schemas(scim)
    if not _definitions(exchange):
        cause = LISTED if exchange.ok else "RFC7644-3.2-06"
        judge.blocked(cause, f"/Schemas lists nothing: {exchange.summary()}")
    return exchange


@check(LISTED, needs=("User",), depth="quick", writes=False)
def test_the_schemas_of_users_are_listed(scim: Target, judge: Judge) -> None:
    """/Schemas describes the core User schema and the extensions of users in a ListResponse."""
    exchange = _schemas(scim)
    schemas = exchange.body.get("schemas")
    judge.expect(
        LISTED,
        exchange.status == 200 and isinstance(schemas, list) and urns.LIST_RESPONSE in schemas,
        expected="200 with a ListResponse",
        observed=f"{exchange.summary()} with schemas {schemas!r}",
        at=exchange,
    )
    wanted = [urns.USER, *(extension.schema for extension in users(scim, judge).resource_type.extensions)]
    missing = [urn for urn in wanted if urn.lower() not in _definitions(exchange)]
    judge.expect(
        LISTED, not missing, expected=", ".join(wanted), observed=f"no {', '.join(missing)} listed", at=exchange
    )


@check(GROUP, needs=("Group",), writes=False)
def test_the_schema_of_groups_is_listed(scim: Target, judge: Judge) -> None:
    """/Schemas describes the Group schema."""
    groups(scim, judge)
    exchange = _usable(scim, judge)
    judge.expect(
        GROUP,
        urns.GROUP.lower() in _definitions(exchange),
        expected=urns.GROUP,
        observed=f"only {', '.join(_definitions(exchange))}",
        at=exchange,
    )


@check(NULLS, needs=("User",), writes=False)
def test_the_schemas_hold_no_nulls(scim: Target, judge: Judge) -> None:
    """/Schemas has no member that is null."""
    exchange = _usable(scim, judge)
    found = list(_nulls(exchange.json, ""))
    judge.expect(NULLS, not found, expected="no nulls", observed=f"null at {', '.join(found[:5])}", at=exchange)


def _nulls(value: JSON, path: str) -> Iterator[str]:
    if value is None:
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _nulls(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _nulls(item, f"{path}[{number}]")


@check(SPELLED, needs=("User",), writes=False)
def test_the_schemas_are_spelled_as_in_the_standard(scim: Target, judge: Judge) -> None:
    """Names and keywords in /Schemas are written as in RFC 7643."""
    exchange = _usable(scim, judge)
    wrong: list[str] = []
    for schema in _definitions(exchange).values():
        wrong += _misspelled_keys(schema, ("id", "name", "description", "attributes"))
        wrong += _misspelled_names(schema)
        for definition in _attributes(schema.get("attributes", schema.get("Attributes"))):
            wrong += _misspelled_keys(definition, CHARACTERISTICS)
            wrong += _misspelled_keywords(definition)
    judge.expect(
        SPELLED,
        not wrong,
        expected="the standard's spelling",
        observed="; ".join(dict.fromkeys(wrong)),
        at=exchange,
    )


def _attributes(value: JSON) -> Iterator[JSONObject]:
    """Every attribute definition, sub-attributes included."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item
            yield from _attributes(member(item, "subAttributes"))


def _misspelled_keys(definition: JSONObject, names: dict[str, tuple[str, ...]] | tuple[str, ...]) -> Iterator[str]:
    for name in names:
        key = key_of(definition, name)
        if key is not None and key != name:
            yield f"{key} instead of {name}"


def _misspelled_keywords(definition: JSONObject) -> Iterator[str]:
    for name, keywords in CHARACTERISTICS.items():
        value = member(definition, name)
        spelled = {keyword.lower(): keyword for keyword in keywords}
        if isinstance(value, str) and value not in keywords and value.lower() in spelled:
            yield f"{name} {value} instead of {spelled[value.lower()]}"


def _misspelled_names(schema: JSONObject) -> Iterator[str]:
    """Attributes of a standard schema whose names differ from the standard's in letter case."""
    standard = standard_schemas().get(str(schema.get("id", "")).lower())
    if standard is None:
        return
    spelled = {item.name.lower(): item.name for item in standard.attributes}
    for definition in schema.get("attributes", ()):
        name = str(definition.get("name")) if isinstance(definition, dict) else ""
        if spelled.get(name.lower(), name) != name:
            yield f"attribute {name} instead of {spelled[name.lower()]}"


@check(MAPPED, needs=("User",), writes=False)
def test_mapped_attributes_are_described(scim: Target, judge: Judge) -> None:
    """/Schemas describes each attribute that the default mapping of users writes."""
    exchange = _usable(scim, judge)
    model = users(scim, judge)
    whole, mapped = described_as_mapped(model)
    missing, foreign = [], []
    for path in mapped:
        target = target_attribute(path)
        if target.attr.urn and whole.extension(target.attr.urn) is None:
            foreign.append(path)  # a target without the extension deletes its default mappings
        elif whole.find(target.attr.urn, target.attr.name, target.target_sub) is None:
            missing.append(path)
    chosen = [path for path in foreign if path not in mapped_by_default()]
    if chosen:
        judge.advise(
            MAPPED,
            expected="every extension that the app maps to",
            observed=f"{', '.join(chosen)} of no extension that is described",
            at=exchange,
        )
    judge.expect(
        MAPPED,
        not missing,
        expected="every attribute that is mapped, by default or by the app",
        observed=f"{', '.join(missing)} not described",
        at=exchange,
    )
