"""RFC 7643 §6: the content of /ResourceTypes, and that resource types, schemas, endpoints and resources fit together.

The form of the list itself is judged in RFC 7644 §4.
"""

from __future__ import annotations

from scimcheck.checks import discovery
from scimcheck.checks.flaws import names_urn, objects
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.documents import SCHEMAS, TYPES, Document, document, judge_flaws
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import identifier_of
from scimcheck.harness.target import Target

#: Answers by which an endpoint says that nothing is there.
NOTHING_THERE = (404, 410)


def _types(scim: Target, judge: Judge) -> Document:
    return document(scim, judge, TYPES)


@check("RFC7643-6-01", depth="quick", writes=False)
def test_resource_types_carry_their_urn(scim: Target, judge: Judge) -> None:
    """Every entry of /ResourceTypes says in schemas what it is."""
    found = _types(scim, judge)
    bare = [discovery.label(entry) for entry in found.entries if not names_urn(entry, urns.RESOURCE_TYPE)]
    judge.expect(
        "RFC7643-6-01",
        not bare,
        expected=f"schemas with {urns.RESOURCE_TYPE} in every entry",
        observed=f"not in {', '.join(bare)}",
        at=found.exchanges,
    )


@check("RFC7643-6-03", "RFC7643-6-04", "RFC7643-6-05", "RFC7643-6-07", writes=False)
def test_resource_types_are_named(scim: Target, judge: Judge) -> None:
    """Every resource type has a name of its own; ids, where there are any, are distinct, and descriptions are texts."""
    found = _types(scim, judge)
    judge_flaws(judge, "RFC7643-6-03", discovery.distinct_flaws(found.entries, "id"), found.exchanges)
    judge_flaws(judge, "RFC7643-6-04", discovery.text_flaws(found.entries, "name", required=True), found.exchanges)
    judge_flaws(judge, "RFC7643-6-05", discovery.distinct_flaws(found.entries, "name"), found.exchanges)
    described = discovery.text_flaws(found.entries, "description", required=False)
    judge_flaws(judge, "RFC7643-6-07", described, found.exchanges)


