"""The schemas and resource types that a provider serves: the bundled ones and those of JSON files."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scimcheck.core import urns
from scimcheck.core.errors import UsageError
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import DISCOVERY_ENDPOINTS, ResourceModel, ResourceType, Schema, resource_models
from scimcheck.resources import bundled

_DISCOVERY_SCHEMAS = frozenset(DISCOVERY_ENDPOINTS)


@dataclass(frozen=True, slots=True)
class Definitions:
    """Schema and ResourceType resources as JSON, in the order in which they are served."""

    schemas: tuple[JSONObject, ...]
    resource_types: tuple[JSONObject, ...]

    def models(self) -> tuple[ResourceModel, ...]:
        """The resource types joined with their schemas."""
        kinds = [ResourceType.from_json(item) for item in self.resource_types]
        return tuple(resource_models(kinds, [Schema.from_json(item) for item in self.schemas]))

    def served_schemas(self, *, with_discovery: bool) -> list[JSONObject]:
        """The schemas of the resource types, and on request those of the discovery resources (RFC 7644 §4)."""
        used = {urn.lower() for model in self.models() for urn in model.schema_uris}
        if with_discovery:
            used |= {urn.lower() for urn in _DISCOVERY_SCHEMAS}
        return [schema for schema in self.schemas if str(schema["id"]).lower() in used]

    def copy(self) -> Definitions:
        """A copy whose JSON may be changed freely."""
        return copy.deepcopy(self)


@lru_cache(maxsize=1)
def _bundled_definitions() -> Definitions:
    root = bundled("fixtures")
    names = ("User", "EnterpriseUser", "Group", "ServiceProviderConfig", "ResourceType", "Schema")
    schemas = tuple(_read(root / "schemas" / f"{name}.json") for name in names)
    return Definitions(schemas, tuple(_read(root / "resource_types" / f"{name}.json") for name in ("User", "Group")))


def standard_definitions() -> Definitions:
    """User with the enterprise extension, Group, and the discovery schemas; a fresh copy."""
    return _bundled_definitions().copy()


def load_definitions(paths: Iterable[str | Path]) -> Definitions:
    """The standard definitions together with those of JSON files, or of all ``*.json`` files of folders.

    A file holds one Schema or ResourceType resource, or an array of them. A definition with the id of an earlier one
    takes its place. Raises UsageError with file and key when a file cannot be read or a definition does not hold.
    """
    standard = standard_definitions()
    schemas = {str(item["id"]).lower(): item for item in standard.schemas}
    kinds = {str(item["name"]): item for item in standard.resource_types}
    origin: dict[str, Path] = {}
    for path in _files(paths):
        for item in _items(path):
            if _is_schema(item, path):
                urn = _text(item, "id", path).lower()
                schemas[urn] = _checked_schema(item, path)
            else:
                name = _text(item, "name", path)
                kinds[name] = _checked_type(item, path)
                origin[name] = path
    _check_references(kinds, schemas, origin)
    return Definitions(tuple(schemas.values()), tuple(kinds.values()))


def _files(paths: Iterable[str | Path]) -> list[Path]:
    found: list[Path] = []
    for entry in paths:
        path = Path(entry)
        found.extend(sorted(path.glob("*.json")) if path.is_dir() else [path])
    return found


def _read(path: Path) -> JSONObject:
    data: JSONObject = json.loads(path.read_text(encoding="utf-8"))
    return data


def _items(path: Path) -> list[JSONObject]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise UsageError(f"{path}: not JSON: {error}") from error
    items = data if isinstance(data, list) else [data]
    for item in items:
        if not isinstance(item, dict):
            raise UsageError(f"{path}: a definition is a JSON object, not {type(item).__name__}")
    return items


def _is_schema(item: JSONObject, path: Path) -> bool:
    listed = item.get("schemas")
    uris = [str(uri).lower() for uri in listed] if isinstance(listed, list) else []
    if urns.SCHEMA.lower() in uris:
        return True
    if urns.RESOURCE_TYPE.lower() in uris:
        return False
    raise UsageError(f"{path}: 'schemas' names neither {urns.SCHEMA} nor {urns.RESOURCE_TYPE}")


def _text(item: JSONObject, key: str, path: Path) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise UsageError(f"{path}: '{key}' has to be a text")
    return value


def _checked_schema(item: JSONObject, path: Path) -> JSONObject:
    attributes = item.get("attributes")
    if not isinstance(attributes, list):
        raise UsageError(f"{path}: 'attributes' has to be an array")
    for number, attribute in enumerate(attributes):
        if not isinstance(attribute, dict) or not isinstance(attribute.get("name"), str):
            raise UsageError(f"{path}: 'attributes[{number}].name' has to be a text")
    return item


def _checked_type(item: JSONObject, path: Path) -> JSONObject:
    _text(item, "schema", path)
    endpoint = _text(item, "endpoint", path)
    if not endpoint.strip("/") or "://" in endpoint:
        raise UsageError(f"{path}: 'endpoint' has to be relative to the base URL, such as /Devices, not {endpoint!r}")
    extensions = item.get("schemaExtensions", [])
    if not isinstance(extensions, list) or not all(isinstance(e, dict) and "schema" in e for e in extensions):
        raise UsageError(f"{path}: 'schemaExtensions' has to be an array of objects with 'schema'")
    return item


def _check_references(kinds: dict[str, JSONObject], schemas: dict[str, JSONObject], origin: dict[str, Path]) -> None:
    endpoints: dict[str, str] = {}
    for name, item in kinds.items():
        path = origin.get(name, Path("(bundled)"))
        used = [("schema", item["schema"])]
        used += [("schemaExtensions.schema", entry["schema"]) for entry in item.get("schemaExtensions", [])]
        for key, urn in used:
            if str(urn).lower() not in schemas:
                raise UsageError(f"{path}: '{key}' names {urn!r}, and no file defines that schema")
        endpoint = "/" + str(item["endpoint"]).strip("/")
        if endpoint in endpoints:
            raise UsageError(f"{path}: 'endpoint' {endpoint} already belongs to {endpoints[endpoint]}")
        endpoints[endpoint] = name


def with_member_display(definitions: Definitions) -> Definitions:
    """Group.members with the sub-attribute ``display`` (RFC 7643 §2.4 and §8.4), which the printed schema forgets."""
    changed = definitions.copy()
    for schema in changed.schemas:
        if schema["id"] == urns.GROUP:
            _add_display(schema)
    return changed


def _add_display(schema: JSONObject) -> None:
    display = {
        "name": "display",
        "type": "string",
        "multiValued": False,
        "description": "Name of the member shown to people.",
        "required": False,
        "caseExact": False,
        "mutability": "readOnly",
        "returned": "default",
        "uniqueness": "none",
    }
    for attribute in schema["attributes"]:
        subs = attribute.get("subAttributes", [])
        if attribute["name"] == "members" and all(sub["name"] != "display" for sub in subs):
            subs.append(display)


def with_uniqueness(definitions: Definitions, unique: Mapping[str, Sequence[str]]) -> Definitions:
    """The definitions with uniqueness "server" on these attributes of the base schemas, by resource type.

    A constraint that is enforced has to be published (RFC 7643 §2.2).
    """
    changed = definitions.copy()
    names = {str(kind["schema"]).lower(): unique.get(kind["name"], ()) for kind in changed.resource_types}
    for schema in changed.schemas:
        for attribute in schema["attributes"]:
            if attribute["name"] in names.get(str(schema["id"]).lower(), ()):
                attribute["uniqueness"] = "server"
    return changed


def configured_definitions(
    files: tuple[str, ...], member_display: bool, unique: tuple[tuple[str, tuple[str, ...]], ...]
) -> Definitions:
    """The bundled definitions and those of the files, with what the other settings add.

    The result may be shared between providers: copy it before changing it.
    """
    return _completed(load_definitions(files), member_display, unique) if files else _kept(member_display, unique)


@lru_cache(maxsize=8)
def _kept(member_display: bool, unique: tuple[tuple[str, tuple[str, ...]], ...]) -> Definitions:
    return _completed(load_definitions(()), member_display, unique)


def _completed(
    loaded: Definitions, member_display: bool, unique: tuple[tuple[str, tuple[str, ...]], ...]
) -> Definitions:
    shown = with_member_display(loaded) if member_display else loaded
    return with_uniqueness(shown, dict(unique))
