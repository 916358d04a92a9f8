"""The registry of deviations and variants, and the helpers that they are written with."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply

Change: TypeAlias = Callable[[Provider], None]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A fault that can be switched on.

    ``breaks`` are the requirements that it breaks, ``also`` those that cannot help breaking along with them; ``area``
    is the module that it stands in.
    """

    name: str
    breaks: tuple[str, ...]
    text: str
    apply: Change
    also: tuple[str, ...] = ()
    area: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variant:
    """A legal choice that differs from the default. ``reading`` is the requirement whose readings allow it.

    ``costs`` are needs of Entra that the choice, legal as it is, does not meet.
    """

    name: str
    reading: str
    text: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    apply: Change | None = None
    area: str = ""
    costs: tuple[str, ...] = ()


_DEVIATIONS: dict[str, Deviation] = {}
_VARIANTS: dict[str, Variant] = {}


def deviation(
    name: str,
    *,
    breaks: Sequence[str],
    text: str,
    also: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
) -> Callable[[Change], Change]:
    """Register the decorated function as a deviation; ``settings`` are changed before it is called."""

    area = _calling_module()

    def register(apply: Change) -> Change:
        _enter(Deviation(name, tuple(breaks), text, apply, tuple(also), area, settings or {}))
        return apply

    return register


def variant(
    name: str,
    *,
    reading: str,
    text: str,
    settings: Mapping[str, Any] | None = None,
    costs: Sequence[str] = (),
) -> Callable[[Change], Change]:
    """Register a variant that consists of settings; decorate a function with the result if it takes more than that."""
    _enter(Variant(name, reading, text, settings or {}, area=_calling_module(), costs=tuple(costs)))

    def register(apply: Change) -> Change:
        _VARIANTS[name] = dataclasses.replace(_VARIANTS[name], apply=apply)
        return apply

    return register


def _enter(entry: Deviation | Variant) -> None:
    """Register an entry; ValueError when there is another one of that name.

    The very same may come twice: a module whose import failed half-way is imported again.
    """
    known = _DEVIATIONS.get(entry.name) or _VARIANTS.get(entry.name)
    if known is not None and (known.area, known.text) != (entry.area, entry.text):
        raise ValueError(f"there are two deviations or variants called {entry.name}: in {known.area} and {entry.area}")
    if isinstance(entry, Deviation):
        _DEVIATIONS[entry.name] = entry
    else:
        _VARIANTS[entry.name] = entry


def _calling_module() -> str:
    """The short name of the module that registers something."""
    name: str = sys._getframe(2).f_globals["__name__"]
    return name.rpartition(".")[2]


@functools.lru_cache(maxsize=1)
def _load() -> None:
    package = importlib.import_module(__package__ or "")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def deviations() -> dict[str, Deviation]:
    """All deviations by name, in alphabetical order."""
    _load()
    return dict(sorted(_DEVIATIONS.items()))


def variants() -> dict[str, Variant]:
    """All variants by name, in alphabetical order."""
    _load()
    return dict(sorted(_VARIANTS.items()))


# --- what they are written with --------------------------------------------------------------------------------------


def change_settings(provider: Provider, **changes: Any) -> None:
    """Change settings of a provider that is being built."""
    provider.settings = dataclasses.replace(provider.settings, **changes)


def change_schema(provider: Provider, urn: str, fn: Callable[[JSONObject], Any]) -> None:
    """Let ``fn`` change the Schema resource ``urn`` in place; what is served and what is enforced both follow it."""
    definitions = provider.definitions.copy()
    for schema in definitions.schemas:
        if schema["id"] == urn:
            fn(schema)
    provider.redefine(definitions)


def wrap(provider: Provider, name: str, fn: Callable[..., Any]) -> None:
    """Put ``fn`` around the step ``name``; ``fn(original, ctx, ...)``."""
    original = getattr(provider.ops, name)
    setattr(provider.ops, name, functools.partial(fn, original))


def on_request(provider: Provider, fn: Callable[[Request], Request | None]) -> None:
    """Let ``fn(request)`` replace requests before anything looks at them; ``None`` keeps the request."""
    provider.request_hooks.append(fn)


def on_response(
    provider: Provider,
    fn: Callable[[Request, Reply], Any],
    *,
    method: str | Iterable[str] | None = None,
    endpoint: str | Iterable[str] | None = None,
    status: int | Iterable[int] | None = None,
) -> None:
    """Let ``fn(request, reply)`` change replies before they are serialised: those that the filters select."""
    methods, endpoints, statuses = _choices(method), _choices(endpoint), _choices(status)

    def hook(ctx: Context, reply: Reply) -> None:
        selected = (
            (methods is None or ctx.method in methods)
            and (endpoints is None or ctx.endpoint in endpoints)
            and (statuses is None or reply.status in statuses)
        )
        if selected:
            fn(ctx.request, reply)

    provider.response_hooks.append(hook)


def _choices(value: Any) -> frozenset[Any] | None:
    if value is None:
        return None
    return frozenset([value] if isinstance(value, (str, int)) else value)


def on_resource(
    provider: Provider, fn: Callable[[JSONObject, JSONObject], Any], *, resource_type: str | None = None
) -> None:
    """Let ``fn(resource, stored)`` change resources as they are shown, alone and in lists; of one type or of all."""

    def hook(resource: JSONObject, stored: JSONObject) -> None:
        if resource_type is None or stored["meta"]["resourceType"] == resource_type:
            fn(resource, stored)

    provider.resource_hooks.append(hook)
