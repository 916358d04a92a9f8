"""RFC 7644 §4: the discovery endpoints as a protocol. The content of their documents is judged in RFC 7643 §5 to §8."""

from __future__ import annotations

from urllib.parse import quote

from scimcheck.checks import discovery
from scimcheck.checks.flaws import Flaw, names_urn
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.harness import check
from scimcheck.harness.documents import (
    CONFIG,
    ENDPOINTS,
    SCHEMAS,
    TYPES,
    Document,
    answer,
    document,
    judge_flaws,
    same_document,
)
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

#: What a discovery list has to ignore.
PAGING = {"startIndex": "2", "count": "1", "sortBy": "id", "sortOrder": "descending"}
MESSAGES = (urns.LIST_RESPONSE, urns.ERROR, urns.PATCH_OP)


def _readable(scim: Target, judge: Judge, endpoint: str) -> Exchange:
    exchange = answer(scim, endpoint)
    if exchange.status != 200:
        judge.blocked("RFC7644-3.2-06", f"{endpoint} could not be read: {exchange.summary()}")
    return exchange


@check("RFC7644-3.2-06", depth="quick", writes=False)
def test_discovery_endpoints_answer(scim: Target, judge: Judge) -> None:
    """/ServiceProviderConfig, /ResourceTypes and /Schemas answer GET with 200."""
    for endpoint in ENDPOINTS:
        exchange = answer(scim, endpoint)
        judge.expect(
            "RFC7644-3.2-06",
            exchange.status == 200,
            expected="200",
            observed=exchange.summary(),
            at=exchange,
            subject=endpoint,
        )


@check("RFC7644-4-01", depth="quick", writes=False)
def test_configuration_is_one_object(scim: Target, judge: Judge) -> None:
    """/ServiceProviderConfig answers with one object, which is no list."""
    exchange = _readable(scim, judge, CONFIG)
    single = isinstance(exchange.json, dict) and not names_urn(exchange.body, urns.LIST_RESPONSE)
    judge.expect(
        "RFC7644-4-01",
        single and "Resources" not in exchange.body,
        expected="the configuration as a single object",
        observed="a ListResponse" if exchange.resources else f"{exchange.text[:80]!r}",
        at=exchange,
    )


@check("RFC7644-4-02", depth="quick", writes=False)
def test_schemas_are_a_list_of_all(scim: Target, judge: Judge) -> None:
    """/Schemas answers with a ListResponse that holds the schemas of all resource types and extensions."""
    exchange = _readable(scim, judge, SCHEMAS)
    _expect_list(judge, "RFC7644-4-02", exchange)
    found = document(scim, judge, SCHEMAS)
    wanted = {urn for model in scim.models for urn in model.schema_uris if urn}
    missing = sorted(urn for urn in wanted if urn.lower() not in found.ids)
    judge.expect(
        "RFC7644-4-02",
        not missing,
        expected="the schemas of all resource types and extensions",
        observed=f"a list without {', '.join(missing)}",
        at=found.exchanges,
    )


@check("RFC7644-4-04", depth="quick", writes=False)
def test_resource_types_are_a_list(scim: Target, judge: Judge) -> None:
    """/ResourceTypes answers with a ListResponse of resource types."""
    exchange = _readable(scim, judge, TYPES)
    _expect_list(judge, "RFC7644-4-04", exchange)
    judge.expect(
        "RFC7644-4-04",
        bool(exchange.resources) or not isinstance(exchange.json, dict),
        expected="the resource types in Resources",
        observed=f"no object in Resources: {exchange.text[:80]!r}",
        at=exchange,
    )


def _expect_list(judge: Judge, requirement: str, exchange: Exchange) -> None:
    judge.expect(
        requirement,
        isinstance(exchange.json, dict) and isinstance(exchange.body.get("Resources"), list),
        expected="a ListResponse with Resources",
        observed=f"{type(exchange.json).__name__}: {exchange.text[:80]!r}",
        at=exchange,
    )


@check("RFC7644-4-10", writes=False)
def test_discovery_lists_count_right(scim: Target, judge: Judge) -> None:
    """totalResults of /Schemas and /ResourceTypes is the number of their entries."""
    for endpoint in (SCHEMAS, TYPES):
        exchange = _readable(scim, judge, endpoint)
        if not isinstance(exchange.body.get("Resources"), list):
            judge.blocked("RFC7644-4-02" if endpoint == SCHEMAS else "RFC7644-4-04", f"{endpoint} is no ListResponse")
        total, held = exchange.body.get("totalResults"), len(exchange.body["Resources"])
        judge.expect(
            "RFC7644-4-10",
            total == held and not isinstance(total, bool),
            expected=f"totalResults {held}, as there are {held} entries",
            observed=f"totalResults {total!r}",
            at=exchange,
            subject=endpoint,
        )


