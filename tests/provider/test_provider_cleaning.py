"""What is stored of a resource that a client sent."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_client import user

from scimcheck.core import urns
from scimcheck.core.errors import InvalidValue, ScimError
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import Attribute, ResourceModel, ResourceType, Schema
from scimcheck.provider import build_provider
from scimcheck.provider.cleaning import clean
from scimcheck.provider.settings import Settings
from scimcheck.provider.shapes import shapes_of

SHAPE = build_provider().shape("User")
SETTINGS = Settings()

_scalars: st.SearchStrategy[Any] = st.sampled_from(["a", "A", "True", "work", "", 7, True, False, None, [], {}])
_values = st.dictionaries(
    st.sampled_from(["value", "VALUE", "type", "primary", "display", "$ref", "odd", "givenName", "streetAddress"]),
    _scalars,
    max_size=4,
)
_names = ["userName", "USERNAME", "active", "name", "emails", "Emails", "roles", "groups", "id", "odd"]
_bodies = st.fixed_dictionaries(
    {"schemas": st.just([urns.USER, urns.ENTERPRISE_USER])},
    optional={
        **{name: st.one_of(_scalars, _values, st.lists(_values, max_size=4)) for name in _names},
        urns.ENTERPRISE_USER: st.dictionaries(
            st.sampled_from(["department", "Department", "manager", "odd"]), _scalars | _values, max_size=3
        ),
    },
)


def _stored(body: JSONObject) -> JSONObject | None:
    """The attributes to store, ``None`` when the body is refused."""
    try:
        return clean(body, SHAPE, SETTINGS).attributes
    except ScimError:
        return None


@given(_bodies)
def test_what_was_cleaned_stays_as_it_is(body: dict[str, Any]) -> None:
    """Law: cleaning twice is cleaning once, whether or not the values are known to be stored."""
    attributes = _stored(copy.deepcopy(body))
    if attributes is None:
        return
    again: JSONObject = {"schemas": [urns.USER], **attributes}
    assert _stored(copy.deepcopy(again)) == attributes
    assert clean(again, SHAPE, SETTINGS, again).attributes == attributes


@given(_bodies)
def test_cleaning_leaves_the_body_alone_and_yields_defined_names(body: dict[str, Any]) -> None:
    before = copy.deepcopy(body)
    attributes = _stored(body) or {}
    assert body == before
    spelled = {located.attribute.name for located in SHAPE.model.attributes()} | {urns.ENTERPRISE_USER}
    assert attributes.keys() <= spelled - {"schemas", "id", "meta", "groups"}


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (user(emails=[{"value": "a"}, {"value": 7}]), "emails[1].value: expected a string, found the number 7"),
        (user(emails=[{"value": "a"}, "b"]), "emails[1] has to be an object"),
        (user(name={"givenName": []}, addresses={}), "addresses has to be an array"),
        (user(name={"givenName": 7}), "name.givenName: expected a string, found the number 7"),
        (user(**{urns.ENTERPRISE_USER: {"MANAGER": {"value": 7}}}), "User:manager.value: expected a string"),
        (user(**{urns.ENTERPRISE_USER: "x"}), f"{urns.ENTERPRISE_USER} has to be an object"),
    ],
)
def test_a_value_that_does_not_fit_is_named_by_its_path(body: JSONObject, detail: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        clean(body, SHAPE, SETTINGS)
    assert detail in refused.value.detail


@pytest.mark.parametrize("item", [None, []])
def test_a_simple_value_among_several_is_not_empty(item: object) -> None:
    """RFC 7643 §2.5: null and an empty array stand for no value, and no value cannot be one of several."""
    schema = Schema("urn:example:Tagged", attributes=(Attribute("tags", multi_valued=True),))
    shape = shapes_of([ResourceModel(ResourceType("Tagged", "/Tagged", schema.id), schema)], ())[0]
    with pytest.raises(InvalidValue, match=r"^tags\[1\]: a value may not be null or empty$"):
        clean({"schemas": [schema.id], "tags": ["a", item]}, shape, SETTINGS)
