"""HTTPS as Entra wants it: TLS 1.2 with one of its cipher suites, a public certificate, a key that is long enough."""

from __future__ import annotations

from scimcheck.harness import check
from scimcheck.harness.encryption import CIPHERS, TlsFacts, is_local, tls_facts
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target


def _facts(scim: Target, judge: Judge) -> TlsFacts:
    if not scim.over_network:
        judge.not_applicable("the target runs in this process: there is no TLS to look at")
    return tls_facts(scim.session.base)


@check("ENTRA-1.6-01", writes=False)
def test_tenant_url_is_https(scim: Target, judge: Judge) -> None:
    """The base URL is https; a loopback address is a test server and exempt."""
    base = scim.session.base
    if is_local(base):
        judge.not_applicable("a loopback address is exempt")
    judge.expect(
        "ENTRA-1.6-01",
        base.url.startswith("https:"),
        expected="a URL with https",
        observed=scim.session.redactor.url(base.url),
    )


@check("RFC7644-7.2-02", "ENTRA-1.6-02", "ENTRA-1.6-03", needs=("tls",), writes=False)
def test_tls_1_2_is_accepted(scim: Target, judge: Judge) -> None:
    """A handshake limited to TLS 1.2, and to the suites that Entra offers, succeeds."""
    facts = _facts(scim, judge)
    if facts.tls12:
        judge.expect("RFC7644-7.2-02", True, expected="TLS 1.2", observed=facts.tls12)
    else:
        judge.advise("RFC7644-7.2-02", expected="TLS 1.2 accepted", observed=facts.tls12_refusal)
    judge.demand("ENTRA-1.6-02", facts.tls12, expected="TLS 1.2 accepted", observed=facts.tls12 or facts.tls12_refusal)
    judge.expect(
        "ENTRA-1.6-03",
        facts.entra_cipher,
        expected=f"one of {', '.join(CIPHERS)}",
        observed=facts.entra_cipher or facts.entra_refusal,
    )


@check("ENTRA-1.6-04", "ENTRA-1.6-05", needs=("tls",), writes=False)
def test_certificate_is_public_and_strong(scim: Target, judge: Judge) -> None:
    """The chain leads to a public authority, and the key is long enough; local test servers are exempt from both."""
    if scim.over_network and is_local(scim.session.base):
        judge.not_applicable("a loopback address is exempt")
    facts = _facts(scim, judge)
    judge.expect(
        "ENTRA-1.6-04",
        facts.publicly_trusted,
        expected="a chain that the public authorities vouch for",
        observed=facts.trust_problem or "trusted",
    )
    judge.expect(
        "ENTRA-1.6-05",
        facts.key_bits is None or facts.key_bits >= facts.key_minimum,
        expected=f"a key of at least {facts.key_minimum} bits",
        observed=f"{facts.key_kind} key of {facts.key_bits} bits",
    )
