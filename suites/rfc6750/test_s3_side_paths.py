"""RFC 6750 §3: other spellings of an address are guarded like the usual one. Other endpoints: test_s2_1_header.py."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.values import has_value
from scimcheck.harness import check
from scimcheck.harness.attempts import attempt
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
USUAL = 3


def _spelled(pattern: str, path: str) -> str:
    return pattern.format(
        path=path, bare=path.lstrip("/"), encoded=f"/%{ord(path[1]):X}{path[2:]}", upper=path.swapcase()
    )


def _opened(exchange: Exchange | None) -> bool:
    """Whether an answer shows resources; what a web site shows at an unknown address is none of them."""
    return exchange is not None and exchange.ok and (bool(exchange.resources) or has_value(exchange.body.get("id")))


@check(GUARDED, needs=("auth", "read"), writes=True)
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


@check("RFC7644-3.12-09", needs=("auth", "bearer", "read"))
def test_refusals_do_not_tell_what_exists(scim: Target, judge: Judge) -> None:
    """Without valid credentials an id that exists and one that does not are answered alike."""
    resource = scim.shared(scim.primary)[0]
    unknown = scim.unknown_id(resource.model)
    there, not_there = (scim.get(path, auth="Bearer scimcheck-nobody") for path in (resource.path, unknown))
    if there.ok:
        judge.blocked(GUARDED, f"no valid credentials were needed: {there.summary()}")
    judge.expect(
        "RFC7644-3.12-09",
        there.status == not_there.status,
        expected=f"{there.status} for the id that does not exist, too",
        observed=not_there.summary(),
        at=(resource.exchange, there, not_there),
    )
