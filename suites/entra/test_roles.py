"""Entra's PATCH of roles, for endpoints that have them. Roles in creations: test_create_roles.py."""

from __future__ import annotations

import json

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import Outcome, prove, send, set_aside, values_at
from scimcheck.harness.replay_values import bare, need, ops
from scimcheck.harness.target import Resource, Target

#: The type that Entra gives to its roles.
KIND = "WindowsAzureActiveDirectoryRole"

_NEEDS = ("User", "read", "patch")


def _model(scim: Target, judge: Judge) -> ResourceModel:
    model = scim.user or scim.primary
    need(judge, model, "roles")
    return model


def _role(name: str, primary: bool = False) -> JSONObject:
    return {"primary": primary, "type": KIND, "display": name, "value": name}


def _values(outcome: Outcome) -> list[str]:
    shown = values_at(outcome.resource.model, outcome.read.body, "roles.value")
    return sorted(str(value).lower() for value in shown)


def _holder(scim: Target, judge: Judge, role: JSONObject) -> Resource:
    """A fresh user with that role; ends the check when the target gives it none."""
    user = bare(scim, judge, _model(scim, judge), "roles")
    outcome = send(scim, user, ops(("add", "roles", [role])), {})
    if not outcome.sent.ok or not _values(outcome):
        judge.not_applicable(f"a user cannot be given a role of the run's own: {outcome.observed}")
    return user


@check("ENTRA-3.2-52", needs=_NEEDS)
def test_a_role_in_json_text_is_accepted(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A role that arrives as JSON text inside value is a role of the user afterwards."""
    set_aside(judge, dialect)
    user = bare(scim, judge, _model(scim, judge), "roles")
    text = json.dumps({"id": scim.payloads.fake.uuid4(), "value": "editor", "displayName": "Editor"})
    body = ops(("Add", "roles", [{"value": text}]))

    def control(after: JSONObject) -> list[str]:
        shown = values_at(user.model, after, "roles.value")
        kept = [value for value in shown if "editor" in str(value).lower()]
        return [] if kept else [f"roles {shown!r} do not name the role"]

    prove(scim, judge, "ENTRA-3.2-52", user, body, {}, control=control)


@check("ENTRA-3.2-53", needs=_NEEDS)
def test_roles_are_replaced_as_a_whole(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A replace of roles with two others leaves those two only."""
    set_aside(judge, dialect)
    user = _holder(scim, judge, _role("Auditor"))
    body = ops(("replace", "roles", [_role("Editor"), _role("Viewer")]))

    def control(after: JSONObject) -> list[str]:
        shown: list[JSON] = values_at(user.model, after, "roles.value")
        names = sorted(str(value).lower() for value in shown)
        return [] if names == ["editor", "viewer"] else [f"roles are {shown!r} instead of Editor and Viewer"]

    prove(scim, judge, "ENTRA-3.2-53", user, body, {}, control=control)


@check("ENTRA-3.2-54", needs=_NEEDS)
def test_the_primary_role_is_set_by_filter(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A Replace of roles[primary eq "True"].value sets the primary role; without one, noTarget is right as well."""
    set_aside(judge, dialect)
    body = ops(("Replace", 'roles[primary eq "True"].value', "Editor"))
    effect = {"roles.value": "Editor", "roles.primary": True}
    prove(scim, judge, "ENTRA-3.2-54", _holder(scim, judge, _role("Auditor", True)), body, effect)
    without = send(scim, bare(scim, judge, _model(scim, judge), "roles"), body, effect)
    judge.expect(
        "ENTRA-3.2-54",
        without.held or without.without_target,
        expected="a primary role with the value, or 400 noTarget",
        observed=without.observed,
        at=without.exchanges,
    )
