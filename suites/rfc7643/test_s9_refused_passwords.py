"""RFC 7643 §4.1.1, §9: a refusal repeats no password either. Responses of success: test_s4_1_1_passwords.py."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target, patch_op

NEVER = "RFC7643-4.1.1-16"
MARK = "[redacted:test-password]"


def _secret(scim: Target) -> str:
    secret = f"Pw-{scim.unique('refused')}-9xQ!"
    scim.session.redactor.add_secret(secret, "test-password")
    return secret


def _refusals(scim: Target, user: Resource) -> list[Exchange]:
    """Requests with a password that are refused for something else: a name in use, a wrong type, an unknown op."""
    endpoint, body = user.model.endpoint, scim.payload(user.model)
    sent = [
        scim.post(endpoint, json=scim.payload(user.model, userName=user.name, password=_secret(scim))),
    ]
    if scim.depth == "deep":
        sent.append(scim.post(endpoint, json={**body, "password": _secret(scim), "emails": "scimcheck"}))
    if scim.capabilities.works("patch", user.model):
        operation = {"op": "increment", "path": "password", "value": _secret(scim)}
        sent.append(scim.patch(user.path, json=patch_op(operation)))
    return sent


@check(NEVER, needs=("User", "read"))
def test_refusals_repeat_no_password(scim: Target, judge: Judge, user: Resource) -> None:
    """Errors say what is wrong without the password that came with it."""
    if user.model.core.attribute("password") is None:
        judge.not_applicable("the target declares no password")
    sent = _refusals(scim, user)
    leaking = [exchange for exchange in sent if MARK in exchange.text or _in_headers(exchange)]
    judge.expect(
        NEVER,
        not leaking,
        expected="answers without the password",
        observed=f"the password is in {', '.join(exchange.summary() for exchange in leaking)}",
        at=leaking or sent,
    )


def _in_headers(exchange: Exchange) -> bool:
    return any(MARK in value for _, value in exchange.response_headers)
