"""PATCH bodies of the direct tests, in the compact form of today and the verbose one of older jobs."""

from __future__ import annotations

from collections.abc import Mapping

from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.dialect import patch_body


def replacing(values: Mapping[str, JSON], *, verbose: bool = False) -> JSONObject:
    """The body that replaces target attributes; null values are sent as null.

    Compact: one operation for each name in brackets, then one without path whose value has the other names as flat
    keys. Verbose: one operation with a path for each.
    """
    if verbose:
        return patch_body([_with_path(name, value) for name, value in values.items()])
    filtered = [_with_path(name, value) for name, value in values.items() if "[" in name]
    flat = {name: value for name, value in values.items() if "[" not in name}
    return patch_body([*filtered, {"op": "replace", "value": flat}] if flat else filtered)


def _with_path(name: str, value: JSON) -> JSONObject:
    return {"op": "replace", "path": name, "value": value}