@check("RFC7643-6-06", needs=("create", "read"))
def test_resource_names_its_type(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """meta.resourceType of a resource is the name (or the id) of one of the listed resource types."""
    found = _types(scim, judge)
    resource = scim.shared(model)[0]
    exchange = scim.shown(resource)
    meta = exchange.body.get("meta")
    value = meta.get("resourceType") if isinstance(meta, dict) else None
    if value is None:
        judge.blocked("RFC7643-3.1-20", "the resource does not say its type")
    names = {entry.get(key) for entry in found.entries for key in ("name", "id") if isinstance(entry.get(key), str)}
    judge.expect(
        "RFC7643-6-06",
        value in names,
        expected=f"one of {', '.join(sorted(map(str, names)))}",
        observed=f"meta.resourceType {value!r}",
        at=(*found.exchanges, exchange),
    )


@check("RFC7643-6-08", depth="quick", writes=False)
def test_endpoints_are_relative_and_served(scim: Target, judge: Judge) -> None:
    """Every resource type gives its endpoint relative to the base URL, and something answers there."""
    found = _types(scim, judge)
    judge_flaws(judge, "RFC7643-6-08", discovery.endpoint_flaws(found.entries), found.exchanges)
    followed = {model.name.lower(): model.endpoint for model in scim.models}
    judge_flaws(judge, "RFC7643-6-08", discovery.displaced_flaws(found.entries, followed), found.exchanges)
    for model in scim.models:
        exchange = scim.get(model.endpoint, params={"count": "1"})
        judge.expect(
            "RFC7643-6-08",
            exchange.status not in NOTHING_THERE,
            expected=f"the {model.name} resources at {model.endpoint}",
            observed=exchange.summary(),
            at=(*found.exchanges, exchange),
            subject=model.name,
        )


@check("RFC7643-6-09", writes=False)
def test_endpoints_are_distinct(scim: Target, judge: Judge) -> None:
    """No two resource types share an endpoint."""
    found = _types(scim, judge)
    judge_flaws(judge, "RFC7643-6-09", discovery.distinct_flaws(found.entries, "endpoint"), found.exchanges)


@check("RFC7643-6-10", depth="quick", writes=False)
def test_base_schema_is_published(scim: Target, judge: Judge) -> None:
    """The base schema that a resource type names is an entry of /Schemas."""
    found, schemas = _types(scim, judge), document(scim, judge, SCHEMAS)
    flaws = discovery.schema_flaws(found.entries, schemas.ids)
    judge_flaws(judge, "RFC7643-6-10", flaws, (*found.exchanges, *schemas.exchanges))


@check("RFC7643-6-11", writes=False)
def test_extensions_are_an_array(scim: Target, judge: Judge) -> None:
    """schemaExtensions, where it is given, is an array of objects."""
    found = _types(scim, judge)
    judge_flaws(judge, "RFC7643-6-11", discovery.extensions_flaws(found.entries), found.exchanges)


@check("RFC7643-6-12", "RFC7643-6-13", writes=False)
def test_extensions_are_described(scim: Target, judge: Judge) -> None:
    """Every extension names a schema of /Schemas and says with a boolean whether it is required."""
    found = _types(scim, judge)
    if not any(objects(entry.get("schemaExtensions")) for entry in found.entries):
        judge.not_applicable("no resource type has an extension")
    judge_flaws(judge, "RFC7643-6-13", discovery.extension_required_flaws(found.entries), found.exchanges)
    schemas = document(scim, judge, SCHEMAS)
    flaws = discovery.extension_schema_flaws(found.entries, schemas.ids)
    judge_flaws(judge, "RFC7643-6-12", flaws, (*found.exchanges, *schemas.exchanges))


@check("RFC7643-6-14", needs=("ext:required", "create", "read"))
def test_required_extension_is_in_every_resource(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Without a required extension a resource is refused, or completed by the server; resources show the extension."""
    required = [extension.id for extension in model.extensions if model.requires(extension.id)]
    if not required:
        judge.not_applicable(f"{model.name} has no required extension")
    resource = scim.shared(model)[0]
    _expect_extension(judge, required, scim.shown(resource), resource.exchange)
    for urn in required:
        body = {name: value for name, value in scim.payload(model).items() if name.lower() != urn.lower()}
        body["schemas"] = [uri for uri in body["schemas"] if uri.lower() != urn.lower()]
        refused = scim.post(model.endpoint, json=body)
        if refused.ok and identifier_of(refused):
            _expect_extension(judge, [urn], scim.read(scim.resource_of(model, body, refused)), refused)
        else:
            judge.status("RFC7643-6-14", refused, 400)


def _expect_extension(judge: Judge, required: list[str], read: Exchange, created: Exchange) -> None:
    held = {name.lower() for name in read.body}
    absent = [urn for urn in required if urn.lower() not in held]
    judge.expect(
        "RFC7643-6-14",
        not absent,
        expected="the required extension in the resource, or a refusal with 400",
        observed=f"a resource without {', '.join(absent)}",
        at=(created, read),
    )


@check("RFC7643-6-15", needs=("extension", "create"))
def test_optional_extension_may_be_left_out(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A resource without the extensions that are not required can be created."""
    optional = [extension.id for extension in model.extensions if not model.requires(extension.id)]
    if not optional:
        judge.not_applicable(f"{model.name} has no optional extension")
    body = {name: value for name, value in scim.payload(model).items() if name not in optional}
    body["schemas"] = [uri for uri in body["schemas"] if uri not in optional]
    exchange = scim.post(model.endpoint, json=body)
    judge.expect(
        "RFC7643-6-15",
        exchange.ok,
        expected="201, as no extension is required",
        observed=exchange.summary(),
        at=exchange,
    )


@check("RFC7643-3.1-32", needs=("create", "read"))
def test_schemas_of_a_resource_are_those_of_its_type(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """schemas names the type's base schema and extensions, and nothing for the common attributes."""
    resource = scim.shared(model)[0]
    exchange = scim.shown(resource)
    listed = exchange.body.get("schemas")
    if not isinstance(listed, list):
        judge.blocked("RFC7643-3-01", "the resource has no schemas")
    allowed = {urn.lower() for urn in model.schema_uris}
    foreign = [str(uri) for uri in listed if str(uri).lower() not in allowed]
    judge.expect(
        "RFC7643-3.1-32",
        not foreign,
        expected=f"nothing beside {', '.join(model.schema_uris)}",
        observed=f"schemas with {', '.join(foreign)}",
        at=(resource.exchange, exchange),
    )
