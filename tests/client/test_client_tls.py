"""What a look at a target's TLS tells."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest
from client_servers import Authority, raw_server
from hypothesis import given
from hypothesis import strategies as st

from scimcheck.client.der import public_key
from scimcheck.client.tls import is_local, tls_facts
from scimcheck.client.url import BaseUrl


def test_a_self_signed_server_is_described(authority: Authority) -> None:
    """TLS 1.2 with an ECDHE suite, a key of 256 bits, and no public authority behind it."""
    with raw_server(lambda connection, head: None, authority.server) as server:
        facts = tls_facts(BaseUrl.parse(f"https://localhost:{server.port}/scim"))
    assert facts.tls12.startswith("TLSv1.2")
    assert facts.entra_cipher.startswith("TLSv1.2 ECDHE-ECDSA")
    assert not facts.publicly_trusted
    assert (facts.key_kind, facts.key_bits, facts.key_minimum) == ("EC", 256, 256)


def test_a_server_of_tls_1_3_alone_is_told(authority: Authority) -> None:
    """No handshake with TLS 1.2, and a reason for it."""
    authority.server.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        with raw_server(lambda connection, head: None, authority.server) as server:
            facts = tls_facts(BaseUrl.parse(f"https://localhost:{server.port}/scim"))
    finally:
        authority.server.minimum_version = ssl.TLSVersion.TLSv1_2
    assert not facts.tls12
    assert facts.tls12_refusal
    assert facts.key_bits == 256


@pytest.mark.parametrize(("algorithm", "expected"), [("rsa:1024", ("RSA", 1024)), ("rsa:2048", ("RSA", 2048))])
def test_rsa_keys_are_measured(tmp_path: Path, algorithm: str, expected: tuple[str, int]) -> None:
    """The modulus counts."""
    pem = tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", algorithm, "-nodes", "-subj", "/CN=x", "-days", "1", "-keyout",
         str(tmp_path / "key.pem"), "-out", str(pem)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    assert public_key(ssl.PEM_cert_to_DER_cert(pem.read_text())) == expected


@given(st.binary(max_size=200))
def test_any_bytes_are_no_reason_to_crash(data: bytes) -> None:
    """A hostile certificate is a key of unknown kind."""
    kind, bits = public_key(data)
    assert kind in ("", "RSA", "EC")
    assert bits is None or bits >= 0


@pytest.mark.parametrize(
    ("url", "local"),
    [("http://127.0.0.1:8/x", True), ("https://[::1]/x", True), ("http://localhost/x", True),
     ("https://scim.example.com", False), ("http://10.0.0.1/x", False)],
)  # fmt: skip
def test_loopback_is_local(url: str, local: bool) -> None:
    """By address and by name."""
    assert is_local(BaseUrl.parse(url)) is local
