"""Whether a PATCH changed anything, for ``meta.lastModified`` must not move when it did not (RFC 7644 §3.5.2.1)."""

from __future__ import annotations

from typing import Any

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.values import has_value


def unchanged(before: JSONObject, after: JSONObject) -> bool:
    """Whether two states of a resource are equal: same values, in the same order and spelling.

    What is unassigned in either way (absent, null, empty) is equal (RFC 7643 §2.5). Parts that both states share are
    not looked into.
    """
    return _equal(before, after)


def _equal(a: JSON, b: JSON) -> bool:
    if a is b:
        return True
    if isinstance(a, dict) and isinstance(b, dict):
        return all(_equal(a.get(name), b.get(name)) for name in a.keys() | b.keys())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_equal, a, b))
    if isinstance(a, (dict, list)) or isinstance(b, (dict, list)):
        return not has_value(a) and not has_value(b)
    return _scalar_key(a) == _scalar_key(b)


def _scalar_key(value: Any) -> tuple[bool, Any]:
    """Tells true from 1, which are equal to Python."""
    return isinstance(value, bool), value
