"""Deviations of PATCH as Microsoft Entra ID sends it: single-valued attributes and ``active``."""

from __future__ import annotations

from typing import Any

from scimcheck.core import urns
from scimcheck.core.errors import InvalidValue, ScimError
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.entra_forms import (
    ignoring,
    plain,
    refuse,
    refusing,
    replaced,
    rewrite,
    setting,
    with_path,
    without_path,
)
from scimcheck.provider.faults.registry import change_schema, deviation, on_resource, on_response, wrap

FLAG = "aadOptscim062020"

_USERS = "/Users"

MANAGER = f"{urns.ENTERPRISE_USER}:manager"


# --- active ----------------------------------------------------------------------------------------------------------

ignoring(
    "entra-disable-by-text-ignored",
    "ENTRA-3.2-01",
    setting("Replace", "active", "False"),
    'Replace of active with "False" succeeds and does nothing.',
)
ignoring(
    "entra-disable-by-boolean-ignored",
    "ENTRA-3.2-03",
    setting("Replace", "active", False),
    "Replace of active with false succeeds and does nothing.",
)
refusing(
    "entra-disable-with-flag-refused",
    "ENTRA-3.2-04",
    setting("replace", "active", False),
    "replace of active with false is refused.",
    "RFC7644-3.5.2.3-02",
)
ignoring(
    "entra-path-less-disable-ignored",
    "ENTRA-3.2-05",
    without_path("replace", lambda value: "active" in value),
    "A path-less replace that holds active succeeds and does nothing.",
)
refusing(
    "entra-disable-by-addition-refused",
    "ENTRA-3.2-06",
    setting("Add", "active", "False"),
    'Add of active with "False" is refused.',
)
refusing(
    "entra-disable-in-lower-case-refused",
    "ENTRA-3.2-07",
    setting("Replace", "active", "false"),
    'Replace of active with "false" is refused.',
)
ignoring(
    "entra-enable-by-text-ignored",
    "ENTRA-3.2-08",
    setting("Replace", "active", "True"),
    'Replace of active with "True" succeeds and does nothing.',
)
refusing(
    "entra-enable-with-flag-refused",
    "ENTRA-3.2-09",
    setting("replace", "active", True),
    "replace of active with true is refused.",
    "RFC7644-3.5.2.3-02",
)


@deviation(
    "entra-active-stays-text",
    breaks=["ENTRA-3.2-02"],
    also=["RFC7643-2.3.2-01", "RFC7644-3.5.2-26"],
    text="active set by text is text from then on.",
)
def entra_active_stays_text(provider: Provider) -> None:
    written: set[str] = set()

    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        if any(item.get("path") == "active" and isinstance(item.get("value"), str) for item in listed):
            written.add(ctx.target or "")
        return listed

    def show(resource: JSONObject, stored: JSONObject) -> None:
        if stored["id"] in written and "active" in resource:
            resource["active"] = str(resource["active"])

    rewrite(provider, note, _USERS)
    on_resource(provider, show, resource_type="User")


@deviation("entra-long-user-name-refused", breaks=["ENTRA-3.6-03"], text="A userName starts with no 32 hex digits.")
def entra_long_user_name_refused(provider: Provider) -> None:
    def digits(path: str) -> bool:
        return path == "userName"

    form = with_path("Replace", matching=digits, value=str)
    refuse(provider, lambda item: form(item) and _hexadecimal(item["value"][:32]), _USERS)


def _hexadecimal(text: str) -> bool:
    return len(text) == 32 and all(character in "0123456789abcdef" for character in text)


@deviation(
    "entra-unmapped-numbers",
    breaks=["ENTRA-3.6-08", "ENTRA-3.6-09"],
    also=["ENTRA-8.2-02"],
    text="Users have no phoneNumbers.",
)
def entra_unmapped_numbers(provider: Provider) -> None:
    def drop(schema: JSONObject) -> None:
        schema["attributes"] = [item for item in schema["attributes"] if item["name"] != "phoneNumbers"]

    change_schema(provider, urns.USER, drop)


# --- single-valued attributes ----------------------------------------------------------------------------------------

