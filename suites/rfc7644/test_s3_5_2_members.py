"""RFC 7644 §3.5.2 and RFC 7643 §4.2: the members of a group, added, removed and replaced by PATCH."""

from __future__ import annotations

import time

import pytest

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.values import Instant, parse_instant
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patched, Patching, no_server_error, operation, told
from scimcheck.harness.target import Target


@pytest.fixture(scope="module")
def people(scim: Target) -> list[str]:
    """The ids of four users that are members of one group after the other."""
    return [scim.create(scim.user).id for _ in range(4)] if scim.user else []


def _begin(scim: Target, judge: Judge, members: list[str]) -> Patching:
    """A group with these members; ends the check when groups cannot have such, or cannot be patched."""
    kind = scim.group
    if kind is None or kind.core.attribute("members") is None:
        judge.not_applicable("groups have no members")
    scim.capabilities.demand("patch", kind)
    if not members:
        return Patching(scim, scim.create(kind))
    used = scim.spares.take_used(kind, judge.check, lambda state: sorted(_members(state)) == sorted(members))
    if used is not None:
        return Patching(scim, used)
    subject = Patching(scim, scim.create(kind, members=[{"value": identifier} for identifier in members]))
    if sorted(_members(subject.state)) != sorted(members):
        judge.blocked("RFC7643-4.2-05", "a group does not keep the members that it is created with")
    return subject


def _members(state: JSONObject) -> list[str]:
    listed = state.get("members")
    return [str(m.get("value")) for m in listed if isinstance(m, dict)] if isinstance(listed, list) else []


def _values(*ids: str) -> JSON:
    return [{"value": identifier} for identifier in ids]


def _expect(judge: Judge, requirement: str, patched: Patched, *ids: str) -> bool:
    """Success, and exactly these members; whatever else the group has is as before."""
    found = _members(patched.after)
    name = patched.model.core.attribute("displayName")
    same = name is None or patched.before.get("displayName") == patched.after.get("displayName")
    return judge.expect(
        requirement,
        patched.exchange.ok and sorted(found) == sorted(ids) and same,
        expected=f"success, and the {len(ids)} members {', '.join(ids)}",
        observed=f"{patched.answer}, and then {len(found)} members {', '.join(found)}",
        at=patched.evidence,
        subject=f"{patched.model.name}: {patched.told}",
    )


@check("RFC7644-3.5.2.1-10", "RFC7643-4.2-03", "RFC7643-4.2-05", needs=("Group", "User"))
def test_members_are_added(scim: Target, judge: Judge, people: list[str]) -> None:
    """One member, several at once, and one in a value without path join those that are there."""
    a, b, c, d = people[:4]
    subject = _begin(scim, judge, [])
    patched = subject.send(operation("add", "members", value=_values(a)))
    for requirement in ("RFC7644-3.5.2.1-10", "RFC7643-4.2-03", "RFC7643-4.2-05"):
        _expect(judge, requirement, patched, a)
    _expect(judge, "RFC7644-3.5.2.1-10", subject.send(operation("add", "members", value=_values(b, c))), a, b, c)
    patched = subject.send(operation("add", value={"members": _values(d)}))
    _expect(judge, "RFC7644-3.5.2.1-10", patched, a, b, c, d)


@check("RFC7644-3.5.2.1-10", needs=("Group", "User"))
def test_members_are_added_by_several_operations(scim: Target, judge: Judge, people: list[str]) -> None:
    """Two operations of one request add two members, one of them sent without an array around it."""
    a, b, c = people[:3]
    subject = _begin(scim, judge, [a])
    patched = subject.send(
        operation("add", "members", value=_values(b)), operation("add", "members", value={"value": c})
    )
    _expect(judge, "RFC7644-3.5.2.1-10", patched, a, b, c)


