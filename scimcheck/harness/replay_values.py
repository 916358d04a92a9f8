"""What Entra's PATCH checks work on: attributes of the target that can take the place of the documented ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from scimcheck.client.session import Session
from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.core.values import has_value
from scimcheck.entra.creation import is_declared
from scimcheck.entra.dialect import operation, patch_body
from scimcheck.harness.attributes import changeable, multi_complex, simple_text
from scimcheck.harness.judge import Judge
from scimcheck.harness.provisioned import sent_without_declaration
from scimcheck.harness.target import Resource, Target
from scimcheck.harness.values import complex_value, value_for

#: Texts that the default mapping writes, the documented examples first.
_TEXTS = ("nickName", "title", "displayName", "userType")
#: Texts whose values the standard or a server may constrain.
_CONSTRAINED = frozenset(
    {"id", "externalid", "schemas", "username", "locale", "timezone", "preferredlanguage", "profileurl", "usertype"}
)
#: Enterprise texts of the default mapping.
_ENTERPRISE = ("department", "employeeNumber", "costCenter", "division", "organization")


def ops(*operations: tuple[str, str | None, JSON] | tuple[str, str | None]) -> JSONObject:
    """A PATCH body of operations given as ``(op, path, value)``; a path of ``None`` is left out."""
    return patch_body([operation(*given) for given in operations])


def with_null(op: str, path: str) -> JSONObject:
    """A PATCH body of one operation whose value is null."""
    return patch_body([{"op": op, "path": path, "value": None}])


def with_keys(body: JSONObject, **keys: JSON) -> JSONObject:
    """The body with further keys in each of its operations."""
    return {**body, "Operations": [{**keys, **item} for item in body["Operations"]]}


def texts(model: ResourceModel, *, optional: bool = False) -> list[str]:
    """Single-valued core texts that a client may set to anything and read back, the documented examples first."""
    found: list[str] = []
    for name in (*_TEXTS, *(attribute.name for attribute in model.core.attributes)):
        attribute = model.core.attribute(name)
        if attribute is None or attribute.name in found or attribute.name.lower() in _CONSTRAINED:
            continue
        if simple_text(attribute) and not (optional and attribute.required):
            found.append(attribute.name)
    return found or (["externalId"] if _only_external_id(model) else [])


def _only_external_id(model: ResourceModel) -> bool:
    """Whether externalId, which no schema has to list, is all the text that a client may change."""
    last = changeable(model)
    return last is not None and last.name == "externalId"


def need_texts(judge: Judge, model: ResourceModel, count: int = 1, *, optional: bool = False) -> list[str]:
    """The first ``count`` of :func:`texts`; ends the check when the target declares fewer."""
    found = texts(model, optional=optional)
    if len(found) < count:
        judge.not_applicable(f"{model.name} declares fewer than {count} texts that a client may change")
    return found[:count]


def need(judge: Judge, model: ResourceModel, *paths: str) -> None:
    """End the check unless the target declares the attributes and lets clients write them."""
    for path in paths:
        if not is_declared(path, model):
            judge.not_applicable(f"{model.name} declares no {path} that clients may write")


def enterprise(judge: Judge, model: ResourceModel) -> str:
    """The path of an enterprise attribute that holds a text; ends the check when none is declared."""
    declared = (model.find(urns.ENTERPRISE_USER, name) for name in _ENTERPRISE)
    found = [located.attribute.name for located in declared if located and simple_text(located.attribute)]
    if not found:
        judge.not_applicable(f"{model.name} declares none of {', '.join(_ENTERPRISE)}")
    return f"{urns.ENTERPRISE_USER}:{found[0]}"


def undeclared(judge: Judge, model: ResourceModel, *, filtered: bool = False) -> list[str]:
    """Target attributes of the default mapping of users that the target does not declare; ends the check without.

    ``filtered`` keeps those with a value filter only.
    """
    found = [path for path in sent_without_declaration(model) if "[" in path or not filtered]
    if not found:
        judge.not_applicable(f"{model.name} declares every attribute of the default mapping that is meant here")
    return found


def fresh(scim: Target, *names: str) -> dict[str, JSON]:
    """A fresh text for each of the attributes."""
    return {name: scim.unique(name.rpartition(":")[2].replace(".", "-")) for name in names}


def holder(scim: Target, model: ResourceModel, values: Mapping[str, JSON]) -> Resource:
    """A resource with values of these core attributes: a new one with these, or one that a check left, with others."""
    return scim.some(model, lambda state: _covers(state, values), **values)


def _covers(state: JSONObject, values: Mapping[str, JSON]) -> bool:
    """Whether a representation has a value wherever ``values`` has one."""
    for name, wanted in values.items():
        held = member(state, name)
        if isinstance(wanted, dict) and isinstance(held, dict):
            if not _covers(held, wanted):
                return False
        elif not has_value(held):
            return False
    return True


def bare(scim: Target, judge: Judge, model: ResourceModel, *names: str) -> Resource:
    """A resource without a value for these core attributes; ends the check when a fresh one gets one all the same."""
    lacking = scim.spares.take_used(model, judge.check, lambda state: not _any(state, names))
    if lacking is not None:
        return lacking
    body = {name: value for name, value in scim.payload(model).items() if name not in names}
    resource = scim.create_from(model, body)
    scim.spares.offer(resource, judge.check, plain=False)
    shown = scim.initial(resource)
    for name in names:
        if has_value(member(shown, name)):
            judge.not_applicable(f"every new {model.name} has {name}")
    return resource


def _any(state: JSONObject, names: Iterable[str]) -> bool:
    return any(has_value(member(state, name)) for name in names)


@dataclass(frozen=True, slots=True)
class Typed:
    """A multi-valued attribute whose entries a type tells apart: e-mail addresses, or what comes next to them.

    ``kind`` is the type that is changed, ``other`` one that has to stay as it is.
    """

    attribute: Attribute
    kind: str
    other: str

    def path(self, sub: str = "value", kind: str = "") -> str:
        """The target attribute of the entry of a type, ``kind`` by default: ``emails[type eq "work"].value``."""
        return f'{self.attribute.name}[type eq "{kind or self.kind}"].{sub}'

    def value(self, scim: Target, sub: str = "value") -> JSON:
        """A fresh value for a sub-attribute."""
        found = self.attribute.sub_attribute(sub)
        if sub == "value" and self.attribute.name.lower() == "emails":
            return f"{scim.unique('mail')}@example.com"
        return value_for(found, scim.payloads.fake, self.attribute) if found else ""

    def entry(self, scim: Target, kind: str = "") -> JSONObject:
        """An entry of a type with every other sub-attribute that it may have."""
        made = {**complex_value(self.attribute, scim.payloads.fake), "type": kind or self.kind}
        return {**made, "value": self.value(scim)} if self.attribute.sub_attribute("value") else made

    def holder(self, scim: Target, judge: Judge, model: ResourceModel, *kinds: str) -> Resource:
        """A fresh resource with an entry of each of these types, and no other; ends the check when it gets more."""
        body = scim.payload(model)
        body.pop(self.attribute.name, None)
        if kinds:
            body[self.attribute.name] = [self.entry(scim, kind) for kind in kinds]
        elif self.attribute.required:
            judge.not_applicable(f"{self.attribute.name} is required")
        exchange = scim.post(model.endpoint, json=body)
        if 400 <= exchange.status < 500:
            judge.not_applicable(f"no {model.name} with such {self.attribute.name}: {exchange.summary()}")
        resource = scim.resource_of(model, body, exchange)
        shown = scim.initial(resource).get(self.attribute.name)
        have = {str(item.get("type")).lower() for item in shown or () if isinstance(item, dict)}
        if have != {kind.lower() for kind in kinds}:
            judge.not_applicable(f"{self.attribute.name} of a new {model.name} are of the types {sorted(have)}")
        return resource


def typed(judge: Judge, model: ResourceModel, name: str = "", *types: str) -> Typed:
    """The named attribute, or else e-mail addresses or the like, with two of its types; ends the check without."""
    attribute = model.core.attribute(name) if name else multi_complex(model)
    kind = attribute.sub_attribute("type") if attribute else None
    if attribute is None or kind is None or (name and not is_declared(name, model)):
        judge.not_applicable(f"{model.name} declares no {name or 'multi-valued attribute'} with types")
    known = list(kind.canonical_values) or ["work", "home", "mobile", "other"]
    wanted = [word for word in (*types, "work", "home", *known) if word in known]
    chosen = list(dict.fromkeys(wanted))
    if len(chosen) < 2:
        judge.not_applicable(f"{attribute.name} knows one type only")
    return Typed(attribute, chosen[0], chosen[1])


#: The users of :func:`people` by the session that created them.
_PEOPLE: WeakKeyDictionary[Session, list[Resource]] = WeakKeyDictionary()


def people(scim: Target, judge: Judge, count: int) -> list[Resource]:
    """Users that checks make members and managers; nothing else of them changes, but their groups do."""
    model = scim.user
    if model is None:
        judge.not_applicable("the target has no users")
    pool = _PEOPLE.setdefault(scim.session, [])
    while len(pool) < count:
        pool.append(scim.create(model))
        scim.spares.withhold(pool[-1])
    return pool[:count]
