"""PATCH on a stored resource (RFC 7644 §3.5.2).

Adding and removing single members works on the membership index alone, so that it costs the same in a group of any
size; everything else works on the whole resource.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from scimcheck.core.errors import InvalidFilter, InvalidPath, NoTarget
from scimcheck.core.filter.ast import AttrPath, Comparison
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch import RFC, Operation, PatchChoices, PatchDialect, apply_operations
from scimcheck.core.patch import parse_patch as parse_operations
from scimcheck.core.schema import Attribute
from scimcheck.provider.context import Context
from scimcheck.provider.membership import check_members
from scimcheck.provider.rendering import render
from scimcheck.provider.settings import Settings
from scimcheck.provider.store import Record
from scimcheck.provider.storing import updated


def patch_dialect(settings: Settings) -> PatchDialect:
    """The forms of PATCH that the settings understand."""
    create = settings.add_without_match == "create"
    if not settings.entra_patch:
        return _standard_dialect(create)
    return _entra_dialect(settings.capital_operations, create, settings.replace_without_match == "create")


@cache
def _standard_dialect(create_from_filter: bool) -> PatchDialect:
    return replace(RFC, create_from_filter=create_from_filter)


@cache
def _entra_dialect(any_case_op: bool, create_from_filter: bool, create_on_replace: bool) -> PatchDialect:
    return PatchDialect(
        any_case_op=any_case_op, create_from_filter=create_from_filter, create_on_replace=create_on_replace
    )


def patch_choices(settings: Settings) -> PatchChoices:
    """The readings of §3.5.2 that the settings choose."""
    return PatchChoices(
        unknown=settings.unknown_in_patch,
        read_only=settings.read_only_in_patch,
        remove_absent="ignore" if settings.remove_absent == "succeed" else "refuse",
    )


def parse_patch(ctx: Context, body: JSON) -> tuple[Operation, ...]:
    """The operations of a PatchOp message; raises as core's parse_patch does."""
    try:
        return parse_operations(body, patch_dialect(ctx.settings), ctx.typed().model)
    except InvalidPath as error:
        if ctx.settings.faulty_path_filter == "invalidFilter" and _filtered(body):
            raise InvalidFilter(error.detail) from None
        raise


def _filtered(body: JSON) -> bool:
    """Whether a path of the message has a value filter."""
    listed = body.get("Operations") if isinstance(body, dict) else None
    items = listed if isinstance(listed, list) else []
    return any(isinstance(item, dict) and "[" in str(item.get("path")) for item in items)


def apply_patch(ctx: Context, current: JSONObject, operations: Sequence[Operation]) -> JSONObject:
    """The rendered resource after the operations; raises ScimError and then nothing has changed."""
    return apply_operations(
        current, operations, ctx.typed().model, patch_dialect(ctx.settings), patch_choices(ctx.settings)
    )


def patch_record(ctx: Context, record: Record, body: JSON) -> Record:
    """Apply a PATCH body to a record and store the result; gives the record as it was when nothing changes."""
    operations = ctx.ops.parse_patch(ctx, body)
    ctx.requested = _named(operations)
    joining = ctx.ops.membership_changes(ctx, record, operations)
    if joining is not None:
        return _change_members(ctx, record, joining)
    costly = ctx.typed().costly
    untouched = costly if ctx.settings.etag_style == "weak" and not _touches(ctx.requested, costly) else frozenset()
    current = render(ctx, record, untouched)
    ctx.stored = record.attributes()
    patched = ctx.ops.apply_patch(ctx, {**current, **ctx.stored}, operations)
    attributes = ctx.ops.validate_patched(ctx, patched)
    ctx.ops.check_preconditions(ctx, current)
    return ctx.ops.store_replace(ctx, record, attributes, keep_members=bool(untouched))


def _named(operations: Sequence[Operation]) -> tuple[str, ...]:
    """The attributes that the operations set, in attribute notation."""
    names: list[str] = []
    for operation in operations:
        if operation.path is not None:
            names.append(str(AttrPath(operation.path.attr.name, urn=operation.path.attr.urn)))
        elif operation.extension is not None:
            names.append(operation.extension)
        elif isinstance(operation.value, dict):
            names += operation.value
    return tuple(names)