@check("RFC7644-3.5.2-15", needs=("Group", "User"))
def test_another_name_keeps_the_members(scim: Target, judge: Judge, people: list[str]) -> None:
    """A group that gets another displayName keeps its members."""
    if scim.group is None or scim.group.core.attribute("displayName") is None:
        judge.not_applicable("groups have no displayName")
    subject = _begin(scim, judge, people[:2])
    patched = subject.send(operation("replace", "displayName", value=scim.unique("renamed")))
    if not patched.exchange.ok:
        judge.blocked("RFC7644-3.5.2.3-02", f"the group could not be renamed: {patched.exchange.summary()}")
    judge.expect(
        "RFC7644-3.5.2-15",
        sorted(_members(patched.after)) == sorted(people[:2]),
        expected=f"the members {', '.join(people[:2])} as before",
        observed=f"{patched.answer}, and then {len(_members(patched.after))} members",
        at=patched.evidence,
    )


@check("RFC7643-3.1-24", needs=("Group", "User"))
def test_new_member_moves_last_modified(scim: Target, judge: Judge, people: list[str]) -> None:
    """A group that gains a member has a later ``meta.lastModified``."""
    a, b, c = people[:3]
    subject = _begin(scim, judge, [a])
    first = _last_modified(subject.state)
    patched = subject.send(operation("add", "members", value=_values(b)))
    if first == _last_modified(patched.after):
        # A clock of whole seconds may not have ticked in between.
        time.sleep(1.1)
        patched = subject.send(operation("add", "members", value=_values(c)))
    last = _last_modified(patched.after)
    if first is None or last is None:
        judge.skip("RFC7643-3.1-24", "meta has no usable lastModified")
        return
    if not patched.exchange.ok or len(_members(patched.after)) == 1:
        judge.blocked("RFC7644-3.5.2.1-10", "no member could be added")
    judge.expect(
        "RFC7643-3.1-24",
        last > first,
        expected="meta.lastModified: a later instant",
        observed=f"a new member, and meta.lastModified {patched.after['meta']['lastModified']!r} as before",
        at=patched.evidence,
    )


def _last_modified(state: JSONObject) -> Instant | None:
    meta = state.get("meta")
    value = meta.get("lastModified") if isinstance(meta, dict) else None
    return parse_instant(value) if isinstance(value, str) else None


@check("RFC7644-3.5.2.1-08", "RFC7644-3.5.2.1-09", needs=("Group", "User"))
def test_member_is_no_member_twice(scim: Target, judge: Judge, people: list[str]) -> None:
    """Adding a member again succeeds, doubles nothing and does not move ``meta.lastModified``."""
    a, b, c = people[:3]
    subject = _begin(scim, judge, [a, b])
    patched = subject.send(operation("add", "members", value=_values(a)))
    same = _expect(judge, "RFC7644-3.5.2.1-08", patched, a, b)
    old, new = (state.get("meta", {}).get("lastModified") for state in (patched.before, patched.after))
    if same and isinstance(old, str) and parse_instant(old):
        judge.expect(
            "RFC7644-3.5.2.1-09",
            isinstance(new, str) and parse_instant(new) == parse_instant(old),
            expected=f"meta.lastModified still {old}",
            observed=f"meta.lastModified {new!r}",
            at=patched.evidence,
        )
    else:
        judge.skip("RFC7644-3.5.2.1-09", "the group has changed, or has no meta.lastModified")
    patched = subject.send(operation("add", "members", value=_values(b, c)))
    _expect(judge, "RFC7644-3.5.2.1-08", patched, a, b, c)


@check("RFC7644-3.5.2.2-10", "RFC7643-4.2-03", needs=("Group", "User"))
def test_one_member_is_removed(scim: Target, judge: Judge, people: list[str]) -> None:
    """A value filter on ``members`` removes that member and no other, one or two in a request."""
    a, b, c, d = people[:4]
    subject = _begin(scim, judge, [a, b, c, d])
    patched = subject.send(operation("remove", f'members[value eq "{b}"]'))
    for requirement in ("RFC7644-3.5.2.2-10", "RFC7643-4.2-03"):
        _expect(judge, requirement, patched, a, c, d)
    patched = subject.send(
        operation("remove", f'members[value eq "{a}"]'), operation("remove", f'members[value eq "{d}"]')
    )
    _expect(judge, "RFC7644-3.5.2.2-10", patched, c)


