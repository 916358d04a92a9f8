"""A small population of the run's own resources whose names are made for filters, and what a filter finds in it.

Every query is judged by the resources as they are read back, evaluated with the reference implementation of the
filter language, so that whatever the target does to values on the way in is respected. Only own resources count.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from scimcheck.checks.findings import Blocked, NotApplicable
from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.filter.evaluate import matches
from scimcheck.core.filter.parser import parse_filter
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute, Located, ResourceModel
from scimcheck.core.values import same_value
from scimcheck.harness import attributes
from scimcheck.harness.paths import value_at
from scimcheck.harness.target import Resource, Target, ids

#: Requests that one query may take to be read to its end, before it is narrowed down to own resources.
PAGES = 4

#: Resources asked for at a time where a target refuses to return all at once.
PAGE = 20

#: The members of a population: distinct first letters, so that any collation sorts them alike.
WORDS = ("amber", "birch", "cedar", "delta")
#: The order in which they are created: another than that of their names, either way.
CREATED = ("cedar", "amber", "delta", "birch")
#: One more, which shares the text of amber and birch: five are three pages of two, the last one not full.
FURTHER = ("elder",)

Ask = Callable[[str, int], Exchange]


@dataclass(slots=True)
class Answer:
    """What a filter found: exchanges in order, the words of own members, foreign resources.

    ``complete`` says whether the result was read to its end.
    """

    exchanges: list[Exchange]
    found: list[str] = field(default_factory=list)
    foreign: list[JSONObject] = field(default_factory=list)
    complete: bool = True

    @property
    def last(self) -> Exchange:
        """The exchange that settles the answer."""
        return self.exchanges[-1]

    @property
    def ok(self) -> bool:
        """Whether every request was answered with a list."""
        return all(exchange.status == 200 and isinstance(exchange.json, dict) for exchange in self.exchanges)

    @property
    def refused(self) -> bool:
        """Whether the target said that it does not support this filter."""
        return self.last.status in (400, 403, 501)


@dataclass(slots=True)
class Member:
    """One resource of a population: the resource and its state as a GET showed it."""

    resource: Resource
    state: JSONObject


@dataclass(slots=True)
class Population:
    """Resources named ``tag-word`` with a further text: amber and birch share it, cedar has another, delta has none.

    ``naming`` is the attribute that holds the name, ``text`` the attribute of the further text, if the type has one.
    """

    scim: Target
    model: ResourceModel
    tag: str
    naming: str
    text: Attribute | None
    members: dict[str, Member] = field(default_factory=dict)
    _narrow: list[bool] = field(default_factory=list)
    _answers: dict[tuple[str, int], Answer] = field(default_factory=dict)

    # What it holds -------------------------------------------------------------------------------------------

    def name(self, word: str = WORDS[0]) -> str:
        """The stored name of a member."""
        return str(self.members[word].state.get(self.naming) or self.members[word].resource.name)

    def value(self, word: str, attribute: str) -> JSON:
        """The stored value of a top-level attribute of a member."""
        found: JSON = self.members[word].state.get(attribute)
        return found

    def kept(self, word: str, located: Located) -> JSON:
        """The value of an attribute of a member where it was stored as it was sent; ``None`` otherwise.

        What the target derives or rewrites when it shows a resource need not be what its filters look at.
        """
        member = self.members[word]
        value = value_at(member.state, located, self.model)
        same = same_value(value, value_at(member.resource.sent, located, self.model), located.attribute)
        return value if same else None

    def named(self, word: str = WORDS[0], op: str = "eq", attribute: str = "") -> str:
        """The filter ``<name> eq "<the member's name>"``, with another operator or spelling of the attribute."""
        return f"{attribute or self.naming} {op} {quoted(self.name(word))}"

    def evidence(self, words: Iterable[str]) -> list[Exchange]:
        """The creations of members, as evidence."""
        return [self.members[word].resource.exchange for word in words]

    def add(self, word: str, body: JSONObject) -> bool:
        """Create a further member; false when the target refuses it."""
        try:
            resource = self.scim.create_from(self.model, body)
        except Blocked:
            return False
        self.members[word] = Member(resource, self.scim.initial(resource))
        return True

    def body(self, word: str) -> JSONObject:
        """A body that gives a member its name and no further text."""
        body = self.scim.payload(self.model)
        domain = "@example.com" if self.naming.lower() == "username" else ""
        mark = "n-" if word in (*WORDS, *FURTHER) else ""
        body[self.naming] = f"{self.tag}-{mark}{word}{domain}"
        if self.text:
            body.pop(self.text.name, None)
        return body

    @property
    def beginning(self) -> str:
        """The text that the names of its first members begin with, and those of further ones, but no other."""
        return f"{self.tag}-n-"

    # Asking --------------------------------------------------------------------------------------------------

    def expected(self, expression: str, among: Iterable[str] | None = None) -> set[str]:
        """The members that match, by their state as read back."""
        tree = parse_filter(expression)
        return {word for word in among or self.members if matches(tree, self.members[word].state, self.model)}

    def ask(self, expression: str, ask: Ask | None = None) -> Answer:
        """Query the type's endpoint (or ask otherwise), page by page; long results are narrowed down to own members.

        The endpoint's answer to a filter is remembered as long as the population does not grow.
        """
        if ask is not None:
            return self._ask(expression, ask)
        key = (expression, len(self.members))
        if key not in self._answers:
            self._answers[key] = self._ask(expression, self._get)
        return self._answers[key]

    def _ask(self, expression: str, send: Ask) -> Answer:
        answer = self._pages(expression, send, 1)
        if answer.complete:
            return answer
        if not self._can_narrow(send):
            return self._pages(expression, send)
        narrowed = self._pages(f"({expression}) and {self._own()}", send)
        if answer.ok and not narrowed.ok:  # a filter that works may be too much within another
            return self._pages(expression, send)
        narrowed.exchanges[:0] = answer.exchanges[:1]
        narrowed.found = sorted({*narrowed.found, *answer.found})
        narrowed.foreign += answer.foreign
        return narrowed

    def _own(self) -> str:
        return f"{self.naming} sw {quoted(self.tag + '-')}"

    def _get(self, expression: str, start: int) -> Exchange:
        paging: dict[str, str | int] = {"startIndex": start} if start > 1 else {}
        exchange = self.scim.search(self.model.endpoint, expression, **paging)
        if exchange.status in (400, 403, 413) and exchange.scim_type != "invalidFilter":
            # A long result may be refused unless it is asked for page by page (RFC 7644 §3.4.2.1).
            exchange = self.scim.search(self.model.endpoint, expression, count=PAGE, **paging)
        return exchange

    def _pages(self, expression: str, send: Ask, limit: int = PAGES) -> Answer:
        answer = Answer([])
        known: set[str] = set()
        seen, cursor = 0, ""
        for _ in range(limit):
            exchange = self._page_behind(cursor, answer.last) if cursor else send(expression, seen + 1)
            answer.exchanges.append(exchange)
            resources = exchange.resources
            fresh = set(ids(resources)) - known
            if resources and not fresh:
                break  # the same page again: the target does not page by index
            self._sort_out(answer, resources)
            known |= fresh
            seen += len(resources)
            following, total = exchange.body.get("nextCursor"), exchange.body.get("totalResults")
            if not answer.ok or not resources or not (following or (isinstance(total, int) and seen < total)):
                return answer
            if isinstance(total, int) and total > limit * len(resources):
                break
            cursor = following if isinstance(following, str) and send == self._get else ""
        answer.complete = False
        return answer

    def _page_behind(self, cursor: str, former: Exchange) -> Exchange:
        """The page that the cursor of the former one leads to, asked for with the same count."""
        query = parse_qs(former.query)
        count = {"count": query["count"][0]} if "count" in query else {}
        return self.scim.search(self.model.endpoint, query["filter"][0], cursor=cursor, **count)

    def _sort_out(self, answer: Answer, resources: list[JSONObject]) -> None:
        words = {member.resource.id: word for word, member in self.members.items()}
        for identifier, resource in zip(ids(resources), resources, strict=True):
            if identifier in words:
                answer.found.append(words[identifier])
            else:
                answer.foreign.append(resource)

    def _can_narrow(self, send: Ask) -> bool:
        """Whether ``and`` and ``sw`` work well enough to restrict a query to own resources."""
        if not self._narrow:
            probe = self._pages(f"{self._own()} and {self._own()}", send)
            self._narrow.append(probe.ok and probe.complete and set(probe.found) == set(self.members))
        return self._narrow[0]


def population(scim: Target, model: ResourceModel) -> Population:
    """The population of a resource type, made when first asked for; NotApplicable when clients name nothing in it."""
    key = ("population", model.name)
    if key not in scim.cache:
        scim.cache[key] = _make(scim, model)
    made: Population = scim.cache[key]
    return made


def specimens(scim: Target, model: ResourceModel) -> Population:
    """The population with two more members, ``first`` and ``second``, that have a value wherever the target takes one.

    NotApplicable when the target does not take them.
    """
    people = population(scim, model)
    full = scim.capabilities.full_payloads(model)
    for word in ("first", "second"):
        body = {**scim.payload(model, full=full), people.naming: people.body(word)[people.naming]}
        if word not in people.members and not people.add(word, body):
            raise NotApplicable(f"no {model.name} with all attributes could be created")
    return people


def _make(scim: Target, model: ResourceModel) -> Population:
    naming = attributes.naming(model)
    if naming == "id":
        raise NotApplicable(f"{model.name} has no attribute in which a client can put a name")
    tag = scim.unique("f")
    made = Population(scim, model, tag, naming, attributes.optional_text(model, naming))
    texts = {"amber": f"{tag} shared", "birch": f"{tag} shared", "cedar": f"{tag} another"}
    for word in CREATED:
        body = made.body(word)
        if made.text and word in texts:
            body[made.text.name] = texts[word]
        resource = scim.create_from(model, body)
        made.members[word] = Member(resource, scim.initial(resource))
    return made


def quoted(text: str) -> str:
    """A text as a filter operand: a JSON string, characters beyond ASCII standing for themselves."""
    return json.dumps(text, ensure_ascii=False)


def literal(value: JSON) -> str:
    """A JSON value as a filter operand."""
    return json.dumps(value, ensure_ascii=False)


def search_request(filter: str, **members: JSON) -> JSONObject:
    """A SearchRequest message (RFC 7644 §3.4.3)."""
    return {"schemas": [urns.SEARCH_REQUEST], "filter": filter, **members}
