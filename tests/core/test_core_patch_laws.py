"""Laws that PATCH obeys whatever the resource and the operations."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from core_patching import BADGE, badge, message, op, patch
from core_resources import badges, operations, single, value, writable
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from scimcheck.core.errors import ScimError
from scimcheck.core.jsonschema import json_schema
from scimcheck.core.patch import ENTRA, RFC, apply_patch, unchanged
from scimcheck.core.projection import project
from scimcheck.core.values import normalise

DIALECTS = st.sampled_from([RFC, ENTRA])
VALIDATOR = Draft202012Validator(json_schema(BADGE, strict=True))


def patched(resource: dict[str, Any], *steps: Any, dialect: Any = RFC) -> dict[str, Any]:
    """The resource after the steps; examples that the rules refuse are left out."""
    try:
        return patch(resource, *steps, model=BADGE, dialect=dialect)
    except ScimError:
        assume(False)
        raise


def refusal(resource: dict[str, Any], body: Any, dialect: Any) -> ScimError | None:
    """The error that answers the request, ``None`` when it succeeds."""
    try:
        apply_patch(resource, body, BADGE, dialect)
    except ScimError as error:
        return error
    return None


@given(badges(), st.lists(operations(), min_size=1, max_size=5), DIALECTS)
def test_input_never_changes_and_errors_are_answers(before: Any, steps: Any, dialect: Any) -> None:
    """Whatever is sent, it succeeds or fails with a 400 that names the operation."""
    copied, body = copy.deepcopy(before), message(*steps)
    sent = copy.deepcopy(body)
    error = refusal(before, body, dialect)
    if error is not None:
        assert (error.status, error.scim_type is None) == (400, False)
        assert error.detail.startswith("Operations[")
    assert before == copied
    assert body == sent


@given(badges(), st.lists(operations(), min_size=1, max_size=4), DIALECTS)
def test_patched_resources_stay_schema_valid(before: Any, steps: Any, dialect: Any) -> None:
    shown = project(patched(before, *steps, dialect=dialect), BADGE)
    assert not list(VALIDATOR.iter_errors(shown))


@given(badges(), st.lists(operations(), min_size=1, max_size=4), DIALECTS)
def test_at_most_one_value_is_primary(before: Any, steps: Any, dialect: Any) -> None:
    slots = patched(before, *steps, dialect=dialect).get("slots", [])
    assert sum(slot.get("primary") is True for slot in slots) <= 1


@given(badges(), st.lists(operations(), min_size=1, max_size=4), DIALECTS)
def test_nothing_unassigned_is_stored(before: Any, steps: Any, dialect: Any) -> None:
    after = patched(normalise(before), *steps, dialect=dialect)
    assert after == normalise(after)


@given(badges(), st.data())
def test_add_is_idempotent(before: Any, data: st.DataObject) -> None:
    attribute = data.draw(st.sampled_from(writable()))
    step = op("add", attribute.name, data.draw(value(attribute)))
    once = patched(before, step)
    assert unchanged(once, patched(once, step))
    assert unchanged(once, patched(before, step, step))


@given(badges(), st.data())
def test_adding_what_is_stored_changes_nothing(before: Any, data: st.DataObject) -> None:
    """Duplicates that a store may hold already are left alone."""
    attribute = data.draw(st.sampled_from(writable()))
    assume(attribute.name in before and not attribute.sub_attributes)
    assert unchanged(before, patched(before, op("add", attribute.name, before[attribute.name])))


@given(st.data())
def test_remove_after_add_restores(data: st.DataObject) -> None:
    before = badge(doors=["one", "two"], slots=[{"value": "one", "type": "t"}])
    attribute = data.draw(st.sampled_from([a for a in writable() if not a.required]))
    listed = data.draw(single(attribute))
    if attribute.multi_valued:
        listed = {**listed, "primary": False} if isinstance(listed, dict) else listed
        name = listed["value"] if isinstance(listed, dict) else listed
        after = patched(before, op("add", attribute.name, listed), op("remove", f'{attribute.name}[value eq "{name}"]'))
        assert after == before
        removal = {"op": "remove", "path": attribute.name, "value": [listed]}
        assert patched(before, op("add", attribute.name, listed), removal, dialect=ENTRA) == before
    elif not attribute.sub_attributes:
        assert patched(before, op("add", attribute.name, listed), op("remove", attribute.name)) == before


@given(badges(), st.data())
def test_the_last_replace_wins(before: Any, data: st.DataObject) -> None:
    attribute = data.draw(st.sampled_from([a for a in writable() if not a.sub_attributes]))
    first, last = data.draw(value(attribute)), data.draw(value(attribute))
    after = patched(before, op("replace", attribute.name, first), op("replace", attribute.name, last))
    assert unchanged(after, patched(before, op("replace", attribute.name, last)))
    if not attribute.multi_valued:
        assert after.get(attribute.name) == last


@given(badges(), operations(), operations(), DIALECTS)
def test_one_request_equals_two(before: Any, first: Any, second: Any, dialect: Any) -> None:
    together = patched(before, first, second, dialect=dialect)
    apart = patched(patched(before, first, dialect=dialect), second, dialect=dialect)
    assert unchanged(together, apart)


@given(badges(), operations(), DIALECTS)
def test_other_attributes_stay_the_same_objects(before: Any, step: Any, dialect: Any) -> None:
    """So a patch of one attribute costs nothing for the others, however large they are."""
    after = patched(before, step, dialect=dialect)
    touched = str(step.get("path") or next(iter(step["value"]), "")).lower()
    for name, stored in before.items():
        if name.lower() not in touched:
            assert after[name] is stored


def test_a_large_list_is_not_copied_by_other_operations() -> None:
    members = [{"value": str(number)} for number in range(1000)]
    before = badge(slots=members)
    assert patch(before, op("add", "floor", 3), model=BADGE)["slots"] is members
    after = patch(before, op("add", "slots", {"value": "new"}), model=BADGE)
    assert len(members) == 1000
    assert all(a is b for a, b in zip(after["slots"], members, strict=False))


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ({"x": "a"}, {"x": "a"}, True),
        ({"x": "a"}, {"x": "A"}, False),
        ({"x": None}, {}, True),
        ({"x": []}, {"y": None}, True),
        ({"x": {}}, {}, True),
        ({"x": {"y": None}}, {"x": {}}, True),
        ({"x": True}, {"x": 1}, False),
        ({"x": 1}, {"x": 1.0}, True),
        ({"x": [1, 2]}, {"x": [2, 1]}, False),
        ({"x": [{"y": 1}]}, {"x": [{"y": 1, "z": None}]}, True),
        ({"x": "a"}, {"x": ["a"]}, False),
        ({"x": ""}, {}, False),
        ({"x": False}, {}, False),
    ],
)
def test_unchanged(a: Any, b: Any, equal: bool) -> None:
    assert unchanged(a, b) is equal
    assert unchanged(b, a) is equal
