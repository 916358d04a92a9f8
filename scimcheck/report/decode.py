"""Reading typed values out of decoded JSON, with the place of whatever does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

_T = TypeVar("_T")


class RecordError(ValueError):
    """A run record that does not have the shape it must have; the message begins with the place in the document."""


def reading(where: str, read: Callable[[Any], _T], value: Any) -> _T:
    """``read(value)``, with whatever it raises about the value's shape turned into a RecordError at ``where``."""
    try:
        return read(value)
    except RecordError:
        raise
    except KeyError as error:
        raise RecordError(f"{where}: {error.args[0]} is missing") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise RecordError(f"{where}: {error}") from error


class Fields:
    """A JSON object and where it stands (``info``, ``findings[3]``); each reader checks presence and type."""

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, Mapping):
            raise RecordError(f"{where}: expected an object")
        self.data = data
        self._where = where

    def _value(self, key: str, *kinds: type) -> Any:
        if key not in self.data:
            raise RecordError(f"{self._where}: {key} is missing")
        value = self.data[key]
        # bool is a subclass of int, yet `true` is no number in JSON
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            expected = " or ".join(kind.__name__ for kind in kinds)
            raise RecordError(f"{self._where}.{key}: expected {expected}, not {type(value).__name__}")
        return value

    def text(self, key: str) -> str:
        """The string at ``key``."""
        return str(self._value(key, str))

    def number(self, key: str) -> float:
        """The number at ``key``."""
        return float(self._value(key, int, float))

    def integer(self, key: str) -> int:
        """The integer at ``key``."""
        return int(self._value(key, int))

    def flag(self, key: str) -> bool:
        """The boolean at ``key``."""
        return bool(self._value(key, bool))

    def optional_flag(self, key: str) -> bool | None:
        """The boolean at ``key``, or ``None`` for null."""
        value: bool | None = self._value(key, bool, type(None))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """The array of strings at ``key``."""
        items = self._value(key, list)
        for position, item in enumerate(items):
            if not isinstance(item, str):
                raise RecordError(f"{self._where}.{key}[{position}]: expected str, not {type(item).__name__}")
        return tuple(items)

    def mapping(self, key: str) -> dict[str, Any]:
        """The object at ``key``, its values as they are."""
        return dict(self._value(key, dict))

    def counts(self, key: str) -> dict[str, int]:
        """The object at ``key``, whose values are integers."""
        fields = Fields(self._value(key, dict), f"{self._where}.{key}")
        return {name: fields.integer(name) for name in self.data[key]}

    def child(self, key: str) -> Fields:
        """The object at ``key``."""
        return Fields(self._value(key, dict), f"{self._where}.{key}".lstrip("."))

    def items(self, key: str) -> Iterator[tuple[str, Any]]:
        """The items of the array at ``key``, each with its place."""
        for position, item in enumerate(self._value(key, list)):
            yield f"{self._where}.{key}[{position}]".lstrip("."), item
