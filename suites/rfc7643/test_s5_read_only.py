"""RFC 7643 §5 to §7: no client can change the configuration, a resource type or a schema.

What is sent is harmless even where it is carried out: the document as it stands but for a text meant for people, which
is put back; deleting is tried last, at the address of an entry that is not there, or of the configuration itself.
"""

from __future__ import annotations

import copy
from urllib.parse import quote

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.harness import check
from scimcheck.harness.documents import CONFIG, SCHEMAS, TYPES, document, same_document
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

#: Schemas that no resource of a client's needs.
_SPARE = (urns.SCHEMA, urns.RESOURCE_TYPE, urns.SERVICE_PROVIDER_CONFIG)


@check("RFC7643-5-02")
def test_configuration_cannot_be_changed(scim: Target, judge: Judge) -> None:
    """POST, PUT, PATCH and DELETE are refused at /ServiceProviderConfig and leave it as it was."""
    entry = document(scim, judge, CONFIG).entries[0]
    changed = {**entry, "documentationUri": f"https://www.example.com/{scim.unique('manual')}"}
    _expect_refusals(scim, judge, "RFC7643-5-02", CONFIG, CONFIG, entry, changed, "documentationUri")


@check("RFC7643-6-02")
def test_resource_types_cannot_be_changed(scim: Target, judge: Judge) -> None:
    """POST to /ResourceTypes is refused, PUT, PATCH and DELETE to an entry, and the entry stays as it was."""
    entry = document(scim, judge, TYPES).entries[-1]
    name = str(entry.get("id") or entry.get("name"))
    path = f"{TYPES}/{quote(name, safe='')}"
    changed = {**entry, "description": scim.unique("description")}
    _expect_refusals(scim, judge, "RFC7643-6-02", TYPES, path, entry, changed, "description")


@check("RFC7643-7-02")
def test_schemas_cannot_be_changed(scim: Target, judge: Judge) -> None:
    """POST to /Schemas is refused, PUT, PATCH and DELETE to an entry, and the entry stays as it was."""
    found = document(scim, judge, SCHEMAS)
    entry = next((spare for urn in _SPARE if (spare := found.entry(urn))), found.entries[-1])
    path = f"{SCHEMAS}/{quote(str(entry.get('id')), safe=':')}"
    changed = {**entry, "description": scim.unique("description")}
    _expect_refusals(scim, judge, "RFC7643-7-02", SCHEMAS, path, entry, changed, "description")


def _expect_refusals(
    scim: Target,
    judge: Judge,
    requirement: str,
    collection: str,
    path: str,
    entry: JSONObject,
    changed: JSONObject,
    name: str,
) -> None:
    """Try every way of writing and expect it to be refused, with no change to be seen."""
    before = scim.get(path)
    if before.status != 200:
        judge.blocked("RFC7644-3.2-06" if path == CONFIG else "RFC7644-4-03", f"{before.summary()}")
    fresh = copy.deepcopy(changed)
    if path != collection:
        fresh["id"] = "urn:example:scimcheck:none" if collection == SCHEMAS else scim.unique("None")
        fresh["name"] = scim.unique("None")
    writes = [
        scim.post(collection, json=fresh),
        scim.put(path, json=changed),
        scim.patch(path, {"op": "replace", "path": name, "value": changed[name]}),
    ]
    after = scim.get(path)
    if not same_document(before.json, after.json):
        writes.append(scim.put(path, json=entry))
    accepted = _accepted(writes)
    if not accepted:
        # An entry that is really there is never deleted: a faulty target would lose what this run did not create.
        missing = f"{collection}/{quote(str(fresh.get('id')), safe=':')}"
        writes.append(scim.delete(path if path == collection else missing))
        after = scim.get(path)
        accepted = _accepted(writes)
    judge.expect(
        requirement,
        not accepted and same_document(before.json, after.json),
        expected="every write refused (405, 501, 403 or 404), and the document unchanged",
        observed=", ".join(exchange.summary() for exchange in accepted) or "the document is another than before",
        at=(before, *(accepted or writes), after),
    )


def _accepted(writes: list[Exchange]) -> list[Exchange]:
    """What was not refused; a crash is no refusal."""
    return [exchange for exchange in writes if exchange.status < 400 or exchange.status == 500]
