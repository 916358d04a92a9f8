"""From what a client sent to what is stored: names in their defined spelling, values of the defined types.

Read-only attributes are dropped (RFC 7644 §3.3, §3.5.1), ``null`` and ``[]`` mean unassigned (RFC 7643 §2.5), what the
schemas do not define is ignored or refused as the settings say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scimcheck.core.characteristics import Mutability
from scimcheck.core.errors import InvalidSyntax, InvalidValue
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute
from scimcheck.provider.readers import Misfit, Part, Parts, Rules
from scimcheck.provider.settings import Settings
from scimcheck.provider.shapes import Shape

_SUPPLIED = ("schemas", "id", "meta")
_NOTHING: Mapping[str, JSON] = {}


@dataclass(slots=True)
class Cleaned:
    """The attributes to store, without ``schemas``, and everything that the client mentioned, even as ``null``.

    ``mentioned`` holds names in attribute notation with the defined spelling; ``listed`` the URNs of ``schemas``.
    """

    attributes: JSONObject = field(default_factory=dict)
    mentioned: set[str] = field(default_factory=set)
    listed: list[str] = field(default_factory=list)


def clean(body: JSON, shape: Shape, settings: Settings, stored: Mapping[str, JSON] = _NOTHING) -> Cleaned:
    """Read a resource that a client sent; raises InvalidSyntax and InvalidValue with the attribute's path.

    What is the very object that ``stored`` holds under the same name was cleaned before and is kept without a look.
    """
    if not isinstance(body, dict):
        raise InvalidSyntax("a resource is a JSON object")
    try:
        return _cleaner(shape, settings).resource(body, stored)
    except Misfit as misfit:
        raise InvalidValue(f"{misfit.place}{misfit.fault}") from None


def _cleaner(shape: Shape, settings: Settings) -> _Cleaner:
    """The cleaner of a resource type under these settings, made once."""
    kept = shape.memo.get("cleaner")
    if kept is None or kept.settings is not settings:
        kept = shape.memo["cleaner"] = _Cleaner(shape, settings)
    return kept


class _Cleaner:
    """Reads resources of one type under one set of settings."""

    def __init__(self, shape: Shape, settings: Settings) -> None:
        model = shape.model
        self.settings = settings
        self._model = model
        bare = frozenset(located.attribute.name for located, _ in shape.references)
        self._rules = rules = Rules(model.name, settings, bare)
        self._known = {urn.lower(): urn for urn in reversed(model.schema_uris)}
        self._extensions = {each.id: Parts.of(each.attributes, f"{each.id}:", rules) for each in model.extensions}
        own = (located.attribute for located in model.attributes() if located.schema is None)
        self._parts = Parts.of(own, "", rules, (*_SUPPLIED, *self._extensions))

    def resource(self, body: JSONObject, stored: Mapping[str, JSON]) -> Cleaned:
        self._parts.refuse_twins(body)
        cleaned = Cleaned(listed=self._listed(body, stored))
        for key, value in body.items():
            part = self._parts.find(key)
            if part is None:
                self._rules.unknown(key)
            elif part.name in self._extensions:
                cleaned.mentioned.add(part.path)
                _keep(cleaned.attributes, part.name, self._extension(part, value, stored, cleaned.mentioned))
            elif part.read is not None:
                cleaned.mentioned.add(part.path)
                _keep(cleaned.attributes, part.name, value if value is stored.get(key) else part.read(value))
        return cleaned

    def _listed(self, body: JSONObject, stored: Mapping[str, JSON]) -> list[str]:
        """The URNs of ``schemas`` in the defined spelling; the resource's own schema has to be among them."""
        listed = next((value for key, value in body.items() if key.lower() == "schemas"), None)
        if not isinstance(listed, list) or not listed or not all(isinstance(urn, str) for urn in listed):
            raise InvalidSyntax("schemas has to be an array of URIs")
        if listed is stored.get("schemas"):
            return listed
        found: dict[str, None] = {}
        for urn in listed:
            known = self._known.get(urn.lower())
            if known is not None:
                found[known] = None
            elif self.settings.unknown_schemas == "refuse":
                raise InvalidValue(f"schemas names {urn}, which {self._model.name} does not have")
        if self._model.core.id not in found:
            raise InvalidSyntax(f"schemas does not name {self._model.core.id}")
        return list(found)

    def _extension(self, part: Part, value: JSON, stored: Mapping[str, JSON], mentioned: set[str]) -> JSON:
        if value is None or value is stored.get(part.name):
            return value
        if not isinstance(value, dict):
            raise Misfit(part.path, " has to be an object")
        parts = self._extensions[part.name]
        parts.refuse_twins(value)
        kept: JSONObject = {}
        for key, item in value.items():
            member = parts.find(key)
            if member is None:
                self._rules.unknown(f"{part.path}:{key}")
            elif member.read is not None:
                mentioned.add(member.path)
                _keep(kept, member.name, member.read(item))
        return kept or None


def _keep(attributes: JSONObject, name: str, value: JSON) -> None:
    if value is not None:
        attributes[name] = value


def required_paths(shape: Shape, attributes: JSONObject) -> Iterator[str]:
    """The paths of required attributes that lack a value (RFC 7643 §7); read-only ones are the provider's business."""
    yield from _lacking(shape.demanding, attributes, "")
    for schema in shape.model.extensions:
        container = attributes.get(schema.id)
        if isinstance(container, dict):
            yield from _lacking(schema.attributes, container, f"{schema.id}:")
        elif shape.model.requires(schema.id):
            yield schema.id


def _lacking(definitions: tuple[Attribute, ...], values: JSONObject, prefix: str) -> Iterator[str]:
    for attribute in definitions:
        if not attribute.demanding or attribute.mutability is Mutability.READ_ONLY:
            continue
        value = values.get(attribute.name)
        if value is None or value == [] or (isinstance(value, str) and not value.strip()):
            if attribute.required:
                yield prefix + attribute.name
        elif attribute.sub_attributes:
            for item in value if isinstance(value, list) else [value]:
                yield from _lacking(attribute.sub_attributes, item, f"{prefix}{attribute.name}.")
