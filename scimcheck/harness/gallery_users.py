"""Tests 1 to 7 of the gallery: users through the provisioning service."""

from __future__ import annotations

from dataclasses import dataclass

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.entra.dialect import ManagerRemoval
from scimcheck.entra.gallery import comparison
from scimcheck.harness.gallery import USERS, GalleryRun
from scimcheck.harness.gallery_engine import Engine, Event, path_of

#: Sources whose targets the comparison after an update leaves out.
_NOT_COMPARED = ("IsSoftDeleted", "accountEnabled", "id", "manager", "appRoleAssignments")


@dataclass(slots=True)
class Provisioned:
    """A user that was created: source, id, and the profile that the values come from."""

    engine: Engine
    source: JSONObject
    id: str
    profile: int

    @property
    def name(self) -> str:
        """The user name that it was created with."""
        return str(self.source["userPrincipalName"])


def provision(run: GalleryRun, kind: str, phase: str = "Create") -> Provisioned:
    """The create phase that most tests begin with: nothing is found before, the user is found after."""
    run.phase = phase
    engine, profile = Engine(run), run.values.choose_profile()
    source = run.values.source_user(run.mapping, profile, kind)
    name = str(source["userPrincipalName"])
    run.find(USERS, name)
    identifier, event = engine.create_user(source)
    found = run.until(lambda: run.find(USERS, name), lambda seen: seen.resources) if event.success else None
    shown = bool(found and found.resources)
    run.expect(event.success and shown, event.text, "User found" if shown else "User not found")
    return Provisioned(engine, source, identifier, profile)


def _active(exchange: Exchange) -> object:
    """What the first user found shows as active; ``None`` when there is none."""
    return exchange.resources[0].get("active") if exchange.resources else None


def create_user(run: GalleryRun) -> None:
    """Create_User_Test."""
    provision(run, "create")


def pod_user(run: GalleryRun) -> None:
    """POD_User_Test: one cycle for one user."""
    provision(run, "pod")


def update_user(run: GalleryRun) -> None:
    """Update_User_Test."""
    user = provision(run, "update")
    run.phase = "Update"
    run.find(USERS, user.name)
    after = run.values.updated_user(run.mapping, user.profile, user.source)
    event = user.engine.update_user(user.id, user.source, after)
    path, wanted = path_of(USERS, user.id), after["userPrincipalName"]
    shown = run.until(
        lambda: run.step("Get_SCIM_User_By_Id", "GET", path),
        lambda seen: seen.body.get("userName") == wanted,
        hopeful=event.success,
    )
    wrong = _mismatches(run, after, shown.body)
    run.expect(
        event.success and shown.body.get("id") and not wrong,
        event.text,
        f"Mismatches: {'; '.join(wrong)}" if wrong else "User matches" if shown.body.get("id") else "User has no id",
    )


def _mismatches(run: GalleryRun, source: JSONObject, resource: JSONObject) -> list[str]:
    wrong: list[str] = []
    for row in run.mapping.user:
        if row.only_on_creation or not row.sources or set(row.sources) & set(_NOT_COMPARED):
            continue
        expected, actual = row.expected(source), comparison.value_at(resource, row.target)
        if not comparison.equal(expected, actual):
            wrong.append(f"{row.target} is {actual!r} instead of {expected!r}")
    return wrong


def _deactivate(run: GalleryRun, user: Provisioned, phase: str) -> None:
    """Disable the user and see it: still found, active false as a boolean."""
    run.phase = phase
    event = user.engine.disable(user.id)
    found = run.until(lambda: run.find(USERS, user.name), lambda seen: _active(seen) is False, hopeful=event.success)
    active = _active(found)
    told = f"active is {active!r}" if found.resources else "User not found"
    run.expect(event.success and active is False, event.text, told)


def disable_user(run: GalleryRun) -> None:
    """Disable_User_Test."""
    user = provision(run, "dis")
    run.find(USERS, user.name)
    _deactivate(run, user, "Disable")


def delete_user(run: GalleryRun) -> None:
    """Delete_User_Test: a soft deletion, then the real one."""
    user = provision(run, "del")
    run.phase = "Delete"
    user.engine.disable(user.id)
    event = user.engine.delete(USERS, user.id)
    path = path_of(USERS, user.id)
    last = run.until(lambda: run.ask("GET", path), lambda seen: seen.status == 404, hopeful=event.success)
    run.expect(event.success and last.status == 404, event.text, f"GET by id answered {last.status}")


def restore_user(run: GalleryRun) -> None:
    """Restore_User_Test: the same resource comes back."""
    user = provision(run, "restore")
    first = run.until(lambda: run.find(USERS, user.name), lambda seen: seen.body.get("totalResults") == 1)
    total = first.body.get("totalResults")
    run.expect(total == 1 and first.resources, "Create success", f"totalResults is {total!r}")
    original = str(first.resources[0].get("id", ""))
    _deactivate(run, user, "Deassign")
    run.phase = "Reassign"
    run.find(USERS, user.name)
    event = user.engine.enable(user.id)
    last = run.until(lambda: run.find(USERS, user.name), lambda seen: _active(seen) is True, hopeful=event.success)
    final = str(last.resources[0].get("id", "")) if last.resources else ""
    told = f"active is {_active(last)!r}, id {final or 'none'}, before {original}"
    run.expect(event.success and _active(last) is True and final == original, event.text, told)


def update_manager(run: GalleryRun) -> None:
    """User_Update_Manager_Test: set, changed, removed."""
    user, first, second = (provision(run, kind) for kind in ("mgr", "mgrinit", "mgrnew"))
    for phase, manager, known in (("Set Manager", first, False), ("Change Manager", second, True)):
        run.phase = phase
        body = run.dialect.set_manager(manager.id, known=known)
        event = user.engine.patch(USERS, user.id, "Update", [body])
        _see_manager(run, user, event, manager.id)
    run.phase = "Remove Manager"
    form = ManagerRemoval.EMPTY_STRING if run.dialect.value == "legacy" else None
    body = run.dialect.remove_manager(second.id, form)
    event = user.engine.patch(USERS, user.id, "Update", [body])
    last = run.until(lambda: run.find(USERS, user.name), _without_manager, hopeful=event.success)
    run.expect(event.success and _without_manager(last), event.text, "The manager is still there")


def _see_manager(run: GalleryRun, user: Provisioned, event: Event, manager: str) -> None:
    last = run.until(lambda: run.find(USERS, user.name), lambda seen: manager in seen.text, hopeful=event.success)
    run.expect(event.success and manager in last.text, event.text, f"Manager {manager} not shown")


def _without_manager(exchange: Exchange) -> bool:
    if not exchange.resources:
        return False
    return "manager" not in exchange.text or comparison.manager_id(exchange.resources[0], urns.ENTERPRISE_USER) in (
        None,
        "",
    )
