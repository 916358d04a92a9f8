"""Which costly attributes nobody will look at: fifty thousand members need not be shown to answer with 204."""

from __future__ import annotations

from collections.abc import Iterable

from scimcheck.core.errors import ScimError
from scimcheck.core.path import parse_attr_path
from scimcheck.provider.context import Context
from scimcheck.provider.store import Record


def unneeded_attributes(ctx: Context, record: Record, *, empty: bool = False) -> frozenset[str]:
    """The costly attributes that the response will not hold; ``empty`` when it holds nothing at all.

    A strong entity-tag covers the whole representation, so with it everything is needed.
    """
    query = ctx.query
    if not (empty or query.attributes or query.excluded_attributes):
        return frozenset()
    if ctx.settings.etag_supported and ctx.settings.etag_style == "strong":
        return frozenset()
    costly = ctx.provider.shape(record.type_name).costly
    if empty:
        return costly
    if query.attributes:
        return costly - _names(query.attributes)
    return costly & frozenset(name.strip().lower() for name in query.excluded_attributes or ())


def _names(paths: Iterable[str]) -> frozenset[str]:
    """The attributes that paths begin with, in lower case."""
    return frozenset(_head(path.strip()) for path in paths)


def _head(path: str) -> str:
    try:
        return parse_attr_path(path).name.lower()
    except ScimError:
        return ""
