"""E-mail addresses that two users share, or that change their letter case: nothing that a user is refused for."""

from __future__ import annotations

from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.entra_resources import WORK_MAIL
from scimcheck.harness.entra_search import expect_alone, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import prove, values_at
from scimcheck.harness.replay_values import need, ops
from scimcheck.harness.target import Target, error_text


def _mails(address: str) -> list[JSONObject]:
    return [{"type": "work", "value": address}]


def _address(scim: Target) -> str:
    return f"{scim.unique('shared')}.Team@example.com"


def _must_differ(model: ResourceModel) -> bool:
    """Whether the schema says that nobody shares an address."""
    located = (model.find(None, "emails"), model.find(None, "emails", "value"))
    return any(item is not None and item.attribute.uniqueness != "none" for item in located)


@check("ENTRA-4.3-09", needs=("User", "filter"))
def test_users_may_share_an_address(scim: Target, judge: Judge) -> None:
    """Two users with one e-mail address can be created, and each is found under its own name."""
    model = users(scim, judge)
    need(judge, model, WORK_MAIL)
    if _must_differ(model):
        judge.not_applicable("the schema says that e-mail addresses are unique")
    address = _address(scim)
    first = scim.create(model, emails=_mails(address))
    body = scim.payload(model, emails=_mails(address))
    created = scim.post(model.endpoint, json=body)
    judge.demand(
        "ENTRA-4.3-09",
        created.ok,
        expected="201 for a second user with the address of the first",
        observed=f"{created.summary()} {error_text(created)}".strip(),
        at=(first.exchange, created),
    )
    for user in (first, scim.resource_of(model, body, created)):
        expect_alone(scim, judge, "ENTRA-4.3-09", user, "userName", user.name)


@check("ENTRA-3.6-10", needs=("User", "read", "patch"))
def test_an_address_may_change_its_letter_case(scim: Target, judge: Judge) -> None:
    """The stored address in other letters is accepted; what is shown afterwards may be either."""
    model = users(scim, judge)
    need(judge, model, WORK_MAIL)
    address = _address(scim)
    user = scim.create(model, emails=_mails(address))

    def control(after: JSONObject) -> list[str]:
        shown = values_at(model, after, WORK_MAIL)
        kept = len(shown) == 1 and str(shown[0]).lower() == address.lower()
        return [] if kept else [f"{WORK_MAIL} is {shown!r}"]

    prove(
        scim,
        judge,
        "ENTRA-3.6-10",
        user,
        ops(("replace", WORK_MAIL, address.swapcase())),
        {},
        control=control,
        plain=ops(("replace", WORK_MAIL, address)),
        base="ENTRA-3.2-18",
    )
