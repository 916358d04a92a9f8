"""Bulk jobs (RFC 7644 §3.7): many operations in one request, which may refer to each other by bulkId.

An operation that refers to a resource which a later one creates waits for it. Where two wait for each other, the first
is created without the reference and completed once the other exists (§3.7.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, unquote

from scimcheck.core.bulk import BulkOperation, BulkRequest, bulk_response
from scimcheck.core.errors import InvalidSyntax, InvalidValue, NotFound, ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.urns import MEDIA_TYPE
from scimcheck.provider.conditions import entity_tag
from scimcheck.provider.content import serialise
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.rendering import render
from scimcheck.provider.replies import error_reply
from scimcheck.provider.unneeded import unneeded_attributes

_PREFIX = "bulkId:"


def bulk(ctx: Context) -> Reply:
    """Process a bulk job: 200 with one result for each operation that was processed."""
    settings = ctx.settings
    if len(ctx.request.body) > settings.bulk_max_payload:
        limit = settings.bulk_max_payload
        raise ScimError(f"a bulk request has at most maxPayloadSize = {limit} bytes", status=413)
    request = BulkRequest.from_json(ctx.ops.read_body(ctx))
    if len(request.operations) > settings.bulk_max_operations:
        limit = settings.bulk_max_operations
        raise ScimError(f"a bulk request has at most maxOperations = {limit} operations", status=413)
    job = _Job(ctx, request)
    with ctx.store.lock:
        return Reply(200, bulk_response(job.run()))


class _Job:
    """One bulk request while it is processed. ``ids`` maps a bulkId to the id of what was created under it."""

    def __init__(self, ctx: Context, request: BulkRequest) -> None:
        self.ctx = ctx
        self.request = request
        self.ids: dict[str, str] = {}
        self.results: dict[int, JSONObject] = {}
        self.errors = 0
        self._creators = {op.bulk_id: op for op in request.operations if op.method == "POST" and op.bulk_id}
        self._references = {op.index: list(_references([op.path, op.data])) for op in request.operations}
        self._incomplete: list[tuple[BulkOperation, str]] = []
        self._written: dict[int, tuple[str, str]] = {}

    def run(self) -> list[JSONObject]:
        """Process the operations until the end or the limit of errors; the results in the order of the request."""
        for operation in self.request.operations:
            self._run_with_dependencies(operation)
            self._complete()
            if self._stopped():
                break
        self._add_versions()
        return [self.results[index] for index in sorted(self.results)]

    def _add_versions(self) -> None:
        """Give results the versions at the end of the job, which later operations may have changed."""
        for index, (type_name, record_id) in self._written.items():
            record = self.ctx.store.get(type_name, record_id)
            if record is not None and self.results[index]["status"] < "300":
                version = entity_tag(render(self.ctx, record, unneeded_attributes(self.ctx, record, empty=True)))
                self.results[index].update({"version": version} if version else {})

    def _stopped(self) -> bool:
        limit = self.request.fail_on_errors
        return limit is not None and self.errors >= limit

    def _run_with_dependencies(self, operation: BulkOperation) -> None:
        """Process an operation after those whose resources it refers to; a stack, as chains may be long."""
        stack = [operation]
        waiting = {operation.index}
        while stack and not self._stopped():
            current = stack[-1]
            needed = next((op for op in self._dependencies(current) if op.index not in waiting), None)
            if current.index in self.results:
                stack.pop()
            elif needed is not None:
                stack.append(needed)
                waiting.add(needed.index)
            else:
                self._process(current)
                stack.pop()

    def _dependencies(self, operation: BulkOperation) -> Iterator[BulkOperation]:
        """The operations, not yet processed, that create what the operation refers to."""
        for reference in self._references[operation.index]:
            creator = self._creators.get(reference)
            if creator is not None and creator.index not in self.results:
                yield creator

    def _process(self, operation: BulkOperation) -> None:
        missing = {op.bulk_id for op in self._dependencies(operation)}
        path = operation.path
        try:
            if operation.fault is not None:
                raise operation.fault
            path = self._path(operation)
            data = _replaced(operation.data, lambda text: self._resolved(text, missing))
            reply = self._send(operation.method, unquote(path), data, operation.version, operation.index)
        except ScimError as error:
            reply = error_reply(self.ctx, error)
        self._note(operation, reply, path)
        if operation.method == "POST" and operation.bulk_id and reply.status == 201:
            self.ids[operation.bulk_id] = reply.body["id"]
            if missing:
                self._incomplete.append((operation, f"{operation.path}/{reply.body['id']}"))

    def _complete(self) -> None:
        """Give resources the references that they had to be created without."""
        for operation, path in self._incomplete:
            try:
                data = _replaced(operation.data, lambda text: self._resolved(text, set()))
                reply = self._send("PUT", path, data, None)
            except ScimError as error:
                reply = error_reply(self.ctx, error)
            if reply.status >= 300:
                self._send("DELETE", path, None, None)
                refusal = ScimError("the circular references could not be resolved", status=409)
                self._note(operation, error_reply(self.ctx, refusal), path)
        self._incomplete.clear()

    def _path(self, operation: BulkOperation) -> str:
        """The path as it was sent, but with the id of a resource where a bulkId stood for it."""
        head, _, tail = operation.path.rpartition("/")
        name = unquote(tail)
        if not name.startswith(_PREFIX):
            return operation.path
        return f"{head}/{quote(self._resolved(name, set()) or '', safe='')}"

    def _resolved(self, text: str, missing: set[str | None]) -> str | None:
        """The id for a bulkId reference, ``None`` when it has to wait; raises InvalidValue when there is none."""
        name = text[len(_PREFIX) :]
        if name in missing:
            return None
        if name not in self.ids:
            raise InvalidValue(f"no operation of this job created {text}")
        return self.ids[name]

    def _send(self, method: str, path: str, data: Any, version: str | None, index: int | None = None) -> Reply:
        headers = {"content-type": MEDIA_TYPE} | ({"if-match": version} if version else {})
        body = b"" if data is None else serialise(data)
        inner = Context(self.ctx.provider, Request(method, path, "", headers, body), method, token=self.ctx.token)
        reply = self.ctx.provider.dispatch(inner, check=_check_path)
        if index is not None and inner.shape is not None and reply.status < 300:
            self._written[index] = (inner.shape.name, inner.target or reply.body["id"])
        return reply

    def _note(self, operation: BulkOperation, reply: Reply, path: str) -> None:
        """Keep the result of an operation; ``path`` is its path without references to bulkIds."""
        failed = reply.status >= 300
        if failed:
            self.errors += 1
        result: JSONObject = {"method": operation.method or "POST"}
        if operation.bulk_id is not None:
            result["bulkId"] = operation.bulk_id
        if "Location" in reply.headers:
            result["location"] = reply.headers["Location"]
        elif operation.method != "POST":
            result["location"] = self.ctx.provider.url(path)
        result["status"] = str(reply.status)
        if failed:
            result["response"] = reply.body
        self.results[operation.index] = result


def _check_path(ctx: Context) -> None:
    """Refuse operations on anything but resource types and resources."""
    if ctx.shape is None:
        raise NotFound(f"there is no resource at {ctx.request.path}")
    if ctx.target == ".search":
        raise InvalidSyntax("a bulk operation creates, replaces, patches or deletes a resource")


def _references(value: Any) -> Iterator[str]:
    """The bulkIds to which texts anywhere in a JSON value refer."""
    if isinstance(value, str):
        found = value.rpartition("/")[2] if value.startswith("/") else value
        if found.startswith(_PREFIX):
            yield found[len(_PREFIX) :]
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _references(item)


def _replaced(value: Any, resolve: Callable[[str], str | None]) -> Any:
    """A copy of a JSON value with references resolved; what contains one that has to wait is left out."""
    if isinstance(value, str):
        return resolve(value) if value.startswith(_PREFIX) else value
    if isinstance(value, list):
        items = [_replaced(item, resolve) for item in value]
        return [item for item, old in zip(items, value, strict=True) if item is not None or old is None]
    if isinstance(value, dict):
        pairs = {key: _replaced(item, resolve) for key, item in value.items()}
        waits = any(pairs[key] is None and value[key] is not None for key in ("value", "$ref") if key in value)
        return None if waits else pairs
    return value
