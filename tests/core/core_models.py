"""Resource models for the tests of core: User and Group from the fixtures, and a Gadget with every data type."""

from __future__ import annotations

import json
from typing import Any

from scimcheck.core import urns
from scimcheck.core.schema import ResourceModel, ResourceType, Schema, SchemaExtension, resource_models
from scimcheck.resources import bundled

GADGET_URN = "urn:example:params:scim:schemas:test:2.0:Gadget"
LABEL_URN = "urn:example:params:scim:schemas:extension:label:2.0:Gadget"


def _schema(name: str) -> Schema:
    text = (bundled("fixtures") / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    return Schema.from_json(json.loads(text))


def _model(kind: ResourceType, *schemas: Schema) -> ResourceModel:
    return resource_models([kind], schemas)[0]


USER = _model(
    ResourceType("User", "/Users", urns.USER, (SchemaExtension(urns.ENTERPRISE_USER),)),
    _schema("User"),
    _schema("EnterpriseUser"),
)
GROUP = _model(ResourceType("Group", "/Groups", urns.GROUP), _schema("Group"))


def _attribute(name: str, kind: str = "string", **characteristics: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **characteristics}


_GADGET = Schema.from_json(
    {
        "id": GADGET_URN,
        "attributes": [
            _attribute("title"),
            _attribute("code", caseExact=True),
            _attribute("level", "integer"),
            _attribute("ratio", "decimal"),
            _attribute("active", "boolean"),
            _attribute("since", "dateTime"),
            _attribute("key", "binary"),
            _attribute("link", "reference"),
            _attribute("name", "complex", subAttributes=[_attribute("given"), _attribute("rank", "integer")]),
            _attribute("tags", multiValued=True),
            _attribute(
                "parts",
                "complex",
                multiValued=True,
                subAttributes=[
                    _attribute("value"),
                    _attribute("type"),
                    _attribute("primary", "boolean"),
                    _attribute("weight", "integer"),
                ],
            ),
        ],
    }
)
_LABEL = Schema.from_json(
    {
        "id": LABEL_URN,
        "attributes": [
            _attribute("colour"),
            _attribute("owner", "complex", subAttributes=[_attribute("value"), _attribute("displayName")]),
        ],
    }
)
GADGET = _model(ResourceType("Gadget", "/Gadgets", GADGET_URN, (SchemaExtension(LABEL_URN),)), _GADGET, _LABEL)
