"""Every PATCH request that is known of Microsoft, sent as it is written down, and judged by the state it leads to.

The forms that these requests consist of are judged one by one in the other files of this suite; here they come as
Entra, its validator and its test tools put them together.
"""

from __future__ import annotations

from collections.abc import Iterable

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.creation import is_declared
from scimcheck.entra.dialect import MANAGER, Dialect
from scimcheck.entra.queries import equality
from scimcheck.entra.shapes import Shape, render, shape
from scimcheck.harness import check
from scimcheck.harness.attributes import naming
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import Outcome, form, send, set_aside, values_at
from scimcheck.harness.replay_groups import group_of
from scimcheck.harness.replay_shapes import changed, cut, intended, main_effect, mismatches, pieces, settled, touched
from scimcheck.harness.replay_values import ops, people
from scimcheck.harness.target import Resource, Target

#: Judged under the requirement that a PATCH answered with 2xx has its effect: nobody has to understand these.
TRUTH = "ENTRA-2.2-08"

DISABLES = {
    "disable.legacy": "ENTRA-3.2-01",
    "disable.compliant": "ENTRA-3.2-04",
    "disable.mixed": "ENTRA-3.2-03",
    "disable.add_op": "ENTRA-3.2-06",
    "disable.lowercase_string": "ENTRA-3.2-07",
    "disable.pathless": "ENTRA-3.2-05",
    "disable.tombstone": "ENTRA-3.6-03",
    "enable.legacy": "ENTRA-3.2-08",
    "enable.compliant": "ENTRA-3.2-09",
}
UPDATES = {
    "update.add.legacy": "ENTRA-3.2-10",
    "update.add.compliant": "ENTRA-3.2-11",
    "update.add.pathless": "ENTRA-3.2-12",
    "update.replace.single.legacy": "ENTRA-3.2-14",
    "update.replace.single.compliant": "ENTRA-3.2-15",
    "update.replace.many.legacy": "ENTRA-3.2-16",
    "update.replace.many.compliant": "ENTRA-3.3-04",
    "update.userName": "ENTRA-3.2-58",
    "update.externalId": "ENTRA-3.2-60",
    "update.ext.add.legacy": "ENTRA-3.2-27",
    "update.ext.add.compliant": "ENTRA-3.2-28",
    "update.ext.dot": TRUTH,
    "update.custom_ext": TRUTH,
    "patch.same_attribute_twice": "ENTRA-2.2-18",
    "patch.empty_operations": "ENTRA-3.6-04",
}
ENTRIES = {
    "update.multi.replace.legacy": "ENTRA-3.2-17",
    "update.multi.add_missing": "ENTRA-3.2-19",
    "update.multi.replace_missing": "ENTRA-3.2-22",
    "update.address.add": "ENTRA-3.2-23",
    "update.email.primary_string": "ENTRA-3.6-02",
    "update.email.primary_bool": "ENTRA-3.2-25",
    "update.value_wrapped": "ENTRA-3.6-01",
}
REFERENCES = {
    "manager.set.field": "ENTRA-3.2-29",
    "manager.set.compliant": "ENTRA-3.2-30",
    "manager.set.pathless": TRUTH,
    "manager.set.documented_old": "ENTRA-3.2-32",
    "manager.set.object": TRUTH,
    "manager.remove.empty_object": "ENTRA-3.2-34",
    "manager.remove.empty_string": "ENTRA-3.2-33",
    "manager.remove.filter": "ENTRA-3.2-35",
    "manager.remove.legacy_array": TRUTH,
    "roles.patch.json_string": "ENTRA-3.2-52",
    "roles.patch.assertive": "ENTRA-3.2-53",
    "roles.patch.primary_string": "ENTRA-3.2-54",
}
CLEARS = {
    "clear.empty_string": "ENTRA-3.2-55",
    "clear.null": "ENTRA-3.2-56",
    "clear.null.pathless": "ENTRA-3.2-57",
    "clear.remove": TRUTH,
}
GROUPS = {
    "group.rename.legacy": "ENTRA-3.2-48",
    "group.rename.compliant": "ENTRA-3.2-49",
    "group.externalId": "ENTRA-3.2-50",
    "group.externalId.pathless": "ENTRA-3.2-51",
    "group.members.add.legacy": "ENTRA-3.2-36",
    "group.members.add.compliant": "ENTRA-3.2-37",
    "group.members.add.many": "ENTRA-2.3-04",
    "group.members.replace.validator": "ENTRA-3.2-44",
    "group.members.remove.legacy": "ENTRA-3.2-40",
    "group.members.remove.compliant": "ENTRA-3.2-42",
    "group.members.remove.mixed": TRUTH,
    "group.members.remove_all": TRUTH,
    "group.members.add.string": TRUTH,
    "group.members.add.extra_keys": "ENTRA-3.6-05",
    "group.nested_member": "ENTRA-3.2-47",
}

