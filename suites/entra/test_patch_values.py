"""Entra's PATCH of single-valued attributes by path. Several at once and path-less: test_patch_many.py."""

from __future__ import annotations

from scimcheck.core.schema import ResourceModel
from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import ABSENT, prove, send, set_aside, values_at
from scimcheck.harness.replay_values import bare, fresh, holder, need, need_texts, ops, texts, with_null
from scimcheck.harness.target import Target, ids


def _model(scim: Target) -> ResourceModel:
    return scim.user or scim.primary


@check("ENTRA-3.2-10", "ENTRA-3.2-11", needs=("User", "read", "patch"))
def test_an_addition_sets_a_value(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """An add with a path gives a value to an attribute that had none."""
    set_aside(judge, dialect)
    (path,) = need_texts(judge, _model(scim), optional=True)
    user = bare(scim, judge, _model(scim), path)
    value = scim.unique("added")
    requirement = "ENTRA-3.2-10" if dialect is Dialect.LEGACY else "ENTRA-3.2-11"
    prove(scim, judge, requirement, user, dialect.set_attribute(path, value, known=False), {path: value})


@check("ENTRA-3.2-13", needs=("User", "read", "patch"))
def test_an_addition_replaces_a_value(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """An Add on a single-valued attribute with a value changes it."""
    set_aside(judge, dialect)
    (path,) = need_texts(judge, _model(scim))
    user, value = holder(scim, _model(scim), fresh(scim, path)), scim.unique("again")
    body = ops(("Add", path, value))
    prove(
        scim, judge, "ENTRA-3.2-13", user, body, {path: value}, plain=ops(("replace", path, value)), base="ENTRA-2.1-04"
    )


@check("ENTRA-3.2-14", needs=("User", "read", "patch"), depth="quick")
def test_a_replacement_changes_a_value(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A Replace with the path of a single-valued attribute changes its value, and nothing beside it."""
    set_aside(judge, dialect)
    found = texts(_model(scim))[:2] or need_texts(judge, _model(scim))
    user, value = holder(scim, _model(scim), fresh(scim, *found)), scim.unique("changed")
    prove(scim, judge, "ENTRA-3.2-14", user, ops(("Replace", found[0], value)), {found[0]: value})


@check("ENTRA-3.2-58", "ENTRA-3.2-59", needs=("User", "read", "patch", "filter"))
def test_a_user_is_found_under_its_new_name_only(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """After a change of userName the new name finds the user and the old one nobody."""
    set_aside(judge, dialect)
    need(judge, _model(scim), "userName")
    user, name = scim.some(_model(scim)), scim.payloads.user_name("renamed")
    outcome = prove(scim, judge, "ENTRA-3.2-58", user, ops(("Replace", "userName", name)), {"userName": name})
    if not outcome.held:
        judge.blocked("ENTRA-3.2-58", "userName could not be changed")
    found = scim.search(user.model.endpoint, f'userName eq "{name}"')
    judge.expect(
        "ENTRA-3.2-58",
        ids(found.resources) == [user.id],
        expected=f"the user {user.id} alone under the new name",
        observed=f"{found.summary()} with {ids(found.resources)}",
        at=(*outcome.exchanges, found),
    )
    before = scim.search(user.model.endpoint, f'userName eq "{user.name}"')
    judge.expect(
        "ENTRA-3.2-59",
        before.status == 200 and not before.resources and before.body.get("totalResults") in (0, None),
        expected="200 and nobody under the old name",
        observed=f"{before.summary()} with {ids(before.resources)}",
        at=(*outcome.exchanges, before),
    )


@check("ENTRA-2.1-22", needs=("User", "read", "patch"))
def test_a_name_that_was_given_up_is_free(scim: Target, judge: Judge) -> None:
    """After a change of userName somebody else can have the old one."""
    need(judge, _model(scim), "userName")
    user, name = scim.some(_model(scim)), scim.payloads.user_name("renamed")
    outcome = send(scim, user, ops(("Replace", "userName", name)), {"userName": name})
    if not outcome.held:
        judge.blocked("ENTRA-3.2-58", "userName could not be changed")
    again = scim.post(user.model.endpoint, json=user.sent)
    judge.expect("ENTRA-2.1-22", again.ok, expected="201", observed=again.summary(), at=(*outcome.exchanges, again))


@check("ENTRA-3.2-60", needs=("User", "read", "patch"))
def test_the_external_id_of_a_user_is_changed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A Replace of externalId changes it."""
    set_aside(judge, dialect)
    need(judge, _model(scim), "externalId")
    user, value = holder(scim, _model(scim), {"externalId": scim.unique("ext")}), scim.unique("ext")
    if not values_at(user.model, scim.initial(user), "externalId"):
        judge.not_applicable("users have no externalId: the one sent on creation was not kept")
    prove(scim, judge, "ENTRA-3.2-60", user, ops(("Replace", "externalId", value)), {"externalId": value})


@check("ENTRA-3.2-55", needs=("User", "read", "patch"))
def test_an_empty_string_clears(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A replace with an empty string leaves the attribute absent or empty."""
    set_aside(judge, dialect)
    (path,) = need_texts(judge, _model(scim), optional=True)
    user = holder(scim, _model(scim), fresh(scim, path))
    prove(scim, judge, "ENTRA-3.2-55", user, ops(("replace", path, "")), {path: ABSENT})


@check("ENTRA-3.2-56", needs=("User", "read", "patch"))
def test_null_clears(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A replace with null leaves the attribute absent."""
    set_aside(judge, dialect)
    (path,) = need_texts(judge, _model(scim), optional=True)
    user = holder(scim, _model(scim), fresh(scim, path))
    prove(scim, judge, "ENTRA-3.2-56", user, with_null("replace", path), {path: ABSENT})


@check("ENTRA-3.6-01", needs=("User", "read", "patch"))
def test_a_wrapped_value_is_unwrapped(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A text that comes as an array of one object with value is stored as that text."""
    set_aside(judge, dialect)
    (path,) = need_texts(judge, _model(scim))
    user, value = holder(scim, _model(scim), fresh(scim, path)), scim.unique("wrapped")
    prove(scim, judge, "ENTRA-3.6-01", user, ops(("Replace", path, [{"value": value}])), {path: value})


@check("ENTRA-3.6-07", needs=("User", "read"))
def test_a_change_needs_no_user_name(scim: Target, judge: Judge) -> None:
    """A PATCH of one optional attribute that does not mention userName is accepted."""
    (path,) = need_texts(judge, _model(scim), optional=True)
    user, value = scim.some(_model(scim)), scim.unique("alone")
    for body in (ops(("replace", path, value)), ops(("replace", None, {path: value}))):
        alone = send(scim, user, body, {})
        if alone.sent.ok:
            judge.expect("ENTRA-3.6-07", True, expected="2xx", observed=alone.observed, at=alone.exchanges)
            continue
        value_with_name = {path: value, "userName": user.name}
        by_path = ops(("replace", path, value), ("replace", "userName", user.name))
        named = send(
            scim,
            user,
            by_path if body == ops(("replace", path, value)) else ops(("replace", None, value_with_name)),
            {},
        )
        judge.expect(
            "ENTRA-3.6-07",
            not named.sent.ok,
            expected="the answer that the same PATCH gets with userName",
            observed=f"{alone.observed}; with userName {named.sent.summary()}",
            at=(*alone.exchanges, named.sent),
        )
