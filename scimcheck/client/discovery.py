"""What a target says of itself: configuration, resource types and schemas (RFC 7644 §4), read with tolerance.

Whatever is missing or unusable is replaced by the standard's definition, and each replacement is noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from scimcheck.client.errors import TargetError
from scimcheck.client.exchange import Exchange
from scimcheck.client.session import Session
from scimcheck.core.json import JSONObject
from scimcheck.core.schema import ResourceModel, ResourceType, Schema, resource_models

_CONFIG, _TYPES, _SCHEMAS = "/ServiceProviderConfig", "/ResourceTypes", "/Schemas"
#: No honest target needs more pages for its definitions.
_MAX_PAGES = 50


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found. ``problems`` are pairs of endpoint and reason, one for each thing that was amiss."""

    service_provider_config: JSONObject | None
    resource_types: tuple[ResourceType, ...]
    schemas: tuple[Schema, ...]
    models: tuple[ResourceModel, ...]
    exchanges: tuple[Exchange, ...]
    problems: tuple[tuple[str, str], ...]

    def supports(self, feature: str) -> bool:
        """Whether the configuration says ``supported: true`` of a feature, such as ``patch``."""
        value = (self.service_provider_config or {}).get(feature)
        return isinstance(value, dict) and value.get("supported") is True

    def model(self, name: str) -> ResourceModel | None:
        """The model of the resource type of that name, in any letter case."""
        return next((model for model in self.models if model.name.lower() == name.lower()), None)


def discover(session: Session, standard: Sequence[ResourceModel] = ()) -> Discovery:
    """Read the discovery endpoints; ``standard`` holds the models that stand in for what the target does not define."""
    with session.purpose("discovery"):
        return _Reader(session, standard).read()


