"""What a handshake with the target shows, for the checks of HTTPS; suites do not reach into the client."""

from scimcheck.client.tls import CIPHERS, TlsFacts, is_local, tls_facts

__all__ = ["CIPHERS", "TlsFacts", "is_local", "tls_facts"]
