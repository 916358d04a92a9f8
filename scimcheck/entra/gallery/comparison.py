"""How the validation reads a target attribute back, and when it takes it for kept, equal or cleared."""

from __future__ import annotations

import json
import re
from typing import Any

from scimcheck.core.json import JSON, JSONObject

_TYPED = re.compile(r'^([^\[]+)\[type eq "([^"]*)"\](?:\.(.+))?$')


def text(value: JSON) -> str:
    """A value as the workflow turns it into text: nothing is empty, booleans are capitalised."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def value_at(resource: JSONObject, target: str) -> JSON:
    """The value of a target attribute; ``None`` for one that is not there, or whose brackets are not of a type."""
    typed = _TYPED.match(target)
    if typed:
        entry = _entry(resource.get(typed[1]), typed[2])
        return entry.get(typed[3] or "value")
    if ":" in target:
        urn, _, name = target.rpartition(":")
        container = resource.get(urn)
        found = _below(container, name)
        return _below(resource, name) if found is None else found
    return _below(resource, target)


def equal(expected: JSON, actual: JSON) -> bool:
    """Whether two values are equal as text, letter case aside; a missing one equals the empty text."""
    return text(expected).lower() == text(actual).lower()


def kept(resource: JSONObject, target: str, sent: JSON) -> bool:
    """Whether a direct update is seen: equal text, or, for a name in brackets, somewhere in the list."""
    if "[" in target:
        return text(sent) in text(resource.get(target.partition("[")[0]))
    if target.lower().startswith("urn:"):
        urn, _, name = target.rpartition(":")
        return text(_below(resource.get(urn), name)) == text(sent)
    return text(_below(resource, target)) == text(sent)


def kept_at_top(resource: JSONObject, target: str, sent: JSON) -> bool:
    """The same for groups, where the validation looks at the top level only."""
    return text(resource.get(target)) == text(sent)


def cleared(resource: JSONObject, target: str, *, with_null: bool) -> bool:
    """Whether an attribute is cleared: missing or null; empty text counts after empty text was sent.

    After null, names in brackets are not looked at.
    """
    if with_null and "[" in target:
        return True
    return value_at(resource, target) in ((None,) if with_null else (None, ""))


def manager_id(user: JSONObject, urn: str) -> JSON:
    """The ``value`` of a user's manager, in the enterprise extension or at the top; ``None`` without one."""
    for holder in (user.get(urn), user):
        manager = holder.get("manager") if isinstance(holder, dict) else None
        if isinstance(manager, dict):
            return manager.get("value")
    return None


def manager_gone(user: JSONObject, urn: str) -> bool:
    """Whether the direct test takes the manager for removed: an object needs an empty value for that."""
    holder = user.get(urn)
    manager: Any = holder.get("manager") if isinstance(holder, dict) else user.get("manager")
    return manager is None or (isinstance(manager, dict) and manager.get("value") == "")


def _entry(entries: JSON, kind: str) -> JSONObject:
    """The first entry of that type, in any letter case."""
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and str(entry.get("type", "")).lower() == kind.lower():
            return entry
    return {}


def _below(holder: JSON, path: str) -> JSON:
    """The value of a dotted name."""
    for name in path.split("."):
        if not isinstance(holder, dict):
            return None
        holder = holder.get(name)
    return holder
