"""Just enough of DER to find kind and length of the public key in an X.509 certificate (RFC 5280 §4.1)."""

from __future__ import annotations

from collections.abc import Iterator

_RSA = bytes.fromhex("2a864886f70d010101")
_EC = bytes.fromhex("2a8648ce3d0201")
_SEQUENCE, _INTEGER, _BITS, _OID, _VERSION = 0x30, 0x02, 0x03, 0x06, 0xA0


def public_key(certificate: bytes) -> tuple[str, int | None]:
    """``("RSA", 2048)`` or ``("EC", 256)``; ``("", None)`` for anything that cannot be read."""
    try:
        return _key(certificate)
    except (IndexError, StopIteration, ValueError):
        return "", None


def _key(certificate: bytes) -> tuple[str, int | None]:
    body = _content(_content(certificate))
    fields = [item for item in _items(body) if item[0] != _VERSION]
    # serial number, signature, issuer, validity, subject, then the key
    algorithm, bits = list(_items(fields[5][1]))[:2]
    kind = next(value for tag, value in _items(algorithm[1]) if tag == _OID)
    key = bits[1][1:]  # the first octet counts unused bits
    if kind == _RSA:
        modulus = next(value for tag, value in _items(_content(key)) if tag == _INTEGER)
        return "RSA", int.from_bytes(modulus, "big").bit_length()
    if kind == _EC:
        # an uncompressed point is 04 and two coordinates; P-521 has 66 octets each
        return "EC", min((len(key) - 1) // 2 * 8, 521)
    return "", None


def _content(data: bytes) -> bytes:
    return next(value for _, value in _items(data))


def _items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element; ValueError when one is cut short."""
    place = 0
    while place < len(data):
        tag, length, start = data[place], data[place + 1], place + 2
        if length & 0x80:
            octets = length & 0x7F
            length = int.from_bytes(data[start : start + octets], "big")
            start += octets
        if start + length > len(data):
            raise ValueError("cut short")
        yield tag, data[start : start + length]
        place = start + length
