"""What is wrong with a document: statements of pure judgements, before a requirement is attached to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scimcheck.core.json import JSONObject


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong at one place. ``tolerated`` marks what a listed reading only asks to warn of."""

    where: str
    expected: str
    observed: str
    tolerated: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.observed}"


def shown(value: Any) -> str:
    """A JSON value as a short text."""
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


def told(item: JSONObject, name: str) -> bool:
    """Whether a member is there; ``null`` counts as absent (RFC 7643 §2.5)."""
    return item.get(name) is not None


def names_urn(item: JSONObject, urn: str) -> bool:
    """Whether ``schemas`` is an array that contains the URN, in any letter case."""
    listed = item.get("schemas")
    return isinstance(listed, list) and urn.lower() in (str(entry).lower() for entry in listed)


def texts(value: Any) -> bool:
    """Whether the value is an array of strings."""
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def objects(value: Any) -> list[JSONObject]:
    """The objects in an array; none of anything else."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def repeated(values: Iterable[str]) -> Iterator[str]:
    """The values that occur more than once, each time they do so again."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            yield value
        seen.add(value)
