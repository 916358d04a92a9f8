"""What a target's TLS offers: looked at with handshakes of our own, beside the run's connections."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import httpx

from scimcheck.client.der import public_key
from scimcheck.client.url import BaseUrl

#: The cipher suites that Entra offers for TLS 1.2, by OpenSSL's names.
CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-AES128-SHA256",
    "ECDHE-ECDSA-AES256-SHA384",
    "ECDHE-RSA-AES128-SHA256",
    "ECDHE-RSA-AES256-SHA384",
)
_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What the handshakes showed; an empty text means *no*, for the reason beside it. ``key_bits`` may be unknown."""

    tls12: str = ""
    tls12_refusal: str = ""
    entra_cipher: str = ""
    entra_refusal: str = ""
    trust_problem: str = ""
    key_kind: str = ""
    key_bits: int | None = None

    @property
    def publicly_trusted(self) -> bool:
        """Whether the usual public authorities vouch for the certificate."""
        return not self.trust_problem

    @property
    def key_minimum(self) -> int:
        """The least key length in bits for the kind of key."""
        return 256 if self.key_kind == "EC" else 2048


def is_local(base: BaseUrl) -> bool:
    """Whether the host is this machine by name or address."""
    host = urlsplit(base.origin).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@lru_cache(maxsize=8)
def tls_facts(base: BaseUrl) -> TlsFacts:
    """Look at the target's TLS with four short handshakes; nothing is sent over them."""
    parts = urlsplit(base.origin)
    address = (parts.hostname or "", parts.port or 443)
    tls12, refusal, _ = _shake(address, _unverified(ssl.TLSVersion.TLSv1_2))
    entra, entra_refusal, _ = _shake(address, _unverified(ssl.TLSVersion.TLSv1_2, ":".join(CIPHERS)))
    _, problem, _ = _shake(address, httpx.create_ssl_context())
    _, _, certificate = _shake(address, _unverified())
    kind, bits = public_key(certificate)
    return TlsFacts(tls12, refusal, entra, entra_refusal, problem, kind, bits)


def _unverified(version: ssl.TLSVersion | None = None, ciphers: str = "") -> ssl.SSLContext:
    """A context for looking only: no secret travels over it, so the certificate need not be trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if version is not None:
        context.minimum_version = context.maximum_version = version
    if ciphers:
        context.set_ciphers(ciphers)
    return context


def _shake(address: tuple[str, int], context: ssl.SSLContext) -> tuple[str, str, bytes]:
    """Protocol and cipher of a handshake, or the reason why there was none; and the certificate in DER."""
    try:
        with (
            socket.create_connection(address, timeout=_TIMEOUT) as plain,
            context.wrap_socket(plain, server_hostname=address[0]) as secured,
        ):
            cipher = secured.cipher()
            return f"{secured.version()} {cipher[0] if cipher else ''}", "", secured.getpeercert(True) or b""
    except OSError as error:
        reason = getattr(error, "verify_message", "") or getattr(error, "reason", "") or str(error)
        return "", str(reason), b""
