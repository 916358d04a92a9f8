"""Telling by a resource's state whether a PATCH of Entra's was understood."""

from __future__ import annotations

import pytest

from scimcheck.checks.findings import NotApplicable, Verdict
from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.dialect import Dialect, patch_body
from scimcheck.entra.shapes import Shape, load_shapes, render, sample_variables
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import ABSENT, differences, form, lower_case, same, set_aside, unlike, values_at
from scimcheck.harness.replay_shapes import changed, cut, intended, mismatches, pieces, touched
from scimcheck.harness.replay_values import ops, with_keys
from scimcheck.requirements.catalogue import load
from suites.entra import test_replay
from tests.core.core_models import GADGET, GROUP, USER

RESOURCE: JSONObject = {
    "schemas": [urns.USER, urns.ENTERPRISE_USER],
    "userName": "ada",
    "Active": "False",
    "name": {"givenName": "Ada"},
    "emails": [{"type": "work", "value": "a@example.com", "primary": True}, {"type": "home", "value": "b@example.com"}],
    urns.ENTERPRISE_USER: {"department": "Finance", "manager": {"value": "7"}},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("userName", ["ada"]),
        ("active", ["False"]),
        ("name.givenName", ["Ada"]),
        ("name.familyName", []),
        ('emails[type eq "WORK"].value', ["a@example.com"]),
        ("emails[primary eq true].type", ["work"]),
        ("emails.value", ["a@example.com", "b@example.com"]),
        (f"{urns.ENTERPRISE_USER}:department", ["Finance"]),
        (f"{urns.ENTERPRISE_USER}:manager.value", ["7"]),
        ("phoneNumbers", []),
    ],
)
def test_values_are_found_where_a_target_attribute_points(path: str, found: list[JSON]) -> None:
    """Names in any letter case, entries by their type, extensions by their URN."""
    assert values_at(USER, RESOURCE, path) == found


def test_an_effect_that_holds_has_no_differences() -> None:
    """Texts compare as their definition says; a boolean may be spelled out, for that is another clause's business."""
    effect = {"userName": "ADA", "active": False, "title": ABSENT, 'emails[type eq "home"].value': "b@example.com"}
    assert list(differences(USER, RESOURCE, effect)) == []


def test_an_effect_that_fails_is_told() -> None:
    """Each difference says what is there and what should be."""
    effect = {"title": "Planner", "name.givenName": ABSENT, "emails.value": "a@example.com"}
    told = list(differences(USER, RESOURCE, effect))
    assert [text.partition(" is ")[0] for text in told] == ["title", "name.givenName", "emails.value"]
    assert "absent instead of 'Planner'" in told[0]
    assert "there 2 times" in told[2]


def test_an_empty_value_counts_as_absent() -> None:
    """Entra's tools accept an empty string, or an object whose value is empty, for what they have cleared."""
    cleared: JSONObject = {"title": "", urns.ENTERPRISE_USER: {"manager": {"value": ""}}}
    assert list(differences(USER, cleared, {"title": ABSENT, f"{urns.ENTERPRISE_USER}:manager": ABSENT})) == []


@pytest.mark.parametrize(("value", "wanted", "alike"), [("TRUE", True, True), ("yes", True, False), (True, True, True)])
def test_booleans_may_be_spelled_out(value: JSON, wanted: JSON, alike: bool) -> None:
    """Only texts that spell the boolean count as it."""
    assert same(value, wanted, None) is alike


def test_what_changed_beside_is_told() -> None:
    """A control names the target attributes that are not as before."""
    after = {**RESOURCE, "emails": RESOURCE["emails"][:1]}
    assert list(unlike(USER, RESOURCE, after, ["userName"])) == []
    (told,) = unlike(USER, RESOURCE, after, ['emails[type eq "home"].value'])
    assert "changed from 'b@example.com' to absent" in told


def test_operations_can_be_told_and_respelled() -> None:
    """The form of a body is short text; lower case concerns op alone and leaves the body as it was."""
    body = ops(("Replace", "active", "False"), ("Remove", "title"))
    assert form(body) == "Replace active = 'False'; Remove title"
    assert [item["op"] for item in lower_case(body)["Operations"]] == ["replace", "remove"]
    assert body["Operations"][0]["op"] == "Replace"
    assert with_keys(body, name="x")["Operations"][0] == {
        "name": "x",
        "op": "Replace",
        "path": "active",
        "value": "False",
    }


