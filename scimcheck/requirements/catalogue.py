"""Reading the catalogue: the TOML files of ``fixtures/requirements`` as one mapping from id to requirement."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from scimcheck.core.errors import UsageError
from scimcheck.requirements.model import Level, Requirement
from scimcheck.resources import bundled

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DOCUMENTS = ("rfc7643", "rfc7644", "rfc9865", "bearer_and_http", "optional_events_and_devices", "entra")
"""The catalogue's files without their suffix, in reading order."""

_REQUIRED: dict[str, type] = {
    "id": str,
    "section": str,
    "level": str,
    "area": str,
    "text": str,
    "check": str,
    "testable": bool,
    "needs": list,
    "url": str,
}
_OPTIONAL: dict[str, type] = dict.fromkeys(
    ("note", "dialect", "why", "consequence", "fix", "severity", "confidence", "source"), str
)
_KEYS = _REQUIRED | _OPTIONAL


class Catalogue(Mapping[str, Requirement]):
    """The requirements by id, in the order of the documents; immutable."""

    def __init__(self, requirements: Iterable[Requirement]) -> None:
        self._items: dict[str, Requirement] = {}
        for requirement in requirements:
            if requirement.id in self._items:
                raise UsageError(f"{requirement.document}.toml: {requirement.id}: id is already in use")
            self._items[requirement.id] = requirement

    def __getitem__(self, requirement_id: str) -> Requirement:
        return self._items[requirement_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    @cached_property
    def documents(self) -> Mapping[str, tuple[Requirement, ...]]:
        """The requirements by document (``rfc7643`` …), each in file order."""
        return _grouped(self._items.values(), "document")

    @cached_property
    def by_area(self) -> Mapping[str, tuple[Requirement, ...]]:
        """The requirements by area (``filter``, ``patch`` …), each in document order."""
        return _grouped(self._items.values(), "area")


@cache
def load() -> Catalogue:
    """The bundled catalogue; UsageError, naming file and key, when a file was damaged."""
    return read_catalogue(bundled("fixtures") / "requirements")


def read_catalogue(folder: Path) -> Catalogue:
    """The catalogue in ``folder``, which holds any of the files named in :data:`DOCUMENTS`."""
    paths = [folder / f"{document}.toml" for document in DOCUMENTS]
    return Catalogue(requirement for path in paths if path.is_file() for requirement in read_document(path))


def read_document(path: Path) -> list[Requirement]:
    """The requirements of one file; its stem becomes their ``document``. UsageError names file, item and key."""
    content = read_toml(path)
    tables = content.get("requirement")
    if not isinstance(tables, list) or set(content) != {"requirement"}:
        raise UsageError(f"{path.name}: requirement: expected an array of tables, and nothing else in the file")
    return [_requirement(table, path, position) for position, table in enumerate(tables, start=1)]


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; UsageError names the file when it is missing or malformed."""
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path.name}: {error}") from error


def _requirement(table: Any, path: Path, position: int) -> Requirement:
    """One table as a requirement, after a check of its keys and their types."""
    if not isinstance(table, dict):
        raise UsageError(f"{path.name}: requirement {position}: expected a table")
    where = f"{path.name}: {table.get('id', f'requirement {position}')}"
    for key in table.keys() - _KEYS.keys():
        raise UsageError(f"{where}: {key}: unknown key")
    for key in _REQUIRED.keys() - table.keys():
        raise UsageError(f"{where}: {key}: missing")
    for key, value in table.items():
        if not isinstance(value, _KEYS[key]):
            raise UsageError(f"{where}: {key}: expected {_KEYS[key].__name__}, not {type(value).__name__}")
    if table["level"] not in list(Level):
        raise UsageError(f"{where}: level: {table['level']!r} is none of {', '.join(level.value for level in Level)}")
    values = {**table, "level": Level(table["level"]), "needs": tuple(table["needs"])}
    return Requirement(**values, document=path.stem)


def _grouped(requirements: Iterable[Requirement], attribute: str) -> dict[str, tuple[Requirement, ...]]:
    """The requirements by the value of one attribute, groups and members in the order met."""
    groups: dict[str, list[Requirement]] = {}
    for requirement in requirements:
        groups.setdefault(getattr(requirement, attribute), []).append(requirement)
    return {key: tuple(group) for key, group in groups.items()}
