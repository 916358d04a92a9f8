"""Every search, read, creation and deletion that is known of Microsoft, sent as it is written down.

The forms are judged one by one in the other files of this suite; here they come as Entra and its tools put them
together, without the compatibility flag in the URL and with it. PATCH requests: test_replay.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from scimcheck.client.exchange import Exchange
from scimcheck.core.resource import member
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.creation import is_declared
from scimcheck.entra.dialect import MANAGER, Dialect
from scimcheck.entra.queries import with_flag
from scimcheck.entra.shapes import ShapeRequest, render, shape
from scimcheck.harness import check
from scimcheck.harness.entra_resources import WORK_MAIL, group_with, user_with_manager, with_required
from scimcheck.harness.entra_search import alone, ask, groups, hits, match, nobody, told, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import values_at
from scimcheck.harness.replay_requests import as_stored, declared_part, same_id, written
from scimcheck.harness.replay_shapes import mismatches
from scimcheck.harness.replay_values import people
from scimcheck.harness.target import Resource, Target, error_text

PROBES = {
    "probe.user.userName": "ENTRA-1.2-01",
    "probe.user.matching_attribute": "ENTRA-1.2-03",
    "probe.cycle_start": "ENTRA-1.2-03",
    "probe.random_user_and_group": "ENTRA-1.2-03",
    "flag.query.get": "ENTRA-3.1-01",
}
USER_MATCHES = {
    "match.user.userName": "ENTRA-4.3-01",
    "match.user.second": "ENTRA-4.3-02",
    "match.user.bracket": "ENTRA-4.3-03",
    "match.user.id": "ENTRA-4.3-04",
    "refcheck.manager": "ENTRA-2.6-01",
    "read.user": "ENTRA-2.1-02",
    "read.users.page": "ENTRA-2.1-18",
}
GROUP_MATCHES = {
    "match.group.externalId": "ENTRA-4.3-06",
    "match.group.displayName": "ENTRA-4.3-05",
    "refcheck.members": "ENTRA-2.6-02",
    "read.group": "ENTRA-2.1-09",
}
USER_CREATIONS = {
    "flag.query.post": "ENTRA-3.1-02",
    "create.user.documented": "ENTRA-3.5-02",
    "create.user.default_mapping": "ENTRA-2.2-04",
    "create.user.manager_object": "ENTRA-3.5-04",
    "create.user.manager_string": "ENTRA-3.5-10",
    "create.user.roles_single": "ENTRA-3.5-06",
    "create.user.roles_complex": "ENTRA-3.5-07",
    "create.user.roles_assertive": "ENTRA-3.5-08",
    "create.user.custom_extension": "ENTRA-3.5-12",
    "create.user.explicit_nulls": "ENTRA-3.5-05",
    "create.user.string_active": "ENTRA-3.5-09",
    "create.user.duplicate": "ENTRA-2.2-13",
}
GROUP_CREATIONS = {
    "create.group.documented": "ENTRA-3.5-11",
    "create.group.core_only": "ENTRA-2.1-05",
    "create.group.duplicate": "ENTRA-2.2-12",
}
USER_DELETIONS = {"delete.user": "ENTRA-2.1-11", "delete.user.repeat": "ENTRA-4.7-03"}
GROUP_DELETIONS = {"delete.group": "ENTRA-2.1-12"}

#: Under which requirement a request is judged that works without the flag in its query and not with it.
FLAGGED = {"GET": "ENTRA-3.1-01", "POST": "ENTRA-3.1-02", "DELETE": "ENTRA-3.1-04"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one request: what is wrong, if anything, and the exchanges that prove it."""

    wrong: str
    exchanges: tuple[Exchange, ...]


#: Sends a shape, with the flag or without it; ``None`` when the target cannot be asked.
Send = Callable[[str, bool], "Attempt | None"]


def _marks(shapes: dict[str, str], method: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*shapes.values(), FLAGGED[method]]))


@check(*_marks(PROBES, "GET"), needs=("User", "filter"), depth="deep", writes=False)
def test_probes_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each form of the connection's check finds nobody."""
    model = users(scim, judge)
    values = {"secretToken": "", "matchingAttribute": "externalId"}

    def send(name: str, flagged: bool) -> Attempt:
        request = render(shape(name), {**values, "randomGuid": str(uuid.uuid4())})
        found = ask(scim, model, _query(request, flagged))
        return Attempt("" if nobody(found) else f"{told(found)} instead of nobody", (found,))

    _replay(judge, dialect, PROBES, "GET", send)


