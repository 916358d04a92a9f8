"""Reading users by id, and the id itself. What a read shows of a creation: test_create_values.py."""

from __future__ import annotations

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON
from scimcheck.entra.creation import is_declared
from scimcheck.entra.dialect import operation, patch_body
from scimcheck.harness import check
from scimcheck.harness.entra_search import hit_ids, hits, match, users
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Resource, Target


@check("ENTRA-2.1-02", needs=("User", "unbroken:read"), depth="quick")
def test_a_user_is_read_by_its_id(scim: Target, judge: Judge, user: Resource) -> None:
    """GET /Users/{id} answers 200 with that user itself, not with a list."""
    read = scim.read(user)
    judge.demand("ENTRA-2.1-02", read.status == 200, expected="200", observed=read.summary(), at=(user.exchange, read))
    judge.expect(
        "ENTRA-2.1-02",
        str(read.body.get("id")) == user.id and "Resources" not in read.body,
        expected=f"a User resource with id {user.id}",
        observed=f"a body with id {read.body.get('id')!r} and the members {', '.join(read.body)}",
        at=(user.exchange, read),
    )


@check("ENTRA-2.1-03", needs=("User",), depth="quick")
def test_an_unknown_user_is_not_found(scim: Target, judge: Judge) -> None:
    """GET /Users/{id} of a random id answers 404."""
    judge.status("ENTRA-2.1-03", scim.get(scim.unknown_id(users(scim, judge))), 404)


@check("ENTRA-2.2-02", needs=("User", "read", "patch"))
def test_the_id_outlives_every_change(scim: Target, judge: Judge) -> None:
    """userName, externalId and active may change, the id never does."""
    user = scim.some(scim.user or scim.primary)
    changes: dict[str, JSON] = {
        "userName": scim.payloads.user_name("renamed"),
        "externalId": scim.unique("ext"),
        "active": False,
    }
    seen: list[Exchange] = []
    for path, value in changes.items():
        if is_declared(path, user.model):
            changed = scim.patch(user.path, json=patch_body([operation("replace", path, value)]))
            seen += [changed] if "id" in changed.body and changed.ok else []
    seen.append(scim.read(user))
    if scim.capabilities.works("filter", user.model):
        for name in (str(changes["userName"]), user.name):
            found = match(scim, user.model, "userName", name)
            seen += [found] if all("id" in item for item in hits(found)) and hits(found) else []
    for exchange in seen:
        ids = hit_ids(exchange) if "Resources" in exchange.body else [str(exchange.body.get("id"))]
        judge.expect(
            "ENTRA-2.2-02",
            exchange.status == 200 and ids == [user.id],
            expected=f"id {user.id}",
            observed=f"{exchange.summary()} with id {', '.join(ids)}",
            at=(user.exchange, exchange),
        )
