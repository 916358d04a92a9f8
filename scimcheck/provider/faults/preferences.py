"""Deviations of what is offered and of preferences (RFC 7644 §3.5, RFC 9967 §2.5.1.1)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import change_settings, deviation, wrap


@deviation("without-patch", breaks=["RFC7644-3.5-02"], also=["ENTRA-2.1-04", "ENTRA-2.1-06"], text="There is no PATCH.")
def without_patch(provider: Provider) -> None:
    change_settings(provider, patch_supported=False)


@deviation("preference-refused", breaks=["RFC9967-2.5.1.1-01"], text="Prefer: respond-async is answered with 400.")
def preference_refused(provider: Provider) -> None:
    def negotiate(original: Any, ctx: Context) -> str:
        if "respond-async" in (ctx.header("prefer") or ""):
            raise ScimError("there are no asynchronous requests")
        media_type: str = original(ctx)
        return media_type

    wrap(provider, "negotiate", negotiate)
