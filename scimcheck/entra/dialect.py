"""The two dialects of Entra's PATCH requests, and the bodies that each of them writes.

Without the compatibility flag (*legacy*) every change is an operation of its own, ``op`` is capitalised, booleans are
the strings ``True`` and ``False``, and a reference is taken away by a value array. With the flag (*compliant*)
changes of one kind are merged into a path-less operation with dotted and URN-qualified keys; what stands behind a
value filter, multi-valued attributes, the manager, and ``active`` on its own keep their path.

``Add`` or ``Replace`` depends on what the engine last read: it adds where it knows no value and replaces
where it knows one. Nulls are never sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.queries import escape

#: The path under which the engine sends a user's manager.
MANAGER = f"{urns.ENTERPRISE_USER}:manager"


@dataclass(frozen=True, slots=True)
class Change:
    """A new value for a target attribute; ``known`` when the engine has seen a value there."""

    path: str
    value: JSON
    known: bool = True


class ManagerRemoval(str, Enum):
    """The shapes in which a manager is taken away. The engine's own legacy shape is not documented."""

    #: ``replace`` with an empty string: the workflow that validates gallery applications.
    EMPTY_STRING = "empty string"
    #: ``replace`` with an object whose value is empty: the browser validator.
    EMPTY_OBJECT = "empty object"
    #: ``remove`` through a filter on the single-valued attribute: seen in the field with the flag on.
    FILTER = "filter"
    #: ``Remove`` with a value array: by analogy with members.
    VALUE_ARRAY = "value array"


class Dialect(str, Enum):
    """How Entra writes PATCH bodies: with the compatibility flag off or on."""

    LEGACY = "legacy"
    COMPLIANT = "compliant"

    def op(self, name: str) -> str:
        """``add``, ``replace`` or ``remove`` in this dialect's spelling."""
        return name.capitalize() if self is Dialect.LEGACY else name

    def update(self, changes: Iterable[Change], *, text_booleans: bool = True) -> JSONObject | None:
        """The PATCH body for those changes; ``None`` when there is nothing to send, as with nulls only.

        ``text_booleans`` says that the mapping yields text for booleans, as the default one of ``active`` does; it has
        no meaning for the compliant dialect.
        """
        sent = [change for change in changes if change.value is not None]
        if not sent:
            return None
        if self is Dialect.COMPLIANT:
            return patch_body(_merged(sent))
        return patch_body([self._operation(change, text_booleans) for change in sent])

    def set_attribute(self, path: str, value: JSON, *, known: bool, text_booleans: bool = True) -> JSONObject:
        """The PATCH body that gives one attribute a value; ValueError for null, which Entra does not send."""
        body = self.update([Change(path, value, known)], text_booleans=text_booleans)
        if body is None:
            raise ValueError(f"Entra sends no null for {path}")
        return body

    def disable(self, *, known: bool = True, text_booleans: bool = True) -> JSONObject:
        """The PATCH body that disables a user; ``known=False`` when the endpoint does not return ``active``."""
        return self.set_attribute("active", False, known=known, text_booleans=text_booleans)

    def enable(self, *, known: bool = True, text_booleans: bool = True) -> JSONObject:
        """The PATCH body that restores a user: the mirror image of :meth:`disable`."""
        return self.set_attribute("active", True, known=known, text_booleans=text_booleans)

    def rename_group(self, display_name: str) -> JSONObject:
        """The PATCH body that renames a group."""
        return self.set_attribute("displayName", display_name, known=True)

    def add_members(self, ids: Sequence[str], *, null_refs: bool = True) -> JSONObject:
        """The PATCH body that adds members in one operation.

        ``null_refs`` puts ``"$ref": null`` into the members of the legacy dialect, as the tutorial prints them.
        """
        return patch_body([operation(self.op("add"), "members", self._references(ids, null_refs))])

    def remove_members(self, ids: Sequence[str], *, null_refs: bool = True) -> JSONObject:
        """The PATCH body that takes members away: by value array (legacy), or by a filtered path for each."""
        if self is Dialect.LEGACY:
            return patch_body([operation(self.op("remove"), "members", self._references(ids, null_refs))])
        return patch_body([operation("remove", f'members[value eq "{escape(member)}"]') for member in ids])

    def set_manager(self, manager_id: str, *, known: bool = False) -> JSONObject:
        """The PATCH body that sets the manager, whose id comes bare in either dialect."""
        return self.set_attribute(MANAGER, manager_id, known=known)

    def remove_manager(self, manager_id: str, form: ManagerRemoval | None = None) -> JSONObject:
        """The PATCH body that takes the manager away; without ``form`` the likeliest one of the dialect."""
        if form is None:
            form = ManagerRemoval.VALUE_ARRAY if self is Dialect.LEGACY else ManagerRemoval.FILTER
        if form is ManagerRemoval.FILTER:
            removal = operation(self.op("remove"), f'manager[value eq "{escape(manager_id)}"]')
        elif form is ManagerRemoval.VALUE_ARRAY:
            removal = operation(self.op("remove"), MANAGER, [{"value": manager_id}])
        else:
            empty: JSON = "" if form is ManagerRemoval.EMPTY_STRING else {"value": ""}
            removal = operation(self.op("replace"), MANAGER, empty)
        return patch_body([removal])

    def _operation(self, change: Change, text_booleans: bool) -> JSONObject:
        value = change.value
        if isinstance(value, bool) and text_booleans:
            value = str(value)
        return operation(self.op(_kind(change)), change.path, value)

    def _references(self, ids: Sequence[str], null_refs: bool) -> JSON:
        if self is Dialect.LEGACY and null_refs:
            return [{"$ref": None, "value": reference} for reference in ids]
        return [{"value": reference} for reference in ids]


def operation(op: str, path: str | None = None, value: JSON = None) -> JSONObject:
    """One PATCH operation with its keys in Entra's order; ``path`` and ``value`` are left out when ``None``."""
    members = {"op": op, "path": path, "value": value}
    return {key: member for key, member in members.items() if member is not None}


def patch_body(operations: Sequence[JSONObject]) -> JSONObject:
    """The PATCH message (RFC 7644 §3.5.2) with those operations."""
    return {"schemas": [urns.PATCH_OP], "Operations": list(operations)}


def _merged(changes: Sequence[Change]) -> list[JSONObject]:
    """The operations of the compliant dialect: those with a path of their own first, then one for each kind."""
    own = [change for change in changes if _keeps_path(change)]
    operations = [operation(_kind(change), change.path, change.value) for change in own]
    for kind in ("add", "replace"):
        group = [change for change in changes if not _keeps_path(change) and _kind(change) == kind]
        if len(group) == 1 and (kind == "add" or group[0].path == "active"):
            # A single addition and a disable are documented with their path.
            operations.append(operation(kind, group[0].path, group[0].value))
        elif group:
            operations.append(operation(kind, value={change.path: change.value for change in group}))
    return operations


def _keeps_path(change: Change) -> bool:
    """Whether the compliant dialect sends the change as an operation of its own, among others too."""
    return "[" in change.path or change.path == MANAGER or isinstance(change.value, list)


def _kind(change: Change) -> str:
    return "replace" if change.known else "add"
