"""What the PATCH tests share: resources, a resource type with every characteristic, and a short way to patch."""

from __future__ import annotations

from typing import Any

from core_models import USER

from scimcheck.core import urns
from scimcheck.core.patch import RFC, PatchChoices, PatchDialect, apply_patch
from scimcheck.core.schema import ResourceModel, ResourceType, Schema, SchemaExtension, resource_models

ENTERPRISE = urns.ENTERPRISE_USER
BADGE_URN = "urn:example:params:scim:schemas:test:2.0:Badge"
LOCK_URN = "urn:example:params:scim:schemas:extension:lock:2.0:Badge"


def _attribute(name: str, kind: str = "string", **characteristics: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **characteristics}


_BADGE = Schema.from_json(
    {
        "id": BADGE_URN,
        "attributes": [
            _attribute("label", required=True),
            _attribute("serial", mutability="immutable"),
            _attribute("printed", "dateTime", mutability="readOnly"),
            _attribute("floor", "integer"),
            _attribute("weight", "decimal"),
            _attribute("photo", "binary"),
            _attribute("pin", mutability="writeOnly", returned="never"),
            _attribute("hint", returned="request"),
            _attribute("site", returned="always"),
            _attribute("doors", multiValued=True),
            _attribute("batches", multiValued=True, mutability="immutable"),
            _attribute("zones", multiValued=True, required=True),
            _attribute(
                "maker",
                "complex",
                subAttributes=[
                    _attribute("name", required=True),
                    _attribute("country"),
                    _attribute("brands", multiValued=True),
                    _attribute("licence", mutability="immutable"),
                    _attribute("rating", mutability="readOnly"),
                ],
            ),
            _attribute(
                "slots",
                "complex",
                multiValued=True,
                subAttributes=[
                    _attribute("value", required=True),
                    _attribute("type"),
                    _attribute("primary", "boolean"),
                    _attribute("count", "integer"),
                    _attribute("secret", returned="never"),
                    _attribute("note", returned="request"),
                    _attribute("mark", returned="always"),
                    _attribute("sizes", "integer", multiValued=True),
                    _attribute("fixed", mutability="immutable"),
                    _attribute("state", mutability="readOnly"),
                ],
            ),
        ],
    }
)
_LOCK = Schema.from_json(
    {
        "id": LOCK_URN,
        "attributes": [
            _attribute("code", required=True),
            _attribute("colour"),
            _attribute("issued", mutability="immutable"),
        ],
    }
)
BADGE: ResourceModel = resource_models(
    [ResourceType("Badge", "/Badges", BADGE_URN, (SchemaExtension(LOCK_URN),))], [_BADGE, _LOCK]
)[0]


def user(**attributes: Any) -> dict[str, Any]:
    """A stored User with these attributes."""
    return {"schemas": [urns.USER], "id": "2819c223", "userName": "bjensen", **attributes}


def group(*members: str, **attributes: Any) -> dict[str, Any]:
    """A stored Group with members of these ids, as a provider completes them."""
    found = [{"value": m, "$ref": f"https://example.test/Users/{m}", "type": "User"} for m in members]
    return {"schemas": [urns.GROUP], "id": "e9e30dba", "displayName": "Tour Guides", "members": found, **attributes}


def badge(**attributes: Any) -> dict[str, Any]:
    """A stored Badge with these attributes."""
    return {"schemas": [BADGE_URN], "id": "77", "label": "Main door", "zones": ["north"], **attributes}


def message(*operations: Any) -> dict[str, Any]:
    """A PatchOp message."""
    return {"schemas": [urns.PATCH_OP], "Operations": list(operations)}


def op(kind: str, path: str | None = None, *value: Any) -> dict[str, Any]:
    """An operation; without ``value`` it has none."""
    operation: dict[str, Any] = {"op": kind}
    if path is not None:
        operation["path"] = path
    if value:
        operation["value"] = value[0]
    return operation


def patch(
    resource: dict[str, Any],
    *operations: Any,
    model: ResourceModel = USER,
    dialect: PatchDialect = RFC,
    choices: PatchChoices | None = None,
) -> dict[str, Any]:
    """The resource after these operations."""
    return apply_patch(resource, message(*operations), model, dialect, choices or PatchChoices())
