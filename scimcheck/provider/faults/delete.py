"""Deviations of DELETE (RFC 7644 §3.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from scimcheck.core.errors import ScimError, Uniqueness
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_response, wrap
from scimcheck.provider.shapes import Shape
from scimcheck.provider.store import Record


@deviation(
    "delete-answers-200", breaks=["RFC7644-3.6-01"], also=["ENTRA-2.1-11", "ENTRA-2.1-12"], text="DELETE answers 200."
)
def delete_answers_200(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "status", 200), method="DELETE", status=204)


@deviation(
    "deleted-stays-readable",
    breaks=["RFC7644-3.6-02"],
    also=["ENTRA-4.7-05", "RFC7644-3.6-03", "RFC7643-4.2-05"],
    text="A deleted resource can still be read.",
)
def deleted_stays_readable(provider: Provider) -> None:
    deleted: set[str] = set()

    def forget(original: Any, ctx: Context, record: Record) -> None:
        deleted.add(record.id)

    def check(original: Any, ctx: Context, attributes: Any, record_id: str | None) -> None:
        for record in [r for r in ctx.store.snapshot(ctx.typed().name) if r.id in deleted]:
            ctx.store.drop(record)
        original(ctx, attributes, record_id)

    wrap(provider, "store_delete", forget)
    wrap(provider, "check_uniqueness", check)


@deviation(
    "deleted-resources-count", breaks=["RFC7644-3.4.2-03"], text="totalResults of a whole list counts the deleted."
)
def deleted_resources_count(provider: Provider) -> None:
    deleted: Counter[str] = Counter()

    def delete(original: Any, ctx: Context, record: Record) -> None:
        deleted[record.type_name] += 1
        original(ctx, record)

    def listed(original: Any, ctx: Context, records: Sequence[Record]) -> JSONObject:
        body: JSONObject = original(ctx, records)
        if ctx.query.filter is None and ctx.shape is not None:
            body["totalResults"] += deleted[ctx.shape.name]
        return body

    wrap(provider, "store_delete", delete)
    wrap(provider, "list_body", listed)


@deviation("deletion-takes-members-along", breaks=["RFC7644-3.6-02"], text="With a group its members are deleted.")
def deletion_takes_members_along(provider: Provider) -> None:
    def delete(original: Any, ctx: Context, record: Record) -> None:
        members = ctx.store.memberships.members(record.id)
        original(ctx, record)
        for member in filter(None, map(ctx.store.find, members)):
            original(ctx, member)

    wrap(provider, "store_delete", delete)


@deviation(
    "delete-not-offered", breaks=["RFC7644-3.2-05"], also=["ENTRA-2.1-11", "ENTRA-2.1-12"], text="DELETE answers 501."
)
def delete_not_offered(provider: Provider) -> None:
    def refuse(original: Any, ctx: Context, record: Record) -> None:
        raise ScimError("DELETE is not supported", status=501)

    wrap(provider, "store_delete", refuse)


@deviation(
    "delete-answers-205",
    breaks=["RFC9110-9.3.5-01", "RFC7644-3.6-01"],
    also=["ENTRA-2.1-11", "ENTRA-2.1-12"],
    text="DELETE answers 205.",
)
def delete_answers_205(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "status", 205), method="DELETE", status=204)


@deviation(
    "deleted-stays-listed",
    breaks=["RFC7644-3.6-03"],
    also=["ENTRA-2.1-14", "ENTRA-2.1-18"],
    text="A deleted resource is still in lists, though it can no longer be read.",
)
def deleted_stays_listed(provider: Provider) -> None:
    deleted: dict[str, Record] = {}

    def forget(original: Any, ctx: Context, record: Record) -> None:
        original(ctx, record)
        deleted[record.id] = record

    def candidates(original: Any, ctx: Context, shape: Shape, filter: Any) -> list[Record]:
        ghosts = [record for record in deleted.values() if record.type_name == shape.name]
        return [*original(ctx, shape, filter), *ghosts[-3:]]

    wrap(provider, "store_delete", forget)
    wrap(provider, "list_candidates", candidates)


@deviation(
    "user-name-taken-for-ever",
    breaks=["RFC7644-3.6-04"],
    also=["ENTRA-2.1-16"],
    text="The userName of a deleted user cannot be used again.",
)
def user_name_taken_for_ever(provider: Provider) -> None:
    taken: set[str] = set()

    def forget(original: Any, ctx: Context, record: Record) -> None:
        taken.add(str(record.attributes().get("userName")).lower())
        original(ctx, record)

    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        if str(attributes.get("userName")).lower() in taken and ctx.endpoint == "/Users":
            raise Uniqueness("that name was in use")
        original(ctx, attributes, record_id)

    wrap(provider, "store_delete", forget)
    wrap(provider, "check_uniqueness", check)


@deviation(
    "deletion-takes-a-neighbour",
    breaks=["RFC7644-3.6-02"],
    also=["RFC7644-3.2-05"],
    text="DELETE of a group removes the group that was created after it, too.",
)
def deletion_takes_a_neighbour(provider: Provider) -> None:
    def forget(original: Any, ctx: Context, record: Record) -> None:
        listed = ctx.store.snapshot(record.type_name)
        position = [other.id for other in listed].index(record.id)
        original(ctx, record)
        if record.type_name == "Group" and position + 1 < len(listed):
            ctx.store.drop(listed[position + 1])

    wrap(provider, "store_delete", forget)


@deviation(
    "deleting-the-unknown-succeeds",
    breaks=["RFC7644-3.6-06"],
    also=["RFC7644-3.6-02"],
    text="DELETE of an unknown id answers 204.",
)
def deleting_the_unknown_succeeds(provider: Provider) -> None:
    def succeed(request: Request, reply: Reply) -> None:
        reply.status, reply.body = 204, None

    on_response(provider, succeed, method="DELETE", status=404)
