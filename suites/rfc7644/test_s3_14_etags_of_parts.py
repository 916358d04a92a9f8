"""RFC 7644 §3.14: versions follow changes by PATCH, of members and of extensions. Plain ones: test_s3_14_etags.py."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.harness import check, places
from scimcheck.harness.judge import Judge
from scimcheck.harness.membership import members_of
from scimcheck.harness.patching import operation
from scimcheck.harness.target import Resource, Target
from scimcheck.harness.versions import tag_of

CHANGES, ANSWERED = "RFC7644-3.14-08", "RFC9110-8.8.3-03"


def _judge_changed(judge: Judge, resource: Resource, first: Exchange, changed: Exchange, second: Exchange) -> None:
    judge.expect(
        CHANGES,
        tag_of(first) != tag_of(second),
        expected=f"another ETag than {tag_of(first)}",
        observed=f"the same after {changed.summary()}",
        at=(resource.exchange, first, changed, second),
    )


@check(CHANGES, ANSWERED, needs=("read", "etag", "patch-replace"))
def test_entity_tags_follow_patches(scim: Target, judge: Judge) -> None:
    """A PATCH changes the ETag, and where its answer has one, it is that of the new state."""
    place = places.texts(scim.primary)[0]
    resource = scim.create(scim.primary)
    first = scim.read(resource)
    change = operation("replace", places.path_of(place), value=places.fresh(scim, place))
    changed = scim.patch(resource.path, change)
    second = scim.read(resource)
    if not changed.ok or second.json == first.json:
        judge.blocked("RFC7644-3.5.2.3-02", f"nothing has changed after {changed.summary()}")
    _judge_changed(judge, resource, first, changed, second)
    judge.expect(
        ANSWERED,
        tag_of(changed) in ("", tag_of(second)),
        expected=f"the ETag that a GET shows: {tag_of(second)}",
        observed=f"{changed.summary()} with ETag {tag_of(changed)}",
        at=(resource.exchange, changed, second),
    )


@check(CHANGES, needs=("Group", "User", "etag", "read", "patch-add"))
def test_entity_tags_follow_members(scim: Target, judge: Judge, group: Resource) -> None:
    """A member more makes another version of a group, where groups show their members."""
    member = scim.shared(scim.user or scim.primary)[0]
    first = scim.read(group)
    changed = scim.patch(group.path, operation("add", "members", value=[scim.member(member)]))
    second = scim.read(group)
    if not changed.ok or member.id not in members_of(second.body):
        judge.not_applicable(f"the group does not show the member after {changed.summary()}")
    _judge_changed(judge, group, first, changed, second)


@check(CHANGES, needs=("etag", "read", "patch-replace", "extension"), depth="deep")
def test_entity_tags_follow_extensions(scim: Target, judge: Judge) -> None:
    """A change in an extension makes another version of the resource."""
    model = next((each for each in scim.models if places.extension_texts(each)), None)
    if model is None:
        judge.not_applicable("no extension has a text")
        return
    place = places.extension_texts(model)[0]
    resource = scim.create(model)
    first = scim.read(resource)
    changed = scim.patch(resource.path, operation("replace", places.path_of(place), value=places.fresh(scim, place)))
    second = scim.read(resource)
    if not changed.ok or second.json == first.json:
        judge.not_applicable(f"nothing has changed after {changed.summary()}")
    _judge_changed(judge, resource, first, changed, second)
