"""RFC 7644 §7.5.2 and RFC 7643 §4.1.1, §7: filters on what should not stand in a URL or is never shown.

What is sensitive is up to the target: nothing here asks it to refuse.
"""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.paths import path_of
from scimcheck.harness.population import quoted
from scimcheck.harness.target import Target

STATUS, POST, KEYWORD = "RFC7644-7.5.2-01", "RFC7644-7.5.2-02", "RFC7644-3.12-26"


def _sensitive(model: ResourceModel) -> list[str]:
    """The attributes that a target would call sensitive first: the password, and what is never returned."""
    named = ["password"] if model.core.attribute("password") else []
    return list(dict.fromkeys([*named, *(str(path_of(each)) for each in attributes.having(model, "never"))]))


@check(STATUS, POST, KEYWORD, needs=("filter",), writes=False)
def test_sensitive_filters_are_refused_by_name(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A GET refused because its filter is sensitive says so with 403 and sensitive, and goes through by POST."""
    refusals: list[tuple[str, Exchange]] = []
    for name in _sensitive(model):
        exchange = scim.search(model.endpoint, f'{name} eq "scimcheck"')
        if exchange.status == 403 or exchange.scim_type == "sensitive":
            refusals.append((name, exchange))
    if not refusals:
        judge.not_applicable("the target refuses no filter because of what it is about")
    for name, refusal in refusals:
        judge.expect(STATUS, refusal.status == 403, expected="403", observed=refusal.summary(), at=refusal)
        if refusal.scim_type == "sensitive":
            judge.expect(KEYWORD, True, expected="", observed="", at=refusal)
            _judge_post(scim, judge, model, name, refusal)
        else:
            judge.advise(KEYWORD, expected="scimType sensitive", observed=refusal.summary(), at=refusal)
            judge.skip(POST, "the refusal does not point to POST")


def _judge_post(scim: Target, judge: Judge, model: ResourceModel, name: str, refusal: Exchange) -> None:
    if not scim.capabilities.works("search", model):
        judge.skip(POST, "POST /.search is not offered")
        return
    body = {"schemas": [urns.SEARCH_REQUEST], "filter": f'{name} eq "scimcheck"'}
    exchange = scim.post(f"{model.endpoint}/.search", json=body)
    judge.expect(
        POST,
        exchange.ok,
        expected="200 by POST /.search",
        observed=exchange.summary(),
        at=(refusal, exchange),
    )


@check("RFC7643-7-36", needs=("filter", "attr:never"))
def test_filters_on_hidden_attributes_disclose_nothing(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A filter on an attribute that is never returned is answered or refused, and does not show the attribute."""
    names = [str(path_of(each)) for each in attributes.having(model, "never")]
    if not names:
        judge.not_applicable(f"{model.name} has no attribute that is never returned")
    for name in names:
        _undisclosed(scim, judge, "RFC7643-7-36", model, f"{name} pr", name)


@check("RFC7643-4.1.1-22", needs=("User", "filter"))
def test_filters_on_passwords_disclose_nothing(scim: Target, judge: Judge) -> None:
    """A filter on password matches, finds nothing or is refused; the answer never holds a password."""
    user = scim.user
    if user is None or user.core.attribute("password") is None:
        judge.not_applicable("users have no password")
    secret = f"Pw-{scim.unique('secret')}-7Q"
    scim.create(user, password=secret)
    for operand in (quoted(secret), quoted("Pw-wrong")):
        _undisclosed(scim, judge, "RFC7643-4.1.1-22", user, f"password eq {operand}", "password")


def _undisclosed(
    scim: Target, judge: Judge, requirement: str, model: ResourceModel, expression: str, name: str
) -> None:
    exchange = scim.search(model.endpoint, expression, count=10)
    leaf = name.rpartition(":")[2].partition(".")[0].lower()
    shown = [item for item in exchange.resources if leaf in (key.lower() for key in item)]
    judge.expect(
        requirement,
        (exchange.status < 500 or exchange.status == 501) and not shown,
        expected=f"a list or a refusal, without {name}",
        observed=f"{exchange.summary()}" + (f" with {name}" if shown else ""),
        at=exchange,
    )
