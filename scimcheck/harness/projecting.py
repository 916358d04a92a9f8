"""What a response shows of a resource, as sets of attribute names: what projection (RFC 7644 §3.9) is judged by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType, Returned
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import attributes
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import path_of, value_at
from scimcheck.harness.target import RETRIEVAL, Resource, Target

#: The clauses that the two parameters break when they have no effect at all.
ATTRIBUTES = "RFC7644-3.4.2.5-01"
EXCLUDED = "RFC7644-3.4.2.5-02"

#: What is returned whatever a client asks for, besides what the schemas say (RFC 7643 §3 and §3.1).
ALWAYS = frozenset({"schemas", "id"})


def shown(body: JSONObject, model: ResourceModel) -> frozenset[str]:
    """The attributes that have a value, in lower case, those of extensions with their URN; ``schemas`` left out."""
    return frozenset(_names(body, model)) - {"schemas"}


def _names(body: JSONObject, model: ResourceModel) -> Iterator[str]:
    for key, value in body.items():
        extension = model.extension(key)
        if extension is not None and isinstance(value, dict):
            yield from (f"{extension.id}:{name}".lower() for name, inner in value.items() if has_value(inner))
        elif has_value(value):
            yield key.lower()


def subs_of(value: JSON) -> frozenset[str]:
    """The names of the sub-attributes that a complex value, or any element of a list, has; in lower case."""
    elements = value if isinstance(value, list) else [value]
    return frozenset(key.lower() for item in elements if isinstance(item, dict) for key in item if has_value(item[key]))


@dataclass(frozen=True, slots=True)
class Subject:
    """A resource with many attributes and what a plain GET shows of it. ``defaults`` can be asked for by name."""

    scim: Target
    resource: Resource
    plain: Exchange

    @property
    def model(self) -> ResourceModel:
        """Its resource type."""
        return self.resource.model

    @property
    def names(self) -> frozenset[str]:
        """Every attribute that the plain GET shows."""
        return shown(self.plain.body, self.model)

    @property
    def always(self) -> frozenset[str]:
        """The attributes among them that are always returned."""
        return self.names & {*ALWAYS, *(path_of(each).lower() for each in self._having(Returned.ALWAYS))}

    @property
    def defaults(self) -> list[Located]:
        """The attributes among them that are returned by default."""
        names = self.names
        return [
            each
            for each in self._having(Returned.DEFAULT)
            if path_of(each).lower() in names and each.attribute.name.lower() not in ALWAYS
        ]

    def _having(self, returned: Returned) -> list[Located]:
        return [each for each in self.model.attributes() if each.attribute.returned is returned]

    def chosen(self, limit: int = 6) -> list[Located]:
        """Some of the defaults: the one that names it, and one of each kind."""
        naming = attributes.naming(self.model)
        first = [each for each in self.defaults if each.attribute.name == naming]
        kinds: dict[tuple[object, ...], Located] = {}
        for each in self.defaults:
            kind = (each.schema is None, each.attribute.type, each.attribute.multi_valued)
            if each.attribute.name not in (naming, "meta"):
                kinds.setdefault(kind, each)
        return [*first, *kinds.values()][:limit]

    def complex(self, multi_valued: bool) -> Located | None:
        """One of the defaults that is complex and shows two sub-attributes or more."""
        found = (
            each
            for each in self.defaults
            if each.attribute.type is DataType.COMPLEX and each.attribute.multi_valued is multi_valued
            if each.attribute.name.lower() != "meta" and len(self.sub_names(each)) > 1
        )
        return next(found, None)

    def sub_names(self, place: Located) -> list[str]:
        """The declared sub-attributes that it shows of a complex attribute and that are returned by default."""
        there = subs_of(value_at(self.plain.body, place))
        return [
            sub.name
            for sub in place.attribute.sub_attributes
            if sub.name.lower() in there and sub.returned is Returned.DEFAULT
        ]

    def get(self, **params: str) -> Exchange:
        """GET it with query parameters; an answer is remembered, for nothing changes the resource."""
        key = ("projection", self.model.name, *(f"{name}={value}" for name, value in params.items()))
        if key not in self.scim.cache:
            self.scim.cache[key] = self.scim.read(self.resource, **params)
        found: Exchange = self.scim.cache[key]
        return found

    def extra(self, exchange: Exchange, wanted: Iterable[str]) -> list[str]:
        """What an answer shows besides ``wanted`` and what is always returned."""
        allowed = {*(name.lower() for name in wanted), *self.always, *ALWAYS}
        return sorted(shown(exchange.body, self.model) - allowed)

    def missing(self, exchange: Exchange, wanted: Iterable[str]) -> list[str]:
        """What an answer does not show of ``wanted``."""
        return sorted({name.lower() for name in wanted} - shown(exchange.body, self.model))

    def at(self, *exchanges: Exchange) -> tuple[Exchange, ...]:
        """The evidence: the creation, the plain GET and then others."""
        return (self.resource.exchange, self.plain, *exchanges)


def subject(scim: Target, model: ResourceModel) -> Subject:
    """The resource of that type that checks of projection look at, made when first asked for."""
    key = ("projection", model.name)
    if key not in scim.cache:
        scim.cache[key] = _make(scim, model)
    made: Subject = scim.cache[key]
    return made


def _make(scim: Target, model: ResourceModel) -> Subject:
    overrides: JSONObject = {}
    if attributes.is_group(model) and scim.user is not None and scim.capabilities.works("create", scim.user):
        person = scim.create(scim.user)
        scim.spares.withhold(person)
        overrides["members"] = [scim.member(person)]
    body = scim.payload(model, full=scim.capabilities.full_payloads(model), **overrides)
    resource = scim.create_from(model, body)
    return Subject(scim, resource, scim.get(resource.path))


def demand_subject(scim: Target, judge: Judge, model: ResourceModel, parameter: str = "") -> Subject:
    """The subject of a type; ends the check when the named parameter has no effect even in its simplest form."""
    found = subject(scim, model)
    if found.plain.status != 200 or not found.plain.body:
        judge.blocked(RETRIEVAL, f"the resource could not be read: {found.plain.summary()}")
    if not found.defaults:
        judge.not_applicable(f"{model.name} shows nothing that is returned by default")
    if parameter and not works(found, parameter):
        clause = ATTRIBUTES if parameter == "attributes" else EXCLUDED
        judge.blocked(clause, f"{parameter} has no effect on a plain GET")
    return found


def works(found: Subject, parameter: str) -> bool:
    """Whether a parameter has an effect on a GET of the resource, in its simplest form."""
    name = path_of(found.chosen()[0]) if found.chosen() else "meta"
    exchange = found.get(**{parameter: name})
    there = name.lower() in shown(exchange.body, found.model)
    fewer = bool(found.names - shown(exchange.body, found.model)) or found.names <= {*found.always, name.lower()}
    return exchange.status == 200 and (there and fewer if parameter == "attributes" else not there)
