"""RFC 7643 §4.1.1: userName: required, unique, without regard to case; prepared for comparison (RFC 7644 §5)."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.values import has_value
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import put_body
from scimcheck.harness.target import Resource, Target, ids

_ABSENT = "absent"


def _with_name(body: JSONObject, value: JSON) -> JSONObject:
    """The body with that userName, or without one."""
    rest = {name: item for name, item in body.items() if name != "userName"}
    return rest if value == _ABSENT else {**rest, "userName": value}


@check("RFC7643-4.1.1-02", needs=("User", "read"))
def test_user_needs_a_name(scim: Target, judge: Judge) -> None:
    """POST and PUT of a User without userName, or with an empty one, are refused with 400."""
    user = scim.some(scim.user or scim.primary)
    for value in (_ABSENT, None, ""):
        created = scim.post(user.model.endpoint, json=_with_name(scim.payload(user.model), value))
        _is_refused(judge, created, value)
        if not scim.capabilities.works("put", user.model):
            continue
        replaced = scim.put(user.path, json=_with_name(put_body(scim, user), value))
        if value == _ABSENT and replaced.ok and has_value(scim.state(user).get("userName")):
            continue  # a name that is left out may stay or get a default (RFC7644-3.5.1-09)
        _is_refused(judge, replaced, value, user.exchange)


def _is_refused(judge: Judge, exchange: Exchange, value: JSON, *before: Exchange) -> None:
    judge.expect(
        "RFC7643-4.1.1-02",
        exchange.status == 400,
        expected="400 with scimType invalidValue",
        observed=f"{exchange.summary()} with userName {value!r}",
        at=(*before, exchange),
    )
    if exchange.status == 400 and exchange.scim_type not in ("invalidValue", "invalidSyntax", None):
        judge.advise(
            "RFC7643-4.1.1-02",
            expected="scimType invalidValue",
            observed=f"scimType {exchange.body.get('scimType')!r}",
            at=(*before, exchange),
        )


@check("RFC7643-4.1.1-03", needs=("User", "read"))
def test_user_name_is_unique(scim: Target, judge: Judge) -> None:
    """A second User with the same userName does not come to be, by POST or PUT, and the first one stays as it is."""
    user = scim.some(scim.user or scim.primary)
    before = scim.current(user)
    again = scim.post(user.model.endpoint, json=scim.payload(user.model, userName=user.name))
    sent, where = [again], again.summary()
    holds = not again.ok
    if scim.capabilities.works("put", user.model):
        other = scim.some(user.model)
        moved = scim.put(other.path, json=put_body(scim, other, userName=user.name))
        after = scim.state(other).get("userName")
        taken = isinstance(after, str) and after.lower() == str(before.body.get("userName")).lower()
        sent, where, holds = [again, moved], f"{where}; {moved.summary()}", holds and not taken
    judge.expect(
        "RFC7643-4.1.1-03",
        holds,
        expected=f"one User named {user.name}",
        observed=f"a second one was accepted: {where}",
        at=(user.exchange, *sent),
    )


@check("RFC7643-4.1.1-04", needs=("User", "filter", "read"))
def test_letter_case_of_user_names_does_not_matter(scim: Target, judge: Judge, user: Resource) -> None:
    """A filter finds a User by its name in other letters; whether such a name is free is the provider's choice."""
    attribute = user.model.core.attribute("userName")
    if attribute is not None and attribute.case_exact:
        judge.not_applicable("the schema says that userName is case exact")
    name = str(scim.state(user).get("userName"))
    turned = name.swapcase()
    found = scim.search(user.model.endpoint, f'userName eq "{turned}"')
    judge.expect(
        "RFC7643-4.1.1-04",
        user.id in ids(found.resources),
        expected=f"the User named {name}",
        observed=f"{found.summary()} with {len(found.resources)} resources",
        at=(user.exchange, found),
    )
    second = scim.post(user.model.endpoint, json=scim.payload(user.model, userName=turned))
    if second.ok and _names_collide(scim, user):
        judge.advise(
            "RFC7643-4.1.1-04",
            expected=f"409: {turned} is {name}",
            observed=second.summary(),
            at=(user.exchange, second),
        )


def _names_collide(scim: Target, user: Resource) -> bool:
    """Whether the target refuses an equal userName at all; if not, that is the finding (RFC7643-4.1.1-03)."""
    return not scim.post(user.model.endpoint, json=scim.payload(user.model, userName=user.name)).ok


@check("RFC7644-5-01", needs=("User", "read"))
def test_user_names_are_prepared(scim: Target, judge: Judge, user: Resource) -> None:
    """A name in decomposed letters collides with the same name in composed ones; few providers do this."""
    model, stem = user.model, scim.unique("prec")
    first = scim.post(model.endpoint, json=scim.payload(model, userName=f"{stem}-zoe\u0308@example.com"))
    if not first.ok:
        judge.not_applicable(f"the target takes no such userName: {first.summary()}")
    second = scim.post(model.endpoint, json=scim.payload(model, userName=f"{stem}-zo\u00eb@example.com"))
    judge.expect(
        "RFC7644-5-01",
        second.ok or second.status < 500,
        expected="409, or 201 for a name of its own",
        observed=second.summary(),
        at=(first, second),
    )
    if second.ok and _names_collide(scim, user):
        judge.advise(
            "RFC7644-5-01",
            expected="409: both spellings are one name",
            observed=second.summary(),
            at=(first, second),
        )


@check("RFC7643-4.1.1-08", needs=("User", "read"))
def test_nick_name_is_no_copy_of_the_user_name(scim: Target, judge: Judge, user: Resource) -> None:
    """A User that was created without nickName does not get its userName for one."""
    if user.model.core.attribute("nickName") is None:
        judge.not_applicable("the target declares no nickName")
    if "nickName" in user.sent:
        judge.not_applicable("the target demands a nickName")
    resource = user
    found = scim.read(resource)
    judge.expect(
        "RFC7643-4.1.1-08",
        not has_value(found.body.get("nickName")) or found.body.get("nickName") != found.body.get("userName"),
        expected="no nickName",
        observed=f"nickName: {found.body.get('nickName')!r}",
        at=(resource.exchange, found),
    )
