"""What a profile says: a service provider as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scimcheck.core.errors import UsageError
from scimcheck.provider.profiles.positions import Place


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """How a schema differs from its definition. Attributes are named in attribute notation (``name.givenName``).

    ``keep`` are the only top-level attributes that stay, all of them when it is ``None``. ``change`` holds new
    characteristics by attribute, ``add`` definitions of further attributes.
    """

    keep: tuple[str, ...] | None = None
    remove: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    change: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    add: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing that a run against the profile has to find, in words, and the requirements that it breaks."""

    finding: str
    because: str
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """A service provider as data; see ``docs/profiles.md`` for the meaning of each key.

    ``lines`` leads from a place in the file to its line, for complaints that only building the provider can make.
    ``resource_types`` are the types served with their extensions by URN, each with whether it is required;
    ``None`` leaves a type's extensions, or the list of types, as they are.
    """

    name: str
    file: Path
    title: str
    description: str = ""
    base_path: str = "/scim"
    secret_path: bool = False
    definitions: tuple[Path, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    variants: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    resource_types: Mapping[str, Mapping[str, bool] | None] | None = None
    schemas: Mapping[str, SchemaChange] = field(default_factory=dict)
    expected: tuple[Expected, ...] = ()
    lines: Mapping[Place, int] = field(default_factory=dict)

    def fault(self, place: Place, what: str) -> UsageError:
        """What is wrong at a place of the file, as the error to raise."""
        return fault(self.file, self.lines, place, what)


def fault(file: Path, lines: Mapping[Place, int], place: Place, what: str) -> UsageError:
    """A complaint of the form ``FILE:LINE: key: what``; the line is that of the nearest key above that is there."""
    known = next((lines[place[:length]] for length in range(len(place), 0, -1) if place[:length] in lines), 1)
    return UsageError(f"{file}:{known}: {dotted(place)}: {what}")


def dotted(place: Place) -> str:
    """A place in the notation of TOML, numbers of elements in brackets."""
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"'
            text += f".{name}" if text else name
    return text
