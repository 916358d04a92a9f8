"""The functions by name, with the numbers of arguments that ``fixtures/entra/functions.json`` gives."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from scimcheck.entra.data import table
from scimcheck.entra.expression.ast import Call
from scimcheck.entra.expression.values import EvaluationError, Value

if TYPE_CHECKING:
    from scimcheck.entra.expression.evaluate import Arguments

Implementation: TypeAlias = "Callable[[Arguments], Value]"

_IMPLEMENTATIONS: dict[str, Implementation] = {}
_MODULES = ("text", "lists", "logic", "dates", "replace", "roles")


@dataclass(frozen=True, slots=True)
class Function:
    """A function; ``most`` is ``None`` when any number of arguments may follow.

    ``status`` is published, or unpublished for one missing from the documentation of application provisioning.
    """

    name: str
    signature: str
    least: int
    most: int | None
    status: str
    availability: str
    implementation: Implementation

    def takes(self, count: int) -> bool:
        """Whether the function can have that many arguments."""
        return self.least <= count and (self.most is None or count <= self.most)


def implements(name: str) -> Callable[[Implementation], Implementation]:
    """Make the decorated function the implementation of ``name``."""

    def register(implementation: Implementation) -> Implementation:
        _IMPLEMENTATIONS[name] = implementation
        return implementation

    return register


@lru_cache(maxsize=1)
def functions() -> Mapping[str, Function]:
    """Every function by its name, which is case-sensitive."""
    for module in _MODULES:
        importlib.import_module(f"scimcheck.entra.expression.{module}")
    return {
        entry["name"]: Function(
            name=entry["name"],
            signature=entry["signature"],
            least=entry["least"],
            most=entry.get("most"),
            status=entry["status"],
            availability=entry["availability"],
            implementation=_IMPLEMENTATIONS[entry["name"]],
        )
        for entry in table("functions")["functions"]
    }


def look_up(call: Call) -> Function:
    """The function that a call names; EvaluationError when there is none or it cannot have these arguments."""
    function = functions().get(call.name)
    if function is None:
        raise EvaluationError(call.column, unknown_function(call.name))
    if not function.takes(len(call.arguments)):
        raise EvaluationError(call.column, f"{function.signature} has other arguments, {len(call.arguments)} given")
    return function


def unknown_function(name: str) -> str:
    """Why there is no such function, with the name that may have been meant."""
    spelling = next((known for known in functions() if known.lower() == name.lower()), None)
    if spelling:
        return f"function names are case-sensitive: {spelling}, not {name}"
    close = difflib.get_close_matches(name, functions(), n=1)
    return f"there is no function {name}" + (f"; is it {close[0]}?" if close else "")
