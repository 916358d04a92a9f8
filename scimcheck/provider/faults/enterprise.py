"""Deviations of the enterprise extension (RFC 7643 §4.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.editing import edit_written
from scimcheck.provider.faults.registry import deviation, on_resource, variant, wrap

_URN = urns.ENTERPRISE_USER


def _alter(provider: Provider, change: Callable[[JSONObject], Any]) -> None:
    """Let ``change`` alter the extension of shown users, a copy of it, in place."""

    def alter(resource: JSONObject, stored: JSONObject) -> None:
        if isinstance(resource.get(_URN), dict):
            resource[_URN] = dict(resource[_URN])
            change(resource[_URN])

    on_resource(provider, alter, resource_type="User")


def _alter_manager(provider: Provider, change: Callable[[JSONObject], Any]) -> None:
    """Let ``change(manager)`` replace the manager of shown users."""

    def alter(inner: JSONObject) -> None:
        if isinstance(inner.get("manager"), dict):
            inner["manager"] = change(inner["manager"])

    _alter(provider, alter)


@deviation(
    "enterprise-under-another-name",
    breaks=["RFC7643-4.3-01"],
    also=[
        "ENTRA-2.2-04",
        "ENTRA-3.2-27",
        "ENTRA-3.2-28",
        "ENTRA-3.2-30",
        "ENTRA-3.2-31",
        "ENTRA-3.2-32",
        "ENTRA-3.3-03",
        "ENTRA-3.5-04",
        "ENTRA-3.5-10",
        "RFC7644-3.5.2-15",
        "RFC7644-3.5.2-16",
        "RFC7644-3.5.2-17",
        "RFC7644-3.5.2.1-03",
        "RFC7644-3.7.2-02",
        "RFC7643-3.3-03",
        "RFC7643-2.2-04",
        "RFC7644-3.1-05",
    ],
    text="Enterprise attributes are shown in a container named enterprise.",
)
def enterprise_under_another_name(provider: Provider) -> None:
    def rename(resource: JSONObject, stored: JSONObject) -> None:
        if _URN in resource:
            resource["enterprise"] = resource.pop(_URN)

    on_resource(provider, rename, resource_type="User")


@deviation(
    "department-dropped",
    breaks=["RFC7643-4.3-02"],
    also=["ENTRA-2.2-04", "ENTRA-3.5-04", "RFC7643-2.2-04", "RFC7644-3.5.1-02", "RFC7643-7-26"],
    text="department is accepted and never stored.",
)
def department_dropped(provider: Provider) -> None:
    edit_written(provider, lambda ctx, attributes, body: attributes.get(_URN, {}).pop("department", None))


@deviation(
    "manager-as-text",
    breaks=["RFC7643-4.3-03"],
    also=["ENTRA-3.2-31", "ENTRA-3.5-10"],
    text="manager is shown as the id alone.",
)
def manager_as_text(provider: Provider) -> None:
    _alter_manager(provider, lambda manager: manager.get("value"))


@deviation("manager-without-value", breaks=["RFC7643-4.3-04"], text="manager has no value.")
def manager_without_value(provider: Provider) -> None:
    _alter_manager(provider, lambda manager: {name: value for name, value in manager.items() if name != "value"})


@deviation("manager-with-dead-reference", breaks=["RFC7643-4.3-05"], text="manager.$ref leads nowhere.")
def manager_with_dead_reference(provider: Provider) -> None:
    _alter_manager(provider, lambda manager: {**manager, "$ref": str(manager.get("$ref")) + "/details"})


@deviation(
    "manager-name-as-sent",
    breaks=["RFC7643-4.3-06"],
    text="manager.displayName is what the client sent.",
)
def manager_name_as_sent(provider: Provider) -> None:
    sent: dict[str, str] = {}

    def note(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        manager = (body.get(_URN) or {}).get("manager")
        if isinstance(manager, dict) and "displayName" in manager:
            sent[str(manager.get("value"))] = str(manager["displayName"])

    edit_written(provider, note)
    _alter_manager(
        provider,
        lambda manager: {**manager, "displayName": sent.get(manager.get("value", ""), manager.get("displayName"))},
    )


@deviation(
    "managers-found-in-any-case",
    breaks=["RFC7643-4.3-07"],
    also=["RFC7644-3.4.2.2-45", "RFC7643-7-21"],
    text="A filter on manager.value finds the manager's id in other letters.",
)
def managers_found_in_any_case(provider: Provider) -> None:
    def matches(original: Any, ctx: Context, filter: Any, resource: JSONObject, model: Any) -> bool:
        path = str(getattr(filter, "path", "")).lower()
        manager = (resource.get(_URN) or {}).get("manager")
        if "manager" in path and isinstance(manager, dict) and isinstance(getattr(filter, "value", None), str):
            return str(manager.get("value")).lower() == str(filter.value).lower()
        found: bool = original(ctx, filter, resource, model)
        return found

    wrap(provider, "matches", matches)


variant(
    "unknown-managers-refused",
    reading="RFC7643-2.3.7-06",
    text="A manager that does not exist is refused.",
    settings={"unknown_references": "refuse"},
)
variant(
    "bare-managers-refused",
    reading="RFC7643-4.3-03",
    text="A manager that is a text is refused.",
    settings={"bare_references": False},
)
