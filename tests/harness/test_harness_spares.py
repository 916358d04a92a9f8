"""Resources that go from check to check in a state that is known, and GETs that are not sent twice."""

from __future__ import annotations

import pytest

from scimcheck.harness.patching import Patching, operation
from scimcheck.harness.target import Resource, Target
from scimcheck.plugin import build
from scimcheck.plugin.options import RunConfig


def target() -> Target:
    """The reference provider as a check sees it."""
    return build.target(RunConfig(seed=1), "spares")


def changed(scim: Target, check: str, *, well: bool = True) -> Resource:
    """A user that a check has given a title, and looked at afterwards."""
    with scim.session.check(check):
        subject = Patching(scim, scim.create(scim.primary))
        subject.send(operation("add", "title", value="Captain"))
    scim.spares.end(check, well=well)
    return subject.resource


def test_another_check_takes_over_what_one_has_changed() -> None:
    """With the GET that showed its state, which is what the next request starts from."""
    scim = target()
    first = changed(scim, "one")
    with scim.session.check("two"):
        found = scim.some(scim.primary, lambda state: state.get("title") == "Captain")
    assert found.id == first.id
    assert found.exchange.method == "GET"
    mark = len(scim.session.journal)
    assert scim.initial(found) == scim.state(found) == found.body == found.exchange.json
    assert len(scim.session.journal) == mark


def test_what_does_not_fit_is_left_to_others() -> None:
    """A check that needs another state gets a new resource with what it asks for."""
    scim = target()
    first = changed(scim, "one")
    with scim.session.check("two"):
        found = scim.some(scim.primary, lambda state: "nickName" in state, nickName="Kit")
    assert found.id != first.id
    assert found.body["nickName"] == "Kit"


@pytest.mark.parametrize("how", ["its check found a fault", "its check goes on", "nobody has read it since"])
def test_nobody_takes_over_what_may_be_spoilt(how: str) -> None:
    """A fault is one fault, and a state that nobody knows is none to start from."""
    scim = target()
    first = changed(scim, "one", well=how != "its check found a fault")
    if how == "its check goes on":
        first = changed(scim, "one more")
        with scim.session.check("one more"):
            first = scim.some(scim.primary)
    elif how == "nobody has read it since":
        scim.patch(first.path, operation("replace", "title", value="Mate"))
    with scim.session.check("two"):
        taken = {scim.some(scim.primary).id for _ in range(3)}
    assert first.id not in taken


def test_what_somebody_keeps_is_not_taken_over() -> None:
    """Members that groups get one after the other, and whatever else outlives its check."""
    scim = target()
    first = changed(scim, "one")
    scim.spares.withhold(first)
    with scim.session.check("two"):
        assert scim.some(scim.primary).id != first.id


def test_a_deletion_makes_the_state_of_those_unknown_that_refer_to_it() -> None:
    """The group that was read before its member went has to be read again."""
    scim = target()
    assert scim.group
    with scim.session.check("one"):
        member = scim.create(scim.primary)
        group = scim.create(scim.group, members=[scim.member(member)])
        before = scim.current(group)
        assert scim.current(group) is before
        scim.delete(member.path)
        assert scim.current(group) is not before


def test_one_get_shows_a_shared_resource_to_all() -> None:
    """Until it fails: a failure is not kept."""
    scim = target()
    resource = scim.shared(scim.primary)[0]
    assert scim.shown(resource) is scim.shown(resource)
