"""Whatever arrives, the provider answers with a well-formed response, never with 500, and stays consistent."""

import itertools
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from provider_client import Client, check_response, user

from scimcheck.core import urns
from scimcheck.core.http import Request
from scimcheck.provider import build_provider, variants
from scimcheck.provider.tokens import MAIN_TOKEN

METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", ""])
PATHS = st.one_of(
    st.sampled_from(
        ["", "/", "/Users", "/Groups", "/Users/1", "/Users/.search", "/.search", "/Bulk", "/Me", "/Schemas",
         "/ResourceTypes/User", "/ServiceProviderConfig", "/Schemas/" + urns.USER, "/oauth/token", "/Users/ü%/x"]
    ),
    st.text(max_size=20),
)  # fmt: skip
NAMES = st.sampled_from(
    ["schemas", "id", "meta", "userName", "USERNAME", "name", "name.givenName", "emails", "emails.value", "active",
     "members", "groups", "displayName", "password", "externalId", "manager", urns.ENTERPRISE_USER,
     urns.ENTERPRISE_USER + ":department", "Operations", "op", "path", "value", "filter", "attributes", "count",
     "startIndex", "sortBy", "cursor", "method", "bulkId", "data", "type", "primary", "$ref", "x509Certificates", ""]
)  # fmt: skip
URNS = st.sampled_from(
    [urns.USER, urns.GROUP, urns.ENTERPRISE_USER, urns.PATCH_OP, urns.SEARCH_REQUEST, urns.BULK_REQUEST]
)
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["add", "Replace", "remove", "userName", 'emails[type eq "work"].value', "members", 'members[value eq "1"]',
         'userName eq "a"', 'userName eq "a" and (', "not (title pr)", "bulkId:a", "/Users", "/Users/bulkId:a", "POST",
         "PATCH", "2026-01-01T00:00:00Z", "True", "descending", urns.ENTERPRISE_USER + ":manager"]
    ),
    URNS,
)  # fmt: skip
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.one_of(NAMES, TEXTS), inner, max_size=5)),
    max_leaves=12,
)
MESSAGES = st.builds(
    lambda uris, body: {**body, "schemas": uris}, st.lists(URNS, max_size=2), st.dictionaries(NAMES, VALUES)
)
BODIES = st.one_of(st.binary(max_size=30), st.one_of(VALUES, MESSAGES).map(lambda value: json.dumps(value).encode()))
QUERIES = st.one_of(
    st.text(max_size=20),
    st.builds(
        lambda name, value: f"{name}={value}",
        st.sampled_from(
            ["filter", "attributes", "excludedAttributes", "sortBy", "sortOrder", "startIndex", "count", "cursor"]
        ),
        st.one_of(TEXTS, st.integers().map(str)),
    ),
)
HEADERS = st.dictionaries(
    st.sampled_from(["accept", "content-type", "if-match", "if-none-match", "authorization"]),
    st.one_of(st.text(max_size=12), st.sampled_from(["*", 'W/"1.0"', "application/json", "application/scim+json;q=x"])),
    max_size=2,
)


@settings(max_examples=250)
@given(METHODS, PATHS, QUERIES, HEADERS, BODIES)
def test_any_request_gets_a_well_formed_answer(
    method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    provider = build_provider()
    client = Client(provider=provider)
    client.group(members=[client.user()["id"]])
    response = provider.handle(Request(method, path, query, {"authorization": f"Bearer {MAIN_TOKEN}", **headers}, body))
    assert response.status in range(200, 502)
    assert response.status != 500
    check_response(provider, response)


@settings(max_examples=150)
@given(st.sampled_from(["/Users", "/Groups", "/Bulk", "/Users/.search"]), MESSAGES, st.sampled_from(sorted(variants())))
def test_any_message_is_answered_by_every_variant(path: str, body: object, variant: str) -> None:
    provider = build_provider(variant)
    response = provider.handle(
        Request("POST", path, "", {"authorization": f"Bearer {MAIN_TOKEN}"}, json.dumps(body).encode())
    )
    assert response.status != 500


PATCHES = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "replace", "remove", "Add"])},
        optional={"path": st.one_of(NAMES, TEXTS), "value": VALUES},
    ),
    max_size=3,
)


