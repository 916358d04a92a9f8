"""Extensions as a whole, and the ``schemas`` attribute (RFC 7643 §3.3, RFC 7644 §3.5.2)."""

from __future__ import annotations

from typing import Any

import pytest
from core_patching import BADGE, BADGE_URN, ENTERPRISE, LOCK_URN, badge, op, patch, user

from scimcheck.core import urns
from scimcheck.core.errors import InvalidPath, InvalidValue, MutabilityError, NoTarget
from scimcheck.core.patch import ENTRA, PatchChoices
from scimcheck.core.schema import ResourceModel, ResourceType, SchemaExtension

BOTH = [urns.USER, ENTERPRISE]
PARKS = user(schemas=BOTH, **{ENTERPRISE: {"division": "Parks", "department": "East"}})


@pytest.mark.parametrize(
    ("step", "extension"),
    [
        (op("add", ENTERPRISE, {"costCenter": "1"}), {"division": "Parks", "department": "East", "costCenter": "1"}),
        (op("replace", ENTERPRISE, {"DIVISION": "Zoo"}), {"division": "Zoo", "department": "East"}),
        (op("replace", ENTERPRISE, {"division": None}), {"department": "East"}),
        (op("add", ENTERPRISE, None), {"division": "Parks", "department": "East"}),
        (op("add", ENTERPRISE, {"colour": "red"}), {"division": "Parks", "department": "East"}),
        (op("replace", None, {ENTERPRISE.upper(): {"division": "Zoo"}}), {"division": "Zoo", "department": "East"}),
    ],
)
def test_an_extension_takes_an_object_of_attributes(step: Any, extension: dict[str, Any]) -> None:
    assert patch(PARKS, step, dialect=ENTRA) == user(schemas=BOTH, **{ENTERPRISE: extension})


@pytest.mark.parametrize("step", [op("remove", ENTERPRISE), op("replace", ENTERPRISE, None)])
def test_an_extension_leaves_with_its_urn(step: Any) -> None:
    assert patch(PARKS, step, dialect=ENTRA) == user()


@pytest.mark.parametrize("value", ["Parks", [{"division": "Parks"}, {}], 7])
def test_an_extension_is_nothing_else(value: Any) -> None:
    for step in (op("add", ENTERPRISE, value), op("add", None, {ENTERPRISE: value})):
        with pytest.raises(InvalidValue):
            patch(user(), step, dialect=ENTRA)


def test_by_the_letter_an_extension_is_no_path() -> None:
    with pytest.raises(InvalidPath):
        patch(PARKS, op("replace", ENTERPRISE, {"division": "Zoo"}))


def test_an_absent_extension_is_removed_by_choice() -> None:
    assert patch(user(), op("remove", ENTERPRISE), dialect=ENTRA) == user()
    with pytest.raises(NoTarget):
        patch(user(), op("remove", ENTERPRISE), dialect=ENTRA, choices=PatchChoices(remove_absent="refuse"))


def test_a_required_extension_stays() -> None:
    kind = ResourceType("Badge", "/Badges", BADGE_URN, (SchemaExtension(LOCK_URN, required=True),))
    model = ResourceModel(kind, BADGE.core, BADGE.extensions)
    with pytest.raises(MutabilityError):
        patch(badge(**{LOCK_URN: {"code": "1"}}), op("remove", LOCK_URN), model=model, dialect=ENTRA)


@pytest.mark.parametrize(
    "step",
    [
        op("remove", "schemas", [ENTERPRISE]),
        op("remove", f'schemas[value eq "{ENTERPRISE}"]'),
        op("replace", "schemas", [urns.USER]),
    ],
)
def test_a_urn_leaves_schemas_only_when_unused(step: Any) -> None:
    assert patch(user(schemas=BOTH), step, dialect=ENTRA) == user()
    assert patch(PARKS, step, dialect=ENTRA) == PARKS


@pytest.mark.parametrize(
    "step",
    [
        op("add", "schemas", ["urn:example:other"]),
        op("replace", "schemas", [urns.USER, "urn:example:other"]),
        op("add", "schemas", [7]),
        op("replace", f'schemas[value eq "{urns.USER}"]', ENTERPRISE),
    ],
)
def test_schemas_name_what_the_type_declares(step: Any) -> None:
    with pytest.raises(InvalidValue):
        patch(user(), step)


def test_attributes_need_no_urn_in_schemas_beforehand() -> None:
    """A resource that a store keeps without the URN gets it with the next attribute."""
    before = user(**{ENTERPRISE: {"division": "Parks"}})
    assert patch(before, op("add", f"{ENTERPRISE}:department", "East"))["schemas"] == BOTH
