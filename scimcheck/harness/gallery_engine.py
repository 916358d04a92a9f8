"""The provisioning service, played: what it sends for one change of a source object, and what its log would say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.creation import group_body, user_body
from scimcheck.entra.dialect import Change
from scimcheck.entra.queries import matching_query
from scimcheck.harness.gallery import GROUPS, USERS, GalleryRun, id_of
from scimcheck.harness.target import error_text


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the provisioning log: an action, whether every request for it got what it needs, and the last one."""

    action: str
    success: bool
    last: Exchange

    @property
    def text(self) -> str:
        """The entry in words."""
        if self.success:
            return f"{self.action} success"
        return f"{self.action} failure ({f'{self.last.summary()} {error_text(self.last)}'.strip()})"


@dataclass(slots=True)
class Engine:
    """Sends what the service sends; nothing here raises for an answer, it only enters the log."""

    run: GalleryRun

    def create_user(self, source: JSONObject) -> tuple[str, Event]:
        """Look for the user, create it if there is none: its id and the event."""
        values: dict[str, JSON] = {
            row.target: row.value(source) for row in self.run.mapping.user if not row.is_reference
        }
        body = self.run.completed(USERS, user_body(values, self._known(USERS)))
        return self._create(USERS, "userName", str(source["userPrincipalName"]), body)

    def create_group(self, source: JSONObject) -> tuple[str, Event]:
        """The same for a group, without members."""
        values: dict[str, JSON] = {
            row.target: row.value(source) for row in self.run.mapping.group if not row.is_reference
        }
        body = self.run.completed(GROUPS, group_body(values, self._known(GROUPS)))
        return self._create(GROUPS, "displayName", str(source["displayName"]), body)

    def _known(self, endpoint: str) -> ResourceModel | None:
        """The resource type whose undeclared attributes stay out of bodies; none for a mapping that somebody chose."""
        return None if self.run.mapping.reviewed else self.run.model(endpoint)

    def _create(self, endpoint: str, attribute: str, name: str, body: JSONObject) -> tuple[str, Event]:
        query = matching_query(attribute, name, group=endpoint == GROUPS)
        known = self.run.ask("GET", endpoint, query=query)
        if known.ok and known.resources:
            return str(known.resources[0].get("id", "")), Event("Create", True, known)
        if not known.ok:
            return "", Event("Create", False, known)
        answer = self.run.ask("POST", endpoint, json=body)
        identifier = id_of(answer) if answer.ok else ""
        return identifier, Event("Create", bool(identifier), answer)

    def update_user(self, identifier: str, before: JSONObject, after: JSONObject) -> Event:
        """Send every mapped value that changed, in one PATCH."""
        changes = [
            Change(row.target, row.value(after))
            for row in self.run.mapping.user
            if not row.is_reference and not row.only_on_creation and row.value(after) != row.value(before)
        ]
        body = self.run.dialect.update(changes)
        return self.patch(USERS, identifier, "Update", [body] if body else [])

    def disable(self, identifier: str) -> Event:
        """Disable the user."""
        return self.patch(USERS, identifier, "Disable", [self.run.dialect.disable()])

    def enable(self, identifier: str) -> Event:
        """Restore the user."""
        return self.patch(USERS, identifier, "Update", [self.run.dialect.enable()])

    def patch(self, endpoint: str, identifier: str, action: str, bodies: Iterable[JSONObject]) -> Event:
        """Read the object, then send the PATCH messages."""
        query = "excludedAttributes=members" if endpoint == GROUPS else ""
        last = self.run.ask("GET", path_of(endpoint, identifier), query=query)
        success = last.ok
        for body in bodies if success else ():
            last = self.run.ask("PATCH", path_of(endpoint, identifier), json=body)
            success = success and last.ok
        return Event(action, success, last)

    def delete(self, endpoint: str, identifier: str) -> Event:
        """Delete the object; one that is gone already will do."""
        answer = self.run.ask("DELETE", path_of(endpoint, identifier))
        return Event("Delete", answer.ok or answer.status == 404, answer)


def path_of(endpoint: str, identifier: str) -> str:
    """The path of a resource."""
    return f"{endpoint}/{quote(identifier, safe='')}"
