"""A profile's TOML file as a :class:`Profile`, or one line that says where and why it is none."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from scimcheck.core.errors import UsageError
from scimcheck.provider.profiles.model import Expected, Profile, SchemaChange, fault
from scimcheck.provider.profiles.positions import Place, lines_of
from scimcheck.provider.profiles.setting_values import changeable_settings, setting_fault, setting_value

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_T = TypeVar("_T")

#: An address of the service provider's below its host.
_BASE_PATH = re.compile(r"(/[^/?#\s]+)+")
_REQUIREMENT = re.compile(r"(RFC[0-9]+|ENTRA)-[0-9A-Z]+(\.[0-9]+)*-[0-9]{2}")

#: The characteristics that an attribute definition may have (RFC 7643 §7), and what their values are.
CHARACTERISTICS: Mapping[str, type] = {
    "type": str,
    "multiValued": bool,
    "description": str,
    "required": bool,
    "canonicalValues": list,
    "caseExact": bool,
    "mutability": str,
    "returned": str,
    "uniqueness": str,
    "referenceTypes": list,
}
_VOCABULARY: Mapping[str, tuple[str, ...]] = {
    "type": ("string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"),
    "mutability": ("readOnly", "readWrite", "immutable", "writeOnly"),
    "returned": ("always", "never", "default", "request"),
    "uniqueness": ("none", "server", "global"),
}
_WORDS: Mapping[type, str] = {str: "a text", bool: "true or false", list: "an array of texts", dict: "a table"}
_KEYS = (
    "title",
    "description",
    "base_path",
    "secret_path",
    "definitions",
    "settings",
    "variants",
    "deviations",
    "resource_types",
    "schemas",
    "expected",
)


def read_profile(file: Path, name: str, variants: Iterable[str], deviations: Iterable[str]) -> Profile:
    """The profile in a file; UsageError of the form ``FILE:LINE: key: what`` when it cannot be used.

    ``variants`` and ``deviations`` are the names that there are.
    """
    text = _text_of(file)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(file, text, str(error)) from None
    return _Reader(file, name, lines_of(text), tuple(variants), tuple(deviations)).profile(content)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not UTF-8: {error.reason} at byte {error.start}") from None


def _unreadable(file: Path, text: str, message: str) -> UsageError:
    """Turn the reader's message, which names the line at its end, into one of ours."""
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    line = int(found.group(1)) if found and found.group(1) else text.count("\n") + 1
    what = message[: found.start()] if found else message
    return UsageError(f"{file}:{line}: not TOML: {what[:1].lower()}{what[1:]}")


