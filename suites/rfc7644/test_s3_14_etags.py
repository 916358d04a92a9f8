"""RFC 7644 §3.14 and RFC 9110 §8.8.3: entity-tags, and conditional requests as SCIM needs them. More: RFC 9110 §13."""

from __future__ import annotations

from scimcheck.core.schema import ResourceModel
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.probes import advertised
from scimcheck.harness.target import Target
from scimcheck.harness.versions import (
    ENTITY_TAG,
    REFUSED,
    Versioned,
    is_weak,
    tag_of,
    version_of,
    versioned,
)


@check(
    "RFC7644-3.14-02",
    "RFC7644-3.14-03",
    "RFC7643-3.1-27",
    "RFC7643-3.1-30",
    "RFC9110-8.8.3-01",
    "RFC9110-8.8.3-02",
    needs=("read", "etag"),
    depth="quick",
)
def test_resources_have_entity_tags(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The answers to POST and GET have an ETag in the syntax of HTTP, and meta.version is the same."""
    resource = scim.shared(model)[0]
    read = scim.shown(resource)
    for exchange, shown in ((resource.exchange, resource.body), (read, read.body)):
        tag, version = tag_of(exchange), version_of(shown)
        at = (resource.exchange, exchange)
        if not judge.expect("RFC7644-3.14-02", tag, expected="an ETag", observed=exchange.summary(), at=at):
            continue
        told = f"ETag {tag}, meta.version {version!r}"
        judge.expect("RFC7644-3.14-03", version, expected="meta.version", observed=told, at=at)
        judge.expect("RFC7643-3.1-27", version in (None, tag), expected=f"meta.version {tag}", observed=told, at=at)
        judge.expect(
            "RFC9110-8.8.3-01",
            ENTITY_TAG.fullmatch(tag),
            expected='a text in quotation marks, such as W/"1"',
            observed=told,
            at=at,
        )
        for requirement in ("RFC9110-8.8.3-02", "RFC7643-3.1-30"):
            judge.expect(
                requirement, not tag.startswith("w/"), expected="W/ in upper case, or none", observed=told, at=at
            )


@check("RFC9110-8.8.3.1-01", needs=("read",))
def test_versioned_resources_tell_their_versions(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Where versions are supported, the answer to a GET has an ETag."""
    if advertised(scim, "etag") is not True:
        judge.not_applicable("ServiceProviderConfig does not say that resources have versions")
    resource = scim.shared(model)[0]
    read = scim.shown(resource)
    judge.expect(
        "RFC9110-8.8.3.1-01",
        tag_of(read),
        expected="an ETag, as ServiceProviderConfig says",
        observed=f"{read.summary()} without ETag",
        at=(resource.exchange, read),
    )


@check("RFC7644-3.14-09", needs=("read", "etag"), every_type="deep")
def test_entity_tags_stay(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The ETag does not change while the resource stays the same, whatever else happens."""
    resource = scim.shared(model)[0]
    first = scim.shown(resource)
    other = scim.create(model)
    for second in (scim.read(resource), scim.read(resource)):
        judge.expect(
            "RFC7644-3.14-09",
            tag_of(first) == tag_of(second),
            expected=f"ETag {tag_of(first)}",
            observed=f"{second.summary()} with ETag {tag_of(second)}",
            at=(resource.exchange, first, other.exchange, second),
        )


@check("RFC7644-3.14-08", "RFC9110-8.8.3-03", needs=("read", "etag", "put"))
def test_entity_tags_follow_changes(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A replacement changes the ETag, and the answer to a write has the ETag of the new state."""
    resource = scim.create(model)
    first = scim.read(resource)
    judge.expect(
        "RFC9110-8.8.3-03",
        tag_of(resource.exchange) in ("", tag_of(first)),
        expected=f"the ETag that a GET shows: {tag_of(first)}",
        observed=f"{resource.exchange.summary()} with ETag {tag_of(resource.exchange)}",
        at=(resource.exchange, first),
    )
    subject = Versioned(scim, resource, tag_of(first), first, (resource.exchange, first))
    changed = subject.change("PUT")
    if not changed.ok:
        judge.blocked("RFC7644-3.5-01", changed.summary())
    if not subject.refresh():
        judge.blocked("RFC7644-3.5.1-02", f"{changed.summary()}, but nothing has changed")
    judge.expect(
        "RFC7644-3.14-08",
        subject.tag != tag_of(first),
        expected=f"another ETag than {tag_of(first)}",
        observed=f"the same after {changed.summary()}",
        at=subject.at(changed, subject.read),
    )
    judge.expect(
        "RFC9110-8.8.3-03",
        tag_of(changed) in ("", subject.tag),
        expected=f"the ETag that a GET shows: {subject.tag}",
        observed=f"{changed.summary()} with ETag {tag_of(changed)}",
        at=subject.at(changed, subject.read),
    )


@check("RFC7644-3.14-04", "RFC7644-3.14-05", needs=("read", "etag"), every_type="deep")
def test_reading_what_has_not_changed(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A GET with If-None-Match is answered with 304 while the version is the same, else with the resource."""
    subject = versioned(scim, judge, model, shared=True)
    same = subject.get(if_none_match=subject.tag)
    judge.status("RFC7644-3.14-04", same, 304, also=subject.evidence)
    changed = subject.get(if_none_match=subject.outdated)
    judge.expect(
        "RFC7644-3.14-05",
        changed.status == 200 and bool(changed.body),
        expected="200 with the resource",
        observed=changed.summary(),
        at=subject.at(changed),
    )


@check("RFC7644-3.14-06", needs=("read", "etag"))
def test_lost_updates_are_prevented(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """PUT and PATCH with If-Match succeed with the current ETag alone, and change nothing with an outdated one."""
    subject = versioned(scim, judge, model, shared=True)
    for method in subject.methods():
        refused = subject.change(method, if_match=subject.outdated)
        changes = subject.refresh()
        judge.expect(
            "RFC7644-3.14-06",
            refused.status in REFUSED and not changes,
            expected="412 or 409, and nothing changed, for the version is outdated",
            observed=f"{refused.summary()}, {'; '.join(changes) or 'nothing changed'}",
            at=subject.at(refused, subject.read),
        )
        done = subject.change(method, if_match=subject.tag)
        allowed = done.ok or (done.status == 412 and is_weak(subject.tag))
        changes = subject.refresh()
        judge.expect(
            "RFC7644-3.14-06",
            allowed and bool(changes) == done.ok,
            expected="success, for the version is the current one",
            observed=f"{done.summary()}, {'; '.join(changes) or 'nothing changed'}",
            at=subject.at(done, subject.read),
        )


@check("RFC7644-3.14-07", needs=("read", "etag", "delete"))
def test_outdated_deletions_are_prevented(scim: Target, judge: Judge) -> None:
    """DELETE with an outdated ETag deletes nothing; with the current one it does."""
    subject = versioned(scim, judge, scim.primary)
    refused = subject.change("DELETE", if_match=subject.outdated)
    still = scim.read(subject.resource)
    judge.demand(
        "RFC7644-3.14-07",
        refused.status in REFUSED and still.status == 200,
        expected="412 or 409, and the resource still there",
        observed=f"{refused.summary()}, then {still.summary()}",
        at=subject.at(refused, still),
    )
    done = subject.change("DELETE", if_match=subject.tag)
    judge.expect(
        "RFC7644-3.14-07",
        done.ok or (done.status == 412 and is_weak(subject.tag)),
        expected="success, for the version is the current one",
        observed=done.summary(),
        at=subject.at(done),
    )
