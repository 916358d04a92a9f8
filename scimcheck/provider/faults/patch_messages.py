"""Deviations of PATCH messages, of their answers, and of the order and unity of operations (RFC 7644 §3.5.2)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import InvalidPath, InvalidValue, ScimError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch import Operation
from scimcheck.core.resource import container
from scimcheck.provider.answers import empty_reply
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.entra_forms import ignore, refuse, replaced, rewrite
from scimcheck.provider.faults.patch_steps import whole_groups
from scimcheck.provider.faults.registry import deviation, on_resource, on_response, wrap
from scimcheck.provider.store import Record

# --- messages --------------------------------------------------------------------------------------------------------


def _repair(provider: Provider, fn: Any) -> None:
    """Let ``fn`` repair the body of a PATCH before it is read."""
    wrap(provider, "parse_patch", lambda original, ctx, body: original(ctx, fn(body)))


@deviation("patch-without-schemas-accepted", breaks=["RFC7644-3.5.2-02"], text="PATCH does not look at schemas.")
def patch_without_schemas_accepted(provider: Provider) -> None:
    _repair(provider, lambda body: {**body, "schemas": [urns.PATCH_OP]} if isinstance(body, dict) else body)


@deviation(
    "patch-without-schemas-crashes",
    breaks=["RFC7644-3.5.2-02"],
    also=["RFC7644-3.12-15"],
    text="PATCH without schemas answers 500.",
)
def patch_without_schemas_crashes(provider: Provider) -> None:
    def crash(body: JSON) -> JSON:
        if isinstance(body, dict) and "schemas" not in body:
            raise ScimError("an internal error occurred", status=500)
        return body

    _repair(provider, crash)


@deviation("single-operation-without-array", breaks=["RFC7644-3.5.2-03"], text="Operations may be an object.")
def single_operation_without_array(provider: Provider) -> None:
    def repair(body: JSON) -> JSON:
        if isinstance(body, dict) and isinstance(body.get("Operations"), dict):
            return {**body, "Operations": [body["Operations"]]}
        return body

    _repair(provider, repair)


@deviation("bare-array-of-operations", breaks=["RFC7644-3.5.2-03"], text="A bare array of operations is accepted.")
def bare_array_of_operations(provider: Provider) -> None:
    _repair(
        provider,
        lambda body: {"schemas": [urns.PATCH_OP], "Operations": body} if isinstance(body, list) else body,
    )


@deviation("missing-operations-accepted", breaks=["RFC7644-3.5.2-03"], text="PATCH without Operations does nothing.")
def missing_operations_accepted(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, body: JSON) -> Any:
        return () if isinstance(body, dict) and "Operations" not in body else original(ctx, body)

    wrap(provider, "parse_patch", parse)


@deviation("empty-operations-accepted", breaks=["RFC7644-3.5.2-03"], text="PATCH with no operation does nothing.")
def empty_operations_accepted(provider: Provider) -> None:
    def parse(original: Any, ctx: Context, body: JSON) -> Any:
        return () if isinstance(body, dict) and body.get("Operations") == [] else original(ctx, body)

    wrap(provider, "parse_patch", parse)


def _op(item: JSONObject) -> str:
    return str(item.get("op")).lower()


@deviation(
    "unknown-operations-ignored",
    breaks=["RFC7644-3.5.2-04", "RFC7644-3.5.2-05"],
    text="Operations that are not add, remove or replace are passed over.",
)
def unknown_operations_ignored(provider: Provider) -> None:
    ignore(provider, lambda item: _op(item) not in ("add", "remove", "replace"))


@deviation("missing-op-means-replace", breaks=["RFC7644-3.5.2-04"], text="An operation without op replaces.")
def missing_op_means_replace(provider: Provider) -> None:
    replaced(provider, lambda item: not item.get("op"), lambda item: {**item, "op": "replace"})


@deviation("json-patch-tests-accepted", breaks=["RFC7644-3.5.2-05"], text="The operation test succeeds.")
def json_patch_tests_accepted(provider: Provider) -> None:
    ignore(provider, lambda item: _op(item) == "test")


@deviation("json-patch-copies", breaks=["RFC7644-3.5.2-05"], text="The operation copy copies.")
def json_patch_copies(provider: Provider) -> None:
    def copy(item: JSONObject) -> JSONObject:
        return {"op": "replace", "path": item.get("path"), "value": "copied"}

    replaced(provider, lambda item: _op(item) == "copy", copy)


@deviation("indexes-in-paths-ignored", breaks=["RFC7644-3.5.2-05"], text="A path with an index does nothing.")
def indexes_in_paths_ignored(provider: Provider) -> None:
    ignore(provider, lambda item: "[0]" in str(item.get("path")))


@deviation(
    "path-less-operations-refused",
    breaks=["RFC7644-3.5.2-06", "RFC7644-3.5.2.1-02", "RFC7644-3.5.2.3-01"],
    also=[
        "ENTRA-3.2-05",
        "ENTRA-3.2-15",
        "ENTRA-3.2-49",
        "ENTRA-3.2-51",
        "RFC7644-3.12-19",
        "RFC7644-3.5.2-18",
        "RFC7644-3.5.2.1-03",
        "RFC7644-3.5.2.1-08",
        "RFC7644-3.5.2.1-10",
        "RFC7644-3.5.2.3-03",
    ],
    text="Operations without path are refused.",
)
def path_less_operations_refused(provider: Provider) -> None:
    refuse(provider, lambda item: item.get("path") is None and _op(item) in ("add", "replace") and "value" in item)


@deviation("addition-without-value-accepted", breaks=["RFC7644-3.5.2.1-01"], text="add without value does nothing.")
def addition_without_value_accepted(provider: Provider) -> None:
    ignore(provider, lambda item: _op(item) == "add" and "value" not in item)


@deviation(
    "patch-errors-without-body",
    breaks=["RFC7644-3.5.2-21"],
    also=[
        "RFC7644-3.12-01", "RFC7644-3.12-02", "RFC7644-3.12-03", "RFC7644-3.12-04", "RFC7644-3.12-19",
        "RFC7644-3.12-20", "RFC7644-3.12-22", "RFC7644-3.12-23", "RFC7644-3.12-24", "RFC7644-3.5.2-07",
        "RFC7644-3.5.2.2-01", "RFC7644-3.5.2.2-08", "RFC7644-3.5.2.3-09",
    ],
    text="A refused PATCH is answered without a body.",
)  # fmt: skip
def patch_errors_without_body(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "body", None), method="PATCH", status=(400, 404, 409))


# --- answers ---------------------------------------------------------------------------------------------------------


@deviation(
    "patch-answers-202",
    breaks=["RFC7644-3.5.2-22"],
    also=["RFC7644-3.5.2-23"],
    text="A successful PATCH is answered with 202.",
)
def patch_answers_202(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "status", 202), method="PATCH", status=(200, 204))


@deviation(
    "patch-answers-in-part",
    breaks=["RFC7644-3.5.2-22"],
    also=["RFC7643-4.1.1-01", "RFC7644-3.9-01"],
    text="PATCH answers 200 with id, schemas and meta alone.",
)
def patch_answers_in_part(provider: Provider) -> None:
    def cut(request: Any, reply: Reply) -> None:
        if not request.query:
            reply.body = {name: reply.body[name] for name in ("schemas", "id", "meta") if name in reply.body}

    on_response(provider, cut, method="PATCH", status=200)


@deviation(
    "patch-answers-old-state",
    breaks=["RFC7644-3.5.2-22"],
    also=["RFC9110-8.8.3-03", "RFC7644-3.5.2-23", "RFC7644-3.14-08", "RFC7643-3.1-24"],
    text="PATCH answers 200 with the resource as it was before.",
)
def patch_answers_old_state(provider: Provider) -> None:
    def store(original: Any, ctx: Context, record: Record, *rest: Any, **options: Any) -> Any:
        ctx.notes["old"] = record
        return original(ctx, record, *rest, **options)

    wrap(provider, "store_replace", store)
    wrap(provider, "patch_reply", lambda original, ctx, record: original(ctx, ctx.notes.get("old", record)))


@deviation(
    "patch-answers-204-always",
    breaks=["RFC7644-3.5.2-23"],
    also=["RFC7644-3.9-05", "RFC7643-7-35"],
    text="PATCH answers 204 even when attributes are asked for.",
)
def patch_answers_204_always(provider: Provider) -> None:
    wrap(provider, "patch_reply", lambda original, ctx, record: empty_reply(ctx, record))


@deviation(
    "patch-answers-unprojected",
    breaks=["RFC7644-3.5.2-23", "RFC7644-3.9-05"],
    text="PATCH takes no notice of attributes and excludedAttributes.",
)
def patch_answers_unprojected(provider: Provider) -> None:
    def project(original: Any, ctx: Context, resource: JSONObject, type_name: str) -> Any:
        if ctx.method != "PATCH":
            return original(ctx, resource, type_name)
        bare = dataclasses.replace(ctx.query, attributes=None, excluded_attributes=None)
        return original(dataclasses.replace(ctx, search=bare), resource, type_name)

    wrap(provider, "project", project)


@deviation(
    "patch-on-unknown-id-answers-400",
    breaks=["RFC7644-3.5.2-24"],
    also=["ENTRA-4.7-05", "RFC7644-3.6-02", "RFC7644-3.12-11"],
    text="PATCH on an unknown id answers 400.",
)
def patch_on_unknown_id_answers_400(provider: Provider) -> None:
    def change(request: Any, reply: Reply) -> None:
        reply.status = 400
        reply.body = {**reply.body, "status": "400"}

    on_response(provider, change, method="PATCH", status=404, endpoint=("/Users", "/Groups"))


@deviation(
    "missing-patch-answers-400",
    breaks=["RFC7644-3.5.2-01"],
    also=["ENTRA-2.1-04", "ENTRA-2.1-06", "RFC7644-3.5-02", "RFC7644-3.12-16"],
    text="A provider without PATCH answers 400.",
    settings={"patch_supported": False},
)
def missing_patch_answers_400(provider: Provider) -> None:
    def change(request: Any, reply: Reply) -> None:
        reply.status = 400
        reply.body = {**reply.body, "status": "400"}

    on_response(provider, change, method="PATCH", status=501)


def _stored(provider: Provider, change: Any) -> None:
    """Let ``change(old, new)`` alter the records that PATCH stores."""

    def store(original: Any, ctx: Context, record: Record, *rest: Any, **options: Any) -> Record:
        stored: Record = original(ctx, record, *rest, **options)
        if ctx.method == "PATCH" and stored is not record:
            stored = change(record, stored)
            ctx.store.put(stored)
        return stored

    wrap(provider, "store_replace", store)


@deviation("patch-keeps-last-modified", breaks=["RFC7643-3.1-24"], text="PATCH does not move meta.lastModified.")
def patch_keeps_last_modified(provider: Provider) -> None:
    _stored(provider, lambda old, new: dataclasses.replace(new, modified=old.modified))


@deviation(
    "renamed-groups-lose-members",
    breaks=["RFC7644-3.5.2-15", "ENTRA-3.2-48", "ENTRA-3.2-49"],
    text="A PATCH of a group's displayName takes its members away.",
)
def renamed_groups_lose_members(provider: Provider) -> None:
    def store(original: Any, ctx: Context, record: Record, attributes: JSONObject, **options: Any) -> Record:
        name = record.attributes().get("displayName")
        stored: Record = original(ctx, record, attributes, **options)
        if ctx.method == "PATCH" and record.type_name == "Group" and name != attributes.get("displayName"):
            ctx.store.memberships.remove(record.id, list(ctx.store.memberships.members(record.id)))
        return stored

    wrap(provider, "store_replace", store)


@deviation(
    "new-members-keep-last-modified", breaks=["RFC7643-3.1-24"], text="A new member does not move meta.lastModified."
)
def new_members_keep_last_modified(provider: Provider) -> None:
    def store(original: Any, ctx: Context, record: Record, *rest: Any) -> Record:
        changed: Record = original(ctx, record, *rest)
        stored = dataclasses.replace(changed, modified=record.modified)
        ctx.store.touch(stored)
        return stored

    wrap(provider, "store_members", store)


@deviation(
    "patch-moves-created", breaks=["RFC7643-3.1-22"], also=["RFC7644-3.5.2-11"], text="PATCH sets meta.created anew."
)
def patch_moves_created(provider: Provider) -> None:
    _stored(provider, lambda old, new: dataclasses.replace(new, created=new.modified))


# --- sequence --------------------------------------------------------------------------------------------------------


@deviation(
    "operations-in-reverse-order",
    breaks=["RFC7644-3.5.2-18"],
    also=["ENTRA-2.2-18", "ENTRA-8.1-02", "RFC7644-3.5.2-16"],
    text="Operations are applied from the last to the first.",
)
def operations_in_reverse_order(provider: Provider) -> None:
    rewrite(provider, lambda ctx, listed: listed[::-1])


@deviation(
    "last-operation-only",
    breaks=["RFC7644-3.5.2-18"],
    also=["RFC7644-3.5.2-20", "RFC7644-3.5.2.1-10", "RFC7644-3.5.2.2-10"],
    text="Of several operations the last one is applied.",
)
def last_operation_only(provider: Provider) -> None:
    wrap(provider, "apply_patch", lambda original, ctx, now, operations: original(ctx, now, operations[-1:]))
    whole_groups(provider)


@deviation(
    "refused-operations-move-last-modified",
    breaks=["RFC7644-3.5.2-20"],
    text="A PATCH whose second operation fails moves meta.lastModified.",
)
def refused_operations_move_last_modified(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, now: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        try:
            done: JSONObject = original(ctx, now, operations)
        except ScimError:
            record = ctx.ops.find_record(ctx, ctx.target or "")
            if len(operations) > 1 and record is not None:
                ctx.store.put(dataclasses.replace(record, modified=record.modified + 1000))
            raise
        return done

    wrap(provider, "apply_patch", apply)


# --- extensions ------------------------------------------------------------------------------------------------------


@deviation(
    "extension-in-use-refused",
    breaks=["RFC7644-3.5.2-15"],
    also=["ENTRA-3.2-30", "ENTRA-3.2-33", "ENTRA-3.2-34"],
    text="Attributes of an extension can be added by PATCH, but not replaced.",
)
def extension_in_use_refused(provider: Provider) -> None:
    def apply(original: Any, ctx: Context, now: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        for item in operations:
            urn = item.path.attr.urn if item.path else None
            if item.op == "replace" and urn and ":extension:" in urn.lower() and container(now, urn):
                raise InvalidPath(f"{urn} does not belong here")
        done: JSONObject = original(ctx, now, operations)
        return done

    wrap(provider, "apply_patch", apply)


@deviation(
    "new-extension-is-not-listed",
    breaks=["RFC7644-3.5.2-17"],
    also=["RFC7644-3.5.2.1-03", "RFC7644-3.5.2-16", "RFC7643-3.3-02", "RFC7643-3.1-01", "RFC7643-3-02"],
    text="An extension that PATCH adds does not get into schemas.",
)
def new_extension_is_not_listed(provider: Provider) -> None:
    bare: set[str] = set()

    def note(original: Any, ctx: Context, now: JSONObject, operations: Sequence[Operation]) -> JSONObject:
        done: JSONObject = original(ctx, now, operations)
        if len(done.get("schemas", [])) > len(now.get("schemas", [])):
            bare.add(ctx.target or "")
        return done

    def show(resource: JSONObject, stored: JSONObject) -> None:
        if stored["id"] in bare and "schemas" in resource:
            resource["schemas"] = resource["schemas"][:1]

    wrap(provider, "apply_patch", note)
    on_resource(provider, show)


@deviation(
    "new-schemas-come-too-late",
    breaks=["RFC7644-3.5.2-16"],
    text="An attribute of an extension that the same request adds to schemas is not set.",
)
def new_schemas_come_too_late(provider: Provider) -> None:
    def drop(ctx: Context, listed: list[Any]) -> list[Any]:
        fresh = any(isinstance(item, dict) and item.get("path") == "schemas" for item in listed)
        return [item for item in listed if not fresh or item.get("path") == "schemas"]

    rewrite(provider, drop)


@deviation(
    "extension-as-path-crashes",
    breaks=["RFC7644-3.5.2-27"],
    also=["RFC7644-3.12-15"],
    text="The URN of an extension as path answers 500.",
)
def extension_as_path_crashes(provider: Provider) -> None:
    def crash(ctx: Context, listed: list[Any]) -> list[Any]:
        if any(isinstance(item, dict) and str(item.get("path")) == urns.ENTERPRISE_USER for item in listed):
            raise ScimError("an internal error occurred", status=500)
        return listed

    rewrite(provider, crash)


@deviation(
    "three-operations-refused",
    breaks=["RFC7644-3.5.2-18"],
    also=["ENTRA-3.2-16", "ENTRA-3.6-02", "ENTRA-8.1-03"],
    text="A PATCH with three operations is refused.",
)
def three_operations_refused(provider: Provider) -> None:
    def check(ctx: Context, listed: list[Any]) -> list[Any]:
        if len(listed) > 2:
            raise InvalidValue("too many operations")
        return listed

    rewrite(provider, check)
