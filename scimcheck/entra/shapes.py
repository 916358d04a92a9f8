"""The catalogue of requests that Entra and Microsoft's test tools send, and how one becomes ready to send.

A shape holds ``{{name}}`` where a value of the run belongs; :func:`render` fills these in. What each variable means
stands beside the shapes in ``fixtures/entra/requests.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.data import table
from scimcheck.entra.queries import encode_query, escape

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


class MissingVariable(LookupError):
    """A shape was rendered without a value for one of its variables; the message says what it means."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One request as somebody sends it to a SCIM endpoint.

    ``origin`` is engine, validator, logicapp or postman; ``dialect`` any, legacy (flag off) or compliant (flag on).
    ``path`` is relative to the Tenant URL, or an absolute URL held by a variable. ``raw_target`` is the request target
    as seen on the wire, empty where nobody has shown it. A body is either ``json`` or ``form``; ``claims`` are those of
    the token that the request carries. ``accept_status`` counts as success for the sender; ``effect_required`` is the
    state the endpoint has to reach. ``confidence`` has the words documented, code, field, inferred, unknown.
    """

    id: str
    group: str
    title: str
    origin: str
    dialect: str
    method: str
    path: str
    accept_status: tuple[int, ...]
    confidence: tuple[str, ...]
    query: Mapping[str, str] = field(default_factory=dict)
    raw_target: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    json: JSONObject | None = None
    form: Mapping[str, str] | None = None
    claims: JSONObject | None = None
    response_requirement: str = ""
    effect_required: str = ""
    sources: tuple[str, ...] = ()
    notes: str = ""

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables that rendering needs."""
        parts = (self.path, self.query, self.headers, self.json, self.form, self.claims)
        return frozenset(name for part in parts for text in _texts(part) for name in _VARIABLE.findall(text))

    def applies_to(self, dialect: str) -> bool:
        """Whether a job in that dialect (``legacy`` or ``compliant``) sends the shape."""
        return self.dialect in ("any", dialect)


@dataclass(frozen=True, slots=True)
class ShapeRequest:
    """A rendered shape. ``query`` is raw, encoded as Entra encodes it; ``path`` is percent-encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    json: JSONObject | None = None
    form: Mapping[str, str] | None = None
    claims: JSONObject | None = None


@lru_cache(maxsize=1)
def load_shapes() -> tuple[Shape, ...]:
    """All shapes, in the order of the catalogue."""
    return tuple(_shape(entry) for entry in table("requests")["requests"])


def shape(shape_id: str) -> Shape:
    """The shape with that id; KeyError when there is none."""
    for candidate in load_shapes():
        if candidate.id == shape_id:
            return candidate
    raise KeyError(shape_id)


def sample_variables() -> dict[str, str]:
    """An example value for every variable, for documentation and tests."""
    return {name: entry["sample"] for name, entry in table("requests")["variables"].items()}


def render(shape: Shape, variables: Mapping[str, str]) -> ShapeRequest:
    """The request with every variable replaced; raises MissingVariable naming the shape and what is missing."""
    fill = _Filler(shape.id, variables)
    absolute = shape.path.startswith("{{")
    return ShapeRequest(
        method=shape.method,
        path=fill.text(shape.path) if absolute else fill.path(shape.path),
        query=encode_query(fill.value(dict(shape.query))),
        headers=fill.value(dict(shape.headers)),
        json=fill.value(shape.json),
        form=fill.value(dict(shape.form)) if shape.form is not None else None,
        claims=fill.value(shape.claims),
    )


@dataclass(frozen=True, slots=True)
class _Filler:
    """Replaces variables in texts and, recursively, in JSON values."""

    shape_id: str
    variables: Mapping[str, str]

    def text(self, text: str) -> str:
        def replace(match: re.Match[str]) -> str:
            found = self._look_up(match.group(1))
            quoted = text[: match.start()].endswith('"') and text[match.end() :].startswith('"')
            return escape(found) if quoted else found  # inside a filter's quotes

        return _VARIABLE.sub(replace, text)

    def path(self, text: str) -> str:
        # An id with a slash in it is one path segment.
        return _VARIABLE.sub(lambda match: quote(self._look_up(match.group(1)), safe="!$&'()*+,;=:@"), text)

    def value(self, value: JSON) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {self.text(key): self.value(item) for key, item in value.items()}
        return value

    def _look_up(self, name: str) -> str:
        try:
            return self.variables[name]
        except KeyError:
            meaning = table("requests")["variables"].get(name, {}).get("meaning", "not a documented variable")
            raise MissingVariable(f"shape {self.shape_id!r} needs the variable {name!r}: {meaning}") from None


def _shape(entry: JSONObject) -> Shape:
    sequences = {name: tuple(entry[name]) for name in ("accept_status", "confidence", "sources")}
    return Shape(**{**entry, **sequences})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
