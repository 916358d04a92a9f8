"""RFC 6750 §3, RFC 9110 §15.5.2: how a refusal is told. The form of challenges is judged by exchange rules."""

from __future__ import annotations

from scimcheck.checks.challenge import challenges
from scimcheck.client.exchange import Exchange
from scimcheck.harness import check
from scimcheck.harness.credentials import MADE_UP, refused_credentials
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target


def _errors(exchange: Exchange) -> list[str | None]:
    return [item.parameter("error") for item in challenges(exchange) if item.scheme.lower() == "bearer"]


@check("RFC7644-3.12-09", "RFC9110-15.5.2-01", needs=("auth", "list"), depth="quick", writes=False)
def test_refusal_is_401_with_a_challenge(scim: Target, judge: Judge) -> None:
    """Missing and wrong credentials are answered with 401; a 401 comes with a challenge."""
    for header in (None, f"Bearer {MADE_UP}"):
        exchange = scim.get(scim.primary.endpoint, auth=header)
        if exchange.ok:
            judge.skip("RFC7644-3.12-09", "not refused at all, which is judged elsewhere")
            judge.skip("RFC9110-15.5.2-01", "not refused at all, which is judged elsewhere")
            continue
        judge.status("RFC7644-3.12-09", exchange, 401)
        judge.expect(
            "RFC9110-15.5.2-01",
            exchange.status != 401 or challenges(exchange),
            expected="a challenge with every 401",
            observed=f"WWW-Authenticate: {exchange.header('www-authenticate') or '(none)'}",
            at=exchange,
        )
    open_door = scim.get(scim.primary.endpoint, params={"count": "1"})
    judge.expect(
        "RFC9110-15.5.2-01",
        open_door.status != 401,
        expected="no 401 for valid credentials",
        observed=open_door.summary(),
        at=open_door,
    )


@check("RFC6750-3-08", "RFC6750-3.1-02", needs=("auth", "bearer", "list"), writes=False)
def test_refused_token_is_told_as_invalid_token(scim: Target, judge: Judge) -> None:
    """A token that was refused is named as invalid_token, with status 401."""
    exchange = scim.get(scim.primary.endpoint, auth=f"Bearer {MADE_UP}")
    if exchange.ok:
        judge.blocked("RFC7644-2-04", f"a made-up token was accepted: {exchange.summary()}")
    told = _errors(exchange)
    if told:
        judge.expect(
            "RFC6750-3-08",
            any(told),
            expected="an error parameter in the challenge",
            observed=f"WWW-Authenticate: {exchange.header('www-authenticate')}",
            at=exchange,
        )
    else:
        judge.skip("RFC6750-3-08", "there is no Bearer challenge, which is judged elsewhere")
    judge.expect(
        "RFC6750-3.1-02",
        exchange.status == 401 and (not any(told) or "invalid_token" in told),
        expected='401 with error="invalid_token"',
        observed=f"{exchange.status} with error {next((item for item in told if item), '(none)')}",
        at=exchange,
    )


@check("RFC6750-3.1-05", needs=("auth", "bearer", "list"), writes=False)
def test_missing_credentials_have_no_error_code(scim: Target, judge: Judge) -> None:
    """A request that brought no credentials at all gets a challenge without error code."""
    exchange = scim.get(scim.primary.endpoint, auth=None)
    if exchange.ok:
        judge.blocked("RFC6750-3-01", f"no credentials were needed: {exchange.summary()}")
    judge.expect(
        "RFC6750-3.1-05",
        not any(_errors(exchange)),
        expected="a challenge without error",
        observed=f"WWW-Authenticate: {exchange.header('www-authenticate') or '(none)'}",
        at=exchange,
    )


@check("RFC6750-3.1-01", needs=("auth", "bearer", "list"), writes=False)
def test_malformed_credentials_are_an_invalid_request(scim: Target, judge: Judge) -> None:
    """Malformed credentials are refused with 400 invalid_request, or with 401, which is as common."""
    for item in refused_credentials(scim.identities.valid or ""):
        if item.kind == "malformed" and item.header:
            exchange = scim.get(scim.primary.endpoint, auth=item.header)
            judge.expect(
                "RFC6750-3.1-01",
                exchange.ok or exchange.status in (400, 401),
                expected="400 or 401",
                observed=f"{exchange.summary()} with {item.name}",
                at=exchange,
            )
