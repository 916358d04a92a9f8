"""Many values in few requests: a resource with all of them, or, where that is refused, one for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scimcheck.client.exchange import Exchange
from scimcheck.core.json import JSON
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.harness.attributes import simple_text
from scimcheck.harness.target import Target


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one value: the creation, the GET after it (none when it was refused), the value shown."""

    created: Exchange
    found: Exchange | None = None
    shown: JSON = None

    @property
    def accepted(self) -> bool:
        """Whether the creation succeeded."""
        return self.found is not None

    @property
    def exchanges(self) -> list[Exchange]:
        """The evidence, in order."""
        return [self.created, *([self.found] if self.found else [])]


def stored(scim: Target, model: ResourceModel, values: Mapping[str, JSON], key: str = "") -> dict[str, Outcome]:
    """Create a resource with the values of top-level attributes, by name; a resource for each where that is refused.

    With a ``key`` the outcome is remembered for the rest of the run.
    """
    known: dict[str, Outcome] | None = scim.cache.get(("trial", model.name, key)) if key else None
    if known is None:
        known = _tried(scim, model, values)
        if key:
            scim.cache[("trial", model.name, key)] = known
    return known


def _tried(scim: Target, model: ResourceModel, values: Mapping[str, JSON]) -> dict[str, Outcome]:
    together = _creation(scim, model, values)
    if len(values) < 2 or next(iter(together.values())).accepted:
        return together
    return {name: _creation(scim, model, {name: value})[name] for name, value in values.items()}


def _creation(scim: Target, model: ResourceModel, values: Mapping[str, JSON]) -> dict[str, Outcome]:
    created = scim.post(model.endpoint, json={**scim.payload(model), **values})
    if not created.ok:
        return {name: Outcome(created) for name in values}
    found = scim.read(scim.resource_of(model, {}, created))
    return {name: Outcome(created, found, member(found.body, name)) for name in values}


def keeps_text(scim: Target, model: ResourceModel, name: str) -> bool:
    """Whether a top-level attribute keeps a text without anything special; true where such a text is refused."""
    key = ("keeps", model.name, name)
    if key not in scim.cache:
        text = scim.unique("plain")
        outcome = _creation(scim, model, {name: text})[name]
        scim.cache[key] = not outcome.accepted or str(outcome.shown).lower() == text.lower()
    known: bool = scim.cache[key]
    return known


def text_attributes(model: ResourceModel) -> list[Attribute]:
    """Core attributes that take any text."""
    formatted = {"locale", "timezone", "preferredlanguage", "username", "externalid", "usertype"}
    return [a for a in model.core.attributes if simple_text(a) and a.name.lower() not in formatted]


def shared_out(texts: Sequence[str], attributes: Sequence[Attribute]) -> list[dict[str, JSON]]:
    """The texts, spread over the attributes: as few sets of values as it takes."""
    step = max(len(attributes), 1)
    return [
        {attribute.name: text for attribute, text in zip(attributes, texts[start : start + step], strict=False)}
        for start in range(0, len(texts), step)
    ]