@check(*_marks(USER_MATCHES, "GET"), needs=("User", "read", "filter", "index"), depth="deep")
def test_searches_for_users_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each search and read finds the user it is about, and a search nobody else."""
    model = users(scim, judge)
    user, boss = _found_user(scim, judge, model)
    values = {
        "userName": user.name,
        "externalId": _value(user, "externalId"),
        "mail": _value(user, WORK_MAIL),
        "userId": user.id,
        "managerId": boss,
        "pageSize": "5",
    }
    _replay(judge, dialect, USER_MATCHES, "GET", lambda name, flagged: _search(scim, user, name, values, flagged))


@check(*_marks(GROUP_MATCHES, "GET"), needs=("User", "Group", "read", "filter"), depth="deep")
def test_searches_for_groups_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each search and read finds the group it is about."""
    person = people(scim, judge, 1)[0]
    group = group_with(scim, judge, groups(scim, judge), person)
    external = scim.unique("group-ext")
    scim.patch(group.path, {"op": "replace", "path": "externalId", "value": external})
    kept = member(scim.state(group), "externalId") == external
    values = {
        "groupExternalId": external if kept else "",
        "groupName": group.name,
        "groupId": group.id,
        "userId": person.id,
    }
    _replay(judge, dialect, GROUP_MATCHES, "GET", lambda name, flagged: _search(scim, group, name, values, flagged))


@check(*_marks(USER_CREATIONS, "POST"), needs=("User", "read"), depth="deep")
def test_creations_of_users_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each creation of a user leads to the user it describes, read by id and found by name."""
    model, boss = users(scim, judge), people(scim, judge, 1)[0]
    taken = scim.shared(model)[0]

    def send(name: str, flagged: bool) -> Attempt:
        user_name = taken.name if name.endswith(".duplicate") else scim.payloads.user_name("replayed")
        values = {"userName": user_name, "mail": user_name, "externalId": scim.unique("ext"), "managerId": boss.id}
        return _create(scim, model, name, values, flagged)

    _replay(judge, dialect, USER_CREATIONS, "POST", send)


@check(*_marks(GROUP_CREATIONS, "POST"), needs=("Group", "read"), depth="deep")
def test_creations_of_groups_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each creation of a group leads to the group it describes, read by id and found by name."""
    model = groups(scim, judge)
    taken = scim.shared(model)[0]

    def send(name: str, flagged: bool) -> Attempt:
        group_name = taken.name if name.endswith(".duplicate") else scim.unique("Replayed")
        values = {"groupName": group_name, "groupExternalId": scim.unique("group-ext")}
        return _create(scim, model, name, values, flagged)

    _replay(judge, dialect, GROUP_CREATIONS, "POST", send)


@check(*_marks(USER_DELETIONS, "DELETE"), needs=("User", "read"), depth="deep")
def test_deletions_of_users_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A deletion is answered as Entra needs it, and the user is neither read nor found any more."""
    model = users(scim, judge)
    _replay(judge, dialect, USER_DELETIONS, "DELETE", lambda name, flagged: _delete(scim, model, name, flagged))


@check(*_marks(GROUP_DELETIONS, "DELETE"), needs=("Group", "read"), depth="deep")
def test_deletions_of_groups_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A deletion is answered as Entra needs it, and the group is neither read nor found any more."""
    model = groups(scim, judge)
    _replay(judge, dialect, GROUP_DELETIONS, "DELETE", lambda name, flagged: _delete(scim, model, name, flagged))


# --- judging ---------------------------------------------------------------------------------------------------------


def _replay(judge: Judge, dialect: Dialect, shapes: dict[str, str], method: str, send: Send) -> None:
    """Send each shape, in the compliant dialect with the flag, and judge it under its requirement or the flag's."""
    flagged = dialect is Dialect.COMPLIANT
    left = dict.fromkeys(judge.requirements, "the target has nothing that this request is about")
    for name, requirement in shapes.items():
        if judge.catalogue[requirement].dialect not in ("any", dialect.value):
            left[requirement] = "Entra sends no such request in this dialect"
            continue
        attempt = send(name, flagged)
        if attempt is None:
            continue
        if attempt.wrong and flagged:
            plain = send(name, False)
            requirement = FLAGGED[method] if plain is not None and not plain.wrong else requirement
        left.pop(requirement, None)
        judge.expect(
            requirement,
            not attempt.wrong,
            expected=shape(name).effect_required or shape(name).response_requirement or "the documented answer",
            observed=attempt.wrong,
            at=attempt.exchanges,
            subject=f"{name}{' with the flag' if flagged else ''}",
        )
    for requirement, reason in left.items():
        judge.skip(requirement, reason if requirement != FLAGGED[method] else "no request failed for the flag")


