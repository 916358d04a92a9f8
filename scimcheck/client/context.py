"""What exchanges are for and which check asks for them, per thread of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from scimcheck.client.exchange import PURPOSES

_PURPOSE: ContextVar[str] = ContextVar("scimcheck_purpose", default="check")
_CHECK: ContextVar[str] = ContextVar("scimcheck_check", default="")


@contextmanager
def purpose(name: str) -> Iterator[None]:
    """Stamp the exchanges sent inside with that purpose; ValueError when it is none of PURPOSES."""
    if name not in PURPOSES:
        raise ValueError(f"{name!r} is not a purpose: {', '.join(PURPOSES)}")
    token = _PURPOSE.set(name)
    try:
        yield
    finally:
        _PURPOSE.reset(token)


@contextmanager
def check(name: str) -> Iterator[None]:
    """Stamp the exchanges sent inside with that check's name."""
    token = _CHECK.set(name)
    try:
        yield
    finally:
        _CHECK.reset(token)


def current() -> tuple[str, str]:
    """The purpose and the check of now."""
    return _PURPOSE.get(), _CHECK.get()
