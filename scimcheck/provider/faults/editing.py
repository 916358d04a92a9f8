"""How deviations of writing are written: changes of what clients send, of what is stored, of what single types show."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any, TypeAlias

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import on_request, on_resource, wrap

#: Changes a request body in place, or gives another one.
BodyChange: TypeAlias = Callable[[JSONObject], "JSONObject | None"]
#: Changes attributes that are about to be stored, in place; the body that the client sent is the last argument.
StoredChange: TypeAlias = Callable[[Context, JSONObject, JSONObject], Any]


def edit_request(provider: Provider, method: str, change: BodyChange, endpoint: str = "") -> None:
    """Let ``change`` alter the JSON objects that clients send with that method, below that endpoint."""

    def edit(request: Request) -> Request | None:
        if request.method != method or not request.path.startswith(endpoint):
            return None
        try:
            body: Any = json.loads(request.body)
        except (ValueError, RecursionError):
            return None
        if not isinstance(body, dict):
            return None
        changed = change(body)
        return dataclasses.replace(request, body=json.dumps(body if changed is None else changed).encode())

    on_request(provider, edit)


def edit_created(provider: Provider, change: StoredChange) -> None:
    """Let ``change`` alter what a POST is about to store; ScimErrors that it raises refuse the request."""

    def validate(original: Any, ctx: Context, body: JSON) -> JSONObject:
        attributes: JSONObject = original(ctx, body)
        change(ctx, attributes, body if isinstance(body, dict) else {})
        return attributes

    wrap(provider, "validate_create", validate)


def edit_replaced(provider: Provider, change: Callable[[Context, JSONObject, JSONObject, JSONObject], Any]) -> None:
    """Let ``change(ctx, attributes, body, current)`` alter what a PUT is about to store."""

    def validate(original: Any, ctx: Context, current: JSONObject, body: JSON) -> JSONObject:
        attributes: JSONObject = original(ctx, current, body)
        change(ctx, attributes, body if isinstance(body, dict) else {}, current)
        return attributes

    wrap(provider, "validate_replace", validate)


def edit_written(provider: Provider, change: StoredChange) -> None:
    """Let ``change`` alter what a POST or PUT is about to store."""
    edit_created(provider, change)
    edit_replaced(provider, lambda ctx, attributes, body, current: change(ctx, attributes, body))


def refuse_written(provider: Provider, test: Callable[[JSONObject], bool], error: ScimError) -> None:
    """Refuse the POST and PUT bodies that ``test`` is true of, before anything else looks at them."""

    def create(original: Any, ctx: Context, body: JSON) -> JSONObject:
        if isinstance(body, dict) and test(body):
            raise error
        attributes: JSONObject = original(ctx, body)
        return attributes

    def replace(original: Any, ctx: Context, current: JSONObject, body: JSON) -> JSONObject:
        if isinstance(body, dict) and test(body):
            raise error
        attributes: JSONObject = original(ctx, current, body)
        return attributes

    wrap(provider, "validate_create", create)
    wrap(provider, "validate_replace", replace)


def show(provider: Provider, name: str, change: Callable[[Any], Any], resource_type: str | None = None) -> None:
    """Let ``change(value)`` replace an attribute wherever it is shown with a value; ``None`` takes it out."""

    def alter(resource: JSONObject, stored: JSONObject) -> None:
        if resource.get(name) is None:
            return
        value = change(resource[name])
        if value is None:
            del resource[name]
        else:
            resource[name] = value

    on_resource(provider, alter, resource_type=resource_type)


def show_meta(provider: Provider, name: str, change: Callable[[Any], Any]) -> None:
    """Let ``change(value)`` replace a sub-attribute of meta wherever it is shown; ``None`` takes it out."""

    def alter(meta: JSONObject) -> JSONObject:
        value = change(meta[name]) if name in meta else None
        rest = {key: item for key, item in meta.items() if key != name}
        return {**rest, name: value} if value is not None else rest

    show(provider, "meta", alter)


def bodies_of(change: Callable[[JSONObject], Any]) -> Callable[[Request, Reply], None]:
    """A change of reply bodies that are JSON objects, for on_response."""

    def alter(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict):
            change(reply.body)

    return alter
