"""Lives of users and groups, compared with a plain model of what must be there."""

from __future__ import annotations

import itertools
import json

from fuzz_values import OPERATIONS, cases, count
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from provider_client import Client, user

from scimcheck.core import urns


class Life(RuleBasedStateMachine):
    """Random lives of users and groups, compared with a plain model of what must be there."""

    users: Bundle[str] = Bundle("users")
    groups: Bundle[str] = Bundle("groups")

    def __init__(self) -> None:
        super().__init__()
        count("lives")
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

    @rule(identifier=users, operations=OPERATIONS)
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
TestLife.settings = settings(
    RuleBasedStateMachine.TestCase.settings, max_examples=cases("lives").max_examples, stateful_step_count=20
)
