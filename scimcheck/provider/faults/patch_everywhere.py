"""Deviations of PATCH that show at a single attribute only, one that few clients change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.patch_steps import instead
from scimcheck.provider.faults.registry import deviation


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
