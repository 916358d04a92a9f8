"""Equality indexes: which records hold a value of an attribute, found without a scan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from scimcheck.core.json import JSONObject
from scimcheck.core.resource import container
from scimcheck.core.schema import Attribute
from scimcheck.core.values import prepared


@dataclass(frozen=True, slots=True)
class IndexedPath:
    """An attribute or sub-attribute of texts or numbers with an index; ``schema`` is an extension's URN or ``None``."""

    schema: str | None
    attribute: Attribute
    sub: Attribute | None = None

    #: The path in lower case, the name under which its index is kept.
    key: str = field(init=False)
    #: Whether values compare with regard to case.
    case_exact: bool = field(init=False)

    def __post_init__(self) -> None:
        name = self.attribute.name + (f".{self.sub.name}" if self.sub else "")
        object.__setattr__(self, "key", (f"{self.schema}:{name}" if self.schema else name).lower())
        object.__setattr__(self, "case_exact", (self.sub or self.attribute).case_exact)

    def value(self, attributes: JSONObject) -> Any:
        """What a resource holds as the attribute, of which the texts are a part."""
        home = attributes if self.schema is None else container(attributes, self.schema) or {}
        return home.get(self.attribute.name)

    def texts(self, attributes: JSONObject) -> Iterator[str]:
        """The texts that a resource holds at this path; equal numbers are the same text, however they are written."""
        value = self.value(attributes)
        for item in value if isinstance(value, list) else [value]:
            found = item.get(self.sub.name) if self.sub and isinstance(item, dict) else item
            if isinstance(found, str):
                yield found
            elif isinstance(found, (int, float)) and not isinstance(found, bool):
                yield str(int(found)) if found == int(found) else repr(found)

    def keys(self, attributes: JSONObject) -> set[str]:
        """The prepared texts that a resource holds at this path."""
        return {prepared(text, self.case_exact) for text in self.texts(attributes)}


@dataclass(slots=True)
class Index:
    """The ids of the records that hold a value; most values belong to one record and cost no set."""

    path: IndexedPath
    _holders: dict[str, str | dict[str, None]] = field(default_factory=dict)

    def add(self, record_id: str, keys: Iterable[str]) -> None:
        """Note that the record holds these prepared values."""
        for key in keys:
            held: Any = self._holders.get(key)
            if held is None:
                self._holders[key] = record_id
            elif isinstance(held, str):
                if held != record_id:
                    self._holders[key] = {held: None, record_id: None}
            else:
                held[record_id] = None

    def remove(self, record_id: str, keys: Iterable[str]) -> None:
        """Forget that the record holds these prepared values."""
        for key in keys:
            held: Any = self._holders.get(key)
            if isinstance(held, str):
                if held == record_id:
                    del self._holders[key]
            elif held is not None:
                held.pop(record_id, None)
                if not held:
                    del self._holders[key]

    def change(self, record_id: str, before: JSONObject, after: JSONObject) -> None:
        """Note that the record's attributes became other ones; those of a new record were empty before."""
        if self.path.value(before) != self.path.value(after):
            old, new = self.path.keys(before) if before else set(), self.path.keys(after)
            self.remove(record_id, old - new)
            self.add(record_id, new - old)

    def holders(self, text: str) -> list[str]:
        """The ids of the records that hold the value, in the order in which they got it."""
        held = self._holders.get(prepared(text, self.path.case_exact))
        if held is None:
            return []
        return [held] if isinstance(held, str) else list(held)
