"""Both dialects lead a resource to the same state, as the library's own PATCH applies them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch import apply_patch
from scimcheck.core.schema import Attribute, ResourceModel, ResourceType, Schema, SchemaExtension, resource_models
from scimcheck.entra.creation import group_body, user_body
from scimcheck.entra.dialect import MANAGER, Change, Dialect, ManagerRemoval
from scimcheck.entra.shapes import Shape, load_shapes, render, sample_variables, shape
from scimcheck.resources import bundled

#: The extension of the catalogue's shape update.custom_ext.
CUSTOM = "urn:ietf:params:scim:schemas:extension:Northwind:2.0:User"


def models_with_custom_extension() -> dict[str, ResourceModel]:
    schemas = [
        Schema.from_json(json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((bundled("fixtures") / "schemas").glob("*.json"))
    ]
    schemas.append(Schema(CUSTOM, attributes=(Attribute("costCentre"),)))
    kinds = [
        ResourceType("User", "/Users", urns.USER, (SchemaExtension(urns.ENTERPRISE_USER), SchemaExtension(CUSTOM))),
        ResourceType("Group", "/Groups", urns.GROUP),
    ]
    return {model.name: model for model in resource_models(kinds, schemas)}


MODELS = models_with_custom_extension()
TEXT = st.text("abc ", min_size=1, max_size=4)
TARGETS: dict[str, st.SearchStrategy[Any]] = {
    "userName": TEXT,
    "active": st.booleans(),
    "displayName": TEXT,
    "title": TEXT,
    "name.givenName": TEXT,
    "name.familyName": TEXT,
    'emails[type eq "work"].value': TEXT,
    'phoneNumbers[type eq "mobile"].value': TEXT,
    'addresses[type eq "work"].locality': TEXT,
    'addresses[type eq "work"].country': TEXT,
    f"{urns.ENTERPRISE_USER}:department": TEXT,
    MANAGER: TEXT,
}
VALUES = st.fixed_dictionaries({}, optional=TARGETS)


def patched(resource: JSONObject, body: JSONObject | None, kind: str = "User") -> JSONObject:
    return resource if body is None else apply_patch(resource, body, MODELS[kind])


def by_type(resource: JSONObject) -> JSONObject:
    """The resource with its multi-valued attributes in the order of their types, which has no meaning."""
    return {
        name: sorted(value, key=str) if isinstance(value, list) else value
        for name, value in resource.items()
        if value not in ([], {})
    }


@given(VALUES, VALUES)
def test_both_dialects_lead_to_the_same_user(before: dict[str, JSON], after: dict[str, JSON]) -> None:
    """Law: whatever was there, the same changes end in the same state under either setting of the flag."""
    user = user_body({**before, "userName": "ada"}, MODELS["User"])
    changes = [Change(path, value, known=path in before) for path, value in after.items()]
    legacy, compliant = (by_type(patched(user, dialect.update(changes))) for dialect in Dialect)
    assert legacy == compliant


@given(VALUES)
def test_what_an_update_sends_is_there_afterwards(after: dict[str, JSON]) -> None:
    """Law: an empty user that gets the values by PATCH has those that a creation would have given it."""
    changes = [Change(path, value, known=False) for path, value in after.items()]
    updated = patched(user_body({"userName": "ada"}, MODELS["User"]), Dialect.LEGACY.update(changes))
    manager = after.get(MANAGER)
    created = user_body({"userName": "ada", **after}, MODELS["User"])
    if manager is not None:
        created[urns.ENTERPRISE_USER]["manager"] = {"value": manager}
    for resource in (created, updated):
        for name in ("emails", "phoneNumbers", "addresses"):
            for entry in resource.get(name, []):
                entry.pop("primary", None)
    assert by_type(updated) == by_type(created)


@pytest.mark.parametrize("dialect", Dialect)
def test_members_come_and_go(dialect: Dialect) -> None:
    group = patched(group_body({"displayName": "Crew"}), dialect.add_members(["1", "2", "3"]), "Group")
    group = patched(group, dialect.remove_members(["2", "3"]), "Group")
    assert [member["value"] for member in group["members"]] == ["1"]


@pytest.mark.parametrize("form", ManagerRemoval)
def test_every_form_takes_the_manager_away(form: ManagerRemoval) -> None:
    user = patched(user_body({"userName": "ada"}), Dialect.COMPLIANT.set_manager("7"))
    assert user[urns.ENTERPRISE_USER]["manager"] == {"value": "7"}
    user = patched(user, Dialect.COMPLIANT.remove_manager("7", form))
    assert not user.get(urns.ENTERPRISE_USER, {}).get("manager", {}).get("value")


PATCHES = [candidate for candidate in load_shapes() if candidate.method == "PATCH"]


@pytest.mark.parametrize("candidate", PATCHES, ids=lambda candidate: candidate.id)
def test_every_patch_of_the_catalogue_is_understood(candidate: Shape) -> None:
    """Sent to a user or group with all its attributes, no shape that has to succeed is refused."""
    kind = "User" if candidate.path.startswith("/Users") else "Group"
    creation = "create.user.default_mapping" if kind == "User" else "create.group.core_only"
    variables = sample_variables()
    resource = render(shape(creation), variables).json
    body = render(candidate, variables).json
    assert resource is not None
    assert body is not None
    if 400 not in candidate.accept_status:
        assert apply_patch(resource, body, MODELS[kind])["schemas"]
