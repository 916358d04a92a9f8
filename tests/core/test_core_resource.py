"""Access to resources by name."""

from __future__ import annotations

from typing import Any

import pytest
from core_models import USER
from core_patching import ENTERPRISE, user

from scimcheck.core import urns
from scimcheck.core.errors import InvalidPath
from scimcheck.core.resource import container, get, key_of, listed_schemas, member

STORED = user(
    schemas=[urns.USER, ENTERPRISE],
    Title="Guide",
    nickName=None,
    emails=[{"value": "a", "TYPE": "work"}, {"value": "b"}, "odd"],
    name={"givenName": "Ann"},
    **{ENTERPRISE: {"department": "Parks", "manager": {"value": "m1"}}},
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title", "Guide"),
        ("NAME.GIVENNAME", "Ann"),
        ("name.familyName", None),
        ("title.sub", None),
        ("nickName", None),
        ("doesNotExist.sub", None),
        ("emails.value", ["a", "b"]),
        ("emails.type", ["work"]),
        ("emails.display", None),
        (f"{urns.USER}:title", "Guide"),
        (f"{urns.USER.upper()}:name.givenName", "Ann"),
        (f"{ENTERPRISE}:department", "Parks"),
        (f"{ENTERPRISE.upper()}:MANAGER.VALUE", "m1"),
        (f"{ENTERPRISE}:title", None),
        (ENTERPRISE, STORED[ENTERPRISE]),
        ("department", None),
        ("urn:example:none:title", None),
    ],
)
@pytest.mark.parametrize("model", [USER, None])
def test_get(path: str, value: Any, model: Any) -> None:
    assert get(STORED, path, model) == value


def test_without_model_a_listed_extension_is_not_the_core() -> None:
    stored = user(schemas=[urns.USER, ENTERPRISE], title="Guide")
    assert get(stored, f"{ENTERPRISE}:title") is None


def test_get_refuses_what_is_no_path() -> None:
    with pytest.raises(InvalidPath):
        get(STORED, "a b")


def test_keys_keep_their_spelling() -> None:
    assert (key_of(STORED, "TITLE"), key_of(STORED, "Title"), key_of(STORED, "none")) == ("Title", "Title", None)
    assert key_of({"a": 1, "A": 2}, "A") == "A"
    assert (member(STORED, "title"), member(STORED, "none")) == ("Guide", None)


@pytest.mark.parametrize(
    ("resource", "listed"),
    [({}, []), ({"schemas": "x"}, []), ({"Schemas": ["a", 1, None, "b"]}, ["a", "b"])],
)
def test_listed_schemas(resource: Any, listed: list[str]) -> None:
    assert listed_schemas(resource) == listed


def test_a_container_is_an_object() -> None:
    assert container({ENTERPRISE: "x"}, ENTERPRISE) is None
    assert container({ENTERPRISE.upper(): {}}, ENTERPRISE) == {}
