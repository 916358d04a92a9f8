"""Deviations of sorting (RFC 7644 §3.4.2.3)."""

from __future__ import annotations

from scimcheck.provider.app import Provider
from scimcheck.provider.faults.registry import deviation, wrap


@deviation("descending-ignored", breaks=["RFC7644-3.4.2.3-07"], text="sortOrder=descending sorts ascending.")
def descending_ignored(provider: Provider) -> None:
    wrap(provider, "sort", lambda original, ctx, resources, by, descending: original(ctx, resources, by, False))
