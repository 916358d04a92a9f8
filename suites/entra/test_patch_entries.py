"""Entra's PATCH of one entry of a multi-valued attribute, named by its type, and of enterprise attributes."""

from __future__ import annotations

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.creation import is_declared
from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness.attributes import multi_complex
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import Outcome, prove, send, set_aside, unlike, values_at
from scimcheck.harness.replay_values import Typed, enterprise, need, ops, typed
from scimcheck.harness.target import Target


def _model(scim: Target) -> ResourceModel:
    return scim.user or scim.primary


def _entry_of(scim: Target, entries: Typed, outcome: Outcome) -> list[JSON]:
    """All that is shown of the attribute's entries."""
    return values_at(_model(scim), outcome.read.body, entries.attribute.name)


def _one(entries: Typed, body: JSONObject) -> list[str]:
    """What is wrong when there is not exactly one entry."""
    shown = body.get(entries.attribute.name)
    count = len(shown) if isinstance(shown, list) else 0
    return [] if count == 1 else [f"there are {count} {entries.attribute.name} instead of one: {shown!r}"]


@check("ENTRA-3.2-17", "ENTRA-3.2-18", needs=("User", "read", "patch"), depth="quick")
def test_an_entry_is_changed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A replace of emails[type eq "work"].value changes the work address and leaves the other one."""
    set_aside(judge, dialect)
    entries = typed(judge, _model(scim))
    user = entries.holder(scim, judge, _model(scim), entries.kind, entries.other)
    before, value = scim.initial(user), entries.value(scim)
    requirement = "ENTRA-3.2-17" if dialect is Dialect.LEGACY else "ENTRA-3.2-18"
    prove(
        scim,
        judge,
        requirement,
        user,
        ops((dialect.op("replace"), entries.path(), value)),
        {entries.path(): value},
        control=lambda after: unlike(user.model, before, after, [entries.path(kind=entries.other)]),
    )


@check("ENTRA-3.2-19", "ENTRA-3.2-20", needs=("User", "read", "patch"), depth="quick")
def test_an_addition_creates_the_entry_that_its_filter_names(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """An Add behind a value filter creates an entry of that type with that value where there is none."""
    set_aside(judge, dialect)
    entries = typed(judge, _model(scim))
    user, value = entries.holder(scim, judge, _model(scim)), entries.value(scim)
    whole = f"{entries.attribute.name}"
    body = ops(("Add", entries.path(), value))
    outcome = prove(scim, judge, "ENTRA-3.2-19", user, body, {f"{whole}.value": value})
    if outcome.held:
        shown = values_at(user.model, outcome.read.body, f"{whole}.type")
        judge.expect(
            "ENTRA-3.2-20",
            [str(kind).lower() for kind in shown] == [entries.kind.lower()],
            expected=f"the new entry has the type {entries.kind}",
            observed=f"{whole} {_entry_of(scim, entries, outcome)!r}",
            at=outcome.exchanges,
        )
    else:
        judge.blocked("ENTRA-3.2-19", "the entry was not created")


@check("ENTRA-3.2-21", needs=("User", "read", "patch"))
def test_a_new_entry_leaves_those_of_other_types(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """An Add behind a value filter leaves the entry of another type as it is."""
    set_aside(judge, dialect)
    entries = typed(judge, _model(scim))
    user = entries.holder(scim, judge, _model(scim), entries.other)
    before, value = scim.initial(user), entries.value(scim)
    outcome = send(scim, user, ops(("Add", entries.path(), value)), {})
    shown = values_at(user.model, outcome.read.body, f"{entries.attribute.name}.value")
    if not outcome.sent.ok or value not in shown:
        other = list(unlike(user.model, before, outcome.read.body, [entries.path(kind=entries.other)]))
        if not other:
            judge.blocked("ENTRA-3.2-19", f"no entry was created: {outcome.observed}")
    wrong = list(unlike(user.model, before, outcome.read.body, [entries.path(kind=entries.other)]))
    judge.expect(
        "ENTRA-3.2-21",
        not wrong,
        expected=f"the {entries.other} entry as it was",
        observed=f"{outcome.sent.summary()}, and then {'; '.join(wrong)}",
        at=outcome.exchanges,
    )


@check("ENTRA-3.2-22", needs=("User", "read", "patch"))
def test_a_replacement_creates_a_missing_entry(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A replace behind a value filter creates the entry where there is none, or is refused as the standard has it."""
    set_aside(judge, dialect)
    entries = typed(judge, _model(scim))
    user, value = entries.holder(scim, judge, _model(scim)), entries.value(scim)
    outcome = send(scim, user, ops(("replace", entries.path(), value)), {entries.path(): value})
    if outcome.without_target:
        judge.skip("ENTRA-3.2-22", "refused with noTarget, as RFC 7644 §3.5.2.3 prescribes; Entra's update fails then")
        return
    judge.expect(
        "ENTRA-3.2-22",
        outcome.held,
        expected=f"one {entries.kind} entry with the value, or 400 noTarget",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


@check("ENTRA-2.2-15", needs=("User", "read", "patch"))
def test_a_second_addition_changes_the_entry(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """An Add to an entry that exists changes it: there is one entry of the type, with the last value."""
    set_aside(judge, dialect)
    entries = typed(judge, _model(scim))
    user, last = entries.holder(scim, judge, _model(scim), entries.kind), entries.value(scim)
    outcome = send(scim, user, ops(("Add", entries.path(), entries.value(scim))), {})
    if not outcome.sent.ok:
        judge.blocked("ENTRA-3.2-19", f"the first addition was refused: {outcome.observed}")
    prove(
        scim,
        judge,
        "ENTRA-2.2-15",
        user,
        ops(("Add", entries.path(), last)),
        {entries.path(): last},
        control=lambda after: _one(entries, after),
    )


@check("ENTRA-3.2-23", needs=("User", "read", "patch"))
def test_two_operations_build_one_address(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Two Adds on parts of an address that does not exist create one address with both."""
    set_aside(judge, dialect)
    entries = typed(judge, _model(scim), "addresses", "work")
    parts = [name for name in ("streetAddress", "locality", "country") if entries.attribute.sub_attribute(name)][:2]
    if len(parts) < 2:
        judge.not_applicable("addresses have fewer than two parts")
    user = entries.holder(scim, judge, _model(scim))
    effect = {entries.path(part): entries.value(scim, part) for part in parts}
    body = ops(*(("Add", path, value) for path, value in effect.items()))
    first = dict([next(iter(effect.items()))])
    outcome = send(scim, user, body, effect, control=lambda after: _one(entries, after))
    if not outcome.held:
        again = entries.holder(scim, judge, _model(scim))
        if not send(scim, again, ops(*(("Add", path, value) for path, value in first.items())), first).held:
            judge.blocked("ENTRA-3.2-19", f"a single part creates no address: {outcome.observed}")
    judge.expect(
        "ENTRA-3.2-23",
        outcome.held,
        expected=f"one {entries.kind} address with {' and '.join(parts)}",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


@check("ENTRA-3.2-24", "ENTRA-3.2-25", needs=("User", "read", "patch"))
def test_an_entry_becomes_primary(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """primary is set through a value filter, by a string or a boolean, and reads back as the boolean true."""
    set_aside(judge, dialect)
    entries = typed(judge, _model(scim))
    if not entries.attribute.sub_attribute("primary"):
        judge.not_applicable(f"{entries.attribute.name} have no primary")
    user = entries.holder(scim, judge, _model(scim), entries.kind)
    legacy = dialect is Dialect.LEGACY
    requirement = "ENTRA-3.2-24" if legacy else "ENTRA-3.2-25"
    path = entries.path("primary")
    body = ops(("Add", path, "True")) if legacy else ops(("replace", path, True))
    outcome = prove(scim, judge, requirement, user, body, {path: True})
    shown = values_at(user.model, outcome.read.body, path)
    judge.expect(
        requirement,
        not outcome.held or isinstance(shown[0], bool),
        expected="the boolean true",
        observed=f"primary {shown!r}",
        at=outcome.exchanges,
    )


@check("ENTRA-3.2-26", needs=("User", "read", "patch"))
def test_a_mobile_number_is_added(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """An Add of the mobile number stands beside the work number."""
    set_aside(judge, dialect)
    need(judge, _model(scim), "phoneNumbers")
    entries = typed(judge, _model(scim), "phoneNumbers", "mobile", "work")
    user = entries.holder(scim, judge, _model(scim), entries.other)
    before, value = scim.initial(user), entries.value(scim)
    body = ops(("Add", entries.path(), value))
    outcome = send(
        scim,
        user,
        body,
        {entries.path(): value},
        control=lambda after: unlike(user.model, before, after, [entries.path(kind=entries.other)]),
    )
    if not outcome.held and multi_complex(_model(scim)) is not entries.attribute:
        _demand_creation(scim, judge, typed(judge, _model(scim)))
    judge.expect(
        "ENTRA-3.2-26",
        outcome.held,
        expected="the mobile number beside the work number",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


def _demand_creation(scim: Target, judge: Judge, entries: Typed) -> None:
    """End the check as blocked when an Add behind a value filter creates no entry of these either."""
    user, value = entries.holder(scim, judge, _model(scim)), entries.value(scim)
    outcome = send(scim, user, ops(("Add", entries.path(), value)), {f"{entries.attribute.name}.value": value})
    if not outcome.held:
        judge.blocked("ENTRA-3.2-19", f"no entry of any kind is created: {outcome.observed}")


@check("ENTRA-3.6-02", needs=("User", "read", "patch"))
def test_three_operations_build_one_entry(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Operations on primary, type and value of one entry that does not exist lead to exactly one entry."""
    set_aside(judge, dialect)
    entries = typed(judge, _model(scim))
    if not entries.attribute.sub_attribute("primary"):
        judge.not_applicable(f"{entries.attribute.name} have no primary")
    user, value = entries.holder(scim, judge, _model(scim)), entries.value(scim)
    name = entries.attribute.name
    body = ops(
        ("Add", entries.path("primary"), "True"),
        ("Add", entries.path("type"), entries.kind),
        ("Add", entries.path(), value),
    )
    effect = {f"{name}.value": value, f"{name}.type": entries.kind, f"{name}.primary": True}
    outcome = send(scim, user, body, effect, control=lambda after: _one(entries, after))
    if not outcome.held:
        plain = entries.holder(scim, judge, _model(scim))
        if not send(scim, plain, ops(("Add", entries.path(), value)), {entries.path(): value}).held:
            judge.blocked("ENTRA-3.2-19", f"a single operation creates no entry: {outcome.observed}")
        if not send(scim, plain, ops(("Add", entries.path("primary"), "True")), {entries.path("primary"): True}).held:
            judge.blocked("ENTRA-3.2-24", f"primary cannot be set by a string: {outcome.observed}")
    judge.expect(
        "ENTRA-3.6-02",
        outcome.held,
        expected="one entry with value, type and primary",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


@check("ENTRA-8.1-03", needs=("User", "read", "patch"))
def test_every_part_of_an_entry_is_stored(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """display and type that are set through a value filter read back."""
    set_aside(judge, dialect)
    entries = typed(judge, _model(scim))
    user = entries.holder(scim, judge, _model(scim), entries.kind)
    value = values_at(user.model, scim.initial(user), f"{entries.attribute.name}.value")[0]
    label = scim.unique("label")
    changes: list[tuple[str, str, JSON]] = [
        ("replace", entries.path(sub), new)
        for sub, new in (("display", label), ("primary", True), ("type", entries.kind))
        if is_declared(entries.path(sub), _model(scim))
    ]
    names = {path.rpartition(".")[2]: new for _, path, new in changes}
    effect = {f"{entries.attribute.name}.{sub}": new for sub, new in {**names, "value": value}.items()}
    prove(scim, judge, "ENTRA-8.1-03", user, ops(*changes), effect)


@check("ENTRA-3.2-27", "ENTRA-3.2-28", needs=("EnterpriseUser", "read", "patch"), depth="quick")
def test_an_enterprise_attribute_is_added(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """An add with URN and name as path sets the attribute of the extension."""
    set_aside(judge, dialect)
    path = enterprise(judge, _model(scim))
    user, value = scim.some(_model(scim)), scim.unique("department")
    requirement = "ENTRA-3.2-27" if dialect is Dialect.LEGACY else "ENTRA-3.2-28"
    prove(scim, judge, requirement, user, dialect.set_attribute(path, value, known=False), {path: value})
