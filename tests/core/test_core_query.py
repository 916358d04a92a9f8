"""Sorting and paging of results."""

from __future__ import annotations

from typing import Any

import pytest
from core_models import GADGET, LABEL_URN, USER
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.core.errors import InvalidPath
from scimcheck.core.query import page, sort_key, sort_resources
from scimcheck.core.schema import ResourceModel


def _order(resources: list[dict[str, Any]], sort_by: str, model: ResourceModel | None = GADGET) -> tuple[str, str]:
    """The ids ascending and descending."""
    both = (sort_resources(resources, sort_by, descending, model) for descending in (False, True))
    ascending, descending = ("".join(r["id"] for r in ordered) for ordered in both)
    return ascending, descending


@pytest.mark.parametrize(
    ("name", "values", "ascending"),
    [
        ("title", ["b", "A", "C", "a"], "2413"),
        ("code", ["b", "A", "C"], "231"),
        ("level", [10, 9, -1, 9.5], "3241"),
        ("active", [True, False], "21"),
        ("since", ["2020-01-01T00:00:00Z", "2020-01-01T00:30:00+01:00", "2020-01-01T00:00:00.5Z"], "213"),
        ("TITLE", ["b", "a"], "21"),
        ("tags", [["c", "a"], ["b"], ["d"]], "213"),
    ],
)
def test_core_sort_follows_the_type(name: str, values: list[Any], ascending: str) -> None:
    """Strings by caseExact, numbers numerically, dateTimes chronologically, several values by the first."""
    resources = [{"id": str(index), name.lower(): value} for index, value in enumerate(values, start=1)]
    found = "".join(r["id"] for r in sort_resources(resources, name, False, GADGET))
    # "A" and "a" are equal without case: they keep their order.
    assert found == ascending


def test_core_sort_missing_values() -> None:
    """No value is last when ascending, first when descending; null and [] are no value."""
    resources = [{"id": "1"}, {"id": "2", "title": "b"}, {"id": "3", "title": None}, {"id": "4", "title": "a"}]
    assert _order(resources, "title") == ("4213", "1324")


def test_core_sort_is_stable_in_both_directions() -> None:
    """Equal values keep their order, descending too."""
    resources = [{"id": "1", "title": "x"}, {"id": "2", "title": "X"}, {"id": "3", "title": "a"}]
    assert _order(resources, "title") == ("312", "123")


@pytest.mark.parametrize(
    "sort_by", ["parts", "parts.value", "PARTS.VALUE", "urn:example:params:scim:schemas:test:2.0:Gadget:parts"]
)
def test_core_sort_by_primary_or_first(sort_by: str) -> None:
    """The primary value decides, else the first one; a bare complex attribute means its value."""
    resources = [
        {"id": "1", "parts": [{"value": "a"}, {"value": "z", "primary": True}]},
        {"id": "2", "parts": [{"value": "m"}, {"value": "b", "primary": False}]},
        {"id": "3", "parts": []},
        {"id": "4", "parts": [{"value": "c"}]},
    ]
    assert _order(resources, sort_by) == ("4213", "3124")


def test_core_sort_by_other_sub_attribute_of_the_primary() -> None:
    resources = [
        {"id": "1", "parts": [{"weight": 1}, {"weight": 5, "primary": True}]},
        {"id": "2", "parts": [{"weight": 3}]},
    ]
    assert _order(resources, "parts.weight") == ("21", "12")


def test_core_sort_by_sub_attribute_and_extension() -> None:
    resources: list[dict[str, Any]] = [
        {"id": "1", "name": {"given": "b"}, LABEL_URN: {"colour": "a", "owner": {"value": "y"}}},
        {"id": "2", "name": {"given": "a"}, LABEL_URN: {"colour": "b", "owner": {"value": "x"}}},
        {"id": "3"},
    ]
    assert _order(resources, "name.given") == ("213", "312")
    assert _order(resources, f"{LABEL_URN}:colour") == ("123", "321")
    assert _order(resources, "owner") == ("213", "312")


def test_core_sort_by_what_orders_nothing() -> None:
    """Unknown attributes and complex ones without value leave the order alone."""
    resources = [{"id": "2", "name": {"given": "b"}}, {"id": "1", "name": {"given": "a"}}]
    for sort_by in ("nosuch", "name", "name.nosuch", "urn:x:y:title"):
        assert _order(resources, sort_by) == ("21", "21")


def test_core_sort_without_model_and_with_common_attributes() -> None:
    resources = [
        {"id": "b", "meta": {"created": "2020-01-01T01:00:00Z"}},
        {"id": "A", "meta": {"created": "2020-01-01T01:30:00+01:00"}},
    ]
    for model in (None, USER):
        assert _order(resources, "id", model) == ("Ab", "bA")
        assert _order(resources, "meta.created", model) == ("Ab", "bA")


@pytest.mark.parametrize("sort_by", ["", "name.", 'emails[type eq "work"]', "a,b"])
def test_core_sort_by_must_be_an_attribute_path(sort_by: str) -> None:
    with pytest.raises(InvalidPath):
        sort_resources([{"id": "1"}], sort_by, False, USER)


_anything = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from(["a", "A", "b", "2020-01-01T00:00:00Z", {}, {"x": 1}])
)
_resources = st.lists(
    st.fixed_dictionaries({"n": st.integers()}, optional={"title": _anything, "since": _anything, "level": _anything})
)


@given(_resources, st.sampled_from(["title", "since", "level"]), st.booleans())
def test_core_sort_is_an_ordered_permutation(resources: list[dict[str, Any]], name: str, descending: bool) -> None:
    """Nothing is lost or gained, neighbours are in order, even with values of mixed types; the input is untouched."""
    before = list(resources)
    found = sort_resources(resources, name, descending, GADGET)
    assert resources == before
    assert sorted(map(id, found)) == sorted(map(id, resources))
    located = GADGET.find(None, name)
    assert located is not None
    keys = [sort_key(r.get(name), located.attribute) for r in found if not isinstance(r.get(name), dict)]
    assert keys == sorted(keys, reverse=descending)


@given(_resources, st.sampled_from(["title", "level"]))
def test_core_sort_again_changes_nothing(resources: list[dict[str, Any]], name: str) -> None:
    once = sort_resources(resources, name, False, GADGET)
    assert sort_resources(once, name, False, GADGET) == once


@pytest.mark.parametrize(
    ("start", "count", "maximum", "items", "effective"),
    [
        (1, 2, 10, [1, 2], 1),
        (2, 2, 10, [2, 3], 2),
        (5, 2, 10, [5], 5),
        (6, 2, 10, [], 6),
        (0, 2, 10, [1, 2], 1),
        (-7, 2, 10, [1, 2], 1),
        (None, None, 10, [1, 2, 3, 4, 5], 1),
        (1, None, 3, [1, 2, 3], 1),
        (1, 4, 3, [1, 2, 3], 1),
        (1, 0, 10, [], 1),
        (1, -1, 10, [], 1),
    ],
)
def test_core_page(start: int | None, count: int | None, maximum: int, items: list[int], effective: int) -> None:
    """1-based; below 1 is 1, negative counts are 0, the maximum caps, beyond the end is empty."""
    assert page([1, 2, 3, 4, 5], start, count, maximum) == (items, effective)


@given(st.lists(st.integers()), st.integers(1, 5))
def test_core_pages_together_give_everything_once(items: list[int], size: int) -> None:
    pages = [page(items, start, size, 100)[0] for start in range(1, len(items) + 1, size)]
    assert [item for each in pages for item in each] == items
