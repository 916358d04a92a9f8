"""Which settings a profile may change, and which values each of them takes."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from scimcheck.provider.settings import Settings

#: What has keys of its own in a profile, or is the run's business.
_NOT_HERE = frozenset({"base_url", "tokens", "definition_files"})
_NAMES = {bool: "true or false", int: "a whole number", str: "a text"}


@lru_cache(maxsize=1)
def _hints() -> dict[str, Any]:
    hints = get_type_hints(Settings)
    return {item.name: hints[item.name] for item in dataclasses.fields(Settings) if item.name not in _NOT_HERE}


def changeable_settings() -> tuple[str, ...]:
    """The names of the settings that a profile may change."""
    return tuple(_hints())


def setting_fault(name: str, value: Any) -> str:
    """Why a TOML value cannot be that of a setting, in words; empty when it can."""
    hint = _hints()[name]
    return "" if _fits(value, hint) else f"has to be {_words(hint)}, not {value!r}"


def setting_value(value: Any) -> Any:
    """A TOML value as settings hold it: arrays are tuples."""
    if isinstance(value, list):
        return tuple(setting_value(item) for item in value)
    if isinstance(value, dict):
        return {key: setting_value(item) for key, item in value.items()}
    return value


def _fits(value: Any, hint: Any) -> bool:
    kind, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if kind is Literal:
        return any(value == choice and type(value) is type(choice) for choice in inner)
    if kind in (Union, types.UnionType):
        return any(_fits(value, each) for each in inner)
    if kind is tuple:
        return isinstance(value, list) and all(_fits(item, inner[0]) for item in value)
    if kind is not None and issubclass(kind, Mapping):
        return isinstance(value, dict) and all(_fits(item, inner[1]) for item in value.values())
    return type(value) is hint


def _words(hint: Any) -> str:
    kind, inner = get_origin(hint), get_args(hint)
    if kind is Literal:
        return "one of " + ", ".join(str(choice) for choice in inner)
    if kind in (Union, types.UnionType):
        return " or ".join(_words(each) for each in inner if each is not type(None))
    if kind is tuple:
        return "an array of texts"
    return _NAMES.get(hint, "a table")
