"""JSON Web Tokens signed with RS256 (RFC 7515, RFC 7518 §3.3), as far as a stand-in for an identity provider needs it.

Plain arithmetic on Python's integers, in no constant time: good for keys that live as long as a test run and protect
nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scimcheck.core.json import JSONObject

#: Length of a modulus in bits (RFC 7518 §3.3 asks for 2048 or more), and the public exponent.
BITS, EXPONENT = 2048, 65537

_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
_ROUNDS = 20
_SMALL_PRIMES = [n for n in range(3, 2000) if all(n % d for d in range(2, int(n**0.5) + 1))]


class InvalidToken(ValueError):
    """The token is no JWT, not signed by a known key, or not valid now."""


@dataclass(frozen=True, slots=True, repr=False)
class PublicKey:
    """An RSA key to verify with; ``name`` is its key id."""

    name: str
    modulus: int

    @property
    def jwk(self) -> JSONObject:
        """The key as a JSON Web Key (RFC 7517)."""
        exponent = EXPONENT.to_bytes(3, "big")
        modulus = self.modulus.to_bytes(BITS // 8, "big")
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.name, "n": _text(modulus), "e": _text(exponent)}


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """An RSA key to sign with."""

    public: PublicKey
    exponent: int


def generate_key(name: str, rand_bits: Callable[[int], int] = secrets.randbits) -> PrivateKey:
    """A fresh key; takes about a second."""
    while True:
        first, second = _prime(rand_bits), _prime(rand_bits)
        modulus, totient = first * second, (first - 1) * (second - 1)
        if modulus.bit_length() == BITS and totient % EXPONENT:
            return PrivateKey(PublicKey(name, modulus), pow(EXPONENT, -1, totient))


def sign(claims: Mapping[str, Any], key: PrivateKey) -> str:
    """The claims as a signed token."""
    header = {"alg": "RS256", "typ": "JWT", "kid": key.public.name}
    message = ".".join(_text(json.dumps(part).encode()) for part in (header, dict(claims)))
    signature = pow(int.from_bytes(_padded(message), "big"), key.exponent, key.public.modulus)
    return f"{message}.{_text(signature.to_bytes(BITS // 8, 'big'))}"


def verify(token: str, keys: Iterable[PublicKey], now: float) -> JSONObject:
    """The claims of a token that one of the keys signed and that is valid at ``now``, in seconds; InvalidToken else."""
    message, _, signature = token.rpartition(".")
    head, _, body = message.partition(".")
    header, claims = _object(head), _object(body)
    key = next((key for key in keys if key.name == header.get("kid")), None)
    if header.get("alg") != "RS256" or key is None:
        raise InvalidToken("no published key signed the token")
    opened = pow(int.from_bytes(_bytes(signature), "big"), EXPONENT, key.modulus).to_bytes(BITS // 8, "big")
    if not hmac.compare_digest(opened, _padded(message)):
        raise InvalidToken("the signature is not the key's")
    expires, begins = claims.get("exp"), claims.get("nbf", 0)
    if not isinstance(expires, (int, float)) or not isinstance(begins, (int, float)) or not begins <= now < expires:
        raise InvalidToken("the token is not valid now")
    return claims


def _padded(message: str) -> bytes:
    """The digest of the message in the padding of RSASSA-PKCS1-v1_5 (RFC 8017 §9.2)."""
    info = _SHA256 + hashlib.sha256(message.encode("ascii", "replace")).digest()
    return b"\x00\x01" + b"\xff" * (BITS // 8 - len(info) - 3) + b"\x00" + info


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise InvalidToken("the token is not in base64url") from None


def _object(part: str) -> JSONObject:
    try:
        found = json.loads(_bytes(part))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InvalidToken("the token is no JSON Web Token")
    return found


def _prime(rand_bits: Callable[[int], int]) -> int:
    """A prime of half a modulus's length whose two highest bits are set."""
    half = BITS // 2
    while True:
        candidate = rand_bits(half) | (3 << (half - 2)) | 1
        if all(candidate % prime for prime in _SMALL_PRIMES) and _probably_prime(candidate):
            return candidate


def _probably_prime(candidate: int) -> bool:
    """The test of Miller and Rabin."""
    odd, twos = candidate - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(candidate, odd, twos, 2 + secrets.randbelow(candidate - 3)) for _ in range(_ROUNDS))


def _passes(candidate: int, odd: int, twos: int, base: int) -> bool:
    power = pow(base, odd, candidate)
    if power in (1, candidate - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % candidate
        if power == candidate - 1:
            return True
    return False