class _Reader:
    """Takes the content of one file apart; every complaint names file, line and key."""

    def __init__(
        self,
        file: Path,
        name: str,
        lines: Mapping[Place, int],
        variants: tuple[str, ...],
        deviations: tuple[str, ...],
    ) -> None:
        self._file = file
        self._name = name
        self._lines = lines
        self._variants = variants
        self._deviations = deviations

    def profile(self, content: Mapping[str, Any]) -> Profile:
        self._known((), content, _KEYS)
        if "title" not in content:
            raise self._fault(("title",), "is missing")
        return Profile(
            name=self._name,
            file=self._file,
            title=self._one(content, (), "title", str, ""),
            description=self._one(content, (), "description", str, ""),
            base_path=self._base_path(content),
            secret_path=self._one(content, (), "secret_path", bool, False),
            definitions=tuple(self._definition_files(content)),
            settings=self._settings(self._one(content, (), "settings", dict, {})),
            variants=self._names(content, "variants", self._variants, "variant"),
            deviations=self._names(content, "deviations", self._deviations, "deviation"),
            resource_types=self._resource_types(content),
            schemas={
                urn: self._schema(("schemas", urn), table)
                for urn, table in self._one(content, (), "schemas", dict, {}).items()
            },
            expected=tuple(self._expected(content)),
            lines=self._lines,
        )

    # single values

    def _fault(self, place: Place, what: str) -> UsageError:
        return fault(self._file, self._lines, place, what)

    def _known(self, place: Place, table: Mapping[str, Any], names: Iterable[str], what: str = "key") -> None:
        """Refuse a key that is none of ``names``, and name one that is close to it."""
        names = tuple(names)
        for key in table:
            if key not in names:
                raise self._fault((*place, key), f"there is no such {what}{_close(key, names)}")

    def _one(self, table: Mapping[str, Any], place: Place, key: str, kind: type[_T], default: _T) -> _T:
        value = table.get(key, default)
        if not isinstance(value, kind):
            raise self._fault((*place, key), f"has to be {_WORDS[kind]}, not {_shown(value)}")
        return value

    def _texts(self, table: Mapping[str, Any], place: Place, key: str) -> tuple[str, ...]:
        values = self._one(table, place, key, list, [])
        for number, value in enumerate(values):
            if not isinstance(value, str) or not value:
                raise self._fault((*place, key, number), f"has to be a text, not {_shown(value)}")
        return tuple(values)

    def _names(self, table: Mapping[str, Any], key: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
        names = self._texts(table, (), key)
        for number, name in enumerate(names):
            if name not in known:
                raise self._fault((key, number), f"there is no {what} {name!r}{_close(name, known)}")
        return names

    # sections

    def _base_path(self, content: Mapping[str, Any]) -> str:
        path = self._one(content, (), "base_path", str, "/scim").rstrip("/")
        if not _BASE_PATH.fullmatch(path):
            raise self._fault(("base_path",), f"has to be a path such as /scim/v2, not {content['base_path']!r}")
        return path

    def _definition_files(self, content: Mapping[str, Any]) -> Iterable[Path]:
        for number, name in enumerate(self._texts(content, (), "definitions")):
            file = self._file.parent / name
            if not file.exists():
                raise self._fault(("definitions", number), f"{name} does not lie beside the profile")
            yield file

    def _settings(self, table: Mapping[str, Any]) -> dict[str, Any]:
        self._known(("settings",), table, changeable_settings(), "setting")
        for key, value in table.items():
            what = setting_fault(key, value)
            if what:
                raise self._fault(("settings", key), what)
        return {key: setting_value(value) for key, value in table.items()}

    def _resource_types(self, content: Mapping[str, Any]) -> dict[str, dict[str, bool] | None] | None:
        if "resource_types" not in content:
            return None
        found: dict[str, dict[str, bool] | None] = {}
        tables = self._one(content, (), "resource_types", dict, {})
        for name in tables:
            place = ("resource_types", name)
            table = self._one(tables, ("resource_types",), name, dict, {})
            self._known(place, table, ("extensions",))
            extensions = self._one(table, place, "extensions", dict, {})
            for urn in extensions:
                self._one(extensions, (*place, "extensions"), urn, bool, False)
            found[name] = dict(extensions) if "extensions" in table else None
        return found

    def _schema(self, place: Place, table: Any) -> SchemaChange:
        if not isinstance(table, dict):
            raise self._fault(place, f"has to be a table, not {_shown(table)}")
        self._known(place, table, ("keep", "remove", "require", "change", "add"))
        changes = self._one(table, place, "change", dict, {})
        for name, characteristics in changes.items():
            self._characteristics((*place, "change", name), characteristics)
        additions = self._one(table, place, "add", list, [])
        for number, definition in enumerate(additions):
            self._definition((*place, "add", number), definition)
        return SchemaChange(
            keep=self._texts(table, place, "keep") if "keep" in table else None,
            remove=self._texts(table, place, "remove"),
            require=self._texts(table, place, "require"),
            change=changes,
            add=tuple(additions),
        )

    def _characteristics(self, place: Place, table: Any, *besides: str) -> None:
        if not isinstance(table, dict):
            raise self._fault(place, f"has to be a table of characteristics, not {_shown(table)}")
        self._known(place, table, (*CHARACTERISTICS, *besides), "characteristic")
        for key, value in table.items():
            if key in _VOCABULARY and value not in _VOCABULARY[key]:
                raise self._fault((*place, key), f"{_shown(value)} is none of {', '.join(_VOCABULARY[key])}")
            if CHARACTERISTICS.get(key) is list:
                self._texts(table, place, key)
            elif key in CHARACTERISTICS:
                self._one(table, place, key, CHARACTERISTICS[key], value)

    def _definition(self, place: Place, table: Any) -> None:
        """A whole attribute: a name, characteristics, and sub-attributes of the same kind."""
        self._characteristics(place, table, "name", "subAttributes")
        if not isinstance(table.get("name"), str) or not table["name"]:
            raise self._fault((*place, "name"), "an attribute needs a name")
        for number, definition in enumerate(self._one(table, place, "subAttributes", list, [])):
            self._definition((*place, "subAttributes", number), definition)

    def _expected(self, content: Mapping[str, Any]) -> Iterable[Expected]:
        for number, table in enumerate(self._one(content, (), "expected", list, [])):
            place: Place = ("expected", number)
            if not isinstance(table, dict):
                raise self._fault(place, f"has to be a table, not {_shown(table)}")
            self._known(place, table, ("finding", "because", "requirements"))
            requirements = self._texts(table, place, "requirements")
            for position, identifier in enumerate(requirements):
                if not _REQUIREMENT.fullmatch(identifier):
                    raise self._fault((*place, "requirements", position), f"{identifier!r} is no requirement's id")
            if not requirements or not self._one(table, place, "finding", str, ""):
                raise self._fault(place, "needs a finding and the requirements that it breaks")
            yield Expected(table["finding"], self._one(table, place, "because", str, ""), requirements)


def _shown(value: Any) -> str:
    """A value as a short text for a complaint."""
    if isinstance(value, dict):
        return "a table"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _close(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; close to it: {close[0]}" if close else ""