ignoring(
    "entra-addition-ignored",
    "ENTRA-3.2-10",
    with_path("Add", matching=plain, value=str),
    "Add of a text succeeds and does nothing.",
    "ENTRA-3.2-13",
    "ENTRA-2.2-07",
)
ignoring(
    "entra-addition-with-flag-ignored",
    "ENTRA-3.2-11",
    with_path("add", matching=plain, value=str),
    "add of a text succeeds and does nothing.",
    "RFC7644-3.5.2.1-04",
    "RFC7644-3.5.2.1-07",
)
ignoring(
    "entra-replacement-ignored",
    "ENTRA-3.2-14",
    with_path("Replace", matching=plain, value=str),
    "Replace of a text succeeds and does nothing.",
    "ENTRA-2.2-07",
)
refusing(
    "entra-path-less-replacement-refused",
    "ENTRA-3.2-15",
    without_path("replace", lambda value: len(value) == 1),
    "A path-less replace of one attribute is refused.",
    "ENTRA-3.6-07",
    "RFC7644-3.12-19",
    "RFC7644-3.5.2-06",
    "RFC7644-3.5.2-18",
)
ignoring(
    "entra-dotted-addition-ignored",
    "ENTRA-3.2-12",
    without_path("add", lambda value: any("." in key and ":" not in key for key in value)),
    "A path-less add with dotted keys succeeds and does nothing.",
)
refusing(
    "entra-empty-string-refused",
    "ENTRA-3.2-55",
    lambda item: item.get("op") == "replace" and item.get("value") == "" and plain(str(item.get("path"))),
    "replace of a text with the empty string is refused.",
)
refusing(
    "entra-null-refused",
    "ENTRA-3.2-56",
    lambda item: item.get("op") == "replace" and "path" in item and "value" in item and item["value"] is None,
    "replace with null is refused.",
)
ignoring(
    "entra-path-less-nulls-ignored",
    "ENTRA-3.2-57",
    without_path("replace", lambda value: None in value.values()),
    "A path-less replace with nulls succeeds and does nothing.",
)
ignoring(
    "entra-user-name-never-changes",
    "ENTRA-3.2-58",
    with_path("Replace", matching=lambda path: path == "userName", value=str),
    "Replace of userName succeeds and does nothing.",
)
ignoring(
    "entra-external-id-never-changes",
    "ENTRA-3.2-60",
    with_path("Replace", matching=lambda path: path == "externalId", value=str),
    "Replace of a user's externalId succeeds and does nothing.",
)
refusing(
    "entra-wrapped-value-refused",
    "ENTRA-3.6-01",
    with_path("Replace", matching=plain, value=list),
    "A text in an array of one object is refused.",
)
ignoring(
    "entra-enterprise-addition-ignored",
    "ENTRA-3.2-27",
    with_path("Add", matching=lambda path: path.startswith(f"{urns.ENTERPRISE_USER}:") and path != MANAGER),
    "Add of an enterprise attribute succeeds and does nothing.",
)
ignoring(
    "entra-enterprise-addition-with-flag-ignored",
    "ENTRA-3.2-28",
    with_path("add", matching=lambda path: path.startswith(f"{urns.ENTERPRISE_USER}:") and path != MANAGER),
    "add of an enterprise attribute succeeds and does nothing.",
    "RFC7644-3.5.2-15",
    "RFC7644-3.5.2-16",
    "RFC7644-3.5.2-17",
)
ignoring(
    "entra-urn-keys-ignored",
    "ENTRA-3.3-03",
    without_path("replace", lambda value: any(key.startswith(f"{urns.ENTERPRISE_USER}:") for key in value)),
    "A path-less replace with keys of URN and attribute succeeds and does nothing.",
)


@deviation(
    "entra-addition-keeps-value", breaks=["ENTRA-3.2-13"], text="Add of a text that has a value changes nothing."
)
def entra_addition_keeps_value(provider: Provider) -> None:
    form = with_path("Add", matching=plain, value=str)

    def keep(ctx: Context, listed: list[Any]) -> list[Any]:
        record = ctx.store.get("User", ctx.target or "")
        held = record.attributes() if record is not None else {}
        return [item for item in listed if not (form(item) and item["path"] in held)]

    rewrite(provider, keep, _USERS)