@check("RFC7644-3.5.2.2-09", needs=("Group", "User"))
def test_removal_of_one_who_is_no_member(scim: Target, judge: Judge, people: list[str]) -> None:
    """Removing one who is not in the group succeeds or is refused; the members stay."""
    a, b, c = people[:3]
    subject = _begin(scim, judge, [a, b])
    patched = subject.send(operation("remove", f'members[value eq "{c}"]'))
    if no_server_error(judge, "RFC7644-3.5.2.2-09", patched):
        judge.expect(
            "RFC7644-3.5.2.2-09",
            sorted(_members(patched.after)) == sorted((a, b)),
            expected="the members of before",
            observed=f"{patched.exchange.summary()}, and then {_members(patched.after)}",
            at=patched.evidence,
        )


@check("RFC7644-3.5.2.2-10", needs=("Group", "User"))
def test_removal_with_a_list_of_values(scim: Target, judge: Judge, people: list[str]) -> None:
    """A remove whose value lists members takes these or all, or is refused; it never takes just others."""
    a, b, c = people[:3]
    subject = _begin(scim, judge, [a, b, c])
    patched = subject.send(operation("remove", "members", value=_values(b)))
    if not no_server_error(judge, "RFC7644-3.5.2.2-10", patched):
        return
    found = sorted(_members(patched.after))
    legal = [sorted((a, c)), []] if patched.exchange.ok else [sorted((a, b, c))]
    if patched.exchange.ok and found == sorted((a, b, c)):
        judge.advise(
            "RFC7644-3.5.2.2-10",
            expected="the listed member or all members are removed, or 400",
            observed=f"{patched.answer}, and nothing has changed",
            at=patched.evidence,
        )
        return
    judge.expect(
        "RFC7644-3.5.2.2-10",
        found in legal,
        expected="the listed member or all members are removed, or 400 without change",
        observed=f"{patched.answer}, and then {found}",
        at=patched.evidence,
    )


@check("RFC7644-3.5.2.2-03", needs=("Group", "User"))
def test_all_members_are_removed(scim: Target, judge: Judge, people: list[str]) -> None:
    """Removing ``members`` leaves a group without any."""
    subject = _begin(scim, judge, people[:2])
    _expect(judge, "RFC7644-3.5.2.2-03", subject.send(operation("remove", "members")))


@check("RFC7644-3.5.2.3-03", needs=("Group", "User"))
def test_members_are_replaced(scim: Target, judge: Judge, people: list[str]) -> None:
    """Replacing ``members``, with a path and without, leaves the new members only."""
    a, b, c = people[:3]
    subject = _begin(scim, judge, [a, b])
    _expect(judge, "RFC7644-3.5.2.3-03", subject.send(operation("replace", "members", value=_values(b, c))), b, c)
    _expect(judge, "RFC7644-3.5.2.3-03", subject.send(operation("replace", value={"members": _values(a)})), a)


@check("RFC7644-3.5.2-18", needs=("Group", "User"))
def test_members_are_removed_and_then_added(scim: Target, judge: Judge, people: list[str]) -> None:
    """A request that empties a group and then adds a member leaves just that one."""
    subject, c = _begin(scim, judge, people[:2]), people[2]
    bodies = (operation("remove", "members"), operation("add", "members", value=_values(c)))
    _expect(judge, "RFC7644-3.5.2-18", subject.send(*bodies, told_as=told(bodies)), c)


@check("RFC7643-4.2-04", needs=("Group", "User"))
def test_member_does_not_become_another(scim: Target, judge: Judge, people: list[str]) -> None:
    """Replacing a member's ``value`` is refused, or carried out as removing one and adding the other."""
    a, b, c = people[:3]
    subject = _begin(scim, judge, [a, b])
    patched = subject.send(operation("replace", f'members[value eq "{a}"].value', value=c))
    legal = [sorted((b, c)), sorted((a, b))] if patched.exchange.ok else [sorted((a, b))]
    found = sorted(_members(patched.after))
    judge.expect(
        "RFC7643-4.2-04",
        patched.exchange.status < 500 and found in legal,
        expected="400 mutability, or a consistent list of members",
        observed=f"{patched.answer}, and then {found}",
        at=patched.evidence,
    )
