"""Profiles: service providers as data, bundled ones (``fixtures/profiles``) by name and everybody's own by file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from scimcheck.provider.faults.registry import deviations, variants
from scimcheck.provider.profiles.changing import changed_definitions
from scimcheck.provider.profiles.model import Expected, Profile, SchemaChange
from scimcheck.provider.profiles.reading import read_profile
from scimcheck.resources import bundled

__all__ = [
    "Expected",
    "Profile",
    "SchemaChange",
    "changed_definitions",
    "is_profile_file",
    "load_profile",
    "profile_files",
    "profiles",
]


def is_profile_file(name: str) -> bool:
    """Whether a name is that of a file rather than of something bundled."""
    return name.endswith(".toml") or "/" in name or "\\" in name


def profile_files() -> Mapping[str, Path]:
    """The files of the bundled profiles by name, in alphabetical order."""
    folder = bundled("fixtures") / "profiles"
    return {file.stem: file for file in sorted(folder.glob("*.toml"))}


def load_profile(name: str) -> Profile:
    """The profile of that name, or in the file of that name; UsageError names file, line and key of what is wrong."""
    file = Path(name) if is_profile_file(name) else profile_files()[name]
    return read_profile(file, file.stem, variants(), deviations())


@lru_cache(maxsize=1)
def profiles() -> Mapping[str, Profile]:
    """The bundled profiles by name."""
    return {name: load_profile(name) for name in profile_files()}