@deviation("entra-old-name-still-found", breaks=["ENTRA-3.2-59"], text="A user is found by its former userName.")
def entra_old_name_still_found(provider: Provider) -> None:
    former: dict[str, str] = {}

    def note(ctx: Context, listed: list[Any]) -> list[Any]:
        record = ctx.store.get("User", ctx.target or "")
        if record is not None and any(item.get("path") == "userName" for item in listed):
            former[str(record.attributes()["userName"])] = record.id
        return listed

    def find(original: Any, ctx: Context, condition: Any, resource: JSONObject, model: Any) -> Any:
        value = getattr(condition, "value", None)
        return original(ctx, condition, resource, model) or former.get(str(value)) == resource.get("id")

    rewrite(provider, note, _USERS)
    wrap(provider, "matches", find)
    wrap(provider, "list_candidates", lambda original, ctx, shape, condition: original(ctx, shape, None))


# --- several at once -------------------------------------------------------------------------------------------------


@deviation(
    "entra-first-operation-only", breaks=["ENTRA-3.2-16"], text="Of several Replace operations the first counts."
)
def entra_first_operation_only(provider: Provider) -> None:
    def first(ctx: Context, listed: list[Any]) -> list[Any]:
        paths = {str(item.get("path")) for item in listed}
        simple = all(item.get("op") == "Replace" and (plain(p) or p.startswith("name.")) for item, p in _paths(listed))
        return listed[:1] if simple and len(paths) == len(listed) else listed

    rewrite(provider, first, _USERS)


def _paths(listed: list[Any]) -> list[tuple[JSONObject, str]]:
    return [(item, str(item.get("path"))) for item in listed]


@deviation("entra-first-key-only", breaks=["ENTRA-3.3-01"], text="Of a path-less replace the first attribute counts.")
def entra_first_key_only(provider: Provider) -> None:
    form = without_path("replace", lambda value: len(value) > 1 and all(plain(key) for key in value))
    replaced(provider, form, lambda item: {**item, "value": dict([next(iter(item["value"].items()))])}, _USERS)


@deviation("entra-dotted-key-empties-name", breaks=["ENTRA-3.3-02"], text="A dotted key clears the rest of name.")
def entra_dotted_key_empties_name(provider: Provider) -> None:
    def nested(item: JSONObject) -> JSONObject:
        parts = {key.partition(".")[2]: value for key, value in item["value"].items()}
        return {"op": "replace", "path": "name", "value": {**dict.fromkeys(("familyName", "formatted")), **parts}}

    form = without_path("replace", lambda value: None not in value.values() and all("name." in key for key in value))
    replaced(provider, form, nested, _USERS)


@deviation(
    "entra-path-less-dropped", breaks=["ENTRA-3.3-04"], text="Beside a filtered path the path-less part is lost."
)
def entra_path_less_dropped(provider: Provider) -> None:
    def drop(ctx: Context, listed: list[Any]) -> list[Any]:
        beside = any("[" in str(item.get("path")) for item in listed)
        return [item for item in listed if item.get("path") is not None] if beside else listed

    rewrite(provider, drop, _USERS)


@deviation(
    "entra-operations-reversed",
    breaks=["ENTRA-2.2-18"],
    also=["RFC7644-3.5.2-18", "RFC7644-3.5.2-19"],
    text="The operations of a PATCH are carried out from the last to the first.",
)
def entra_operations_reversed(provider: Provider) -> None:
    rewrite(provider, lambda ctx, listed: listed[::-1], _USERS)


@deviation("entra-ten-operations-at-most", breaks=["ENTRA-2.3-03"], text="More than ten operations are refused.")
def entra_ten_operations_at_most(provider: Provider) -> None:
    def count(ctx: Context, listed: list[Any]) -> list[Any]:
        if len(listed) > 10:
            raise ScimError("more than ten operations", status=413)
        return listed

    rewrite(provider, count, _USERS)


@deviation(
    "entra-no-operations-crash",
    breaks=["ENTRA-3.6-04"],
    also=["RFC7644-3.12-15", "RFC7644-3.5.2-03"],
    text="An empty array of operations is answered with 500.",
)
def entra_no_operations_crash(provider: Provider) -> None:
    def crash(ctx: Context, listed: list[Any]) -> list[Any]:
        if not listed:
            raise ScimError("list index out of range", status=500)
        return listed

    rewrite(provider, crash)


