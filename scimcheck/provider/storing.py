"""Writing to the store: ids, times, uniqueness, and what changes along with a resource. Callers hold the lock."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timezone

from scimcheck.core.errors import Uniqueness
from scimcheck.core.json import JSONObject
from scimcheck.provider.context import Context
from scimcheck.provider.membership import check_members, check_references, take_members
from scimcheck.provider.store import Record
from scimcheck.provider.store.records import pack, to_milliseconds
from scimcheck.provider.validation import protect


def now(ctx: Context) -> datetime:
    """The current instant, aware."""
    return datetime.now(timezone.utc)


def new_id(ctx: Context) -> str:
    """A fresh id; never given to two resources."""
    style = ctx.settings.id_style
    if style == "integer":
        return str(1000 + ctx.store.next_number())
    if style == "special":
        return f"ü+{secrets.token_hex(8)} @%:{ctx.store.next_number()}"
    return str(uuid.uuid4())


def store_create(ctx: Context, attributes: JSONObject) -> Record:
    """Store a new resource; raises Uniqueness and InvalidValue and then stores nothing."""
    members = take_members(ctx, attributes)
    check_members(ctx, None, members or ())
    check_references(ctx, attributes)
    ctx.ops.check_uniqueness(ctx, attributes, None)
    instant = to_milliseconds(ctx.ops.now(ctx))
    attributes = protect(ctx, attributes, {})
    data = pack(attributes)
    record = Record(ctx.ops.new_id(ctx), ctx.typed().name, data, instant, instant, ctx.store.next_revision())
    if members:
        ctx.store.memberships.add(record.id, members)
    ctx.store.put(record, attributes, {})
    return record


def store_replace(ctx: Context, record: Record, attributes: JSONObject, *, keep_members: bool = False) -> Record:
    """Store new attributes of a resource; gives the record as it was when nothing changes.

    Members are those among the attributes, or with ``keep_members`` stay what they are.
    """
    members = None if keep_members else take_members(ctx, attributes)
    before = record.attributes()
    known = [] if members is None else ctx.store.memberships.members(record.id)
    if attributes == before and (members is None or members == known):
        return record
    held = set(known)
    check_members(ctx, record.id, [member for member in members or () if member not in held])
    check_references(ctx, attributes)
    ctx.ops.check_uniqueness(ctx, attributes, record.id)
    attributes = protect(ctx, attributes, before)
    changed = updated(ctx, record, pack(attributes))
    if members is not None:
        kept = set(members)
        ctx.store.memberships.remove(record.id, [member for member in known if member not in kept])
        ctx.store.memberships.add(record.id, members)
    # Last: who reads in between may see members of an older version, never of a newer one.
    ctx.store.put(changed, attributes, before)
    return changed


def store_delete(ctx: Context, record: Record) -> None:
    """Delete a resource; the groups that held it change with it."""
    for group in ctx.store.drop(record):
        known = ctx.store.find(group)
        if known is not None:
            ctx.store.touch(updated(ctx, known, known.data))


def updated(ctx: Context, record: Record, data: bytes) -> Record:
    """The next version of a record; lastModified moves forward even within one tick of the clock."""
    step = 1 if ctx.settings.precision == "milliseconds" else 1000
    instant = max(to_milliseconds(ctx.ops.now(ctx)), record.modified + step)
    return Record(record.id, record.type_name, data, record.created, instant, ctx.store.next_revision())


def check_uniqueness(ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
    """Raise Uniqueness when another resource of the type holds a value that has to be unique (RFC 7643 §7)."""
    shape = ctx.typed()
    for path in shape.unique:
        for text in path.texts(attributes):
            for holder in ctx.store.holders(shape.name, path.key, text):
                if holder.id != record_id and _collides(ctx, holder, path.key, text):
                    status = 409 if record_id is None else ctx.settings.uniqueness_status
                    raise Uniqueness(f"{path.attribute.name} {text} is in use", status=status)


def _collides(ctx: Context, holder: Record, key: str, text: str) -> bool:
    if ctx.settings.unique_across_cases:
        return True
    index = ctx.store.index(holder.type_name, key)
    return index is not None and text in index.path.texts(holder.attributes())
