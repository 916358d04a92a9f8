"""The parameter of Entra's compatibility flag, ``aadOptscim062020``, which may travel with every request."""

from __future__ import annotations

import pytest

from scimcheck.core.schema import ResourceModel
from scimcheck.entra.dialect import Dialect
from scimcheck.entra.queries import encode_query, gallery_query
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import prove, send, set_aside
from scimcheck.harness.replay_values import need, need_texts, ops
from scimcheck.harness.target import Target, ids

#: The bare query parameter.
FLAG = "aadOptscim062020"
#: What it was called until 2021, and the name of the way back.
FORMER = ("AzureAdScimPatch062020", "AzureAdScimPatch2017")


def _model(scim: Target) -> ResourceModel:
    return scim.user or scim.primary


@check("ENTRA-3.1-01", needs=("User", "filter"))
def test_a_search_ignores_the_flag(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A search with the flag in front of the filter, or behind it, has the result of one without."""
    set_aside(judge, dialect)
    user = scim.shared(_model(scim))[0]
    query = encode_query({"filter": f'userName eq "{user.name}"'})
    for flagged in (f"{FLAG}&{query}", f"{query}&{FLAG}"):
        found = scim.get(user.model.endpoint, params=flagged)
        judge.expect(
            "ENTRA-3.1-01",
            ids(found.resources) == [user.id],
            expected="the user alone",
            observed=f"{found.summary()} with {ids(found.resources)}",
            at=(user.exchange, found),
        )


@check("ENTRA-3.1-02", needs=("User",))
def test_a_creation_ignores_the_flag(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A creation with the flag in its query is carried out."""
    set_aside(judge, dialect)
    created = scim.post(_model(scim).endpoint, json=scim.payload(_model(scim)), params=FLAG)
    judge.status("ENTRA-3.1-02", created, 201)


@check("ENTRA-3.1-03", needs=("User", "read", "patch"))
def test_a_change_ignores_the_flag(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A PATCH with the flag in its query has its effect."""
    set_aside(judge, dialect)
    (path,) = need_texts(judge, _model(scim))
    user, value = scim.some(_model(scim)), scim.unique("flagged")
    body = ops(("replace", path, value))
    prove(scim, judge, "ENTRA-3.1-03", user, body, {path: value}, query=FLAG, plain=body, base="ENTRA-2.1-04")


@check("ENTRA-3.1-04", needs=("User", "delete"))
def test_a_deletion_ignores_the_flag(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A DELETE with the flag in its query is carried out."""
    set_aside(judge, dialect)
    user = scim.some(_model(scim))
    gone = scim.delete(user.path, params=FLAG)
    judge.expect("ENTRA-3.1-04", gone.ok, expected="204", observed=gone.summary(), at=(user.exchange, gone))


@check("ENTRA-3.1-05", needs=("User", "read", "patch"))
def test_the_legacy_forms_work_with_the_flag(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """With the flag in the URL a disable in the form without the flag is understood."""
    set_aside(judge, dialect)
    need(judge, _model(scim), "active")
    user = scim.some(_model(scim), lambda state: state.get("active") is True, active=True)
    body, effect = ops(("Replace", "active", "False")), {"active": False}
    outcome = send(scim, user, body, effect, query=FLAG)
    if outcome.sent.ok and outcome.read.status != 200:
        judge.blocked("ENTRA-4.5-01", outcome.observed)
    if not outcome.held and not send(scim, user, body, effect).held:
        judge.blocked("ENTRA-3.2-01", f"without the flag no better: {outcome.observed}")
    judge.expect("ENTRA-3.1-05", outcome.held, expected="active false", observed=outcome.observed, at=outcome.exchanges)


@pytest.mark.parametrize("name", FORMER)
@check("ENTRA-3.1-06", needs=("User", "read", "patch", "unbroken:filter"))
def test_former_names_of_the_flag_are_ignored(scim: Target, judge: Judge, name: str) -> None:
    """Search, creation and change are carried out with a former name of the flag in the query."""
    model = _model(scim)
    (path,) = need_texts(judge, model)
    created = scim.post(model.endpoint, json=scim.payload(model), params=name)
    judge.demand("ENTRA-3.1-06", created.ok, expected="201", observed=created.summary(), at=created)
    user, value = scim.resource_of(model, {}, created), scim.unique("former")
    found = scim.get(model.endpoint, params=f"{name}&{gallery_query('userName', user.name)}")
    judge.expect(
        "ENTRA-3.1-06",
        found.ok,
        expected="200",
        observed=found.summary(),
        at=(created, found),
    )
    body = ops(("replace", path, value))
    prove(scim, judge, "ENTRA-3.1-06", user, body, {path: value}, query=name, plain=body, base="ENTRA-2.1-04")
