"""RFC 7644 §3.5 and RFC 7643 §4.2: one group through many changes. Each change by itself: ``test_s3_5_2_members.py``.

The users are the ones that other checks have made members before; one group serves a whole check.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON, JSONObject
from scimcheck.harness import check
from scimcheck.harness.expected import differences as unlike
from scimcheck.harness.judge import Judge
from scimcheck.harness.membership import elements, filled_group, members_of
from scimcheck.harness.patching import Patched, Patching, operation
from scimcheck.harness.replay_values import people
from scimcheck.harness.representation import differences, ends_with_path, follow, put_body
from scimcheck.harness.target import Resource, Target

_NEEDS = ("Group", "User", "read")

#: How many further looks a mirror that lags gets, half a second apart.
PATIENCE = 3

IN_ORDER, CHANGEABLE, REPLACED = "RFC7644-3.5.2-18", "RFC7643-4.2-03", "RFC7644-3.5.2.3-03"
MINIMUM, STORED, VERSION = "RFC7644-3.9-01", "RFC7644-3.5.1-12", "RFC7644-3.14-08"


def _begin(scim: Target, judge: Judge, *members: Resource) -> Patching:
    """A group with these members, to be patched; ends the check when groups have none or cannot be patched."""
    if scim.group is None or scim.group.core.attribute("members") is None:
        judge.not_applicable("groups have no members")
    scim.capabilities.demand("patch", scim.group)
    return Patching(scim, filled_group(scim, judge, *members, externalId=scim.unique("life")))


def _expect(judge: Judge, requirement: str, patched: Patched, wanted: Sequence[Resource]) -> bool:
    """Expect success and exactly these members; the name is another matter, the rest stays."""
    found = members_of(patched.after)
    lost = unlike(patched.before, patched.after, patched.model, leave_out=("members", "displayname"))
    rest = f"; {'; '.join(lost)}" if lost else ""
    return judge.expect(
        requirement,
        patched.exchange.ok and sorted(found) == sorted(person.id for person in wanted) and not lost,
        expected=f"success, and the {len(wanted)} members {', '.join(person.id for person in wanted)}",
        observed=f"{patched.answer}, and then {len(found)} members {', '.join(found)}{rest}",
        at=patched.evidence,
        subject=f"{patched.model.name}: {patched.told}",
    )


def _value(*persons: Resource) -> list[dict[str, str]]:
    return [{"value": person.id} for person in persons]


def _without(person: Resource) -> dict[str, str]:
    return {"op": "remove", "path": f'members[value eq "{person.id}"]'}


@check(CHANGEABLE, REPLACED, VERSION, IN_ORDER, needs=_NEEDS)
def test_a_group_is_emptied_and_filled_again(scim: Target, judge: Judge) -> None:
    """The last member leaves, another one comes along with a new name, the first comes back, and all are replaced."""
    first, second = people(scim, judge, 2)
    subject = _begin(scim, judge, first)
    left = subject.send(_without(first))
    _judge_version(judge, left)
    if not _expect(judge, CHANGEABLE, left, ()):
        judge.blocked(CHANGEABLE, f"the group cannot be emptied: {left.answer}")
    name = scim.unique("team")
    renamed = subject.send(
        operation("replace", "displayName", value=name), operation("add", "members", value=[*_value(second)])
    )
    if _expect(judge, IN_ORDER, renamed, (second,)):
        judge.expect(
            IN_ORDER,
            renamed.after.get("displayName") == name,
            expected=f"displayName {name!r}",
            observed=f"{renamed.answer}, and then {renamed.after.get('displayName')!r}",
            at=renamed.evidence,
        )
    back = subject.send(operation("add", "members", value=[*_value(first)]))
    judge.expect(
        CHANGEABLE,
        back.exchange.ok and first.id in members_of(back.after),
        expected=f"{first.id} is a member again",
        observed=f"{back.answer}, and then {', '.join(members_of(back.after)) or 'no members'}",
        at=back.evidence,
    )
    emptied = subject.send(operation("replace", "members", value=[]))
    if emptied.exchange.status == 400 and members_of(emptied.after) == members_of(emptied.before):
        judge.skip(REPLACED, "an empty array is refused as a value")
        return
    _expect(judge, REPLACED, emptied, ())


def _judge_version(judge: Judge, patched: Patched) -> None:
    """Expect another meta.version once a member has left, where there are versions."""
    before, after = (_version(state) for state in (patched.before, patched.after))
    if before is None or members_of(patched.before) == members_of(patched.after):
        judge.skip(VERSION, "groups have no version, or no member has left")
        return
    judge.expect(
        VERSION,
        before != after,
        expected=f"another version than {before}",
        observed=f"{patched.exchange.summary()}, and then meta.version {after}",
        at=patched.evidence,
    )


def _version(state: JSONObject) -> JSON:
    meta = state.get("meta")
    return meta.get("version") if isinstance(meta, dict) else None


@check(STORED, MINIMUM, "RFC7643-4.1.2-12", needs=(*_NEEDS, "put"))
def test_every_view_shows_the_same_members(scim: Target, judge: Judge) -> None:
    """Members set by PUT are shown in its answer, in a GET, in a list, and by the users whose groups are shown."""
    early, late = people(scim, judge, 2)
    group = filled_group(scim, judge, early)
    scim.capabilities.demand("put", group.model)
    replaced = scim.put(group.path, json=put_body(scim, group, members=[scim.member(each) for each in (early, late)]))
    read = scim.read(group)
    if not replaced.ok or sorted(members_of(read.body)) != sorted((early.id, late.id)):
        judge.blocked("RFC7644-3.5.1-02", f"PUT does not set the members: {replaced.summary()}")
    _judge_answer(judge, group, replaced, read)
    _judge_list(scim, judge, group, read)
    _judge_mirror(scim, judge, group, early, late)


def _judge_answer(judge: Judge, group: Resource, replaced: Exchange, read: Exchange) -> None:
    if "id" not in replaced.body:
        judge.skip(STORED, "the answer to the PUT has no body")
        return
    wrong = differences(replaced.body, read.body, group.model)
    judge.expect(
        STORED,
        not wrong,
        expected="the answer to PUT equals a following GET",
        observed="; ".join(wrong),
        at=(group.exchange, replaced, read),
    )


def _judge_list(scim: Target, judge: Judge, group: Resource, read: Exchange) -> None:
    """Lists may leave members out; when they show some, they show all."""
    name = read.body.get("displayName")
    listed = scim.search(group.model.endpoint, f'displayName eq "{name}"')
    found = next((item for item in listed.resources if str(item.get("id")) == group.id), {})
    if not members_of(found):
        judge.skip(MINIMUM, "the list does not show the group, or no members at all")
        return
    judge.expect(
        MINIMUM,
        sorted(members_of(found)) == sorted(members_of(read.body)),
        expected=f"{len(members_of(read.body))} members as a GET shows them",
        observed=f"{listed.summary()} with {len(members_of(found))} members",
        at=(group.exchange, read, listed),
    )


def _judge_mirror(scim: Target, judge: Judge, group: Resource, early: Resource, late: Resource) -> None:
    """Whoever became a member by whatever request shows the group, if the other one does."""
    seen = [scim.read(early), scim.read(late)]
    shown = [_shows(exchange, group) for exchange in seen]
    for _ in range(PATIENCE if any(shown) and not all(shown) else 0):
        time.sleep(0.5)
        seen = [scim.read(early), scim.read(late)]
        shown = [_shows(exchange, group) for exchange in seen]
        if all(shown):
            break
    if not any(shown):
        judge.skip("RFC7643-4.1.2-12", "the target shows no groups of its users")
        return
    judge.expect(
        "RFC7643-4.1.2-12",
        all(shown),
        expected=f"groups with {group.id} for both members",
        observed=f"the member of the creation: {shown[0]}, the one added by PUT: {shown[1]}",
        at=(group.exchange, *seen),
    )
    left = scim.patch(group.path, _without(late)) if scim.capabilities.works("patch", group.model) else None
    if left is None or not left.ok or not all(shown):
        return
    found = scim.read(late)
    for _ in range(PATIENCE if _shows(found, group) else 0):
        time.sleep(0.5)
        found = scim.read(late)
    judge.expect(
        "RFC7643-4.1.2-12",
        not _shows(found, group),
        expected=f"no groups with {group.id} after the membership ended",
        observed=f"{left.summary()}, and then groups {found.body.get('groups')!r}",
        at=(group.exchange, left, found),
    )


def _shows(exchange: Exchange, group: Resource) -> bool:
    found = exchange.body.get("groups")
    listed = found if isinstance(found, list) else []
    return group.id in [str(item.get("value")) for item in listed if isinstance(item, dict)]


@check("RFC7643-4.2-05", "RFC7643-4.2-06", "RFC7643-4.2-10", needs=_NEEDS)
def test_a_nested_group_is_a_member_like_others(scim: Target, judge: Judge) -> None:
    """A target that takes a group as a member shows it by its id, with a $ref and a type that are the group's."""
    (person,) = people(scim, judge, 1)
    subject, inner = _begin(scim, judge, person), scim.create(scim.group or scim.primary)
    patched = subject.send(operation("add", "members", value=[*_value(inner)]))
    if not patched.exchange.ok:
        judge.not_applicable(f"groups do not hold groups: {patched.answer}")
    at = (inner.exchange, *patched.evidence)
    found = [item for item in elements(patched.after) if item.get("value") == inner.id]
    judge.demand(
        "RFC7643-4.2-05",
        found,
        expected=f"the member {inner.id}, which is a group, or a refusal",
        observed=f"{patched.answer}, and then {', '.join(members_of(patched.after))}",
        at=at,
    )
    reference, kind = found[0].get("$ref"), found[0].get("type")
    judge.expect(
        "RFC7643-4.2-06",
        reference is None or ends_with_path(str(reference), inner) or _leads_to(scim, str(reference), inner),
        expected=f"$ref with the URI of {inner.path}",
        observed=f"$ref {reference!r}",
        at=at,
    )
    judge.expect(
        "RFC7643-4.2-10",
        kind is None or str(kind).lower() == inner.model.name.lower(),
        expected=f"type {inner.model.name}",
        observed=f"type {kind!r}",
        at=at,
    )


def _leads_to(scim: Target, reference: str, resource: Resource) -> bool:
    answer = follow(scim, reference)
    return answer is None or str(answer.body.get("id")) == resource.id
