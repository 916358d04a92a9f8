"""Fewer requests for the same verdicts: spare resources, creations taken at their word, refusals read once, jobs."""

from __future__ import annotations

import pytest

from scimcheck.client.exchange import Exchange
from scimcheck.harness.bulking import job_size
from scimcheck.harness.cleanup import clean_up
from scimcheck.harness.mark import CheckInfo
from scimcheck.harness.patching import Patching, Step, operation
from scimcheck.harness.target import Target
from scimcheck.plugin import build
from scimcheck.plugin.options import RunConfig
from scimcheck.plugin.wire import requests_by_origin


def target(*profile: str) -> Target:
    """The reference provider as a check sees it."""
    return build.target(RunConfig(profile=profile, seed=1), "economy")


def sent(scim: Target, since: int) -> list[str]:
    """The methods of the requests after the first ``since``."""
    return [exchange.method for exchange in scim.session.journal.since(since)]


def test_another_check_gets_a_resource_that_was_only_looked_at() -> None:
    """It is as new, and its creation is the evidence; the check that has it never gets it twice."""
    scim = target()
    with scim.session.check("one"):
        first = scim.create(scim.primary)
        assert scim.create(scim.primary).id != first.id
        scim.read(first)
    with scim.session.check("two"):
        second = scim.create(scim.primary)
    assert (second.id, second.sent, second.exchange) == (first.id, first.sent, first.exchange)


@pytest.mark.parametrize("how", ["changed", "deleted", "a member"])
def test_what_was_written_to_or_named_in_a_write_is_no_spare(how: str) -> None:
    """Whoever gets it could see what the check before did."""
    scim = target()
    assert scim.group
    with scim.session.check("one"):
        first = scim.create(scim.primary)
        if how == "changed":
            scim.patch(first.path, operation("replace", "displayName", value="x"))
        elif how == "deleted":
            scim.delete(first.path)
        else:
            scim.create(scim.group, members=[scim.member(first)])
    with scim.session.check("two"):
        assert scim.create(scim.primary).id != first.id


def test_what_no_check_made_is_kept_by_who_made_it() -> None:
    """Fixtures of a module hold their resources from check to check."""
    scim = target()
    first = scim.create(scim.primary)
    with scim.session.check("two"):
        assert scim.create(scim.primary).id != first.id


def test_a_creation_is_taken_at_its_word_where_a_get_agrees() -> None:
    """A GET shows the first of a type; after that the creation's answer will do."""
    scim = target()
    scim.initial(scim.create(scim.primary))
    resource = scim.create(scim.primary)
    mark = len(scim.session.journal)
    assert scim.initial(resource) == scim.initial(resource) == resource.exchange.json
    assert sent(scim, mark) == []
    assert scim.state(resource) == resource.exchange.json


def test_refusals_are_read_once() -> None:
    """As long as nothing has changed."""
    scim = target()
    subject = Patching(scim, scim.create(scim.primary))
    mark = len(scim.session.journal)
    told = subject.refusals(Step.of(operation("replace", path, value="x")) for path in ("..", "id", "nobody"))
    assert [patched.exchange.status for patched in told] == [400, 400, 400]
    assert sent(scim, mark) == ["PATCH", "PATCH", "PATCH", "GET"]


def test_who_changed_something_is_found_out_by_trying_each_again() -> None:
    """What should have been refused is sent to a new resource, with a GET after each."""
    scim = target()
    subject = Patching(scim, scim.create(scim.primary))
    steps = (operation("replace", "id", value="x"), operation("replace", "displayName", value="y"), operation("remove"))
    refused, accepted, last = subject.refusals(map(Step.of, steps))
    assert refused.before == refused.after
    assert accepted.before.get("displayName") != accepted.after.get("displayName") == "y"
    assert last.before == last.after == accepted.after


def test_cleaning_up_takes_jobs_where_they_work() -> None:
    """One request deletes many, the last of them is looked for, and nothing is left."""
    scim = target()
    made = [scim.create_from(scim.primary, scim.payload(scim.primary)) for _ in range(7)]
    scim.capabilities.of("bulk")
    mark = len(scim.session.journal)
    assert clean_up(scim.session, scim.ledger, scim.models, "economy", job=job_size(scim)) == []
    assert sent(scim, mark).count("DELETE") <= 1
    assert {scim.read(resource).status for resource in made} == {404}


def test_a_job_that_cannot_be_trusted_is_done_by_hand() -> None:
    """A target without bulk refuses the job; then each resource is deleted by itself."""
    scim = target("without-optional-features")
    made = [scim.create_from(scim.primary, scim.payload(scim.primary)) for _ in range(3)]
    assert job_size(scim) == 0
    assert clean_up(scim.session, scim.ledger, scim.models, "economy", job=10) == []
    assert {scim.read(resource).status for resource in made} == {404}


def test_requests_are_counted_by_who_sent_them() -> None:
    """A probe is made once for a run, whichever check asks first."""
    one = Exchange("1", "GET", "https://x.example/", "/", "", (), b"", 200, "", (), b"", "", 0.0, check="a")
    probe = Exchange(
        "2", "GET", "https://x.example/", "/", "", (), b"", 200, "", (), b"", "", 0.0, purpose="probe", check="a"
    )
    assert requests_by_origin([one, probe, one]) == {"a": 2, "probe": 1}


def test_depth_decides_about_types() -> None:
    """A quick run tries the primary type alone; what says so is tried with all of them in deep runs only."""
    plain, rare = CheckInfo(()), CheckInfo((), every_type="deep")
    types = ["Group", "User"]
    assert [plain.tried_with(depth, types, "User") for depth in ("quick", "standard")] == [["User"], types]
    assert [rare.tried_with(depth, types, "User") for depth in ("standard", "deep")] == [["User"], types]


def test_types_of_a_targets_own_are_tried_in_standard_runs() -> None:
    """What is tried with the primary type alone is tried with those that no standard defines, too."""
    rare, types = CheckInfo((), every_type="deep"), ["Badge", "Group", "User"]
    tried = [rare.tried_with(depth, types, "User") for depth in ("quick", "standard", "deep")]
    assert tried == [["User"], ["User", "Badge"], types]
    assert rare.tried_with("standard", ["Badge", "Group"], "Badge") == ["Badge"]
