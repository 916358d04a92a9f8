"""A result of several pages: queries that find the run's own population, or all of a type, cut by index or cursor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from scimcheck.client.exchange import Exchange
from scimcheck.core.schema import ResourceModel
from scimcheck.harness.population import FURTHER, WORDS, Population, population, quoted
from scimcheck.harness.target import Target, ids

#: Requests that reading one result page by page may take.
LIMIT = 12


@dataclass(slots=True)
class Listing:
    """A query whose result does not change while it is read. ``own`` says that it finds ``people`` alone.

    These are the members of a population that were there first, and one more.
    """

    scim: Target
    people: Population
    own: bool
    base: dict[str, str] = field(default_factory=dict)

    @property
    def model(self) -> ResourceModel:
        """The resource type."""
        return self.people.model

    @property
    def evidence(self) -> list[Exchange]:
        """The creations of the population."""
        return self.people.evidence(self.people.members)

    def get(self, **params: str | int) -> Exchange:
        """The answer to the query with further parameters."""
        return self.scim.get(self.model.endpoint, params={**self.base, **{k: str(v) for k, v in params.items()}})

    def pages(self, size: int, limit: int = LIMIT) -> Iterator[Exchange]:
        """The pages of a size, one after the other, until all are read or one is unusable; at most ``limit``."""
        seen = 0
        for _ in range(limit):
            exchange = self.get(startIndex=seen + 1, count=size)
            yield exchange
            seen += len(exchange.resources)
            total = len(self.people.members) if self.own else exchange.body.get("totalResults")
            if exchange.status != 200 or not exchange.resources or not isinstance(total, int) or seen >= total:
                return


def own_listing(scim: Target, model: ResourceModel) -> Listing | None:
    """The query that finds the population and nothing else; ``None`` when filters cannot single it out."""
    people = population(scim, model)
    key = ("paging", model.name)
    if key not in scim.cache:
        scim.cache[key] = _own(scim, people)
    found: Listing | None = scim.cache[key]
    return found


def _own(scim: Target, people: Population) -> Listing | None:
    if not scim.capabilities.works("filter", people.model):
        return None
    first = _first(people)
    wanted = {member.resource.id for member in first.members.values()}
    names = [first.named(word) for word in first.members]
    for expression in (f"{people.naming} sw {quoted(people.beginning)}", " or ".join(names)):
        listing = Listing(scim, first, True, {"filter": expression})
        exchange = listing.get()
        if exchange.status == 200 and set(ids(exchange.resources)) == wanted:
            return listing
    return None


def _first(people: Population) -> Population:
    """The members whose names begin alike; it stays as it is when others join the population."""
    shared = people.value("amber", people.text.name) if people.text else None
    for word in FURTHER:
        if word not in people.members:
            people.add(word, people.body(word) | ({people.text.name: shared} if people.text and shared else {}))
    chosen = {word: member for word, member in people.members.items() if word in (*WORDS, *FURTHER)}
    return replace(people, members=chosen, _narrow=[], _answers={})


def listings(scim: Target, model: ResourceModel) -> list[Listing]:
    """The population alone, if filters can single it out, and all resources of the type (of the primary one then)."""
    own = own_listing(scim, model)
    if own and model is not scim.primary:
        return [own]
    whole = Listing(scim, population(scim, model), False)
    return [own, whole] if own else [whole]