@check("RFC7644-4-03", writes=False)
def test_each_schema_has_its_own_address(scim: Target, judge: Judge) -> None:
    """GET /Schemas/{URN} answers with the schema as the list has it; colons may be percent-encoded."""
    found = document(scim, judge, SCHEMAS)
    entries = [entry for entry in found.entries if isinstance(entry.get("id"), str)]
    for entry in entries:
        _expect_same(scim, judge, "RFC7644-4-03", f"{SCHEMAS}/{quote(entry['id'], safe=':')}", entry, found)
    if entries:
        escaped = scim.get(f"{SCHEMAS}/{quote(entries[0]['id'], safe='')}")
        if escaped.status != 200:
            judge.advise(
                "RFC7644-4-03",
                expected="the schema also where the colons of its URN are percent-encoded",
                observed=escaped.summary(),
                at=(found.first, escaped),
            )
    else:
        judge.blocked("RFC7643-7-04", "no schema has an id")


@check("RFC7644-4-05", writes=False)
def test_each_resource_type_has_its_own_address(scim: Target, judge: Judge) -> None:
    """A resource type is found at its meta.location, or below /ResourceTypes by id or name, as the list has it."""
    found = document(scim, judge, TYPES)
    for entry in found.entries:
        names = [str(entry[key]) for key in ("id", "name") if entry.get(key)]
        paths = [f"{TYPES}/{quote(name, safe=':')}" for name in dict.fromkeys(names)]
        _expect_same(scim, judge, "RFC7644-4-05", paths[0] if paths else TYPES, entry, found, paths[1:])


def _expect_same(
    scim: Target,
    judge: Judge,
    requirement: str,
    path: str,
    entry: JSONObject,
    listed: Document,
    otherwise: list[str] | None = None,
) -> None:
    exchange = scim.get(path)
    for other in otherwise or ():
        if exchange.status == 404:
            exchange = scim.get(other)
    judge.expect(
        requirement,
        exchange.status == 200 and same_document(exchange.json, entry),
        expected="200 with the entry of the list",
        observed=exchange.summary() + _difference(exchange, entry),
        at=(*listed.exchanges, exchange),
        subject=path,
    )


def _difference(exchange: Exchange, entry: JSONObject) -> str:
    if exchange.status != 200:
        return ""
    names = sorted({*entry, *exchange.body})
    other = [name for name in names if not same_document(entry.get(name), exchange.body.get(name))]
    return f", and {', '.join(other)} differ" if other else ", and it is no single object"


@check("RFC7644-4-06", writes=False)
def test_resource_types_lead_to_endpoint_and_schema(scim: Target, judge: Judge) -> None:
    """Every resource type says where its resources are and which schema they follow."""
    found = document(scim, judge, TYPES)
    flaws = [
        Flaw(f"{discovery.label(entry)}.{name}", "a text", repr(entry.get(name)))
        for entry in found.entries
        for name in ("endpoint", "schema")
        if not isinstance(entry.get(name), str) or not entry[name]
    ]
    judge_flaws(judge, "RFC7644-4-06", flaws, found.exchanges)


@check("RFC7644-4-06", needs=("User", "read"))
def test_resource_types_name_every_extension(scim: Target, judge: Judge) -> None:
    """An extension that users can carry is named by their resource type."""
    types = document(scim, judge, TYPES)
    user = scim.user
    if user is None or user.extension(urns.ENTERPRISE_USER) is not None:
        judge.expect("RFC7644-4-06", True, expected="", observed="", at=types.exchanges)
        return
    body = scim.payload(user)
    body["schemas"] = [*body["schemas"], urns.ENTERPRISE_USER]
    body[urns.ENTERPRISE_USER] = {"department": "Research"}
    exchange = scim.post(user.endpoint, json=body)
    if not exchange.ok:
        judge.not_applicable("users cannot carry the enterprise extension")
    read = scim.read(scim.resource_of(user, body, exchange))
    carried = [name for name in read.body if name.lower() == urns.ENTERPRISE_USER.lower()]
    judge.expect(
        "RFC7644-4-06",
        not carried,
        expected=f"{urns.ENTERPRISE_USER} in schemaExtensions of User",
        observed="it is not there, yet a user carries it",
        at=(*types.exchanges, exchange, read),
    )


