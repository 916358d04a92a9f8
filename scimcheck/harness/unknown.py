"""Ids that name nothing, in the form in which the target makes its ids: another form may be refused with 400."""

from __future__ import annotations

import re
import secrets
import uuid

#: The range that unknown numbers are taken from: beyond what run numbers reach, and within 32 bits.
_LEAST, _MOST = 1_000_000_000, 2_147_483_647


def unlike(example: str | None) -> str:
    """An id in the form of ``example`` (a number, hexadecimal digits, a UUID) by chance; a UUID for any other form."""
    if example is not None and example.isdecimal():
        return str(_LEAST + secrets.randbelow(_MOST - _LEAST))
    if example is not None and re.fullmatch(r"[0-9a-f]{16,64}", example):
        return secrets.token_hex(len(example))[: len(example)]
    return str(uuid.uuid4())


def guessable(identifier: str) -> bool:
    """Whether an id is so short that one by chance may name something after all."""
    return identifier.isdecimal()
