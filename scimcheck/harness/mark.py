"""How a test in a suite says what it judges: the ``@check`` decorator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

_F = TypeVar("_F", bound=Callable[..., Any])

DEPTHS = ("quick", "standard", "deep")

#: The resource types that RFC 7643 defines.
_STANDARD_TYPES = ("User", "Group")


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """What a check declares of itself.

    ``needs`` are words of the catalogue (``patch``, ``EnterpriseUser``, ``attr:caseExact``) plus ``create``, ``read``,
    ``list``, ``put`` and ``delete``; a need that the target lacks makes the check not applicable, one that is broken
    blocks it. ``depth`` is the shallowest run that includes the check; ``writes`` is false when it sends nothing that
    could change the target. An ``on_request`` one runs only when ``--scim-select`` names it, its file or its area.
    ``every_type`` is the shallowest run that repeats it with every resource type, if it asks for ``model``; shallower
    ones try the primary type alone, standard ones also what the target has beyond users and groups.
    """

    requirements: tuple[str, ...]
    needs: tuple[str, ...] = ()
    depth: str = "standard"
    writes: bool = True
    on_request: bool = False
    every_type: str = "standard"

    def tried_with(self, depth: str, types: Sequence[str], primary: str) -> list[str]:
        """The resource types, of those given by name, that a run of that depth tries the check with."""
        if DEPTHS.index(depth) >= DEPTHS.index(self.every_type):
            return list(types)
        # Types of a target's own have characteristics that users and groups lack, and less care is taken of them.
        own = [name for name in types if name not in (primary, *_STANDARD_TYPES)] if depth != "quick" else []
        return [primary, *own]


def check(
    *requirements: str,
    needs: Iterable[str] = (),
    depth: str = "standard",
    writes: bool = True,
    on_request: bool = False,
    every_type: str = "standard",
) -> Callable[[_F], _F]:
    """Mark a suite test with the requirements it judges; every one of them has to be judged in each run of the test."""
    for given in (depth, every_type):
        if given not in DEPTHS:
            raise ValueError(f"depth is one of {', '.join(DEPTHS)}, not {given!r}")
    info = CheckInfo(tuple(requirements), tuple(needs), depth, writes, on_request, every_type)

    def decorate(function: _F) -> _F:
        function.scim_check = info  # type: ignore[attr-defined]
        marked: _F = pytest.mark.scim(info)(function)
        return marked

    return decorate
