"""What a profile makes of the schemas and resource types that the provider would serve without it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from scimcheck.core.json import JSONObject
from scimcheck.core.schema import COMMON_ATTRIBUTES
from scimcheck.provider.definitions import Definitions
from scimcheck.provider.profiles.model import Profile, SchemaChange

#: Characteristics of an added attribute that the profile does not give (RFC 7643 §2.2).
_DEFAULTS: Mapping[str, Any] = {
    "type": "string",
    "multiValued": False,
    "description": "",
    "required": False,
    "caseExact": False,
    "mutability": "readWrite",
    "returned": "default",
    "uniqueness": "none",
}


def changed_definitions(definitions: Definitions, profile: Profile) -> Definitions:
    """The definitions as the profile wants them; UsageError with file, line and key for what is not there to change."""
    served = _served_types(definitions.copy(), profile)
    for urn, change in profile.schemas.items():
        schema = _schema(served, urn)
        if schema is None:
            raise profile.fault(("schemas", urn), "no such schema is served")
        _Change(profile, urn, schema).make(change)
    return served


def _served_types(definitions: Definitions, profile: Profile) -> Definitions:
    """Only the resource types that the profile names, with the extensions that it gives them."""
    if profile.resource_types is None:
        return definitions
    kinds = {str(item["name"]): item for item in definitions.resource_types}
    for name, extensions in profile.resource_types.items():
        if name not in kinds:
            raise profile.fault(("resource_types", name), f"there are the resource types {', '.join(kinds)}")
        if extensions is None:
            continue
        for urn in extensions:
            if _schema(definitions, urn) is None:
                raise profile.fault(("resource_types", name, "extensions", urn), "no file defines that schema")
        kinds[name]["schemaExtensions"] = [{"schema": urn, "required": must} for urn, must in extensions.items()]
    kept = tuple(item for name, item in kinds.items() if name in profile.resource_types)
    return Definitions(definitions.schemas, kept)


def _schema(definitions: Definitions, urn: str) -> JSONObject | None:
    return next((item for item in definitions.schemas if str(item["id"]).lower() == urn.lower()), None)


class _Change:
    """Changes one schema in place."""

    def __init__(self, profile: Profile, urn: str, schema: JSONObject) -> None:
        self._profile = profile
        self._urn = urn
        self._attributes: list[JSONObject] = schema["attributes"]

    def make(self, change: SchemaChange) -> None:
        for number, definition in enumerate(change.add):
            self._add(definition, number)
        if change.keep is not None:
            self._keep(change)
        for number, name in enumerate(change.remove):
            home, attribute = self._find(name, "remove", number)
            home.remove(attribute)
        for name, characteristics in change.change.items():
            self._find(name, "change", name)[1].update(copy.deepcopy(dict(characteristics)))
        for number, name in enumerate(change.require):
            self._find(name, "require", number)[1]["required"] = True

    def _add(self, definition: Mapping[str, Any], number: int = 0) -> None:
        """Add an attribute, or with a name like ``name.title`` a sub-attribute; the old one of that name gives way."""
        parent, _, name = str(definition["name"]).rpartition(".")
        home = self._attributes
        if parent:
            home = self._find(parent, "add", number)[1].setdefault("subAttributes", [])
        added = _completed({**definition, "name": name})
        home[:] = [item for item in home if item["name"].lower() != name.lower()]
        home.append(added)

    def _keep(self, change: SchemaChange) -> None:
        wanted = {str(definition["name"]).lower() for definition in change.add}
        for number, name in enumerate(change.keep or ()):
            wanted.add(str(self._find(name, "keep", number)[1]["name"]).lower())
        self._attributes[:] = [item for item in self._attributes if item["name"].lower() in wanted]

    def _find(self, name: str, key: str, entry: str | int) -> tuple[list[JSONObject], JSONObject]:
        """The attribute or sub-attribute of that name and the list that holds it."""
        head, _, tail = name.partition(".")
        home, found = self._attributes, _named(self._attributes, head)
        if found is None and not tail and self._add_common(head):
            found = _named(home, head)
        if found is not None and tail:
            home = found.get("subAttributes", [])
            found = _named(home, tail)
        if found is None:
            raise self._profile.fault(("schemas", self._urn, key, entry), f"the schema has no attribute {name}")
        return home, found

    def _add_common(self, name: str) -> bool:
        """Let the schema define externalId itself, so that it can be told apart from the common attribute."""
        common = next((item for item in COMMON_ATTRIBUTES if item.name.lower() == name.lower()), None)
        if common is None or common.name != "externalId":
            return False
        self._add({"name": common.name, "caseExact": True, "description": "The identifier that the client gives."})
        return True


def _named(attributes: list[JSONObject], name: str) -> JSONObject | None:
    return next((item for item in attributes if item["name"].lower() == name.lower()), None)


def _completed(definition: Mapping[str, Any]) -> JSONObject:
    """A definition with the default of every characteristic that it leaves out."""
    complete: JSONObject = {"name": definition["name"], **_DEFAULTS, **copy.deepcopy(dict(definition))}
    if complete["type"] == "complex":
        complete["subAttributes"] = [_completed(item) for item in complete.get("subAttributes", [])]
    return complete