@check("RFC7644-4-07", writes=False)
def test_paging_and_sorting_are_ignored(scim: Target, judge: Judge) -> None:
    """Parameters for sorting and pages do not change what the discovery endpoints answer."""
    for endpoint in (SCHEMAS, TYPES, CONFIG):
        plain = _readable(scim, judge, endpoint)
        exchange = scim.get(endpoint, params=PAGING)
        judge.expect(
            "RFC7644-4-07",
            exchange.status == 200 and _content(exchange) == _content(plain),
            expected=f"the answer to a plain GET, {_content(plain)}",
            observed=f"{exchange.summary()}, {_content(exchange)}",
            at=(plain, exchange),
            subject=endpoint,
        )


def _content(exchange: Exchange) -> str:
    """What a discovery answer holds, in a form that does not depend on the order of entries."""
    if "Resources" not in exchange.body:
        return f"an object with {', '.join(sorted(exchange.body))}"
    names = sorted(str(item.get("id") or item.get("name")) for item in exchange.resources)
    return f"{len(names)} entries: {', '.join(names)}"


@check("RFC7644-4-08", writes=False)
def test_filters_are_refused(scim: Target, judge: Judge) -> None:
    """A filter at a discovery endpoint is refused with 403; ignoring it is tolerated."""
    for endpoint in (SCHEMAS, TYPES, CONFIG):
        plain = _readable(scim, judge, endpoint)
        exchange = scim.get(endpoint, params={"filter": 'id eq "urn:example:none"'})
        if exchange.status == 200:
            ignored = _content(exchange) == _content(plain)
            judge.advise(
                "RFC7644-4-08",
                expected="403",
                observed=f"{exchange.summary()}, the filter was {'ignored' if ignored else 'carried out'}",
                at=(plain, exchange),
            )
        else:
            judge.status("RFC7644-4-08", exchange, 403)


@check("RFC7644-4-09", writes=False)
def test_unknown_definitions_are_not_found(scim: Target, judge: Judge) -> None:
    """A schema or resource type that does not exist is answered with 404."""
    for endpoint, name in ((SCHEMAS, "urn:example:scimcheck:none"), (SCHEMAS, f"{urns.USER}s"), (TYPES, "None")):
        _readable(scim, judge, endpoint)
        judge.status("RFC7644-4-09", scim.get(f"{endpoint}/{name}"), 404)


@check("RFC7644-3.1-03", writes=False)
def test_messages_are_not_among_the_schemas(scim: Target, judge: Judge) -> None:
    """The URNs of protocol messages name no entry of /Schemas."""
    found = document(scim, judge, SCHEMAS)
    listed = [urn for urn in found.ids if urn.startswith("urn:ietf:params:scim:api:")]
    judge.expect(
        "RFC7644-3.1-03",
        not listed,
        expected="no schemas of protocol messages",
        observed=f"{', '.join(listed)} in the list",
        at=found.exchanges,
    )
    for urn in MESSAGES[:2]:
        exchange = scim.get(f"{SCHEMAS}/{urn}")
        judge.expect(
            "RFC7644-3.1-03",
            not exchange.ok,
            expected="404",
            observed=exchange.summary(),
            at=exchange,
        )


@check("RFC7644-3.2-01", "RFC7644-3.2-02", writes=False)
def test_resources_live_at_the_usual_endpoints(scim: Target, judge: Judge) -> None:
    """Users are at /Users, groups at /Groups, and other resources at the plural of their type's name."""
    found = document(scim, judge, TYPES)
    for urn, endpoint in ((urns.USER, "/Users"), (urns.GROUP, "/Groups")):
        mine = [model.endpoint for model in scim.models if model.core.id.lower() == urn.lower()]
        judge.expect(
            "RFC7644-3.2-01",
            not mine or endpoint in mine,
            expected=endpoint,
            observed=", ".join(mine),
            at=found.exchanges,
            subject=urn,
        )
    others = [model for model in scim.models if model.name.lower() not in ("user", "group")]
    odd = [f"{model.name} at {model.endpoint}" for model in others if not _is_plural(model.endpoint, model.name)]
    judge.expect(
        "RFC7644-3.2-02",
        not odd,
        expected="endpoints that are the plurals of the types' names",
        observed=", ".join(odd),
        at=found.exchanges,
    )


#: Endings of English plurals that do not begin like the word itself.
_IRREGULAR = {"person": "people", "man": "men", "ex": "ices", "um": "a"}


def _is_plural(endpoint: str, name: str) -> bool:
    """Whether the endpoint is the name with an s, begins like it as irregular plurals do, or is the name itself."""
    plural, single = endpoint.strip("/").lower(), name.lower()
    irregular = {single.removesuffix(ending) + other for ending, other in _IRREGULAR.items() if single.endswith(ending)}
    return plural in {f"{single}s", single, *irregular} or (len(single) > 2 and plural.startswith(single[:-1]))
