"""Which requirements break together: what each fault of the reference provider was shown to break, and takes along.

The file behind it is made from the deviations, whose proof holds them to it. So what is told of a real server's broken
requirements rests on faults that have been seen to break just these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from scimcheck.resources import bundled


@dataclass(frozen=True, slots=True)
class KnownFault:
    """A single fault: the requirements that it ``breaks``, and those that may break ``along`` with them."""

    breaks: tuple[str, ...]
    along: tuple[str, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """All that it can break."""
        return frozenset((*self.breaks, *self.along))


@cache
def known_faults() -> tuple[KnownFault, ...]:
    """The faults that break more than one requirement, as they came with this version."""
    rows = json.loads((bundled("fixtures") / "companions.json").read_text(encoding="utf-8"))
    return tuple(KnownFault(tuple(breaks), tuple(along)) for breaks, along in rows)


def companions(
    failed: Iterable[str], advised: Iterable[str], faults: Iterable[KnownFault]
) -> Mapping[str, tuple[str, ...]]:
    """Group failed requirements by the fewest single faults that would break them: head to companions, in order.

    The head is what the fault is about, its companions are what a provider with that fault breaks as well. A
    requirement that no fault joins to another is a head without companions. A fault counts only when all that it is
    about is broken, be it as an advisory (``advised``). The one that explains most is taken first, among equals the
    one that would break least besides.
    """
    order = tuple(dict.fromkeys(failed))
    left, broken = set(order), {*order, *advised}
    waiting = [fault for fault in faults if broken.issuperset(fault.breaks)]
    groups: dict[str, tuple[str, ...]] = {}
    while waiting := [fault for fault in waiting if len(fault.named & left) > 1]:
        fault = max(waiting, key=lambda each: (len(each.named & left), -len(each.named - broken)))
        head = next(name for name in (*fault.breaks, *fault.along) if name in left)
        groups[head] = tuple(name for name in order if name in fault.named & left and name != head)
        left -= fault.named
    return {name: groups.get(name, ()) for name in order if name in groups or name in left}
