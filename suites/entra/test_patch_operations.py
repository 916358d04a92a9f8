"""What every PATCH of Entra rests on: that users can be patched, and how operations may be spelled."""

from __future__ import annotations

from scimcheck.core.schema import ResourceModel
from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import ABSENT, Effect, Outcome, lower_case, send, set_aside
from scimcheck.harness.replay_values import bare, fresh, holder, need_texts, ops
from scimcheck.harness.target import Resource, Target


def _model(scim: Target) -> ResourceModel:
    return scim.user or scim.primary


@check("ENTRA-2.1-04", needs=("User", "read"), depth="quick")
def test_users_are_patched(scim: Target, judge: Judge) -> None:
    """A PATCH of a user is answered with 200 or 204, and the next read shows the new value."""
    (path,) = need_texts(judge, _model(scim))
    outcome = _first_that_works(scim, holder(scim, _model(scim), fresh(scim, path)), path)
    judge.expect(
        "ENTRA-2.1-04",
        outcome.held and outcome.sent.status in (200, 204),
        expected=f"200 or 204, and the new {path}",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


def _first_that_works(scim: Target, user: Resource, name: str) -> Outcome:
    """The first usual form of a change that has its effect, or the last one."""
    for op, path in (("replace", name), ("Replace", name), ("add", name), ("replace", None)):
        value = scim.unique("patched")
        outcome = send(scim, user, ops((op, path, value if path else {name: value})), {name: value}, blame=False)
        if outcome.held:
            break
    return outcome


@check("ENTRA-2.2-07", needs=("User", "read", "patch"), depth="quick")
def test_operations_are_understood_in_capitals(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Add, Replace and Remove have the effect of add, replace and remove."""
    set_aside(judge, dialect)
    (path,) = need_texts(judge, _model(scim), optional=True)
    added, replaced = scim.unique("added"), scim.unique("replaced")
    user = bare(scim, judge, _model(scim), path)
    steps: list[tuple[str, str | None, Effect]] = [
        ("Add", added, {path: added}),
        ("Replace", replaced, {path: replaced}),
        ("Remove", None, {path: ABSENT}),
    ]
    for op, value, effect in steps:
        body = ops((op, path, value))
        capital = send(scim, user, body, effect, blame=False)
        works = capital.held or not send(scim, user, lower_case(body), effect).held
        judge.expect(
            "ENTRA-2.2-07",
            works,
            expected=f"the effect of {op.lower()}",
            observed=f"{capital.observed}; {op.lower()} works",
            at=capital.exchanges,
            subject=op,
        )
