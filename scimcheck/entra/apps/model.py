"""An Entra application: its mappings, and what an administrator sets beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scimcheck.entra.mapping.model import ObjectDefinition, ObjectMapping, SynchronizationSchema


@dataclass(frozen=True, slots=True)
class App:
    """A provisioning application.

    ``flag`` says which dialects its customers' jobs speak: ``off``, ``on``, ``both``, or nothing when it is not known.
    ``tenant_url`` may hold placeholders in braces; ``credentials`` and ``notes`` are for people.
    """

    name: str
    schema: SynchronizationSchema
    title: str = ""
    tenant_url: str = ""
    flag: str = ""
    credentials: str = ""
    notes: tuple[str, ...] = ()

    def mapping(self, source: str) -> ObjectMapping | None:
        """The mapping of ``User`` or ``Group`` objects; ``None`` when the app does not provision them."""
        found = self.schema.mapping(source)
        return found if found is not None and found.enabled else None

    def definition(self, source: str) -> ObjectDefinition | None:
        """The list of target attributes of ``User`` or ``Group`` objects."""
        found = self.schema.mapping(source)
        return self.schema.target(found) if found else None

    def matching(self, source: str) -> tuple[str, ...]:
        """The target attributes by which existing resources are looked for, in their precedence."""
        found = self.mapping(source)
        return found.matching if found else ()

    def required(self, source: str) -> frozenset[str]:
        """The target attributes that are marked as required and that the job may write."""
        return frozenset(self._required(source))

    def _required(self, source: str) -> Iterator[str]:
        found = self.definition(source)
        return (item.name for item in (found.attributes if found else ()) if item.required and not item.anchor)


def mapped_targets(app: App, source: str) -> tuple[str, ...]:
    """The target attributes that the app writes for ``User`` or ``Group`` objects, in the order of its table.

    Names are paths as mappings have them: ``name.givenName``, ``emails[type eq "work"].value``, an extension's URN, a
    colon and the attribute. None when the app does not provision such objects.
    """
    found = app.mapping(source)
    return tuple(line.target for line in found.mappings) if found else ()
