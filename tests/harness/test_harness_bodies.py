"""Bodies that a target accepts whose schemas demand more than the standard's do."""

from __future__ import annotations

from typing import Any

import pytest

import scimcheck.provider
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.harness.target import Target
from scimcheck.plugin import build, options
from scimcheck.provider import Provider
from scimcheck.provider.faults import change_schema

WHOLE = scimcheck.provider.build_provider


def _target(monkeypatch: pytest.MonkeyPatch, urn: str, change: Any) -> Target:
    """The reference provider with a changed schema, in this process."""

    def built(*names: str) -> Provider:
        provider = WHOLE(*names)
        change_schema(provider, urn, change)
        return provider

    monkeypatch.setattr(scimcheck.provider, "build_provider", built)
    return build.target(options.RunConfig(), "scimcheck-bodies")


def test_groups_that_need_members_get_real_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where members and their $ref are required, a group is created with a user of the run, and its URI."""

    def demand(schema: JSONObject) -> None:
        members = next(item for item in schema["attributes"] if item["name"] == "members")
        members["required"] = True
        next(item for item in members["subAttributes"] if item["name"] == "$ref")["required"] = True

    scim = _target(monkeypatch, urns.GROUP, demand)
    assert scim.group is not None
    assert scim.user is not None
    assert scim.capabilities.works("create", scim.group)
    (member,) = scim.payload(scim.group)["members"]
    assert scim.get(f"{scim.user.endpoint}/{member['value']}").status == 200
    assert member["$ref"].endswith(f"{scim.user.endpoint}/{member['value']}")


def test_kinds_that_nobody_may_set_are_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elements of a list have no type where that is readOnly."""

    def fix(schema: JSONObject) -> None:
        for item in schema["attributes"]:
            for part in item.get("subAttributes", ()):
                if part["name"] == "type":
                    part["mutability"] = "readOnly"

    scim = _target(monkeypatch, urns.USER, fix)
    body = scim.payload(scim.primary, full=True)
    assert len(body["emails"]) > 1
    assert not any("type" in element for element in body["emails"])
