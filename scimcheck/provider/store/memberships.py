"""Who belongs to which group, indexed both ways, so that one member costs the same in a group of any size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Memberships:
    """The members of every group and the groups of every member, both in order of joining.

    ``revisions`` counts the changes of a member's groups, which are part of the member's representation.
    """

    _members: dict[str, dict[str, None]] = field(default_factory=dict)
    _groups: dict[str, dict[str, None]] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)

    def members(self, group: str) -> list[str]:
        """The ids of the group's direct members."""
        return list(self._members.get(group, ()))

    def count(self, group: str) -> int:
        """How many direct members the group has."""
        return len(self._members.get(group, ()))

    def groups(self, member: str) -> list[str]:
        """The ids of the groups that the resource is a direct member of."""
        return list(self._groups.get(member, ()))

    def contains(self, group: str, member: str) -> bool:
        """Whether the resource is a direct member of the group."""
        return member in self._members.get(group, ())

    def add(self, group: str, members: Iterable[str]) -> bool:
        """Make the resources members of the group; False when all of them were."""
        held = self._members.setdefault(group, {})
        changed = False
        for member in members:
            if member not in held:
                held[member] = None
                self._groups.setdefault(member, {})[group] = None
                self._touch(member)
                changed = True
        return changed

    def remove(self, group: str, members: Iterable[str]) -> bool:
        """Take the resources out of the group; False when none of them was in it."""
        held = self._members.get(group, {})
        changed = False
        for member in members:
            if member in held:
                del held[member]
                self._leave(group, member)
                changed = True
        return changed

    def forget(self, resource: str) -> list[str]:
        """Remove a deleted resource as group and as member; returns the groups that lose it."""
        for member in self._members.pop(resource, {}):
            self._leave(resource, member)
        groups = list(self._groups.pop(resource, ()))
        for group in groups:
            self._members[group].pop(resource, None)
        self.revisions.pop(resource, None)
        return groups

    def ancestors(self, member: str) -> list[str]:
        """The groups that hold the resource indirectly, through a group that is a member; nearest first."""
        direct = self.groups(member)
        seen = dict.fromkeys(direct)
        queue = list(direct)
        for group in queue:
            for parent in self.groups(group):
                if parent not in seen:
                    seen[parent] = None
                    queue.append(parent)
        known = set(direct)
        return [group for group in seen if group not in known and group != member]

    def _leave(self, group: str, member: str) -> None:
        held = self._groups.get(member, {})
        held.pop(group, None)
        if not held:
            self._groups.pop(member, None)
        self._touch(member)

    def _touch(self, member: str) -> None:
        self.revisions[member] = self.revisions.get(member, 0) + 1