def test_the_other_dialect_is_set_aside() -> None:
    """Requirements of the other dialect are not applicable; the check ends when no other are left."""
    judge = Judge(load(), ["ENTRA-3.2-01", "ENTRA-3.2-04"])
    set_aside(judge, Dialect.LEGACY)
    assert [(f.requirement, f.verdict) for f in judge.findings] == [("ENTRA-3.2-04", Verdict.NOT_APPLICABLE)]
    with pytest.raises(NotApplicable):
        set_aside(Judge(load(), ["ENTRA-3.2-01"]), Dialect.COMPLIANT)


# --- whole requests --------------------------------------------------------------------------------------------------


def test_every_known_patch_is_replayed() -> None:
    """No PATCH of the catalogue of requests is left out of the suite, and none is there that is not known."""
    tables = (
        test_replay.DISABLES,
        test_replay.UPDATES,
        test_replay.ENTRIES,
        test_replay.REFERENCES,
        test_replay.CLEARS,
        test_replay.GROUPS,
    )
    replayed = {name: requirement for table in tables for name, requirement in table.items()}
    assert set(replayed) == {shape.id for shape in load_shapes() if shape.method == "PATCH"}
    for name, requirement in replayed.items():
        dialect = load()[requirement].dialect
        shape = next(shape for shape in load_shapes() if shape.id == name)
        assert dialect in ("any", shape.dialect) or shape.dialect == "any", name


def test_a_body_is_cut_to_what_is_declared() -> None:
    """Operations and keys that the model does not know go; a body of which nothing is left is none."""
    many = ops(("replace", None, {"displayName": "A", "name.givenName": "B"}), ("replace", "title", "C"))
    assert cut(many, USER) == many
    assert cut(many, GADGET) == ops(("replace", "title", "C"))
    assert cut(ops(("replace", "shoeSize", "44")), USER) is None
    assert cut(patch_body([]), USER) == patch_body([])


def test_a_body_falls_into_pieces() -> None:
    """Every attribute that a body names is a request of its own."""
    body = ops(
        ("replace", 'emails[type eq "work"].value', "x"), ("replace", None, {"title": "A", "name.givenName": "B"})
    )
    assert touched(body) == ["emails", "title", "name"]
    assert [piece["Operations"] for piece in pieces(body)] == [
        [{"op": "replace", "path": 'emails[type eq "work"].value', "value": "x"}],
        [{"op": "replace", "value": {"title": "A"}}],
        [{"op": "replace", "value": {"name.givenName": "B"}}],
    ]


@pytest.mark.parametrize("shape", [shape for shape in load_shapes() if shape.method == "PATCH"], ids=lambda s: s.id)
def test_every_known_patch_has_an_intended_state(shape: Shape) -> None:
    """What each request leads to can be told for a user and a group, unless nothing of it is declared."""
    model = GROUP if shape.id.startswith("group.") else USER
    body = cut(render(shape, sample_variables()).json or {}, model)
    state: JSONObject = {"schemas": [model.core.id], "displayName": "x", "userName": "y"}
    if body is not None and body["Operations"]:
        wanted = intended(state, body, model)
        assert wanted is not None
        assert not list(mismatches(model, wanted, wanted, touched(body)))


def test_mismatches_name_entries_that_differ() -> None:
    """Entries are compared by what tells them apart; what a server adds to them does not matter."""
    wanted: JSONObject = {"emails": [{"type": "work", "value": "a@example.com"}]}
    assert not list(mismatches(USER, wanted, {"emails": [{**wanted["emails"][0], "display": "A"}]}, ["emails"]))
    (told,) = mismatches(USER, wanted, {"emails": [{"type": "work", "value": "c@example.com"}]}, ["emails"])
    assert "a@example.com" in told
    assert list(mismatches(USER, wanted, {}, ["emails"]))
    assert list(mismatches(USER, wanted, {"emails": [*wanted["emails"] * 2]}, ["emails"]))


def test_other_attributes_stay() -> None:
    """What a request does not name may not change, but for names and addresses that hang together."""
    before: JSONObject = {"userName": "a", "title": "T", "displayName": "D", "meta": {"version": "1"}}
    after: JSONObject = {"userName": "a", "title": "U", "displayName": "E", "meta": {"version": "2"}}
    assert [text.partition(" ")[0] for text in changed(USER, before, after, ["nickName"])] == ["displayName", "title"]
    assert changed(USER, before, after, ["title", "name"]) == []
