"""Resources made for sorting: named so that no order of creation is an order of values, and lists judged by them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute, Located, ResourceModel
from scimcheck.harness import attributes
from scimcheck.harness.population import quoted
from scimcheck.harness.representation import instant, readable, value_at, with_value
from scimcheck.harness.target import Resource, Target, ids

#: In order of creation. Ascending without regard to case: alpha, Bravo, charlie, Delta; with it: Bravo, Delta, alpha …
WORDS = ("charlie", "Bravo", "alpha", "Delta")

Key = Callable[[JSON], Any]


@dataclass(slots=True)
class Sortable:
    """Own resources with sort values, their states as read back, and the query that lists them."""

    scim: Target
    model: ResourceModel
    tag: str
    resources: list[Resource] = field(default_factory=list)
    states: dict[str, JSONObject] = field(default_factory=dict)
    base: dict[str, str] = field(default_factory=dict)
    _answers: dict[frozenset[tuple[str, str]], Exchange] = field(default_factory=dict)

    @property
    def evidence(self) -> list[Exchange]:
        """The creations."""
        return [resource.exchange for resource in self.resources]

    def get(self, **params: str | int) -> Exchange:
        """The list of them, with further parameters; the same list is asked for once where it holds nobody else."""
        asked = {**self.base, **{name: str(value) for name, value in params.items()}}
        key = frozenset(asked.items())
        if key not in self._answers or not self.base:
            self._answers[key] = self.scim.get(self.model.endpoint, params=asked)
        return self._answers[key]

    def order(self, exchange: Exchange) -> list[str]:
        """Their ids as listed."""
        return [identifier for identifier in ids(exchange.resources) if identifier in self.states]

    def values(self, order: Sequence[str], place: Located) -> list[JSON]:
        """The values that an attribute has, in that order, as a GET of each showed them."""
        return [value_at(self.states[identifier], place) for identifier in order]


def sortable(scim: Target, model: ResourceModel) -> Sortable:
    """The resources of that type, made when first asked for."""
    key = ("sortable", model.name)
    if key not in scim.cache:
        scim.cache[key] = _make(scim, model)
    made: Sortable = scim.cache[key]
    return made


def _make(scim: Target, model: ResourceModel) -> Sortable:
    made = Sortable(scim, model, scim.unique("s"))
    naming = attributes.naming(model)
    domain = "@example.com" if naming.lower() == "username" else ""
    for rank, word in enumerate(WORDS):
        body = scim.payload(model)
        body[naming] = f"{made.tag}-{word.lower()}{domain}"
        for place in filled(model):
            body = with_value(body, place, _value(place.attribute, f"{made.tag}-{word}", word, rank))
        _add(made, body)
    bare = scim.payload(model)
    bare[naming] = f"{made.tag}-echo{domain}"
    _add(made, bare)
    if scim.capabilities.works("filter", model):
        made.base = {"filter": f"{naming} sw {quoted(made.tag + '-')}"}
        if set(made.order(made.get())) != set(made.states):
            made.base = {}
    return made


def _add(made: Sortable, body: JSONObject) -> None:
    resource = made.scim.create_from(made.model, body)
    made.resources.append(resource)
    made.states[resource.id] = made.scim.initial(resource)


def _value(attribute: Attribute, text: str, word: str, rank: int) -> JSON:
    """The value of one resource: numbers and times that sort otherwise as texts, texts by the word."""
    if attribute.type in (DataType.INTEGER, DataType.DECIMAL):
        return (100, 20, 3, 1000)[rank]
    if attribute.type is DataType.DATE_TIME:
        return ("2021-03-01T00:00:00Z", "2021-02-28T23:30:00-02:00", "2020-01-01T00:00:00Z", "2022-01-01T00:00:00Z")[
            rank
        ]
    if attribute.multi_valued:
        other = f"{'zyxw'[rank]}-{text}@example.com"
        return [
            {"value": f"{'abcd'[rank]}-{text}@example.com", "type": "work"},
            {"value": other, "type": "home", "primary": True},
        ]
    if attribute.type is DataType.COMPLEX:
        sub = sub_text(attribute)
        return {sub.name: text} if sub else {}
    return text


def sub_text(attribute: Attribute) -> Attribute | None:
    """The sub-attribute of a complex one that is a plain text, the last of those that are preferred."""
    texts = [sub for sub in attribute.sub_attributes if attributes.simple_text(sub)]
    return next((sub for sub in texts if sub.name == "familyName"), texts[0] if texts else None)


def filled(model: ResourceModel) -> list[Located]:
    """The attributes that the resources get values for, one of each kind."""
    found = (text(model), exact(model), complex_one(model), mail(model), typed(model), extended(model))
    return list(dict.fromkeys(each for each in found if each is not None))


def _core(model: ResourceModel) -> list[Located]:
    free = [each for each in model.attributes() if each.schema is None and readable(each.attribute)]
    return [each for each in free if each.attribute.name not in (attributes.naming(model), "meta", "id", "schemas")]


def text(model: ResourceModel) -> Located | None:
    """An optional text that is not case exact."""
    found = attributes.optional_text(model, attributes.naming(model))
    return Located(None, found) if found and not found.case_exact else None


def exact(model: ResourceModel) -> Located | None:
    """An optional text that is case exact, externalId first."""
    places = [
        each
        for each in _core(model)
        if each.attribute.case_exact
        and each.attribute.type is DataType.STRING
        and not each.attribute.multi_valued
        and not each.attribute.canonical_values
    ]
    return next((each for each in places if each.attribute.name == "externalId"), places[0] if places else None)


def complex_one(model: ResourceModel) -> Located | None:
    """A single complex attribute with a text in it."""
    places = (each for each in _core(model) if not each.attribute.multi_valued and not each.attribute.required)
    return next((each for each in places if each.attribute.type is DataType.COMPLEX and sub_text(each.attribute)), None)


def mail(model: ResourceModel) -> Located | None:
    """emails, where a user may have one for work and another for home."""
    found = model.core.attribute("emails")
    subs = {sub.name: sub for sub in found.sub_attributes} if found else {}
    if found is None or not {"value", "type", "primary"} <= set(subs):
        return None
    types = {text.lower() for text in subs["type"].canonical_values}
    return Located(None, found) if not types or {"work", "home"} <= types else None


def typed(model: ResourceModel) -> Located | None:
    """An attribute of numbers or times that a client may set."""
    kinds = (DataType.INTEGER, DataType.DECIMAL, DataType.DATE_TIME)
    places = (each for each in _core(model) if each.attribute.type in kinds and not each.attribute.multi_valued)
    return next(places, None)


def extended(model: ResourceModel) -> Located | None:
    """A text in an extension."""
    places = (each for each in model.attributes() if each.schema is not None and attributes.simple_text(each.attribute))
    return next((each for each in places if not each.attribute.case_exact), None)


def created(model: ResourceModel) -> Located | None:
    """``meta.created``."""
    meta = next((each for each in model.attributes() if each.attribute.name == "meta"), None)
    sub = meta.attribute.sub_attribute("created") if meta else None
    return Located(None, sub, meta.attribute) if meta and sub else None


def folded(value: JSON) -> Any:
    """The key of texts that are not case exact."""
    return str(value).casefold()


def moment(value: JSON) -> Any:
    """The key of times."""
    return instant(value) or 0.0


def misplaced(values: Sequence[JSON], key: Key, *, descending: bool = False) -> str:
    """Two neighbours in the wrong order, as a text; empty when there are none. What has no value is left out."""
    known = [value for value in values if value is not None]
    for one, other in itertools.pairwise(known):
        wrong = key(one) < key(other) if descending else key(one) > key(other)
        if wrong:
            return f"{one!r} before {other!r}"
    return ""