def _touches(named: Sequence[str], names: frozenset[str]) -> bool:
    """Whether operations that set the attributes ``named`` may read or change one of those in ``names``."""
    return any(name.lower().rpartition(":")[2].partition(".")[0].partition("[")[0] in names for name in named)


# --- members ---------------------------------------------------------------------------------------------------------


def membership_changes(ctx: Context, record: Record, operations: Sequence[Operation]) -> dict[str, bool] | None:
    """Which ids are to be members afterwards and which not, if that is all that the operations ask for.

    ``None`` when they ask for anything else, or for members in a way that needs the whole list. Raises NoTarget for
    the removal of what is no member, where the settings ask for it.
    """
    membership = ctx.typed().membership
    if membership is None:
        return None
    changes: dict[str, bool] = {}
    for operation in operations:
        ids = _single_members(ctx, operation, membership)
        if ids is None:
            return None
        if operation.op == "remove" and not _all_members(ctx, record, ids, changes):
            if ctx.settings.remove_absent == "noTarget":
                raise NoTarget(f"{operation}: there is no such member")
            if any(not identifier.islower() for identifier in ids):
                return None  # an id in other letter case may still match: members.value need not be case exact
        changes.update((identifier, operation.op == "add") for identifier in ids)
    return changes


def _all_members(ctx: Context, record: Record, ids: Sequence[str], changes: dict[str, bool]) -> bool:
    held = ctx.store.memberships
    return all(changes.get(identifier, held.contains(record.id, identifier)) for identifier in ids)


def _single_members(ctx: Context, operation: Operation, membership: Attribute) -> list[str] | None:
    """The ids that an operation adds to or removes from the members one by one; ``None`` when it does otherwise."""
    path = operation.path
    if (
        path is None
        or path.target_sub
        or operation.op == "replace"
        or path.attr.name.lower() != membership.name.lower()
    ):
        return None
    if ctx.typed().model.find(path.attr.urn, path.attr.name) is None:
        return None
    if path.filter is None:
        understood = operation.op == "add" or patch_dialect(ctx.settings).value_array_removal
        return _ids(operation.value) if understood else None
    if operation.op == "add" or not isinstance(path.filter, Comparison):
        return None
    compared = path.filter
    plain = compared.path.name.lower() == "value" and compared.path.sub is None and compared.path.urn is None
    return [compared.value] if plain and compared.op == "eq" and isinstance(compared.value, str) else None


def _ids(value: object) -> list[str] | None:
    """The ids in member values; ``None`` unless each value is an object with a text as ``value``."""
    items = value if isinstance(value, list) else [value]
    ids = [item.get("value") for item in items if isinstance(item, dict)]
    texts = [identifier for identifier in ids if isinstance(identifier, str) and identifier]
    return texts if texts and len(texts) == len(items) else None


def _change_members(ctx: Context, record: Record, changes: dict[str, bool]) -> Record:
    held = ctx.store.memberships
    joining = [member for member, stays in changes.items() if stays and not held.contains(record.id, member)]
    leaving = [member for member, stays in changes.items() if not stays and held.contains(record.id, member)]
    check_members(ctx, record.id, joining)
    weak = ctx.settings.etag_style == "weak"
    ctx.ops.check_preconditions(ctx, render(ctx, record, ctx.typed().costly if weak else frozenset()))
    if not joining and not leaving:
        return record
    return ctx.ops.store_members(ctx, record, joining, leaving)


def store_members(ctx: Context, record: Record, joining: Sequence[str], leaving: Sequence[str]) -> Record:
    """Store that resources became members of a group, and that others no longer are."""
    ctx.store.memberships.remove(record.id, leaving)
    ctx.store.memberships.add(record.id, joining)
    changed = updated(ctx, record, record.data)
    ctx.store.touch(changed)
    return changed
