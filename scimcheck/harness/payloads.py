"""Request bodies from the target's own schemas: nothing undeclared, everything required, every value valid."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from faker import Faker

from scimcheck.core import urns
from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute, Located, ResourceModel
from scimcheck.harness.values import value_for, values_for

#: Attributes whose values only the provider can name, or that refer to other resources: sent when required only.
RESERVED = frozenset(
    {
        "schemas",
        "id",
        "meta",
        "groups",
        "members",
        "manager",
        "roles",
        "entitlements",
        "x509certificates",
        "password",
        "active",
    }
)


class Payloads:
    """Makes bodies and unique names for one worker of one run; ``prefix`` marks everything the run creates."""

    def __init__(self, prefix: str, seed: int) -> None:
        self.prefix = prefix
        self.seed = seed
        self.fake = Faker("en_US")
        self.fake.seed_instance(seed)
        #: Resource types that refuse a body with nothing but what their schemas call required.
        self.complete: set[str] = set()
        self._numbers: Iterator[int] = itertools.count(1)

    def unique(self, word: str = "x") -> str:
        """A name that nothing else in this run, or in any other, has."""
        return f"{self.prefix}-{word}-{next(self._numbers)}"

    def user_name(self, word: str = "user") -> str:
        """A unique userName in the form of an e-mail address, which every rule of thumb for user names accepts."""
        return f"{self.unique(word)}@example.com"

    def minimal(self, model: ResourceModel, **overrides: JSON) -> JSONObject:
        """What the schemas require, under a unique name; ``overrides`` replace or add top-level members."""
        if model.name in self.complete:
            return self.full(model, **overrides)
        return self._build(model, [a for a in model.attributes() if self._needed(model, a)], overrides)

    def full(self, model: ResourceModel, **overrides: JSON) -> JSONObject:
        """Every attribute a client may write, but for references and values only the provider can name."""
        wanted = [
            located
            for located in model.attributes()
            if self._needed(model, located) or (writable(located.attribute) and not reserved(located.attribute))
        ]
        return self._build(model, wanted, overrides)

    def _needed(self, model: ResourceModel, located: Located) -> bool:
        attribute = located.attribute
        if located.schema is not None and not model.requires(located.schema):
            return False
        return attribute.required and writable(attribute) and attribute.name.lower() != "schemas"

    def _build(self, model: ResourceModel, wanted: list[Located], overrides: JSONObject) -> JSONObject:
        body: JSONObject = {"schemas": [model.core.id]}
        for located in wanted:
            value = self._value(located.attribute)
            if located.schema is None:
                body[located.attribute.name] = value
            else:
                body.setdefault(located.schema, {})[located.attribute.name] = value
        self._name(model, body)
        body.update(overrides)
        body["schemas"] = [model.core.id, *(urn for urn in model.schema_uris[1:] if urn in body or model.requires(urn))]
        if "schemas" in overrides:
            body["schemas"] = overrides["schemas"]
        return body

    def _value(self, attribute: Attribute) -> JSON:
        if attribute.multi_valued:
            return values_for(attribute, self.fake)
        return value_for(attribute, self.fake)

    def _name(self, model: ResourceModel, body: JSONObject) -> None:
        """Give the resource a unique, recognisable name in whatever attribute its type uses for that."""
        if model.core.id == urns.USER or model.core.attribute("userName"):
            body["userName"] = self.user_name()
        if model.core.attribute("displayName") and (model.core.id != urns.USER or "displayName" in body):
            body["displayName"] = self.unique(model.name)
        if "externalId" in body:
            body["externalId"] = self.unique("ext")
        for attribute in model.core.attributes:
            if (
                attribute.name in body
                and _unique_text(attribute)
                and attribute.name.lower() not in ("username", "displayname")
            ):
                body[attribute.name] = self.unique(attribute.name)


def _unique_text(attribute: Attribute) -> bool:
    simple = attribute.type is DataType.STRING and not attribute.multi_valued and not attribute.canonical_values
    return simple and attribute.uniqueness.value != "none"


def writable(attribute: Attribute) -> bool:
    """Whether a client may give the attribute a value."""
    return attribute.mutability is not Mutability.READ_ONLY


def reserved(attribute: Attribute) -> bool:
    """Whether the attribute is left out of generated bodies unless it is required."""
    if attribute.name.lower() in RESERVED:
        return True
    if attribute.type is DataType.REFERENCE:
        return any(kind not in ("external", "uri") for kind in attribute.reference_types)
    return attribute.type is DataType.COMPLEX and any(
        sub.name == "$ref" and sub.mutability is not Mutability.READ_ONLY for sub in attribute.sub_attributes
    )
