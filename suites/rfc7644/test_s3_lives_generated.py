"""RFC 7644 §3.3 to §3.6: generated lives of resources: read, found, replaced, patched and deleted in any order.

Each operation by itself is judged by the section on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from hypothesis import strategies as st

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import Located
from scimcheck.harness import check, places
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import operation
from scimcheck.harness.properties import Broken, Effort, falsify, settle
from scimcheck.harness.representation import kept, put_body, value_at, with_value
from scimcheck.harness.target import Resource, Target, ids

CREATED, READ, REPLACED, PATCHED = "RFC7644-3.3-01", "RFC7644-3.4.1-01", "RFC7644-3.5.1-02", "RFC7644-3.5.2.3-02"
GONE, UNLISTED, MATCHING, ALL = "RFC7644-3.6-02", "RFC7644-3.6-03", "RFC7644-3.4.2.2-03", "RFC7644-3.4.2.2-04"
CLAUSES = (CREATED, READ, REPLACED, PATCHED, GONE, UNLISTED, MATCHING, ALL)


class Command(NamedTuple):
    """What is done to which of the resources there have been, counted from the latest; taken modulo."""

    kind: str
    back: int = 0


KINDS = ("read", "replace", "patch", "find", "find-past", "delete", "create")
LIVES = st.lists(st.builds(Command, st.sampled_from(KINDS), st.integers(0, 2)), min_size=2, max_size=9).map(tuple)

#: Changes in both ways before and after each other, searches for what was, two deletions.
USUAL = (
    *(Command("patch"), Command("replace"), Command("find-past"), Command("find"), Command("patch")),
    *(Command("create"), Command("find-past", 1), Command("delete", 1), Command("find", 1)),
    *(Command("delete", 1), Command("read")),
)


@dataclass(slots=True)
class Life:
    """A resource with every value that its text has had; the last is the one it has, whatever clause gave it."""

    resource: Resource
    values: list[str]
    clause: str = READ
    alive: bool = True
    evidence: list[Exchange] = field(default_factory=list)

    def broken(self, clause: str, expected: str, *exchanges: Exchange, observed: str = "") -> Broken:
        """What an answer breaks, with all that was done to the resource as evidence."""
        return Broken(clause, expected, observed or exchanges[-1].summary(), (*self.evidence, *exchanges))


@dataclass(slots=True)
class World:
    """The resources of one example, and the attribute that is changed."""

    scim: Target
    place: Located
    lives: list[Life] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The attribute's name."""
        return self.place.attribute.name

    def create(self) -> Broken | None:
        """POST a resource with a text of its own."""
        value = self.scim.unique("life")
        model = self.scim.primary
        body = with_value(self.scim.payload(model), self.place, value)
        sent = self.scim.post(model.endpoint, json=body)
        if sent.status != 201:
            return Broken(CREATED, "201", sent.summary(), (sent,))
        self.lives.append(Life(self.scim.resource_of(model, body, sent), [value], evidence=[sent]))
        return None

    def read(self, life: Life) -> Broken | None:
        """GET: the text that was written last, or 404."""
        found = self.scim.read(life.resource)
        if not life.alive:
            return None if found.status == 404 else life.broken(GONE, "404 after the deletion", found)
        if found.status != 200 or str(found.body.get("id")) != life.resource.id:
            return life.broken(READ, "200 with the resource", found)
        shown = value_at(found.body, self.place)
        if kept(life.values[-1], shown, self.place.attribute):
            return None
        told = f"{self.name}: {life.values[-1]}"
        return life.broken(life.clause, told, found, observed=f"{self.name}: {shown}")

    def replace(self, life: Life) -> Broken | None:
        """PUT another text."""
        value = self.scim.unique("replaced")
        body = with_value(put_body(self.scim, life.resource), self.place, value)
        return self._written(life, value, self.scim.put(life.resource.path, json=body), REPLACED)

    def patch(self, life: Life) -> Broken | None:
        """PATCH another text."""
        value = self.scim.unique("patched")
        sent = self.scim.patch(life.resource.path, operation("replace", self.name, value=value))
        return self._written(life, value, sent, PATCHED)

    def _written(self, life: Life, value: str, sent: Exchange, clause: str) -> Broken | None:
        if not life.alive:
            return None if sent.status == 404 else life.broken(GONE, "404 after the deletion", sent)
        if not sent.ok:
            return life.broken(clause, "success", sent)
        life.values.append(value)
        life.clause = clause
        life.evidence.append(sent)
        return self.read(life)

    def delete(self, life: Life) -> Broken | None:
        """DELETE, and look for it."""
        sent = self.scim.delete(life.resource.path)
        if life.alive and sent.ok:
            life.alive = False
            life.evidence.append(sent)
            return self.read(life)
        return None if life.alive or sent.status == 404 else life.broken(GONE, "404 after the deletion", sent)

    def find(self, life: Life) -> Broken | None:
        """Search for the text that the resource has: it is found while it is there."""
        answer = self._found(life.values[-1])
        there = answer is None or life.resource.id in ids(answer.resources)
        if answer is None or there == life.alive:
            return None
        if life.alive:
            return life.broken(ALL, "the resource, which matches", answer, observed="it is not found")
        return life.broken(UNLISTED, "no deleted resource", answer, observed="it is found")

    def find_past(self, life: Life) -> Broken | None:
        """Search for a text that the resource had: it is not found."""
        answer = self._found(life.values[-2]) if len(life.values) > 1 else None
        if answer is None or life.resource.id not in ids(answer.resources):
            return None
        clause = MATCHING if life.alive else UNLISTED
        return life.broken(clause, f"no resource that had this {self.name}", answer, observed="it is found")

    def _found(self, value: str) -> Exchange | None:
        """The answer to a search for the text; ``None`` when the target has none to give."""
        model = self.scim.primary
        if not self.scim.capabilities.works("filter", model):
            return None
        answer = self.scim.search(model.endpoint, f'{self.name} eq "{value}"')
        return answer if answer.status == 200 else None

    def obey(self, command: Command) -> Broken | None:
        """Carry out a command and say what is wrong with the answer."""
        if command.kind == "create":
            return self.create()
        acts: dict[str, Callable[[Life], Broken | None]] = {
            "read": self.read,
            "replace": self.replace,
            "patch": self.patch,
            "delete": self.delete,
            "find": self.find,
            "find-past": self.find_past,
        }
        return acts[command.kind](self.lives[-1 - command.back % len(self.lives)])


@check(*CLAUSES, needs=("create", "read", "put", "patch-replace", "delete"))
def test_generated_lives(scim: Target, judge: Judge) -> None:
    """Whatever is done to resources in whatever order, each is what was last made of it, or gone."""
    place = _text(scim, judge)
    found = falsify(scim, LIVES, lambda commands: _lived(scim, place, commands), Effort(1, 25, 40), first=(USUAL,))
    settle(judge, scim, found, *CLAUSES)


def _text(scim: Target, judge: Judge) -> Located:
    """A text that is shown and that PUT changes; that every one is so is judged elsewhere."""
    for place in places.texts(scim.primary, optional=True)[:2]:
        if _lived(scim, place, (Command("read"), Command("replace"))) is None:
            return place
    judge.not_applicable(f"{scim.primary.name} shows no text that PUT changes")
    raise AssertionError


def _lived(scim: Target, place: Located, commands: tuple[Command, ...]) -> Broken | None:
    world = World(scim, place)
    broken = world.create()
    for command in commands:
        broken = broken or world.obey(command)
    return broken
