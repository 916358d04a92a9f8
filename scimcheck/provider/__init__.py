"""The reference service provider: conformant by default, with legal variants and single-clause deviations."""

from __future__ import annotations

from scimcheck.provider.app import Provider
from scimcheck.provider.definitions import load_definitions
from scimcheck.provider.faults import deviations, set_up, variants
from scimcheck.provider.settings import Settings
from scimcheck.provider.tokens import DEFAULT_TOKENS, Token

__all__ = [
    "DEFAULT_TOKENS",
    "Provider",
    "Settings",
    "Token",
    "build_provider",
    "deviations",
    "load_definitions",
    "variants",
]


def build_provider(*names: str, settings: Settings | None = None) -> Provider:
    """A provider with the named deviations and variants; UsageError names close matches for an unknown one."""
    return set_up(names, settings or Settings())
