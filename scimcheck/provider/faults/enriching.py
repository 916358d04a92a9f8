"""A further extension of User with an attribute of every kind that the standard's schemas lack.

Deviations of immutable, case-exact, unique and typed attributes break them there; the variant ``further-attributes``
shows that having them is legal.
"""

from __future__ import annotations

from typing import Any

from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.definitions import Definitions
from scimcheck.provider.faults.registry import variant

#: The extension that :func:`enrich` adds to User.
STAFF = "urn:example:params:scim:schemas:extension:staff:2.0:User"


def attribute(name: str, kind: str = "string", **characteristics: Any) -> JSONObject:
    """An attribute definition with the defaults of RFC 7643 §2.2 for what is not given."""
    return {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": f"{name} of a member of staff.",
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
        **characteristics,
    }


_ATTRIBUTES = [
    attribute("badge", mutability="immutable"),
    attribute("since", "dateTime"),
    attribute("grade", "integer"),
    attribute("rate", "decimal"),
    attribute("picture", "binary", caseExact=True),
    attribute("code", caseExact=True),
    attribute("seat", uniqueness="server"),
    attribute("passport", uniqueness="global"),
    attribute("remark", returned="request"),
    attribute("pin", mutability="writeOnly", returned="never"),
    attribute("skills", multiValued=True),
]


def enrich(provider: Provider, *more: JSONObject) -> None:
    """Add the extension to User, with ``more`` attributes."""
    definitions = provider.definitions.copy()
    schema: JSONObject = {
        "schemas": [urns.SCHEMA],
        "id": STAFF,
        "name": "Staff",
        "description": "What a company knows of its staff.",
        "attributes": [*_ATTRIBUTES, *more],
        "meta": {"resourceType": "Schema", "location": f"/v2/Schemas/{STAFF}"},
    }
    for kind in definitions.resource_types:
        if kind["name"] == "User":
            kind["schemaExtensions"] = [*kind.get("schemaExtensions", []), {"schema": STAFF, "required": False}]
    provider.redefine(Definitions((*definitions.schemas, schema), definitions.resource_types))


@variant(
    "further-attributes",
    reading="RFC7643-3.2-01",
    text="User has a further extension with immutable, unique, case-exact, binary and other attributes.",
)
def further_attributes(provider: Provider) -> None:
    enrich(provider)