#: What a shape is judged under when it did what it is for, and spoiled something beside it.
BESIDE = {
    "update.multi.add_missing": "ENTRA-3.2-20",
    "group.members.add.legacy": "ENTRA-3.2-38",
    "group.members.add.compliant": "ENTRA-3.2-38",
    "group.members.remove.legacy": "ENTRA-3.2-41",
    "group.members.remove.compliant": "ENTRA-3.2-43",
}

#: Shapes that a user with a work address receives; the others meet one without any.
_WITH_ADDRESS = ("update.replace.many", "update.multi.replace.legacy", "update.email.primary_bool")
_NEEDS = ("User", "read", "patch")


def _once(shapes: dict[str, str]) -> list[str]:
    """The requirements that shapes are judged under, each once."""
    return list(dict.fromkeys([*shapes.values(), *(BESIDE[name] for name in shapes if name in BESIDE)]))


@check(*_once(DISABLES), needs=_NEEDS, depth="deep")
def test_disables_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each request that disables or enables a user leads to the intended state."""
    _replay(scim, judge, dialect, DISABLES)


@check(*_once(UPDATES), needs=_NEEDS, depth="deep")
def test_updates_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each request that changes attributes of a user leads to the intended state."""
    _replay(scim, judge, dialect, UPDATES)


@check(*_once(ENTRIES), needs=_NEEDS, depth="deep")
def test_changes_of_entries_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each request that changes e-mail addresses, numbers or addresses leads to the intended state."""
    _replay(scim, judge, dialect, ENTRIES)


@check(*_once(REFERENCES), needs=_NEEDS, depth="deep")
def test_changes_of_manager_and_roles_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each request that changes manager or roles leads to the intended state."""
    _replay(scim, judge, dialect, REFERENCES)


@check(*_once(CLEARS), needs=_NEEDS, depth="deep")
def test_clearings_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each request that clears attributes leads to the intended state."""
    _replay(scim, judge, dialect, CLEARS)


@check(*_once(GROUPS), needs=("Group", *_NEEDS), depth="deep")
def test_changes_of_groups_are_replayed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Each request that changes a group or its members leads to the intended state."""
    _replay(scim, judge, dialect, GROUPS)


def _replay(scim: Target, judge: Judge, dialect: Dialect, shapes: dict[str, str]) -> None:
    """Send every shape that belongs to the dialect to a fresh resource and judge it under its requirement."""
    set_aside(judge, dialect)
    passed_over = dict.fromkeys(judge.requirements, "Entra sends no such request in this dialect")
    for shape_id, requirement in shapes.items():
        found = shape(shape_id)
        if found.applies_to(dialect.value) and judge.catalogue[requirement].dialect in ("any", dialect.value):
            reason = _judge_shape(scim, judge, requirement, found)
            passed_over[requirement] = passed_over[requirement] and reason
    for requirement, reason in passed_over.items():
        if reason and judge.catalogue[requirement].dialect in ("any", dialect.value):
            judge.skip(requirement, reason)


def _judge_shape(scim: Target, judge: Judge, requirement: str, found: Shape) -> str:
    """Send one shape and judge it; the reason why it was not judged, or nothing."""
    resource = _prepared(scim, judge, found.id)
    body = cut(render(found, _variables(scim, judge, resource, found)).json or {}, resource.model)
    if body is None:
        return "the target declares none of the attributes"
    outcome, wrong = _send(scim, resource, body, found.id)
    if wrong is None:
        return "the request makes no sense for what the target made of the resource"
    if wrong and not _tolerated(found.id, requirement, outcome):
        parts = list(pieces(body))
        if len(parts) > 1 and any(_fails(scim, judge, part, found.id) for part in parts):
            return "a part of the request fails by itself, which is the business of another check"
        if found.id == "update.value_wrapped" and _fails(scim, judge, _unwrapped(body), found.id):
            return "the value fails without its wrapping, too, which is the business of another check"
        if found.id in BESIDE and main_effect(resource.model, body, outcome.read.body):
            requirement = BESIDE[found.id]
    judge.expect(
        requirement,
        not wrong or _tolerated(found.id, requirement, outcome),
        expected=found.effect_required or "2xx and the intended state",
        observed="; ".join(wrong),
        at=outcome.exchanges,
        subject=f"{found.id}: {form(body)}",
    )
    return ""


def _send(scim: Target, resource: Resource, body: JSONObject, shape_id: str) -> tuple[Outcome, list[str] | None]:
    """The outcome with what is wrong in it; ``None`` when nobody can say what the body should lead to."""
    before = settled(scim.state(resource))
    wanted = intended(before, body, resource.model) if body["Operations"] else before
    outcome = send(scim, resource, body, {})
    if wanted is None or (outcome.sent.ok and outcome.read.status != 200):
        return outcome, None
    if not outcome.sent.ok:
        return outcome, [outcome.observed]
    paths, after = touched(body), settled(outcome.read.body)
    judged = [] if shape_id == "roles.patch.json_string" else paths  # the role may be kept as the text that it is
    wrong = [*mismatches(resource.model, wanted, after, judged), *changed(resource.model, before, after, paths)]
    return outcome, wrong or _stale(scim, resource, before, after, paths)


