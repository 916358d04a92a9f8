"""RFC 7643 §4.1.1 and §7: passwords are set and never shown. That no response of the run holds one is a rule."""

from __future__ import annotations

from collections.abc import Sequence

from scimcheck.client.exchange import Exchange
from scimcheck.core.resource import member
from scimcheck.core.values import has_value
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import put_body
from scimcheck.harness.target import Resource, Target


def _secret(scim: Target) -> str:
    """A password that any policy accepts; where it turns up in a response it leaves a mark."""
    secret = f"Pw-{scim.unique('secret')}-9xQ!"
    scim.session.redactor.add_secret(secret, "test-password")
    return secret


def _declared(judge: Judge, user: Resource) -> None:
    if user.model.core.attribute("password") is None:
        judge.not_applicable("the target declares no password")


def _leaks(exchange: Exchange) -> bool:
    """Whether a response shows the password: as a member, or its text anywhere."""
    listed = exchange.resources or [exchange.body]
    members = any(has_value(member(resource, "password")) for resource in listed)
    headers = any("[redacted:test-password]" in value for _, value in exchange.response_headers)
    return members or headers or "[redacted:test-password]" in exchange.text


@check("RFC7643-4.1.1-16", "RFC7643-4.1.1-17", needs=("User", "read", "list"), depth="quick")
def test_password_is_set_and_never_shown(scim: Target, judge: Judge) -> None:
    """A password can be set and replaced, and is in no response, not even when it is asked for."""
    user = scim.some(scim.user or scim.primary)
    _declared(judge, user)
    body = scim.payload(user.model)
    created = scim.post(user.model.endpoint, json={**body, "password": _secret(scim)})
    judge.demand("RFC7643-4.1.1-17", created.ok, expected="201", observed=created.summary(), at=created)
    resource = scim.resource_of(user.model, body, created)
    seen = [created, *_replaced(scim, judge, resource), *_asked_for(scim, resource)]
    leaking = [exchange for exchange in seen if _leaks(exchange)]
    judge.expect(
        "RFC7643-4.1.1-16",
        not leaking,
        expected="responses without the password",
        observed=f"the password is in {', '.join(exchange.summary() for exchange in leaking)}",
        at=leaking or seen,
    )


def _replaced(scim: Target, judge: Judge, resource: Resource) -> Sequence[Exchange]:
    """PUT and PATCH of another password; a target may say that it changes none."""
    changes = scim.config.get("changePassword")
    refusable = not (isinstance(changes, dict) and changes.get("supported") is True)
    seen: list[Exchange] = []
    if scim.capabilities.works("put", resource.model):
        seen.append(scim.put(resource.path, json=put_body(scim, resource, password=_secret(scim))))
    if scim.capabilities.works("patch", resource.model):
        seen.append(scim.patch(resource.path, {"op": "replace", "path": "password", "value": _secret(scim)}))
    for exchange in seen:
        judge.expect(
            "RFC7643-4.1.1-17",
            exchange.ok or (refusable and exchange.status < 500),
            expected="200 or 204",
            observed=exchange.summary(),
            at=exchange,
        )
    return seen


def _asked_for(scim: Target, resource: Resource) -> list[Exchange]:
    name = str(resource.sent.get("userName"))
    return [
        scim.read(resource),
        scim.read(resource, attributes="userName,password"),
        scim.search(resource.model.endpoint, f'userName eq "{name}"'),
        scim.search(resource.model.endpoint, f'userName eq "{name}"', attributes="userName,password"),
    ]


@check("RFC7643-4.1.1-22", "RFC7643-7-36", needs=("User", "filter"))
def test_password_in_a_filter_discloses_nothing(scim: Target, judge: Judge, user: Resource) -> None:
    """A filter on password is answered in any orderly way, and never with the password."""
    _declared(judge, user)
    secret = _secret(scim)
    created = scim.post(user.model.endpoint, json=scim.payload(user.model, password=secret))
    if not created.ok:
        judge.blocked("RFC7643-4.1.1-17", f"no User with a password could be created: {created.summary()}")
    for expression in (f'password eq "{secret}"', 'password sw "Pw-"'):
        found = scim.search(user.model.endpoint, expression)
        for requirement in ("RFC7643-4.1.1-22", "RFC7643-7-36"):
            judge.expect(
                requirement,
                found.status < 500 and not any(has_value(member(item, "password")) for item in found.resources),
                expected="a list without passwords, 400 or 403",
                observed=found.summary(),
                at=(created, found),
            )
