"""Entra's PATCH of ``active`` in every wire form. What becomes of a disabled user: test_soft_delete.py."""

from __future__ import annotations

from itertools import product

from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import Outcome, differences, prove, send, set_aside, values_at
from scimcheck.harness.replay_values import need, ops, undeclared
from scimcheck.harness.target import Resource, Target

#: The forms of a disable that stand alone, by requirement.
DISABLES = {
    Dialect.LEGACY: {
        "ENTRA-3.2-01": ops(("Replace", "active", "False")),
        "ENTRA-3.2-03": ops(("Replace", "active", False)),
        "ENTRA-3.2-06": ops(("Add", "active", "False")),
        "ENTRA-3.2-07": ops(("Replace", "active", "false")),
    },
    Dialect.COMPLIANT: {"ENTRA-3.2-04": ops(("replace", "active", False))},
}

#: The requirement that a user who is disabled can be read.
READABLE = "ENTRA-4.5-01"

#: The forms in which a test may bring a user to a state before the form under test, likeliest first.
_MEANS = ("replace", "Replace")


def _user(scim: Target, judge: Judge, active: bool = True) -> Resource:
    """A user in that state, by whatever means the target understands; ends the check otherwise."""
    model = scim.user or scim.primary
    need(judge, model, "active")
    user = scim.some(model, lambda state: state.get("active") is active, active=active)
    state = scim.initial(user) if active else _state(scim, judge, user)
    values: tuple[JSON, ...] = (active, str(active))
    for op, value in product(_MEANS, values):
        if not list(differences(model, state, {"active": active})):
            break
        scim.patch(user.path, json=ops((op, "active", value)))
        state = _state(scim, judge, user)
    if list(differences(model, state, {"active": active})):
        judge.not_applicable(f"no user can be brought to active {active}: it shows {state.get('active')!r}")
    return user


def _state(scim: Target, judge: Judge, user: Resource) -> JSONObject:
    """The user as a GET shows it; ends the check when it cannot be read."""
    exchange = scim.read(user)
    if exchange.status != 200:
        judge.blocked(READABLE, f"the user cannot be read: {exchange.summary()}")
    return exchange.body


def _demand_readable(judge: Judge, outcome: Outcome) -> None:
    """End the check as blocked when the PATCH succeeded and the user cannot be read any more."""
    if outcome.sent.ok and outcome.read.status != 200:
        judge.blocked(READABLE, outcome.observed)


@check(
    "ENTRA-3.2-01",
    "ENTRA-3.2-03",
    "ENTRA-3.2-04",
    "ENTRA-3.2-06",
    "ENTRA-3.2-07",
    needs=("User", "read", "patch"),
    depth="quick",
)
def test_a_user_is_disabled(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each wire form of a disable sets active to false."""
    set_aside(judge, dialect)
    for requirement, body in DISABLES[dialect].items():
        prove(scim, judge, requirement, _user(scim, judge), body, {"active": False}, unreadable=READABLE)


@check("ENTRA-3.2-02", needs=("User", "read", "patch"))
def test_active_set_by_text_is_a_boolean(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """active is a JSON boolean again after it was set by a string."""
    set_aside(judge, dialect)
    user = _user(scim, judge)
    for value in ("False", "True"):
        body = ops(("Replace", "active", value))
        outcome = send(scim, user, body, {"active": value == "True"})
        _demand_readable(judge, outcome)
        if not outcome.held:
            judge.blocked("ENTRA-3.2-01" if value == "False" else "ENTRA-3.2-08", outcome.observed)
        shown = values_at(user.model, outcome.read.body, "active")
        judge.expect(
            "ENTRA-3.2-02",
            shown == [value == "True"] and isinstance(shown[0], bool),
            expected=f"the JSON boolean {value.lower()}",
            observed=f"active {shown!r}",
            at=outcome.exchanges,
            subject=f"active = {value!r}",
        )


@check("ENTRA-3.2-05", needs=("User", "read", "patch"))
def test_a_user_is_disabled_among_other_changes(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A path-less replace whose value holds active and userName changes both."""
    set_aside(judge, dialect)
    user, name = _user(scim, judge), scim.payloads.user_name("renamed")
    body = ops(("replace", None, {"active": False, "userName": name}))
    effect = {"active": False, "userName": name}
    plain = ops(("replace", "active", False), ("replace", "userName", name))
    outcome = send(scim, user, body, effect)
    _demand_readable(judge, outcome)
    if not outcome.held and not send(scim, _user(scim, judge), plain, {"active": False}).held:
        judge.blocked("ENTRA-3.2-04", "active and userName cannot be changed by path either")
    judge.expect(
        "ENTRA-3.2-05",
        outcome.held,
        expected="active false and the new userName",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


@check("ENTRA-3.2-08", "ENTRA-3.2-09", needs=("User", "read", "patch"))
def test_a_disabled_user_is_enabled(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """The mirror image of a disable sets active to true."""
    set_aside(judge, dialect)
    requirement = "ENTRA-3.2-08" if dialect is Dialect.LEGACY else "ENTRA-3.2-09"
    prove(scim, judge, requirement, _user(scim, judge, active=False), dialect.enable(), {"active": True})


@check("ENTRA-3.6-03", needs=("User", "read", "patch"))
def test_a_deleted_user_is_renamed_and_disabled(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A userName of 32 hexadecimal digits and the old name is accepted together with a disable."""
    set_aside(judge, dialect)
    user = _user(scim, judge)
    name = f"{scim.payloads.fake.uuid4().replace('-', '')}{user.name}"
    effect = {"active": False, "userName": name}
    body = ops(("Replace", "userName", name), ("Replace", "active", "False"))
    outcome = send(scim, user, body, effect)
    _demand_readable(judge, outcome)
    if not outcome.held:
        _blame_the_parts(scim, judge, name)
    judge.expect(
        "ENTRA-3.6-03",
        outcome.held,
        expected="active false and the userName with the digits in front",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


def _blame_the_parts(scim: Target, judge: Judge, name: str) -> None:
    """End the check as blocked when the disable, or any change of userName, has no effect by itself."""
    if not send(scim, _user(scim, judge), ops(("Replace", "active", "False")), {"active": False}).held:
        judge.blocked("ENTRA-3.2-01", "a disable by itself has no effect")
    fresh = scim.payloads.user_name("renamed")
    if not send(scim, _user(scim, judge), ops(("Replace", "userName", fresh)), {"userName": fresh}).held:
        judge.blocked("ENTRA-3.2-58", "userName cannot be changed at all")


@check("ENTRA-3.6-09", needs=("User", "read", "patch"))
def test_a_disable_survives_an_unsupported_attribute(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A disable is carried out although the same PATCH holds a filtered path that the target does not declare."""
    set_aside(judge, dialect)
    unknown = undeclared(judge, scim.user or scim.primary, filtered=True)[0]
    body = ops(("Replace", unknown, "4711"), ("Replace", "active", "False"))
    prove(
        scim,
        judge,
        "ENTRA-3.6-09",
        _user(scim, judge),
        body,
        {"active": False},
        plain=ops(("Replace", "active", "False")),
        base="ENTRA-3.2-01",
        unreadable=READABLE,
    )