class Life(RuleBasedStateMachine):
    """Random lives of users and groups, compared with a plain model of what must be there."""

    users: Bundle[str] = Bundle("users")
    groups: Bundle[str] = Bundle("groups")

    def __init__(self) -> None:
        super().__init__()
        self.client = Client()
        self.names: dict[str, str] = {}
        self.members: dict[str, set[str]] = {}
        self.numbers = itertools.count(1)

    @rule(target=users, name=st.sampled_from(["ada", "Ada", "bob", "eve", "josé"]))
    def create_user(self, name: str) -> str:
        answer = self.client.post("/Users", user(name))
        taken = name.lower() in {known.lower() for known in self.names.values()}
        assert answer.status == (409 if taken else 201)
        if taken:
            return "gone"
        self.names[answer.body["id"]] = name
        return str(answer.body["id"])

    @rule(target=groups, member=users)
    def create_group(self, member: str) -> str:
        body = {"schemas": [urns.GROUP], "displayName": f"G{next(self.numbers)}", "members": [{"value": member}]}
        answer = self.client.post("/Groups", body)
        assert answer.status == (201 if member in self.names else 400)
        if answer.status != 201:
            return "gone"
        self.members[answer.body["id"]] = {member}
        return str(answer.body["id"])

    @rule(group=groups, member=users, op=st.sampled_from(["add", "remove by filter", "remove by value"]))
    def change_members(self, group: str, member: str, op: str) -> None:
        operation = {
            "add": {"op": "add", "path": "members", "value": [{"value": member}]},
            "remove by filter": {"op": "remove", "path": f'members[value eq "{member}"]'},
            "remove by value": {"op": "Remove", "path": "members", "value": [{"value": member}]},
        }[op]
        answer = self.client.patch("/Groups/" + group, operation)
        if group not in self.members:
            assert answer.status == 404
        elif op == "add" and member not in self.names:
            assert answer.status == 400
        else:
            assert answer.status == 204
            (self.members[group].add if op == "add" else self.members[group].discard)(member)

    @rule(identifier=consumes(users))
    def delete_user(self, identifier: str) -> None:
        assert self.client.delete("/Users/" + identifier).status == (204 if identifier in self.names else 404)
        self.names.pop(identifier, None)
        for members in self.members.values():
            members.discard(identifier)

    @rule(identifier=consumes(groups))
    def delete_group(self, identifier: str) -> None:
        assert self.client.delete("/Groups/" + identifier).status == (204 if identifier in self.members else 404)
        self.members.pop(identifier, None)

    @rule(identifier=users, name=st.sampled_from(["ada", "BOB", "zoe"]))
    def rename_user(self, identifier: str, name: str) -> None:
        answer = self.client.patch("/Users/" + identifier, {"op": "replace", "value": {"userName": name}})
        others = {known.lower() for key, known in self.names.items() if key != identifier}
        if identifier not in self.names:
            assert answer.status == 404
        elif name.lower() in others:
            assert answer.status == 409
        else:
            assert answer.status == 200
            self.names[identifier] = name

    @rule(identifier=users, operations=PATCHES)
    def patch_anyhow(self, identifier: str, operations: list[object]) -> None:
        before = self.client.get("/Users/" + identifier).body
        answer = self.client.patch("/Users/" + identifier, *operations)
        assert answer.status in (200, 400, 404, 409)
        after = self.client.get("/Users/" + identifier).body
        if answer.status != 200:
            assert after == before
        elif identifier in self.names:
            assert after == answer.body
            self.names[identifier] = after["userName"]

    @invariant()
    def lists_agree_with_the_model(self) -> None:
        listed = self.client.get("/Users").body["Resources"]
        assert {u["id"]: u["userName"] for u in listed} == self.names
        shown = {
            g["id"]: {m["value"] for m in g.get("members", [])} for g in self.client.get("/Groups").body["Resources"]
        }
        assert shown == self.members
        for u in listed:
            expected = {group for group, members in self.members.items() if u["id"] in members}
            assert {group["value"] for group in u.get("groups", [])} == expected
            quoted = json.dumps(u["userName"])
            assert u["id"] in self.client.find("/Users", f"userName eq {quoted}").ids


TestLife = Life.TestCase
# On top of hypothesis' own settings for machines: how long an example takes to make says nothing about the provider.
TestLife.settings = settings(RuleBasedStateMachine.TestCase.settings, max_examples=40, stateful_step_count=20)
