"""Tests 15 to 20 and 25 of the gallery: what the workflow sends itself."""

from __future__ import annotations

from collections.abc import Sequence

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.dialect import MANAGER, operation, patch_body
from scimcheck.entra.gallery import comparison
from scimcheck.entra.gallery.bodies import replacing
from scimcheck.entra.gallery.flattening import missing
from scimcheck.entra.gallery.mapping import Row
from scimcheck.harness.gallery import GROUPS, USERS, GalleryRun, id_of
from scimcheck.harness.gallery_engine import path_of
from scimcheck.harness.target import error_text

_CREATED, _CHANGED = (200, 201), (200, 204)


def discover(run: GalleryRun) -> None:
    """Schema_Discoverability_Test."""
    answer, found = run.setting.schemas, run.setting.found
    run.exchanges.append(answer)
    run.demand(answer.status == 200, "Get_Schemas", f"status {answer.status}")
    run.demand(answer.resources, "Get_Schemas", "Resources is empty")
    if run.setting.left_out:
        names = ", ".join(dict.fromkeys(run.setting.left_out))
        run.remark = f"left out of the default mapping, for /Schemas does not have them: {names}; do the same in Entra"
    users = missing([row.target for row in run.mapping.user], found.user)
    groups = missing([row.target for row in run.mapping.group], found.group)
    run.demand(
        not users and not groups,
        "Compare_Attributes",
        f"missing for users: {', '.join(users) or 'none'}; for groups: {', '.join(groups) or 'none'}",
    )


def _create_user(run: GalleryRun, action: str, body: JSONObject) -> str:
    """A creation whose answer has to be below 400 and to have an id: the id."""
    answer = run.step(action, "POST", USERS, json=run.completed(USERS, body))
    identifier = id_of(answer)
    run.demand(identifier, action, f"no id in the answer to {answer.summary()}")
    return identifier


def create_user(run: GalleryRun) -> None:
    """SCIM_User_Create_Test."""
    name = run.values.user_name("lascuser")
    body = run.values.body(run.mapping.user, name, run.values.choose_profile())
    answer = run.ask("POST", USERS, json=run.completed(USERS, body))
    _judge_creation(run, "Create_SCIM_User", answer, "userName", name)


def create_group(run: GalleryRun) -> None:
    """SCIM_Group_Create_Test."""
    name = f"LASCDirectGroup-{run.values.unique()}"
    answer = run.ask("POST", GROUPS, json=_group(run, name))
    _judge_creation(run, "Create_SCIM_Group", answer, "displayName", name)


def _group(run: GalleryRun, name: str) -> JSONObject:
    listed = any(row.target.lower() == "externalid" for row in run.mapping.group)
    # The placeholder is a fixed one in the workflow; here it differs, for its groups are not deleted in between.
    external = run.values.guid() if listed else f"not mapped {run.values.unique()}"
    return run.completed(GROUPS, {"schemas": [urns.GROUP], "displayName": name, "externalId": external})


def _judge_creation(run: GalleryRun, action: str, answer: Exchange, attribute: str, name: str) -> None:
    detail = " ".join(str(answer.body.get(key)) for key in ("scimType", "detail") if answer.body.get(key))
    run.demand(answer.status in _CREATED, action, f"status {answer.status} {detail}".strip())
    run.demand(answer.body.get("id"), action, "no id in the answer")
    shown = answer.body.get(attribute)
    run.demand(shown == name, action, f"{attribute} is {shown!r} instead of {name!r}")


# Updates ----------------------------------------------------------------------------------------------------


def update_user(run: GalleryRun, *, verbose: bool = False) -> str | None:
    """SCIM_User_Update_Test, in the compact form or the verbose one."""
    name = run.values.user_name("lasupduser")
    body = run.values.body(run.mapping.user, name, run.values.choose_profile())
    answer = run.ask("POST", USERS, json=run.completed(USERS, body))
    identifier = id_of(answer) if answer.ok else ""
    run.demand(identifier, "Create_SCIM_User", f"no user to update: {answer.summary()} {error_text(answer)}".strip())
    sent = run.values.updates(run.mapping.user)
    if not sent:
        return "no updatable attributes"
    read = _patched(run, USERS, identifier, replacing(sent, verbose=verbose))
    _judge_update(run, sent, [name for name, value in sent.items() if not comparison.kept(read, name, value)])
    return None


def update_user_verbose(run: GalleryRun) -> str | None:
    """The same with an operation for each attribute."""
    return update_user(run, verbose=True)


def update_group(run: GalleryRun) -> None:
    """SCIM_Group_Update_Test: always an operation with a path for each attribute."""
    name = f"LASUpdGroup-{run.values.unique()}"
    answer = run.step("Create_SCIM_Group", "POST", GROUPS, json=_group(run, name))
    identifier = id_of(answer)
    run.demand(identifier, "Create_SCIM_Group", "no id in the answer")
    sent = run.values.group_updates(run.mapping.group)
    read = _patched(run, GROUPS, identifier, replacing(sent, verbose=True))
    _judge_update(run, sent, [key for key, value in sent.items() if not comparison.kept_at_top(read, key, value)])


