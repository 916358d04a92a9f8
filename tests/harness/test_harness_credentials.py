"""Credentials that have to be refused: altered tokens are other tokens for everybody."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from scimcheck.harness.credentials import refused_credentials


def lenient(text: str) -> bytes:
    """What forgiving decoders of base64 read: up to the padding, without bits that make up no whole byte."""
    bare = text.split("=")[0]
    whole = bare if len(bare) % 4 != 1 else bare[:-1]
    return base64.urlsafe_b64decode(whole + "=" * (-len(whole) % 4))


@given(content=st.binary(min_size=8, max_size=64), padded=st.booleans())
def test_altered_tokens_differ_even_when_decoded_leniently(content: bytes, padded: bool) -> None:
    """A service that compares tokens by what they decode to refuses each of them (RFC 6750 §5.2)."""
    token = base64.urlsafe_b64encode(content).decode("ascii")
    valid = token if padded else token.rstrip("=")
    tried = [each.header for each in refused_credentials(f"Bearer {valid}") if each.kind == "altered"]
    assert len(tried) >= 3
    for header in tried:
        assert header is not None
        assert lenient(header.removeprefix("Bearer ")) != content, header
