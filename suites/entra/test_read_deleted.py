"""What is left of a user or a group after its deletion: nothing that Entra could find. Disabled users: soft delete."""

from __future__ import annotations

import pytest

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.dialect import Dialect
from scimcheck.entra.queries import with_flag
from scimcheck.harness import check
from scimcheck.harness.entra_resources import group_with, manager_of, user_with_manager
from scimcheck.harness.entra_search import groups, match, nobody, told, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import set_aside
from scimcheck.harness.target import Resource, Target

ANSWER = {"User": "ENTRA-2.1-11", "Group": "ENTRA-2.1-12"}


def _model(scim: Target, judge: Judge, kind: str) -> ResourceModel:
    return users(scim, judge) if kind == "User" else groups(scim, judge)


def _deleted(scim: Target, judge: Judge, resource: Resource, kind: str) -> Exchange:
    exchange = scim.delete(resource.path)
    if not exchange.ok:
        judge.blocked(ANSWER[kind], f"the {kind} could not be deleted: {exchange.summary()}")
    return exchange


def _judge_answer(scim: Target, judge: Judge, requirement: str, resource: Resource) -> None:
    judge.status(requirement, scim.delete(resource.path), 204, also=(resource.exchange,))


@check("ENTRA-2.1-11", needs=("User",), depth="quick")
def test_a_user_is_deleted(scim: Target, judge: Judge) -> None:
    """DELETE /Users/{id} answers 204."""
    user = scim.some(users(scim, judge))
    _judge_answer(scim, judge, "ENTRA-2.1-11", user)


@check("ENTRA-2.1-12", needs=("Group",))
def test_a_group_is_deleted(scim: Target, judge: Judge) -> None:
    """DELETE /Groups/{id} answers 204."""
    group = scim.some(groups(scim, judge))
    _judge_answer(scim, judge, "ENTRA-2.1-12", group)


@check("ENTRA-2.1-13", "ENTRA-4.7-03", needs=("User",), depth="quick")
def test_a_deleted_user_is_gone(scim: Target, judge: Judge) -> None:
    """A deleted user is read with 404, and deleting it once more, or a random id, answers 404."""
    user = scim.some(users(scim, judge))
    gone = _deleted(scim, judge, user, "User")
    judge.status("ENTRA-2.1-13", scim.read(user), 404, also=(user.exchange, gone))
    judge.status("ENTRA-4.7-03", scim.delete(user.path), 404, also=(user.exchange, gone))
    judge.status("ENTRA-4.7-03", scim.delete(scim.unknown_id(user.model)), 404)


@check("ENTRA-2.1-15", "ENTRA-4.7-04", needs=("Group",))
def test_a_deleted_group_is_gone(scim: Target, judge: Judge) -> None:
    """A deleted group is read with 404, and deleting it once more, or a random id, answers 404."""
    group = scim.some(groups(scim, judge))
    gone = _deleted(scim, judge, group, "Group")
    judge.status("ENTRA-2.1-15", scim.read(group), 404, also=(group.exchange, gone))
    judge.status("ENTRA-4.7-04", scim.delete(group.path), 404, also=(group.exchange, gone))
    judge.status("ENTRA-4.7-04", scim.delete(scim.unknown_id(group.model)), 404)


@check("ENTRA-2.1-14", needs=("User", "filter"))
def test_a_deleted_user_is_not_found(scim: Target, judge: Judge) -> None:
    """A search for the userName of a deleted user finds nobody, while one for another user still does."""
    user = scim.some(users(scim, judge))
    other = scim.shared(user.model)[0]
    gone = _deleted(scim, judge, user, "User")
    found = match(scim, user.model, "userName", user.name)
    judge.expect(
        "ENTRA-2.1-14",
        nobody(found),
        expected="200 with nobody",
        observed=told(found),
        at=(user.exchange, gone, found),
    )
    control = match(scim, user.model, "userName", other.name)
    judge.expect(
        "ENTRA-2.1-14",
        not nobody(control),
        expected=f"the other user {other.id}",
        observed=told(control),
        at=(other.exchange, gone, control),
    )


@check("ENTRA-2.1-16", needs=("User", "delete"))
def test_the_names_of_a_deleted_user_are_free(scim: Target, judge: Judge) -> None:
    """userName and externalId of a deleted user can be given to a new one."""
    model = users(scim, judge)
    user = scim.create(model, externalId=scim.unique("ext"))
    gone = _deleted(scim, judge, user, "User")
    again = scim.post(model.endpoint, json=user.sent)
    judge.expect("ENTRA-2.1-16", again.ok, expected="201", observed=again.summary(), at=(user.exchange, gone, again))


@pytest.mark.parametrize("role", ["member", "manager"])
@check("ENTRA-2.1-17", needs=("User", "delete"))
def test_a_user_in_use_can_be_deleted(scim: Target, judge: Judge, role: str) -> None:
    """A user who is a member of a group, or somebody's manager, can be deleted."""
    model = users(scim, judge)
    user = scim.some(model)
    if role == "member":
        holder = group_with(scim, judge, groups(scim, judge), user)
    else:
        holder = user_with_manager(scim, judge, model, user)
    gone = scim.delete(user.path)
    judge.expect(
        "ENTRA-2.1-17", gone.ok, expected="204", observed=gone.summary(), at=(user.exchange, holder.exchange, gone)
    )
    left = scim.read(holder)
    judge.expect(
        "ENTRA-2.1-17",
        left.status == 200 and manager_of(left.body) in ("", user.id),
        expected=f"the {holder.model.name} that referred to it is still there",
        observed=left.summary(),
        at=(user.exchange, gone, left),
    )


@check("ENTRA-3.1-04", needs=("User", "delete"))
def test_the_flag_does_not_disturb_a_deletion(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A user is deleted although the bare parameter aadOptscim062020 stands in the query."""
    set_aside(judge, dialect)
    user = scim.some(users(scim, judge))
    gone = scim.delete(user.path, params=with_flag())
    read = scim.read(user)
    if gone.ok and read.status == 200 and scim.delete(user.path).status == 404:
        judge.blocked("ENTRA-2.1-13", "a deleted user can still be read")
    judge.expect(
        "ENTRA-3.1-04",
        gone.ok and read.status != 200,
        expected="204, and no user afterwards",
        observed=f"{gone.summary()}, then {read.summary()}",
        at=(user.exchange, gone, read),
    )
