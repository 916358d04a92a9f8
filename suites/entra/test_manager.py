"""Entra's PATCH of the manager: how it is set and taken away, in every form that has been seen."""

from __future__ import annotations

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.dialect import MANAGER, Dialect, ManagerRemoval
from scimcheck.harness import check
from scimcheck.harness.entra_resources import manager_of, user_with_manager
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import ABSENT, Outcome, prove, set_aside, values_at
from scimcheck.harness.replay_values import need, ops, people
from scimcheck.harness.target import Resource, Target

#: How a removal is sent, by requirement.
REMOVALS = {
    "ENTRA-3.2-33": ManagerRemoval.EMPTY_STRING,
    "ENTRA-3.2-34": ManagerRemoval.EMPTY_OBJECT,
    "ENTRA-3.2-35": ManagerRemoval.FILTER,
}

_NEEDS = ("EnterpriseUser", "read", "patch")


def _model(scim: Target, judge: Judge) -> ResourceModel:
    model = scim.user or scim.primary
    need(judge, model, MANAGER)
    return model


def _manager(outcome: Outcome) -> list[JSON]:
    return values_at(outcome.resource.model, outcome.read.body, MANAGER)


def _names(value: JSON, manager: Resource) -> bool:
    """Whether the value shown points to that manager, whatever form it has."""
    return value == manager.id or (isinstance(value, dict) and str(value.get("value")) == manager.id)


@check("ENTRA-3.2-29", "ENTRA-3.2-30", "ENTRA-3.2-31", needs=_NEEDS)
def test_a_manager_is_set_by_a_bare_id(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """The id of a user, as a string, becomes the manager, and reads back as an object whose value is that id."""
    set_aside(judge, dialect)
    user = scim.some(_model(scim, judge), lambda state: not manager_of(state))
    managers = people(scim, judge, 2)[: 1 if dialect is Dialect.LEGACY else 2]
    requirement = "ENTRA-3.2-29" if dialect is Dialect.LEGACY else "ENTRA-3.2-30"
    for number, manager in enumerate(managers):
        outcome = prove(scim, judge, requirement, user, dialect.set_manager(manager.id, known=number > 0), {})
        if not outcome.held:
            judge.blocked(requirement, "the manager could not be set")
        _judge_reading(judge, outcome, manager)


def _judge_reading(judge: Judge, outcome: Outcome, manager: Resource) -> None:
    shown = _manager(outcome)
    judge.expect(
        "ENTRA-3.2-31",
        len(shown) == 1 and isinstance(shown[0], dict) and _names(shown[0], manager),
        expected=f"a manager with value {manager.id}",
        observed=f"{outcome.sent.summary()}, and then manager {shown!r}",
        at=outcome.exchanges,
    )


@check("ENTRA-3.2-32", needs=_NEEDS)
def test_a_manager_is_set_by_the_documented_array(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """The path manager and an array of one object set the manager, as an old sample has it."""
    set_aside(judge, dialect)
    user, manager = scim.some(_model(scim, judge)), people(scim, judge, 1)[0]
    reference = f"{scim.session.base.url.rstrip('/')}{manager.path}"
    body = ops(("Add", "manager", [{"$ref": reference, "value": manager.id}]))

    def control(after: JSONObject) -> list[str]:
        shown = values_at(user.model, after, MANAGER)
        return [] if shown and _names(shown[0], manager) else [f"the manager is {shown!r} instead of {manager.id}"]

    prove(scim, judge, "ENTRA-3.2-32", user, body, {}, control=control)


@check("ENTRA-3.2-61", needs=_NEEDS)
def test_a_manager_is_changed_by_its_value(scim: Target, judge: Judge) -> None:
    """The path of manager.value behind the extension's URN changes the manager."""
    first, second = people(scim, judge, 2)
    user = _subordinate(scim, judge, first)

    def control(after: JSONObject) -> list[str]:
        shown = values_at(user.model, after, MANAGER)
        return [] if shown and _names(shown[0], second) else [f"the manager is {shown!r} instead of {second.id}"]

    prove(
        scim,
        judge,
        "ENTRA-3.2-61",
        user,
        ops(("replace", f"{MANAGER}.value", second.id)),
        {},
        control=control,
        plain=ops(("replace", MANAGER, {"value": second.id})),
        base="ENTRA-3.2-30",
    )


@check(*REMOVALS, needs=_NEEDS)
def test_a_manager_is_removed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each wire form of a removal leaves the user without manager, and its other enterprise attributes alone."""
    set_aside(judge, dialect)
    manager = people(scim, judge, 1)[0]
    for requirement, removal in REMOVALS.items():
        user = _subordinate(scim, judge, manager)
        body: JSONObject = dialect.remove_manager(manager.id, removal)
        prove(scim, judge, requirement, user, body, {MANAGER: ABSENT})


def _subordinate(scim: Target, judge: Judge, manager: Resource) -> Resource:
    """A fresh user with that manager; ends the check when the manager cannot be set."""
    return user_with_manager(scim, judge, _model(scim, judge), manager)
