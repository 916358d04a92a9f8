"""A target in the eyes of an app: what its mappings leave alone is not there, and reasons say so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scimcheck.checks.findings import NotApplicable
from scimcheck.core import urns
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.apps import load_app
from scimcheck.entra.creation import is_declared
from scimcheck.entra.mapping.model import Clause, Filter, Group, Operand
from scimcheck.entra.mapping.narrow import as_mapped
from scimcheck.harness.entra_resources import documented_group, documented_user
from scimcheck.harness.judge import Judge
from scimcheck.harness.provisioned import (
    app_of,
    demand_mapping,
    demand_matching,
    directory,
    in_scope_of,
    mapped_by_default,
    probe_attribute,
    provisioned,
    required_but_unmapped,
    sent_without_declaration,
)
from scimcheck.harness.target import Target
from scimcheck.plugin import build
from scimcheck.plugin.options import RunConfig
from scimcheck.requirements.catalogue import load

INTERACT = "urn:ietf:params:scim:schemas:extension:interactsoftware:2.0:User"


@pytest.fixture(scope="module")
def plain() -> Target:
    return build.target(RunConfig(seed=1), "unit")


def seen_by(plain: Target, name: str) -> Target:
    return provisioned(plain, load_app(name))


def judge_of() -> Judge:
    return Judge(load(), ["ENTRA-2.1-01"])


def test_what_no_mapping_writes_is_not_declared(plain: Target) -> None:
    model = seen_by(plain, "compliance-ai").user
    assert model is not None
    declared = [path for path in [*mapped_by_default(), "userType"] if is_declared(path, model)]
    assert declared == ["userName", "active", "externalId", "userType"]


def test_what_is_mapped_is_declared_as_before(plain: Target) -> None:
    model, whole = seen_by(plain, "keepnet").user, plain.user
    assert model is not None
    assert whole is not None
    assert all(is_declared(path, model) == is_declared(path, whole) for path in mapped_by_default())
    assert not is_declared("nickName", model)
    assert not is_declared("name.middleName", model)


def test_an_app_without_groups_sees_none(plain: Target) -> None:
    scim, judge = seen_by(plain, "compliance-ai"), judge_of()
    assert scim.group is None
    with pytest.raises(NotApplicable, match="the app compliance-ai provisions no groups"):
        demand_mapping(scim, judge, ("Group",))
    demand_mapping(scim, judge, ("User",))


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("User declares no nickName that clients may write", "the app keepnet maps no nickName"),
        ("users have no roles that clients may write", "the app keepnet maps no roles"),
        ("User declares none of colours", "as the app keepnet maps it: User declares none of colours"),
        ("Entra sends this form in the legacy dialect only", "Entra sends this form in the legacy dialect only"),
    ],
)
def test_a_reason_names_the_app_when_the_app_is_the_reason(plain: Target, reason: str, told: str) -> None:
    scim, judge = seen_by(plain, "keepnet"), judge_of()
    demand_mapping(scim, judge, ())
    with pytest.raises(NotApplicable, match=told):
        judge.not_applicable(reason)


def test_searches_are_those_of_the_app(plain: Target) -> None:
    scim = seen_by(plain, "keepnet")
    assert probe_attribute(scim) == "userName"
    demand_matching(scim, judge_of(), "username")
    demand_matching(plain, judge_of(), "externalId")
    demand_matching(seen_by(plain, "interact"), judge_of(), "externalId")
    with pytest.raises(NotApplicable, match="the app keepnet does not match users by externalId"):
        demand_matching(scim, judge_of(), "externalId")


def test_bodies_are_those_of_the_app(plain: Target) -> None:
    scim = seen_by(plain, "interact")
    assert scim.user is not None
    assert scim.group is not None
    body = documented_user(scim, scim.user)
    assert set(body) & {"displayName", "addresses", "externalId", "emails"} == {"addresses", "externalId", "emails"}
    assert list(body["addresses"][0]) == ["type", "formatted"]
    assert body[urns.ENTERPRISE_USER]["organization"] == "ACME"
    assert documented_group(scim, scim.group)["displayName"].startswith(f"{scim.payloads.prefix}-dir-")


def test_every_body_is_about_somebody_else(plain: Target) -> None:
    """More users are asked for than one generated directory has ordinary ones."""
    scim = seen_by(plain, "keepnet")
    assert scim.user is not None
    names = {documented_user(scim, scim.user)["userName"] for _ in range(60)}
    assert len(names) == 60


def test_what_the_app_leaves_out_is_not_sent_undeclared(plain: Target) -> None:
    model = seen_by(plain, "compliance-ai").user
    assert model is not None
    assert sent_without_declaration(model) == []


def test_session_and_findings_are_shared(plain: Target) -> None:
    scim = seen_by(plain, "keepnet")
    assert (app_of(scim), app_of(plain)) == (load_app("keepnet"), None)
    assert scim.session is plain.session
    assert scim.ledger is plain.ledger
    assert scim.capabilities is plain.capabilities
    assert scim.cache is not plain.cache


def test_a_scoping_filter_chooses_from_the_directory(plain: Target) -> None:
    """One that lets nobody through is passed over: the directory is made up, after all."""
    people = directory(plain).users
    for country, expected in (("NO", {"NO"}), ("Atlantis", {person.values["country"] for person in people})):
        app = load_app("keepnet")
        rule = app.schema.rules[0]
        chosen = Filter((Group("", (Clause("EQUALS", "country", Operand((country,))),)),))
        scoped = replace(rule.objects[0], scope=chosen)
        schema = replace(app.schema, rules=(replace(rule, objects=(scoped, *rule.objects[1:])),))
        scim = provisioned(plain, replace(app, schema=schema))
        assert {person.values["country"] for person in in_scope_of(scim, people)} == expected


def test_what_is_required_and_not_mapped_is_told(plain: Target) -> None:
    user = plain.user
    assert user is not None
    mandatory = tuple(replace(item, required=item.name in ("userName", "title", "id")) for item in user.core.attributes)
    stricter = ResourceModel(user.resource_type, replace(user.core, attributes=mandatory), user.extensions)
    assert required_but_unmapped(as_mapped(stricter, ["userName", "active"])) == ["title"]
    assert required_but_unmapped(as_mapped(stricter, ["userName", "title"])) == []
    assert required_but_unmapped(stricter) == []


def test_without_an_external_id_no_client_may_write_one(plain: Target) -> None:
    user = plain.user
    assert user is not None
    assert not is_declared("externalId", as_mapped(user, ["userName"]))
    assert is_declared("externalId", as_mapped(user, ["userName", "externalId"]))
