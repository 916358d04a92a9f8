"""Which attributes of a resource a response holds (RFC 7643 §7 ``returned``, RFC 7644 §3.4.2.5 and §3.9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from scimcheck.core.characteristics import Mutability, Returned
from scimcheck.core.errors import ScimError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.path import AttrPath, parse_attr_path
from scimcheck.core.schema import Attribute, ResourceModel


def project(
    resource: JSONObject,
    model: ResourceModel,
    attributes: Sequence[str] | None = None,
    excluded: Sequence[str] | None = None,
    requested: Sequence[str] | None = None,
) -> JSONObject:
    """What a response shows of ``resource``; see `Projection` for the parameters."""
    return Projection(model, attributes, excluded, requested).apply(resource)


class Projection:
    """The names of one request, resolved once and applied to any number of resources.

    ``attributes`` and ``excluded`` are the two query parameters; ``requested`` names the attributes that the body of a
    POST, PUT or PATCH set, for such with ``returned`` "request" (RFC 7643 §7). Names stand in attribute notation, in
    any letter case; an extension's URN by itself means the whole extension; unknown and malformed names are ignored.
    Given both parameters, ``excluded`` takes away from what ``attributes`` selects. ``schemas``, ``id`` and everything
    else that is always returned stays; what is writeOnly or never returned does not appear.
    """

    def __init__(
        self,
        model: ResourceModel,
        attributes: Sequence[str] | None = None,
        excluded: Sequence[str] | None = None,
        requested: Sequence[str] | None = None,
    ) -> None:
        self._model = model
        self._attributes = _Names.read(attributes, model) if attributes else None
        self._excluded = _Names.read(excluded or (), model)
        self._requested = _Names.read(requested or (), model)
        self._plans: dict[str | None, dict[str, _Plan]] = {None: {}, **{each.id: {} for each in model.extensions}}

    def apply(self, resource: JSONObject) -> JSONObject:
        """The projected resource. Values are shared with ``resource``, so neither may be changed in place."""
        return self._shown(None, resource)

    def _shown(self, urn: str | None, values: JSONObject) -> JSONObject:
        """What is shown of the resource itself, or of the container of the extension ``urn``."""
        plans = self._plans[urn]
        result: JSONObject = {}
        for key, value in values.items():
            attribute, choice, entire = plans.get(key) or self._plan(urn, key)
            if entire:
                shown: JSON = value
            elif urn is None and ":" in key and isinstance(value, dict) and (extension := self._model.extension(key)):
                shown = self._shown(extension.id, value) or None
            else:
                shown = None if choice is None else _show(value, attribute, choice)
            if shown is not None:
                result[key] = shown
        return result

    def _plan(self, urn: str | None, key: str) -> _Plan:
        """What to do with an attribute. What no schema defines is returned by default."""
        located = self._model.find(urn, key)
        attribute = located.attribute if located else Attribute(key)
        choice = self._choice(urn, attribute)
        entire = choice is not None and _entire(attribute, choice)
        plan = attribute, choice, entire and not (urn is None and self._model.extension(key) is not None)
        self._plans[urn][key] = plan
        return plan

    def _choice(self, urn: str | None, attribute: Attribute) -> _Choice | None:
        """Which part of an attribute is shown; ``None`` for nothing of it."""
        if _hidden(attribute):
            return None
        name = attribute.name.lower()
        always = attribute.returned is Returned.ALWAYS or (urn is None and name in ("schemas", "id"))
        excluded = self._excluded.choice(urn, name)
        wanted = self._wanted(urn, name, attribute.returned)
        if wanted is None or (excluded is not None and excluded.whole):
            return _Choice(whole=True) if always else None
        return _Choice(wanted.whole or always, wanted.subs, excluded.subs if excluded else frozenset())

    def _wanted(self, urn: str | None, name: str, returned: Returned) -> _Choice | None:
        if self._attributes is not None:
            return self._attributes.choice(urn, name)
        if returned is Returned.REQUEST:
            return self._requested.choice(urn, name)
        asked = self._requested.choice(urn, name)
        return _Choice(whole=True, subs=asked.subs if asked else frozenset())


@dataclass(frozen=True, slots=True)
class _Choice:
    """A part of one attribute.

    ``whole`` stands for a simple value or all sub-attributes returned by default, ``subs`` for sub-attributes named one
    by one, ``without`` for those left out.
    """

    whole: bool = False
    subs: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()


#: A definition, which part of its values is shown, and whether that is all of them.
_Plan: TypeAlias = "tuple[Attribute, _Choice | None, bool]"


@dataclass(slots=True)
class _Names:
    """The names of one parameter: whole extensions, and parts of attributes by container and lower-case name."""

    extensions: set[str] = field(default_factory=set)
    attributes: dict[tuple[str | None, str], _Choice] = field(default_factory=dict)

    @classmethod
    def read(cls, names: Iterable[str], model: ResourceModel) -> _Names:
        found = cls()
        for name in names:
            found._add(name.strip(), model)
        return found

    def _add(self, name: str, model: ResourceModel) -> None:
        extension = model.extension(name)
        if extension is not None:
            self.extensions.add(extension.id)
            return
        try:
            path = parse_attr_path(name)
        except ScimError:
            return
        self._add_path(path, model)

    def _add_path(self, path: AttrPath, model: ResourceModel) -> None:
        """Note a path; a name that no schema defines counts too, as the resource may hold it all the same."""
        core = path.urn is None or path.urn.lower() == model.core.id.lower()
        extension = None if core or path.urn is None else model.extension(path.urn)
        if not core and extension is None:
            return
        key = (extension.id if extension else None, path.name.lower())
        old = self.attributes.get(key, _Choice())
        subs = old.subs | {path.sub.lower()} if path.sub else old.subs
        self.attributes[key] = _Choice(old.whole or path.sub is None, subs)

    def choice(self, urn: str | None, name: str) -> _Choice | None:
        """What is said of the attribute of that lower-case name; ``None`` when it is not named."""
        if urn in self.extensions:
            named = self.attributes.get((urn, name), _Choice())
            return _Choice(True, named.subs)
        return self.attributes.get((urn, name))


def _hidden(attribute: Attribute) -> bool:
    return attribute.returned is Returned.NEVER or attribute.mutability is Mutability.WRITE_ONLY


def _show(value: JSON, attribute: Attribute, choice: _Choice) -> JSON:
    """The chosen part of a value; ``None`` when nothing of a complex value is left."""
    if isinstance(value, dict):
        return _show_object(value, attribute, choice) or None
    if isinstance(value, list):
        shown = [_show_object(item, attribute, choice) for item in value if isinstance(item, dict)]
        simple = [item for item in value if not isinstance(item, dict)] if choice.whole else []
        return [item for item in shown if item] + simple or None
    return value if choice.whole else None


def _entire(attribute: Attribute, choice: _Choice) -> bool:
    """Whether the choice takes every sub-attribute, so that large lists need not be copied."""
    usual = all(
        sub.returned in (Returned.ALWAYS, Returned.DEFAULT) and not _hidden(sub) for sub in attribute.sub_attributes
    )
    return choice.whole and usual and not choice.without


def _show_object(value: JSONObject, attribute: Attribute, choice: _Choice) -> JSONObject:
    return {key: item for key, item in value.items() if _shows(attribute.sub_attribute(key), key.lower(), choice)}


def _shows(sub: Attribute | None, name: str, choice: _Choice) -> bool:
    if sub is not None and _hidden(sub):
        return False
    returned = sub.returned if sub is not None else Returned.DEFAULT
    if returned is Returned.ALWAYS:
        return True
    if name in choice.without:
        return False
    return name in choice.subs or (choice.whole and returned is Returned.DEFAULT)
