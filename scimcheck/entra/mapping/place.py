"""Where in a JSON text a value stands: the standard library's decoder tells it of errors only."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TypeAlias

#: The way to a value: names of members and indexes of elements, from the outermost one.
Place: TypeAlias = "tuple[str | int, ...]"

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def told(place: Place) -> str:
    """A place as people read it: ``directories[1].name``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.lstrip(".")


def line_of(text: str, place: Sequence[str | int]) -> int:
    """The line, from 1, of the value at the place, or of the innermost value on the way to it that is there.

    ``text`` has to be JSON.
    """
    position = _skip(text, 0)
    for step in place:
        found = _step(text, position, step)
        if found is None:
            break
        position = found
    return text.count("\n", 0, position) + 1


def _skip(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _step(text: str, position: int, step: str | int) -> int | None:
    """Where the member or element of the value at ``position`` begins; ``None`` when it has none."""
    if text[position : position + 1] not in (("[",) if isinstance(step, int) else ("{",)):
        return None
    found, index = None, 0
    position = _skip(text, position + 1)
    while text[position : position + 1] not in ("]", "}"):
        name: object = index
        if isinstance(step, str):
            name, position = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        if name == step:
            found = position  # of two members of one name the last one counts
        position = _skip(text, _DECODER.raw_decode(text, position)[1])
        position = _skip(text, position + 1) if text[position] == "," else position
        index += 1
    return found
