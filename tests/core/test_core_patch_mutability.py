"""Mutability in add and replace (RFC 7643 §7, RFC 7644 §3.5.2), and atomicity."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from core_models import GROUP
from core_patching import BADGE, LOCK_URN, badge, group, op, patch, user

from scimcheck.core.errors import InvalidFilter, InvalidValue, MutabilityError, ScimError
from scimcheck.core.patch import PatchChoices


@pytest.mark.parametrize("kind", ["add", "replace"])
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", "x"),
        ("meta", {}),
        ("meta.created", "2020-01-01T00:00:00Z"),
        ("groups", [{"value": "g"}]),
        ("groups.value", "x"),
    ],
)
def test_read_only_is_refused_at_a_path(kind: str, path: str, value: Any) -> None:
    with pytest.raises(MutabilityError):
        patch(user(), op(kind, path, value))


def test_read_only_among_others_is_a_choice() -> None:
    step = op("replace", None, {"id": "x", "meta": {"version": "1"}, "groups": [], "title": "Guide"})
    assert patch(user(), step) == user(title="Guide")
    with pytest.raises(MutabilityError):
        patch(user(), step, choices=PatchChoices(read_only="refuse"))


def test_read_only_sub_attributes_of_a_value_are_left_out() -> None:
    before = badge(maker={"name": "Acme", "rating": "A"})
    after = patch(before, op("replace", "maker", {"name": "Best", "rating": "F"}), model=BADGE)
    assert after["maker"] == {"name": "Best", "rating": "A"}
    with pytest.raises(MutabilityError):
        patch(before, op("replace", "maker.rating", "F"), model=BADGE)


@pytest.mark.parametrize("kind", ["add", "replace"])
@pytest.mark.parametrize(
    ("path", "value", "same", "other"),
    [
        ("serial", "S1", "s1", "S2"),
        ("batches", ["1", "2"], ["2", "1"], ["3"]),
        ("maker.licence", "L1", "L1", "L2"),
        ("maker", {"licence": "L1", "name": "Acme"}, {"licence": "L1"}, {"licence": "L2"}),
        ('slots[value eq "x"].fixed', "f", "f", "g"),
        (f"{LOCK_URN}:issued", "now", "now", "then"),
    ],
)
def test_immutable_takes_a_first_value_only(kind: str, path: str, value: Any, same: Any, other: Any) -> None:
    blank = badge(slots=[{"value": "x"}], maker={"name": "Acme"}, **{LOCK_URN: {"code": "1"}})
    first = patch(blank, op(kind, path, value), model=BADGE)
    assert patch(first, op(kind, path, same), model=BADGE).keys() == first.keys()
    with pytest.raises(MutabilityError):
        patch(first, op(kind, path, other), model=BADGE)


def test_immutable_cannot_be_unassigned() -> None:
    with pytest.raises(MutabilityError):
        patch(badge(serial="S1"), op("replace", "serial", None), model=BADGE)
    assert patch(badge(), op("replace", "serial", None), model=BADGE) == badge()


@pytest.mark.parametrize(
    "step",
    [
        op("replace", 'members[value eq "a"].value', "z"),
        op("replace", 'members[value eq "a"]', {"value": "z"}),
        op("add", 'members[value eq "a"]', {"value": "z"}),
        op("replace", 'members[value eq "a"].type', "Group"),
        op("remove", 'members[value eq "a"].value'),
    ],
)
def test_a_member_cannot_become_another(step: Any) -> None:
    """RFC7643-4.2-04: members are added and removed, not changed."""
    with pytest.raises(MutabilityError):
        patch(group("a", "b"), step, model=GROUP)


def test_a_failing_operation_leaves_nothing_behind() -> None:
    before = user(emails=[{"value": "a"}], name={"givenName": "A"})
    copied = copy.deepcopy(before)
    steps = [
        op("add", "emails", {"value": "b", "primary": True}),
        op("replace", "name.givenName", "B"),
        op("remove", 'emails[value eq "a"]'),
        op("replace", "id", "x"),
    ]
    with pytest.raises(MutabilityError, match=r"^Operations\[3\] \(replace id\): id is readOnly$"):
        patch(before, *steps)
    assert before == copied


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (op("replace", "active", "abc"), InvalidValue),
        (op("replace", "emails[primary gt true].value", "x"), InvalidFilter),
        (op("replace", "userName", None), InvalidValue),
    ],
)
def test_errors_name_operation_and_path(step: Any, error: type[ScimError]) -> None:
    with pytest.raises(error) as caught:
        patch(user(emails=[{"value": "a"}]), op("add", "title", "x"), step)
    assert caught.value.detail.startswith(f"Operations[1] (replace {step['path']}): ")
    assert caught.value.status == 400


def test_a_new_extension_needs_its_required_attributes() -> None:
    with pytest.raises(InvalidValue, match="code is required"):
        patch(badge(), op("add", f"{LOCK_URN}:colour", "red"), model=BADGE)
    steps = [op("add", f"{LOCK_URN}:colour", "red"), op("add", f"{LOCK_URN}:code", "1")]
    assert patch(badge(), *steps, model=BADGE)[LOCK_URN] == {"colour": "red", "code": "1"}