@deviation(
    "entra-user-name-demanded",
    breaks=["ENTRA-3.6-07"],
    also=["RFC7644-3.5.2-06", "ENTRA-3.2-15", "RFC7644-3.5.2-18", "RFC7644-3.5.2.3-01"],
    text="A path-less replace has to hold userName.",
)
def entra_user_name_demanded(provider: Provider) -> None:
    def complete(ctx: Context, listed: list[Any]) -> list[Any]:
        for item in listed:
            value = item.get("value")
            if (
                item.get("op") == "replace"
                and "path" not in item
                and isinstance(value, dict)
                and "userName" not in value
            ):
                raise InvalidValue("userName is required")
        return listed

    rewrite(provider, complete, _USERS)


@deviation(
    "entra-long-texts-cut", breaks=["ENTRA-2.2-08"], text="PATCH cuts texts after 255 characters without a word."
)
def entra_long_texts_cut(provider: Provider) -> None:
    form = with_path("replace", matching=plain, value=str)
    replaced(provider, form, lambda item: {**item, "value": item["value"][:255]}, _USERS)


@deviation(
    "entra-user-patch-answers-202",
    breaks=["ENTRA-2.1-04"],
    also=["ENTRA-2.2-02", "RFC7644-3.5.2-22", "RFC7644-3.5.2-23"],
    text="PATCH of a user is answered with 202.",
)
def entra_user_patch_answers_202(provider: Provider) -> None:
    on_response(
        provider,
        lambda request, reply: setattr(reply, "status", 202),
        method="PATCH",
        endpoint=_USERS,
        status=(200, 204),
    )


deviation(
    "entra-capitals-refused",
    breaks=["ENTRA-2.2-07"],
    text="Add, Replace and Remove are no operations.",
    settings={"capital_operations": False},
)(lambda provider: None)
deviation(
    "entra-patch-unsupported",
    breaks=["ENTRA-2.1-04", "ENTRA-2.1-06"],
    also=["RFC7644-3.5-02"],
    text="PATCH is answered with 501, which the standard allows and Entra cannot do without.",
    settings={"patch_supported": False},
)(lambda provider: None)


# --- the flag in the URL ---------------------------------------------------------------------------------------------


def _flag_refused(name: str, requirement: str, method: str) -> None:
    """Register the deviation that requests with that method are refused when they carry the flag."""

    def apply(provider: Provider) -> None:
        def authorize(original: Any, ctx: Context) -> None:
            original(ctx)
            if (ctx.method, ctx.endpoint) == (method, _USERS) and FLAG in ctx.request.query:
                raise ScimError("unknown query parameter")

        wrap(provider, "authorize", authorize)

    deviation(name, breaks=[requirement], text=f"{method} with {FLAG} in its query is refused.")(apply)


_flag_refused("entra-flag-in-search-refused", "ENTRA-3.1-01", "GET")
_flag_refused("entra-flag-in-creation-refused", "ENTRA-3.1-02", "POST")
_flag_refused("entra-flag-in-deletion-refused", "ENTRA-3.1-04", "DELETE")


def _flagged(ctx: Context, listed: list[Any], old: bool) -> list[Any]:
    legacy = any(str(item.get("op"))[:1].isupper() for item in listed)
    if FLAG in ctx.request.query and legacy == old and ctx.endpoint == _USERS:
        raise InvalidValue("this form does not go with the flag")
    return listed


@deviation("entra-flag-in-change-refused", breaks=["ENTRA-3.1-03"], text="A change with the flag is refused.")
def entra_flag_in_change_refused(provider: Provider) -> None:
    rewrite(provider, lambda ctx, listed: _flagged(ctx, listed, False))


@deviation("entra-flag-forbids-legacy", breaks=["ENTRA-3.1-05"], text="With the flag capital operations are refused.")
def entra_flag_forbids_legacy(provider: Provider) -> None:
    rewrite(provider, lambda ctx, listed: _flagged(ctx, listed, True))
