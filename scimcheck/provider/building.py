"""A provider from names: profiles, deviations and variants, in the order in which they were asked for."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from scimcheck.core.errors import UsageError
from scimcheck.provider.app import Provider
from scimcheck.provider.faults.registry import Deviation, Variant, deviations, variants
from scimcheck.provider.profiles import Profile, changed_definitions, is_profile_file, load_profile, profile_files
from scimcheck.provider.settings import Settings

_Part: TypeAlias = "Deviation | Variant | Profile"


def build_provider(*names: str, settings: Settings | None = None) -> Provider:
    """A provider with the named profiles, deviations and variants; UsageError names close matches for an unknown one.

    A name with a separator or the ending ``.toml`` is that of a profile's file. What is named later wins.
    """
    parts = list(_parts(names))
    provider = Provider(_settings(parts, settings or Settings()))
    for part in parts:
        if isinstance(part, Profile):
            provider.redefine(changed_definitions(provider.definitions, part))
    for part in parts:
        if not isinstance(part, Profile) and part.apply is not None:
            part.apply(provider)
    return provider


def settings_of(names: Sequence[str], settings: Settings | None = None) -> Settings:
    """The settings that a provider of these names has before its deviations change it."""
    return _settings(_parts(names), settings or Settings())


def profiles_among(names: Iterable[str]) -> list[Profile]:
    """The profiles among the names, read; the other names are passed over."""
    bundled = profile_files()
    return [load_profile(name) for name in names if is_profile_file(name) or name in bundled]


def _settings(parts: Iterable[_Part], settings: Settings) -> Settings:
    for part in parts:
        if isinstance(part, Profile):
            settings = _profiled(settings, part)
        else:
            settings = dataclasses.replace(settings, **part.settings)
    return settings


def _profiled(settings: Settings, profile: Profile) -> Settings:
    host = settings.base_url[: len(settings.base_url.rstrip("/")) - len(settings.base_path)]
    files = (*settings.definition_files, *(str(file) for file in profile.definitions))
    return dataclasses.replace(
        settings, base_url=host.rstrip("/") + profile.base_path, definition_files=files, **profile.settings
    )


def _parts(names: Iterable[str]) -> Iterable[_Part]:
    """What the names stand for; a profile comes after the deviations and variants that it lists."""
    names = tuple(names)
    if not names:
        return
    bundled = profile_files()
    entries: dict[str, Deviation | Variant] = {**deviations(), **variants()}
    for name in names:
        if is_profile_file(name) or name in bundled:
            profile = load_profile(name)
            yield from (entries[each] for each in (*profile.variants, *profile.deviations))
            yield profile
        elif name in entries:
            yield entries[name]
        else:
            raise _unknown(name, [*entries, *bundled])


def _unknown(name: str, known: Iterable[str]) -> UsageError:
    close = difflib.get_close_matches(name, list(known), n=3)
    hint = f"; close to it: {', '.join(close)}" if close else ""
    return UsageError(f"there is no profile, deviation or variant {name!r}{hint}")
