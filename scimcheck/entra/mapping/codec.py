"""Between Graph's JSON and frozen dataclasses: each field names its member, whatever else is there is kept.

Reading is strict about the types of what is known, and lenient about the rest: members that nobody knows, and nulls,
come back when the object is written.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from typing import Any, TypeVar

from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.mapping.place import Place

_T = TypeVar("_T")


class Misplaced(Exception):
    """A member that is missing or of the wrong type; ``place`` leads to it."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Form:
    """How one member is read and written."""

    name: str
    read: Callable[[Any, Place], Any]
    write: Callable[[Any], JSON]


def text(name: str) -> dict[str, Any]:
    """Metadata of a field for a member that holds a text."""
    return _metadata(name, _of(str, "a text"), lambda value: value)


def flag(name: str) -> dict[str, Any]:
    """Metadata of a field for a member that holds true or false."""
    return _metadata(name, _of(bool, "true or false"), lambda value: value)


def number(name: str) -> dict[str, Any]:
    """Metadata of a field for a member that holds a whole number."""
    return _metadata(name, _whole, lambda value: value)


def words(name: str) -> dict[str, Any]:
    """Metadata of a field for a member that holds several words in one text, separated by commas."""
    return _metadata(name, _words, ", ".join)


def texts(name: str) -> dict[str, Any]:
    """Metadata of a field for a member that holds an array of texts."""
    return _metadata(name, _texts, list)


def one(name: str, kind: Callable[[], type[Any]]) -> dict[str, Any]:
    """Metadata of a field for a member that holds an object or null."""
    return _metadata(
        name, lambda value, place: read(kind(), value, place), lambda value: write(value) if value else None
    )


def many(name: str, kind: Callable[[], type[Any]]) -> dict[str, Any]:
    """Metadata of a field for a member that holds an array of objects."""

    def items(value: Any, place: Place) -> Any:
        found = _of(list, "an array")(value, place)
        return tuple(read(kind(), item, (*place, index)) for index, item in enumerate(found))

    return _metadata(name, items, lambda value: [write(item) for item in value])


def read(kind: type[_T], value: JSON, place: Place = ()) -> _T:
    """The dataclass from its JSON object; raises Misplaced."""
    if not isinstance(value, dict):
        raise Misplaced(place, f"expected an object, found {_named(value)}")
    found: dict[str, Any] = {}
    kept = dict(value)
    for field in _forms(kind):
        form: _Form = field.metadata["form"]
        if value.get(form.name) is not None:
            found[field.name] = form.read(kept.pop(form.name), (*place, form.name))
        elif field.default is MISSING and field.default_factory is MISSING:
            raise Misplaced(place, f"{form.name} is missing")
    found["others"] = kept
    return kind(**found)


def write(value: Any) -> JSONObject:
    """The JSON object of a dataclass; what :func:`read` did not know, and nulls, are there again."""
    written = {field.metadata["form"].name: field for field in _forms(type(value))}
    body = {name: field.metadata["form"].write(getattr(value, field.name)) for name, field in written.items()}
    kept: Mapping[str, Any] = value.others
    # A member that was null is null again, unless it has got a value since.
    nulls = {
        name: None
        for name, item in kept.items()
        if item is None and name in written and _untouched(value, written[name])
    }
    unknown = {name: item for name, item in kept.items() if name not in written}
    return {**body, **nulls, **unknown}


def _untouched(value: Any, field: dataclasses.Field[Any]) -> bool:
    return bool(getattr(value, field.name) == field.default)


def _forms(kind: type[Any]) -> list[dataclasses.Field[Any]]:
    return [field for field in dataclasses.fields(kind) if "form" in field.metadata]


def _metadata(name: str, reader: Callable[[Any, Place], Any], writer: Callable[[Any], JSON]) -> dict[str, Any]:
    return {"form": _Form(name, reader, writer)}


def _of(kind: type[Any], wanted: str) -> Callable[[Any, Place], Any]:
    def check(value: Any, place: Place) -> Any:
        if not isinstance(value, kind):
            raise Misplaced(place, f"expected {wanted}, found {_named(value)}")
        return value

    return check


def _whole(value: Any, place: Place) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Misplaced(place, f"expected a whole number, found {_named(value)}")
    return value


def _words(value: Any, place: Place) -> tuple[str, ...]:
    found = _of(str, "words separated by commas")(value, place)
    return tuple(word.strip() for word in found.split(",") if word.strip())


def _texts(value: Any, place: Place) -> tuple[str, ...]:
    found = _of(list, "an array of texts")(value, place)
    return tuple(_of(str, "a text")(item, (*place, index)) for index, item in enumerate(found))


def _named(value: Any) -> str:
    names = {
        dict: "an object",
        list: "an array",
        bool: "true or false",
        str: "a text",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "null")
