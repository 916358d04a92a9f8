"""RFC 7644 §3.3, §3.5.2, §3.14: requests at the same time. What one client after the other sees is judged elsewhere.

A target may refuse whichever of such requests it likes; what it answered with success has to hold.
"""

from __future__ import annotations

from functools import partial

from scimcheck.core.resource import member
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import same_value
from scimcheck.harness import check, places
from scimcheck.harness.judge import Judge
from scimcheck.harness.membership import members_of
from scimcheck.harness.parallel import at_once, parties
from scimcheck.harness.patching import operation
from scimcheck.harness.population import quoted
from scimcheck.harness.representation import put_body
from scimcheck.harness.target import Resource, Target, ids, patch_op
from scimcheck.harness.versions import tag_of

UNIQUE = "RFC7643-4.1.1-03"
ADD_MEMBERS, REPLACE, IF_MATCH = "RFC7644-3.5.2.1-10", "RFC7644-3.5.2.3-02", "RFC7644-3.14-06"


@check(UNIQUE, needs=("User", "read"))
def test_parallel_creations_of_one_name(scim: Target, judge: Judge) -> None:
    """Of users created with one userName at the same time there is one afterwards."""
    model = _users(scim, judge)
    body = scim.payload(model)
    if scim.post(model.endpoint, json=scim.create(model).sent).ok:
        judge.skip(UNIQUE, "a userName can be taken twice even one after the other, which is judged by itself")
        return
    answers = at_once([partial(scim.post, model.endpoint, json=body)] * parties(scim, 4, 12))
    made = {str(answer.body.get("id")) for answer in answers if answer.ok}
    judge.expect(
        UNIQUE,
        len(made) <= 1,
        expected=f"at most one of {len(answers)} users named {body['userName']} that are created at the same time",
        observed=f"{len(made)} of them were created: {', '.join(sorted(made))}",
        at=answers,
    )
    if made and scim.capabilities.works("filter", model):
        listed = scim.search(model.endpoint, f"userName eq {quoted(str(body['userName']))}")
        named = [
            each for each in listed.resources if str(each.get("userName")).lower() == str(body["userName"]).lower()
        ]
        judge.expect(
            UNIQUE,
            listed.status != 200 or len(set(ids(named))) <= 1,
            expected=f"one user named {body['userName']}",
            observed=f"{listed.summary()} with {len(named)} of them",
            at=(*answers, listed),
        )


def _users(scim: Target, judge: Judge) -> ResourceModel:
    model = scim.user
    if model is None or model.core.attribute("userName") is None:
        judge.not_applicable("the target has no users with a userName")
        raise AssertionError
    return model


@check(ADD_MEMBERS, needs=("Group", "User", "patch-add"))
def test_parallel_additions_to_a_group(scim: Target, judge: Judge, group: Resource) -> None:
    """Members that are added to one group at the same time, each with success, are all in it afterwards."""
    model = _users(scim, judge)
    if group.model.core.attribute("members") is None:
        judge.not_applicable("groups have no members")
    people = scim.shared(model, parties(scim, 4, 12))
    bodies = [patch_op(operation("add", "members", value=[scim.member(each)])) for each in people]
    answers = at_once([partial(scim.request, "PATCH", group.path, json=body) for body in bodies])
    found = scim.read(group)
    wanted = {each.id for each, answer in zip(people, answers, strict=True) if answer.ok}
    lost = wanted - set(members_of(found.body))
    judge.expect(
        ADD_MEMBERS,
        not lost or _never_added(scim, group, people[0]),
        expected=f"all {len(wanted)} members whose addition was answered with success",
        observed=f"{len(lost)} of them are not in the group: {', '.join(sorted(lost))}",
        at=(group.exchange, *answers, found),
    )


def _never_added(scim: Target, group: Resource, someone: Resource) -> bool:
    """Whether an addition is lost even when nothing else happens: that is judged by itself."""
    alone = scim.create(group.model)
    scim.patch(alone.path, operation("add", "members", value=[scim.member(someone)]))
    return someone.id not in members_of(scim.state(alone))


@check(REPLACE, needs=("patch-replace", "read"))
def test_parallel_changes_of_different_attributes(scim: Target, judge: Judge) -> None:
    """Changes of different attributes of one resource at the same time do not undo each other."""
    model = scim.primary
    chosen = places.texts(model, optional=True)[: parties(scim, 4, 8)]
    if len(chosen) < 2:
        judge.not_applicable(f"{model.name} has less than two texts to change")
    resource = scim.some(model)
    values = [places.fresh(scim, place) for place in chosen]
    bodies = [
        patch_op(operation("replace", places.path_of(place), value=value))
        for place, value in zip(chosen, values, strict=True)
    ]
    answers = at_once([partial(scim.request, "PATCH", resource.path, json=body) for body in bodies])
    found = scim.read(resource)
    lost = [
        place
        for place, value, answer in zip(chosen, values, answers, strict=True)
        if answer.ok and not same_value(member(found.body, place.attribute.name), value, place.attribute)
    ]
    lost = [place for place in lost if _takes(scim, place.attribute.name, model)]
    judge.expect(
        REPLACE,
        not lost,
        expected="every value whose replacement was answered with success",
        observed=f"not stored: {', '.join(places.path_of(place) for place in lost)}",
        at=(resource.exchange, *answers, found),
    )


def _takes(scim: Target, name: str, model: ResourceModel) -> bool:
    """Whether a replacement by itself takes effect: a target need not store every attribute."""
    resource, value = scim.some(model), scim.unique(name)
    scim.patch(resource.path, operation("replace", name, value=value))
    return str(member(scim.state(resource), name)).lower() == value.lower()


@check(IF_MATCH, needs=("put", "etag", "read"))
def test_parallel_replacements_of_one_version(scim: Target, judge: Judge) -> None:
    """Of replacements at the same time that are made for one version, one at most succeeds."""
    model = scim.primary
    texts = places.texts(model)
    if not texts:
        judge.not_applicable(f"{model.name} has no text to change")
    resource = scim.some(model)
    read = scim.read(resource)
    name, headers = texts[0].attribute.name, {"If-Match": tag_of(read)}
    bodies = [put_body(scim, resource, **{name: scim.unique(name)}) for _ in range(parties(scim, 4, 12))]
    if not headers["If-Match"] or not _honours(scim, model, name):
        judge.skip(IF_MATCH, "If-Match is not honoured even by one request after the other, which is judged by itself")
        return
    answers = at_once([partial(scim.put, resource.path, json=body, headers=headers) for body in bodies])
    done = [answer for answer in answers if answer.ok]
    judge.expect(
        IF_MATCH,
        len(done) <= 1,
        expected=f"success for at most one of {len(answers)} replacements of the same version",
        observed=f"{len(done)} of them succeeded: all but the last are lost",
        at=(resource.exchange, read, *answers),
    )


def _honours(scim: Target, model: ResourceModel, name: str) -> bool:
    """Whether a version that is out of date is refused when nothing else happens."""
    resource = scim.some(model)
    headers = {"If-Match": tag_of(scim.read(resource))}
    for _ in range(2):
        last = scim.put(resource.path, json=put_body(scim, resource, **{name: scim.unique(name)}), headers=headers)
    return not last.ok
