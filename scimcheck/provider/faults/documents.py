"""How deviations of the discovery documents are written: changes of what is published, but not of what is enforced."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import wrap

Change: TypeAlias = Callable[[JSONObject], Any]


def change_config(provider: Provider, change: Change) -> None:
    """Let ``change`` alter the published ServiceProviderConfig in place."""

    def config(original: Any, ctx: Context) -> JSONObject:
        whole: JSONObject = original(ctx)
        change(whole)
        return whole

    wrap(provider, "service_provider_config", config)


def change_types(provider: Provider, change: Change, name: str = "User") -> None:
    """Let ``change`` alter the published resource type of that name in place; an empty name stands for all."""
    _change_listed(provider, "resource_types", change, lambda item: name in ("", item["name"]))


def change_published(provider: Provider, urn: str, change: Change) -> None:
    """Let ``change`` alter a published schema in place; an empty URN stands for all."""
    _change_listed(provider, "schemas", change, lambda item: urn in ("", item["id"]))


def _change_listed(provider: Provider, step: str, change: Change, concerned: Callable[[JSONObject], bool]) -> None:
    def publish(original: Any, ctx: Context) -> list[JSONObject]:
        listed: list[JSONObject] = original(ctx)
        for item in listed:
            if concerned(item):
                change(item)
        return listed

    wrap(provider, step, publish)


def change_attribute(schema: JSONObject, path: str, characteristics: JSONObject) -> None:
    """Alter the definition of an attribute (``emails.type``) of a schema in place; ``None`` takes a member out."""
    item = schema
    for name in path.split("."):
        listed: Iterable[JSONObject] = item.get("attributes") or item["subAttributes"]
        item = next(entry for entry in listed if entry["name"] == name)
    for key, value in characteristics.items():
        if value is None:
            item.pop(key, None)
        else:
            item[key] = value
