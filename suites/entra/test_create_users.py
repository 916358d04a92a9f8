"""Entra's creation of users: that it is carried out. What is stored: test_create_values.py and its neighbours."""

from __future__ import annotations

from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.core.schema import ResourceModel
from scimcheck.core.values import has_value
from scimcheck.entra.creation import is_declared
from scimcheck.entra.dialect import Dialect
from scimcheck.entra.queries import with_flag
from scimcheck.harness import check
from scimcheck.harness.attributes import optional_text
from scimcheck.harness.entra_resources import culprit, documented_user, refused
from scimcheck.harness.entra_search import users
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import identifier_of
from scimcheck.harness.replay import set_aside
from scimcheck.harness.target import Target, error_text

#: A URN that no endpoint knows.
UNKNOWN_URN = "urn:ietf:params:scim:schemas:extension:Northwind:2.0:User"


def _features(scim: Target, model: ResourceModel) -> dict[str, JSONObject]:
    """What the documented body has beside plain attributes, by the requirement that each of them is about."""
    schemas = scim.payload(model)["schemas"]
    both = schemas if urns.ENTERPRISE_USER in schemas else [*schemas, urns.ENTERPRISE_USER]
    found: dict[str, JSONObject] = {
        "ENTRA-3.5-01": {"schemas": both},
        "ENTRA-3.5-02": {"meta": {"resourceType": model.name}},
    }
    if is_declared("roles", model):
        found["ENTRA-3.5-03"] = {"roles": []}
    return found


def _judge_feature(scim: Target, judge: Judge, requirement: str, members: JSONObject, **options: str) -> str:
    """Create a plain user with these members in addition and expect success; returns the new id."""
    model = users(scim, judge)
    exchange = scim.post(model.endpoint, json={**scim.payload(model), **members}, **options)
    judge.expect(
        requirement,
        not refused(exchange),
        expected="201 with the new user, as without these members",
        observed=f"{exchange.summary()} {error_text(exchange)}",
        at=exchange,
    )
    return "" if refused(exchange) else identifier_of(exchange)


@check("ENTRA-2.1-01", needs=("unbroken:User",), depth="quick")
def test_a_user_is_created(scim: Target, judge: Judge) -> None:
    """POST /Users with the documented body answers 201 with the created user and its id."""
    model = users(scim, judge)
    body = documented_user(scim, model)
    created = scim.post(model.endpoint, json=body)
    if not created.ok and scim.capabilities.works("create", model):
        blamed = culprit(scim, model, _features(scim, model))
        if blamed:
            judge.blocked(blamed[0], f"the documented body is refused for one of its members: {blamed[1].summary()}")
    judge.demand(
        "ENTRA-2.1-01",
        created.status == 201,
        expected="201",
        observed=f"{created.summary()} {error_text(created)}",
        at=created,
    )
    judge.expect(
        "ENTRA-2.1-01",
        isinstance(created.body.get("id"), str) and created.body["id"],
        expected="the created user with a non-empty id",
        observed=f"a body with id {created.body.get('id')!r}",
        at=created,
    )


@check("ENTRA-3.5-01", needs=("User",))
def test_the_enterprise_urn_needs_no_attributes(scim: Target, judge: Judge) -> None:
    """A user is created although schemas names the enterprise extension and none of its attributes is there."""
    _judge_feature(scim, judge, "ENTRA-3.5-01", _features(scim, users(scim, judge))["ENTRA-3.5-01"])


@check("ENTRA-3.5-02", needs=("User",))
def test_a_user_body_may_hold_its_type(scim: Target, judge: Judge) -> None:
    """A user is created from a body with meta.resourceType."""
    _judge_feature(scim, judge, "ENTRA-3.5-02", {"meta": {"resourceType": "User"}})


@check("ENTRA-3.5-03", needs=("User",))
def test_roles_may_be_empty(scim: Target, judge: Judge) -> None:
    """A user is created from a body with an empty array of roles, and has none."""
    model = users(scim, judge)
    if not is_declared("roles", model):
        judge.not_applicable("users have no roles that clients may write")
    identifier = _judge_feature(scim, judge, "ENTRA-3.5-03", {"roles": []})
    if identifier:
        read = scim.get(f"{model.endpoint}/{identifier}")
        judge.expect(
            "ENTRA-3.5-03",
            not has_value(member(read.body, "roles")),
            expected="a user without roles",
            observed=f"roles {member(read.body, 'roles')!r}",
            at=read,
        )


@check("ENTRA-3.5-05", needs=("User", "read"))
def test_nulls_count_as_absent(scim: Target, judge: Judge) -> None:
    """A user is created from a body in which optional attributes are null, and has no value there."""
    model = users(scim, judge)
    first = optional_text(model)
    if first is None:
        judge.not_applicable("users have no optional text")
    second = optional_text(model, first.name)
    names = [attribute.name for attribute in (first, second) if attribute]
    nulls: dict[str, JSON] = dict.fromkeys(names)
    identifier = _judge_feature(scim, judge, "ENTRA-3.5-05", nulls)
    if identifier:
        read = scim.get(f"{model.endpoint}/{identifier}")
        shown = {name: member(read.body, name) for name in names}
        judge.expect(
            "ENTRA-3.5-05",
            not any(map(has_value, shown.values())),
            expected=f"a user without {' and '.join(names)}",
            observed=f"{shown!r}",
            at=read,
        )


@check("ENTRA-3.5-12", needs=("User",))
def test_an_unknown_schema_is_tolerated(scim: Target, judge: Judge) -> None:
    """A user is created although schemas names a URN that the endpoint does not know."""
    schemas = scim.payload(users(scim, judge))["schemas"]
    _judge_feature(scim, judge, "ENTRA-3.5-12", {"schemas": [*schemas, UNKNOWN_URN]})


@check("ENTRA-3.1-02", needs=("User",))
def test_the_flag_does_not_disturb_a_creation(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A user is created although the bare parameter aadOptscim062020 stands in the query."""
    set_aside(judge, dialect)
    _judge_feature(scim, judge, "ENTRA-3.1-02", {}, params=with_flag())
