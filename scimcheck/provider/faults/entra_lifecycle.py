"""Deviations around disabled users, whom Entra expects to stay where and what they were; and legal choices there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import change_schema, deviation, variant, wrap
from scimcheck.provider.store import Record


def _disabled(record: Record | None) -> bool:
    return record is not None and record.type_name == "User" and record.attributes().get("active") is False


def _watch(provider: Provider) -> Callable[[Record | None], bool]:
    """Whether a record is a user that was active once and is disabled now; users created inactive are none."""
    once: set[str] = set()

    def store(original: Any, ctx: Context, record: Record, *arguments: Any, **options: Any) -> Record:
        stored: Record = original(ctx, record, *arguments, **options)
        if not _disabled(record):
            once.add(record.id)
        return stored

    wrap(provider, "store_replace", store)
    return lambda record: record is not None and record.id in once and _disabled(record)


@deviation(
    "entra-disabled-users-unreadable",
    breaks=["ENTRA-4.5-01"],
    also=["ENTRA-2.2-02", "RFC7643-4.1.1-15", "RFC7644-3.4.1-01"],
    text="A disabled user cannot be read by id.",
)
def entra_disabled_users_unreadable(provider: Provider) -> None:
    disabled = _watch(provider)

    def find(original: Any, ctx: Context, record_id: str) -> Record | None:
        record: Record | None = original(ctx, record_id)
        return None if ctx.method == "GET" and disabled(record) else record

    wrap(provider, "find_record", find)


@deviation(
    "entra-disabled-users-not-found",
    breaks=["ENTRA-4.5-02"],
    also=["ENTRA-2.1-19"],
    text="Searches leave out users that were disabled.",
)
def entra_disabled_users_not_found(provider: Provider) -> None:
    disabled = _watch(provider)

    def leave_out(original: Any, ctx: Context, *arguments: Any) -> list[Record]:
        return [record for record in original(ctx, *arguments) if not disabled(record)]

    wrap(provider, "list_candidates", leave_out)


@deviation("entra-disabled-users-leave-groups", breaks=["ENTRA-4.5-03"], text="A disabled user leaves its groups.")
def entra_disabled_users_leave_groups(provider: Provider) -> None:
    def store(original: Any, ctx: Context, record: Record, *arguments: Any, **options: Any) -> Record:
        stored: Record = original(ctx, record, *arguments, **options)
        if _disabled(stored):
            for group in list(ctx.store.memberships.groups(stored.id)):
                ctx.store.memberships.remove(group, [stored.id])
        return stored

    wrap(provider, "store_replace", store)


@deviation(
    "entra-users-return-under-another-id",
    breaks=["ENTRA-4.5-04"],
    also=["ENTRA-2.1-19", "RFC7643-3.1-05", "RFC7644-3.4.1-01"],
    text="A search shows a user that was enabled again under another id.",
)
def entra_users_return_under_another_id(provider: Provider) -> None:
    returned: set[str] = set()

    def store(original: Any, ctx: Context, record: Record, *arguments: Any, **options: Any) -> Record:
        stored: Record = original(ctx, record, *arguments, **options)
        if _disabled(record) and not _disabled(stored):
            returned.add(stored.id)
        return stored

    def rename(original: Any, ctx: Context, records: Any) -> JSONObject:
        body: JSONObject = original(ctx, records)
        for item in body.get("Resources", []):
            if item.get("id") in returned:
                item["id"] = f"{item['id']}-2"
        return body

    wrap(provider, "store_replace", store)
    wrap(provider, "list_body", rename)


@variant(
    "users-without-active",
    reading="RFC7643-4.1.1-15",
    text="Users have no active: Entra deletes them instead of disabling them.",
)
def users_without_active(provider: Provider) -> None:
    def drop(schema: JSONObject) -> None:
        schema["attributes"] = [item for item in schema["attributes"] if item["name"] != "active"]

    change_schema(provider, urns.USER, drop)