def _query(request: ShapeRequest, flagged: bool) -> str:
    query = request.query
    return with_flag(query) if flagged and "aadOptscim062020" not in query else query


def _value(user: Resource, path: str) -> str:
    found = values_at(user.model, user.body, path) if is_declared(path, user.model) else []
    return str(found[0]) if found else ""


def _found_user(scim: Target, judge: Judge, model: ResourceModel) -> tuple[Resource, str]:
    """A user to search for, with what the target lets it have, and the id of its manager; empty without one."""
    boss = people(scim, judge, 1)[0]
    if is_declared(MANAGER, model):
        user, boss_id = user_with_manager(scim, judge, model, boss), boss.id
    else:
        user, boss_id = scim.create(model), ""
    changes = [
        ("externalId", scim.unique("ext")),
        ("emails", [{"type": "work", "value": scim.unique("mail") + "@example.com"}]),
    ]
    wanted = [{"op": "add", "path": path, "value": value} for path, value in changes if is_declared(path, model)]
    if wanted and scim.capabilities.works("patch", model):
        scim.patch(user.path, *wanted)
    user.body = scim.state(user)
    return user, boss_id


def _search(scim: Target, resource: Resource, name: str, values: dict[str, str], flagged: bool) -> Attempt | None:
    found = shape(name)
    if any(not values.get(variable) for variable in found.variables):
        return None
    request = render(found, values)
    query = _query(request, flagged)
    if found.path.count("/") > 1:
        read = scim.get(resource.path, params=query or None)
        return Attempt(_read_wrong(read, resource, name), (resource.exchange, read))
    answer = ask(scim, resource.model, query)
    if name == "read.users.page":
        right = answer.status == 200 and answer.body.get("startIndex", 1) == 1 and len(answer.resources) <= 5
    else:
        right = alone(answer, resource)
    if right and name.startswith("match.group") and any(member(item, "members") for item in hits(answer)):
        return Attempt("the group comes with its members", (resource.exchange, answer))
    return Attempt("" if right else told(answer), (resource.exchange, answer))


def _read_wrong(read: Exchange, resource: Resource, name: str) -> str:
    if read.status != 200 or not same_id(read.body, resource.id):
        return read.summary()
    return "the group comes with its members" if name == "read.group" and member(read.body, "members") else ""


def _create(scim: Target, model: ResourceModel, name: str, values: dict[str, str], flagged: bool) -> Attempt:
    request = render(shape(name), values)
    sent = declared_part(request.json or {}, model)
    body = with_required(scim, model, sent)
    created = scim.post(model.endpoint, json=body, params=_query(request, flagged) or None, headers=request.headers)
    if name.endswith(".duplicate"):
        return Attempt("" if created.status == 409 else f"{created.summary()} instead of 409", (created,))
    if not created.ok:
        return Attempt(f"{created.summary()} {error_text(created)}".strip(), (created,))
    resource = scim.resource_of(model, body, created)
    read = scim.read(resource)
    wanted = as_stored(sent)
    wrong = [] if read.status == 200 else [f"the resource cannot be read: {read.summary()}"]
    wrong += mismatches(model, wanted, read.body, written(wanted)) if not wrong else ()
    exchanges: tuple[Exchange, ...] = (created, read)
    if not wrong:
        found = match(scim, model, "displayName" if model is scim.group else "userName", resource.name)
        wrong += [] if alone(found, resource) else [f"the search for its name gives {told(found)}"]
        exchanges = (created, read, found)
    return Attempt("; ".join(wrong), exchanges)


def _delete(scim: Target, model: ResourceModel, name: str, flagged: bool) -> Attempt:
    query = with_flag() if flagged else None
    if name.endswith(".repeat"):
        again = scim.delete(scim.unknown_id(model), params=query)
        return Attempt("" if again.status == 404 else f"{again.summary()} instead of 404", (again,))
    resource = scim.create(model)
    gone, read = scim.delete(resource.path, params=query), scim.read(resource)
    found = match(scim, model, "displayName" if model is scim.group else "userName", resource.name)
    wrong = [] if gone.status == 204 else [f"{gone.summary()} instead of 204"]
    wrong += [] if read.status == 404 else [f"{read.summary()} afterwards"]
    wrong += [] if nobody(found) else [f"the search for its name gives {told(found)}"]
    return Attempt("; ".join(wrong), (resource.exchange, gone, read, found))
