"""Users and groups of a directory, and what mappings see of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scimcheck.entra.expression.values import Value

#: What stands in a guest's name between the one at home and the domain of the host.
_GUEST = "#EXT#"


@dataclass(frozen=True, slots=True)
class DirectoryObject:
    """A user or a group (``kind``) with its ``attributes`` as the directory holds them.

    ``case`` names what is hard about it, if anything is. ``assigned`` says that the app has it in its scope.
    """

    kind: str
    id: str
    attributes: Mapping[str, Value] = field(default_factory=dict)
    case: str = ""
    assigned: bool = True
    soft_deleted: bool = False

    @property
    def enabled(self) -> bool:
        """Whether the account is enabled; groups always are."""
        return self.attributes.get("accountEnabled") is not False

    @property
    def is_soft_deleted(self) -> bool:
        """What ``IsSoftDeleted`` yields: deleted, disabled or not assigned to the app."""
        return self.soft_deleted or not self.enabled or not self.assigned

    @property
    def values(self) -> dict[str, Value]:
        """The attributes as mappings read them, the computed ones among them.

        A guest's name comes without ``#EXT#`` and the host's domain; ``originalUserPrincipalName`` keeps them.
        """
        found = {**self.attributes, "id": self.id, "objectId": self.id, "IsSoftDeleted": self.is_soft_deleted}
        name = self.attributes.get("userPrincipalName")
        if isinstance(name, str):
            found["originalUserPrincipalName"] = name
            found["userPrincipalName"] = _at_home(name)
        return found

    def changed(self, **attributes: Value) -> DirectoryObject:
        """The object after a change of attributes."""
        return DirectoryObject(
            self.kind, self.id, {**self.attributes, **attributes}, self.case, self.assigned, self.soft_deleted
        )


@dataclass(frozen=True)
class Directory:
    """All objects of a directory."""

    users: tuple[DirectoryObject, ...] = ()
    groups: tuple[DirectoryObject, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, DirectoryObject]:
        """Every object by its id."""
        return {item.id: item for item in (*self.users, *self.groups)}

    def of(self, case: str) -> DirectoryObject:
        """The first object of a hard case; KeyError when there is none."""
        for item in (*self.users, *self.groups):
            if item.case == case:
                return item
        raise KeyError(case)


def _at_home(name: str) -> str:
    """A guest's own name, whose last underscore stood for the ``@``."""
    home, guest, _ = name.partition(_GUEST)
    return "@".join(home.rsplit("_", 1)) if guest else name
