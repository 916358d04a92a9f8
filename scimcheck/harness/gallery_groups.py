"""Tests 8 to 14 of the gallery: groups through the provisioning service."""

from __future__ import annotations

from dataclasses import dataclass

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSONObject
from scimcheck.harness.gallery import GROUPS, GalleryRun
from scimcheck.harness.gallery_engine import Engine, Event
from scimcheck.harness.gallery_users import provision


@dataclass(slots=True)
class ProvisionedGroup:
    """A group that was created."""

    engine: Engine
    source: JSONObject
    id: str
    name: str


def provision_group(run: GalleryRun, name: str, phase: str = "Create", *, encoded: bool = False) -> ProvisionedGroup:
    """The create phase: nothing is found before, the group is found after."""
    run.phase = phase
    engine, source = Engine(run), run.values.source_group(name)
    run.find(GROUPS, name, encoded=encoded)
    return _create(run, engine, source, encoded=encoded)


def _create(run: GalleryRun, engine: Engine, source: JSONObject, *, encoded: bool = False) -> ProvisionedGroup:
    name = str(source["displayName"])
    identifier, event = engine.create_group(source)

    def look() -> Exchange:
        return run.find(GROUPS, name, encoded=encoded)

    found = bool(event.success and run.until(look, lambda seen: seen.resources).resources)
    run.expect(found, event.text, "Group found" if found else "Group not found")
    return ProvisionedGroup(engine, source, identifier, name)


def create_group(run: GalleryRun) -> None:
    """Create_Group_Test: the parentheses in the name are meant."""
    provision_group(run, f"LACreateGroup-({run.values.unique()})")


def pod_group(run: GalleryRun) -> None:
    """POD_Group_Test: one cycle for one group."""
    provision_group(run, f"PODTestGroup_{run.values.unique()}")


def update_group(run: GalleryRun) -> None:
    """Update_Group_Test."""
    group = provision_group(run, f"LAUpdateGroup-{run.values.unique()}")
    run.phase = "Update"
    name = f"{group.name}-Modified"
    event = group.engine.patch(GROUPS, group.id, "Update", [run.dialect.rename_group(name)])
    last = run.until(lambda: run.find(GROUPS, name), lambda seen: seen.resources, hopeful=event.success)
    told = "Group found" if last.resources else f"No group is called {name}"
    run.expect(event.success and last.resources, event.text, told)


def delete_group(run: GalleryRun) -> None:
    """Delete_Group_Test."""
    group = provision_group(run, f"LADeleteGroup-{run.values.unique()}")
    run.phase = "Delete"
    event = group.engine.delete(GROUPS, group.id)
    last = run.until(lambda: run.find(GROUPS, group.name), lambda seen: not seen.resources, hopeful=event.success)
    run.expect(event.success and not last.resources, event.text, "Group found" if last.resources else "Group gone")


def restore_group(run: GalleryRun) -> None:
    """Restore_Group_Test: unassigned is deleted, assigned again is created again."""
    group = provision_group(run, f"RestoreGrp-{run.values.unique()}", encoded=True)
    run.phase = "Unassign"
    event = group.engine.delete(GROUPS, group.id)
    last = run.until(
        lambda: run.find(GROUPS, group.name, encoded=True), lambda seen: not seen.resources, hopeful=event.success
    )
    run.expect(event.success and not last.resources, event.text, "Group found" if last.resources else "Group gone")
    run.phase = "Reassign"
    _create(run, group.engine, group.source, encoded=True)


def _shows_member(exchange: Exchange, member: str) -> bool:
    """Whether the first group found lists the member."""
    members = exchange.resources[0].get("members") if exchange.resources else None
    return isinstance(members, list) and any(isinstance(m, dict) and str(m.get("value")) == member for m in members)


def _add(run: GalleryRun, group: ProvisionedGroup, member: str) -> None:
    """Add the member and see it."""
    run.phase = "Add Member"
    event = group.engine.patch(GROUPS, group.id, "Update", [run.dialect.add_members([member])])
    last = run.until(
        lambda: run.find(GROUPS, group.name), lambda seen: _shows_member(seen, member), hopeful=event.success
    )
    _judge(run, event, _shows_member(last, member), "Member found", "The search does not show the member")


def _judge(run: GalleryRun, event: Event, holds: bool, good: str, bad: str) -> None:
    run.expect(event.success and holds, event.text, good if holds else bad)


def add_member(run: GalleryRun) -> None:
    """Group_Update_Add_Member_Test."""
    group = provision_group(run, f"LAMemberGroup-{run.values.unique()}")
    _add(run, group, provision(run, "mem1").id)


def remove_member(run: GalleryRun) -> None:
    """Group_Update_Remove_Member_Test."""
    group = provision_group(run, f"LAMemberGroup-{run.values.unique()}-Remove")
    member = provision(run, "mem2").id
    _add(run, group, member)
    run.phase = "Remove Member"
    event = group.engine.patch(GROUPS, group.id, "Update", [run.dialect.remove_members([member])])
    last = run.until(
        lambda: run.find(GROUPS, group.name),
        lambda s: bool(s.resources) and not _shows_member(s, member),
        hopeful=event.success,
    )
    gone = bool(last.resources) and not _shows_member(last, member)
    _judge(run, event, gone, "Member gone", "The group still shows the member" if last.resources else "Group not found")