@dataclass
class _Reader:
    session: Session
    standard: Sequence[ResourceModel]
    exchanges: list[Exchange] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def read(self) -> Discovery:
        config = self._config()
        types = self._resource_types()
        schemas = self._schemas(types)
        models = resource_models(types, schemas)
        return Discovery(
            config, tuple(types), tuple(schemas), tuple(models), tuple(self.exchanges), tuple(self.problems)
        )

    def _note(self, endpoint: str, reason: str) -> None:
        self.problems.append((endpoint, reason))

    def _get(self, path: str, params: Mapping[str, int] | None = None) -> Exchange | None:
        """A 2xx answer with a JSON body, or ``None`` with the reason noted."""
        try:
            exchange = self.session.get(path, params=params)
        except TargetError as error:
            self._note(path, f"no usable answer: {error.reason}")
            return None
        self.exchanges.append(exchange)
        if exchange.ok and exchange.is_json:
            return exchange
        self._note(path, f"answered {exchange.status}" + (" without a JSON body" if exchange.ok else ""))
        return None

    def _config(self) -> JSONObject | None:
        exchange = self._get(_CONFIG)
        if exchange is None:
            return None
        if isinstance(exchange.json, dict) and "Resources" not in exchange.body:
            return exchange.body
        found = _items(exchange)
        self._note(_CONFIG, "is not a single object")
        return found[0] if found else None

    def _resource_types(self) -> list[ResourceType]:
        found = [self._resource_type(item) for item in self._collection(_TYPES)]
        types = list({kind.name.lower(): kind for kind in found if kind is not None}.values())
        if types:
            return types
        self._note(_TYPES, "defines no resource type; the standard's are used as far as their endpoints exist")
        return [model.resource_type for model in self._existing()]

    def _existing(self) -> list[ResourceModel]:
        """The standard models whose endpoints are there; all of them when none is."""
        there = [model for model in self.standard if self._exists(model.endpoint)]
        return there or list(self.standard)

    def _exists(self, endpoint: str) -> bool:
        try:
            exchange = self.session.get(endpoint, params={"count": 1})
        except TargetError:
            return False
        self.exchanges.append(exchange)
        return exchange.status not in (404, 405, 501)

    def _resource_type(self, data: JSONObject) -> ResourceType | None:
        kind = ResourceType.from_json(data)
        endpoint = data.get("endpoint")
        if not isinstance(endpoint, str) or not endpoint.strip("/"):
            self._note(_TYPES, f"{kind.name or 'a resource type'} has no endpoint and is left out")
            return None
        if "://" not in endpoint:
            return self._with_path(kind, endpoint)
        path = self.session.base.relative(self.session.redactor.restore(endpoint))
        if not path:
            self._note(_TYPES, f"{kind.name}: the endpoint {endpoint} is not below the base URL, it is left out")
            return None
        self._note(_TYPES, f"{kind.name}: the endpoint is an absolute URL, it has to be relative to the base")
        return replace(kind, endpoint=path.rstrip("/"))

    def _with_path(self, kind: ResourceType, endpoint: str) -> ResourceType:
        """The type with its endpoint below the base, also where the path is counted from the origin: what answers."""
        base = self.session.base
        below = (base.relative(base.origin + self.session.redactor.restore(endpoint)) or "").rstrip("/")
        if not base.path or not endpoint.startswith("/") or not below:
            return kind
        if self._exists(kind.endpoint) or not self._exists(below):
            return kind
        self._note(_TYPES, f"{kind.name}: the endpoint is counted from the origin, it has to be relative to the base")
        return replace(kind, endpoint=below)

    def _schemas(self, types: Iterable[ResourceType]) -> list[Schema]:
        found: dict[str, Schema] = {}
        for item in self._collection(_SCHEMAS):
            schema = Schema.from_json(item)
            found[schema.id.lower()] = schema
        for urn in _wanted(types):
            if urn.lower() not in found:
                schema = self._single(urn, ask=bool(found)) or self._of_standard(urn)
                found[urn.lower()] = schema
        return list(found.values())

    def _single(self, urn: str, *, ask: bool) -> Schema | None:
        """The schema from its own address; asked for only where ``/Schemas`` answered at all."""
        exchange = self._get(f"{_SCHEMAS}/{quote(urn, safe=':')}") if ask else None
        data = exchange.body if exchange else {}
        return Schema.from_json(data) if str(data.get("id", "")).lower() == urn.lower() else None

    def _of_standard(self, urn: str) -> Schema:
        for model in self.standard:
            for schema in (model.core, *model.extensions):
                if schema.id.lower() == urn.lower():
                    self._note(_SCHEMAS, f"{urn} is not defined; the standard's definition is used")
                    return schema
        self._note(_SCHEMAS, f"{urn} is not defined and not known; it counts as empty")
        return Schema(urn)

    def _collection(self, path: str) -> list[JSONObject]:
        """All objects of a collection, over as many pages as it has."""
        exchange = self._get(path)
        items = _items(exchange) if exchange else []
        seen = {_identity(item) for item in items}
        for _ in range(_MAX_PAGES):
            if exchange is None or not items or len(items) >= _total(exchange):
                break
            exchange = self._get(path, {"startIndex": len(items) + 1})
            fresh = [item for item in _items(exchange) if _identity(item) not in seen] if exchange else []
            if not fresh:
                self._note(path, "totalResults promises more than the pages hold")
                break
            items += fresh
            seen |= {_identity(item) for item in fresh}
        return items


def _items(exchange: Exchange) -> list[JSONObject]:
    """The objects of an answer: a ListResponse, a bare array, or a single object."""
    value: Any = exchange.json
    if isinstance(value, dict):
        single = [value] if "id" in value or "endpoint" in value else []
        value = value.get("Resources", single)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _identity(item: Mapping[str, Any]) -> str:
    return str(item.get("id") or item.get("name") or sorted(item))


def _total(exchange: Exchange) -> int:
    value = exchange.body.get("totalResults")
    return value if isinstance(value, int) else 0


def _wanted(types: Iterable[ResourceType]) -> list[str]:
    urns = [urn for kind in types for urn in (kind.schema, *(extension.schema for extension in kind.extensions))]
    return [urn for urn in dict.fromkeys(urns) if urn]