def _patched(run: GalleryRun, endpoint: str, identifier: str, body: JSONObject) -> JSONObject:
    """The resource after the PATCH; both have to be answered with 200 or 204."""
    path = path_of(endpoint, identifier)
    patched, read = run.ask("PATCH", path, json=body), run.ask("GET", path)
    run.demand(patched.status in _CHANGED, "Update", f"{patched.summary()} {error_text(patched)}".strip())
    run.demand(read.status in _CHANGED, "Get_Updated", read.summary())
    return read.body


def _judge_update(run: GalleryRun, sent: dict[str, JSON], wrong: Sequence[str]) -> None:
    told = "; ".join(f"{name} does not read back as {sent[name]!r}" for name in wrong)
    run.demand(not wrong, "Compare_Attributes", told)


# Clearing ---------------------------------------------------------------------------------------------------


def null_update(run: GalleryRun, *, verbose: bool = False) -> None:
    """SCIM_Null_Update_Test, in the compact form or the verbose one."""
    name = run.values.user_name("scnull")
    body = run.values.mapped_body(run.mapping.user, name, run.values.choose_profile())
    path = path_of(USERS, _create_user(run, "Create_SCIM_User", body))
    run.step("Get_SCIM_User", "GET", path)
    run.demand(run.setting.schemas.status < 400, "Get_Schemas", run.setting.schemas.summary())
    targets = [row.target for row in run.mapping.user if _clearable(row, run.setting.schemas)]
    for empty in ("", None):
        patched = run.step(
            "Update_With_Null" if empty is None else "Update_With_Empty",
            "PATCH",
            path,
            json=replacing(dict.fromkeys(targets, empty), verbose=verbose),
        )
        run.demand(patched.status in _CHANGED, "Update", patched.summary())
        read = run.step("Get_SCIM_User", "GET", path).body
        left = [t for t in targets if not comparison.cleared(read, t, with_null=empty is None)]
        shown = "; ".join(f"{target} is {comparison.value_at(read, target)!r}" for target in left)
        run.demand(not left, "Compare_Attributes", f"after {'null' if empty is None else 'empty text'}: {shown}")


def null_update_verbose(run: GalleryRun) -> None:
    """The same with an operation for each attribute."""
    null_update(run, verbose=True)


def _clearable(row: Row, schemas: Exchange) -> bool:
    """Whether the null update clears the attribute: no matching one, no reference, not required by ``/Schemas``."""
    if row.precedence or row.is_reference or row.target.lower() in ("username", "active", "externalid", "roles"):
        return False
    if row.target.lower().startswith("urn:"):
        return row.target.rpartition(":")[2] not in _required(schemas, row.target.rpartition(":")[0])
    return row.target.partition("[")[0].partition(".")[0] not in _required(schemas, urns.USER)


def _required(schemas: Exchange, urn: str) -> set[str]:
    """The names within the required attributes of a schema, those of their sub-attributes included."""
    found: set[str] = set()
    for schema in schemas.resources:
        if schema.get("id") == urn and isinstance(schema.get("attributes"), list):
            for attribute in schema["attributes"]:
                if isinstance(attribute, dict) and attribute.get("required") is True:
                    found |= {str(attribute.get("name"))}
                    subs = attribute.get("subAttributes")
                    found |= {
                        str(s.get("name")) for s in (subs if isinstance(subs, list) else []) if isinstance(s, dict)
                    }
    return found


# Manager ----------------------------------------------------------------------------------------------------


def update_manager(run: GalleryRun) -> None:
    """SCIM_Update_Manager_Test: a capital Add, a replace, and a replace with empty text."""
    path = path_of(USERS, _person(run, "scmgr-user-"))
    for step, op in (("Set", "Add"), ("Change", "replace")):
        manager = _person(run, "scmgr-mgr-")
        read = _manager_patch(run, path, step, op, manager)
        shown = comparison.manager_id(read, urns.ENTERPRISE_USER)
        run.demand(shown == manager, f"{step}_Manager", f"FAILED_VERIFY: manager.value is {shown!r}, not {manager!r}")
    read = _manager_patch(run, path, "Remove", "replace", "")
    gone = comparison.manager_gone(read, urns.ENTERPRISE_USER)
    run.demand(gone, "Remove_Manager", "FAILED_VERIFY: the manager is not gone")


def _person(run: GalleryRun, prefix: str) -> str:
    name = run.values.user_name(prefix)
    body = run.values.body(run.mapping.user, name, run.values.choose_profile())
    return _create_user(run, "Create_SCIM_User", body)


def _manager_patch(run: GalleryRun, path: str, step: str, op: str, value: str) -> JSONObject:
    patched = run.step(f"{step}_Manager", "PATCH", path, json=patch_body([operation(op, MANAGER, value)]))
    run.demand(patched.status in _CHANGED, f"{step}_Manager", f"FAILED_PATCH: {patched.summary()}")
    return run.step("Get_SCIM_User", "GET", path).body