def _stale(scim: Target, resource: Resource, before: JSONObject, after: JSONObject, paths: list[str]) -> list[str]:
    """Which of the attributes a search for the resource shows as they were before, though a read shows the change.

    What a search does not show at all, and whether it finds the resource, is the business of other checks.
    """
    name = naming(resource.model)
    shown_name = member(after, name)
    if not isinstance(shown_name, str) or not scim.capabilities.works("filter", resource.model):
        return []
    found = scim.search(resource.model.endpoint, equality(name, shown_name))
    if len(found.resources) != 1 or member(found.resources[0], "id") != resource.id:
        return []
    model, hit = resource.model, settled(found.resources[0])
    old = [path for path in paths if values_at(model, before, path) and not _same_at(model, before, after, path)]
    return [f"a search shows the former {path}" for path in old if _same_at(model, hit, before, path)]


def _same_at(model: ResourceModel, one: JSONObject, other: JSONObject, path: str) -> bool:
    return not list(mismatches(model, one, other, [path]))


def _fails(scim: Target, judge: Judge, part: JSONObject, shape_id: str) -> bool:
    return bool(_send(scim, _prepared(scim, judge, shape_id), part, shape_id)[1])


def _unwrapped(body: JSONObject) -> JSONObject:
    """The body with its values outside of their arrays and objects."""
    return {**body, "Operations": [{**item, "value": item["value"][0]["value"]} for item in body["Operations"]]}


def _tolerated(shape_id: str, requirement: str, outcome: Outcome) -> bool:
    """Whether a refusal is as good: of a form that nobody has to know, or one that RFC 7644 has refused."""
    if outcome.sent.ok:
        return shape_id in ("group.nested_member", "patch.empty_operations")
    if shape_id in ("group.nested_member", "patch.empty_operations") or requirement == TRUTH:
        return outcome.sent.status < 500
    return outcome.without_target and shape_id in ("update.multi.replace_missing", "roles.patch.primary_string")


# --- what the shapes meet --------------------------------------------------------------------------------------------


def _prepared(scim: Target, judge: Judge, shape_id: str) -> Resource:
    """A fresh resource in the state that the shape is sent to."""
    if shape_id.startswith("group."):
        three = people(scim, judge, 3)
        held = {"group.members.add.many": 0}.get(shape_id, 3 if ".remove" in shape_id else 1)
        return group_of(scim, judge, *three[3 - held :])
    model = scim.user or scim.primary
    user = scim.create_from(model, {**scim.payload(model), **_attributes(scim, model, shape_id)})
    if shape_id.startswith("manager.remove"):
        scim.patch(user.path, json=ops(("add", MANAGER, {"value": people(scim, judge, 1)[0].id})))
    if shape_id == "roles.patch.primary_string":
        scim.patch(user.path, json=ops(("add", "roles", [{"value": "Auditor", "primary": True}])))
    return user


def _attributes(scim: Target, model: ResourceModel, shape_id: str) -> JSONObject:
    """The attributes of a fresh user, as far as users have them."""
    name: JSONObject = {"givenName": "Nora", "familyName": "Vane", "middleName": "Quill"}
    values: dict[str, JSON] = {
        "active": not shape_id.startswith("enable"),
        "displayName": scim.unique("Nora"),
        "title": "Analyst",
        "externalId": scim.unique("ext"),
        "name": {part: text for part, text in name.items() if is_declared(f"name.{part}", model)},
    }
    if shape_id.startswith(_WITH_ADDRESS):
        values["emails"] = [{"type": "work", "value": f"{scim.unique('mail')}@example.com"}]
    return {key: value for key, value in values.items() if is_declared(key, model) and value != {}}


def _variables(scim: Target, judge: Judge, resource: Resource, found: Shape) -> dict[str, str]:
    """A value for every variable of the PATCH shapes."""
    three = [person.id for person in people(scim, judge, 3)]
    is_group = resource.model is scim.group
    values = {
        "userId": three[0] if is_group else resource.id,
        "user2Id": three[1],
        "user3Id": three[2],
        "managerId": three[0],
        "groupId": resource.id,
        "group2Id": group_of(scim, judge).id if "group2Id" in found.variables else "",
        "base": scim.session.base.url.rstrip("/"),
        "objectIdHex": scim.payloads.fake.uuid4().replace("-", ""),
        "userName": resource.name,
        "newUserName": scim.payloads.user_name("renamed"),
    }
    fresh: Iterable[str] = ("newExternalId", "newGroupExternalId", "newGroupName")
    return {**values, **{name: scim.unique(name) for name in fresh}, "newMail": f"{scim.unique('mail')}@example.com"}
