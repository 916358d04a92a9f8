"""Deviations of PATCH that show at a single attribute only, one that few clients change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.core.patch import MISSING, Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.enriching import STAFF, attribute, enrich
from scimcheck.provider.faults.patch_steps import instead, whole
from scimcheck.provider.faults.registry import deviation, on_resource, variant


def _pass_over(provider: Provider, name: str, *, sub: str = "", urn: str = "") -> None:
    """Answer replacements of that attribute with success, and change nothing."""

    def step(ctx: Context, current: JSONObject, operation: Operation) -> Sequence[Operation]:
        path: Any = operation.path
        if path is None or operation.op != "replace" or path.attr.name.lower() != name.lower():
            return [operation]
        same = (path.attr.sub or "").lower() == sub.lower() and (
            not urn or (path.attr.urn or "").lower() == urn.lower()
        )
        return [] if same else [operation]

    instead(provider, step)


@deviation(
    "user-type-stays", breaks=["RFC7644-3.5.2.3-02"], text="A replacement of userType is answered well and not made."
)
def user_type_stays(provider: Provider) -> None:
    _pass_over(provider, "userType")


@deviation(
    "honorific-stays",
    breaks=["RFC7644-3.5.2-14"],
    text="A replacement of name.honorificPrefix is answered well and not made.",
)
def honorific_stays(provider: Provider) -> None:
    _pass_over(provider, "name", sub="honorificPrefix")


@deviation(
    "division-stays",
    breaks=["RFC7644-3.5.2-15"],
    text="A replacement of the enterprise extension's division is answered well and not made.",
)
def division_stays(provider: Provider) -> None:
    _pass_over(provider, "division", urn=urns.ENTERPRISE_USER)


_DESK = attribute("desk", "complex", subAttributes=[attribute("floor", "integer"), attribute("wing")])


@variant("desks", reading="RFC7643-3.2-01", text="An extension of users has an attribute with parts, one a number.")
def desks(provider: Provider) -> None:
    enrich(provider, _DESK)


@deviation(
    "part-replaced-with-its-siblings",
    breaks=["RFC7644-3.5.2-14"],
    also=["RFC7644-3.5.2-15"],
    text="An extension has an attribute with parts; replacing one of them empties the others.",
)
def part_replaced_with_its_siblings(provider: Provider) -> None:
    def step(ctx: Context, current: JSONObject, operation: Operation) -> Sequence[Operation]:
        path: Any = operation.path
        if path is None or path.attr.sub is None or path.attr.name != "desk":
            return [operation]
        return [replace(operation, op="remove", path=whole(operation), value=MISSING), operation]

    enrich(provider, _DESK)
    instead(provider, step)


@deviation(
    "zeros-not-shown",
    breaks=["RFC7643-2.3.4-01"],
    text="An extension has integers, which are not shown when they are zero.",
)
def zeros_not_shown(provider: Provider) -> None:
    def drop(resource: JSONObject, stored: JSONObject) -> None:
        staff = resource.get(STAFF, {})
        if staff.get("grade") == 0:
            del staff["grade"]

    enrich(provider)
    on_resource(provider, drop, resource_type="User")
