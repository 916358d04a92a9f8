"""OAuth 2.0 client credentials: the token endpoint as Entra uses it. Runs when the run itself has such credentials."""

from __future__ import annotations

import base64
from typing import Any

from scimcheck.client.exchange import Exchange
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import OAuthClient, Target

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


def _client(scim: Target) -> OAuthClient:
    client = scim.identities.oauth
    assert client is not None
    return client


def _ask(scim: Target, *, basic: bool) -> Exchange:
    """A client-credentials request with the credentials in the header or in the form."""
    client = _client(scim)
    headers: dict[str, Any] = dict(_FORM)
    form = "grant_type=client_credentials"
    auth: str | None = None
    if basic:
        pair = f"{client.id}:{client.secret}".encode()
        auth = f"Basic {base64.b64encode(pair).decode('ascii')}"
    else:
        form += f"&client_id={client.quoted_id}&client_secret={client.quoted_secret}"
    return scim.oauth_session().post("", content=form.encode("ascii"), headers=headers, auth=auth)


@check("ENTRA-1.4-03", "ENTRA-1.4-05", "ENTRA-1.4-06", needs=("oauth",))
def test_credentials_in_the_form(scim: Target, judge: Judge) -> None:
    """A form with client id and secret gives a bearer token that lives from one to six hours."""
    exchange = _ask(scim, basic=False)
    judge.demand("ENTRA-1.4-03", exchange.status == 200, expected="200", observed=exchange.summary(), at=exchange)
    body = exchange.body
    told = body.get("expires_in")
    lifetime = told if isinstance(told, int) and not isinstance(told, bool) else None
    judge.expect(
        "ENTRA-1.4-05",
        body.get("access_token") and str(body.get("token_type")).lower() == "bearer" and lifetime is not None,
        expected="access_token, token_type Bearer and expires_in, a number",
        observed=f"members {sorted(body)}, token_type {body.get('token_type')!r}, expires_in {told!r}",
        at=exchange,
    )
    if lifetime is not None:
        judge.expect(
            "ENTRA-1.4-06",
            3600 <= lifetime <= 21600,
            expected="3600 to 21600 seconds",
            observed=f"{lifetime} seconds",
            at=exchange,
        )
    else:
        judge.skip("ENTRA-1.4-06", "the answer tells no lifetime")


@check("ENTRA-1.4-04", needs=("oauth",))
def test_credentials_in_the_header(scim: Target, judge: Judge) -> None:
    """The same request with the credentials in a Basic header."""
    exchange = _ask(scim, basic=True)
    judge.expect("ENTRA-1.4-04", exchange.status == 200, expected="200", observed=exchange.summary(), at=exchange)
