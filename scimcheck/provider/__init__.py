"""The reference service provider: conformant by default, with legal variants, single-clause deviations and profiles."""

from __future__ import annotations

from scimcheck.provider.app import Provider
from scimcheck.provider.building import build_provider, profiles_among, settings_of
from scimcheck.provider.definitions import load_definitions
from scimcheck.provider.faults import deviations, variants
from scimcheck.provider.profiles import Profile, profiles
from scimcheck.provider.settings import Settings
from scimcheck.provider.tokens import DEFAULT_TOKENS, Token

__all__ = [
    "DEFAULT_TOKENS",
    "Profile",
    "Provider",
    "Settings",
    "Token",
    "build_provider",
    "deviations",
    "load_definitions",
    "profiles",
    "profiles_among",
    "settings_of",
    "variants",
]
