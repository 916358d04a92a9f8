"""Variants of PATCH: what the standard leaves open, and what a provider may derive by itself (RFC 7644 §3.5.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scimcheck.core.errors import InvalidPath, MutabilityError
from scimcheck.core.json import JSONObject
from scimcheck.core.patch import Operation
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.entra_forms import ignore, rewrite
from scimcheck.provider.faults.patch_steps import instead
from scimcheck.provider.faults.registry import on_resource, on_response, variant, wrap

variant(
    "patch-filter-faults-are-invalid-filters",
    reading="RFC7644-3.5.2-07",
    text="A faulty filter in a path is refused with invalidFilter.",
    settings={"faulty_path_filter": "invalidFilter"},
)
variant(
    "patch-refuses-read-only-members",
    reading="RFC7644-3.5.2-11",
    text="A path-less value that holds a readOnly attribute is refused.",
    settings={"read_only_in_patch": "refuse"},
)


@variant("patch-ignores-meta", reading="RFC7643-3.1-18", text="Operations on meta succeed and do nothing.")
def patch_ignores_meta(provider: Provider) -> None:
    ignore(provider, lambda item: str(item.get("path")).lower().startswith("meta"))


@variant(
    "patch-of-schemas-refused", reading="RFC7644-3.5.2-16", text="schemas follows the content and is not writable."
)
def patch_of_schemas_refused(provider: Provider) -> None:
    def check(ctx: Context, listed: list[Any]) -> list[Any]:
        if any(isinstance(item, dict) and str(item.get("path")).lower() == "schemas" for item in listed):
            raise MutabilityError("schemas cannot be changed")
        return listed

    rewrite(provider, check)


@variant("patch-refuses-extension-paths", reading="RFC7644-3.5.2-27", text="The URN of an extension is no path.")
def patch_refuses_extension_paths(provider: Provider) -> None:
    def check(ctx: Context, now: JSONObject, item: Operation) -> list[Operation]:
        if item.extension is not None:
            raise InvalidPath(f"{item.extension} names a schema")
        return [item]

    instead(provider, check)


@variant(
    "patch-ignores-null-for-required", reading="RFC7644-3.5.2-10", text="null for a required attribute is ignored."
)
def patch_ignores_null_for_required(provider: Provider) -> None:
    ignore(
        provider,
        lambda item: item.get("path") in ("userName", "displayName") and item.get("value", "") is None,
    )


@variant("unknown-paths-have-no-target", reading="RFC7644-3.5.2-08", text="Unknown attributes in paths: noTarget.")
def unknown_paths_have_no_target(provider: Provider) -> None:
    def relabel(request: Any, reply: Any) -> None:
        if isinstance(reply.body, dict) and "has no attribute" in str(reply.body.get("detail")):
            reply.body["scimType"] = "noTarget"

    on_response(provider, relabel, method="PATCH", status=400)


@variant("refused-members-stay", reading="RFC7643-4.2-04", text="A change of a member's value is refused with 400.")
def refused_members_stay(provider: Provider) -> None:
    def check(ctx: Context, now: JSONObject, item: Operation) -> list[Operation]:
        if item.path is not None and item.path.attr.name == "members" and item.path.sub is not None:
            raise MutabilityError("the parts of a member are immutable")
        return [item]

    instead(provider, check)


@variant("false-primary-is-absent", reading="RFC7644-3.5.2-19", text="primary is shown where it is true only.")
def false_primary_is_absent(provider: Provider) -> None:
    def show(resource: JSONObject, stored: JSONObject) -> None:
        for value in _values(resource):
            if value.get("primary") is False:
                del value["primary"]

    on_resource(provider, show)


def _stored(provider: Provider, settle: Callable[[JSONObject, JSONObject], None]) -> None:
    """Let ``settle(old, new)`` complete in place what is going to be stored of a resource."""

    def step(original: Any, ctx: Context, *arguments: Any) -> JSONObject:
        new: JSONObject = original(ctx, *arguments)
        record = ctx.ops.find_record(ctx, ctx.target) if ctx.target else None
        settle(record.attributes() if record else {}, new)
        return new

    for name in ("validate_create", "validate_replace", "validate_patched"):
        wrap(provider, name, step)


@variant("first-value-is-primary", reading="RFC7643-2.4-05", text="Without a primary value the first one becomes it.")
def first_value_is_primary(provider: Provider) -> None:
    def settle(old: JSONObject, new: JSONObject) -> None:
        values = new.get("emails") or []
        if values and not any(value.get("primary") for value in values):
            values[0]["primary"] = True

    _stored(provider, settle)


@variant(
    "formatted-name-is-supplied", reading="RFC7644-3.3-06", text="A missing name.formatted is made of other parts."
)
def formatted_name_is_supplied(provider: Provider) -> None:
    def settle(old: JSONObject, new: JSONObject) -> None:
        name = new.get("name")
        made = _formatted(name)
        if isinstance(name, dict) and made and name.get("formatted") in (None, _formatted(old.get("name"))):
            name["formatted"] = made

    _stored(provider, settle)


def _formatted(name: Any) -> str:
    """The parts of a name, one after the other."""
    parts = ("givenName", "familyName")
    return " ".join(str(name[part]) for part in parts if part in name) if isinstance(name, dict) else ""


def _values(resource: JSONObject) -> list[JSONObject]:
    """The values of all multi-valued complex attributes."""
    lists = (values for values in resource.values() if isinstance(values, list))
    return [value for values in lists for value in values if isinstance(value, dict)]


@variant("values-in-reverse-order", reading="RFC7643-2.4-01", text="The order of values is not kept.")
def values_in_reverse_order(provider: Provider) -> None:
    def show(resource: JSONObject, stored: JSONObject) -> None:
        for name, values in resource.items():
            if isinstance(values, list) and name != "schemas":
                resource[name] = values[::-1]

    on_resource(provider, show)
