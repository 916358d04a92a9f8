"""RFC 6750 §3: other spellings of an address are guarded like the usual one. Other endpoints: test_s2_1_header.py."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.values import has_value
from scimcheck.harness import check
from scimcheck.harness.attempts import attempt
from scimcheck.harness.documents import CONFIG, SCHEMAS, TYPES
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

GUARDED = "RFC6750-3-01"
#: Spellings of a collection's path that a guard in front may not recognise, and that a server may resolve.
SPELLINGS = (
    "{path}/",
    "//{bare}",
    "{path}/.",
    "{encoded}",
    "{path};x=1",
    "{path}.json",
    "/.{path}",
    "{upper}",
    "{path}%00",
)
#: How many of them a standard run tries.
USUAL = 1
#: Fields by which gateways tell services behind them who asks; from a client they prove nothing.
CLAIMS = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Real-IP": "127.0.0.1",
    "X-Forwarded-User": "admin",
    "X-Remote-User": "admin",
    "Remote-User": "admin",
    "X-Authenticated-User": "admin",
    "X-Ms-Client-Principal-Name": "admin",
}


def _spelled(pattern: str, path: str) -> str:
    return pattern.format(
        path=path, bare=path.lstrip("/"), encoded=f"/%{ord(path[1]):X}{path[2:]}", upper=path.swapcase()
    )


def _opened(exchange: Exchange | None) -> bool:
    """Whether an answer shows resources; what a web site shows at an unknown address is none of them."""
    return exchange is not None and exchange.ok and (bool(exchange.resources) or has_value(exchange.body.get("id")))


@check(GUARDED, needs=("auth", "read"))
def test_other_spellings_are_guarded(scim: Target, judge: Judge) -> None:
    """Without credentials no spelling of a path shows anything."""
    path = scim.shared(scim.primary)[0].model.endpoint
    for pattern in SPELLINGS if scim.depth == "deep" else SPELLINGS[:USUAL]:
        exchange = attempt(scim, "GET", _spelled(pattern, path), auth=None)
        judge.expect(
            GUARDED,
            not _opened(exchange),
            expected="401, or 404 for an address that is none",
            observed=exchange.summary() if exchange else "",
            at=exchange or (),
        )


@check(GUARDED, needs=("auth", "read"))
def test_claims_of_gateways_are_no_credentials(scim: Target, judge: Judge) -> None:
    """Header fields that a gateway would set prove nothing when a client sends them."""
    path = scim.shared(scim.primary)[0].model.endpoint
    exchange = attempt(scim, "GET", path, auth=None, headers=CLAIMS)
    judge.expect(
        GUARDED,
        not _opened(exchange),
        expected="401, whoever the client says it is",
        observed=exchange.summary() if exchange else "",
        at=exchange or (),
    )


@check("RFC7644-3.12-09", needs=("auth", "bearer", "read"))
def test_refusals_do_not_tell_what_exists(scim: Target, judge: Judge) -> None:
    """Without valid credentials an id that does not exist is answered like one that does: with 401."""
    resource = scim.shared(scim.primary)[0]
    unknown = scim.get(scim.unknown_id(resource.model), auth="Bearer scimcheck-nobody")
    if unknown.status == 401:
        judge.expect("RFC7644-3.12-09", True, expected="", observed="", at=unknown)
        return
    there = scim.get(resource.path, auth="Bearer scimcheck-nobody")
    judge.expect(
        "RFC7644-3.12-09",
        there.ok or there.status == unknown.status,
        expected=f"{there.status} for the id that does not exist, too",
        observed=unknown.summary(),
        at=(resource.exchange, there, unknown),
    )


@check("RFC7644-2-01", needs=("auth",), depth="deep", writes=False)
def test_discovery_is_open_or_guarded(scim: Target, judge: Judge) -> None:
    """Without credentials the discovery documents are shown, or refused with a challenge."""
    for path in (CONFIG, SCHEMAS, TYPES):
        exchange = scim.get(path, auth=None)
        judge.expect(
            "RFC7644-2-01",
            exchange.status != 401 or exchange.header("www-authenticate"),
            expected="200, or 401 with WWW-Authenticate",
            observed=f"{exchange.summary()} without a challenge",
            at=exchange,
        )
