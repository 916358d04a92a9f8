"""What the target can do, found out on the wire and compared with what it advertises.

A capability **works**, is **absent** (the target says so, or answers as one that never had it) or is **broken**:
promised, or required by the standard, and not delivered. What needs an absent one is not applicable; what needs a
broken one is blocked, and the break itself is one finding, made here, once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from scimcheck.checks.findings import Blocked, NotApplicable
from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel

if TYPE_CHECKING:
    from scimcheck.harness.target import Target


#: Beginning of a need that only a broken capability fails.
UNBROKEN = "unbroken:"


class State(str, Enum):
    """What became of a capability on the wire."""

    WORKS = "works"
    ABSENT = "absent"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Capability:
    """The state of one capability, for one resource type where ``subject`` names it.

    ``requirement`` is the clause a broken one breaks; ``expected`` and ``observed`` are for people.
    """

    name: str
    state: State
    advertised: bool | None = None
    subject: str = ""
    requirement: str = ""
    expected: str = ""
    observed: str = ""
    exchanges: tuple[Exchange, ...] = ()

    def demand(self) -> None:
        """Return when it works; raise NotApplicable or Blocked otherwise."""
        if self.state is State.ABSENT:
            raise NotApplicable(self.observed or f"the target has no {self.name}")
        if self.state is State.BROKEN:
            raise Blocked(self.requirement, self.observed)


@dataclass(slots=True)
class Capabilities:
    """Finds out capabilities when they are first needed and remembers them."""

    target: Target
    seen: dict[tuple[str, str], Capability] = field(default_factory=dict)

    def demand(self, need: str, model: ResourceModel | None = None) -> None:
        """Return when the target has what ``need`` names; raise NotApplicable or Blocked otherwise.

        ``unbroken:filter`` asks less: a filter that is absent will do, one that is broken will not. That is for checks
        of what Entra needs whatever the target says of itself.
        """
        if need.startswith(UNBROKEN):
            found = self.of(need.removeprefix(UNBROKEN), model)
            if found.state is State.BROKEN:
                found.demand()
            return
        self.of(need, model).demand()

    def of(self, need: str, model: ResourceModel | None = None) -> Capability:
        """The capability, probed on the given resource type (User by default) where it depends on one."""
        from scimcheck.harness import probes

        subject = (model or self.target.primary).name
        key = (need, subject if need in probes.BY_MODEL else "")
        if key not in self.seen:
            with self.target.session.purpose("probe"):
                self.seen[key] = probes.probe(self.target, need, model or self.target.primary)
        return self.seen[key]

    def works(self, need: str, model: ResourceModel | None = None) -> bool:
        """Whether the capability works."""
        return self.of(need, model).state is State.WORKS

    def full_payloads(self, model: ResourceModel) -> bool:
        """Whether the target accepts a resource with every declared attribute set."""
        return self.works("full-create", model)

    @property
    def broken(self) -> list[Capability]:
        """The broken ones, in the order in which they were found."""
        return [capability for capability in self.seen.values() if capability.state is State.BROKEN]


#: A probe: from target and resource type to the capability.
Probe = Callable[["Target", ResourceModel], Capability]
