"""How deviations single out the operations of a PATCH: by what stands in the request, spelling included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from scimcheck.core.errors import InvalidValue
from scimcheck.core.json import JSON, JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import deviation, wrap

#: Whether a raw operation is one of those that a deviation is about.
Form: TypeAlias = "Callable[[JSONObject], bool]"
#: From the raw operations of a request to those that are carried out; may raise ScimError.
Rewrite: TypeAlias = "Callable[[Context, list[Any]], list[Any]]"


def rewrite(provider: Provider, fn: Rewrite, endpoint: str = "") -> None:
    """Let ``fn`` change the operations of PATCH requests, of one endpoint or of all, before they are read."""

    def parse(original: Any, ctx: Context, body: JSON) -> Any:
        listed = body.get("Operations") if isinstance(body, dict) else None
        elsewhere = endpoint not in ("", ctx.endpoint)
        if elsewhere or not isinstance(body, dict) or not isinstance(listed, list) or not all(map(_is_object, listed)):
            return original(ctx, body)
        changed = fn(ctx, listed)
        return original(ctx, {**body, "Operations": changed}) if changed or not listed else ()

    wrap(provider, "parse_patch", parse)


def ignore(provider: Provider, form: Form, endpoint: str = "") -> None:
    """Answer operations of that form with success and do nothing."""
    rewrite(provider, lambda ctx, listed: [item for item in listed if not form(item)], endpoint)


def refuse(provider: Provider, form: Form, endpoint: str = "") -> None:
    """Refuse requests with an operation of that form as invalid."""

    def check(ctx: Context, listed: list[Any]) -> list[Any]:
        for item in listed:
            if form(item):
                raise InvalidValue(f"the operation {item.get('op')} {item.get('path', '')} is not understood")
        return listed

    rewrite(provider, check, endpoint)


def replaced(provider: Provider, form: Form, fn: Callable[[JSONObject], JSONObject], endpoint: str = "") -> None:
    """Carry out ``fn`` of operations of that form instead of themselves."""
    rewrite(provider, lambda ctx, listed: [fn(item) if form(item) else item for item in listed], endpoint)


def _is_object(item: Any) -> bool:
    return isinstance(item, dict)


def ignoring(name: str, requirement: str, form: Form, text: str, *also: str, endpoint: str = "/Users") -> None:
    """Register the deviation that operations of that form succeed without effect."""
    deviation(name, breaks=[requirement], also=also, text=text)(lambda provider: ignore(provider, form, endpoint))


def refusing(name: str, requirement: str, form: Form, text: str, *also: str, endpoint: str = "/Users") -> None:
    """Register the deviation that operations of that form are refused with 400."""
    deviation(name, breaks=[requirement], also=also, text=text)(lambda provider: refuse(provider, form, endpoint))


def setting(op: str, path: str, value: JSON) -> Form:
    """The form with exactly this op, path and value; ``False`` and ``"False"`` differ."""
    return lambda item: (
        (item.get("op"), item.get("path")) == (op, path)
        and type(item.get("value")) is type(value)
        and item.get("value") == value
    )


def with_path(*spellings: str, matching: Callable[[str], bool], value: type | tuple[type, ...] = object) -> Form:
    """The forms with one of these spellings of op, a path that matches, and a value of that type."""

    def form(item: JSONObject) -> bool:
        path = item.get("path")
        return item.get("op") in spellings and isinstance(path, str) and matching(path) and _typed(item, value)

    return form


def without_path(op: str, matching: Callable[[JSONObject], bool]) -> Form:
    """The path-less forms of ``op`` whose value is an object that matches."""
    return lambda item: (
        item.get("op") == op
        and item.get("path") is None
        and isinstance(item.get("value"), dict)
        and matching(item["value"])
    )


def _typed(item: JSONObject, kind: type | tuple[type, ...]) -> bool:
    return isinstance(item.get("value"), kind)


def plain(path: str) -> bool:
    """Whether a path is the name of an attribute that holds a text, as texts are tested with."""
    return path.isalpha() and path not in ("active", "members", "emails", "roles", "manager", "userName", "externalId")


def filtered(path: str) -> bool:
    """Whether a path selects the value of an entry by its type."""
    return "[type eq" in path and path.endswith(".value")
